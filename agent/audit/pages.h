/*
 * agent/audit/pages.h — an audit's findings as Markdown and as one self-contained page; wording: templates/_guide/en/audit.*.mustache.
 *
 * Data       org{name,zgid,edition,modules}; errors, warnings, notes, accepted (counts); has_news; readings ("2026-11-21 10:00" or null);
 *            compared (folder or null); parts[{title,rules[{id,title,family,why,fix,count,items[{shown,evidence,more[],has_more}],
 *            left}]}]; accepted_rows[{rule,shown,reason}]; stale[{rule,shown,line}]; access{profiles[],rows[{module,cells[]}],has};
 *            refused[{list,code}]; css (HTML).
 * Length     ITEMS_SHOWN findings a rule; the rest is counted, --json has all.
 */
#ifndef AGENT_AUDIT_PAGES_H
#define AGENT_AUDIT_PAGES_H
#include "agent/audit/rules.h"
#include "agent/command.h"

struct pages_input {
    const struct audit *audit;
    const json_t *manifest; /* JSON null without one */
    const json_t *accepted; /* rows of agent/audit/accepted.h */
    const char *compared, *zone;
};
/* New reference. */
json_t *pages_data(const struct pages_input *in);
/* Writes audit/ORG.md and audit/ORG.html below the output root. */
int pages_write(struct app *a, const char *org, json_t *data, struct err *e);
#endif
