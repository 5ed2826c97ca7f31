/*
 * zoho/crm/kinds.h — one row a kind that the API writes: its request builder and where the org says whether it may be written.
 *
 * Request     {method, path, query{}, body | parts[{name,filename,type,text}], retry, key, scope, credits}. A later request of the
 *             same change may hold "{id}" in its path (the id the one before made: crm_send takes it from the member "id") and
 *             `find` {path, query, key, list, into}: crm_send reads that first and gives each object in the body at `into` that has no
 *             id the id of the object of the same name in `list`.
 * Deletion    a DELETE by id, only for a change with a tombstone, which the request carries on; never a "_delete" anywhere in a body
 *             (both checked for every kind in zoho/crm/kinds.c).
 */
#ifndef ZOHO_CRM_KINDS_H
#define ZOHO_CRM_KINDS_H
#include "zoho/crm/crm.h"

/* What a plain kind needs: create = POST path, update = METHOD path/ID, one object in one envelope. */
struct crm_plain {
    const char *path, *key, *update; /* "PUT" or "PATCH" */
    bool module_query;               /* ?module= */
    bool id_in_body;                 /* an update repeats its id */
};
struct crm_kind {
    const char *name;
    int (*build)(const struct crm_kind *k, const struct crm_change *c, json_t *requests, struct err *e);
    const char *ask_path, *ask_method; /* in __apis */
    const char *scope;                 /* of the writes */
    struct crm_plain plain;
};
extern const struct crm_kind crm_kinds[];
extern const size_t crm_kinds_n;
const struct crm_kind *crm_kind_find(const char *name);

int crm_build_plain(const struct crm_kind *k, const struct crm_change *c, json_t *requests, struct err *e);
int crm_build_field(const struct crm_kind *k, const struct crm_change *c, json_t *requests, struct err *e);
int crm_build_picklist(const struct crm_kind *k, const struct crm_change *c, json_t *requests, struct err *e);
int crm_build_global_picklist(const struct crm_kind *k, const struct crm_change *c, json_t *requests, struct err *e);
int crm_build_layout_section(const struct crm_kind *k, const struct crm_change *c, json_t *requests, struct err *e);
int crm_build_function(const struct crm_kind *k, const struct crm_change *c, json_t *requests, struct err *e);
int crm_build_field_update(const struct crm_kind *k, const struct crm_change *c, json_t *requests, struct err *e);
int crm_build_workflow_rule(const struct crm_kind *k, const struct crm_change *c, json_t *requests, struct err *e);
int crm_build_blueprint(const struct crm_kind *k, const struct crm_change *c, json_t *requests, struct err *e);
int crm_build_records(const struct crm_kind *k, const struct crm_change *c, json_t *requests, struct err *e);

/* Pushes a request and returns it, borrowed. path is printf-like text already made; module NULL = no ?module=. */
json_t *crm_push(json_t *requests, const struct crm_kind *k, const char *method, const char *path, const char *module,
                 const char *retry);
/* body = {key: [object]}; object is stolen. */
void crm_envelope(json_t *request, const char *key, json_t *object);
bool crm_is_update(const struct crm_change *c);
/* Percent-encoded id of the live object; ERR_BUG when there is none. Caller frees. */
char *crm_live_id(const struct crm_change *c, struct err *e);
/* The merged list of a picklist, new reference: ERR_REFUSED when a value the org has is not in it (it would be dropped). */
int crm_merged_values(const json_t *merged, const json_t *live_values, const char *what, json_t **out, struct err *e);
#endif
