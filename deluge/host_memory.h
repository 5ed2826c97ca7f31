/*
 * deluge/host_memory.h — deluge's own host: records in memory, no automation, answers by script.
 *
 * Shape       everything is a struct dv in the host's own arena:
 *               records    map MODULE → list of record maps ("id" is a text)
 *               related    map "MODULE.LIST" → {module, field}: where the rows are and which lookup points back
 *               variables  map name → value of zoho.crm.getOrgVariable
 *               faults     list of {task, nth, answer?, seconds?}: the nth call of that task is answered so (the store does not
 *                          change), or takes so long
 *               http       list of {type?, url, nth?, status?, headers?, body?, seconds?}: url may end in *; the first that fits answers
 * Records     a new or changed record holds what was written, and nothing else: no owner, no times, no defaults, no checks.
 * Ids         records made here get ids from 9000000000000000001 on, in order.
 * Unknown     a module without records is empty; a related list that is not declared and a request nobody answers are errors
 *             of the run, because a test that forgot them must not pass.
 */
#ifndef DELUGE_HOST_MEMORY_H
#define DELUGE_HOST_MEMORY_H
#include "deluge/host_select.h"

struct dg_memory {
    struct dg_arena arena;
    struct dv records, related, variables, faults, http;
    struct dv calls; /* map task → how often */
    int64_t next_id;
    char now[40];     /* for Created_Time */
    const char *user; /* for Created_By; the host's */
};

void dg_memory_init(struct dg_memory *m);
void dg_memory_release(struct dg_memory *m);
/* Fills record, http and mail of the host; clock, zone and user stay as they are. */
void dg_memory_attach(struct dg_memory *m, struct deluge_host *h);
/* The record, or null. */
struct dv dg_memory_find(const struct dg_memory *m, const char *module, const char *id);
/* Answers as the task does: a map with id. */
struct dv dg_memory_create(struct dg_memory *m, struct dg_arena *a, const char *module, struct dv values);
/* host_convert.c: zoho.crm.convertLead. */
struct dv dg_memory_convert(struct dg_memory *m, struct dg_arena *a, const struct dg_request *q);
#endif
