/*
 * deluge/rules.h — every rule of the checker: stable id, level, title, reason, advice, where the claim comes from.
 *
 * Levels      error: the live editor refuses it, or it always fails.  warning: usually a bug.  note: worth knowing.
 * Ids         never change their meaning; a gap is a rule that was weighed and left out (docs/DELUGE-RULES.md says why).
 * Suppress    // zagent:ignore DL036 because the account is mandatory
 *             beside the code, or on a line of its own above it. A reason is required. DL000 to DL008 cannot be suppressed.
 */
#ifndef DELUGE_RULES_H
#define DELUGE_RULES_H
#include <stddef.h>

#include "deluge/diag.h"

struct dg_rule {
    const char *id;
    enum dg_level level; /* the usual one; a finding may carry a lower one */
    const char *title;
    const char *reason;
    const char *fix; /* what to do, for explain and for a finding that has no closer advice */
    const char *source;
};
extern const struct dg_rule dg_rules[];
extern const size_t dg_rules_n;

const struct dg_rule *dg_rule_find(const char *id); /* any letter case; NULL when unknown */
#endif
