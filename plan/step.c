/* plan/step.c — an item as a step of the plan. */
#include "base/mem.h"
#include "plan/kinds.h"
#include "plan/records_table.h"
#include "plan/work.h"

static void wait_for(struct item *it, const struct item *need)
{
    it->state = STATE_WAIT;
    js_array_add_unique(it->waits_for, need->r->address);
}

static void settle_need(struct item *it, const struct item *need)
{
    if (need->none)
        return;
    if (!need->selected)
        item_block(it, "leave it out of --exclude", "needs %s, which is excluded", need->r->address);
    else if (need->state == STATE_BLOCKED)
        item_block(it, "settle that step first", "needs %s, which is blocked", need->r->address);
    else if (need->state == STATE_WAIT || need->channel != CHANNEL_API)
        wait_for(it, need);
}

void item_settle(struct work *w, struct item *it)
{
    it->state = STATE_READY;
    if (it->none)
        return;
    for (size_t i = 0; i < it->needs_n; i++)
        settle_need(it, &w->item[it->needs[i]]);
    js_array_sort(it->waits_for, NULL);
    if (it->blocked)
        it->state = STATE_BLOCKED;
}

static const char *action_name(const struct item *it)
{
    if (it->none)
        return "none";
    if (it->r->tombstone)
        return "delete";
    return it->live || it->r->kind->spec->update_only ? "update" : "create";
}

static bool has_actions(const json_t *blueprint)
{
    json_t *transition;
    size_t i;
    json_array_foreach (js_arr(blueprint, "transitions"), i, transition)
        if (json_array_size(js_arr(transition, "actions")))
            return true;
    return false;
}

/* Module 500, otherwise 1 a call; records 1 per 10 (zoho-api.md 4.1); a layout takes 5 fields a call (1.6),
 * a Blueprint its transitions' actions in a call of their own (1.14). */
static int64_t credits(const struct item *it, const json_t *body)
{
    const struct kind *k = it->r->kind;
    if (it->none || it->channel != CHANNEL_API)
        return 0;
    if (it->r->tombstone)
        return 1;
    if (k->spec == &spec_records)
        return (records_count(body) + 9) / 10;
    if (k->spec == &spec_layout_section) {
        size_t fields = json_array_size(js_arr(body, "fields"));
        return fields > 5 ? (int64_t)(fields + 4) / 5 : 1;
    }
    if (k->spec == &spec_blueprint)
        return has_actions(body) ? 2 : 1;
    return it->live || k->spec->update_only ? k->credits_update : k->credits_create;
}

static int64_t minutes(const struct item *it)
{
    if (it->none || it->channel == CHANNEL_API)
        return 0;
    return js_int(it->r->hand, "minutes", it->r->kind->minutes);
}

/* Who will see and edit: the profiles of a field or module, in the words of the org. */
static json_t *access_of(const struct item *it)
{
    json_t *out = json_array(), *entry;
    size_t i;
    json_array_foreach (js_arr(it->r->body, "profiles"), i, entry) {
        json_t *row = json_object();
        js_set_str(row, "profile", js_str_or(entry, "name", ""));
        js_set_str(row, "permission", js_str_or(entry, "permission_type", "read_write"));
        json_array_append_new(out, row);
    }
    js_array_sort(out, "profile");
    return out;
}

static json_t *need_addresses(const struct work *w, const struct item *it)
{
    json_t *out = json_array();
    for (size_t i = 0; i < it->needs_n; i++)
        if (!w->item[it->needs[i]].none)
            js_push_str(out, w->item[it->needs[i]].r->address);
    js_array_sort(out, NULL);
    return out;
}

static json_t *set_list(const struct strset *s)
{
    json_t *out = json_array();
    for (size_t i = 0; i < s->n; i++)
        js_push_str(out, s->item[i]);
    return out;
}

/* What a saved step needs read again: its own lists, and those its references are looked up in. */
static void add_reads(const struct work *w, const struct item *it, json_t *step)
{
    struct strset own = {0}, refs = {0}, other = {0};
    it->r->kind->reads(&w->v, it->r, &own);
    if (!it->r->tombstone)
        it->r->kind->needs(&w->v, it->r, &refs);
    for (size_t i = 0; i < refs.n; i++)
        address_reads(&w->v, refs.item[i], &other);
    js_set(step, "reads", set_list(&own));
    js_set(step, "resolves", set_list(&other));
    strset_release(&own);
    strset_release(&refs);
    strset_release(&other);
}

/* The names that what is wanted was written with: when Zoho chooses another one later, the step is stale. */
static json_t *names_used(const struct work *w, const struct item *it)
{
    struct strset refs = {0};
    json_t *out = json_object();
    if (!it->r->tombstone)
        it->r->kind->needs(&w->v, it->r, &refs);
    strset_add(&refs, it->r->address);
    for (size_t i = 0; i < refs.n; i++) {
        const struct resource *r = desired_find(&w->all, refs.item[i]);
        if (r && !strcmp(r->kind->spec->key, "api_name") && !r->kind->spec->update_only)
            js_set_str(out, r->address, kind_real_name(&w->v, r->address, r->name));
    }
    strset_release(&refs);
    return out;
}

/* A records step keeps its rows, so that it can be asked about without the query's later answers. */
static json_t *declared_body(const struct item *it)
{
    json_t *body, *rows, *value;
    const char *id;
    if (table_is(it->r))
        return table_declared(it->r, it->was, it->want);
    body = json_deep_copy(it->r->body);
    if (it->r->kind->spec != &spec_records)
        return body;
    if (js_str(it->was, "rows")) {
        js_set_str(body, "rows", js_str(it->was, "rows"));
        return body;
    }
    rows = json_array();
    json_object_foreach (js_obj(it->want, "records"), id, value)
        js_push_str(rows, id);
    js_set(body, "rows", rows);
    return body;
}

static void set_digest(json_t *step, const char *key, const json_t *tree)
{
    char hex[65] = "";
    if (tree)
        js_digest(tree, hex, NULL);
    js_set_str(step, key, hex);
}

static void describe(struct work *w, struct item *it, json_t *step)
{
    char id[9];
    const struct resource *r = it->r;
    AUTO_FREE char *where = resource_where(r);
    json_t *check = js_obj(w->in->checks, r->address);
    address_step_id(r->address, id);
    js_set_str(step, "id", id);
    js_set_str(step, "address", r->address);
    js_set_str(step, "kind", r->kind->name);
    js_set_str(step, "title", kind_title(r));
    if (r->playbook)
        js_set_str(step, "playbook", r->playbook);
    if (r->also.n) {
        json_t *also = json_array();
        for (size_t i = 0; i < r->also.n; i++)
            js_push_str(also, r->also.item[i]);
        js_set(step, "also", also);
    }
    js_set(step, "because", json_incref(r->because));
    if (*where)
        js_set_str(step, "file", where);
    if (r->hand)
        js_set(step, "hand", json_incref(r->hand));
    if (r->tombstone)
        js_set(step, "tombstone", json_incref(r->tombstone));
    if (r->artifact)
        js_set(step, "artifact", json_incref(r->artifact));
    if (js_str(check, "text"))
        js_set_str(step, "check", js_str(check, "text"));
}

static void add_notes(const struct work *w, struct item *it, json_t *step)
{
    json_t *cap = js_obj(w->in->capabilities, it->r->kind->name);
    const char *answer = js_str_or(cap, "answer", "unknown"), *why = js_str(cap, "why");
    AUTO_FREE char *list = kind_list(&w->v, it->r);
    const json_t *refused = list ? snapshot_refused(w->in->snapshot, list) : NULL;
    if (it->none)
        return;
    if (it->r->kind->cls == KIND_GATED && it->channel == CHANNEL_API && !strcmp(answer, "unknown")) {
        js_set_str(step, "capability", "unknown");
        item_note(it, "not known whether this org allows it by API; if it refuses, the guide has the step");
    }
    if (it->channel != CHANNEL_API && !strcmp(answer, "no"))
        item_note(it, "by hand, because %s", why ? why : "this org does not allow it by API");
    else if (it->channel != CHANNEL_API && it->r->kind->cls == KIND_GATED && refused)
        item_note(it, "by hand, because the org refuses to show these (%s)", js_str_or(refused, "code", ""));
    if (it->channel == CHANNEL_ATTEST && it->r->kind->cls != KIND_ATTEST)
        item_note(it, "the org shows nothing to check it by: a person states that it is done");
}

json_t *step_make(struct work *w, struct item *it)
{
    static const char *const states[] = {"ready", "wait", "blocked"};
    json_t *step = json_object(), *body = NULL;
    describe(w, it, step);
    add_notes(w, it, step);
    add_reads(w, it, step);
    js_set_str(step, "action", action_name(it));
    js_set_str(step, "channel", channel_name(it->channel));
    js_set_str(step, "state", states[it->state]);
    js_set(step, "needs", need_addresses(w, it));
    js_set(step, "changes", it->none ? json_array() : json_incref(it->changes));
    set_digest(step, "before", it->was);
    js_set(step, "declared", declared_body(it));
    js_set(step, "want", json_incref(it->want));
    js_set(step, "named", names_used(w, it));
    js_set(step, "access", access_of(it));
    js_set(step, "notes", json_incref(it->notes));
    if (it->was)
        js_set(step, "was", json_incref(it->was));
    if (it->state == STATE_WAIT)
        js_set(step, "waits_for", json_incref(it->waits_for));
    if (it->blocked && !it->none)
        js_set(step, "blocked", json_incref(it->blocked));
    if (js_str(it->live, "id"))
        js_set_str(step, "live_id", js_str(it->live, "id"));
    if (!it->none)
        js_set(step, "body", body = it->r->tombstone ? json_object() : it->r->kind->body(&w->v, it->r, it->live));
    js_set_int(step, "credits", credits(it, body));
    js_set_int(step, "minutes", minutes(it));
    return step;
}
