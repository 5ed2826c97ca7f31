/*
 * sandbox/selection.h — which records of a module a call means: a criteria tree, a word, an e-mail address, a phone number.
 *
 * Criteria    of a search: ((Last_Name:equals:Burns)and(Amount:between:1,5)); every comparison in parentheses of its own, and/or
 *             between them, nested as wanted; \ before ( ) , and \ in a value. Operators equals, not_equal, starts_with, in,
 *             greater_than, greater_equal, less_than, less_equal, between, as far as the field's data type has them.
 * Precedence  of the parameters when several are given: criteria, email, phone, word.
 * Word        is met when a text field holds it, whatever its case; email by equality; phone by its digits. How Zoho's index cuts
 *             words is not published: holding is ours.
 * Source      zoho-api.md 2.1; OAS26a module_search, record_count (codes, details); zoho.com/crm/developer/docs/api/v8/search-records.
 */
#ifndef SANDBOX_SELECTION_H
#define SANDBOX_SELECTION_H
#include "sandbox/automation.h"

struct selection {
    json_t *tree;                     /* owned; NULL = none */
    const char *email, *phone, *word; /* borrowed from the call */
    const struct record_module *m;
    struct record_env env;
    bool any; /* one of them is there */
};
/* From the parameters criteria, email, phone, word. False = answered. */
bool selection_search(struct call *c, const struct record_module *m, struct selection *s);
/* A tree already checked; stolen, NULL selects all. */
void selection_of(struct call *c, const struct record_module *m, struct selection *s, json_t *tree);
bool selection_match(const struct selection *s, const json_t *record);
void selection_release(struct selection *s);

/* The criteria text as a tree; NULL with *why set (an INVALID_QUERY's details, new reference). */
json_t *search_parse(const struct record_module *m, const char *text, json_t **why);
#endif
