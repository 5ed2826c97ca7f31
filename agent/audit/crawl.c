#include "agent/audit/crawl.h"

#include <unistd.h>

#include "zoho/crm/crm.h"

enum { BATCH = 48, DAY_S = 86400, PROBES = 2, PART_MAX = 64 << 20 };
#define BEGUN "begun.json"

static const char *const heads[] = {"org",
                                    "profiles",
                                    "roles",
                                    "users",
                                    "user_groups",
                                    "modules",
                                    "global_picklists",
                                    "variables",
                                    "variable_groups",
                                    "functions",
                                    "function_wrappers",
                                    "field_updates",
                                    "email_notifications",
                                    "tasks",
                                    "webhooks",
                                    "workflow_rules",
                                    "assignment_rules",
                                    "email_templates",
                                    "blueprints"};
static const char *const of_module[] = {"fields",        "layouts",        "custom_views",
                                        "related_lists", "record_locking", "validation_rules"};
enum { N_HEADS = sizeof heads / sizeof *heads, N_OF_MODULE = sizeof of_module / sizeof *of_module };

/* ---- what is put aside ---- */

static json_t *begun_of(const struct crawl *c)
{
    json_t *o = json_object();
    js_set_str(o, "schema", "zagent.audit-begun/1");
    js_set_str(o, "zgid", c->org->zgid);
    js_set_bool(o, "people", c->scrub.people);
    return o;
}

static int throw_away(struct crawl *c, struct err *e)
{
    char **names;
    size_t n;
    if (fs_list(c->aside.path, &names, &n, e) < 0)
        return -1;
    int rc = 0;
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = fs_remove_in(&c->aside, names[i], e);
    fs_list_free(names, n);
    return rc;
}

static bool goes_on(const struct crawl *c)
{
    AUTO_FREE char *path = mem_printf("%s/%s", c->aside.path, BEGUN);
    struct err quiet = {0};
    AUTO_JSON json_t *then = fs_exists(path) ? js_load(path, &quiet) : NULL;
    AUTO_JSON json_t *now = begun_of(c);
    int64_t age = c->app->clock.now_s(c->app->clock.ctx) - js_int(then, "at", 0);
    json_object_del(then, "at");
    return then && json_equal(then, now) && age >= 0 && age < DAY_S;
}

static void take(struct crawl *c, const json_t *resources)
{
    const char *name;
    json_t *value;
    json_object_foreach ((json_t *)(uintptr_t)resources, name, value) {
        const json_t *why = js_obj(value, "@refused");
        if (why)
            snapshot_put_refused(&c->s, name, js_str_or(why, "code", ""), (long)js_int(why, "http", 0));
        else
            snapshot_put(&c->s, name, json_incref(value));
    }
}

static int take_up(struct crawl *c, struct err *e)
{
    for (c->part = 0;; c->part++) {
        AUTO_FREE char *path = mem_printf("%s/%03d.json", c->aside.path, c->part);
        if (!fs_exists(path))
            break;
        AUTO_JSON json_t *part = js_load(path, e);
        if (!part)
            return -1;
        take(c, part);
    }
    c->resumed = json_object_size(c->s.res);
    return 0;
}

static int begin(struct crawl *c, bool fresh, struct err *e)
{
    if (!fresh && goes_on(c))
        return take_up(c, e);
    if (throw_away(c, e) < 0)
        return -1;
    AUTO_JSON json_t *o = begun_of(c);
    js_set_int(o, "at", c->app->clock.now_s(c->app->clock.ctx));
    AUTO_FREE char *text = js_pretty(o, e);
    return text ? fs_write_in(&c->aside, BEGUN, text, strlen(text), 0600, e) : -1;
}

/* ---- reading ---- */

/* What came is scrubbed, joined and put aside: before that it is in memory only. */
static int keep(struct crawl *c, const struct snapshot *read, struct err *e)
{
    AUTO_JSON json_t *part = json_object();
    const char *name;
    json_t *value;
    json_object_foreach (read->res, name, value)
        js_set(part, name, json_is_array(value) ? scrub_resource(&c->scrub, name, value) : json_incref(value));
    take(c, part);
    AUTO_FREE char *text = js_canonical(part, e);
    AUTO_FREE char *file = mem_printf("%03d.json", c->part++);
    return text ? fs_write_in(&c->aside, file, text, strlen(text), 0600, e) : -1;
}

static int read_names(struct crawl *c, const struct strset *names, struct err *e)
{
    struct snapshot read;
    if (names->n == 0)
        return 0;
    snapshot_init(&read);
    int rc = rails_purse(c->org, c->limits, (int64_t)names->n, e);
    if (rc < 0 && e)
        snprintf(e->fix, sizeof e->fix, "run 'zagent audit' again later: it goes on where it stopped");
    if (rc == 0)
        rc = crm_read(c->org->zoho, names, NULL, &read, e);
    if (rc == 0) {
        scrub_learn(&c->scrub, snapshot_get(&read, "users"));
        rc = keep(c, &read, e);
    }
    snapshot_release(&read);
    return rc;
}

static bool known(const struct crawl *c, const char *name)
{
    return json_object_get(c->s.res, name) != NULL;
}

/* ---- what there is to read ---- */

static bool asked_of(const json_t *module, const char *list)
{
    const char *type = js_str_or(module, "generated_type", "default");
    bool part = !strcmp(type, "subform") || !strcmp(type, "linking");
    return js_str(module, "api_name") && js_bool(module, "api_supported", true) && (!part || !strcmp(list, "fields"));
}

static void want_modules(struct crawl *c)
{
    const json_t *m;
    size_t i;
    json_array_foreach (snapshot_get(&c->s, "modules"), i, m)
        for (size_t k = 0; k < N_OF_MODULE; k++) {
            AUTO_FREE char *name = mem_printf("%s/%s", of_module[k], js_str_or(m, "api_name", ""));
            if (asked_of(m, of_module[k]) && !known(c, name))
                strset_add(&c->wanted, name);
        }
}

static void want_sources(struct crawl *c)
{
    const json_t *f;
    size_t i;
    json_array_foreach (snapshot_get(&c->s, "functions"), i, f) {
        AUTO_FREE char *name = mem_printf("function_code/%s", js_str_or(f, "api_name", ""));
        if (js_str(f, "api_name") && !known(c, name))
            strset_add(&c->wanted, name);
    }
}

int crawl_open(struct crawl *c, struct app *a, struct org *org, bool people, bool fresh, struct err *e)
{
    struct strset names = {0};
    *c = (struct crawl){.app = a, .org = org, .refused = json_object(), .aside = {.fd = -1}};
    c->scrub.people = people;
    c->limits = rails_limits(a->project->conf.root, NULL, e);
    snapshot_init(&c->s);
    AUTO_FREE char *dir = mem_printf("%s/audit", org->zagent_dir);
    AUTO_FREE char *own = mem_printf("%s/%s", dir, org->name);
    struct fs_root parent = {.fd = -1};
    if (!c->limits || fs_root_open(&parent, dir, true, 0700, e) < 0)
        return -1;
    fs_root_close(&parent);
    if (fs_root_open(&c->aside, own, true, 0700, e) < 0 || begin(c, fresh, e) < 0)
        return -1;
    scrub_learn(&c->scrub, snapshot_get(&c->s, "users"));
    for (size_t i = 0; i < N_HEADS; i++)
        if (!known(c, heads[i]))
            strset_add(&names, heads[i]);
    int rc = read_names(c, &names, e);
    strset_release(&names);
    if (rc == 0 && !snapshot_get(&c->s, "modules")) {
        err_set(e, ERR_PERMISSION, "the org does not say which modules it has");
        rc = err_fix(e, "'zagent doctor' says which scope is missing");
    }
    if (rc == 0) {
        want_modules(c);
        want_sources(c);
    }
    return rc;
}

int64_t crawl_expected(const struct crawl *c)
{
    return (int64_t)c->wanted.n;
}

/* The org says no to the list as such, not to it in this module. */
static bool is_general(const char *code)
{
    static const char *const of_one_module[] = {"INVALID_MODULE", "NOT_SUPPORTED", "NOT_ALLOWED",
                                                "MODULE_NOT_SUPPORTED"};
    for (size_t i = 0; i < sizeof of_one_module / sizeof *of_one_module; i++)
        if (!strcmp(code, of_one_module[i]))
            return false;
    return true;
}

static void forget(struct crawl *c, const char *list, const char *code)
{
    struct strset left = {0};
    size_t n = strlen(list);
    for (size_t i = 0; i < c->wanted.n; i++)
        if (strncmp(c->wanted.item[i], list, n) != 0 || c->wanted.item[i][n] != '/')
            strset_add(&left, c->wanted.item[i]);
    strset_release(&c->wanted);
    c->wanted = left;
    js_set_str(c->refused, list, code);
}

/* Every list of two modules first: what both refuse alike is not asked 200 times. */
static int probe(struct crawl *c, struct err *e)
{
    struct strset first = {0};
    const json_t *m;
    size_t i, asked = 0;
    const char *probed[PROBES] = {0};
    json_array_foreach (snapshot_get(&c->s, "modules"), i, m)
        if (asked < PROBES && asked_of(m, "layouts"))
            probed[asked++] = js_str(m, "api_name");
    for (i = 0; i < asked; i++)
        for (size_t k = 0; k < N_OF_MODULE; k++) {
            AUTO_FREE char *name = mem_printf("%s/%s", of_module[k], probed[i]);
            if (strset_has(&c->wanted, name))
                strset_add(&first, name);
        }
    int rc = read_names(c, &first, e);
    strset_release(&first);
    for (size_t k = 0; rc == 0 && asked == PROBES && k < N_OF_MODULE; k++) {
        const char *code[PROBES];
        for (i = 0; i < PROBES; i++) {
            AUTO_FREE char *name = mem_printf("%s/%s", of_module[k], probed[i]);
            code[i] = js_str(snapshot_refused(&c->s, name), "code");
        }
        if (code[0] && code[1] && !strcmp(code[0], code[1]) && is_general(code[0]))
            forget(c, of_module[k], code[0]);
    }
    return rc;
}

int crawl_read(struct crawl *c, struct err *e)
{
    if (probe(c, e) < 0)
        return -1;
    for (size_t at = 0; at < c->wanted.n;) {
        struct strset batch = {0};
        for (; at < c->wanted.n && batch.n < BATCH; at++)
            if (!known(c, c->wanted.item[at]))
                strset_add(&batch, c->wanted.item[at]);
        int rc = read_names(c, &batch, e);
        strset_release(&batch);
        if (rc < 0)
            return -1;
        if (isatty(STDERR_FILENO))
            app_say(c->app, "  %zu of %zu lists read\n", at, c->wanted.n);
    }
    return 0;
}

int crawl_done(struct crawl *c, struct err *e)
{
    return throw_away(c, e);
}

void crawl_close(struct crawl *c)
{
    scrub_release(&c->scrub);
    snapshot_release(&c->s);
    strset_release(&c->wanted);
    json_decref(c->refused);
    json_decref(c->limits);
    fs_root_close(&c->aside);
    *c = (struct crawl){.aside = {.fd = -1}};
}
