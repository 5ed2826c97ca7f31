/* agent/cmd_deluge_check.c — deluge check. */
#include <limits.h>
#include <unistd.h>

#include "agent/command_deluge.h"
#include "agent/deluge_files.h"
#include "agent/deluge_meta.h"
#include "agent/version.h"
#include "deluge/check.h"
#include "deluge/library.h"
#include "deluge/parse.h"

const struct opt deluge_check_opts[] = {
    {"metadata", 0, OPT_TEXT, "SNAPSHOT", "folder of an org's snapshot: checks module, field and picklist names"},
    {"format", 0, OPT_TEXT, "FORMAT", "text (default), json or sarif"},
    {"syntax-only", 0, OPT_FLAG, NULL, "only whether each file can be read; exit code 2 if not"},
    {"all-functions", 0, OPT_FLAG, NULL, "the files are every function of the org: a call of any other is reported"},
    {0},
};

struct checking {
    const struct deluge_files *files;
    struct dg_check_options o;
    struct dg_library library;
    bool syntax_only, text;
    json_t *findings, *sarif;
    size_t errors, warnings, notes, broken, unread;
    struct err first_unread;
};

/* ── First round: what each script declares, so that calls between them can be checked ── */

static void collect(struct checking *k)
{
    for (size_t i = 0; i < k->files->n && !k->syntax_only; i++) {
        AUTO_FREE char *text = NULL;
        size_t len;
        struct err ignored = {0};
        struct dg_script s;
        struct dg_diags d = {0};
        if (deluge_files_read(k->files, i, &text, &len, &ignored) < 0) /* told in the second round */
            continue;
        if (dg_parse(&s, k->files->path[i], text, len, &d))
            dg_library_add(&k->library, &s);
        dg_script_release(&s);
        dg_diags_release(&d);
    }
}

/* ── Second round ── */

static void print_findings(struct app *a, const struct dg_script *s, const struct dg_diags *d)
{
    for (size_t i = 0; i < d->n; i++) {
        AUTO_SB struct sb b = SB_INIT(1 << 20);
        dg_diag_render(s, &d->item[i], &b);
        app_print(a, "%s", b.buf);
    }
}

/* The others are checked all the same; the first such file is told at the end, as the error. */
static void unread(struct app *a, struct checking *k, const struct err *why)
{
    if (k->unread++)
        app_warn(a, "%s", why->what);
    else
        k->first_unread = *why;
}

/* Code scanning wants a path below the repository, where such a run starts. */
static const char *below_here(const char *path)
{
    char here[PATH_MAX];
    size_t n = *path == '/' && getcwd(here, sizeof here) ? strlen(here) : 0;
    return n && strncmp(path, here, n) == 0 && path[n] == '/' ? path + n + 1 : path;
}

static void check_file(struct app *a, struct checking *k, size_t i)
{
    AUTO_FREE char *text = NULL;
    size_t len;
    struct err why = {0};
    struct dg_script s;
    struct dg_diags d = {0};
    if (deluge_files_read(k->files, i, &text, &len, &why) < 0) {
        unread(a, k, &why);
        return;
    }
    bool sound = dg_parse(&s, k->files->path[i], text, len, &d);
    if (sound && !k->syntax_only)
        dg_check(&s, &k->o, &d);
    k->broken += !sound;
    k->errors += d.errors;
    k->warnings += d.warnings;
    k->notes += d.notes;
    AUTO_JSON json_t *rows = dg_diags_json(&s, &d);
    json_array_extend(k->findings, rows);
    if (k->sarif)
        dg_sarif_add(k->sarif, &s, below_here(k->files->path[i]), &d);
    if (k->text)
        print_findings(a, &s, &d);
    dg_script_release(&s);
    dg_diags_release(&d);
}

static int write_json(struct app *a, const json_t *j, struct err *e)
{
    AUTO_FREE char *text = js_pretty(j, e);
    if (!text)
        return -1;
    app_write(a, text);
    return 0;
}

static const char *s_of(size_t n)
{
    return n == 1 ? "" : "s";
}

static int verdict(struct app *a, const struct checking *k, struct err *e)
{
    size_t n = k->files->n;
    js_set_int(a->data, "files", (int64_t)n);
    js_set_int(a->data, "errors", (int64_t)k->errors);
    js_set_int(a->data, "warnings", (int64_t)k->warnings);
    js_set_int(a->data, "notes", (int64_t)k->notes);
    js_set(a->data, "findings", json_incref(k->findings));
    if (k->broken) {
        if (k->unread)
            app_warn(a, "%s", k->first_unread.what);
        return err_set(e, ERR_PARSE, "%zu of %zu file%s cannot be read as Deluge", k->broken, n, s_of(n));
    }
    if (k->unread) {
        *e = k->first_unread;
        return -1;
    }
    if (!k->syntax_only && k->errors + k->warnings) {
        err_set(e, ERR_FINDINGS, "%zu error%s, %zu warning%s, %zu note%s", k->errors, s_of(k->errors), k->warnings,
                s_of(k->warnings), k->notes, s_of(k->notes));
        return err_fix(e, "run 'zagent deluge explain RULE' for the reason behind a rule");
    }
    app_say(a, "%zu file%s, nothing to mend, %zu note%s\n", n, s_of(n), k->notes, s_of(k->notes));
    return 0;
}

static int check_all(struct app *a, struct checking *k, const struct deluge_files *files, struct err *e)
{
    bool sarif = strcmp(app_text(a, "format", "text"), "sarif") == 0;
    AUTO_JSON json_t *findings = k->findings = json_array();
    AUTO_JSON json_t *log = k->sarif = sarif ? dg_sarif_new(ZAGENT_VERSION) : NULL;
    k->files = files;
    k->library.complete = app_flag(a, "all-functions");
    k->o.library = &k->library;
    collect(k);
    for (size_t i = 0; i < files->n; i++)
        check_file(a, k, i);
    if (!k->text && !a->json && write_json(a, sarif ? log : findings, e) < 0)
        return -1;
    if (sarif)
        js_set(a->data, "sarif", json_incref(log));
    return verdict(a, k, e);
}

int cmd_deluge_check(struct app *a, struct err *e)
{
    const char *format = app_text(a, "format", "text"), *dir = app_text(a, "metadata", NULL);
    struct checking k = {.syntax_only = app_flag(a, "syntax-only"), .text = strcmp(format, "text") == 0};
    struct deluge_files files = {0};
    struct snapshot snapshot;
    if (!k.text && strcmp(format, "sarif") != 0 && strcmp(format, "json") != 0) {
        err_set(e, ERR_USAGE, "unknown format '%s'", format);
        return err_fix(e, "use --format text, json or sarif");
    }
    snapshot_init(&snapshot);
    int rc = dir ? snapshot_load(&snapshot, dir, e) : 0;
    if (rc == 0 && dir && !snapshot_get(&snapshot, "modules"))
        app_warn(a, "%s holds no modules.json: module names are not checked", dir);
    struct dg_meta meta = deluge_meta(&snapshot);
    k.o.meta = dir ? &meta : NULL;
    if (rc == 0)
        rc = deluge_files_find(&files, a->args, a->n_args, e);
    if (rc == 0)
        rc = check_all(a, &k, &files, e);
    dg_library_release(&k.library);
    deluge_files_release(&files);
    snapshot_release(&snapshot);
    return rc;
}
