/*
 * agent/playbook_keys.h — which keys a playbook.yaml may have: one table for the parser's check and for the editors' schema.
 *
 * Shape       a row is one key of a mapping; `inside` is the table of a mapping below it, of each item of a list, or of each value
 *             of a map with free names. A table ends with a zeroed row. Bodies of resources are Zoho's own and belong to their
 *             kind (plan/spec.h): the schema lists their properties, the check leaves them to the kind.
 * To add one  a row in agent/playbook_keys.c; docs/PLAYBOOKS.md; whoever reads it.
 * Findings    {level, file, line, col, text, fix}, as everywhere in `playbook check`.
 */
#ifndef AGENT_PLAYBOOK_KEYS_H
#define AGENT_PLAYBOOK_KEYS_H
#include "base/yaml.h"

enum key_type {
    KEY_TEXT,
    KEY_SCALAR, /* text, a number, true or false */
    KEY_NUMBER, /* a decimal number, or a text with a tag that becomes one */
    KEY_INTEGER,
    KEY_BOOLEAN,
    KEY_TEXTS,  /* a list of text */
    KEY_OBJECT, /* a mapping: `inside`, or anything without one */
    KEY_LIST,   /* a list of mappings: `inside` */
    KEY_MAP,    /* free names, each a mapping: `inside`, or a list of numbers or text without one */
    KEY_ANY
};
struct playbook_key {
    const char *name;
    enum key_type type;
    bool required;
    const char *help;         /* what editors show */
    const char *const *words; /* the only values, NULL-terminated; or NULL */
    const char *pattern;      /* of a text, anchored; or NULL */
    const struct playbook_key *inside;
};
extern const struct playbook_key playbook_keys[];
extern const struct playbook_key *const playbook_each_keys; /* of {$each, $where, $item} among the resources */

/* Every key that is unknown, missing or of another type, as findings of level error. */
void playbook_keys_check(const struct yaml *y, json_t *findings);
/* Adds one finding at a JSON pointer of the file. */
void playbook_finding(json_t *findings, const struct yaml *y, const char *pointer, const char *level, const char *fix,
                      const char *text, ...) __attribute__((format(printf, 6, 7)));
/* The same from an error whose place is file:line:col. */
void playbook_finding_err(json_t *findings, const struct err *e);
/* JSON Schema 2020-12 of playbook.yaml, the kinds' properties included. New reference. */
json_t *playbook_schema(void);
#endif
