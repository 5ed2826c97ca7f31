/* agent/check_expect.c — what a check may expect: values, buttons, numbers of records, mails. */
#include <math.h>

#include "agent/check_parts.h"

enum { COUNT_PAGES = 10 };

/* ---- values ---- */

static bool number_of(const json_t *v, double *out)
{
    const char *t = json_string_value(v);
    char *end = NULL;
    if (json_is_number(v)) {
        *out = json_number_value(v);
        return true;
    }
    *out = t ? strtod(t, &end) : 0;
    return t && *t && *end == '\0';
}

static bool is_empty(const json_t *v)
{
    return !v || json_is_null(v) || (json_is_string(v) && !*json_string_value(v)) ||
           (json_is_array(v) && json_array_size(v) == 0);
}

static const char *text_of(const json_t *v)
{
    return json_is_object(v) ? js_str_or(v, "name", "") : json_is_string(v) ? json_string_value(v) : "";
}

bool check_same(const json_t *have, const json_t *want)
{
    const char *w = json_string_value(want);
    double a, b;
    if (w && (!strcmp(w, "$any") || !strcmp(w, "$empty")))
        return is_empty(have) == !strcmp(w, "$empty");
    if (json_is_object(want) && js_str(want, "contains"))
        return strstr(text_of(have), js_str(want, "contains")) != NULL;
    if (json_is_object(want) && js_str(want, "starts_with"))
        return !strncmp(text_of(have), js_str(want, "starts_with"), strlen(js_str(want, "starts_with")));
    if (json_is_object(want) && js_str(want, "not"))
        return strcmp(text_of(have), js_str(want, "not")) != 0;
    if (json_is_object(want) && js_str(want, "id"))
        return !strcmp(js_str_or(have, "id", ""), js_str(want, "id"));
    if (json_is_false(want) && is_empty(have))
        return true; /* a box never ticked */
    if (!json_is_boolean(want) && number_of(want, &a) && number_of(have, &b))
        return fabs(a - b) < 1e-9;
    if (w && json_is_object(have))
        return !strcmp(w, text_of(have));
    return json_is_null(want) ? is_empty(have) : json_equal(have, want);
}

static char *shown(const json_t *v)
{
    char *text = v ? json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(12)) : NULL;
    return text ? text : mem_dup("absent");
}

char *check_text(const json_t *v)
{
    if (json_is_string(v) || (json_is_object(v) && js_str(v, "name")))
        return mem_dup(text_of(v));
    return is_empty(v) ? mem_dup("") : shown(v);
}

json_t *check_read(struct check_case *c, const json_t *key, const char *user)
{
    AUTO_FREE char *url =
        mem_printf("/crm/v8/%s/%s", check_module(c, js_str_or(key, "module", "")), js_str_or(key, "id", ""));
    AUTO_JSON json_t *answer = NULL;
    sandbox_call(c->sb, user, "GET", url, NULL, &answer);
    json_t *r = js_path(answer, "data[0]");
    return r ? json_incref(r) : NULL;
}

static void record(struct check_case *c, const json_t *x)
{
    const char *name = js_str_or(x, "record", ""), *k;
    const json_t *key = check_key(c, name);
    json_t *want, *hidden;
    size_t i;
    if (!key)
        return;
    AUTO_FREE char *user = check_user(c, x);
    AUTO_JSON json_t *have = check_read(c, key, user);
    AUTO_JSON json_t *values = check_values(c, js_str_or(key, "module", ""), js_obj(x, "has"));
    if (!have) {
        check_differs(c, "%s cannot be read", name);
        return;
    }
    json_object_foreach (values, k, want) {
        AUTO_FREE char *is = shown(json_object_get(have, k)), *wanted = shown(want);
        if (!check_same(json_object_get(have, k), want))
            check_differs(c, "%s: %s is %.300s, expected %.300s", name, k, is, wanted);
    }
    json_array_foreach (js_arr(x, "hidden"), i, hidden) {
        const char *field = json_string_value(hidden);
        if (field && json_object_get(have, field))
            check_differs(c, "%s: %s is shown to %s", name, field, js_str_or(x, "by", "the administrator"));
    }
}

/* ---- buttons ---- */

static void buttons(struct check_case *c, const json_t *x)
{
    const char *name = js_str_or(x, "buttons", "");
    const json_t *key = check_key(c, name);
    json_t *t, *b;
    size_t i;
    if (!key)
        return;
    AUTO_FREE char *user = check_user(c, x);
    AUTO_JSON json_t *ways = check_buttons(c, key, user);
    AUTO_JSON json_t *offered = json_array();
    json_array_foreach (ways, i, t)
        if (js_bool(t, "criteria_matched", false))
            js_push_str(offered, js_str_or(t, "name", ""));
    json_array_foreach (js_arr(x, "offered"), i, b)
        if (!js_array_has(offered, json_string_value(b)))
            check_differs(c, "%s: '%s' is not offered", name, json_string_value(b));
    json_array_foreach (js_arr(x, "not_offered"), i, b)
        if (js_array_has(offered, json_string_value(b)))
            check_differs(c, "%s: '%s' is offered", name, json_string_value(b));
}

/* ---- how many records ---- */

static bool fits(const json_t *row, const json_t *where)
{
    const char *k;
    json_t *want;
    json_object_foreach ((json_t *)(uintptr_t)where, k, want)
        if (!check_same(json_object_get(row, k), want))
            return false;
    return true;
}

static void count(struct check_case *c, const json_t *x)
{
    const char *module = js_str_or(x, "count", ""), *k;
    AUTO_JSON json_t *where = check_values(c, module, js_obj(x, "where"));
    AUTO_SB struct sb fields = SB_INIT(2000);
    json_t *v, *row;
    size_t i, n = 0;
    sb_add(&fields, "id");
    json_object_foreach (where, k, v)
        sb_addf(&fields, ",%s", k);
    for (int page = 1; page <= COUNT_PAGES; page++) {
        AUTO_FREE char *url =
            mem_printf("/crm/v8/%s?fields=%s&per_page=200&page=%d", check_module(c, module), fields.buf, page);
        AUTO_JSON json_t *answer = NULL;
        sandbox_call(c->sb, NULL, "GET", url, NULL, &answer);
        json_array_foreach (js_arr(answer, "data"), i, row)
            n += fits(row, where);
        if (!js_bool(js_obj(answer, "info"), "more_records", false))
            break;
    }
    if ((int64_t)n != js_int(x, "is", 0)) {
        AUTO_FREE char *which = shown(where);
        check_differs(c, "%zu records of %s with %.300s, expected %lld", n, module, which,
                      (long long)js_int(x, "is", 0));
    }
}

/* ---- mails ---- */

static bool goes_to(const json_t *mail, const char *who)
{
    const json_t *to = json_object_get(mail, "to");
    return !who || js_array_has(to, who) || (json_is_string(to) && strstr(json_string_value(to), who));
}

static bool holds(const json_t *mail, const char *key, const char *part)
{
    return !part || strstr(js_str_or(mail, key, ""), part);
}

/* Those of this case that fit; without "is" one at least. */
static void mail(struct check_case *c, const json_t *x)
{
    AUTO_JSON json_t *now = sandbox_happenings(c->sb);
    const json_t *what = js_obj(x, "mail"), *list = js_arr(now, "mail");
    int64_t n = 0, wanted = js_int(x, "is", -1);
    AUTO_SB struct sb seen = SB_INIT(600);
    for (size_t i = json_array_size(js_arr(c->before, "mail")); i < json_array_size(list); i++) {
        const json_t *m = json_array_get(list, i);
        n += goes_to(m, js_str(what, "to")) && holds(m, "subject", js_str(what, "subject")) &&
             /* a template's text, or what a script sent */
             (holds(m, "content", js_str(what, "text")) || holds(m, "message", js_str(what, "text")));
        sb_addf(&seen, "; \"%.80s\"", js_str_or(m, "subject", ""));
    }
    AUTO_FREE char *which = shown(what);
    if (wanted >= 0 ? n != wanted : n == 0)
        check_differs(c, "%lld mails with %.300s, expected %s%lld; sent%s", (long long)n, which,
                      wanted >= 0 ? "" : "at least ", (long long)(wanted >= 0 ? wanted : 1),
                      *seen.buf ? seen.buf + 1 : " none");
}

const struct check_verb check_expectations[] = {
    {"record", "has|hidden|by", record},
    {"buttons", "offered|not_offered|by", buttons},
    {"count", "where|is", count},
    {"mail", "is", mail},
};
const size_t check_expectations_n = sizeof check_expectations / sizeof *check_expectations;

void check_expect_all(struct check_case *c, const json_t *list)
{
    size_t i;
    json_t *x;
    json_array_foreach (list, i, x) {
        const struct check_verb *v = check_verb_of(check_expectations, check_expectations_n, x);
        if (v)
            v->run(c, x);
    }
}
