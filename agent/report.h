/*
 * agent/report.h — one run, told to whoever paid for it: what is different and why, who agreed, what is open and with whom, how
 * to undo it, what was measured. One self-contained page that prints well; its wording is templates/_guide/en/report.html.mustache.
 *
 * Source      the run's plan, the journal (runs, events, states of steps), readings of measures. Nothing is asked of an org.
 * Names       agreed = who started a run that changed something, and who attested a step; they are in the journal under those names.
 * Data        org{name,zgid,edition,zone}; run{name,command,opened,closed|null,actor,plan}; playbooks[{title,summary,name,why[{id,
 *             text,where}],measures[measure_rows with shown texts]}]; groups[{kind_title,count,items[{title,module,create,by,at,
 *             changes[{path,from,to}],why}]}]; open[{title,kind_title,owner,minutes,state}]; agreed[{who,what,at}]; undo[{title,how,
 *             owner}]; has_*; words.
 */
#ifndef AGENT_REPORT_H
#define AGENT_REPORT_H
#include "agent/session.h"

/* run: "R3" or "3". *file: the page's path below the output folder; caller frees. */
int report_write(struct session *s, const char *run, char **file, struct err *e);
#endif
