/* plan/adopt.c — offers, choice, what the choice needs, bodies, and the proof that each compares equal with its live object. */
#include "plan/adopt.h"

#include <fnmatch.h>

#include "base/mem.h"
#include "plan/adopting.h"
#include "plan/walk.h"
#include "plan/work.h"

void adopt_note(json_t *notes, const char *path, const char *why, ...)
{
    va_list ap;
    va_start(ap, why);
    AUTO_FREE char *text = mem_vprintf(why, ap);
    va_end(ap);
    json_t *o = json_object();
    js_set_str(o, "path", path);
    js_set_str(o, "why", text);
    json_array_append_new(notes, o);
}

bool address_matches(const char *pattern, const char *kind, const char *address)
{
    return !strcmp(pattern, kind) || !fnmatch(pattern, address, 0);
}

/* --- what is to be read --- */

/* Could the pattern mean something of this kind in this module? The name is not looked at. */
static bool may_match(const char *pattern, const struct kind *k, const char *module)
{
    const char *slash = strchr(pattern, '/');
    AUTO_FREE char *kind = slash ? mem_dupn(pattern, (size_t)(slash - pattern)) : mem_dup(pattern);
    if (fnmatch(kind, k->name, 0) != 0)
        return false;
    if (!slash || !module || !k->in_module)
        return true;
    const char *dot = strchr(slash, '.');
    AUTO_FREE char *within = dot ? mem_dupn(slash + 1, (size_t)(dot - slash) - 1) : mem_dup(slash + 1);
    return !fnmatch(within, module, 0);
}

static bool wanted(const struct adopt_wish *w, const struct kind *k, const char *module)
{
    for (size_t i = 0; i < w->patterns->n; i++)
        if (may_match(w->patterns->item[i], k, module))
            return true;
    return false;
}

/* Modules that the API shows the inside of. */
static bool has_inside(const json_t *module)
{
    return js_str(module, "api_name") && js_bool(module, "api_supported", true);
}

static void lists_of(const struct snapshot *s, const struct adopt_wish *w, const struct kind *k, struct strset *out)
{
    json_t *module;
    size_t i;
    if (!k->spec->per_module) {
        if (wanted(w, k, NULL))
            strset_add(out, k->spec->list);
        return;
    }
    json_array_foreach (snapshot_get(s, "modules"), i, module)
        if (has_inside(module) && wanted(w, k, js_str(module, "api_name")))
            strset_addf(out, "%s/%s", k->spec->list, js_str(module, "api_name"));
}

static void lists_wanted(const struct snapshot *s, const struct adopt_wish *w, struct strset *out)
{
    strset_add(out, "modules");
    strset_add(out, "profiles");
    for (size_t i = 0; i < kinds_n; i++)
        if (kinds[i].spec->offer)
            lists_of(s, w, &kinds[i], out);
}

static bool known(const struct snapshot *s, const char *list)
{
    return snapshot_get(s, list) || snapshot_refused(s, list);
}

/* --- offers --- */

static void offer_list(struct adopting *a, const struct kind *k, const char *list, const char *module)
{
    json_t *object;
    size_t i;
    json_array_foreach (snapshot_get(a->v.snapshot, list), i, object) {
        const char *own = k->spec->has_module ? ref_name(json_object_get(object, "module")) : module;
        if (!k->in_module || own)
            k->spec->offer(a, k, own, object);
    }
}

static void offer_kind(struct adopting *a, const struct kind *k)
{
    json_t *module;
    size_t i;
    if (!k->spec->per_module) {
        offer_list(a, k, k->spec->list, NULL);
        return;
    }
    json_array_foreach (snapshot_get(a->v.snapshot, "modules"), i, module) {
        const char *name = js_str_or(module, "api_name", "");
        AUTO_FREE char *list = mem_printf("%s/%s", k->spec->list, name);
        offer_list(a, k, list, name);
    }
}

/* What other playbooks want is theirs; two kinds may share one live object (a field and its pick list). */
static void mark_owned(struct adopting *a, const struct adopt_wish *w)
{
    const struct kind_view v = {a->v.snapshot, w->others, w->names};
    for (size_t i = 0; w->others && i < w->others->n; i++) {
        const struct resource *r = &w->others->r[i];
        const json_t *live = r->kind->spec->offer ? r->kind->find(&v, r) : NULL;
        for (size_t k = 0; live && k < a->n; k++)
            if (a->offer[k].live == live && a->offer[k].kind == r->kind)
                a->offer[k].owner = r->playbook ? r->playbook : "another playbook";
    }
}

static struct offer *offered(struct adopting *a, const char *address)
{
    json_t *at = json_object_get(a->index, address);
    return at ? &a->offer[json_integer_value(at)] : NULL;
}

/* --- one resource --- */

static bool listed(const char *words, const char *key)
{
    AUTO_FREE char *word = mem_printf(" %s ", key);
    return words && (!strcmp(words, "*") || strstr(words, word) != NULL);
}

/* What every answer has and Zoho keeps itself. */
static const char always[] =
    " id api_name name module layout created_time created_by modified_time modified_by editable deletable source "
    "status active "
    "category associated display_value display_label feature_type fields sections field_label label read_only ";

static bool says_nothing(const json_t *v)
{
    const char *text = json_string_value(v);
    return !v || json_is_null(v) || json_is_false(v) || (text && !*text) || (json_is_array(v) && !json_array_size(v)) ||
           (json_is_object(v) && !json_object_size(v)) || (json_is_integer(v) && !json_integer_value(v));
}

static bool has_row(const struct kind_spec *spec, const char *key)
{
    for (size_t i = 0; i < spec->props_n; i++)
        if (!strcmp(spec->props[i].key, key))
            return true;
    return false;
}

void adopt_note_members(json_t *notes, const char *path, const json_t *list, const char *known)
{
    struct strset more = {0};
    json_t *one, *value;
    const char *key;
    size_t i;
    json_array_foreach (list, i, one)
        json_object_foreach (one, key, value)
            if (!says_nothing(value) && !listed(known, key))
                strset_add(&more, key);
    for (i = 0; i < more.n; i++) {
        AUTO_FREE char *below = mem_printf("%s.%s", path, more.item[i]);
        adopt_note(notes, below, "no property of a playbook says it");
    }
    strset_release(&more);
}

static void note_rest(const struct kind_spec *spec, const json_t *live, json_t *notes)
{
    const char *key;
    json_t *value;
    json_object_foreach (walk(live), key, value)
        if (*key != '$' && !says_nothing(value) && !has_row(spec, key) && !listed(always, key) &&
            !listed(spec->own, key))
            adopt_note(notes, key, "no property of a playbook says it");
}

static bool has_id(const json_t *j)
{
    const char *key;
    json_t *value;
    size_t i;
    json_object_foreach (walk(j), key, value)
        if (!strcmp(key, "id") || has_id(value))
            return true;
    json_array_foreach (j, i, value)
        if (has_id(value))
            return true;
    return false;
}

static json_t *body_of(const struct kind_view *v, const struct resource *r, const json_t *live, json_t *notes)
{
    const struct kind_spec *spec = r->kind->spec;
    for (size_t i = 0; i < spec->props_n; i++) {
        const struct prop *p = &spec->props[i];
        const struct prop_ctx c = {v, r, p, true};
        json_t *value = p->flags & PROP_IMPLIED ? json_null() : p->type->adopt(&c, json_object_get(live, p->key));
        if (json_is_string(value) && !strcmp(json_string_value(value), "(secret)"))
            adopt_note(notes, p->key, "a secret: it is not taken over");
        else if (!json_is_null(value))
            json_object_set(r->body, p->key, value);
        json_decref(value);
    }
    if (spec->adopt)
        spec->adopt(v, r, live, r->body, notes);
    note_rest(spec, live, notes);
    return r->body;
}

/* The proof. What the comparison would see as a difference is not declared, and named. */
static void keep_what_compares(const struct kind_view *v, const struct resource *r, const json_t *live, json_t *notes)
{
    AUTO_JSON json_t *want = r->kind->normalise(v, r, NULL);
    AUTO_JSON json_t *have = r->kind->normalise(v, r, live);
    json_t *value;
    const char *key;
    void *next;
    json_object_foreach_safe (want, next, key, value)
        if (!json_equal(value, json_object_get(have, key)) && json_object_del(r->body, key) == 0)
            adopt_note(notes, key, "cannot be said so that it compares equal with what the org has");
    json_object_foreach_safe (r->body, next, key, value)
        if (has_id(value))
            adopt_note(notes, key, "names something by an id of this org: in another org a person corrects it");
}

static void probe_of(const struct offer *o, json_t *body, struct resource *r)
{
    *r = (struct resource){.address = o->address, .kind = o->kind, .module = o->module, .name = o->name, .body = body};
}

static json_t *declared(struct adopting *a, struct offer *o)
{
    json_t *out = json_object(), *body = json_object(), *notes = json_array();
    struct resource r;
    probe_of(o, body, &r);
    body_of(&a->v, &r, o->live, notes);
    keep_what_compares(&a->v, &r, o->live, notes);
    js_set_str(out, "address", o->address);
    js_set_str(out, "kind", o->kind->name);
    js_set_str(out, "title", kind_title(&r));
    if (o->module)
        js_set_str(out, "module", o->module);
    if (o->kind->spec == &spec_function) {
        AUTO_FREE char *list = mem_printf("function_code/%s", o->name);
        js_set_str(out, "source", js_str_or(json_array_get(snapshot_get(a->v.snapshot, list), 0), "code", ""));
    }
    js_set_bool(out, "asked", o->asked);
    js_set(out, "body", body);
    js_set(out, "notes", notes);
    return out;
}

/* --- the choice, and what it needs --- */

struct choosing {
    struct adopting *a;
    const struct snapshot *s;
    struct strset *unread;
    json_t *stands_on; /* address → [addresses that refer to it] */
};

static void want_read(struct choosing *c, const struct resource *r, const struct strset *needs)
{
    struct strset lists = {0};
    r->kind->reads(&c->a->v, r, &lists);
    if (r->kind->spec == &spec_module)
        strset_addf(&lists, "fields/%s", r->name);
    if (r->kind->spec == &spec_custom_view && has_id(json_object_get(r->body, "shared_to"))) {
        strset_add(&lists, spec_user.list);
        strset_add(&lists, spec_role.list);
        strset_add(&lists, spec_group.list);
    }
    for (size_t i = 0; i < needs->n; i++)
        address_reads(&c->a->v, needs->item[i], &lists);
    for (size_t i = 0; i < lists.n; i++)
        if (!known(c->s, lists.item[i]))
            strset_add(c->unread, lists.item[i]);
    strset_release(&lists);
}

/* Made with every org: nobody has to bring them. */
static bool everywhere(const struct kind *k, const char *name)
{
    static const char *const usual[] = {"profile/Administrator", "profile/Standard", "layout/Standard",
                                        "variable_group/General"};
    AUTO_FREE char *full = mem_printf("%s/%s", k->name, name);
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (!strcmp(full, usual[i]))
            return true;
    return k->spec == &spec_section || k->spec == &spec_picklist_value;
}

static void stands_on(struct choosing *c, const struct offer *by, const char *address)
{
    const struct kind *kind;
    char *module, *name;
    if (address_parse(address, &kind, &module, &name, NULL) < 0)
        return;
    if (kind->cls == KIND_REFERENCE && !everywhere(kind, name)) {
        if (!json_object_get(c->stands_on, address))
            js_set(c->stands_on, address, json_array());
        js_array_add_unique(json_object_get(c->stands_on, address), by->address);
    }
    free(module);
    free(name);
}

static void take(struct choosing *c, struct offer *o);

/* picklist_value/M.F=V comes with picklist/M.F; field/M.F may be an option list of Zoho's own field. */
static struct offer *maker(struct choosing *c, const char *address)
{
    static const char value[] = "picklist_value/";
    if (strncmp(address, value, sizeof value - 1) != 0)
        return offered(c->a, address);
    AUTO_FREE char *field = mem_dup(address + sizeof value - 1);
    field[strcspn(field, "=")] = '\0';
    AUTO_FREE char *picklist = mem_printf("picklist/%s", field);
    return offered(c->a, picklist);
}

static void take_needs(struct choosing *c, struct offer *o)
{
    struct strset needs = {0};
    AUTO_JSON json_t *body = json_object();
    AUTO_JSON json_t *notes = json_array();
    struct resource r;
    AUTO_FREE char *by = mem_dup(o->address);
    probe_of(o, body, &r);
    body_of(&c->a->v, &r, o->live, notes);
    r.kind->needs(&c->a->v, &r, &needs);
    want_read(c, &r, &needs);
    for (size_t i = 0; i < needs.n; i++) {
        struct offer *other = maker(c, needs.item[i]);
        if (other)
            take(c, other);
        else
            stands_on(c, o, needs.item[i]);
    }
    strset_release(&needs);
}

static void take(struct choosing *c, struct offer *o)
{
    if (o->taken || o->owner)
        return;
    o->taken = true;
    if (!o->why)
        take_needs(c, o);
}

static int used(const struct adopting *a, const struct adopt_wish *w, struct err *e)
{
    for (size_t p = 0; p < w->patterns->n; p++) {
        bool hit = false;
        for (size_t i = 0; i < a->n && !hit; i++)
            hit = address_matches(w->patterns->item[p], a->offer[i].kind->name, a->offer[i].address);
        if (hit)
            continue;
        err_set(e, ERR_USAGE, "'%s' matches nothing in this org that a playbook can declare", w->patterns->item[p]);
        return err_fix(e, "give an address, a pattern like 'field/Quotes.*', or a kind (docs/PLAYBOOKS.md lists them); "
                          "what Zoho made itself is not adopted");
    }
    return 0;
}

/* --- the result --- */

static json_t *pair(const char *address, const char *key, const char *text)
{
    json_t *o = json_object();
    js_set_str(o, "address", address);
    js_set_str(o, key, text);
    return o;
}

static int by_kind(const void *x, const void *y)
{
    const struct offer *a = *(struct offer *const *)x, *b = *(struct offer *const *)y;
    return a->kind != b->kind ? (a->kind > b->kind) - (a->kind < b->kind) : strcmp(a->address, b->address);
}

static json_t *referred(const json_t *stands_on)
{
    json_t *out = json_array(), *users;
    const char *address;
    json_object_foreach (walk(stands_on), address, users) {
        size_t n = json_array_size(users);
        json_t *o = json_object();
        js_set_str(o, "address", address);
        if (n > 1)
            js_set_strf(o, "by", "%s and %zu more", json_string_value(json_array_get(users, 0)), n - 1);
        else
            js_set_str(o, "by", json_string_value(json_array_get(users, 0)));
        json_array_append_new(out, o);
    }
    js_array_sort(out, "address");
    return out;
}

static json_t *result(struct choosing *c, const struct strset *lists)
{
    struct adopting *a = c->a;
    json_t *out = json_object(), *resources = json_array(), *left = json_array(), *owned = json_array(),
           *refused = json_array();
    struct offer **order = mem_grow(NULL, a->n + 1, sizeof *order);
    for (size_t i = 0; i < a->n; i++)
        order[i] = &a->offer[i];
    if (a->n)
        qsort(order, a->n, sizeof *order, by_kind);
    for (size_t i = 0; i < a->n; i++) {
        struct offer *o = order[i];
        if (o->taken && o->why)
            json_array_append_new(left, pair(o->address, "why", o->why));
        else if (o->taken)
            json_array_append_new(resources, declared(a, o));
        else if (o->asked && o->owner)
            json_array_append_new(owned, pair(o->address, "playbook", o->owner));
    }
    for (size_t i = 0; i < lists->n; i++) {
        const json_t *why = snapshot_refused(c->s, lists->item[i]);
        json_t *o = why ? json_object() : NULL;
        if (!o)
            continue;
        js_set_str(o, "list", lists->item[i]);
        js_set_str(o, "code", js_str_or(why, "code", ""));
        json_array_append_new(refused, o);
    }
    free(order);
    js_set(out, "resources", resources);
    js_set(out, "left", left);
    js_set(out, "wanted", owned);
    js_set(out, "stands_on", referred(c->stands_on));
    js_set(out, "refused", refused);
    js_set_int(out, "own", a->own);
    return out;
}

static void release(struct adopting *a)
{
    for (size_t i = 0; i < a->n; i++) {
        free(a->offer[i].address);
        free(a->offer[i].module);
        free(a->offer[i].name);
    }
    free(a->offer);
    json_decref(a->index);
}

json_t *plan_offered(const struct snapshot *s, const struct desired *others, const json_t *names, int64_t *own)
{
    struct desired nothing = {0};
    struct adopting a = {.v = {s, &nothing, names}, .index = json_object()};
    const struct adopt_wish w = {.others = others, .names = names};
    json_t *out = json_array();
    for (size_t i = 0; i < kinds_n; i++)
        if (kinds[i].spec->offer && kinds[i].spec != &spec_picklist)
            offer_kind(&a, &kinds[i]);
    mark_owned(&a, &w);
    for (size_t i = 0; i < a.n; i++) {
        const struct offer *o = &a.offer[i];
        bool zohos = o->kind->spec == &spec_layout_section &&
                     strcmp(js_str_or(o->live, "generated_type", "custom"), "custom") != 0;
        if (!o->owner && !zohos && json_integer_value(json_object_get(a.index, o->address)) == (json_int_t)i)
            js_push_str(out, o->address);
    }
    js_array_sort(out, NULL);
    *own = a.own;
    release(&a);
    return out;
}

int plan_adopt(const struct snapshot *s, const struct adopt_wish *w, struct strset *unread, json_t **out, struct err *e)
{
    AUTO_JSON json_t *names = json_object();
    struct desired nothing = {0};
    struct adopting a = {.v = {s, &nothing, names}, .index = json_object()};
    struct choosing c = {&a, s, unread, json_object()};
    struct strset lists = {0};
    *out = NULL;
    lists_wanted(s, w, &lists);
    for (size_t i = 0; i < lists.n; i++)
        if (!known(s, lists.item[i]))
            strset_add(unread, lists.item[i]);
    for (size_t i = 0; i < kinds_n; i++)
        if (kinds[i].spec->offer)
            offer_kind(&a, &kinds[i]);
    mark_owned(&a, w);
    for (size_t i = 0; i < a.n; i++)
        for (size_t p = 0; p < w->patterns->n && !a.offer[i].asked; p++)
            a.offer[i].asked = address_matches(w->patterns->item[p], a.offer[i].kind->name, a.offer[i].address);
    for (size_t i = 0; i < a.n; i++)
        if (a.offer[i].asked)
            take(&c, &a.offer[i]);
    int rc = unread->n ? 0 : used(&a, w, e);
    if (rc == 0 && !unread->n)
        *out = result(&c, &lists);
    json_decref(c.stands_on);
    strset_release(&lists);
    release(&a);
    return rc;
}
