/*
 * deluge/flow.h — what is known at one point of a script: the state of the null rules.
 *
 * Shape       facts about expressions ("deal.get("Owner") is not null"), keyed by a hash of the expression's meaning, and a
 *             byte or two for each variable: is it certainly assigned, where does its value come from.
 * Rules       an assignment to v removes every fact that mentions v; where paths meet only what all of them know stays.
 *             Unknown is silence: a finding needs a value that is known to come from get, a search or getSuffix.
 * Files       flow_state.c facts and merging · flow_assume.c what a condition teaches · flow_expr.c what an expression
 *             risks · check_flow.c the statements
 */
#ifndef DELUGE_FLOW_H
#define DELUGE_FLOW_H
#include "deluge/checker.h"

enum flow_fact_kind { FLOW_NOT_NULL, FLOW_NOT_EMPTY, FLOW_NOT_ZERO };
enum flow_source { FLOW_ANY, FLOW_GET, FLOW_AFFIX, FLOW_SEARCH, FLOW_BLANK };

struct flow_fact {
    uint64_t key;
    enum flow_fact_kind kind;
    const struct dg_expr *about;
};
struct flow_state {
    struct flow_fact *fact;
    size_t n, cap;
    unsigned char *assigned; /* by name index */
    unsigned char *source;   /* enum flow_source by name index */
    size_t n_names;
    bool dead; /* the path has left by return, break, continue or throw */
};

struct flow {
    struct dg_checker *c;
    unsigned char *anywhere; /* names assigned somewhere in the current function */
    uint32_t *first;         /* offset of their first assignment */
    unsigned char *told;     /* DL024 was said about this name */
    int in_try;
};

void flow_init(struct flow_state *s, size_t n_names);
void flow_copy(struct flow_state *to, const struct flow_state *from);
void flow_release(struct flow_state *s);
/* `into` keeps what both know; a dead path knows nothing against the other. Releases `other`. */
void flow_meet(struct flow_state *into, struct flow_state *other);
uint64_t flow_key(const struct dg_expr *e);
uint64_t flow_key_get(const struct dg_expr *on, const struct dg_expr *key);
void flow_learn(struct flow_state *s, enum flow_fact_kind kind, const struct dg_expr *e);
bool flow_knows(const struct flow_state *s, enum flow_fact_kind kind, const struct dg_expr *e);
/* The variable has a new value. */
void flow_forget(struct flow_state *s, const struct dg_name *name);

/* Adds what is known when the condition came out as `truth`. */
void flow_assume(struct flow_state *s, const struct dg_expr *e, bool truth);
/* Reports what may fail; learns what did not. True when something was reported. */
bool flow_eval(struct flow *f, struct flow_state *s, struct dg_expr *e);
/* Where a value comes from: FLOW_GET and FLOW_AFFIX may be null, FLOW_SEARCH may be an empty list, FLOW_BLANK an empty
 * text (ifnull(x,"")). */
enum flow_source flow_source_of(const struct flow_state *s, const struct dg_expr *e);
#endif
