/*
 * agent/audit/readings.h — what the records and the rules of an org did: which fields are filled, which values occur, what ran.
 *
 * How        COQL, a page of the newest 2,000 records a module and 49 fields; a field that is empty in all of them is asked for once
 *            more over the whole module. Nothing of a record is kept but counts: of the values of picklists, and of nothing else.
 * Shape      {"schema":"zagent.audit-readings/1","at","runs_days","runs":{rule id: n},"modules":{M: {"rows","all": bool,"filled":{F: n},
 *            "anywhere":{F: bool},"values":{F: {value: n}}}}}; kept in .zagent/audit/ORG.readings.json for reports without network.
 * Silence    a module whose records the user may not read has no reading.
 */
#ifndef AGENT_AUDIT_READINGS_H
#define AGENT_AUDIT_READINGS_H
#include "agent/rails.h"
#include "plan/snapshot.h"

/* Queries that readings_take will send at least. */
size_t readings_queries(const struct snapshot *s);
int readings_take(struct app *a, struct org *org, const struct snapshot *s, json_t **out, struct err *e);
/* The last ones taken; NULL when there are none. New reference. */
json_t *readings_kept(const struct app *a, const char *org);

/* The counting alone: rows of one query into the module's reading. fields: their objects, as the snapshot has them. Pure. */
void readings_count(json_t *module, const json_t *fields, const json_t *rows);
#endif
