#include "agent/audit/readings.h"

#include "agent/audit/things.h"
#include "base/sb.h"
#include "zoho/crm/survey.h"

enum { PAGE = 2000, COLUMNS = 49, BATCH = 12, RUNS_DAYS = 180, DAY_S = 86400, ROWS_MIN = 20 };

/* ---- which questions ---- */

static bool asked(const json_t *f)
{
    return org_filled_by_people(f) &&
           (js_bool(f, "custom_field", false) || org_has_list(f) || js_bool(f, "system_mandatory", false));
}

struct question {
    char *module, *text;
    json_t *fields; /* array, borrowed elements */
};
struct questions {
    struct question *item;
    size_t n, cap;
};

static void push(struct questions *q, const char *module, json_t *fields)
{
    AUTO_SB struct sb b = SB_INIT(16 << 10);
    const json_t *f;
    size_t i;
    json_array_foreach (fields, i, f)
        sb_addf(&b, "%s%s", i ? ", " : "", js_str_or(f, "api_name", ""));
    struct question one = {mem_dup(module), NULL, json_incref(fields)};
    one.text = mem_printf("select %s from %s where id is not null order by id desc limit 0, %d", b.buf, module, PAGE);
    VEC_PUSH(q->item, q->n, q->cap, one);
}

static void of_module(struct questions *q, const struct snapshot *s, const json_t *m)
{
    const char *module = js_str_or(m, "api_name", ""), *type = js_str_or(m, "generated_type", "default");
    AUTO_FREE char *list = mem_printf("fields/%s", module);
    AUTO_JSON json_t *fields = json_array();
    json_t *f;
    size_t i;
    if (!js_bool(m, "api_supported", true) || (strcmp(type, "default") != 0 && strcmp(type, "custom") != 0))
        return;
    json_array_foreach (snapshot_get(s, list), i, f) {
        if (asked(f))
            json_array_append(fields, f);
        if (json_array_size(fields) == COLUMNS) {
            push(q, module, fields);
            json_decref(fields);
            fields = json_array();
        }
    }
    if (json_array_size(fields))
        push(q, module, fields);
}

static void all_questions(struct questions *q, const struct snapshot *s)
{
    const json_t *m;
    size_t i;
    json_array_foreach (snapshot_get(s, "modules"), i, m)
        of_module(q, s, m);
}

static void release(struct questions *q)
{
    for (size_t i = 0; i < q->n; i++) {
        free(q->item[i].module);
        free(q->item[i].text);
        json_decref(q->item[i].fields);
    }
    free(q->item);
}

size_t readings_queries(const struct snapshot *s)
{
    struct questions q = {0};
    all_questions(&q, s);
    size_t n = q.n + json_array_size(snapshot_get(s, "workflow_rules"));
    release(&q);
    return n;
}

/* ---- counting ---- */

static json_t *part(json_t *o, const char *key)
{
    if (!js_obj(o, key))
        js_set(o, key, json_object());
    return js_obj(o, key);
}

static bool filled(const json_t *v)
{
    return v && !json_is_null(v) && !(json_is_string(v) && !*json_string_value(v)) &&
           !(json_is_array(v) && !json_array_size(v)) &&
           !(json_is_string(v) && !strcmp(json_string_value(v), "-None-"));
}

static void count_value(json_t *values, const json_t *v)
{
    const json_t *one;
    size_t i;
    if (json_is_string(v))
        js_set_int(values, json_string_value(v), js_int(values, json_string_value(v), 0) + 1);
    json_array_foreach (v, i, one)
        count_value(values, one);
}

void readings_count(json_t *module, const json_t *fields, const json_t *rows)
{
    const json_t *f, *row;
    size_t i, k;
    js_set_int(module, "rows", (int64_t)json_array_size(rows));
    js_set_bool(module, "all", json_array_size(rows) < PAGE);
    json_array_foreach (fields, i, f) {
        const char *name = js_str_or(f, "api_name", "");
        int64_t n = 0;
        json_array_foreach (rows, k, row) {
            const json_t *v = json_object_get(row, name);
            n += filled(v);
            if (filled(v) && org_has_list(f))
                count_value(part(part(module, "values"), name), v);
        }
        js_set_int(part(module, "filled"), name, n);
    }
}

/* ---- asking ---- */

static int ask_batch(struct org *org, const json_t *limits, struct question *q, size_t n, json_t *modules,
                     struct err *e)
{
    const char *text[BATCH];
    json_t *rows[BATCH] = {0};

    for (size_t i = 0; i < n; i++)
        text[i] = q[i].text;
    if (rails_purse(org, limits, (int64_t)n * 3, e) < 0 || crm_ask(org->zoho, text, n, rows, e) < 0) {
        for (size_t i = 0; i < n; i++)
            json_decref(rows[i]);
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        if (rows[i])
            readings_count(part(modules, q[i].module), q[i].fields, rows[i]);
        json_decref(rows[i]);
    }
    return 0;
}

/* Fields that none of the newest records fills, in modules that have more: is one anywhere? */
static void doubts(struct questions *q, const struct snapshot *s, const json_t *modules)
{
    const char *module, *field;
    json_t *m, *n;
    json_object_foreach ((json_t *)(uintptr_t)modules, module, m)
        json_object_foreach (js_obj(m, "filled"), field, n) {
            const json_t *f = org_field(s, module, field);
            if (json_integer_value(n) || js_bool(m, "all", false) || js_int(m, "rows", 0) < ROWS_MIN ||
                !js_bool(f, "custom_field", false) || !strcmp(js_str_or(f, "data_type", ""), "textarea"))
                continue;
            struct question one = {mem_dup(module), NULL, json_array()};
            one.text = mem_printf("select id from %s where %s is not null limit 0, 1", module, field);
            json_array_append(one.fields, (json_t *)(uintptr_t)f);
            VEC_PUSH(q->item, q->n, q->cap, one);
        }
}

static int ask_doubts(struct org *org, const json_t *limits, const struct questions *q, json_t *modules, struct err *e)
{
    for (size_t at = 0; at < q->n; at += BATCH) {
        size_t n = q->n - at < BATCH ? q->n - at : BATCH;
        const char *text[BATCH];
        json_t *rows[BATCH] = {0};
        for (size_t i = 0; i < n; i++)
            text[i] = q->item[at + i].text;
        int rc = rails_purse(org, limits, (int64_t)n, e) < 0 ? -1 : crm_ask(org->zoho, text, n, rows, e);
        for (size_t i = 0; i < n; i++) {
            const char *field = js_str_or(json_array_get(q->item[at + i].fields, 0), "api_name", "");
            if (rc == 0 && rows[i])
                js_set_bool(part(js_obj(modules, q->item[at + i].module), "anywhere"), field,
                            json_array_size(rows[i]) > 0);
            json_decref(rows[i]);
        }
        if (rc < 0)
            return -1;
    }
    return 0;
}

static int ask_runs(struct app *a, struct org *org, const json_t *limits, const struct snapshot *s, json_t *runs,
                    struct err *e)
{
    const json_t *rules = snapshot_get(s, "workflow_rules");
    int64_t now = a->clock.now_s(a->clock.ctx);
    size_t all = json_array_size(rules);
    for (size_t at = 0; at < all; at += BATCH) {
        size_t n = all - at < BATCH ? all - at : BATCH;
        const char *id[BATCH];
        int64_t count[BATCH] = {0};
        for (size_t i = 0; i < n; i++)
            id[i] = js_str_or(json_array_get(rules, at + i), "id", "");
        if (rails_purse(org, limits, (int64_t)n, e) < 0 ||
            crm_rule_runs(org->zoho, id, n, now - (int64_t)RUNS_DAYS * DAY_S, now, count, e) < 0)
            return -1;
        for (size_t i = 0; i < n; i++)
            js_set_int(runs, id[i], count[i]);
    }
    return 0;
}

static int keep(struct app *a, const char *org, const json_t *readings, struct err *e)
{
    AUTO_FREE char *rel = mem_printf("audit/%s.readings.json", org);
    AUTO_FREE char *text = js_pretty(readings, e);
    return text ? fs_write_in(&a->project->zagent, rel, text, strlen(text), 0600, e) : -1;
}

json_t *readings_kept(const struct app *a, const char *org)
{
    AUTO_FREE char *path = mem_printf("%s/audit/%s.readings.json", a->project->zagent.path, org);
    struct err quiet = {0};
    return fs_exists(path) ? js_load(path, &quiet) : NULL;
}

int readings_take(struct app *a, struct org *org, const struct snapshot *s, json_t **out, struct err *e)
{
    struct questions q = {0}, more = {0};
    AUTO_JSON json_t *limits = rails_limits(a->project->conf.root, NULL, e);
    json_t *r = json_object(), *modules = json_object(), *runs = json_object();
    js_set_str(r, "schema", "zagent.audit-readings/1");
    js_set_int(r, "at", a->clock.now_s(a->clock.ctx));
    js_set_int(r, "runs_days", RUNS_DAYS);
    js_set(r, "modules", modules);
    js_set(r, "runs", runs);
    int rc = limits ? 0 : -1;
    all_questions(&q, s);
    for (size_t at = 0; rc == 0 && at < q.n; at += BATCH)
        rc = ask_batch(org, limits, q.item + at, q.n - at < BATCH ? q.n - at : BATCH, modules, e);
    if (rc == 0) {
        doubts(&more, s, modules);
        rc = ask_doubts(org, limits, &more, modules, e);
    }
    if (rc == 0)
        rc = ask_runs(a, org, limits, s, runs, e);
    if (rc == 0)
        rc = keep(a, org->name, r, e);
    release(&q);
    release(&more);
    *out = rc == 0 ? json_incref(r) : NULL;
    json_decref(r);
    return rc;
}
