/* sandbox/finance.c — what all calls of Inventory and Books have in common. See finance.h. */
#include "sandbox/finance.h"

#include "sandbox/limits.h"
#include "sandbox/route.h"
#include "sandbox/service.h"

static bool minute_left(struct call *c)
{
    int64_t minute = c->s->clock.now_s(c->s->clock.ctx) / 60;
    if (minute != c->s->finance_minute) {
        c->s->finance_minute = minute;
        c->s->finance_calls = 0;
    }
    if (c->s->finance_calls >= LIM_FINANCE_PER_MINUTE) {
        finance_refuse(c, 429, 44, "too many requests in a minute");
    }
    c->s->finance_calls++;
    return !c->answered;
}

bool finance_enter(struct call *c)
{
    const char *org = call_query(c, "organization_id");
    if (minute_left(c) && (!org || strcmp(org, js_str_or(org_object(c->s), "zgid", "")) != 0)) {
        /* 6041 by deluge/help/books/fetch-records; its HTTP code is unproven */
        finance_refuse(c, 401, FINANCE_NOT_YOURS, "This user is not associated with the CompanyID/CompanyName:%s.",
                       org ? org : "");
    }
    return !c->answered;
}

void finance_one(struct call *c, int status, const char *message, const char *key, json_t *stolen)
{
    answer_json(c, status, json_pack("{s:i,s:s,s:o}", "code", 0, "message", message, key, stolen));
}

/* A number of the query, from 1 to max; -1 = answered. */
static int64_t number(struct call *c, const char *name, int64_t fallback, int64_t max)
{
    const char *t = call_query(c, name);
    char *end = NULL;
    long long v = t ? strtoll(t, &end, 10) : (long long)fallback;
    if (t && (*end || v < 1 || v > max)) {
        finance_refuse(c, 400, FINANCE_INVALID, "Invalid value passed for %s", name);
        return -1;
    }
    return v;
}

void finance_list(struct call *c, const char *key, json_t *stolen)
{
    AUTO_JSON json_t *all = stolen;
    int64_t page = number(c, "page", 1, 1000000), per = number(c, "per_page", LIM_PAGE, LIM_PAGE);
    if (c->answered) {
        return;
    }
    json_t *rows = json_array();
    int64_t n = (int64_t)json_array_size(all), from = (page - 1) * per;
    for (int64_t i = from; i < n && i < from + per; i++) {
        json_array_append(rows, json_array_get(all, (size_t)i));
    }
    finance_one(c, 200, "success", key, rows);
    js_set(c->answer, "page_context",
           json_pack("{s:I,s:I,s:b}", "page", (json_int_t)page, "per_page", (json_int_t)per, "has_more_page",
                     (int)(from + per < n)));
}

bool finance_take(struct call *c, const struct shape *shape, const json_t *in, json_t *out, bool create)
{
    AUTO_JSON json_t *bad = shape_take(shape, in, out, create, "$");
    if (bad) {
        finance_refuse(c, 400, FINANCE_INVALID, "Invalid value passed for %s",
                       js_str_or(js_obj(bad, "details"), "api_name", "the body"));
    }
    return !bad;
}

json_t *finance_asked(struct call *c, const char *kind, const char *id, const char *what)
{
    json_t *o = config_by_id(c->st, kind, NULL, id);
    if (!o) {
        finance_refuse(c, 404, FINANCE_UNKNOWN, "%s does not exist.", what);
    }
    return o;
}

bool finance_unique(struct call *c, const char *kind, const json_t *o, const char *key, const char *id)
{
    const char *text = js_str(o, key);
    AUTO_FREE char *path = mem_printf("$.%s", key);
    bool taken = false;
    sqlite3_stmt *q = store_q(c->st,
                              "SELECT 1 FROM config WHERE kind=?1 AND id<>?2 AND json_extract(body,?3)=?4 COLLATE "
                              "NOCASE LIMIT 1",
                              "siss", kind, (int64_t)(id ? strtoll(id, NULL, 10) : 0), path, text);
    while (store_row(c->st, q)) {
        taken = true;
    }
    if (taken) { /* 1001 as clients in public report it */
        finance_refuse(c, 400, FINANCE_DUPLICATE, "%s \"%s\" already exists.", key, text);
    }
    return !taken;
}

char *finance_id(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_string(v)    ? mem_dup(json_string_value(v))
           : json_is_integer(v) ? mem_printf("%lld", (long long)json_integer_value(v))
                                : NULL;
}

/* Of the many keys of get-organization.html those a client finds its way by. */
static void organizations(struct call *c)
{
    const json_t *org = org_object(c->s);
    if (!minute_left(c)) {
        return;
    }
    finance_one(c, 200, "success", "organizations",
                json_pack("[{s:s,s:s,s:s,s:s,s:b}]", "organization_id", js_str_or(org, "zgid", ""), "name",
                          js_str_or(org, "company_name", ""), "currency_code", js_str_or(org, "iso_code", ""),
                          "time_zone", js_str_or(org, "time_zone", ""), "is_sku_enabled", 1));
}

static const struct route rows[] = {
    {"GET", "/inventory/v1/organizations", "ZohoInventory.settings", 0, organizations, NULL},
    {"GET", "/books/v3/organizations", "ZohoBooks.settings", 0, organizations, NULL},
};
ROUTE_TABLE(routes_finance, rows);
