/*
 * plan/unlock.c — pick lists that an active Blueprint runs on: their values cannot be changed by anybody meanwhile, so the change
 * becomes a person's, with the names of the Blueprints to switch off and publish again.
 * Source: zoho-people-and-tools 3.1 ("picklist edits blocked while in use", zoho.com/crm/help Blueprint FAQ).
 */
#include "base/mem.h"
#include "plan/work.h"

/* A finished list of {name}: active Blueprints of the org on this field. New reference. */
static json_t *running_on(const struct work *w, const struct resource *r)
{
    json_t *out = json_array(), *live;
    size_t i;
    json_array_foreach (snapshot_get(w->in->snapshot, "blueprints"), i, live) {
        const char *module = ref_name(json_object_get(live, "module")),
                   *field = ref_name(json_object_get(live, "field"));
        if (!module || !field || strcmp(js_str_or(live, "status", ""), "active") != 0 ||
            strcmp(module, real_module(&w->v, r->module)) != 0 ||
            strcmp(field, real_field(&w->v, r->module, r->name)) != 0)
            continue;
        json_t *one = json_object();
        js_set_str(one, "name", js_str_or(live, "name", "?"));
        json_array_append_new(out, one);
    }
    return out;
}

static bool values_change(const struct item *it)
{
    json_t *change;
    size_t i;
    json_array_foreach (it->changes, i, change)
        if (!strncmp(js_str_or(change, "path", ""), "pick_list_values", 16))
            return true;
    return false;
}

void work_unlock(struct work *w)
{
    for (size_t i = 0; i < w->n; i++) {
        struct item *it = &w->item[i];
        struct resource *r = &w->all.r[i];
        bool lists = r->kind->spec == &spec_picklist || r->kind->spec == &spec_field;
        if (!lists || it->none || !it->live || it->channel != CHANNEL_API || !values_change(it))
            continue;
        AUTO_JSON json_t *running = running_on(w, r);
        if (!json_array_size(running))
            continue;
        json_t *hand = r->hand ? json_deep_copy(r->hand) : json_object();
        js_set(hand, "unlock", json_incref(running));
        json_decref(r->hand);
        r->hand = hand;
        it->channel = CHANNEL_HAND;
        item_note(it,
                  "the Blueprint '%s' runs on this pick list: it is switched off first and published again afterwards; "
                  "records in it keep their value, and whoever publishes decides whether they go on in it",
                  js_str_or(json_array_get(running, 0), "name", "?"));
    }
}
