/* plan/connect.c — which steps come first, and what a step needs that neither the org nor a playbook has. */
#include "base/mem.h"
#include "base/text.h"
#include "plan/work.h"

/* Fields that Zoho itself makes with every custom module. Unproven as a complete list: zoho-api.md does not give one. */
static const char *const system_fields[] = {
    "Name",
    "Owner",
    "Email",
    "Secondary_Email",
    "Created_By",
    "Modified_By",
    "Created_Time",
    "Modified_Time",
    "Last_Activity_Time",
    "Tag",
    "Currency",
    "Exchange_Rate",
    "Unsubscribed_Mode",
    "Unsubscribed_Time",
    "Record_Image",
    "Locked__s",
    "Record_Status__s",
};

static void depend(struct item *it, size_t need, size_t self)
{
    for (size_t i = 0; i < it->needs_n; i++)
        if (it->needs[i] == need)
            return;
    if (need != self)
        VEC_PUSH(it->needs, it->needs_n, it->needs_cap, need);
}

/* picklist_value/M.F=V is made by the picklist or the field that lists V. */
static size_t value_maker(const struct work *w, const char *module, const char *name)
{
    static const char *const makers[] = {"picklist", "field"};
    const char *equals = strchr(name, '=');
    AUTO_FREE char *field = mem_dupn(name, equals ? (size_t)(equals - name) : strlen(name));
    for (size_t i = 0; equals && i < 2; i++) {
        AUTO_FREE char *address = address_make(makers[i], module, field);
        size_t at = work_index(w, address);
        if (at != SIZE_MAX && picks_have(js_arr(w->all.r[at].body, "pick_list_values"), equals + 1))
            return at;
    }
    return SIZE_MAX;
}

static bool made_with_module(const struct kind *kind, const char *name)
{
    if (kind->cls == KIND_REFERENCE)
        return kind->spec == &spec_layout;
    if (kind->spec != &spec_field)
        return false;
    for (size_t i = 0; i < sizeof system_fields / sizeof *system_fields; i++)
        if (!strcmp(name, system_fields[i]))
            return true;
    return false;
}

/* The item that makes what the address speaks of, without being declared under it. */
static size_t maker(const struct work *w, const struct kind *kind, const char *module, const char *name)
{
    if (kind->spec == &spec_picklist_value)
        return value_maker(w, module, name);
    if (kind->spec == &spec_section) {
        AUTO_FREE char *address = address_make("layout_section", module, name);
        return work_index(w, address);
    }
    if (!module || module_exists(&w->v, module) || !made_with_module(kind, name))
        return SIZE_MAX;
    AUTO_FREE char *address = address_make("module", NULL, module);
    return work_index(w, address);
}

/* The api_name nearest to a field that is missing, for the fix. */
static const char *nearest_live(const struct work *w, const struct kind *kind, const char *module, const char *name)
{
    if (!kind->spec->per_module || kind->spec != &spec_field)
        return NULL;
    AUTO_FREE char *list = mem_printf("fields/%s", real_module(&w->v, module));
    json_t *all = snapshot_get(w->in->snapshot, list), *one;
    const char **names = mem_grow(NULL, json_array_size(all) + 1, sizeof *names);
    size_t i, n = 0;
    json_array_foreach (all, i, one)
        if (js_str(one, "api_name"))
            names[n++] = js_str(one, "api_name");
    const char *near = text_nearest(name, names, n);
    free(names);
    return near;
}

static void report_missing(struct work *w, struct item *it, const char *address, const struct kind *kind,
                           const char *module, const char *name)
{
    struct resource probe = {.kind = kind, .module = (char *)(uintptr_t)module, .name = (char *)(uintptr_t)name};
    AUTO_FREE char *list = kind_list(&w->v, &probe);
    json_t *refused = list ? snapshot_refused(w->in->snapshot, list) : NULL;
    const char *near = nearest_live(w, kind, module, name);
    AUTO_FREE char *where = module ? mem_printf(" of %s", module) : mem_dup("");
    if (refused && (!module || module_exists(&w->v, module))) {
        item_block(it, "give the reader's user permission to see it, then plan again",
                   "needs %s '%s'%s, and the org refuses to show these (%s)", kind->title, name, where,
                   js_str_or(refused, "code", ""));
        return;
    }
    AUTO_FREE char *fix =
        near ? mem_printf("did you mean '%s'? Otherwise add the line '%s,API_NAME' to context/org-map.csv", near,
                          address)
             : mem_printf("correct the name, make it in Zoho, or add '%s' to the playbook", address);
    item_block(it, fix, "needs %s '%s'%s, which the org does not have and no playbook makes", kind->title, name, where);
}

static void connect_one(struct work *w, size_t self, const char *address)
{
    struct item *it = &w->item[self];
    const struct kind *kind;
    char *module, *name;
    size_t at = work_index(w, address);
    if (at != SIZE_MAX && w->all.r[at].tombstone) {
        if (!w->in->backwards) /* a rollback deletes after everything else */
            item_block(it, "take the tombstone out, or what needs it", "needs %s, which has a tombstone", address);
        return;
    }
    if (at != SIZE_MAX) {
        depend(it, at, self);
        return;
    }
    if (address_parse(address, &kind, &module, &name, NULL) < 0)
        return;
    at = maker(w, kind, module, name);
    if (at != SIZE_MAX)
        depend(it, at, self);
    else if (!it->none && !(kind->spec == &spec_field && !strcmp(name, "id")) && !kind_live(&w->v, address))
        report_missing(w, it, address, kind, module, name);
    free(module);
    free(name);
}

/* A need that the playbook writes down must be somewhere: a misspelt one would silently order nothing. */
static int connect_declared(struct work *w, size_t self, const char *address, struct err *e)
{
    struct item *it = &w->item[self];
    size_t at = work_index(w, address);
    if (at != SIZE_MAX) {
        depend(it, at, self);
        return 0;
    }
    if (kind_live(&w->v, address))
        return 0;
    AUTO_FREE char *where = resource_where(it->r);
    err_set(e, ERR_CONFIG, "'%s' needs '%s', which no playbook declares and the org does not have", it->r->address,
            address);
    if (*where)
        err_at(e, "%s", where);
    return err_fix(e, "correct the address under needs, or plan the playbook that declares it as well");
}

/* A Blueprint comes after every change of the pick list it runs on, also of values that are no state of it: once it is
 * published nobody can change them (zoho-people-and-tools 3.1). */
static void after_its_field(const struct resource *r, struct strset *needs, const struct work *w)
{
    static const char *const makers[] = {"picklist", "field"};
    const char *field = r->kind->spec == &spec_blueprint ? ref_name(json_object_get(r->body, "field")) : NULL;
    for (size_t i = 0; field && i < 2; i++) {
        AUTO_FREE char *address = address_make(makers[i], r->module, field);
        if (work_index(w, address) != SIZE_MAX)
            strset_add(needs, address);
    }
}

int work_connect(struct work *w, struct err *e)
{
    for (size_t i = 0; i < w->n; i++) {
        const struct resource *r = w->item[i].r;
        struct strset refs = {0};
        if (r->tombstone) /* what stands on it must go first, and rank sees to that */
            continue;
        r->kind->needs(&w->v, r, &refs);
        after_its_field(r, &refs, w);
        for (size_t k = 0; k < refs.n; k++)
            connect_one(w, i, refs.item[k]);
        strset_release(&refs);
        for (size_t k = 0; k < r->needs.n; k++)
            if (connect_declared(w, i, r->needs.item[k], e) < 0)
                return -1;
    }
    return 0;
}
