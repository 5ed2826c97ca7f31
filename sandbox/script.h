/*
 * sandbox/script.h — the records of this org as a running Deluge script sees them; run_function.c answers its tasks with these.
 *
 * Files       script_value.c values between JSON and the interpreter; script_read.c; script_write.c. What reads and writes do
 *             stands in run_function.h.
 * Ownership   a struct dv lives in the arena that is handed in. No function fails: what cannot be is null, an empty list, or the
 *             error element a task of Zoho's answers.
 */
#ifndef SANDBOX_SCRIPT_H
#define SANDBOX_SCRIPT_H
#include "deluge/host_select.h"
#include "deluge/run.h"
#include "sandbox/call.h"

/* NULL becomes null. */
struct dv script_dv(struct dg_arena *a, const json_t *j);
/* New reference. */
json_t *script_json(struct dv v);
/* A copy with texts of its own: dv_copy shares them. */
struct dv script_moved(struct dg_arena *to, struct dv v);
/* A result element of the REST API as a task answers it: the details on success, else the element. Takes the reference. */
struct dv script_answer(struct dg_arena *a, json_t *stolen);

/* The record q->id of q->module, the fields q->options asks for; null when there is none. */
struct dv script_get(struct call *c, struct dg_arena *a, const struct dg_request *q);
/* Records of a module in order of id, those q->criteria fits, q's page of them; `field`: the lookup that must point to q->id. */
struct dv script_select(struct call *c, struct dg_arena *a, const struct dg_request *q, const char *module,
                        const char *field);
/* Creates, updates or upserts q->values in q->module: the answer of one map, or a list of them for a list (at most 100). */
struct dv script_write(struct call *c, struct dg_arena *a, const struct dg_request *q);
#endif
