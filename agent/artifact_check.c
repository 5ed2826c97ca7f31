#include "agent/artifact_check.h"

#include "agent/deluge_meta.h"
#include "agent/deluge_planned.h"
#include "agent/deluge_tests.h"
#include "deluge/check.h"
#include "deluge/library.h"
#include "deluge/parse.h"

struct artifact_check {
    const char *kind;
    int (*check)(const struct resource *r, const struct dg_check_options *o, json_t *result, struct err *e);
};

/* False with `blocked` set when the script cannot be read, or always fails by the rules: also when it names a module, a field
 * or a related list that the org has not and the plan does not make, or calls another function of the plan wrongly. */
static bool check_script(const char *file, const char *source, const struct dg_check_options *o, json_t *result)
{
    struct dg_script s;
    struct dg_diags d = {0};
    bool sound = dg_parse(&s, file, source, strlen(source), &d);
    if (sound)
        dg_check(&s, o, &d);
    sound = sound && d.errors == 0;
    for (size_t i = 0; !sound && i < d.n; i++)
        if (d.item[i].level == DG_ERROR) {
            js_set_strf(result, "blocked", "the script would be refused: %s:%u:%u: %s %s%s%s", file,
                        d.item[i].span.line, d.item[i].span.col, d.item[i].rule, d.item[i].message,
                        d.item[i].fix ? "; " : "", d.item[i].fix ? d.item[i].fix : "");
            break;
        }
    js_set_str(result, "text", sound ? "reads well, no tests" : "script refused");
    dg_script_release(&s);
    dg_diags_release(&d);
    return sound;
}

static void check_tests(const struct resource *r, const char *file, json_t *result)
{
    struct dg_results out;
    struct err e = {0};
    if (deluge_tests_run(r->artifact, file, &out, &e) < 0) {
        js_set_str(result, "text", "tests cannot run");
        js_set_strf(result, "blocked", "its tests cannot run: %s %s", e.where, e.what);
    } else {
        js_set_strf(result, "text", "%zu/%zu tests, %d %% branches", out.passed, out.n,
                    dg_results_branch_percent(&out));
    }
    for (size_t i = 0; i < out.n; i++)
        if (out.item[i].why) {
            js_set_strf(result, "blocked", "%zu of %zu tests failed, first %s: %.*s", out.n - out.passed, out.n,
                        out.item[i].name, (int)strcspn(out.item[i].why, "\n"), out.item[i].why);
            break;
        }
    dg_results_release(&out);
}

/* A function without a source would be created empty: that is never meant. */
static int check_function(const struct resource *r, const struct dg_check_options *o, json_t *result, struct err *e)
{
    const char *source = js_str(r->artifact, "source"), *file = js_str_or(r->artifact, "path", r->address);
    (void)e;
    if (!source || !*source) {
        js_set_str(result, "text", "not checked");
        js_set_str(result, "blocked", "the function has no source: name its template with 'source:'");
        return 0;
    }
    if (check_script(file, source, o, result) && js_obj(r->artifact, "tests"))
        check_tests(r, file, result);
    json_object_del(r->artifact, "tests"); /* done with: a plan carries only what reaches the org */
    return 0;
}

/* Calls seen with each function of the plan that parses. */
typedef void (*script_seen)(const struct dg_script *s, void *ctx);

static void each_script(const struct desired *d, script_seen seen, void *ctx)
{
    for (size_t i = 0; i < d->n; i++) {
        const char *source = js_str(d->r[i].artifact, "source");
        struct dg_script script;
        struct dg_diags diags = {0};
        if (strcmp(d->r[i].kind->name, "function") != 0 || !source)
            continue;
        if (dg_parse(&script, js_str_or(d->r[i].artifact, "path", d->r[i].address), source, strlen(source), &diags))
            seen(&script, ctx);
        dg_script_release(&script);
        dg_diags_release(&diags);
    }
}

struct reads {
    const struct snapshot *s;
    struct strset *out;
};

static void add_read(struct reads *r, const char *list, const char *module)
{
    AUTO_FREE char *name = mem_printf("%s/%s", list, module);
    if (!snapshot_get(r->s, name) && !snapshot_refused(r->s, name))
        strset_add(r->out, name);
}

static void see_module(const char *module, bool lists, void *ctx)
{
    struct reads *r = ctx;
    if (!snapshot_find(r->s, "modules", "api_name", module, false))
        return;
    add_read(r, "fields", module);
    if (lists)
        add_read(r, "related_lists", module);
}

static void see_modules(const struct dg_script *s, void *ctx)
{
    dg_modules(s, see_module, ctx);
}

void artifact_reads(const struct desired *d, const struct snapshot *s, struct strset *out)
{
    struct reads r = {s, out};
    each_script(d, see_modules, &r);
}

static void see_functions(const struct dg_script *s, void *ctx)
{
    dg_library_add(ctx, s);
}

static const struct artifact_check rows[] = {
    {"function", check_function},
};

int artifact_check_all(const struct desired *d, const struct snapshot *s, const json_t *names, json_t *checks,
                       struct err *e)
{
    struct snapshot planned;
    deluge_planned(&planned, s, d, names);
    struct dg_meta org = deluge_meta(&planned);
    struct dg_library library = {0};
    each_script(d, see_functions, &library);
    const struct dg_check_options o = {&org, &library};
    int rc = 0;
    for (size_t i = 0; i < d->n && rc == 0; i++)
        for (size_t k = 0; k < sizeof rows / sizeof *rows && rc == 0; k++) {
            if (strcmp(d->r[i].kind->name, rows[k].kind) != 0)
                continue;
            json_t *result = json_object();
            js_set(checks, d->r[i].address, result);
            rc = rows[k].check(&d->r[i], &o, result, e);
        }
    dg_library_release(&library);
    snapshot_release(&planned);
    return rc;
}
