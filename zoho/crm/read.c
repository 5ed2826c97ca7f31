#include "base/text.h"
#include "zoho/crm/coql.h"
#include "zoho/crm/crm.h"
#include "zoho/crm/resources.h"

enum { MAX_PAGES = 500 };

/* One snapshot resource being read; pages of all of them go out together, round by round. */
struct reading {
    const char *name, *rest;
    const struct resource_row *row;
    const char *coql;
    const struct crm_rows *rows; /* of a query: who takes them; NULL = they are gathered in got */
    char last[32];               /* of a query: the id of its last row so far */
    size_t n_rows;
    json_t *got; /* array */
    int page;    /* to ask next, from 1 */
    bool done;
    char code[48]; /* refused with */
    long http;
    /* the request in flight */
    char *path;
    json_t *query, *body;
};

static void reading_clear(struct reading *r)
{
    free(r->path);
    json_decref(r->query);
    json_decref(r->body);
    r->path = NULL;
    r->query = r->body = NULL;
}

static json_t *query_of(const struct reading *r)
{
    json_t *q = json_object();
    const char *equals = strchr(r->row->query, '=');
    if (equals) {
        AUTO_FREE char *key = mem_dupn(r->row->query, (size_t)(equals - r->row->query));
        js_set_str(q, key, equals + 1);
    }
    if (r->row->form == RESOURCE_MODULE)
        js_set_str(q, "module", r->rest);
    return q;
}

static int coql_body(struct reading *r, struct err *e)
{
    AUTO_FREE char *text = coql_page(r->coql, r->page > 1 ? r->last : NULL, e);
    if (!text)
        return err_at(e, "%s", r->name);
    r->body = json_object();
    js_set_str(r->body, "select_query", text);
    return 0;
}

static int request_of(struct reading *r, struct zoho_request *rq, struct err *e)
{
    *rq = (struct zoho_request){.method = "GET",
                                .path = r->row->path,
                                .retry = ZOHO_SAFE,
                                .best_effort = r->row->best_effort,
                                .scope = r->row->scope};
    if (r->row->form == RESOURCE_COQL) {
        if (coql_body(r, e) < 0)
            return -1;
        rq->method = "POST";
        rq->kind = ZOHO_JSON;
        rq->json = r->body;
        return 0;
    }
    r->query = query_of(r);
    if (r->row->per_page || r->page > 1) {
        js_set_strf(r->query, "page", "%d", r->page);
        js_set_strf(r->query, "per_page", "%d", r->row->per_page ? r->row->per_page : 200);
    }
    if (r->row->form == RESOURCE_TEXT) {
        AUTO_FREE char *name = text_percent_encode(r->rest);
        const char *slot = strstr(r->row->path, "%s");
        r->path = mem_printf("%.*s%s%s", (int)(slot - r->row->path), r->row->path, name, slot + 2);
        rq->path = r->path;
        rq->text_answer = true;
    }
    rq->query = r->query;
    return 0;
}

static int bad_answer(struct err *e, const struct zoho_request *rq, const char *what)
{
    err_set(e, ERR_REMOTE, "%s", what);
    err_at(e, "%s %s", rq->method, rq->path);
    return err_fix(e, "run 'zagent doctor'; if it is green, report this: Zoho changed its answer");
}

/* Ids pass 2^53 and grow: the longer one is later, else the greater text. */
static bool is_later(const char *id, const char *than)
{
    size_t a = strlen(id);
    size_t b = strlen(than);
    return a != b ? a > b : strcmp(id, than) > 0;
}

/* Rows of a query are checked one by one: an order that is not that of the ids would read forever, or leave some out. */
static int take_query_rows(struct reading *r, const struct zoho_request *rq, const json_t *rows, struct err *e)
{
    size_t i;
    json_t *row;
    json_array_foreach (rows, i, row) {
        const char *id = js_str(row, "id");
        if (!id || !is_later(id, r->last))
            return bad_answer(e, rq, "rows do not come in the order of their id: the pages would never end");
        if (id[strspn(id, "0123456789")] != '\0' || strlen(id) >= sizeof r->last)
            return bad_answer(e, rq, "an id that is not a number");
        snprintf(r->last, sizeof r->last, "%s", id);
        if (++r->n_rows > COQL_MAX_ROWS) {
            err_set(e, ERR_LIMIT, "the query finds more than %d records", COQL_MAX_ROWS);
            err_at(e, "%s", r->name);
            return err_fix(e, "narrow its criteria in the playbook");
        }
        if (!r->rows)
            json_array_append(r->got, row);
        else if (r->rows->row(r->rows->ctx, r->name, row, e) < 0)
            return -1;
    }
    return 0;
}

static int take_rows(struct reading *r, const struct zoho_request *rq, const json_t *rows, bool more, struct err *e)
{
    r->done = !more;
    if (r->row->form == RESOURCE_COQL) {
        r->done = json_array_size(rows) < COQL_PAGE && !more;
        if (take_query_rows(r, rq, rows, e) < 0)
            return -1;
        if (!r->done && json_array_size(rows) == 0)
            return bad_answer(e, rq, "an empty page that is not the last one");
    } else {
        json_array_extend(r->got, (json_t *)(uintptr_t)rows);
    }
    if (++r->page > MAX_PAGES + 1)
        return bad_answer(e, rq, "more pages than any org has: the server never says it is done");
    return 0;
}

static int take_reply(struct reading *r, const struct zoho_request *rq, const struct zoho_reply *reply, struct err *e)
{
    if (r->row->form == RESOURCE_TEXT) {
        r->done = true;
        if (reply->text) {
            json_t *o = json_object();
            js_set_str(o, "api_name", r->rest);
            js_set_str(o, "code", reply->text);
            json_array_append_new(r->got, o);
        }
        return 0;
    }
    if (!reply->json) { /* 204 */
        r->done = true;
        return 0;
    }
    const json_t *rows = js_arr(reply->json, r->row->key);
    if (!rows) {
        char what[120];
        snprintf(what, sizeof what, "the answer has no '%s' (only an empty HTTP 204 means none)", r->row->key);
        return bad_answer(e, rq, what);
    }
    return take_rows(r, rq, rows, js_bool(js_obj(reply->json, "info"), "more_records", false), e);
}

/* Says no, for this user, org, edition or version: noted, not an error. */
static bool is_refusal(const struct reading *r, const struct err *e)
{
    if (zoho_refused(e) || e->kind == ERR_PERMISSION || e->kind == ERR_NOT_FOUND)
        return true;
    return r->row->best_effort && e->http >= 400 && e->http <= 500 && e->http != 401 && e->http != 429;
}

static int take_failure(struct reading *r, const struct err *failure, struct err *e)
{
    if (!is_refusal(r, failure)) {
        if (e && e->kind == ERR_NONE)
            *e = *failure;
        return -1;
    }
    snprintf(r->code, sizeof r->code, "%s", *failure->code ? failure->code : "REFUSED");
    r->http = failure->http;
    r->done = true;
    return 0;
}

/* One request for every reading that is not done. */
static int round_of(struct zoho *z, struct reading *all, size_t n, size_t *asked, struct err *e)
{
    struct zoho_request *rq = mem_zalloc((n + 1) * sizeof *rq);
    struct zoho_reply *reply = mem_zalloc((n + 1) * sizeof *reply);
    struct err *err = mem_zalloc((n + 1) * sizeof *err);
    size_t *who = mem_zalloc((n + 1) * sizeof *who);
    int rc = 0;
    *asked = 0;
    for (size_t i = 0; i < n && rc == 0; i++) {
        if (all[i].done)
            continue;
        rc = request_of(&all[i], &rq[*asked], e);
        who[(*asked)++] = i;
    }
    if (rc == 0 && *asked > 0) {
        struct err any = {0};
        zoho_call_many(z, rq, *asked, reply, err, &any);
        for (size_t k = 0; k < *asked; k++) {
            struct reading *r = &all[who[k]];
            if (err[k].kind != ERR_NONE ? take_failure(r, &err[k], e) < 0 : take_reply(r, &rq[k], &reply[k], e) < 0)
                rc = -1;
        }
    }
    for (size_t k = 0; k < *asked; k++) {
        zoho_reply_release(&reply[k]);
        reading_clear(&all[who[k]]);
    }
    free(rq);
    free(reply);
    free(err);
    free(who);
    return rc;
}

/* An element its list did not give whole. */
struct detail {
    const struct reading *r;
    size_t index;
    char *path;
    json_t *query;
};

static bool lacks_detail(const struct reading *r, const json_t *element)
{
    const json_t *v = r->row->detail ? json_object_get(element, r->row->detail) : NULL;
    return r->row->detail && (!v || json_is_null(v)) && js_str(element, "id") &&
           !js_bool(element, "system_defined", false);
}

static struct detail *details_wanted(const struct reading *all, size_t n, size_t *count)
{
    struct detail *d = NULL;
    size_t cap = 0;
    *count = 0;
    for (size_t i = 0; i < n; i++) {
        size_t k;
        json_t *element;
        json_array_foreach (all[i].got, k, element) {
            if (!lacks_detail(&all[i], element))
                continue;
            struct detail one = {.r = &all[i], .index = k, .query = query_of(&all[i])};
            AUTO_FREE char *id = text_percent_encode(js_str(element, "id"));
            one.path = mem_printf("%s/%s", all[i].row->path, id);
            VEC_PUSH(d, *count, cap, one);
        }
    }
    return d;
}

static int read_details(struct zoho *z, const struct reading *all, size_t n, struct err *e)
{
    size_t count;
    int rc = 0;
    struct detail *d = details_wanted(all, n, &count);
    struct zoho_request *rq = mem_zalloc((count + 1) * sizeof *rq);
    struct zoho_reply *reply = mem_zalloc((count + 1) * sizeof *reply);
    struct err *err = mem_zalloc((count + 1) * sizeof *err);
    for (size_t i = 0; i < count; i++)
        rq[i] = (struct zoho_request){
            .method = "GET", .path = d[i].path, .query = d[i].query, .retry = ZOHO_SAFE, .scope = d[i].r->row->scope};
    struct err any = {0};
    if (count > 0)
        zoho_call_many(z, rq, count, reply, err, &any);
    for (size_t i = 0; i < count; i++) {
        json_t *whole = json_array_get(js_arr(reply[i].json, d[i].r->row->key), 0);
        if (whole) /* refused or gone: what the list said stays */
            json_array_set(d[i].r->got, d[i].index, whole);
        else if (err[i].kind != ERR_NONE && !is_refusal(d[i].r, &err[i]) && rc == 0) {
            rc = -1;
            if (e)
                *e = err[i];
        }
        zoho_reply_release(&reply[i]);
        free(d[i].path);
        json_decref(d[i].query);
    }
    free(d);
    free(rq);
    free(reply);
    free(err);
    return rc;
}

static int reading_init(struct reading *r, const char *name, const json_t *queries, struct err *e)
{
    *r = (struct reading){.name = name, .page = 1, .got = json_array()};
    r->row = resource_row_find(name, &r->rest);
    if (!r->row) {
        err_set(e, ERR_BUG, "no resource of an org is called '%.100s'", name);
        return -1;
    }
    r->done = r->row->form == RESOURCE_NEVER;
    r->coql = js_str(queries, name);
    if (r->row->form == RESOURCE_COQL && !r->coql)
        return err_set(e, ERR_BUG, "no query for '%.100s'", name);
    return 0;
}

int crm_read(struct zoho *z, const struct strset *names, const json_t *queries, struct snapshot *s, struct err *e)
{
    return crm_read_rows(z, names, queries, NULL, s, e);
}

int crm_read_rows(struct zoho *z, const struct strset *names, const json_t *queries, const struct crm_rows *rows,
                  struct snapshot *s, struct err *e)
{
    struct reading *all = mem_zalloc((names->n + 1) * sizeof *all);
    int rc = 0;
    size_t asked = 1;
    for (size_t i = 0; i < names->n && rc == 0; i++) {
        rc = reading_init(&all[i], names->item[i], queries, e);
        all[i].rows = rows;
    }
    while (rc == 0 && asked > 0)
        rc = round_of(z, all, names->n, &asked, e);
    if (rc == 0)
        rc = read_details(z, all, names->n, e);
    for (size_t i = 0; i < names->n; i++) {
        if (rc == 0 && *all[i].code)
            snapshot_put_refused(s, all[i].name, all[i].code, all[i].http);
        else if (rc == 0 && all[i].row->form != RESOURCE_NEVER && !(rows && all[i].row->form == RESOURCE_COQL))
            snapshot_put(s, all[i].name, json_incref(all[i].got));
        json_decref(all[i].got);
    }
    free(all);
    return rc;
}
