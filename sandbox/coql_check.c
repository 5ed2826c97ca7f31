/* sandbox/coql_check.c — what a parsed query says, held against the module: fields, names, joins, scope. Source: zoho-api.md 2.3; OAS26a
 * coql; DOC:COQL-Limitations (v8). */
#include "base/text.h"
#include "sandbox/access.h"
#include "sandbox/check.h"
#include "sandbox/coql.h"
#include "sandbox/record.h"
#include "sandbox/route.h"

bool coql_lookup(const json_t *f)
{
    return one_of("lookup|ownerlookup|userlookup", js_str_or(f, "data_type", ""));
}

struct coql_hop coql_hop(const char *path)
{
    const char *dot = strchr(path, '.'), *arrow = strstr(path, "->");
    size_t len = dot ? (size_t)(dot - path) : strlen(path);
    struct coql_hop h = {.field = (int)len, .rest = dot ? dot + 1 : NULL};
    if (arrow && (!dot || arrow < dot)) {
        h.field = (int)(arrow - path);
        h.module = arrow + 2;
        h.module_len = (int)(len - (size_t)h.field) - 2;
    }
    return h;
}

/* Where a lookup leads: its own module, or, of What_Id alone, the one the path names. */
static char *hop_target(const json_t *f, const struct coql_hop *h)
{
    const char *target = js_str(js_obj(js_obj(f, "lookup"), "module"), "api_name");
    if (h->module) {
        bool any = !target && strcmp(js_str_or(f, "api_name", ""), "What_Id") == 0;
        return any ? mem_dupn(h->module, (size_t)h->module_len) : NULL;
    }
    return target ? mem_dup(target) : NULL;
}

json_t *coql_field(struct store *st, const char *module, const char *path)
{
    const struct coql_hop h = coql_hop(path);
    AUTO_FREE char *first = mem_dupn(path, (size_t)h.field);
    json_t *f = config_by_api(st, "fields", module, first);
    if (!f || (!h.module && (!h.rest || (strcmp(h.rest, "id") == 0 && coql_lookup(f))))) {
        return f;
    }
    AUTO_FREE char *to = hop_target(f, &h);
    json_decref(f);
    return to && h.rest ? coql_field(st, to, h.rest) : NULL;
}

struct look {
    struct call *c;
    const struct coql *q;
    const struct record_module *m;
    json_t *error;
};

static bool refuse(struct look *l, const char *code, json_t *details)
{
    l->error = json_pack("{s:s,s:s,s:o}", "code", code, "message", "the query is not valid", "details", details);
    return false;
}

static bool column_known(struct look *l, const char *path, const char *clause)
{
    AUTO_JSON json_t *f = coql_field(l->c->st, l->m->api, path);
    return f && !access_hides(l->c, f) ? true
                                       : refuse(l, "INVALID_QUERY",
                                                json_pack("{s:s,s:s,s:s}", "column_name", path, "clause", clause,
                                                          "reason", "there is no such field"));
}

/* Every column exists; sums are of numbers. */
static bool columns_known(struct look *l)
{
    const struct coql *q = l->q;
    for (int i = 0; i < q->n_column; i++) {
        const struct coql_column *col = &q->column[i];
        AUTO_JSON json_t *f = coql_field(l->c->st, l->m->api, col->path);
        bool adds = text_casecmp(col->function, "sum") == 0 || text_casecmp(col->function, "avg") == 0;
        if (!column_known(l, col->path, "select")) {
            return false;
        }
        if (adds &&
            !one_of("integer|bigint|double|currency|percent|formula|rollup_summary", js_str_or(f, "data_type", ""))) {
            return refuse(l, "INVALID_QUERY",
                          json_pack("{s:s,s:s}", "column_name", col->path, "reason", "only numbers are summed"));
        }
    }
    for (int i = 0; i < q->n_group; i++) {
        if (!column_known(l, q->group[i].path, "group by")) {
            return false;
        }
    }
    for (int i = 0; i < q->n_order; i++) {
        if (!column_known(l, q->order[i].path, "order by")) {
            return false;
        }
    }
    return true;
}

/* Criteria on fields that can be asked: no multi-line texts, no images; like is for texts. */
static bool tests_fit(struct look *l)
{
    for (int i = 0; i < l->q->n_cond; i++) {
        const struct coql_cond *t = &l->q->cond[i];
        if (t->kind != COQL_TEST) {
            continue;
        }
        AUTO_JSON json_t *f = coql_field(l->c->st, l->m->api, t->path);
        const char *type = js_str_or(f, "data_type", "");
        if (!column_known(l, t->path, "where")) {
            return false;
        }
        bool like =
            strstr(t->op, "like") && one_of("integer|double|currency|percent|boolean|date|datetime|bigint", type);
        if (one_of("textarea|imageupload|fileupload", type) || like) {
            return refuse(l, "INVALID_QUERY",
                          json_pack("{s:s,s:s,s:s}", "column_name", t->path, "operator", t->op, "reason",
                                    "the data type cannot be used so in criteria"));
        }
    }
    return true;
}

/* Two of a kind where each may stand once (DOC). */
static bool no_twins(struct look *l, const struct coql_column *list, int n)
{
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++) {
            bool same =
                strcmp(list[i].path, list[k].path) == 0 && text_casecmp(list[i].function, list[k].function) == 0;
            if (same && (*list[i].function || list != l->q->column)) {
                json_t *d = json_pack("{s:s}", "column_name", list[i].path);
                if (*list[i].function) {
                    js_set_str(d, "aggregate", list[i].function);
                }
                return refuse(l, "DUPLICATE_DATA", d);
            }
        }
    }
    return true;
}

static bool aliases_fit(struct look *l)
{
    const struct coql *q = l->q;
    for (int i = 0; i < q->n_column; i++) {
        const struct coql_column *a = &q->column[i];
        if (a->named && strchr(a->shown, '.')) {
            return refuse(l, "INVALID_ALIAS", json_pack("{s:s,s:s}", "alias", a->shown, "column_name", a->path));
        }
        for (int k = 0; k < i; k++) {
            const struct coql_column *b = &q->column[k];
            if ((a->named || b->named) && text_casecmp(a->shown, b->shown) == 0) {
                return refuse(l, "DUPLICATE_ALIAS",
                              json_pack("{s:s,s:[s,s]}", "alias", a->shown, "referred_columns", b->path, a->path));
            }
        }
    }
    return true;
}

/* Beside a sum only what is grouped by. */
static bool grouped(struct look *l)
{
    const struct coql *q = l->q;
    for (int i = 0; (q->n_group > 0 || q->n_aggregate > 0) && i < q->n_column; i++) {
        bool found = *q->column[i].function != '\0';
        for (int k = 0; k < q->n_group; k++) {
            found = found || strcmp(q->group[k].path, q->column[i].path) == 0;
        }
        if (!found) {
            return refuse(l, "INVALID_QUERY",
                          json_pack("{s:s,s:s,s:s}", "column_name", q->column[i].path, "clause", "group by", "reason",
                                    "it is neither summed nor grouped by"));
        }
    }
    return true;
}

/* The lookups a path goes through ("Account_Name", "Deal_Name.Account_Name"), each once. */
static void add_joins(json_t *joins, const char *path)
{
    for (const char *dot = strchr(path, '.'); dot; dot = strchr(dot + 1, '.')) {
        if (strcmp(dot, ".id") != 0) { /* the lookup holds it */
            AUTO_FREE char *lookup = mem_dupn(path, (size_t)(dot - path));
            js_array_add_unique(joins, lookup);
        }
    }
}

static bool joins_fit(struct look *l)
{
    const struct coql *q = l->q;
    AUTO_JSON json_t *base = json_array(), *select = json_array();
    for (int i = 0; i < q->n_column; i++) {
        add_joins(select, q->column[i].path);
    }
    for (int i = 0; i < q->n_cond; i++) {
        add_joins(base, q->cond[i].path);
    }
    for (int i = 0; i < q->n_group; i++) {
        add_joins(base, q->group[i].path);
    }
    for (int i = 0; i < q->n_order; i++) {
        add_joins(base, q->order[i].path);
    }
    if (json_array_size(base) > LIM_COQL_BASE_JOINS || json_array_size(select) > LIM_COQL_SELECT_JOINS) {
        bool many = json_array_size(base) > LIM_COQL_BASE_JOINS;
        return refuse(l, "LIMIT_EXCEEDED",
                      json_pack("{s:s,s:i}", "clause", many ? "where" : "select", "limit",
                                many ? LIM_COQL_BASE_JOINS : LIM_COQL_SELECT_JOINS));
    }
    return true;
}

json_t *coql_check(struct call *c, const struct coql *q, const struct record_module *m)
{
    struct look l = {c, q, m, NULL};
    AUTO_FREE char *need = mem_printf("ZohoCRM.modules.%s.READ", m->api);
    if (!route_granted(c, need)) {
        return json_pack("{s:s,s:s,s:{}}", "code", "OAUTH_SCOPE_MISMATCH", "message",
                         "invalid oauth scope to access this URL", "details");
    }
    (void)(columns_known(&l) && tests_fit(&l) && no_twins(&l, q->column, q->n_column) &&
           no_twins(&l, q->group, q->n_group) && no_twins(&l, q->order, q->n_order) && aliases_fit(&l) && grouped(&l) &&
           joins_fit(&l));
    return l.error;
}
