/* plan/saved.c — a plan read from disk: is it one, is it still true, is it done. */
#include "base/mem.h"
#include "base/text.h"
#include "plan/work.h"

static const char schema[] = "zagent.plan/";
enum { SCHEMA_VERSION = 1 };

void address_reads(const struct kind_view *v, const char *address, struct strset *out)
{
    const struct kind *kind;
    char *module, *name;
    if (address_parse(address, &kind, &module, &name, NULL) < 0)
        return;
    AUTO_JSON json_t *body = json_object();
    AUTO_FREE char *own = mem_dup(address);
    struct resource r = {.address = own, .kind = kind, .module = module, .name = name, .body = body};
    if (kind->spec == &spec_module) /* one referred to is only looked up; profiles matter when it is made */
        spec_reads(v, &r, out);
    else
        kind->reads(v, &r, out);
    free(module);
    free(name);
}

void plan_reads(const struct desired *d, const json_t *names, struct strset *out)
{
    const struct kind_view v = {.desired = d, .names = names};
    strset_add(out, "modules");
    for (size_t i = 0; i < d->n; i++) {
        const struct resource *r = &d->r[i];
        struct strset refs = {0};
        r->kind->reads(&v, r, out);
        if (r->tombstone)
            continue;
        if ((r->kind->spec == &spec_picklist || r->kind->spec == &spec_field) &&
            json_object_get(r->body, "pick_list_values"))
            strset_add(out, "blueprints"); /* plan/unlock.c: what runs on it */
        r->kind->needs(&v, r, &refs);
        strset_merge(&refs, &r->needs);
        for (size_t k = 0; k < refs.n; k++)
            address_reads(&v, refs.item[k], out);
        strset_release(&refs);
    }
}

int plan_digest(const json_t *plan, char hex[65], struct err *e)
{
    return js_digest(plan, hex, e);
}

static int check_schema(const json_t *plan, struct err *e)
{
    const char *text = js_str(plan, "schema");
    if (!text || strncmp(text, schema, sizeof schema - 1) != 0) {
        err_set(e, ERR_CONFIG, "this is not a zagent plan");
        return err_fix(e, "make one with 'zagent plan PLAYBOOK'");
    }
    long version = strtol(text + sizeof schema - 1, NULL, 10);
    if (version > SCHEMA_VERSION) {
        err_set(e, ERR_CONFIG, "the plan has schema '%s', newer than this zagent understands (%s%d)", text, schema,
                SCHEMA_VERSION);
        return err_fix(e, "use the zagent that made it, or plan again");
    }
    return version == SCHEMA_VERSION ? 0 : err_set(e, ERR_CONFIG, "the plan has no valid schema ('%s')", text);
}

static int bad_step(struct err *e, size_t i, const char *what)
{
    err_set(e, ERR_CONFIG, "the plan is damaged: %s", what);
    err_at(e, "steps[%zu]", i);
    return err_fix(e, "plan again with 'zagent plan PLAYBOOK'");
}

static bool one_of(const char *text, const char *const *list)
{
    for (; text && *list; list++)
        if (!strcmp(text, *list))
            return true;
    return false;
}

static int check_step(const json_t *step, size_t i, struct err *e)
{
    static const char *const actions[] = {"create", "update", "delete", "none", NULL};
    static const char *const channels[] = {"api", "hand", "attest", NULL};
    static const char *const states[] = {"ready", "wait", "blocked", NULL};
    const char *address = js_str(step, "address");
    char id[9];
    if (!strcmp(js_str_or(step, "action", ""), "delete") && !js_obj(step, "tombstone"))
        return bad_step(e, i, "a step deletes something and has no tombstone");
    if (!address || !js_str(step, "id") || !js_str(step, "before"))
        return bad_step(e, i, "a step lacks its address, id or before-digest");
    address_step_id(address, id);
    if (strcmp(id, js_str(step, "id")) != 0)
        return bad_step(e, i, "the id of a step does not belong to its address");
    if (!one_of(js_str(step, "action"), actions) || !one_of(js_str(step, "channel"), channels) ||
        !one_of(js_str(step, "state"), states))
        return bad_step(e, i, "action, channel or state of a step is not one of the known ones");
    if (!js_arr(step, "needs") || !js_obj(step, "want") || !js_obj(step, "declared"))
        return bad_step(e, i, "a step lacks needs, want or declared");
    struct resource r = {0};
    int rc = plan_step_resource(step, &r, e);
    resource_release(&r);
    return rc;
}

int plan_check(const json_t *plan, struct err *e)
{
    json_t *step, *steps = js_arr(plan, "steps");
    size_t i;
    if (check_schema(plan, e) < 0)
        return -1;
    if (!steps || !js_obj(plan, "summary") || !js_obj(plan, "org")) {
        err_set(e, ERR_CONFIG, "the plan is damaged: steps, summary or org is missing");
        return err_fix(e, "plan again with 'zagent plan PLAYBOOK'");
    }
    json_array_foreach (steps, i, step)
        if (check_step(step, i, e) < 0)
            return -1;
    return 0;
}

bool plan_step_of(const json_t *step, const char *playbook)
{
    return !strcmp(js_str_or(step, "playbook", ""), playbook) || js_array_has(js_arr(step, "also"), playbook);
}

const json_t *plan_step(const json_t *plan, const char *address_or_id)
{
    json_t *step;
    size_t i;
    AUTO_FREE char *canonical = address_canonical(address_or_id, NULL);
    json_array_foreach (js_arr(plan, "steps"), i, step) {
        const char *address = js_str_or(step, "address", "");
        if (!strcmp(address, canonical ? canonical : address_or_id) ||
            !strcmp(js_str_or(step, "id", ""), address_or_id))
            return step;
    }
    return NULL;
}

int plan_step_resource(const json_t *step, struct resource *r, struct err *e)
{
    *r = (struct resource){.body = json_incref(json_object_get(step, "declared")),
                           .because = json_incref(json_object_get(step, "because")),
                           .hand = json_incref(json_object_get(step, "hand")),
                           .artifact = json_incref(json_object_get(step, "artifact")),
                           .tombstone = json_incref(js_obj(step, "tombstone"))};
    if (address_parse(js_str_or(step, "address", ""), &r->kind, &r->module, &r->name, e) < 0) {
        resource_release(r);
        return -1;
    }
    r->address = mem_dup(js_str(step, "address"));
    if (js_str(step, "playbook"))
        r->playbook = mem_dup(js_str(step, "playbook"));
    if (js_str(step, "file"))
        r->file = mem_dup(js_str(step, "file"));
    return 0;
}

static void saved_records(const json_t *plan, struct desired *d)
{
    json_t *step;
    size_t i;
    json_array_foreach (js_arr(plan, "steps"), i, step) {
        struct resource r;
        if (!strcmp(js_str_or(step, "kind", ""), "records") && plan_step_resource(step, &r, NULL) == 0)
            desired_add(d, &r, NULL);
    }
}

json_t *plan_saved_queries(const json_t *plan, const json_t *names, const struct snapshot *s)
{
    struct desired d = {0};
    saved_records(plan, &d);
    json_t *out = plan_queries(&d, names, s);
    desired_release(&d);
    return out;
}

json_t *plan_saved_rows(const json_t *plan, const json_t *names, const struct snapshot *s)
{
    struct desired d = {0};
    saved_records(plan, &d);
    json_t *out = plan_rows(&d, names, s);
    desired_release(&d);
    return out;
}

/* --- is the org still what it was --- */

static int stale(struct err *e, const json_t *step, const char *what, ...) __attribute__((format(printf, 3, 4)));
static int stale(struct err *e, const json_t *step, const char *what, ...)
{
    va_list ap;
    va_start(ap, what);
    AUTO_FREE char *text = mem_vprintf(what, ap);
    va_end(ap);
    err_set(e, ERR_STALE, "%s %s", js_str_or(step, "address", ""), text);
    return err_fix(e,
                   "somebody changed it after the plan was made: run 'zagent plan' again and look at the difference");
}

static int check_names(const struct kind_view *v, const json_t *step, struct err *e)
{
    json_t *planned;
    const char *address;
    json_object_foreach (js_obj(step, "named"), address, planned) {
        const char *real = kind_real_name(v, address, json_string_value(planned));
        if (strcmp(real, json_string_value(planned)) != 0)
            return stale(e, step, "was planned with '%s', which this org calls '%s'", json_string_value(planned), real);
    }
    return 0;
}

static char *shown(const json_t *value)
{
    if (!value || json_is_null(value))
        return mem_dup("nothing");
    if (json_is_string(value))
        return mem_printf("'%s'", json_string_value(value));
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_COMPACT);
    return text ? text : mem_dup("?");
}

static int moved(const json_t *step, const json_t *now, struct err *e)
{
    AUTO_JSON json_t *changes = json_array();
    plan_diff(js_obj(step, "was"), now, "", changes);
    json_t *first = json_array_get(changes, 0);
    AUTO_FREE char *old = shown(json_object_get(first, "from"));
    AUTO_FREE char *new = shown(json_object_get(first, "to"));
    return stale(e, step, "moved: %s was %s, is %s", js_str_or(first, "path", "it"), old, new);
}

/* Fields that steps of this plan make may already stand in the section: Zoho puts a new field somewhere by itself. */
static void forget_own_fields(const struct kind_view *v, const json_t *step, json_t *section)
{
    json_t *kept = json_array(), *name, *need, *was = js_arr(js_obj(step, "was"), "fields");
    size_t i, k;
    AUTO_JSON json_t *own = json_array();
    json_array_foreach (js_arr(step, "needs"), i, need)
        if (!strncmp(json_string_value(need), "field/", 6))
            js_push_str(own, kind_real_name(v, json_string_value(need), NULL));
    json_array_foreach (js_arr(section, "fields"), k, name)
        if (!js_array_has(own, json_string_value(name)) || js_array_has(was, json_string_value(name)))
            json_array_append(kept, name);
    bool none = !json_array_size(kept);
    if (json_object_get(section, "fields"))
        js_set(section, "fields", none ? json_null() : json_incref(kept));
    json_decref(kept);
}

static int fresh(const struct kind_view *v, const json_t *step, const struct resource *r, struct err *e)
{
    const char *before = js_str_or(step, "before", "");
    json_t *live = r->kind->find(v, r);
    if (!live && !*before)
        return 0;
    if (!live)
        return stale(e, step, "is gone");
    if (!*before) /* absent then: a step of this plan may have made what this one adds to, else somebody did */
        return r->kind->spec->update_only ? 0 : stale(e, step, "exists now and did not when the plan was made");
    AUTO_JSON json_t *now = resource_normalise(v, r, live);
    char digest[65];
    if (r->kind->spec == &spec_layout_section)
        forget_own_fields(v, step, now);
    if (js_digest(now, digest, e) < 0)
        return -1;
    return strcmp(digest, before) ? moved(step, now, e) : 0;
}

int plan_step_fresh(const struct kind_view *v, const json_t *step, struct err *e)
{
    struct resource r;
    if (strcmp(js_str_or(step, "channel", ""), "api") != 0)
        return 0;
    if (check_names(v, step, e) < 0 || plan_step_resource(step, &r, e) < 0)
        return -1;
    int rc = fresh(v, step, &r, e);
    resource_release(&r);
    return rc;
}

int plan_step_digest(const struct kind_view *v, const json_t *step, char hex[65], struct err *e)
{
    struct resource r;
    hex[0] = '\0';
    if (plan_step_resource(step, &r, e) < 0)
        return -1;
    json_t *live = r.kind->find(v, &r);
    AUTO_JSON json_t *now = live ? resource_normalise(v, &r, live) : NULL;
    int rc = now ? js_digest(now, hex, e) : 0;
    resource_release(&r);
    return rc;
}

/* --- is it done --- */

static void push_open(json_t *diffs, const char *path, const json_t *want, const json_t *have)
{
    json_t *d = json_object();
    js_set_str(d, "path", path);
    js_set(d, "want", want ? json_deep_copy(want) : json_null());
    js_set(d, "have", have ? json_deep_copy(have) : json_null());
    json_array_append_new(diffs, d);
}

static void compare_live(const struct kind_view *v, const json_t *step, const struct resource *r, json_t *diffs)
{
    json_t *live = r->kind->find(v, r), *change;
    size_t i;
    if (r->tombstone) {
        AUTO_JSON json_t *there = live ? json_string("still there") : NULL;
        AUTO_JSON json_t *gone = json_string("gone");
        if (live)
            push_open(diffs, "", gone, there);
        return;
    }
    if (!live) {
        AUTO_JSON json_t *title = json_string(js_str_or(step, "title", r->name));
        push_open(diffs, "", title, NULL);
        return;
    }
    AUTO_JSON json_t *have = r->kind->normalise(v, r, live);
    AUTO_JSON json_t *changes = json_array();
    plan_diff(have, js_obj(step, "want"), "", changes);
    json_array_foreach (changes, i, change)
        push_open(diffs, js_str_or(change, "path", ""), json_object_get(change, "to"), json_object_get(change, "from"));
}

int plan_step_verify(const struct kind_view *v, const json_t *step, json_t *diffs, struct err *e)
{
    struct resource r;
    if (plan_step_resource(step, &r, e) < 0)
        return -1;
    if (!strcmp(js_str_or(step, "channel", ""), "attest")) {
        AUTO_JSON json_t *word = json_string("a person's word that it is done");
        push_open(diffs, "", word, NULL);
    } else {
        compare_live(v, step, &r, diffs);
    }
    resource_release(&r);
    return 0;
}
