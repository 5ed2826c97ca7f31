#include "agent/compose.h"

#include "base/sb.h"
#include "plan/kind.h"

/* Lists that are joined, by the kind and where they stand. `key`: members with the same text there are one; NULL = the whole
 * member, "@field" = the field it asks for. */
static const struct list_rule {
    const char *kind, *path, *key;
} lists[] = {
    {"field", "pick_list_values", "actual_value"},
    {"picklist", "pick_list_values", "actual_value"},
    {"global_picklist", "pick_list_values", "actual_value"},
    {"field", "profiles", "name"},
    {"layout_section", "fields", NULL},
    {"blueprint", "states", "api_name"},
    {"blueprint", "transitions", "name"},
    {"blueprint", "transitions.during_inputs", "@field"},
    {"blueprint", "transitions.actions", NULL},
    {"blueprint", "connections", NULL},
};

struct merge {
    const struct resource *first, *second;
    struct err *e;
};

static int merge_object(struct merge *m, json_t *into, const json_t *from, const char *path, const char *shown);

static const struct list_rule *rule_of(const struct merge *m, const char *path)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (!strcmp(lists[i].kind, m->first->kind->name) && !strcmp(lists[i].path, path))
            return &lists[i];
    return NULL;
}

static char *shortened(const json_t *v)
{
    AUTO_FREE char *text = json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS);
    return mem_printf("%.60s", text ? text : "?");
}

static int conflict(struct merge *m, const char *shown, const json_t *have, const json_t *want)
{
    AUTO_FREE char *a = shortened(have);
    AUTO_FREE char *b = shortened(want);
    AUTO_FREE char *here = resource_where(m->second);
    AUTO_FREE char *there = resource_where(m->first);
    err_set(m->e, ERR_CONFIG, "two playbooks want '%s' differently: %s is %s in %s and %s in %s", m->first->address,
            shown, a, m->first->playbook, b, m->second->playbook);
    err_at(m->e, "%s", here);
    return err_fix(m->e, "agree on one; the other stands at %s", there);
}

static bool empty(const json_t *v)
{
    return !v || json_is_null(v) || (json_is_array(v) && !json_array_size(v));
}

/* What identifies a member of a joined list; "" = itself. */
static const char *member_key(const json_t *member, const char *key)
{
    if (!key)
        return "";
    if (strcmp(key, "@field") != 0)
        return js_str_or(member, key, "");
    const json_t *field = json_object_get(member, "field");
    return json_is_string(field) ? json_string_value(field) : js_str_or(field, "api_name", "");
}

static json_t *same_member(json_t *list, const json_t *member, const char *key)
{
    const char *name = member_key(member, key);
    json_t *one;
    size_t i;
    json_array_foreach (list, i, one)
        if (*name ? !strcmp(member_key(one, key), name) : json_equal(one, member))
            return one;
    return NULL;
}

/* Inputs of a transition are numbered; joined, they are numbered again in their order. */
static void renumber(json_t *list)
{
    json_t *one;
    size_t i;
    json_array_foreach (list, i, one)
        if (json_object_get(one, "sequence"))
            js_set_int(one, "sequence", (int64_t)i + 1);
}

static int merge_list(struct merge *m, json_t *into, const json_t *from, const struct list_rule *rule,
                      const char *shown)
{
    const json_t *member;
    size_t i;
    int rc = 0;
    json_array_foreach (from, i, member) {
        json_t *have = same_member(into, member, rule->key);
        if (!have) {
            json_array_append_new(into, json_deep_copy(member));
            continue;
        }
        const char *name = member_key(member, rule->key);
        AUTO_FREE char *below = mem_printf("%s%s%s", shown, *name ? " " : "", name);
        if (rc == 0 && json_is_object(have))
            rc = merge_object(m, have, member, rule->path, below);
    }
    renumber(into);
    return rc;
}

static int merge_object(struct merge *m, json_t *into, const json_t *from, const char *path, const char *shown)
{
    const char *key;
    json_t *want;
    int rc = 0;
    json_object_foreach ((json_t *)(uintptr_t)from, key, want) {
        json_t *have = json_object_get(into, key);
        AUTO_FREE char *below = *path ? mem_printf("%s.%s", path, key) : mem_dup(key);
        AUTO_FREE char *named = *shown ? mem_printf("%s, %s", shown, key) : mem_dup(key);
        const struct list_rule *rule = rule_of(m, below);
        if (rc < 0 || empty(want) || json_equal(have, want) || !strcmp(key, "sequence"))
            continue;
        if (empty(have))
            js_set(into, key, json_deep_copy(want));
        else
            rc = rule && json_is_array(have) && json_is_array(want) ? merge_list(m, have, want, rule, named)
                                                                    : conflict(m, named, have, want);
    }
    return rc;
}

/* ---- the rest of a resource ---- */

static void join_because(struct resource *into, const struct resource *from)
{
    json_t *all = json_copy(into->because), *one;
    size_t i;
    json_array_foreach (from->because, i, one) {
        if (!same_member(all, one, "id"))
            json_array_append(all, one);
    }
    json_decref(into->because);
    into->because = all;
}

static void join_hand(struct resource *into, const struct resource *from)
{
    if (!from->hand)
        return;
    json_t *all = json_deep_copy(from->hand);
    json_object_update(all, into->hand ? into->hand : json_null());
    json_decref(into->hand);
    into->hand = all;
}

static int buried(const struct resource *into, const struct resource *from, struct err *e)
{
    const struct resource *grave = into->tombstone ? into : from, *wish = into->tombstone ? from : into;
    AUTO_FREE char *where = resource_where(grave);
    AUTO_FREE char *other = resource_where(wish);
    err_set(e, ERR_CONFIG, "%s is to be deleted for %s, and %s wants it", into->address, grave->playbook,
            wish->playbook);
    err_at(e, "%s", where);
    return err_fix(e, "take the tombstone out, or the resource at %s", other);
}

static int join(struct resource *into, const struct resource *from, struct err *e)
{
    if (!into->tombstone != !from->tombstone)
        return buried(into, from, e);
    struct merge m = {into, from, e};
    json_t *body = json_deep_copy(into->body);
    const char *mine = js_str(into->artifact, "sha256"), *its = js_str(from->artifact, "sha256");
    if (mine && its && strcmp(mine, its) != 0) {
        AUTO_JSON json_t *a = json_string(mine);
        AUTO_JSON json_t *b = json_string(its);
        json_decref(body);
        return conflict(&m, "the source", a, b);
    }
    if (merge_object(&m, body, from->body, "", "") < 0) {
        json_decref(body);
        return -1;
    }
    json_decref(into->body);
    into->body = body;
    if (!into->artifact)
        into->artifact = json_incref(from->artifact);
    join_because(into, from);
    join_hand(into, from);
    strset_merge(&into->needs, &from->needs);
    strset_merge(&into->after, &from->after);
    strset_add(&into->also, from->playbook);
    return 0;
}

int compose_add(struct desired *d, struct resource *r, struct err *e)
{
    AUTO_FREE char *address = address_canonical(r->address, e);
    json_t *at = address ? json_object_get(d->index, address) : NULL;
    struct resource *first = at ? &d->r[json_integer_value(at)] : NULL;
    if (!first || !first->playbook || !r->playbook || !strcmp(first->playbook, r->playbook) ||
        strset_has(&first->also, r->playbook))
        return desired_add(d, r, e);
    struct strset needs = {0};
    int rc = 0;
    for (size_t i = 0; i < r->needs.n && rc == 0; i++) {
        AUTO_FREE char *need = address_canonical(r->needs.item[i], e);
        rc = need ? (strset_add(&needs, need), 0) : -1;
    }
    strset_release(&r->needs);
    r->needs = needs;
    if (rc == 0)
        rc = join(first, r, e);
    resource_release(r);
    return rc;
}

int compose_order(struct desired *d, struct err *e)
{
    for (size_t i = 0; i < d->n; i++)
        for (size_t k = 0; k < d->r[i].after.n; k++) {
            AUTO_FREE char *first = address_canonical(d->r[i].after.item[k], e);
            if (!first)
                return -1;
            if (desired_find(d, first))
                strset_add(&d->r[i].needs, first);
        }
    return 0;
}

/* ---- does it hang together ---- */

static int loose(const struct resource *r, struct err *e, const char *fix, const char *what, const char *name)
{
    AUTO_FREE char *where = resource_where(r);
    AUTO_FREE char *with = mem_dup("");
    for (size_t i = 0; i < r->also.n; i++) {
        char *more = mem_printf("%s and %s", with, r->also.item[i]);
        free(with);
        with = more;
    }
    err_set(e, ERR_CONFIG, "the Blueprint '%s' of %s%s does not hang together: %s%s%s%s", r->name, r->playbook, with,
            what, *name ? " '" : "", name, *name ? "'" : "");
    err_at(e, "%s", where);
    return err_fix(e, "%s", fix);
}

static const json_t *named(const json_t *list, const char *key, const char *name)
{
    const json_t *one;
    size_t i;
    json_array_foreach (list, i, one)
        if (!strcmp(js_str_or(one, key, ""), name))
            return one;
    return NULL;
}

static int check_connections(const struct resource *r, struct strset *connected, struct err *e)
{
    static const char *const ends[] = {"from_state", "to_state"};
    const json_t *states = js_arr(r->body, "states"), *one;
    size_t i;
    json_array_foreach (js_arr(r->body, "connections"), i, one) {
        const char *transition = js_str_or(js_obj(one, "transitions"), "name", "");
        strset_add(connected, transition);
        if (!named(js_arr(r->body, "transitions"), "name", transition))
            return loose(r, e, "declare the transition, or correct its name", "a connection names no transition",
                         transition);
        for (size_t k = 0; k < 2; k++) {
            const char *state = js_str_or(js_obj(one, ends[k]), "api_name", "");
            if (!named(states, "api_name", state))
                return loose(r, e, "add the state, or correct its name", "a connection names no state", state);
        }
    }
    return 0;
}

static int check_blueprint(const struct resource *r, struct err *e)
{
    static const char *const whole[] = {"field", "layout", "states", "connections"};
    struct strset connected = {0};
    const json_t *one;
    size_t i;
    for (i = 0; i < sizeof whole / sizeof *whole; i++)
        if (empty(json_object_get(r->body, whole[i])))
            return loose(r, e, "this may be a part only: plan the playbook that defines the Blueprint as well",
                         "nobody says its", whole[i]);
    int rc = check_connections(r, &connected, e);
    json_array_foreach (js_arr(r->body, "transitions"), i, one) {
        if (rc == 0 && !strset_has(&connected, js_str_or(one, "name", "")))
            rc = loose(r, e, "connect it, or correct its name to that of the playbook that does",
                       "nobody says from where to where leads", js_str_or(one, "name", ""));
    }
    strset_release(&connected);
    return rc;
}

int compose_check(const struct desired *d, struct err *e)
{
    for (size_t i = 0; i < d->n; i++)
        if (!strcmp(d->r[i].kind->name, "blueprint") && check_blueprint(&d->r[i], e) < 0)
            return -1;
    return 0;
}
