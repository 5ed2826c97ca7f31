/*
 * agent/audit/rules.h — what is worth knowing about an org that has grown: one row a rule, one file a family, pure over a snapshot.
 *
 * Rule       id (stable: AU101), severity, title, why it matters, what to do, and a function: over each thing of a kind, or over the whole.
 * Finding    {"rule","severity","address","title","evidence","more":[lines]}; one a rule and address: what is found again joins `more`.
 * Silence    what the snapshot did not read, or the org refused, is never a finding; nor is what no reading was taken of.
 * Readings   of records and runs (agent/audit/readings.h), NULL when none were taken: the rules that need them stay silent.
 * To add     a row in the family's table and its function; a planted problem and a look-alike in tests/agent/findings/.
 * Sources    facts of Zoho's behind a rule are cited beside its code.
 */
#ifndef AGENT_AUDIT_RULES_H
#define AGENT_AUDIT_RULES_H
#include "agent/audit/things.h"
#include "agent/audit/uses.h"

enum audit_severity { AUDIT_NOTE, AUDIT_WARNING, AUDIT_ERROR };

struct audit {
    struct snapshot *s;
    const json_t *readings; /* or NULL */
    const json_t *compared; /* differences from another org (agent/audit/difference.h), or NULL */
    struct uses uses;
    json_t *scripts;  /* function → {sound, findings[{rule,level,line,message}], shape} */
    json_t *findings; /* the result: array */
    const struct audit_rule *rule;
};

struct audit_rule {
    const char *id;
    enum audit_severity severity;
    const char *title, *why, *fix;
    const char *kind; /* of the things that `look` is asked about; NULL: `whole` */
    void (*look)(struct audit *a, const struct thing *t);
    void (*whole)(struct audit *a);
    bool wants_readings;
};
struct audit_family {
    const char *name; /* "Fields" */
    const struct audit_rule *rule;
    size_t n;
};
size_t audit_families_n(void);
const struct audit_family *audit_family_at(size_t i);
const struct audit_rule *audit_rule_find(const char *id);
const char *audit_severity_name(enum audit_severity s); /* "error", "warning", "note" */

/* Fills uses, scripts and findings (new references; audit_release). */
void audit_run(struct audit *a);
void audit_release(struct audit *a);

/* For the families: a finding of the rule that runs. */
void audit_add(struct audit *a, const char *address, const char *evidence, ...) __attribute__((format(printf, 3, 4)));
/* A finding for each use of a field that its module, read whole, does not have: by whom stands in `users` (beginnings of addresses, NULL
 * ends them) when `only`, else by whom does not. */
void audit_missing_fields(struct audit *a, const char *const *users, bool only);
/* A user who works here; true as well when users were not read. */
bool audit_active_user(const struct audit *a, const char *id);
/* Fields that exist though the list of fields does not say so. */
bool audit_system_field(const char *name);
bool audit_rule_active(const json_t *workflow_rule);

extern const struct audit_family audit_fields, audit_picklists, audit_automation, audit_functions, audit_outbound,
    audit_blueprints, audit_access, audit_limits, audit_compared;
#endif
