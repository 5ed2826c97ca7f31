/*
 * agent/rails.h — what holds a change back, whoever asks for it: HALT, protected addresses, limits, the purse of API credits, production.
 *
 * Plan      rails_find says which rails a plan runs into and what would let it pass; 'plan' shows that, 'apply' refuses by it.
 * Write     rails_send is the one way out to an org for everything that changes it: before each single request it looks for HALT and
 *           asks whether the purse still holds more than is left to others.
 * HALT      the file .zagent/HALT ('zagent halt'), or HALT beside zagent.yaml put there by hand; its first line says who and why.
 * Limits    zagent.yaml limits: {changes, records, deletes, credits, reserve, kinds: {KIND: N}}; --limit NAME=N raises one for one run.
 *           reserve is the part of the day's credits, in per cent, that is left to other programs.
 * Protected {pattern: {by, at, note}} in the state: an address or a glob over addresses. Taking text out of a playbook cannot
 *           unprotect anything. A field's protection covers its values, a Blueprint's its publishing, a layout's its sections.
 * Exempt    a rehearsal's throw-away org.
 */
#ifndef AGENT_RAILS_H
#define AGENT_RAILS_H
#include "agent/org.h"

enum { RAILS_RESERVE = 10 }; /* per cent, when zagent.yaml does not say */

/* ERR_REFUSED with code HALT when somebody stopped everything. */
int rails_halted(const struct project *p, struct err *e);
/* {name: number}: the built-in limits, zagent.yaml's over them, `raised` (["changes=300"], may be NULL) over those; kinds stand beside
 * the others under their own names. New reference; NULL with ERR_USAGE or ERR_CONFIG. */
json_t *rails_limits(const json_t *conf, const json_t *raised, struct err *e);
/* [{rail, level "error"|"warning", text, fix, address?}] of what a saved plan runs into; a warning is a run that will stop in between.
 * `protections`: rails_protections. Pure. New reference. */
json_t *rails_find(const json_t *plan, const json_t *limits, const json_t *protections);
/* The first error among them as ERR_REFUSED; 0 when there is none. */
int rails_refuse(const json_t *findings, struct err *e);

json_t *rails_protections(struct state *st, struct err *e);
/* The protection an address falls under: its row, and its pattern in *pattern (borrowed); NULL when none. Pure. */
const json_t *rails_protected(const json_t *protections, const char *address, const char **pattern);

/* A production org (zagent.yaml: production: true) needs its name: --production NAME, or typed on a terminal after `question`. The
 * command declares the option "production". */
int rails_production(struct app *a, const struct org *o, const char *question, struct err *e);
/* May `credits` more be spent? ERR_RATE with code RESERVE or BUDGET when not. limits as rails_limits gives them. */
int rails_purse(const struct org *o, const json_t *limits, int64_t credits, struct err *e);
/* True for errors of rails_halted and rails_purse: the run stops between two requests and can be resumed. */
bool rails_stopped(const struct err *e);
/* crm_send behind HALT and purse. limits NULL = zagent.yaml's own. */
int rails_send(struct app *a, struct org *o, const json_t *limits, const json_t *request, json_t **answer,
               struct err *e);
#endif
