/* agent/review/manifest.c — `reviews:` of a playbook with its tables taken from the inputs. */
#include "agent/playbook_keys.h"
#include "agent/review/review.h"

static int bad(const struct playbook *pb, const char *at, const char *key, struct err *e, const char *what,
               const char *name)
{
    AUTO_FREE char *here = mem_printf("%s/%s", at, key);
    return yaml_err(e, &pb->y, here, ERR_CONFIG, "%s '%.80s'", what, name);
}

/* The table input that a key names: borrowed; NULL with e. */
static const json_t *table_of(const struct playbook *pb, const json_t *decl, const char *key, const char *at,
                              struct err *e)
{
    const char *name = js_str_or(decl, key, "");
    const json_t *rows = json_object_get(pb->data, name);
    if (json_is_array(rows))
        return rows;
    bad(pb, at, key, e, "there is no table among the inputs called", name);
    return NULL;
}

/* The cells of a column, in order, each once: under the name of the key instead of the table's. */
static int column_of(const struct playbook *pb, const json_t *decl, const char *at, const char *table, const char *key,
                     json_t *out, struct err *e)
{
    const json_t *rows = table_of(pb, decl, table, at, e);
    const char *column = js_str_or(decl, key, key);
    json_t *list = json_array(), *row;
    size_t i;
    js_set(out, table, list);
    json_array_foreach (rows, i, row) {
        if (!js_str(row, column))
            return bad(pb, at, key, e, "the table has no column", column);
        js_array_add_unique(list, js_str(row, column));
    }
    return rows ? 0 : -1;
}

/* What helps to choose, by value. */
static void add_hints(const struct playbook *pb, const json_t *decl, json_t *out)
{
    const char *value = js_str_or(decl, "value", "value"), *hint = js_str_or(decl, "hint", "");
    json_t *hints = json_object(), *row;
    size_t i;
    json_array_foreach (json_object_get(pb->data, js_str_or(decl, "values", "")), i, row)
        js_set_str(hints, js_str_or(row, value, ""), js_str_or(row, hint, ""));
    js_set(out, "hints", hints);
}

static int one(const struct playbook *pb, const json_t *decl, const char *at, json_t *out, struct err *e)
{
    const json_t *rules = table_of(pb, decl, "rules", at, e);
    struct rules *compiled = rules ? rules_new(rules, e) : NULL;
    rules_free(compiled);
    if (!compiled)
        return -1;
    js_set_str(out, "playbook", pb->name);
    js_set(out, "rules", json_deep_copy(rules));
    if (column_of(pb, decl, at, "values", "value", out, e) < 0 ||
        column_of(pb, decl, at, "reviewers", "reviewer", out, e) < 0)
        return -1;
    add_hints(pb, decl, out);
    if (!json_array_size(js_arr(out, "reviewers")))
        return bad(pb, at, "reviewers", e, "nobody stands in the table", js_str_or(decl, "reviewers", ""));
    if (js_str(decl, "holidays")) {
        const json_t *days = table_of(pb, decl, "holidays", at, e);
        if (!days)
            return -1;
        js_set(out, "holidays", json_deep_copy(days));
    }
    return 0;
}

json_t *review_list(const struct playbook *pb, struct err *e)
{
    const json_t *list = js_arr(pb->y.root, "reviews");
    json_t *out = list ? playbook_expand(pb, list, pb->data, "/reviews", e) : json_array(), *decl;
    size_t i;
    json_array_foreach (out, i, decl) {
        AUTO_FREE char *at = mem_printf("/reviews/%zu", i);
        AUTO_JSON json_t *written = json_deep_copy(decl);
        if (one(pb, written, at, decl, e) == 0)
            continue;
        json_decref(out);
        return NULL;
    }
    return out;
}

void review_check(const struct playbook *pb, json_t *findings)
{
    struct err e = {0};
    AUTO_JSON json_t *seen = json_object();
    AUTO_JSON json_t *list = review_list(pb, &e);
    json_t *r;
    size_t i;
    if (!list)
        playbook_finding_err(findings, &e);
    json_array_foreach (list, i, r) {
        AUTO_FREE char *at = mem_printf("/reviews/%zu", i);
        const char *id = js_str_or(r, "id", "");
        if (json_object_get(seen, id))
            playbook_finding(findings, &pb->y, at, "error", "give it another id", "two reviews are called '%s'", id);
        js_set_bool(seen, id, true);
        if (!json_array_size(js_arr(r, "values")))
            playbook_finding(findings, &pb->y, at, "error", "fill the table in", "review '%s' has no value to choose",
                             id);
        json_t *rule;
        size_t k;
        json_array_foreach (js_arr(r, "rules"), k, rule) {
            const char *value = js_str_or(rule, "value", ""), *reviewer = js_str_or(rule, "reviewer", "");
            if (*value && !js_array_has(js_arr(r, "values"), value))
                playbook_finding(findings, &pb->y, at, "error", "write one of the values",
                                 "the rule in line %d proposes '%s', which is no value of review '%s'",
                                 (int)js_int(rule, "@line", 0), value, id);
            if (*reviewer && !js_array_has(js_arr(r, "reviewers"), reviewer))
                playbook_finding(findings, &pb->y, at, "error", "write one of the reviewers",
                                 "the rule in line %d names '%s', who reviews nothing in '%s'",
                                 (int)js_int(rule, "@line", 0), reviewer, id);
        }
    }
}
