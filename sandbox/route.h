/*
 * sandbox/route.h — the table of everything this org answers: method, path, scope, price, handler. GET /__apis is made
 * from it, what is not in it is counted as unknown and answers INVALID_URL_PATTERN, as Zoho does.
 *
 * Pattern     segments; "{x}" takes any one. A row with fixed segments stands before one with a wildcard in their
 * place; "{record}" takes digits only. Scope       without its operation, which follows from the method (READ CREATE UPDATE DELETE); ".=" at the end:
 * no operation; "A&B": both. NULL: none needed. "{Module}" stands for the record path's module.
 */
#ifndef SANDBOX_ROUTE_H
#define SANDBOX_ROUTE_H
#include "sandbox/call.h"

struct route {
    const char *method, *pattern, *scope;
    int credits;
    void (*handler)(struct call *c);
    const void *arg; /* the handler's own row, e.g. a struct kind_row */
};

/* One room's rows; route.c joins them in this order. */
struct route_table {
    const struct route *row;
    size_t n;
};
#define ROUTE_TABLE(name, rows) const struct route_table name = {rows, sizeof(rows) / sizeof *(rows)}
extern const struct route_table routes_oauth, routes_consent, routes_org, routes_module, routes_field, routes_picklist,
    routes_layout, routes_action, routes_variable, routes_locking, routes_template, routes_validation, routes_plain,
    routes_people, routes_workflow, routes_function, routes_blueprint, routes_view, routes_coql, routes_process,
    routes_record, routes_related, routes_attachment, routes_tag, routes_tag_use, routes_tag_record, routes_mass,
    routes_single, routes_mapping, routes_pipeline, routes_assign_rule, routes_user, routes_configuration,
    routes_composite, routes_upload, routes_bulk_read, routes_bulk_write, routes_salesiq, routes_salesiq_webhook,
    routes_finance, routes_inventory_item, routes_inventory_composite;

/* Finds, checks (token, scope, credits), runs inside a transaction, counts. Always leaves an answer; *drop asks the
 * server to close the connection instead of sending it. Caller holds the lock. */
void route_run(struct call *c, bool *drop);
/* Does this call's token reach `need` ("ZohoCRM.modules.Leads.READ")? Handlers ask when the scope hangs on the body. */
bool route_granted(const struct call *c, const char *need);
/* An inner call: the handler alone, without token, scope, credits and counting. The caller has the lock, the transaction
 * and c->json; a path nobody serves answers INVALID_URL_PATTERN. */
void route_inner(struct call *c);
/* A call inside another one (composite.c): finds, checks token and scope, runs. No credits, no transaction of its own. */
void route_sub(struct call *c);
/* Adds one to "METHOD what" in by_path or unknown. */
void route_count_call(json_t *counters, const char *method, const char *what);
size_t route_count(void);
const struct route *route_at(size_t i);
#endif
