#include "deluge/host_memory.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "deluge/zone.h"

void dg_memory_init(struct dg_memory *m)
{
    memset(m, 0, sizeof *m);
    m->next_id = INT64_C(9000000000000000001);
    struct dv *const maps[] = {&m->records, &m->related, &m->variables, &m->calls};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        *maps[i] = dv_box_new(&m->arena, DV_MAP);
    m->faults = dv_box_new(&m->arena, DV_LIST);
    m->http = dv_box_new(&m->arena, DV_LIST);
}

void dg_memory_release(struct dg_memory *m)
{
    dg_arena_release(&m->arena);
    memset(m, 0, sizeof *m);
}

struct dv dg_memory_find(const struct dg_memory *m, const char *module, const char *id)
{
    struct dv rows = dv_get(m->records, module);
    for (size_t i = 0; rows.kind == DV_BOX && i < rows.box->n; i++)
        if (dg_is_id(dv_get(rows.box->item[i], "id"), id))
            return rows.box->item[i];
    return dv_null();
}

static struct dv success(struct dg_memory *m, struct dg_arena *a, struct dv id)
{
    static const char *const times[] = {"Created_Time", "Modified_Time"}, *const users[] = {"Created_By",
                                                                                            "Modified_By"};
    struct dv v = dv_box_new(a, DV_MAP);
    dv_puts(a, v, "id", dv_text(a, id.t.s));
    for (size_t i = 0; i < 2; i++) {
        struct dv user = dv_box_new(a, DV_MAP);
        dv_puts(a, user, "name", dv_text(a, m->user ? m->user : ""));
        dv_puts(a, user, "id", dv_static("9000000000000000000"));
        dv_puts(a, v, times[i], dv_text(a, m->now));
        dv_puts(a, v, users[i], user);
    }
    return v;
}

static struct dv rows_of(struct dg_memory *m, const char *module)
{
    struct dv rows = dv_get(m->records, module);
    if (!dv_is_list(rows)) {
        rows = dv_box_new(&m->arena, DV_LIST);
        dv_puts(&m->arena, m->records, module, rows);
    }
    return rows;
}

struct dv dg_memory_create(struct dg_memory *m, struct dg_arena *a, const char *module, struct dv values)
{
    char id[24];
    struct dv record = dv_copy(&m->arena, values);
    snprintf(id, sizeof id, "%lld", (long long)m->next_id++);
    dv_puts(&m->arena, record, "id", dv_text(&m->arena, id));
    dv_add(&m->arena, rows_of(m, module), record);
    return success(m, a, dv_get(record, "id"));
}

static struct dv update(struct dg_memory *m, struct dg_arena *a, const char *module, const char *id, struct dv values)
{
    struct dv record = dg_memory_find(m, module, id);
    if (record.kind == DV_NULL)
        return dg_error_answer(a, "INVALID_DATA", "the id given seems to be invalid");
    struct dv copy = dv_copy(&m->arena, values);
    for (size_t i = 0; i < copy.box->n; i++)
        if (!dv_is_text(copy.box->key[i], "id"))
            dv_put(&m->arena, record, copy.box->key[i], copy.box->item[i]);
    return success(m, a, dv_text(a, id));
}

static struct dv upsert(struct dg_memory *m, struct dg_arena *a, const struct dg_request *q)
{
    struct dv fields = dv_is_map(q->options) ? dv_get(q->options, "duplicate_check_fields") : dv_null();
    struct dv rows = rows_of(m, q->module);
    for (size_t k = 0; dv_is_list(fields) && k < fields.box->n; k++) {
        if (fields.box->item[k].kind != DV_TEXT)
            continue;
        struct dv want = dv_get(q->values, fields.box->item[k].t.s);
        for (size_t i = 0; want.kind != DV_NULL && i < rows.box->n; i++)
            if (dv_equal(dv_get(rows.box->item[i], fields.box->item[k].t.s), want, NULL) &&
                dv_get(rows.box->item[i], "id").kind == DV_TEXT)
                return update(m, a, q->module, dv_get(rows.box->item[i], "id").t.s, q->values);
    }
    return dg_memory_create(m, a, q->module, q->values);
}

static struct dv bulk(struct dg_memory *m, struct dg_arena *a, const struct dg_request *q)
{
    struct dv answers = dv_box_new(a, DV_LIST);
    if (q->values.box->n > 100) /* zoho.com/deluge/help/crm: a bulk task takes 100 records */
        return dg_error_answer(a, "INVALID_DATA", "more than 100 records in one call");
    for (size_t i = 0; i < q->values.box->n; i++) {
        struct dv row = q->values.box->item[i], id = dv_is_map(row) ? dv_get(row, "id") : dv_null();
        char text[24] = "";
        if (id.kind == DV_INT)
            snprintf(text, sizeof text, "%lld", (long long)id.i);
        const char *which = id.kind == DV_TEXT ? id.t.s : text;
        dv_add(a, answers,
               !dv_is_map(row)             ? dg_error_answer(a, "INVALID_DATA", "a row is no map")
               : q->verb == DG_BULK_CREATE ? dg_memory_create(m, a, q->module, row)
                                           : update(m, a, q->module, which, row));
    }
    return answers;
}

static struct dv select_rows(struct dg_memory *m, struct dg_arena *a, const struct dg_request *q)
{
    struct dv rows = rows_of(m, q->module), found = dv_box_new(a, DV_LIST);
    for (size_t i = 0; i < rows.box->n; i++)
        if (!q->criteria || dg_criteria_match(q->criteria, rows.box->item[i]))
            dv_add(a, found, rows.box->item[i]);
    return dg_select_page(a, found, q);
}

static bool related(struct dg_memory *m, struct dg_arena *a, const struct dg_request *q, struct dv *answer,
                    const char **why)
{
    char *key = dg_arena_printf(a, "%s.%s", q->module, q->list);
    struct dv where = dv_get(m->related, key), found = dv_box_new(a, DV_LIST);
    const char *module = dv_is_map(where) ? dv_str(where, "module", NULL) : NULL;
    const char *field = dv_is_map(where) ? dv_str(where, "field", NULL) : NULL;
    if (!module || !field) {
        *why = dg_arena_printf(a, "nobody said what the related list %s is: write it under related:", key);
        return false;
    }
    struct dv rows = rows_of(m, module);
    for (size_t i = 0; i < rows.box->n; i++) {
        struct dv link = dv_get(rows.box->item[i], field);
        if (dg_is_id(dv_is_map(link) ? dv_get(link, "id") : link, q->id))
            dv_add(a, found, rows.box->item[i]);
    }
    *answer = dg_select_page(a, found, q);
    return true;
}

/* seconds: 2 or 2.5 of a rule. */
static uint64_t milliseconds(struct dv rule)
{
    struct dv s = dv_get(rule, "seconds");
    int64_t ms = 0;
    if (dv_is_number(s) && dec_to_int(dec_mul(dv_decimal(s), dec_int(1000)), &ms) && ms > 0)
        return (uint64_t)ms;
    return 0;
}

/* The answer a fault rule has for this call. */
static bool fault(struct dg_memory *m, struct dg_arena *a, const struct dg_request *q, struct dv *answer)
{
    struct dv n = dv_get(m->calls, q->task);
    int64_t count = n.kind == DV_INT ? n.i + 1 : 1;
    dv_puts(&m->arena, m->calls, q->task, dv_int(count));
    for (size_t i = 0; i < m->faults.box->n; i++) {
        struct dv rule = m->faults.box->item[i], nth = dv_get(rule, "nth");
        if (strcasecmp(dv_str(rule, "task", ""), q->task) != 0 || (nth.kind == DV_INT && nth.i != count))
            continue;
        *q->milliseconds = milliseconds(rule);
        *answer = dv_copy(a, dv_get(rule, "answer"));
        return dv_find(rule, "answer", 6) >= 0; /* a rule that only takes time lets the store answer */
    }
    return false;
}

static bool record(void *ctx, struct dg_arena *a, const struct dg_request *q, struct dv *answer, const char **why)
{
    struct dg_memory *m = ctx;
    *answer = dv_null();
    if (fault(m, a, q, answer))
        return true;
    switch (q->verb) {
    case DG_GET_RECORD:
        *answer = dg_select_fields(a, dg_memory_find(m, q->module, q->id), q->options);
        return true;
    case DG_SEARCH_RECORDS:
        if (!dg_criteria_valid(q->criteria)) {
            *answer = dg_error_answer(a, "INVALID_QUERY", "invalid query formed");
            return true;
        }
        *answer = select_rows(m, a, q);
        return true;
    case DG_GET_RECORDS:
        *answer = select_rows(m, a, q);
        return true;
    case DG_CREATE_RECORD:
        *answer = dg_memory_create(m, a, q->module, q->values);
        return true;
    case DG_UPDATE_RECORD:
        *answer = update(m, a, q->module, q->id, q->values);
        return true;
    case DG_UPSERT:
        *answer = upsert(m, a, q);
        return true;
    case DG_BULK_CREATE:
    case DG_BULK_UPDATE:
        *answer = bulk(m, a, q);
        return true;
    case DG_GET_RELATED:
        return related(m, a, q, answer, why);
    case DG_UPDATE_RELATED: {
        struct dv where = dv_get(m->related, dg_arena_printf(a, "%s.%s", q->module, q->list));
        const char *module = dv_is_map(where) ? dv_str(where, "module", NULL) : NULL;
        *why = "nobody said what this related list is: write it under related:";
        if (module)
            *answer = update(m, a, module, q->related_id, q->values);
        return module != NULL;
    }
    case DG_CONVERT_LEAD:
        *answer = dg_memory_convert(m, a, q);
        return true;
    case DG_ATTACH_FILE:
        *answer = dg_memory_find(m, q->module, q->id).kind == DV_NULL
                      ? dg_error_answer(a, "INVALID_DATA", "the id given seems to be invalid")
                      : success(m, a, dv_static("9100000000000000001"));
        return true;
    case DG_ORG_VARIABLE:
        *answer = dv_copy(a, dv_get(m->variables, q->name));
        return true;
    case DG_INVOKE_CONNECTOR:
        break;
    }
    *why = dg_arena_printf(a, "nobody said what the connector %s answers: write it under faults:", q->name);
    return false;
}

/* A '*' anywhere stands for any characters, none included: after a mismatch the last one takes one more. */
static bool fits(const char *pattern, const char *url)
{
    const char *star = NULL, *from = url;
    while (*url) {
        if (*pattern == '*') {
            star = pattern++;
            from = url;
        } else if (*pattern == *url) {
            pattern++;
            url++;
        } else if (star) {
            pattern = star + 1;
            url = ++from;
        } else {
            return false;
        }
    }
    return pattern[strspn(pattern, "*")] == '\0';
}

static bool http(void *ctx, struct dg_arena *a, const struct dg_http *q, struct dg_http_answer *answer,
                 const char **why)
{
    struct dg_memory *m = ctx;
    char *key = dg_arena_printf(a, "%s %s", q->method, q->url);
    struct dv n = dv_get(m->calls, key);
    int64_t count = n.kind == DV_INT ? n.i + 1 : 1;
    dv_puts(&m->arena, m->calls, key, dv_int(count));
    for (size_t i = 0; i < m->http.box->n; i++) {
        struct dv rule = m->http.box->item[i], nth = dv_get(rule, "nth"), status = dv_get(rule, "status");
        if (!fits(dv_str(rule, "url", ""), q->url) || strcasecmp(dv_str(rule, "type", q->method), q->method) != 0 ||
            (nth.kind == DV_INT && nth.i != count))
            continue;
        answer->status = status.kind == DV_INT ? (int)status.i : 200;
        answer->headers = dv_copy(a, dv_get(rule, "headers"));
        answer->body = dv_to_text(a, dv_get(rule, "body"), NULL);
        answer->milliseconds = milliseconds(rule);
        return true;
    }
    *why = "nobody said what it answers: write it under http:";
    return false;
}

void dg_memory_attach(struct dg_memory *m, struct deluge_host *h)
{
    struct dv_zone z;
    AUTO_SB struct sb b = SB_INIT(sizeof m->now - 1);
    h->ctx = m;
    m->user = h->user_name ? h->user_name : h->user;
    h->record = record;
    h->http = http;
    zone_set(&z, h->zone ? h->zone : "UTC");
    zone_print(&b, dv_time(DV_DATETIME, h->now), "yyyy-MM-dd'T'HH:mm:ssXXX", &z);
    snprintf(m->now, sizeof m->now, "%s", b.buf);
}
