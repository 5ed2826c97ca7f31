/* sandbox/record_list.h — reading records: handlers of GET /{Module}…, and the module of a record path. */
#ifndef SANDBOX_RECORD_LIST_H
#define SANDBOX_RECORD_LIST_H
#include "sandbox/record.h"

/* The path's module; false = answered (INVALID_MODULE, counted as unknown). */
bool record_call_module(struct call *c, struct record_module *m);
void record_list(struct call *c);
void record_one(struct call *c);
void record_search(struct call *c);
void record_deleted(struct call *c);
void record_count(struct call *c);
/* Writes of record_route.c, for paths that mean another module's records (related.c). */
void record_insert(struct call *c);
void record_update(struct call *c);
void record_remove(struct call *c);
/* The trigger sent: omitted = all run, [] = none. -1 = answered. */
int record_triggers(struct call *c, const json_t **out);
#endif
