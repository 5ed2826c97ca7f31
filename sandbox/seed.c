/* sandbox/seed.c — reading seed files (format: seed.h) on top of the built-in org. */
#include "sandbox/seed.h"

#include "base/fs.h"
#include "sandbox/field.h"
#include "sandbox/layout.h"
#include "sandbox/module.h"
#include "sandbox/seed_org.h"

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

static const struct {
    const char *key;
    int (*take)(struct seed *sd, const json_t *v, struct err *e);
} sections[] = {
    {"org", take_org},     {"profiles", take_profiles}, {"roles", take_roles},
    {"users", take_users}, {"modules", take_modules},
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
