/*
 * plan/plan.h — desired minus live = ordered steps. Pure.
 *
 * The plan (zagent.plan/1) is canonical JSON, addressed by its digest, readable without network, token or templates:
 *   schema, playbooks[], org{name,zgid,edition,time_zone,credits_per_day}, names{address: api_name} as they were used,
 *   inputs{digests of context, templates, and of the live properties the steps stand on}
 *   steps[]   in the order they run, each
 *     id, address, kind, title, playbook, because[{id,text,where}], file
 *     also[]    further playbooks that share it, absent when none do
 *     action    create | update | none | delete (only with tombstone{why, where | by}; apply asks for --allow-delete)
 *     channel   api | hand | attest
 *     state     ready | wait (waits_for[]: steps by hand, or waiting themselves, that come first) | blocked{why,fix}
 *     capability "unknown" where it is planned by API without knowing whether this org allows it
 *     needs[]   addresses of steps of this plan that must be done first; what is done already is not among them
 *     changes[] {path, from, to}   from absent on create; records: {path, to, records, text}
 *     before    digest of `was`, "" when absent; was = the normalised live properties that the step reads or writes
 *     reads[]   snapshot resources that show the step's own object; resolves[] those its references are looked up in
 *     named     {address: api_name} the planned names that `want` was written with
 *     want      the normalised desired tree: what the read-back must equal
 *     declared  the playbook's body: api_names and names, no references; an action that only a person can associate has
 *               "by_hand": true; a records step has rows[] (ids), with many rows the digest of their lines, with a
 *               table (records_table.h) rows[] (keys) and records[] of just these. What people read, and what plan_step_resource gives back
 *     body      Zoho's shape with {"@ref","get"} for every id (shapes: zoho/crm); absent when the action is none
 *     live_id   id of the object to update, or absent
 *     access[]  {profile, permission}  who will see and edit (fields)
 *     credits, minutes, check (text of the artifact check), hand{…, associate_in[addresses] for a function wrapper},
 *     artifact{path,sha256,source}, notes[]
 *   summary   {api, hand{ready by channel: "hand", "attest"}, wait, blocked, unchanged, delete, credits, minutes, records, mails,
 *             credits_per_day}   api and hand count ready steps; credits and minutes everything not blocked
 *   problems[]  {level, address, text, file}   errors block the step they name
 *   proposals[] {address, api_name, label, line}   what the org may have already under another name; `line` is for
 *             context/org-map.csv once a person agrees
 * A Blueprint that goes by API brings a derived step blueprint_publish/Module.Name by hand.
 * Pick lists: while an active Blueprint runs on a field, Zoho lets nobody change that field's values. Such a change is planned by
 * hand, with hand.unlock[{name}]: switch off, change, publish again. Source: zoho-people-and-tools 3.1.
 * Further keys at the top are tolerated: agent adds what it renders.
 * Not in the digest: nothing; there is no time in a plan.
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H
#include "plan/kind.h"

struct plan_input {
    const struct desired *desired;
    const struct snapshot *snapshot;
    const json_t *names;        /* address → api_name, confirmed (org-map) or chosen by Zoho (earlier outcomes) */
    const json_t *capabilities; /* kind → {"answer":"yes"|"no"|"unknown","why"} */
    const json_t *attested;     /* address → {"by","at","want": digest} */
    const json_t *checks;       /* address → {"text","blocked"?}: artifact_check results */
    const json_t *org;          /* {"name","zgid","edition","time_zone","credits_per_day"} */
    const json_t *inputs;       /* {"context": sha256, "templates": sha256} */
    const json_t *standards;    /* naming rules from context/zoho-standards.md: [{"kind","pattern","text","where"}] */
    const struct strset *target,
        *exclude;   /* addresses, globs or kinds; NULL = all. Dependencies of targets come along. */
    bool backwards; /* a rollback: effects first, what they stand on last */
};
/* Snapshot resources needed to plan these resources: read once each, whatever the number of resources. */
void plan_reads(const struct desired *d, const json_t *names, struct strset *out);
/* Snapshot name "records/NAME" → COQL text for the rows of each records resource whose module exists; the fields to set
 * are selected as far as the snapshot shows them, so read modules and fields first. No limit clause: the reader pages
 * by id. */
json_t *plan_queries(const struct desired *d, const json_t *names, const struct snapshot *s);
/* What their reader keeps of the rows: of a table table_spec, else snapshot name → {"set": {field: wanted value}, "rows"}. rows is absent while planning: rows
 * whose two lines are equal are right already and take no part. Of a saved step it is {id: true}, or the digest of the lines
 * of the rows planned: others have appeared since and are no business of it. "restore" (a rollback) is the digest of the list of
 * lines that the rows are to have again: only rows on it count, and each gets its own as "@want". */
json_t *plan_rows(const struct desired *d, const json_t *names, const struct snapshot *s);
json_t *plan_saved_rows(const json_t *plan, const json_t *names, const struct snapshot *s);
/* "ID\t{field: value}\n" in canonical JSON: a row as it is, or as it is wanted. Caller frees. */
char *plan_row_line(const json_t *set, const json_t *row, bool wanted);
/* {id, field: value} to send for a row that gets back what its line held; types: field → Zoho's data_type. New reference. */
json_t *plan_row_restore(const char *id, const json_t *values, const json_t *types);
/* The same for the records steps of a saved plan. Ask again once a step has made the field to set: only then it is selected. */
json_t *plan_saved_queries(const json_t *plan, const json_t *names, const struct snapshot *s);
/* ERR_CONFIG with the path "a → b → a" on a dependency cycle, or when a need names nothing known. */
int plan_build(const struct plan_input *in, json_t **plan, struct err *e);
int plan_digest(const json_t *plan, char hex[65], struct err *e);
/* Validates schema and shape of a plan read from disk; newer schemas are refused by name. */
int plan_check(const json_t *plan, struct err *e);
const json_t *plan_step(const json_t *plan, const char *address_or_id);

/* Is the step this playbook's, alone or with others? */
bool plan_step_of(const json_t *step, const char *playbook);

/* Is the org, as read now, still what the step was planned against? ERR_STALE names the property that moved with both
 * values. Steps by hand and by attestation are never stale. */
int plan_step_fresh(const struct kind_view *v, const json_t *step, struct err *e);
/* The digest of what the step's kind reads and writes of the object as it is now, as `before` in a step holds it; "" when there is
 * none. */
int plan_step_digest(const struct kind_view *v, const json_t *step, char hex[65], struct err *e);
/* Is what the step wants true now? Pushes {path, want, have} for each difference to diffs; 0 differences = verified.
 * A step by attestation always has one: there is nothing to read. */
int plan_step_verify(const struct kind_view *v, const json_t *step, json_t *diffs, struct err *e);
/* A resource view of a step, so that kinds can be asked about a plan read from disk. Release with resource_release. */
int plan_step_resource(const json_t *step, struct resource *r, struct err *e);
/* One naming rule (plan_input.standards) against one resource: *broken is the text that does not follow it, NULL when it does or
 * the rule is about another kind. -1 when its pattern is no regular expression. */
int plan_standard(const struct resource *r, const json_t *rule, const char **broken);
/* Structural difference of two normalised trees as {path, from, to} pushed to `changes`. */
void plan_diff(const json_t *from, const json_t *to, const char *path, json_t *changes);
#endif
