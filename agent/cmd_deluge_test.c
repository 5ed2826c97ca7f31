/* agent/cmd_deluge_test.c — deluge test: of files, or of a playbook's functions. */
#include <sys/stat.h>

#include "agent/command_deluge.h"
#include "agent/deluge_files.h"
#include "agent/deluge_tests.h"

const struct opt deluge_test_opts[] = {
    {"coverage", 0, OPT_TEXT, "FILE", "write line and branch coverage in lcov's format"},
    {"junit", 0, OPT_TEXT, "FILE", "write the results as JUnit XML"},
    {0},
};

enum { REPORT_MAX = 64 << 20, TEST_FILE_MAX = 4 << 20 };

struct testing {
    struct app *a;
    json_t *functions;
    struct sb lcov, junit;
    size_t n, passed, suites;
};

static void report(struct testing *t, const struct dg_results *r, const char *tests)
{
    struct app *a = t->a;
    json_t *row = json_object(), *cases = json_array();
    js_set_str(row, "script", r->file);
    js_set_str(row, "tests", tests);
    js_set_int(row, "passed", (int64_t)r->passed);
    js_set_int(row, "cases", (int64_t)r->n);
    js_set_int(row, "line_percent", dg_results_line_percent(r));
    js_set_int(row, "branch_percent", dg_results_branch_percent(r));
    js_set(row, "results", cases);
    json_array_append_new(t->functions, row);
    for (size_t i = 0; i < r->n; i++) {
        const struct dg_case_result *c = &r->item[i];
        json_t *o = json_object();
        js_set_str(o, "name", c->name);
        js_set_bool(o, "ok", !c->why);
        if (c->why)
            js_set_str(o, "why", c->why);
        js_set_int(o, "statements", (int64_t)c->count.statements);
        js_set_int(o, "api_calls", (int64_t)c->count.api_calls);
        js_set_int(o, "seconds", (int64_t)(c->count.milliseconds / 1000));
        json_array_append_new(cases, o);
        if (c->why)
            app_print(a, "%s:%d: %s%s%s\n%s\n", tests, c->line, app_paint(a, "red"), c->name, app_paint(a, NULL),
                      c->why);
    }
    app_print(a, "%s: %zu/%zu tests, %d %% lines, %d %% branches\n", r->file, r->passed, r->n,
              dg_results_line_percent(r), dg_results_branch_percent(r));
    t->n += r->n;
    t->passed += r->passed;
    t->suites++;
    dg_results_lcov(r, &t->lcov);
    dg_results_junit(r, &t->junit);
}

static int file_source(void *ctx, const json_t *inputs, char **source, struct err *e)
{
    size_t len;
    (void)inputs;
    return fs_read(ctx, DG_MAX_SOURCE, source, &len, e);
}

enum { MAX_WITH = 32 };
struct others {
    struct dg_with item[MAX_WITH];
    char *owned[2 * MAX_WITH];
    size_t n;
};

/* `with:` names scripts beside the test file. */
static int read_others(const struct dg_suite *s, const char *tests, struct others *o, struct err *e)
{
    const json_t *list = json_object_get(s->y.root, "with");
    const char *slash = strrchr(tests, '/');
    size_t i, len;
    json_t *name;
    if (json_array_size(list) > MAX_WITH)
        return yaml_err(e, &s->y, "/with", ERR_CONFIG, "at most %d scripts can stand by", MAX_WITH);
    json_array_foreach (list, i, name) {
        if (!json_is_string(name))
            return yaml_err(e, &s->y, "/with", ERR_CONFIG, "'with' lists names of script files");
        char *path = mem_printf("%.*s%s", slash ? (int)(slash - tests + 1) : 0, tests, json_string_value(name));
        o->owned[2 * i] = path;
        if (fs_read(path, DG_MAX_SOURCE, &o->owned[2 * i + 1], &len, e) < 0)
            return -1;
        o->item[o->n++] = (struct dg_with){path, o->owned[2 * i + 1]};
    }
    return 0;
}

static void drop_others(struct others *o)
{
    for (size_t i = 0; i < sizeof o->owned / sizeof *o->owned; i++)
        free(o->owned[i]);
}

static const char ending[] = ".test.yaml";

/* quote.test.yaml → quote.dg, or quote.deluge where only that is there. */
static char *script_beside(const char *tests, size_t stem)
{
    AUTO_FREE char *other = mem_printf("%.*s.deluge", (int)stem, tests);
    char *path = mem_printf("%.*s.dg", (int)stem, tests);
    if (fs_exists(path) || !fs_exists(other))
        return path;
    free(path);
    return mem_dup(other);
}

/* quote.test.yaml and quote.dg stand beside each other; either may be named. */
static int test_file(struct testing *t, const char *path, struct err *e)
{
    size_t n = strlen(path), k = sizeof ending - 1;
    const char *dot = strrchr(path, '.');
    bool tests_named = n > k && !strcmp(path + n - k, ending);
    size_t stem = tests_named ? n - k : dot && !strchr(dot, '/') ? (size_t)(dot - path) : n;
    AUTO_FREE char *tests = mem_printf("%.*s%s", (int)stem, path, ending);
    AUTO_FREE char *script = tests_named ? script_beside(path, stem) : mem_dup(path);
    AUTO_FREE char *text = NULL;
    size_t len;
    struct dg_suite s;
    struct dg_results r;
    if (tests_named && !fs_exists(script)) {
        err_set(e, ERR_NOT_FOUND, "there is no script beside '%s'", path);
        return err_fix(e, "put the script into %s, or name the playbook if it is a template", script);
    }
    if (fs_read(tests, TEST_FILE_MAX, &text, &len, e) < 0 || dg_suite_read(&s, text, len, tests, e) < 0)
        return -1;
    struct others with = {0};
    memset(&r, 0, sizeof r);
    int rc = read_others(&s, tests, &with, e);
    s.with = with.item;
    s.n_with = with.n;
    if (rc == 0)
        rc = dg_suite_run(&s, script, file_source, script, &r, e);
    if (rc == 0)
        report(t, &r, tests);
    dg_results_release(&r);
    drop_others(&with);
    dg_suite_release(&s);
    return rc;
}

/* quote.dg.mustache is a playbook's: its tests run with the playbook. */
static bool of_template(const char *tests)
{
    AUTO_FREE char *template = mem_printf("%.*s.dg.mustache", (int)(strlen(tests) - strlen(ending)), tests);
    return fs_exists(template);
}

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A plain word in a project is a playbook, unless only a folder is called so. */
static bool is_path(const struct app *a, const char *arg)
{
    if (strpbrk(arg, "./") || !a->project)
        return true;
    AUTO_FREE char *inner = mem_printf("templates/%s/playbook.yaml", arg);
    AUTO_FREE char *playbook = project_path(a->project, inner);
    return is_folder(arg) && !fs_exists(playbook);
}

/* A folder stands for every test file below it. */
static int test_path(struct testing *t, const char *path, struct err *e)
{
    static const char *const endings[] = {ending, NULL};
    struct deluge_files f = {0};
    if (!is_folder(path))
        return test_file(t, path, e);
    int rc = deluge_files_below(&f, path, endings, e);
    if (rc == 0 && !f.n) {
        err_set(e, ERR_NOT_FOUND, "no function test stands below '%s'", path);
        rc = err_fix(e, "quote.dg has its cases in quote.test.yaml beside it");
    }
    for (size_t i = 0; rc == 0 && i < f.n; i++)
        rc = of_template(f.path[i]) ? 0 : test_file(t, f.path[i], e);
    deluge_files_release(&f);
    return rc;
}

static int test_resource(struct testing *t, const struct playbook *pb, const json_t *decl, struct err *e)
{
    const char *source = js_str(decl, "source"), *tests = js_str(decl, "tests");
    AUTO_JSON json_t *artifact = json_object();
    AUTO_FREE char *file = mem_printf("templates/%s/%s", pb->name, source ? source : "");
    AUTO_FREE char *name = mem_printf("templates/%s/%s", pb->name, tests ? tests : "");
    struct dg_results r;
    if (!source || !tests)
        return 0;
    if (deluge_tests_attach(pb, source, tests, artifact, e) < 0)
        return -1;
    int rc = deluge_tests_run(artifact, file, &r, e);
    if (rc == 0)
        report(t, &r, name);
    dg_results_release(&r);
    return rc;
}

static int test_playbook(struct testing *t, const char *name, struct err *e)
{
    struct playbook pb;
    struct context c;
    AUTO_FREE char *dir = project_path(t->a->project, "context");
    AUTO_JSON json_t *nothing = json_object(), *missing = json_array();
    if (context_load(&c, dir, e) < 0)
        return -1;
    int rc = playbook_load(&pb, t->a->project, name, e);
    if (rc == 0) {
        rc = playbook_data(&pb, &c, nothing, NULL, missing, e);
        for (size_t i = 0; rc == 0 && i < json_array_size(js_arr(pb.y.root, "resources")); i++)
            rc = test_resource(t, &pb, json_array_get(js_arr(pb.y.root, "resources"), i), e);
        playbook_release(&pb);
    }
    context_release(&c);
    return rc;
}

static int test_all_playbooks(struct testing *t, struct err *e)
{
    char **names;
    size_t n;
    if (!t->a->project)
        return err_set(e, ERR_USAGE, "name the files to test, or work in a project");
    if (playbook_list(t->a->project, &names, &n, e) < 0)
        return -1;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = test_playbook(t, names[i], e);
    fs_list_free(names, n);
    return rc;
}

static int write_report(const char *path, const struct sb *text, struct err *e)
{
    const char *slash = strrchr(path, '/');
    AUTO_FREE char *dir = slash ? mem_dupn(path, slash == path ? 1 : (size_t)(slash - path)) : mem_dup(".");
    struct fs_root root;
    if (sb_check(text, path, e) < 0 || fs_root_open(&root, dir, false, 0755, e) < 0)
        return -1;
    int rc = fs_write_in(&root, slash ? slash + 1 : path, text->buf, text->len, 0644, e);
    fs_root_close(&root);
    return rc;
}

static int finish(struct testing *t, struct err *e)
{
    struct app *a = t->a;
    const char *lcov = app_text(a, "coverage", NULL), *junit = app_text(a, "junit", NULL);
    sb_add(&t->junit, "</testsuites>\n");
    js_set_int(a->data, "passed", (int64_t)t->passed);
    js_set_int(a->data, "cases", (int64_t)t->n);
    if ((lcov && write_report(lcov, &t->lcov, e) < 0) || (junit && write_report(junit, &t->junit, e) < 0))
        return -1;
    if (!t->suites) {
        err_set(e, ERR_NOT_FOUND, "there are no function tests");
        return err_fix(e, "docs/PLAYBOOKS.md, 'Function tests', shows how to write them");
    }
    return t->passed == t->n ? 0 : err_set(e, ERR_FINDINGS, "%zu of %zu tests failed", t->n - t->passed, t->n);
}

int cmd_deluge_test(struct app *a, struct err *e)
{
    struct testing t = {.a = a, .functions = json_array(), .lcov = SB_INIT(REPORT_MAX), .junit = SB_INIT(REPORT_MAX)};
    js_set(a->data, "functions", t.functions);
    sb_add(&t.junit, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    int rc = a->n_args ? 0 : test_all_playbooks(&t, e);
    for (int i = 0; rc == 0 && i < a->n_args; i++) {
        rc = is_path(a, a->args[i]) ? test_path(&t, a->args[i], e) : test_playbook(&t, a->args[i], e);
    }
    if (rc == 0)
        rc = finish(&t, e);
    sb_release(&t.lcov);
    sb_release(&t.junit);
    return rc;
}
