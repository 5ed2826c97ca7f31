/* sandbox/seed.c — reading seed files (format: seed.h) on top of the built-in org. */
#include "sandbox/seed.h"

#include "base/fs.h"
#include "sandbox/field.h"
#include "sandbox/finance.h"
#include "sandbox/layout.h"
#include "sandbox/module.h"
#include "sandbox/record.h"
#include "sandbox/salesiq.h"
#include "sandbox/seed_org.h"
#include "sandbox/ui.h"

struct seed {
    struct sandbox *s;
    json_t *keys; /* "Module/key" → {"id","name"} */
};

static int take_org(struct seed *sd, const json_t *v, struct err *e)
{
    (void)e;
    AUTO_JSON json_t *org = json_deep_copy(org_object(sd->s));
    AUTO_JSON json_t *licence = json_deep_copy(js_obj(org, "license_details"));
    json_object_update(org, (json_t *)(uintptr_t)v);
    if (js_obj(v, "license_details")) { /* the edition is the --edition option's, not the seed's */
        json_object_update(licence, js_obj(v, "license_details"));
        AUTO_FREE char *type = store_meta(&sd->s->store, "paid_type");
        js_set_str(licence, "paid_type", type);
    }
    json_object_set(org, "license_details", licence);
    org_set(sd->s, org);
    return 0;
}

static int take_profiles(struct seed *sd, const json_t *v, struct err *e)
{
    size_t i;
    json_t *p;
    json_array_foreach (v, i, p) {
        if (!js_str(p, "name")) {
            return err_set(e, ERR_CONFIG, "profiles[%zu] has no name", i);
        }
        seed_profile(sd->s, js_str(p, "name"), js_str(p, "description"), true);
    }
    return 0;
}

static int take_roles(struct seed *sd, const json_t *v, struct err *e)
{
    size_t i;
    json_t *r;
    json_array_foreach (v, i, r) {
        if (!js_str(r, "name")) {
            return err_set(e, ERR_CONFIG, "roles[%zu] has no name", i);
        }
        if (seed_role(sd->s, js_str(r, "name"), js_str(r, "reporting_to"), e)) {
            return -1;
        }
    }
    return 0;
}

static int take_users(struct seed *sd, const json_t *v, struct err *e)
{
    size_t i;
    json_t *u;
    json_array_foreach (v, i, u) {
        if (seed_user(sd->s, js_str_or(u, "full_name", ""), js_str_or(u, "email", ""), js_str_or(u, "role", ""),
                      js_str_or(u, "profile", ""), e)) {
            return -1;
        }
    }
    return 0;
}

static int add_field(struct seed *sd, const char *module, const json_t *f, struct err *e)
{
    const char *api = js_str(f, "api_name");
    if (!api || !js_str(f, "field_label") || !field_type(js_str(f, "data_type"))) {
        return err_set(e, ERR_CONFIG, "a field of '%s' needs api_name, field_label and a known data_type", module);
    }
    AUTO_JSON json_t *there = config_by_api(&sd->s->store, "fields", module, api);
    if (!there) {
        json_decref(field_make(sd->s, module, f, true));
        layout_place(sd->s, module, js_str(f, "section"), api, js_bool(f, "required", false));
    }
    return 0;
}

static int add_module(struct seed *sd, const json_t *m, struct err *e)
{
    const char *api = js_str(m, "api_name");
    if (!api) {
        return err_set(e, ERR_CONFIG, "a module has no api_name");
    }
    AUTO_JSON json_t *there = module_get(&sd->s->store, api);
    if (!there) {
        if (!js_str(m, "singular_label") || !js_str(m, "plural_label")) {
            return err_set(e, ERR_CONFIG, "the module '%s' needs singular_label and plural_label", api);
        }
        AUTO_JSON json_t *given = json_copy((json_t *)(uintptr_t)m);
        json_object_del(given, "fields");
        module_create(sd->s, given);
    }
    size_t i;
    json_t *f;
    json_array_foreach (js_arr(m, "fields"), i, f) {
        if (add_field(sd, api, f, e)) {
            return -1;
        }
    }
    return 0;
}

static int take_modules(struct seed *sd, const json_t *v, struct err *e)
{
    size_t i;
    json_t *m;
    json_array_foreach (v, i, m) {
        if (add_module(sd, m, e)) {
            return -1;
        }
    }
    return 0;
}

static int take_ui(struct seed *sd, const json_t *v, struct err *e)
{
    size_t i;
    json_t *u;
    json_array_foreach (v, i, u) {
        if (ui_do(sd->s, js_str_or(u, "kind", ""), js_str(u, "module"), js_str(u, "name"), js_obj(u, "body"),
                  js_str(u, "source"), false, e)) {
            return -1;
        }
    }
    return 0;
}

/* {"$ref": "Module/key"} and {"$user": "email"} become {"id": …}, in rows and in their line items. */
static int resolve(struct seed *sd, json_t *v, struct err *e)
{
    const char *ref = js_str(v, "$ref"), *user = js_str(v, "$user"), *k;
    json_t *sub;
    size_t i;
    if (ref || user) {
        AUTO_JSON json_t *u = NULL, *users = user ? config_list(&sd->s->store, "users", NULL) : NULL;
        json_array_foreach (users, i, sub) {
            if (!u && user && strcmp(js_str_or(sub, "email", ""), user) == 0)
                u = json_incref(sub);
        }
        const char *id = ref ? js_str(sd->keys, ref) : js_str(u, "id");
        if (!id) {
            return err_set(e, ERR_CONFIG, "no record or user '%s' was seeded before", ref ? ref : user);
        }
        AUTO_FREE char *keep = mem_dup(id);
        json_object_clear(v);
        js_set_str(v, "id", keep);
        return 0;
    }
    json_array_foreach (v, i, sub) {
        if (resolve(sd, sub, e)) {
            return -1;
        }
    }
    json_object_foreach (v, k, sub) {
        if (resolve(sd, sub, e)) {
            return -1;
        }
    }
    return 0;
}

static int add_row(struct seed *sd, struct call *c, const struct record_module *m, const json_t *row, size_t n,
                   struct err *e)
{
    AUTO_JSON json_t *in = json_deep_copy(row);
    if (resolve(sd, in, e)) {
        return -1;
    }
    struct record_write w = {.trigger = NULL, .seed = true};
    AUTO_FREE char *base = mem_printf("$.records.%s[%zu]", m->api, n);
    AUTO_JSON json_t *r = record_put(c, m, NULL, in, &w, base);
    if (item_failed(r)) {
        return err_set(e, ERR_CONFIG, "a seed record was refused: %s at '%s'", js_str_or(r, "code", ""),
                       js_str_or(js_obj(r, "details"), "json_path", base));
    }
    if (js_str(row, "$key")) {
        AUTO_FREE char *key = mem_printf("%s/%s", m->api, js_str(row, "$key"));
        js_set_str(sd->keys, key, js_str(js_obj(r, "details"), "id"));
    }
    return 0;
}

static int take_records(struct seed *sd, const json_t *v, struct err *e)
{
    size_t i, k;
    json_t *group, *row;
    struct call c = {.s = sd->s, .st = &sd->s->store, .method = "SEED", .path = "seed"};
    json_array_foreach (v, i, group) {
        struct record_module m;
        if (!record_module_open(c.st, js_str_or(group, "module", ""), &m)) {
            return err_set(e, ERR_CONFIG, "there is no module '%s'", js_str_or(group, "module", ""));
        }
        int rc = 0;
        json_array_foreach (js_arr(group, "rows"), k, row) {
            rc = rc ? rc : add_row(sd, &c, &m, row, k, e);
        }
        record_module_close(&m);
        if (rc) {
            return -1;
        }
    }
    return 0;
}

static int take_salesiq(struct seed *sd, const json_t *v, struct err *e)
{
    return salesiq_seed(sd->s, v, e);
}

static int take_inventory(struct seed *sd, const json_t *v, struct err *e)
{
    return finance_seed(sd->s, v, e);
}

static const struct {
    const char *key;
    int (*take)(struct seed *sd, const json_t *v, struct err *e);
} sections[] = {
    {"org", take_org},         {"profiles", take_profiles}, {"roles", take_roles},
    {"users", take_users},     {"modules", take_modules},   {"ui", take_ui},
    {"records", take_records}, {"salesiq", take_salesiq},   {"inventory", take_inventory},
};

static int one_file(struct seed *sd, const char *path, struct err *e)
{
    AUTO_JSON json_t *doc = js_load(path, e);
    if (!doc) {
        return -1;
    }
    if (strcmp(js_str_or(doc, "schema", ""), "zagent.sandbox-seed/1") != 0) {
        err_set(e, ERR_CONFIG, "not a seed file of schema 'zagent.sandbox-seed/1'");
        return err_at(e, "%s", path);
    }
    size_t known = 1;
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        const json_t *v = json_object_get(doc, sections[i].key);
        known += v != NULL;
        if (v && sections[i].take(sd, v, e)) {
            return err_at(e, "%s (%s)", path, sections[i].key);
        }
    }
    if (json_object_size(doc) != known) {
        err_set(e, ERR_CONFIG, "the seed file has a key that is not in its format (sandbox/seed.h)");
        return err_at(e, "%s", path);
    }
    return 0;
}

static int folder(struct seed *sd, const char *dir, struct err *e)
{
    char **names = NULL;
    size_t n = 0;
    if (fs_list(dir, &names, &n, e)) {
        return -1;
    }
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < n; i++) {
        size_t len = strlen(names[i]);
        if (len > 5 && strcmp(names[i] + len - 5, ".json") == 0) {
            AUTO_FREE char *path = mem_printf("%s/%s", dir, names[i]);
            rc = one_file(sd, path, e);
        }
    }
    fs_list_free(names, n);
    return rc;
}

int seed_org(struct sandbox *s, const char *dir, struct err *e)
{
    struct seed sd = {.s = s, .keys = json_object()};
    store_begin(&s->store);
    int rc = seed_builtin(s, e);
    if (rc == 0 && dir) {
        rc = folder(&sd, dir, e);
    }
    json_decref(sd.keys);
    if (rc) {
        store_rollback(&s->store);
        return -1;
    }
    store_set_meta(&s->store, "seeded", "1");
    return store_commit(&s->store, e);
}
