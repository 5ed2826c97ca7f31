/*
 * plan/snapshot.h — an org's own GET answers: the one format that plan, Deluge metadata, audit and sandbox load share.
 *
 * Shape       an object: resource name → array of Zoho's objects exactly as answered (api_name, id, …), lists sorted by id, secrets
 *             and volatile facts (modified_time, modified_by, last_executed…) removed. On disk one file a resource:
 *             DIR/fields/Quotes.json; a function's source as DIR/function_code/NAME.dg.
 * Names       org · features · apis · profiles · roles · users · user_groups · modules · fields/M · layouts/M · custom_views/M ·
 *             related_lists/M · global_picklists · variables · variable_groups · record_locking/M · functions ·
 *             function_code/API_NAME · function_wrappers · field_updates · email_notifications · tasks · webhooks · workflow_rules ·
 *             assignment_rules · email_templates · validation_rules/M · blueprints · connections (never readable: absent) ·
 *             records/NAME (rows of a playbook's query)
 * Absent ≠ empty   snapshot_get gives NULL when the resource was not read or the org refuses to say, an array (maybe empty) when
 *             read. A refusal is kept as {"@refused": {"code","http"}} under the name and seen through snapshot_refused.
 * Objects     are not changed in place once put: look-ups are indexed. Put a new array instead.
 */
#ifndef PLAN_SNAPSHOT_H
#define PLAN_SNAPSHOT_H
#include "base/err.h"
#include "base/fs.h"
#include "base/js.h"
#include "base/strset.h"

struct snapshot {
    json_t *res;
    json_t *index;   /* look-up tables by key, made when first asked for */
    json_t *touched; /* who and when, by id; NULL unless asked for */
};
void snapshot_init(struct snapshot *s);
void snapshot_release(struct snapshot *s);
/* From now on who modified an object and when, as answered, is kept beside what is put: never compared, never saved. */
void snapshot_keep_touched(struct snapshot *s);
/* {"by", "at"} of an object that was put, as far as the answer said; a section of a layout has its layout's. Borrowed, NULL when
 * nothing is known. */
const json_t *snapshot_touched(const struct snapshot *s, const json_t *object);
json_t *snapshot_get(const struct snapshot *s, const char *name); /* borrowed array or NULL */
json_t *snapshot_refused(const struct snapshot *s, const char *name);
/* Steals the array; sorts it by id (or api_name) and strips volatile keys. */
void snapshot_put(struct snapshot *s, const char *name, json_t *array);
void snapshot_put_refused(struct snapshot *s, const char *name, const char *code, long http);
/* First object whose string at `key` equals `value`, ignoring ASCII case when nocase. Borrowed. */
json_t *snapshot_find(const struct snapshot *s, const char *name, const char *key, const char *value, bool nocase);
/* What a folder of a snapshot may hold beside it: said by whoever wrote it, never loaded as a resource. */
#define SNAPSHOT_MANIFEST "MANIFEST.json"
/* The resource's file below the folder ("fields/Quotes.json": a name never decides where a file goes) and its whole text. Caller frees
 * both; NULL on error. */
char *snapshot_file(const char *name, const json_t *value, char **text, struct err *e);
/* dir: below the root; NULL is the root itself. */
int snapshot_save(const struct snapshot *s, const struct fs_root *root, const char *dir, struct err *e);
/* ERR_CONFIG for a file that is no array, ERR_NOT_FOUND for no folder. The snapshot may hold other resources already.
 */
int snapshot_load(struct snapshot *s, const char *dir, struct err *e);
#endif
