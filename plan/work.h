/*
 * plan/work.h — what plan_build holds while it works: one item a resource, the passes over them in call order.
 *
 * Call order  work_expand (channels, derived steps) → work_compare (live, wanted, changes) → work_unlock → work_connect (dependencies,
 *             what is missing) → work_select (target, exclude) → work_judge (limits, near names, fixed properties, checks)
 *             → order_sort → item_settle and step_make in that order → summary_make.
 * Ownership   work_release frees everything; items point into `all`.
 */
#ifndef PLAN_WORK_H
#define PLAN_WORK_H
#include "plan/plan.h"
#include "plan/spec.h"

enum channel { CHANNEL_API, CHANNEL_HAND, CHANNEL_ATTEST };
enum step_state { STATE_READY, STATE_WAIT, STATE_BLOCKED };

struct item {
    const struct resource *r;
    enum channel channel;
    json_t *live;    /* borrowed from the snapshot */
    json_t *want;    /* normalised */
    json_t *was;     /* normalised live object, NULL when absent */
    json_t *changes; /* array */
    bool none;       /* nothing to do */
    size_t *needs;   /* items that come first */
    size_t needs_n, needs_cap;
    bool selected;
    enum step_state state;
    json_t *blocked;   /* {"why","fix"} or NULL */
    json_t *notes;     /* array of text */
    json_t *waits_for; /* array of addresses */
};

struct work {
    const struct plan_input *in;
    struct desired all;    /* copies of in->desired, adapted to the channels, and derived resources */
    enum channel *channel; /* by position in `all`, until the items are made */
    struct kind_view v;
    struct item *item;
    size_t n;
    json_t *problems, *proposals;
};

int work_expand(struct work *w, struct err *e);
void work_compare(struct work *w);
/* After work_compare: pick lists under an active Blueprint go by hand. */
void work_unlock(struct work *w);
int work_connect(struct work *w, struct err *e);
void work_judge(struct work *w);
/* What of a resource with a tombstone cannot be deleted. */
void judge_tombstone(struct item *it);
int work_select(struct work *w, struct err *e);
void work_release(struct work *w);
/* Snapshot lists in which what an address speaks of is looked up. */
void address_reads(const struct kind_view *v, const char *address, struct strset *out);

/* The first reason stays. `why` and `fix` as printf text. */
void item_block(struct item *it, const char *fix, const char *why, ...) __attribute__((format(printf, 3, 4)));
void item_note(struct item *it, const char *text, ...) __attribute__((format(printf, 2, 3)));
void work_problem(struct work *w, const char *level, const struct resource *r, const char *text, ...)
    __attribute__((format(printf, 4, 5)));
/* Position of an address among the items, SIZE_MAX when it is not there. */
size_t work_index(const struct work *w, const char *address);

/* Why the lists that r is looked up in cannot be seen (Zoho's code, or "not read"); NULL when they can, or when its module
 * does not exist yet. Borrowed. */
const char *item_hidden(const struct work *w, const struct resource *r);
/* Settles state and what is waited for; needs come before `it` in the order. */
void item_settle(struct work *w, struct item *it);
/* New reference. */
json_t *step_make(struct work *w, struct item *it);
json_t *summary_make(const json_t *steps, const struct plan_input *in);
const char *channel_name(enum channel c);
#endif
