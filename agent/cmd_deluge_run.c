/* agent/cmd_deluge_run.c — deluge run: a script on this machine, nothing leaves it. */
#include "agent/command_deluge.h"
#include "deluge/parse.h"
#include "deluge/testcase.h"

const struct opt deluge_run_opts[] = {
    {"input", 'i', OPT_LIST, "NAME=VALUE", "an argument; JSON for a list or map"},
    {"records", 0, OPT_TEXT, "FILE",
     "what the org holds: records, related, variables, clock, user as in a function test"},
    {"function", 'f', OPT_TEXT, "NAME", "which function of the file (default: the first)"},
    {"with", 0, OPT_LIST, "FILE", "another script whose functions may be called"},
    {"switch", 0, OPT_LIST, "NAME=POSITION", "a behaviour on which sources disagree (default: strict)"},
    {0},
};

enum { TRACE_MAX = 64 << 20, RECORDS_MAX = 4 << 20, MAX_WITH = 32 };

static int read_script(struct app *a, struct dg_script *s, const char *path, struct err *e)
{
    AUTO_FREE char *text = NULL;
    size_t len;
    struct dg_diags d = {0};
    if (fs_read(path, DG_MAX_SOURCE, &text, &len, e) < 0)
        return -1;
    int rc = 0;
    if (!dg_parse(s, path, text, len, &d)) {
        for (size_t i = 0; i < d.n; i++) {
            AUTO_SB struct sb b = SB_INIT(1 << 20);
            dg_diag_render(s, &d.item[i], &b);
            app_print(a, "%s", b.buf);
        }
        rc = err_set(e, ERR_PARSE, "'%s' cannot be read as Deluge", path);
        dg_script_release(s);
    }
    dg_diags_release(&d);
    return rc;
}

/* VALUE is JSON when it begins like a list or map, else text: the function's types convert it. */
static int read_inputs(struct app *a, struct dg_run *r, struct dv *inputs, struct err *e)
{
    const json_t *list = app_list(a, "input");
    *inputs = dv_box_new(&r->arena, DV_MAP);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *text = json_string_value(json_array_get(list, i)), *eq = strchr(text, '=');
        struct dv v;
        if (!eq || eq == text) {
            err_set(e, ERR_USAGE, "'%s' is no input", text);
            return err_fix(e, "write --input NAME=VALUE");
        }
        if ((eq[1] != '{' && eq[1] != '[') || !dv_from_json(&r->arena, eq + 1, strlen(eq + 1), &v))
            v = dv_text(&r->arena, eq + 1);
        dv_put(&r->arena, *inputs, dv_textn(&r->arena, text, (size_t)(eq - text)), v);
    }
    return 0;
}

static void show(struct app *a, const struct dg_run *r, const char *title, const char *key, struct dv list)
{
    json_t *rows = json_array();
    js_set(a->data, key, rows);
    for (size_t i = 0; i < list.box->n; i++) {
        AUTO_SB struct sb b = SB_INIT(TRACE_MAX);
        dv_print(&b, list.box->item[i], &r->zone);
        js_push_str(rows, b.buf);
        app_print(a, "%-7s %s\n", title, b.buf);
    }
}

static int report(struct app *a, const struct dg_run *r, bool ok, struct dv result, struct err *e)
{
    AUTO_SB struct sb b = SB_INIT(TRACE_MAX), fault = SB_INIT(1 << 20);
    show(a, r, "info", "info", r->infos);
    show(a, r, "call", "calls", r->calls);
    show(a, r, "write", "writes", r->writes);
    show(a, r, "http", "http", r->https);
    show(a, r, "mail", "mails", r->mails);
    show(a, r, "open", "opened", r->opened);
    js_set_int(a->data, "statements", (int64_t)r->count.statements);
    js_set_int(a->data, "api_calls", (int64_t)r->count.api_calls);
    if (!ok) {
        const struct dg_place *at = &r->error.stack[0];
        dg_fault_print(&r->error, &fault);
        js_set_str(a->data, "error", fault.buf);
        app_print(a, "%s\n", fault.buf);
        err_set(e, ERR_FINDINGS, "%s", r->error.message);
        return at->line ? err_at(e, "%s:%u:%u", at->file, at->line, at->col) : -1;
    }
    dv_print(&b, result, &r->zone);
    js_set_str(a->data, "return", b.buf);
    app_print(a, "return  %s\n", b.buf);
    app_say(a, "%llu statements, %llu API calls; nothing left this machine\n", (unsigned long long)r->count.statements,
            (unsigned long long)r->count.api_calls);
    return 0;
}

static int execute(struct app *a, const struct dg_script *s, const struct dg_script *with, size_t n,
                   const struct dg_world *w, struct err *e)
{
    struct dg_run r;
    struct dv inputs, result;
    const json_t *switches = app_list(a, "switch");
    dg_run_init(&r, &w->host);
    for (size_t i = 0; i < n; i++)
        dg_run_library(&r, &with[i]);
    int rc = read_inputs(a, &r, &inputs, e);
    for (size_t i = 0; rc == 0 && i < json_array_size(switches); i++)
        rc = dg_switch_set(&r.sw, json_string_value(json_array_get(switches, i)), e);
    if (rc == 0) {
        bool ok = dg_run_call(&r, s, app_text(a, "function", NULL), inputs, &result);
        rc = report(a, &r, ok, result, e);
    }
    dg_run_release(&r);
    return rc;
}

static int read_world(struct app *a, struct dg_world *w, struct err *e)
{
    const char *path = app_text(a, "records", NULL);
    AUTO_FREE char *text = NULL;
    AUTO_JSON json_t *nothing = json_object();
    struct yaml y;
    size_t len;
    if (!path)
        return dg_world_init(w, nothing, NULL, e);
    if (fs_read(path, RECORDS_MAX, &text, &len, e) < 0 || yaml_parse(&y, text, len, path, e) < 0)
        return -1;
    int rc = dg_world_check(&y, e) < 0 ? -1 : dg_world_init(w, y.root, NULL, e);
    yaml_release(&y);
    return rc;
}

int cmd_deluge_run(struct app *a, struct err *e)
{
    struct dg_script s, with[MAX_WITH];
    struct dg_world w;
    const json_t *list = app_list(a, "with");
    size_t n = 0;
    if (json_array_size(list) > MAX_WITH)
        return err_set(e, ERR_USAGE, "at most %d scripts --with", MAX_WITH);
    if (read_script(a, &s, a->args[0], e) < 0)
        return -1;
    int rc = 0;
    while (rc == 0 && n < json_array_size(list)) {
        rc = read_script(a, &with[n], json_string_value(json_array_get(list, n)), e);
        n += rc == 0;
    }
    if (rc == 0)
        rc = read_world(a, &w, e);
    if (rc == 0) {
        rc = execute(a, &s, with, n, &w, e);
        dg_world_release(&w);
    }
    while (n > 0)
        dg_script_release(&with[--n]);
    dg_script_release(&s);
    return rc;
}
