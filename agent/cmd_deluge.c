/* agent/cmd_deluge.c — deluge explain, fmt. */
#include "agent/command_deluge.h"
#include "agent/deluge_files.h"
#include "deluge/format.h"
#include "deluge/parse.h"
#include "deluge/rules.h"

const struct opt deluge_fmt_opts[] = {
    {"check", 0, OPT_FLAG, NULL, "change nothing; say which files would change"},
    {0},
};

/* ── explain ── */

int cmd_deluge_explain(struct app *a, struct err *e)
{
    const struct dg_rule *r = dg_rule_find(a->args[0]);
    if (!r) {
        err_set(e, ERR_NOT_FOUND, "no rule is called '%s'", a->args[0]);
        return err_fix(e, "see docs/DELUGE-RULES.md for all rules; they are called DL000 to DL099");
    }
    js_set_str(a->data, "rule", r->id);
    js_set_str(a->data, "level", dg_level_name(r->level));
    js_set_str(a->data, "title", r->title);
    js_set_str(a->data, "reason", r->reason);
    js_set_str(a->data, "fix", r->fix);
    js_set_str(a->data, "source", r->source);
    app_print(a, "%s (%s): %s\n\n%s\n\nFix: %s\nSource: %s\n", r->id, dg_level_name(r->level), r->title, r->reason,
              r->fix, r->source);
    if (strcmp(r->id, "DL008") > 0 && strcmp(r->id, "DL097") < 0)
        app_print(a, "Suppress one finding: // zagent:ignore %s because …\n", r->id);
    return 0;
}

/* ── fmt ── */

/* Replaces the file as a whole, through its folder. */
static int replace(const char *path, const struct sb *text, struct err *e)
{
    const char *slash = strrchr(path, '/');
    AUTO_FREE char *dir = slash ? mem_dupn(path, slash == path ? 1 : (size_t)(slash - path)) : mem_dup(".");
    struct fs_root root;
    if (fs_root_open(&root, dir, false, 0755, e) < 0)
        return -1;
    int rc = fs_write_in(&root, slash ? slash + 1 : path, text->buf, text->len, 0644, e);
    fs_root_close(&root);
    return rc;
}

/* 1 when the text changes; what it becomes goes into out. */
static int format_text(struct app *a, const char *path, const char *text, size_t len, struct sb *out, struct err *e)
{
    struct dg_script s;
    struct dg_diags d = {0};
    int rc = 0;
    if (!dg_parse(&s, path, text, len, &d)) {
        for (size_t i = 0; i < d.n; i++) {
            AUTO_SB struct sb b = SB_INIT(1 << 20);
            dg_diag_render(&s, &d.item[i], &b);
            app_print(a, "%s", b.buf);
        }
        err_set(e, ERR_PARSE, "a script with mistakes cannot be formatted");
        err_at(e, "%s:%u:%u", path, d.item[0].span.line, d.item[0].span.col);
        rc = err_fix(e, "run 'zagent deluge check %s' and mend what it reports", path);
    } else {
        rc = dg_format(&s, out, e);
    }
    dg_script_release(&s);
    dg_diags_release(&d);
    return rc < 0 ? -1 : out->len != len || memcmp(out->buf, text, len) != 0;
}

static int format_file(struct app *a, const struct deluge_files *f, size_t i, bool check, json_t *changed,
                       struct err *e)
{
    AUTO_FREE char *text = NULL;
    AUTO_SB struct sb out = SB_INIT((size_t)SCRIPT_MAX * 4);
    size_t len;
    const char *path = f->path[i];
    bool input = deluge_files_is_input(f, i);
    if (deluge_files_read(f, i, &text, &len, e) < 0)
        return -1;
    int rc = format_text(a, path, text, len, &out, e);
    if (rc >= 0 && input && !check)
        app_write(a, out.buf);
    if (rc <= 0)
        return rc;
    js_push_str(changed, path);
    if (check || !input)
        app_print(a, "%s %s\n", check ? "would change" : "formatted", path);
    return check || input ? 0 : replace(path, &out, e);
}

int cmd_deluge_fmt(struct app *a, struct err *e)
{
    bool check = app_flag(a, "check");
    json_t *changed = json_array();
    struct deluge_files f = {0};
    js_set(a->data, "changed", changed);
    int rc = deluge_files_find(&f, a->args, a->n_args, e);
    for (size_t i = 0; i < f.n && rc == 0; i++)
        rc = format_file(a, &f, i, check, changed, e);
    if (rc == 0 && check && json_array_size(changed)) {
        err_set(e, ERR_FINDINGS, "%zu of %zu files are not in the editor's layout", json_array_size(changed), f.n);
        rc = err_fix(e, "run 'zagent deluge fmt' with the same files");
    }
    deluge_files_release(&f);
    return rc;
}
