/* agent/cmd_deluge.c — deluge check, explain, fmt. */
#include "agent/command_deluge.h"
#include "agent/deluge_meta.h"
#include "agent/version.h"
#include "deluge/check.h"
#include "deluge/format.h"
#include "deluge/parse.h"
#include "deluge/rules.h"

const struct opt deluge_check_opts[] = {
    {"metadata", 0, OPT_TEXT, "SNAPSHOT", "folder of an org's snapshot: checks module, field and picklist names"},
    {"format", 0, OPT_TEXT, "FORMAT", "text (default), json or sarif"},
    {"syntax-only", 0, OPT_FLAG, NULL, "only whether each file can be read; exit code 2 if not"},
    {0},
};
const struct opt deluge_fmt_opts[] = {
    {"check", 0, OPT_FLAG, NULL, "change nothing; say which files would change"},
    {0},
};

enum { SCRIPT_MAX = 64 << 20 };

/* ── check ── */

struct checking {
    const struct dg_meta *meta;
    bool syntax_only, text;
    json_t *findings, *sarif;
    size_t errors, warnings, notes, broken;
};

static void print_findings(struct app *a, const struct dg_script *s, const struct dg_diags *d)
{
    for (size_t i = 0; i < d->n; i++) {
        AUTO_SB struct sb b = SB_INIT(1 << 20);
        dg_diag_render(s, &d->item[i], &b);
        app_print(a, "%s", b.buf);
    }
}

static int check_file(struct app *a, struct checking *k, const char *path, struct err *e)
{
    AUTO_FREE char *text = NULL;
    size_t len;
    struct dg_script s;
    struct dg_diags d = {0};
    if (fs_read(path, SCRIPT_MAX, &text, &len, e) < 0)
        return -1;
    struct dg_check_options o = {k->meta};
    bool sound = dg_parse(&s, path, text, len, &d);
    if (sound && !k->syntax_only)
        dg_check(&s, &o, &d);
    k->broken += !sound;
    k->errors += d.errors;
    k->warnings += d.warnings;
    k->notes += d.notes;
    AUTO_JSON json_t *rows = dg_diags_json(&s, &d);
    json_array_extend(k->findings, rows);
    if (k->sarif)
        dg_sarif_add(k->sarif, &s, &d);
    if (k->text)
        print_findings(a, &s, &d);
    dg_script_release(&s);
    dg_diags_release(&d);
    return 0;
}

static int write_json(struct app *a, const json_t *j, struct err *e)
{
    AUTO_FREE char *text = js_pretty(j, e);
    if (!text)
        return -1;
    app_write(a, text);
    return 0;
}

static int verdict(struct app *a, const struct checking *k, struct err *e)
{
    js_set_int(a->data, "files", a->n_args);
    js_set_int(a->data, "errors", (int64_t)k->errors);
    js_set_int(a->data, "warnings", (int64_t)k->warnings);
    js_set_int(a->data, "notes", (int64_t)k->notes);
    js_set(a->data, "findings", json_incref(k->findings));
    if (k->broken)
        return err_set(e, ERR_PARSE, "%zu of %d files cannot be read as Deluge", k->broken, a->n_args);
    if (!k->syntax_only && k->errors + k->warnings) {
        err_set(e, ERR_FINDINGS, "%zu errors, %zu warnings, %zu notes", k->errors, k->warnings, k->notes);
        return err_fix(e, "run 'zagent deluge explain RULE' for the reason behind a rule");
    }
    app_say(a, "%d file%s, nothing to mend, %zu notes\n", a->n_args, a->n_args == 1 ? "" : "s", k->notes);
    return 0;
}

int cmd_deluge_check(struct app *a, struct err *e)
{
    const char *format = app_text(a, "format", "text"), *dir = app_text(a, "metadata", NULL);
    struct checking k = {.syntax_only = app_flag(a, "syntax-only"), .text = strcmp(format, "text") == 0};
    struct snapshot snapshot;
    struct dg_meta meta;
    bool sarif = strcmp(format, "sarif") == 0;
    if (!k.text && !sarif && strcmp(format, "json") != 0) {
        err_set(e, ERR_USAGE, "unknown format '%s'", format);
        return err_fix(e, "use --format text, json or sarif");
    }
    snapshot_init(&snapshot);
    int rc = dir ? snapshot_load(&snapshot, dir, e) : 0;
    meta = deluge_meta(&snapshot);
    k.meta = dir ? &meta : NULL;
    AUTO_JSON json_t *findings = k.findings = json_array();
    AUTO_JSON json_t *log = k.sarif = sarif ? dg_sarif_new(ZAGENT_VERSION) : NULL;
    for (int i = 0; rc == 0 && i < a->n_args; i++)
        rc = check_file(a, &k, a->args[i], e);
    if (rc == 0 && !k.text && !a->json)
        rc = write_json(a, sarif ? log : findings, e);
    if (rc == 0 && sarif)
        js_set(a->data, "sarif", json_incref(log));
    if (rc == 0)
        rc = verdict(a, &k, e);
    snapshot_release(&snapshot);
    return rc;
}

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
    js_set_str(a->data, "source", r->source);
    app_print(a, "%s (%s): %s\n\n%s\n\nSource: %s\n", r->id, dg_level_name(r->level), r->title, r->reason, r->source);
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

static int format_file(struct app *a, const char *path, bool check, json_t *changed, struct err *e)
{
    AUTO_FREE char *text = NULL;
    AUTO_SB struct sb out = SB_INIT((size_t)SCRIPT_MAX * 4);
    size_t len;
    struct dg_script s;
    struct dg_diags d = {0};
    if (fs_read(path, SCRIPT_MAX, &text, &len, e) < 0)
        return -1;
    int rc = 0;
    if (!dg_parse(&s, path, text, len, &d)) {
        print_findings(a, &s, &d);
        err_set(e, ERR_PARSE, "a script with mistakes cannot be formatted");
        err_at(e, "%s:%u:%u", path, d.item[0].span.line, d.item[0].span.col);
        rc = err_fix(e, "run 'zagent deluge check %s' and mend what it reports", path);
    } else {
        rc = dg_format(&s, &out, e);
    }
    if (rc == 0 && (out.len != len || memcmp(out.buf, text, len) != 0)) {
        js_push_str(changed, path);
        app_print(a, "%s %s\n", check ? "would change" : "formatted", path);
        rc = check ? 0 : replace(path, &out, e);
    }
    dg_script_release(&s);
    dg_diags_release(&d);
    return rc;
}

int cmd_deluge_fmt(struct app *a, struct err *e)
{
    bool check = app_flag(a, "check");
    json_t *changed = json_array();
    js_set(a->data, "changed", changed);
    for (int i = 0; i < a->n_args; i++)
        if (format_file(a, a->args[i], check, changed, e) < 0)
            return -1;
    if (check && json_array_size(changed)) {
        err_set(e, ERR_FINDINGS, "%zu of %d files are not in the editor's layout", json_array_size(changed), a->n_args);
        return err_fix(e, "run 'zagent deluge fmt' with the same files");
    }
    return 0;
}
