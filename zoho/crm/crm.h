/*
 * zoho/crm/crm.h — Zoho CRM v8: snapshot resources in, changes out.
 *
 * Reading     crm_read fills a snapshot with the named resources (names: plan/snapshot.h), in parallel, paging, element by
 *             element; one GET a resource and page. A refusal is noted in the snapshot, not an error. 204 is an empty list.
 * Writing     each kind is a pure request builder (one file): a resolved body and the live object → requests. So dry-run shows
 *             exactly what apply sends. crm_write sends them in order and gives id and api_name of the result.
 *             attempt 1 is asked for when the read-back of attempt 0 showed no change (picklists: the merged list with ids).
 * Credits     per request, counted by zoho_counts; prices are zoho-api.md 4.1.
 */
#ifndef ZOHO_CRM_CRM_H
#define ZOHO_CRM_CRM_H
#include "base/strset.h"
#include "plan/plan.h"
#include "zoho/zoho.h"

/* queries: snapshot name "records/NAME" → COQL text; NULL when none of the names is a query. */
int crm_read(struct zoho *z, const struct strset *names, const json_t *queries, struct snapshot *s, struct err *e);
/* The same, but a query's rows are given away one by one, in the order of their ids, and never gathered: memory does not grow with
 * them. Whoever takes them puts what is left into the snapshot; a refusal is noted there as always. */
struct crm_rows {
    int (*row)(void *ctx, const char *name, const json_t *row, struct err *e);
    void *ctx;
};
int crm_read_rows(struct zoho *z, const struct strset *names, const json_t *queries, const struct crm_rows *rows,
                  struct snapshot *s, struct err *e);
/* {"zgid","name","edition","time_zone","currency","country","trial","credits_per_day"} from GET /org. */
int crm_org(struct zoho *z, json_t **org, struct err *e);
/* kind → {"answer","why","path"} from __apis, __features and the edition; what they do not say is "unknown". */
int crm_capabilities(struct zoho *z, json_t **caps, struct err *e);

/* How often the rule ran between two times, from GET …/workflow_rules/{id}/actions/usage; -1 when the org does not say (e filled when
 * it refused). */
int64_t crm_rule_usage(struct zoho *z, const char *rule_id, int64_t from_s, int64_t till_s, struct err *e);

struct crm_change {
    const char *kind, *action; /* "create" | "update" | "delete" (needs tombstone and live) */
    const char *module, *name; /* in this org's names; module may be NULL */
    const json_t *body;        /* resolved: no @ref left (dry-run may leave text like "(id of field/Quotes.X)") */
    const json_t *live;        /* NULL on create */
    const char *source;        /* function source */
    const char *tombstone;     /* why it is deleted; NULL for everything else */
    int attempt;
};
/* Pushes {method,path,query,body|parts,retry,key,scope,credits} objects (zoho/crm/kinds.h says all of them). An empty array = the kind
 * has nothing to send on this attempt. Paths with "{id}" take the id of the request before. */
int crm_requests(const struct crm_change *c, json_t *requests, struct err *e);
/* Sends one request object of crm_requests; its member "id", when set, stands for "{id}". outcome: {id, api_name?, code, message,
 * results[]}, also set (and to be released) when elements failed: then -1 with the first one's reason, ERR_PARTIAL when others went. */
int crm_send(struct zoho *z, const json_t *request, json_t **outcome, struct err *e);
#endif
