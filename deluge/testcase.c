/* deluge/testcase.c — reads a test file and runs its cases. */
#include "deluge/testcase.h"

#include <string.h>

#include "base/text.h"
#include "deluge/parse.h"

/* A file of cases, or of the world alone. */
static const char *const file_keys[] = {"format",    "function", "inputs",    "clock",   "zone",    "user",
                                        "user_name", "admin",    "variables", "related", "records", "faults",
                                        "http",      "switches", "with",      "cases"};
enum { FILE_KEYS = sizeof file_keys / sizeof *file_keys };

static int check_keys(const struct yaml *y, const json_t *o, const char *at, const char *const *keys, size_t n,
                      struct err *e)
{
    const char *key;
    json_t *v;
    if (!json_is_object(o))
        return yaml_err(e, y, at, ERR_CONFIG, "this must be a map of keys");
    json_object_foreach ((json_t *)(uintptr_t)o, key, v) {
        bool known = false;
        for (size_t i = 0; i < n; i++)
            known |= !strcmp(key, keys[i]);
        if (known)
            continue;
        AUTO_FREE char *here = mem_printf("%s/%s", at, key);
        const char *near = text_nearest(key, keys, n);
        yaml_err(e, y, here, ERR_CONFIG, "unknown key '%s' in a function test", key);
        if (keys == file_keys && json_is_array(v))
            return err_fix(e, "if %s is a module, write its records below 'records:'", key);
        return near ? err_fix(e, "did you mean '%s'?", near) : err_fix(e, "docs/PLAYBOOKS.md lists the keys");
    }
    return 0;
}

/* The rules below faults: and http: of the file or of a case; a key that is misspelt would do nothing. */
static int check_rules(const struct yaml *y, const json_t *o, const char *at, struct err *e)
{
    static const char *const faults[] = {"task", "nth", "answer", "seconds"};
    static const char *const http[] = {"type", "url", "nth", "status", "headers", "body", "seconds"};
    static const struct {
        const char *name, *needs;
        const char *const *keys;
        size_t n;
    } lists[] = {{"faults", "task", faults, 4}, {"http", "url", http, 7}};
    for (size_t k = 0; k < 2; k++) {
        const json_t *list = json_object_get(o, lists[k].name);
        AUTO_FREE char *here = mem_printf("%s/%s", at, lists[k].name);
        if (list && !json_is_array(list))
            return yaml_err(e, y, here, ERR_CONFIG, "'%s' is a list", lists[k].name);
        for (size_t i = 0; i < json_array_size(list); i++) {
            const json_t *rule = json_array_get(list, i);
            AUTO_FREE char *one = mem_printf("%s/%zu", here, i);
            if (check_keys(y, rule, one, lists[k].keys, lists[k].n, e) < 0)
                return -1;
            if (!js_str(rule, lists[k].needs))
                return yaml_err(e, y, one, ERR_CONFIG, "'%s' is missing", lists[k].needs);
        }
    }
    return 0;
}

static int check_limits(const struct dg_suite *s, const json_t *limits, const char *at, struct err *e)
{
    static const char *const keys[] = {"api_calls", "statements", "mails", "http", "seconds"};
    const char *key;
    json_t *v;
    if (!limits)
        return 0;
    if (check_keys(&s->y, limits, at, keys, sizeof keys / sizeof *keys, e) < 0)
        return -1;
    json_object_foreach ((json_t *)(uintptr_t)limits, key, v) {
        AUTO_FREE char *here = mem_printf("%s/%s", at, key);
        if (!json_is_integer(v) || json_integer_value(v) < 0)
            return yaml_err(e, &s->y, here, ERR_CONFIG, "a limit is a whole number");
    }
    return 0;
}

static int check_case(const struct dg_suite *s, const json_t *c, size_t i, struct err *e)
{
    static const char *const keys[] = {"name",   "input",     "records", "remove",  "faults",  "http",
                                       "expect", "limits",    "clock",   "zone",    "user",    "user_name",
                                       "admin",  "variables", "inputs",  "related", "switches"};
    static const char *const expect[] = {"return", "error", "writes", "mails", "http", "info"};
    AUTO_FREE char *at = mem_printf("/cases/%zu", i), *at_expect = mem_printf("%s/expect", at);
    AUTO_FREE char *at_limits = mem_printf("%s/limits", at);
    if (check_keys(&s->y, c, at, keys, sizeof keys / sizeof *keys, e) < 0)
        return -1;
    if (!js_str(c, "name"))
        return yaml_err(e, &s->y, at, ERR_CONFIG, "a case has no name");
    if (json_object_get(c, "expect") &&
        check_keys(&s->y, json_object_get(c, "expect"), at_expect, expect, sizeof expect / sizeof *expect, e) < 0)
        return -1;
    if (check_rules(&s->y, c, at, e) < 0)
        return -1;
    return check_limits(s, json_object_get(c, "limits"), at_limits, e);
}

int dg_world_check(const struct yaml *y, struct err *e)
{
    return check_keys(y, y->root, "", file_keys, FILE_KEYS, e) < 0 ? -1 : check_rules(y, y->root, "", e);
}

int dg_suite_read(struct dg_suite *s, const char *text, size_t len, const char *name, struct err *e)
{
    memset(s, 0, sizeof *s);
    if (yaml_parse(&s->y, text, len, name, e) < 0)
        return -1;
    const json_t *cases = js_arr(s->y.root, "cases");
    int rc = check_keys(&s->y, s->y.root, "", file_keys, FILE_KEYS, e);
    if (rc == 0 && js_int(s->y.root, "format", 0) != 1)
        rc = yaml_err(e, &s->y, "/format", ERR_CONFIG, "a function test begins with 'format: 1'");
    if (rc == 0)
        rc = check_rules(&s->y, s->y.root, "", e);
    if (rc == 0 && !json_array_size(cases))
        rc = yaml_err(e, &s->y, "/cases", ERR_CONFIG, "a function test needs cases");
    for (size_t i = 0; rc == 0 && i < json_array_size(cases); i++)
        rc = check_case(s, json_array_get(cases, i), i, e);
    s->function = mem_dup(rc == 0 ? js_str_or(s->y.root, "function", "") : "");
    if (rc < 0)
        dg_suite_release(s);
    return rc;
}

void dg_suite_release(struct dg_suite *s)
{
    yaml_release(&s->y);
    free(s->function);
    memset(s, 0, sizeof *s);
}

/* ── Running ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static int read_script(struct dg_script *script, const char *file, const char *text, struct err *e)
{
    struct dg_diags d = {0};
    int rc = 0;
    if (!dg_parse(script, file, text, strlen(text), &d)) {
        for (size_t i = 0; i < d.n && rc == 0; i++)
            if (d.item[i].level == DG_ERROR) {
                rc = err_set(e, ERR_PARSE, "%s", d.item[i].message);
                err_at(e, "%s:%u:%u", file, d.item[i].span.line, d.item[i].span.col);
                if (d.item[i].fix)
                    err_fix(e, "%s", d.item[i].fix);
            }
        dg_script_release(script);
    }
    dg_diags_release(&d);
    return rc;
}

static int load(struct dg_script *script, const char *file, dg_source_fn source, void *ctx, const json_t *inputs,
                struct err *e)
{
    AUTO_FREE char *text = NULL;
    return source(ctx, inputs, &text, e) < 0 ? -1 : read_script(script, file, text, e);
}

/* The scripts that stand by; all released by drop_library, also after a failure. */
struct library {
    struct dg_script *script;
    size_t n;
};

static int read_library(const struct dg_suite *s, struct library *l, struct err *e)
{
    *l = (struct library){.script = mem_zalloc((s->n_with + 1) * sizeof *l->script)};
    for (; l->n < s->n_with; l->n++)
        if (read_script(&l->script[l->n], s->with[l->n].file, s->with[l->n].text, e) < 0)
            return -1;
    return 0;
}

static void drop_library(struct library *l)
{
    while (l->n > 0)
        dg_script_release(&l->script[--l->n]);
    free(l->script);
}

static int set_switches(struct dg_switches *sw, const json_t *list, struct err *e)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (dg_switch_set(sw, json_is_string(json_array_get(list, i)) ? json_string_value(json_array_get(list, i)) : "",
                          e) < 0)
            return -1;
    return 0;
}

/* What the cases of a file share. */
struct running {
    const struct dg_suite *suite;
    struct library library;
    dg_source_fn source;
    void *ctx;
};

/* One case; what went wrong stands in `why`. */
static void run_case(const struct running *g, const json_t *c, const struct dg_script *script, struct dg_cover *cover,
                     struct dg_case_result *out, struct sb *why)
{
    const struct dg_suite *s = g->suite;
    struct dg_world w;
    struct dg_run r;
    struct dv result = {0};
    struct err e = {0};
    if (dg_world_init(&w, s->y.root, c, &e) < 0) {
        sb_addf(why, "%s\n", e.what);
        return;
    }
    dg_run_init(&r, &w.host);
    r.cover = cover;
    for (size_t i = 0; i < g->library.n; i++)
        dg_run_library(&r, &g->library.script[i]);
    if (set_switches(&r.sw, json_object_get(s->y.root, "switches"), &e) < 0 ||
        set_switches(&r.sw, json_object_get(c, "switches"), &e) < 0) {
        sb_addf(why, "%s\n", e.what);
    } else {
        const json_t *given = json_object_get(c, "input");
        struct dv in = given ? dg_world_value(&r.arena, given) : dv_box_new(&r.arena, DV_MAP);
        bool ok = dg_run_call(&r, script, script->n_functions && *s->function ? s->function : NULL, in, &result);
        dg_expect(&r, ok, result, json_object_get(c, "expect"), json_object_get(c, "limits"), why);
    }
    out->count = r.count;
    dg_run_release(&r);
    dg_world_release(&w);
}

static int run_one(const struct running *g, size_t i, const struct dg_script *base, struct dg_cover *cover,
                   struct dg_results *out, struct err *e)
{
    const struct dg_suite *s = g->suite;
    const json_t *c = json_array_get(js_arr(s->y.root, "cases"), i), *own = json_object_get(c, "inputs");
    struct dg_case_result row = {.name = mem_dup(js_str_or(c, "name", ""))};
    struct dg_script other;
    AUTO_SB struct sb why = SB_INIT(1 << 20);
    AUTO_FREE char *at = mem_printf("/cases/%zu", i);
    int col, rc = 0;
    yaml_where(&s->y, at, &row.line, &col);
    if (own) {
        AUTO_JSON json_t *inputs = json_object();
        if (js_obj(s->y.root, "inputs"))
            json_object_update(inputs, js_obj(s->y.root, "inputs"));
        json_object_update(inputs, (json_t *)(uintptr_t)own);
        rc = load(&other, base->file, g->source, g->ctx, inputs, e);
    }
    if (rc == 0)
        run_case(g, c, own ? &other : base, own ? NULL : cover, &row, &why);
    if (own && rc == 0)
        dg_script_release(&other);
    if (why.len) {
        sb_truncate(&why, why.len - 1);
        row.why = mem_dup(why.buf);
    }
    out->passed += !row.why && rc == 0;
    VEC_PUSH(out->item, out->n, out->cap, row);
    return rc;
}

int dg_suite_run(const struct dg_suite *s, const char *file, dg_source_fn source, void *ctx, struct dg_results *out,
                 struct err *e)
{
    struct dg_script script;
    struct dg_cover cover;
    struct running g = {.suite = s, .source = source, .ctx = ctx};
    memset(out, 0, sizeof *out);
    out->file = mem_dup(file);
    int rc = load(&script, file, source, ctx, js_obj(s->y.root, "inputs"), e);
    if (rc < 0)
        return -1;
    rc = read_library(s, &g.library, e);
    dg_cover_init(&cover, &script);
    for (size_t i = 0; rc == 0 && i < json_array_size(js_arr(s->y.root, "cases")); i++)
        rc = run_one(&g, i, &script, &cover, out, e);
    dg_results_cover(out, &cover);
    dg_cover_release(&cover);
    drop_library(&g.library);
    dg_script_release(&script);
    return rc;
}

void dg_results_release(struct dg_results *r)
{
    for (size_t i = 0; i < r->n; i++) {
        free(r->item[i].name);
        free(r->item[i].why);
    }
    free(r->item);
    free(r->line);
    free(r->branch);
    free(r->file);
    memset(r, 0, sizeof *r);
}
