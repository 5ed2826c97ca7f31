/*
 * plan/expand.c — channels, and what follows from them: a Blueprint's publishing becomes a step of its own; actions that only a
 * person can associate are marked in the rules that use them.
 */
#include "base/mem.h"
#include "plan/records_table.h"
#include "plan/work.h"

const char *channel_name(enum channel c)
{
    static const char *const names[] = {"api", "hand", "attest"};
    return names[c];
}

static const char *capability(const struct work *w, const char *kind)
{
    return js_str_or(js_obj(w->in->capabilities, kind), "answer", "unknown");
}

static bool missing_module(const struct work *w, const struct resource *r)
{
    const char *module = r->kind->spec == &spec_records ? js_str(r->body, "module") : r->module;
    return module && !module_exists(&w->v, module);
}

const char *item_hidden(const struct work *w, const struct resource *r)
{
    struct strset lists = {0};
    const char *why = NULL;
    r->kind->reads(&w->v, r, &lists);
    for (size_t i = 0; i < lists.n && !why; i++) {
        const json_t *refused = snapshot_refused(w->in->snapshot, lists.item[i]);
        if (!strncmp(lists.item[i], "function_code/", 14)) /* without its source a function is still seen */
            continue;
        if (refused)
            why = js_str_or(refused, "code", "refused");
        else if (!snapshot_get(w->in->snapshot, lists.item[i]))
            why = "not read";
    }
    strset_release(&lists);
    /* an association shows in the rules where the list of wrappers is refused */
    if (r->kind->spec == &spec_function_wrapper && snapshot_get(w->in->snapshot, "workflow_rules"))
        return NULL;
    return missing_module(w, r) ? NULL : why;
}

static bool readable(const struct work *w, const struct resource *r)
{
    return *r->kind->spec->list && !item_hidden(w, r);
}

/* A request needs the id of what it refers to; where the org refuses to show that list, no program can learn it. */
static bool refers_to_hidden(const struct work *w, const struct resource *r)
{
    struct strset refs = {0};
    bool hidden = false;
    r->kind->needs(&w->v, r, &refs);
    for (size_t i = 0; i < refs.n && !hidden; i++) {
        const struct resource *other = desired_find(&w->all, refs.item[i]);
        hidden = other && other->kind->cls == KIND_GATED && item_hidden(w, other);
    }
    strset_release(&refs);
    return hidden;
}

/* A kind that some orgs refuse is refused as well where its list is; the list of a module that is yet to be made says
 * nothing about the kind. */
static enum channel channel_of(const struct work *w, const struct resource *r)
{
    AUTO_FREE char *list = kind_list(&w->v, r);
    if (r->tombstone)
        return CHANNEL_API;
    bool shut = r->kind->cls == KIND_GATED && list && snapshot_refused(w->in->snapshot, list) && !missing_module(w, r);
    shut = shut || refers_to_hidden(w, r);
    if (r->kind->cls == KIND_ATTEST)
        return CHANNEL_ATTEST;
    if (table_is(r) && js_bool(r->body, "by_hand", false)) /* read back like any records, written by somebody else */
        return CHANNEL_HAND;
    if (r->kind->cls != KIND_HAND && !shut && strcmp(capability(w, r->kind->name), "no") != 0)
        return CHANNEL_API;
    return readable(w, r) ? CHANNEL_HAND : CHANNEL_ATTEST;
}

static struct resource *own(struct work *w, const char *address)
{
    size_t i = work_index(w, address);
    return i == SIZE_MAX ? NULL : &w->all.r[i];
}

size_t work_index(const struct work *w, const char *address)
{
    const struct resource *r = desired_find(&w->all, address);
    return r ? (size_t)(r - w->all.r) : SIZE_MAX;
}

static void replace_body(struct resource *r, json_t *body)
{
    json_decref(r->body);
    r->body = body;
}

/* --- Blueprints --- */

static int add_publishing(struct work *w, const struct resource *blueprint, struct err *e)
{
    struct resource r;
    AUTO_FREE char *address = address_make("blueprint_publish", blueprint->module, blueprint->name);
    if (desired_find(&w->all, address))
        return 0;
    resource_copy(&r, blueprint);
    free(r.address);
    r.address = mem_dup(address);
    r.kind = kind_find("blueprint_publish");
    strset_release(&r.needs);
    strset_add(&r.needs, blueprint->address);
    json_t *body = json_object();
    js_set_str(body, "name", js_str_or(blueprint->body, "name", blueprint->name));
    js_set_str(body, "status", "active");
    replace_body(&r, body);
    if (r.hand) { /* the minutes given are those of drawing it */
        json_decref(r.hand);
        r.hand = json_deep_copy(blueprint->hand);
        json_object_del(r.hand, "minutes");
    }
    return desired_add(&w->all, &r, e);
}

/* By hand it is drawn and published in one go; by API a draft is made and a person publishes it. */
static int expand_blueprint(struct work *w, size_t at, struct err *e)
{
    struct resource *r = &w->all.r[at];
    json_t *body = json_deep_copy(r->body);
    bool api = channel_of(w, r) == CHANNEL_API;
    if (api)
        json_object_del(body, "status");
    else
        js_set_str(body, "status", "active");
    replace_body(r, body);
    return api ? add_publishing(w, r, e) : 0;
}

/* --- functions that only a person can associate --- */

/* The rule comes first now, whatever the playbook said. */
static void drop_need(struct resource *r, const char *address)
{
    struct strset kept = {0};
    for (size_t i = 0; i < r->needs.n; i++)
        if (strcmp(r->needs.item[i], address) != 0)
            strset_add(&kept, r->needs.item[i]);
    strset_release(&r->needs);
    r->needs = kept;
}

/* The wrapper that an action needs, when only a person can still make it. */
static struct resource *person_makes(struct work *w, const struct resource *user, const json_t *action)
{
    AUTO_FREE char *address = action_address(user->module, action);
    struct resource *wrapper = address ? own(w, address) : NULL;
    bool open = wrapper && wrapper->kind->spec == &spec_function_wrapper && channel_of(w, wrapper) != CHANNEL_API &&
                !wrapper->kind->find(&w->v, wrapper);
    return open ? wrapper : NULL;
}

static void mark(struct work *w, struct resource *user, json_t *actions, bool rule)
{
    json_t *action;
    size_t i;
    json_array_foreach (actions, i, action) {
        struct resource *wrapper = person_makes(w, user, action);
        if (!wrapper)
            continue;
        js_set_bool(action, "by_hand", true);
        json_t *hand = wrapper->hand ? json_deep_copy(wrapper->hand) : json_object(),
               *in = js_arr(hand, "associate_in");
        if (!in)
            js_set(hand, "associate_in", in = json_array());
        js_array_add_unique(in, user->address);
        json_decref(wrapper->hand);
        wrapper->hand = hand;
        drop_need(user, wrapper->address);
        if (rule || !wrapper->needs.n)
            strset_add(&wrapper->needs, user->address);
    }
}

static json_t *instant(const json_t *condition)
{
    return js_arr(js_obj(condition, "instant_actions"), "actions");
}

/* Each condition of a rule needs an action besides the marked ones. */
static bool left_empty(struct work *w, const struct resource *rule)
{
    json_t *condition, *action;
    size_t i, k;
    json_array_foreach (js_arr(rule->body, "conditions"), i, condition) {
        size_t left = 0;
        json_array_foreach (instant(condition), k, action)
            left += !person_makes(w, rule, action);
        if (!left && json_array_size(instant(condition)))
            return true;
    }
    return false;
}

/* A rule that would have no action waits for its wrapper. Where the list of wrappers is refused too, nothing would ever show
 * that one: the person then makes the whole rule, with the function in it. */
static void expand_rule(struct work *w, size_t at)
{
    struct resource *r = &w->all.r[at];
    bool empty = left_empty(w, r);
    if (empty && !snapshot_refused(w->in->snapshot, spec_function_wrapper.list))
        return;
    json_t *body = json_deep_copy(r->body), *condition;
    size_t i;
    json_array_foreach (js_arr(body, "conditions"), i, condition)
        mark(w, r, instant(condition), true);
    replace_body(r, body);
    if (empty && w->channel[at] == CHANNEL_API)
        w->channel[at] = readable(w, r) ? CHANNEL_HAND : CHANNEL_ATTEST;
}

static void expand_transitions(struct work *w, size_t at)
{
    struct resource *r = &w->all.r[at];
    json_t *body = json_deep_copy(r->body), *transition;
    size_t i;
    json_array_foreach (js_arr(body, "transitions"), i, transition)
        mark(w, r, js_arr(transition, "actions"), false);
    replace_body(r, body);
}

/* By address, so that nothing after this depends on the order that playbooks came in. */
static int copy_all(struct work *w, struct err *e)
{
    const struct desired *in = w->in->desired;
    struct strset sorted = {0};
    int rc = 0;
    for (size_t i = 0; i < in->n; i++)
        strset_add(&sorted, in->r[i].address);
    for (size_t i = 0; i < sorted.n && rc == 0; i++) {
        struct resource r;
        resource_copy(&r, desired_find(in, sorted.item[i]));
        rc = desired_add(&w->all, &r, e);
    }
    strset_release(&sorted);
    return rc;
}

int work_expand(struct work *w, struct err *e)
{
    if (copy_all(w, e) < 0)
        return -1;
    w->v = (struct kind_view){w->in->snapshot, &w->all, w->in->names};
    size_t declared = w->all.n;
    for (size_t i = 0; i < declared; i++)
        if (w->all.r[i].kind->spec == &spec_blueprint && !w->all.r[i].tombstone && expand_blueprint(w, i, e) < 0)
            return -1;
    w->n = w->all.n;
    w->channel = mem_zalloc((w->n + 1) * sizeof *w->channel);
    for (size_t i = 0; i < w->n; i++)
        w->channel[i] = channel_of(w, &w->all.r[i]);
    for (size_t i = 0; i < w->n; i++)
        if (w->all.r[i].kind->spec == &spec_workflow_rule)
            expand_rule(w, i);
    for (size_t i = 0; i < w->n; i++)
        if (w->all.r[i].kind->spec == &spec_blueprint)
            expand_transitions(w, i);
    return 0;
}
