#include "sandbox/dated.h"

#include "sandbox/check.h"
#include "sandbox/happening.h"
#include "sandbox/period.h"

static const json_t *details(const json_t *rule)
{
    return js_obj(js_obj(rule, "execute_when"), "details");
}

static bool is_dated(const json_t *rule)
{
    return strcmp(js_str_or(js_obj(rule, "execute_when"), "type", ""), "date_or_datetime") == 0;
}

static void put(struct call *c, const json_t *rule, const char *module, const char *id, int64_t at)
{
    struct happening h = {"scheduled", at, module, id, js_str(rule, "id"), NULL};
    if (at > c->s->clock.now_s(c->s->clock.ctx)) {
        happening_put(c->st, &h, json_pack("{s:b}", "dated", 1));
        c->s->next_due = at < c->s->next_due ? at : c->s->next_due;
    }
}

static int64_t units(const json_t *d)
{
    const json_t *unit = json_object_get(d, "unit");
    return json_is_string(unit) ? strtoll(json_string_value(unit), NULL, 10) : json_integer_value(unit);
}

static const char *value_of(const json_t *rule, const json_t *body)
{
    return js_str(body, js_str_or(js_obj(details(rule), "field"), "api_name", ""));
}

static void follow_one(struct call *c, const json_t *rule, const char *module, const char *id, const json_t *body)
{
    const json_t *d = details(rule);
    const char *value = value_of(rule, body);
    int64_t from, at;
    happening_drop(c->st, "scheduled", js_str(rule, "id"), id);
    if (js_bool(js_obj(rule, "status"), "active", false) && value && clock_parse(value, &from, NULL) == 0 &&
        period_add(from, js_str_or(d, "period", ""), units(d), &at)) {
        put(c, rule, module, id, at);
    }
}

static bool moved(const json_t *rule, const json_t *before, const json_t *body)
{
    const char *was = value_of(rule, before), *is = value_of(rule, body);
    return strcmp(was ? was : "", is ? is : "") != 0;
}

void dated_follow(struct call *c, const struct record_module *m, const char *id, const json_t *before,
                  const json_t *body)
{
    AUTO_JSON json_t *rules = config_shared(c->st, "workflow_rules", m->api);
    json_t *rule;
    size_t i;
    json_array_foreach (rules, i, rule) {
        if (is_dated(rule) && moved(rule, before, body)) {
            follow_one(c, rule, m->api, id, body);
        }
    }
}

void dated_rule(struct call *c, const json_t *rule)
{
    const char *module = js_str_or(js_obj(rule, "module"), "api_name", "");
    if (!is_dated(rule)) {
        return;
    }
    sqlite3_stmt *q = store_q(c->st, "SELECT id, body FROM record WHERE module=?1 AND deleted IS NULL", "s", module);
    while (store_row(c->st, q)) {
        AUTO_FREE char *id = mem_printf("%lld", (long long)sqlite3_column_int64(q, 0));
        AUTO_JSON json_t *body = store_json(q, 1);
        follow_one(c, rule, module, id, body);
    }
}

void dated_again(struct call *c, const json_t *rule, const char *module, const char *id, int64_t at)
{
    static const struct {
        const char *cycle, *period;
    } rows[] = {{"monthly", "months"}, {"yearly", "years"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t next;
        if (strcmp(js_str_or(details(rule), "recur_cycle", ""), rows[i].cycle) == 0 &&
            period_add(at, rows[i].period, 1, &next)) {
            put(c, rule, module, id, next);
        }
    }
}
