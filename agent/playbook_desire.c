/* agent/playbook_desire.c — the manifest's resources become struct resource: rendered, explained, with access and source. */
#include "agent/compose.h"
#include "agent/deluge_tests.h"
#include "agent/playbook.h"
#include "agent/playbook_keys.h"
#include "base/digest.h"
#include "plan/kind.h"

/* What people write in the permission table → Zoho's word; later rows are stronger. */
static const struct {
    const char *word, *permission;
    int strength;
} permissions[] = {
    {"hidden", "hidden", 0},   {"none", "hidden", 0},           {"read_only", "read_only", 1},
    {"read", "read_only", 1},  {"read_write", "read_write", 2}, {"write", "read_write", 2},
    {"edit", "read_write", 2},
};

static int permission_row(const char *word)
{
    for (size_t i = 0; i < sizeof permissions / sizeof *permissions; i++)
        if (!strcmp(word, permissions[i].word))
            return (int)i;
    return -1;
}

/* The rows for one role: an exact field wins over "*". */
static const json_t *pick_permission(const json_t *table, const char *role, const char *module, const char *field)
{
    const json_t *star = NULL;
    for (size_t i = 0; i < json_array_size(table); i++) {
        const json_t *row = json_array_get(table, i);
        if (strcmp(js_str_or(row, "role", ""), role) != 0 || strcmp(js_str_or(row, "module", ""), module) != 0)
            continue;
        const char *f = js_str_or(row, "field", "");
        if (!strcmp(f, field))
            return row;
        if (!strcmp(f, "*"))
            star = row;
    }
    return star;
}

/* Several roles may share a permission profile: the strongest permission wins, because Zoho knows profiles only. */
static int access_profiles(const json_t *roles, const json_t *table, const char *module, const char *field,
                           json_t **out, struct err *e)
{
    AUTO_JSON json_t *best = json_object(); /* profile → row of permissions[] */
    for (size_t i = 0; i < json_array_size(roles); i++) {
        const json_t *role = json_array_get(roles, i);
        const char *profile = js_str_or(role, "profile", "");
        const json_t *row = pick_permission(table, js_str_or(role, "role", ""), module, field);
        if (!row || !*profile)
            continue;
        int p = permission_row(js_str_or(row, "permission", ""));
        if (p < 0) {
            err_set(e, ERR_CONFIG, "permission '%s' is not one of read_write, read_only, hidden",
                    js_str_or(row, "permission", ""));
            return err_at(e, "context, table of field permissions, line %d", (int)js_int(row, "@line", 0));
        }
        int64_t have = js_int(best, profile, -1);
        if (have < 0 || permissions[have].strength < permissions[p].strength)
            js_set_int(best, profile, p);
    }
    *out = json_array();
    const char *profile;
    json_t *v;
    json_object_foreach (best, profile, v) {
        json_t *o = json_object();
        js_set_str(o, "name", profile);
        js_set_str(o, "permission_type", permissions[json_integer_value(v)].permission);
        json_array_append_new(*out, o);
    }
    js_array_sort(*out, "name");
    return 0;
}

struct access {
    json_t *roles, *table;
};

static int load_access(const struct playbook *pb, const struct context *c, struct access *a, struct err *e)
{
    const json_t *decl = js_obj(pb->y.root, "access");
    a->roles = a->table = NULL;
    if (!decl)
        return 0;
    a->roles = context_table(c, js_str_or(decl, "roles", ""), e);
    a->table = a->roles ? context_table(c, js_str_or(decl, "permissions", ""), e) : NULL;
    if (a->table)
        return 0;
    int line, col;
    yaml_where(&pb->y, "/access", &line, &col);
    return err_at(e, "%s:%d:%d", pb->file, line, col);
}

static int add_access(const struct access *a, struct resource *r, struct err *e)
{
    if (!a->table || strcmp(r->kind->name, "field") != 0 || json_object_get(r->body, "profiles"))
        return 0;
    json_t *profiles = NULL;
    if (access_profiles(a->roles, a->table, r->module, r->name, &profiles, e) < 0)
        return -1;
    if (json_array_size(profiles))
        js_set(r->body, "profiles", profiles);
    else
        json_decref(profiles);
    return 0;
}

static int add_source(const struct playbook *pb, const char *file, struct resource *r, struct err *e)
{
    AUTO_FREE char *source = playbook_render(pb, file, NULL, e);
    if (!source)
        return -1;
    char hex[65];
    digest_sha256(source, strlen(source), hex);
    r->artifact = json_object();
    js_set_strf(r->artifact, "path", "functions/%s.dg", r->name);
    js_set_str(r->artifact, "sha256", hex);
    js_set_str(r->artifact, "source", source);
    js_set_str(r->artifact, "language", "deluge");
    return 0;
}

/* A list of addresses, also one made of a table. */
static int take_addresses(const struct playbook *pb, const json_t *decl, const char *key, const char *at,
                          struct strset *out, struct err *e)
{
    AUTO_FREE char *here = mem_printf("%s/%s", at, key);
    const json_t *list = js_arr(decl, key), *one;
    AUTO_JSON json_t *all = list ? playbook_expand(pb, list, pb->data, here, e) : json_array();
    size_t i;
    if (!all)
        return -1;
    json_array_foreach (all, i, one)
        if (!json_is_string(one))
            return yaml_err(e, &pb->y, here, ERR_CONFIG, "%s of %s lists something that is not an address", key,
                            js_str_or(decl, "address", ""));
        else
            strset_add(out, json_string_value(one));
    return 0;
}

static int fill(struct playbook *pb, const struct context *c, const json_t *decl, const char *at, struct resource *r,
                struct err *e)
{
    AUTO_FREE char *at_body = mem_printf("%s/body", at), *at_hand = mem_printf("%s/hand", at);
    AUTO_FREE char *at_because = mem_printf("%s/because", at);
    const json_t *body = json_object_get(decl, "body"), *hand = json_object_get(decl, "hand");
    AUTO_FREE char *at_address = mem_printf("%s/address", at);
    AUTO_JSON json_t *address = playbook_expand(pb, json_object_get(decl, "address"), pb->data, at_address, e);
    if (!address)
        return -1;
    r->address = mem_dup(json_string_value(address) ? json_string_value(address) : "");
    r->playbook = mem_dup(pb->name);
    r->file = mem_dup(pb->file);
    if (address_parse(r->address, &r->kind, &r->module, &r->name, e) < 0)
        return -1;
    r->body = body ? playbook_expand(pb, body, pb->data, at_body, e) : json_object();
    if (!r->body)
        return -1;
    if (!json_is_object(r->body))
        return yaml_err(e, &pb->y, at_body, ERR_CONFIG, "the body of %s is not a mapping", r->address);
    if (hand && !(r->hand = playbook_expand(pb, hand, pb->data, at_hand, e)))
        return -1;
    if (json_object_get(decl, "because")) {
        if (playbook_because(pb, c, js_arr(decl, "because"), at_because, &r->because, e) < 0)
            return -1;
    } else {
        r->because = json_incref(pb->because);
    }
    if (take_addresses(pb, decl, "needs", at, &r->needs, e) < 0 ||
        take_addresses(pb, decl, "after", at, &r->after, e) < 0)
        return -1;
    const char *source = js_str(decl, "source"), *tests = js_str(decl, "tests");
    if (!source)
        return 0;
    if (add_source(pb, source, r, e) < 0)
        return -1;
    return tests ? deluge_tests_attach(pb, source, tests, r->artifact, e) : 0;
}

int playbook_when(const struct playbook *pb, const json_t *decl, const char *at, bool *yes, struct err *e)
{
    const char *p = js_str_or(decl, "when", "");
    *yes = true;
    while (*(p += strspn(p, " "))) {
        AUTO_FREE char *name = mem_dupn(p, strcspn(p, " "));
        AUTO_FREE char *here = mem_printf("%s/when", at);
        const json_t *v = json_object_get(pb->data, name);
        if (!v)
            return yaml_err(e, &pb->y, here, ERR_CONFIG, "when: '%s' is not an input of this playbook", name);
        *yes = *yes && !json_is_false(v) && !json_is_null(v);
        p += strlen(name);
    }
    return 0;
}

static int add_resource(struct playbook *pb, const struct context *c, const struct access *a, const json_t *decl,
                        const char *at, struct desired *d, struct err *e)
{
    struct resource r = {0};
    bool yes;
    if (playbook_when(pb, decl, at, &yes, e) < 0)
        return -1;
    if (!yes)
        return 0;
    AUTO_FREE char *at_address = mem_printf("%s/address", at);
    yaml_where(&pb->y, at_address, &r.line, &r.col);
    if (fill(pb, c, decl, at, &r, e) < 0 || add_access(a, &r, e) < 0) {
        err_at(e, "%s:%d:%d", pb->file, r.line, r.col);
        resource_release(&r);
        return -1;
    }
    return compose_add(d, &r, e);
}

/* {$each, $where, $item: a resource}: one for each row, rendered with the row's columns. */
static int add_each(struct playbook *pb, const struct context *c, const struct access *a, const json_t *decl, size_t i,
                    struct desired *d, struct err *e)
{
    AUTO_FREE char *at = mem_printf("/resources/%zu", i);
    if (!json_object_get(decl, "$each"))
        return add_resource(pb, c, a, decl, at, d, e);
    AUTO_FREE char *at_item = mem_printf("%s/$item", at);
    AUTO_JSON json_t *rows = playbook_each(pb, decl, pb->data, at, e);
    json_t *outer = pb->data, *row;
    size_t k;
    int rc = rows ? 0 : -1;
    json_array_foreach (rows, k, row) {
        pb->data = row;
        rc = rc < 0 ? rc : add_resource(pb, c, a, js_obj(decl, "$item"), at_item, d, e);
    }
    pb->data = outer;
    return rc;
}

/* A tombstone: the thing is to be gone. Leaving a resource out of a playbook never deletes it; this line does, once apply is allowed to. */
static int add_tombstone(struct playbook *pb, json_t *decl, size_t i, struct desired *d, struct err *e)
{
    AUTO_FREE char *at = mem_printf("/removed/%zu", i);
    AUTO_FREE char *at_address = mem_printf("%s/address", at), *at_why = mem_printf("%s/why", at);
    struct resource r = {.playbook = mem_dup(pb->name), .file = mem_dup(pb->file), .because = json_incref(pb->because)};
    bool yes = true;
    AUTO_JSON json_t *address = playbook_expand(pb, json_object_get(decl, "address"), pb->data, at_address, e);
    AUTO_JSON json_t *why = address ? playbook_expand(pb, json_object_get(decl, "why"), pb->data, at_why, e) : NULL;
    yaml_where(&pb->y, at_address, &r.line, &r.col);
    if (!why || playbook_when(pb, decl, at, &yes, e) < 0 || !yes) {
        resource_release(&r);
        return why && !yes ? 0 : -1;
    }
    AUTO_FREE char *where = resource_where(&r);
    r.address = mem_dup(json_string_value(address) ? json_string_value(address) : "");
    r.tombstone = json_object();
    js_set_str(r.tombstone, "why", json_string_value(why));
    js_set_str(r.tombstone, "where", where);
    if (address_parse(r.address, &r.kind, &r.module, &r.name, e) < 0) {
        err_at(e, "%s", where);
        resource_release(&r);
        return -1;
    }
    return compose_add(d, &r, e);
}

/* One declaration of the list `key`. */
static int add_one(struct playbook *pb, const struct context *c, const struct access *a, const char *key, json_t *decl,
                   size_t i, struct desired *d, struct err *e)
{
    return !strcmp(key, "removed") ? add_tombstone(pb, decl, i, d, e) : add_each(pb, c, a, decl, i, d, e);
}

int playbook_desire(struct playbook *pb, const struct context *c, struct desired *d, json_t *findings, struct err *e)
{
    static const char *const lists[] = {"resources", "removed"};
    struct access a;
    json_t *decl;
    size_t i;
    int rc = load_access(pb, c, &a, e);
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
        json_array_foreach (js_arr(pb->y.root, lists[k]), i, decl) {
            struct err one = {0};
            if (rc < 0 || add_one(pb, c, &a, lists[k], decl, i, d, &one) == 0)
                continue;
            if (findings) {
                playbook_finding_err(findings, &one);
                continue;
            }
            *e = one;
            rc = -1;
        }
    json_decref(a.roles);
    json_decref(a.table);
    return rc;
}
