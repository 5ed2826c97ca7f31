/*
 * plan/bury.c — resources with a tombstone: what is wanted is that they are gone.
 * Source: the DELETE column of zoho-api.md 1.2 and 1.10–1.16; modules have no DELETE, sections and pick list values go by a `_delete`
 * inside a body, whose effect on values in use is unproven (zoho-api.md 8.2): these stay with people.
 */
#include "plan/kinds.h"
#include "plan/work.h"

static const struct {
    const char *kind, *why_not; /* NULL: the API deletes it */
} deletion[] = {
    {"field", NULL},
    {"global_picklist", NULL},
    {"variable", NULL},
    {"function", NULL},
    {"function_wrapper", NULL},
    {"field_update", NULL},
    {"email_notification", NULL},
    {"workflow_rule", NULL},
    {"record_locking", NULL},
    {"custom_view", NULL},
    {"module", "Zoho has no API that deletes a module"},
    {"layout_section", "taking a section out of a layout by API is unproven"},
    {"picklist", "whether Zoho keeps records' values when an option goes is unproven"},
    {"blueprint", NULL},
    {"blueprint_publish", "only a person deactivates a Blueprint"},
    {"records", "zagent deletes no records"},
};

bool kind_deletable(const struct kind *k, const char **why_not)
{
    const char *why = "Zoho offers no API for this kind";
    for (size_t i = 0; i < sizeof deletion / sizeof *deletion; i++)
        if (!strcmp(deletion[i].kind, k->name))
            why = deletion[i].why_not;
    if (why_not)
        *why_not = why;
    return !why;
}

/* It is this very thing, as somebody last changed it, that is to go. */
static json_t *identity(const json_t *live)
{
    static const char *const keys[] = {"id", "modified_time"};
    json_t *out = json_object();
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (json_object_get(live, keys[i]))
            json_object_set(out, keys[i], json_object_get(live, keys[i]));
    return out;
}

json_t *resource_normalise(const struct kind_view *v, const struct resource *r, const json_t *live)
{
    if (!r->tombstone)
        return r->kind->normalise(v, r, live);
    return live ? identity(live) : json_object();
}

/* Zoho's own things are nobody's to delete. Source: custom_field in GET fields (zoho-api.md 1.5), system_defined in GET custom_views
 * (1.8); a function or rule has no such mark: all of them are made by people. */
static bool standard(const struct kind *k, const json_t *live)
{
    return js_bool(live, "system_defined", false) ||
           (k->spec == &spec_field &&
            (!js_bool(live, "custom_field", true) || js_bool(live, "system_mandatory", false)));
}

bool live_deletable(const struct kind *k, const json_t *live, const char **why_not)
{
    if (k->spec == &spec_blueprint && !strcmp(js_str_or(live, "status", ""), "active")) {
        *why_not = "it is published, records may be in it, and only a person can take them out";
        return false;
    }
    return kind_deletable(k, why_not);
}

void judge_tombstone(struct item *it)
{
    const char *why;
    if (it->none)
        return;
    if (!live_deletable(it->r->kind, it->live, &why))
        item_block(it, "let a person do it: 'zagent playbook remove' writes the step; take the tombstone out",
                   "nothing is deleted here: %s", why);
    else if (standard(it->r->kind, it->live))
        item_block(it, "take the tombstone out of the playbook", "it is Zoho's own, and those are never deleted");
}
