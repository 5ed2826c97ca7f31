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

static int list_rules(struct app *a)
{
    json_t *rules = json_array();
    js_set(a->data, "rules", rules);
    for (size_t i = 0; i < dg_rules_n; i++) {
        const struct dg_rule *r = &dg_rules[i];
        json_t *row = json_object();
        js_set_str(row, "rule", r->id);
        js_set_str(row, "level", dg_level_name(r->level));
        js_set_str(row, "title", r->title);
        json_array_append_new(rules, row);
        app_print(a, "%s  %-7s  %s\n", r->id, dg_level_name(r->level), r->title);
    }
    return 0;
}

int cmd_deluge_explain(struct app *a, struct err *e)
{
    if (!a->n_args)
        return list_rules(a);
    const struct dg_rule *r = dg_rule_find(a->args[0]);
    if (!r) {
        err_set(e, ERR_NOT_FOUND, "no rule is called '%s'", a->args[0]);
        return err_fix(e, "'zagent deluge explain' lists them");
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

/* What a run over several files found: one script with mistakes does not keep the others from being formatted. */
struct fmt_run {
    const struct deluge_files *files;
    bool check;
    json_t *changed, *broken; /* paths; borrowed from the answer */
};

static void show(struct app *a, const struct dg_script *s, const struct dg_diags *d)
{
    for (size_t i = 0; i < d->n; i++) {
        AUTO_SB struct sb b = SB_INIT(1 << 20);
        dg_diag_render(s, &d->item[i], &b);
        app_print(a, "%s", b.buf);
    }
}

/* What the text becomes goes into out; false when it has mistakes, which are printed. */
static bool format_text(struct app *a, const char *path, const char *text, size_t len, struct sb *out)
{
    struct dg_script s;
    struct dg_diags d = {0};
    bool sound = dg_parse(&s, path, text, len, &d) && dg_format(&s, out, NULL) == 0;
    if (!sound)
        show(a, &s, &d);
    dg_script_release(&s);
    dg_diags_release(&d);
    return sound;
}

static int format_file(struct app *a, const struct fmt_run *run, size_t i, struct err *e)
{
    AUTO_FREE char *text = NULL;
    AUTO_SB struct sb out = SB_INIT((size_t)SCRIPT_MAX * 4);
    size_t len;
    const char *path = run->files->path[i];
    bool input = deluge_files_is_input(run->files, i), check = run->check;
    if (deluge_files_read(run->files, i, &text, &len, e) < 0)
        return -1;
    if (!format_text(a, path, text, len, &out)) {
        js_push_str(run->broken, path);
        return 0;
    }
    if (input && !check)
        app_write(a, out.buf);
    if (out.len == len && memcmp(out.buf, text, len) == 0)
        return 0;
    js_push_str(run->changed, path);
    if (check || !input)
        app_print(a, "%s %s\n", check ? "would change" : "formatted", path);
    return check || input ? 0 : replace(path, &out, e);
}

/* Mistakes come before layout: exit 2, then 3. */
static int verdict(const struct fmt_run *run, struct err *e)
{
    size_t broken = json_array_size(run->broken), changed = json_array_size(run->changed);
    if (broken) {
        err_set(e, ERR_PARSE, "%zu of %zu files have mistakes and cannot be formatted", broken, run->files->n);
        return err_fix(e, "mend what is shown above; 'zagent deluge check' shows it again");
    }
    if (run->check && changed) {
        err_set(e, ERR_FINDINGS, "%zu of %zu files are not in the editor's layout", changed, run->files->n);
        return err_fix(e, "run 'zagent deluge fmt' with the same files");
    }
    return 0;
}

int cmd_deluge_fmt(struct app *a, struct err *e)
{
    struct deluge_files f = {0};
    struct fmt_run run = {&f, app_flag(a, "check"), json_array(), json_array()};
    js_set(a->data, "changed", run.changed);
    js_set(a->data, "broken", run.broken);
    int rc = deluge_files_find(&f, a->args, a->n_args, e);
    for (size_t i = 0; i < f.n && rc == 0; i++)
        rc = format_file(a, &run, i, e);
    if (rc == 0)
        rc = verdict(&run, e);
    deluge_files_release(&f);
    return rc;
}
