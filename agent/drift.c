#include "agent/drift.h"

#include "agent/draft.h"
#include "plan/adopt.h"

static char *fact_key(const struct drift *d, const char *what)
{
    return mem_printf("drift/%s/%s", what, d->s->org->zgid);
}

/* ---- one step ---- */

/* An acceptance answers one wish; a later run that made the thing as planned ends it. */
static bool still_holds(const json_t *accepted, const json_t *step)
{
    char want[65];
    return step && js_digest(json_object_get(step, "want"), want, NULL) == 0 &&
           !strcmp(js_str_or(accepted, "want", ""), want) && js_int(step, "run", 0) < js_int(accepted, "run", 0);
}

static void drop_ended(struct drift *d)
{
    const char *address;
    json_t *a;
    void *next;
    json_object_foreach_safe (d->accepted, next, address, a)
        if (!still_holds(a, js_obj(d->m.steps, address)))
            json_object_del(d->accepted, address);
}

/* The lists of a module that is gone are refused: that is no secret, it is gone. */
static bool module_gone(const struct drift *d, const struct kind_view *v, const struct resource *r)
{
    AUTO_FREE char *address = r->module ? address_make("module", NULL, r->module) : NULL;
    return address && snapshot_get(&d->snapshot, "modules") &&
           !snapshot_find(&d->snapshot, "modules", "api_name", kind_real_name(v, address, r->module), false);
}

static const char *why_unseen(const struct drift *d, const struct kind_view *v, const struct resource *r)
{
    struct strset lists = {0};
    const char *why = NULL;
    r->kind->reads(v, r, &lists);
    for (size_t i = 0; i < lists.n && !why; i++) {
        const json_t *refused = snapshot_refused(&d->snapshot, lists.item[i]);
        if (strncmp(lists.item[i], "function_code/", 14) != 0)
            why = refused ? js_str_or(refused, "code", "refused") : NULL;
    }
    strset_release(&lists);
    return why;
}

static bool switched_off(const struct drift *d, const json_t *step)
{
    const char *kind = js_str_or(step, "kind", "");
    AUTO_FREE char *key = mem_printf("off/%s", js_str_or(step, "playbook", ""));
    AUTO_JSON json_t *off = state_fact_get(d->s->st, key, NULL);
    return off && (!strcmp(kind, "workflow_rule") || !strcmp(kind, "function"));
}

static json_t *changes_of(const json_t *was, const json_t *is)
{
    AUTO_JSON json_t *diffs = json_array();
    json_t *out = json_array(), *one;
    size_t i;
    plan_diff(was, is, "", diffs);
    json_array_foreach (diffs, i, one) {
        json_t *o = json_object(), *from = json_object_get(one, "from"), *to = json_object_get(one, "to");
        js_set_str(o, "path", js_str_or(one, "path", ""));
        js_set(o, "was", from ? json_incref(from) : json_null());
        js_set(o, "is", to ? json_incref(to) : json_null());
        json_array_append_new(out, o);
    }
    return out;
}

/* Who touched it last, where Zoho's answer says so. */
static void add_who(const struct drift *d, const json_t *live, json_t *finding)
{
    const json_t *touched = snapshot_touched(&d->snapshot, live);
    if (js_str(touched, "by"))
        js_set_str(finding, "by", js_str(touched, "by"));
    if (js_str(touched, "at"))
        js_set_str(finding, "at", js_str(touched, "at"));
}

/* changes: stolen. now: the live object in comparable form, NULL when there is none. */
static void report(struct drift *d, const json_t *step, const char *what, json_t *changes, const json_t *live,
                   const json_t *now)
{
    static const char *const kept[] = {"address", "id", "kind", "title", "playbook", "file", "run", "want"};
    json_t *f = json_object();
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (json_object_get(step, kept[i]))
            json_object_set(f, kept[i], json_object_get(step, kept[i]));
    js_set_str(f, "what", what);
    js_set(f, "changes", changes);
    if (now)
        json_object_set(f, "now", (json_t *)(uintptr_t)now);
    add_who(d, live, f);
    json_array_append_new(d->findings, f);
}

static void look_at(struct drift *d, const struct kind_view *v, const json_t *step, const struct resource *r)
{
    const json_t *accepted = js_obj(d->accepted, r->address);
    const json_t *was = js_obj(accepted, "tree") ? js_obj(accepted, "tree") : js_obj(step, "want");
    bool by_hand = strcmp(js_str_or(step, "channel", ""), "api") != 0;
    json_t *live = r->kind->find(v, r);
    const char *why = live || module_gone(d, v, r) ? NULL : why_unseen(d, v, r);
    if (why) {
        json_t *o = json_object();
        js_set_str(o, "address", r->address);
        js_set_str(o, "why", why);
        json_array_append_new(d->unseen, o);
        return;
    }
    if (!live) {
        if (!js_bool(accepted, "gone", false))
            report(d, step, by_hand ? "undone" : "removed", json_array(), NULL, NULL);
        return;
    }
    AUTO_JSON json_t *now = r->kind->normalise(v, r, live);
    json_t *changes = changes_of(was, now);
    if (json_array_size(changes))
        report(d, step, "changed", changes, live, now);
    else
        json_decref(changes);
}

static int compare(struct drift *d, struct err *e)
{
    struct desired nothing = {0};
    const struct kind_view v = {.snapshot = &d->snapshot, .desired = &nothing, .names = js_obj(d->m.plan, "names")};
    json_t *step;
    size_t i;
    json_array_foreach (js_arr(d->m.plan, "steps"), i, step) {
        struct resource r;
        if (switched_off(d, step)) {
            js_push_str(d->off, js_str_or(step, "address", ""));
            continue;
        }
        if (plan_step_resource(step, &r, e) < 0)
            return -1;
        look_at(d, &v, step, &r);
        resource_release(&r);
    }
    return 0;
}

/* ---- what is there besides ---- */

static int count_others(struct drift *d, struct err *e)
{
    struct desired mine = {0};
    json_t *step, *address;
    size_t i;
    int rc = 0;
    json_array_foreach (js_arr(d->m.plan, "steps"), i, step) {
        struct resource r;
        if (rc == 0)
            rc = plan_step_resource(step, &r, e);
        if (rc == 0)
            rc = desired_add(&mine, &r, e);
    }
    if (rc == 0)
        d->unmanaged = plan_offered(&d->snapshot, &mine, js_obj(d->m.plan, "names"), &d->zoho_own);
    desired_release(&mine);
    if (rc < 0)
        return -1;
    AUTO_FREE char *key = fact_key(d, "seen");
    AUTO_JSON json_t *seen = state_fact_get(d->s->st, key, NULL);
    d->looked_before = seen != NULL;
    json_array_foreach (d->unmanaged, i, address)
        if (seen && !json_object_get(seen, json_string_value(address)))
            json_array_append(d->added, address);
    return 0;
}

int drift_find(struct drift *d, struct session *s, struct err *e)
{
    *d = (struct drift){
        .s = s, .findings = json_array(), .unseen = json_array(), .off = json_array(), .added = json_array()};
    snapshot_init(&d->snapshot);
    snapshot_keep_touched(&d->snapshot);
    AUTO_FREE char *key = fact_key(d, "accepted");
    d->accepted = state_fact_get(s->st, key, NULL);
    if (!d->accepted)
        d->accepted = json_object();
    if (managed_load(&d->m, s->app->project, s->st, s->org, e) < 0 ||
        draft_read_plan(s->org, d->m.plan, js_obj(d->m.plan, "names"), &d->snapshot, e) < 0)
        return -1;
    drop_ended(d);
    return compare(d, e) < 0 ? -1 : count_others(d, e);
}

const json_t *drift_finding(const struct drift *d, const char *address)
{
    json_t *f;
    size_t i;
    json_array_foreach (d->findings, i, f)
        if (!strcmp(js_str_or(f, "address", ""), address) || !strcmp(js_str_or(f, "id", ""), address))
            return f;
    return NULL;
}

bool drift_chosen(const struct strset *filter, const json_t *finding)
{
    const char *address = js_str_or(finding, "address", ""), *id = js_str_or(finding, "id", "");
    for (size_t i = 0; i < filter->n; i++)
        if (address_matches(filter->item[i], js_str_or(finding, "kind", ""), address) || !strcmp(filter->item[i], id))
            return true;
    return !filter->n;
}

void drift_release(struct drift *d)
{
    managed_release(&d->m);
    snapshot_release(&d->snapshot);
    json_decref(d->accepted);
    json_decref(d->findings);
    json_decref(d->unseen);
    json_decref(d->off);
    json_decref(d->unmanaged);
    json_decref(d->added);
    memset(d, 0, sizeof *d);
}
