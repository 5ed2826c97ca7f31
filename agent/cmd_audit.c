/* agent/cmd_audit.c — what is read of an org to be kept: all its settings; samples of its records, for the rehearsal; its names. */
#include <unistd.h>

#include "agent/audit/crawl.h"
#include "agent/audit/keep.h"
#include "agent/command_audit.h"
#include "agent/samples.h"
#include "agent/session.h"
#include "zoho/crm/crm.h"
#include "zoho/crm/sample.h"

enum { SAMPLES = 200 };

const struct opt audit_opts[] = {
    {"org", 0, OPT_TEXT, "NAME", "an org of zagent.yaml instead of its default"},
    {"records", 'r', OPT_LIST, "MODULE", "keep samples of this module's records"},
    {"limit", 'n', OPT_INT, "N", "at most so many of each, the newest (default 200, at most 2000)"},
    {"snapshot", 0, OPT_TEXT, "FOLDER", "write the org's modules, fields, layouts and related lists there, no records"},
    {"people", 0, OPT_FLAG, NULL, "keep names and e-mail addresses of people too; without it only their ids"},
    {"fresh", 0, OPT_FLAG, NULL, "begin anew, also when an audit of today was broken off"},
    {"yes", 'y', OPT_FLAG, NULL, "do not ask"},
    {NULL, 0, OPT_FLAG, NULL, NULL},
};

/* A module's name becomes a file's. */
static int check_module_name(const char *name, struct err *e)
{
    size_t n = strlen(name);
    bool good = n > 0 && n <= 100;
    for (const char *p = name; good && *p; p++)
        good = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || *p == '_';
    if (good)
        return 0;
    err_set(e, ERR_USAGE, "'%s' is not a module's api_name", name);
    return err_fix(e, "for example: zagent audit --records Quotes");
}

static int keep(struct app *a, struct org *org, const char *module, int limit, struct err *e)
{
    AUTO_JSON json_t *rows = NULL;
    if (check_module_name(module, e) < 0 || crm_samples(org->zoho, module, limit, &rows, e) < 0 ||
        samples_keep(a, org, module, rows, e) < 0)
        return -1;
    js_set_int(js_obj(a->data, "records"), module, (int64_t)json_array_size(rows));
    app_print(a, "  %zu records of %s, in .zagent/ for you alone\n", json_array_size(rows), module);
    return 0;
}

/* What a script or a copy of the org needs to know of each module that the API reaches. */
static int read_names(struct zoho *z, struct snapshot *s, struct err *e)
{
    static const char *const of_module[] = {"fields", "layouts", "related_lists"};
    struct strset names = {0};
    size_t i;
    json_t *m;
    strset_add(&names, "modules");
    strset_add(&names, "global_picklists");
    strset_add(&names, "variables");
    int rc = crm_read(z, &names, NULL, s, e);
    strset_release(&names);
    if (rc == 0 && !snapshot_get(s, "modules")) {
        err_set(e, ERR_PERMISSION, "the org does not say which modules it has");
        rc = err_fix(e, "'zagent doctor' says which scope is missing");
    }
    json_array_foreach (rc == 0 ? snapshot_get(s, "modules") : NULL, i, m)
        if (js_str(m, "api_name") && js_bool(m, "api_supported", true))
            for (size_t k = 0; k < sizeof of_module / sizeof *of_module; k++)
                strset_addf(&names, "%s/%s", of_module[k], js_str(m, "api_name"));
    if (rc == 0)
        rc = crm_read(z, &names, NULL, s, e);
    strset_release(&names);
    return rc;
}

static int keep_names(struct app *a, struct org *org, const char *folder, struct err *e)
{
    struct snapshot s;
    struct fs_root root = {.fd = -1};
    snapshot_init(&s);
    int rc = read_names(org->zoho, &s, e);
    if (rc == 0)
        rc = fs_root_open(&root, folder, true, 0755, e);
    if (rc == 0)
        rc = snapshot_save(&s, &root, NULL, e);
    if (rc == 0) {
        size_t n = json_array_size(snapshot_get(&s, "modules"));
        js_set_int(a->data, "modules", (int64_t)n);
        js_set_str(a->data, "snapshot", folder);
        app_print(a, "  %zu modules with their fields, in %s: 'zagent deluge check --metadata %s' takes it\n", n,
                  folder, folder);
    }
    fs_root_close(&root);
    snapshot_release(&s);
    return rc;
}

/* ---- all settings ---- */

/* What it will cost, before it costs it; a person is asked, a script is told. */
static int agree(struct app *a, const struct org *org, const struct crawl *c, struct err *e)
{
    struct zoho_counts n = zoho_counts(org->zoho);
    int64_t calls = crawl_expected(c), day = js_int(org->info, "credits_per_day", 0);
    size_t modules = json_array_size(snapshot_get(&c->s, "modules"));
    AUTO_FREE char *left = n.credits_left >= 0 ? mem_printf(", %lld left", (long long)n.credits_left) : mem_dup("");
    AUTO_FREE char *question = mem_printf(
        "Org %s: %zu modules. %lld more calls of 1 credit each (%lld a day%s), and one for each view that its "
        "list does not tell whole; %lld credits stay for other programs.",
        js_str_or(org->info, "name", org->name), modules, (long long)calls, (long long)day, left,
        (long long)(day * js_int(c->limits, "reserve", 0) / 100));
    js_set_int(a->data, "expected_calls", calls);
    if (c->resumed)
        app_say(a, "going on where an audit was broken off: %zu lists were read\n", c->resumed);
    if (!app_flag(a, "yes") && !a->no_input && isatty(STDIN_FILENO))
        return app_confirm(a, question, NULL, e);
    app_say(a, "%s\n", question);
    return 0;
}

static int write_kept(struct app *a, const struct org *org, const struct crawl *c, struct keep_count *n, struct err *e)
{
    AUTO_FREE char *rel = mem_printf(AUDIT_FOLDER "/%s", org->name);
    AUTO_FREE char *dir = project_path(a->project, rel);
    AUTO_FREE char *parent = project_path(a->project, AUDIT_FOLDER);
    AUTO_FREE char *context = project_path(a->project, "context");
    AUTO_JSON json_t *who = json_object();
    struct fs_root root = {.fd = -1};
    const char *const folders[] = {context, parent, dir};
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < 3; i++) {
        fs_root_close(&root);
        root.fd = -1;
        rc = fs_root_open(&root, folders[i], true, 0755, e);
    }
    js_set_str(who, "name", org->name);
    js_set_str(who, "zgid", org->zgid);
    js_set_str(who, "edition", js_str_or(org->info, "edition", ""));
    if (rc == 0)
        rc = keep_write(&root, &c->s, who, c->scrub.people, c->refused, n, e);
    fs_root_close(&root);
    js_set_str(a->data, "folder", rel);
    return rc;
}

static void say_kept(struct app *a, const struct org *org, const struct crawl *c, const struct keep_count *n)
{
    struct zoho_counts z = zoho_counts(org->zoho);
    const char *list;
    json_t *code;
    js_set_int(a->data, "files", (int64_t)n->files);
    js_set_int(a->data, "written", (int64_t)n->written);
    js_set_int(a->data, "removed", (int64_t)n->removed);
    json_object_set(a->data, "refused", c->refused);
    size_t lists = json_object_size(c->s.res) - c->resumed;
    js_set_int(a->data, "lists", (int64_t)lists);
    app_print(a, "%s: %zu files, %zu new or changed, %zu gone; %lld calls for %zu lists, %lld credits\n",
              js_str_or(a->data, "folder", ""), n->files, n->written, n->removed, (long long)z.calls, lists,
              (long long)z.credits_known);
    json_object_foreach (c->refused, list, code)
        app_print(a, "  not shown by this org: %s (%s)\n", list, json_string_value(code));
    app_print(a, "Next: zagent audit report\n");
}

static int keep_all(struct app *a, struct org *org, struct err *e)
{
    struct crawl c;
    struct keep_count n = {0};
    int rc = crawl_open(&c, a, org, app_flag(a, "people"), app_flag(a, "fresh"), e);
    if (rc == 0)
        rc = agree(a, org, &c, e);
    if (rc == 0)
        rc = crawl_read(&c, e);
    if (rc == 0)
        rc = write_kept(a, org, &c, &n, e);
    if (rc == 0)
        rc = crawl_done(&c, e);
    if (rc == 0)
        say_kept(a, org, &c, &n);
    crawl_close(&c);
    return rc;
}

int cmd_audit(struct app *a, struct err *e)
{
    struct session s;
    const json_t *modules = app_list(a, "records");
    const char *folder = app_text(a, "snapshot", NULL);
    int64_t limit = app_int(a, "limit", SAMPLES);
    if (limit < 1 || limit > CRM_SAMPLE_MAX) {
        err_set(e, ERR_USAGE, "--limit is between 1 and 2000");
        return err_fix(e, "zagent audit --records Quotes --records Products --limit 200");
    }
    if (modules)
        js_set(a->data, "records", json_object());
    int rc = session_open(&s, a, SESSION_READER, e);
    if (rc == 0 && folder)
        rc = keep_names(a, s.org, folder, e);
    for (size_t i = 0; rc == 0 && i < json_array_size(modules); i++)
        rc = keep(a, s.org, json_string_value(json_array_get(modules, i)), (int)limit, e);
    if (rc == 0 && !folder && !modules)
        rc = keep_all(a, s.org, e);
    session_close(&s);
    return rc;
}
