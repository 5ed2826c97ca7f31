/* plan/adopt_offer.c — which objects of a list a playbook can declare, kind by kind; the others with the reason. */
#include "base/mem.h"
#include "base/text.h"
#include "plan/adopting.h"
#include "plan/kinds.h"

void adopt_offer(struct adopting *a, const struct kind *k, const char *module, const char *name, json_t *live,
                 const char *why)
{
    if (!name || !*name)
        return;
    struct offer o = {.kind = k,
                      .address = address_make(k->name, module, name),
                      .module = module ? mem_dup(module) : NULL,
                      .name = mem_dup(name),
                      .live = live,
                      .why = why};
    const json_t *first = json_object_get(a->index, o.address);
    if (first)
        o.why = "another of its kind has the same name, and a playbook tells them by it: rename one in Zoho";
    else
        js_set_int(a->index, o.address, (int64_t)a->n);
    VEC_PUSH(a->offer, a->n, a->cap, o);
}

static bool made_by_zoho(const json_t *object)
{
    const char *generated = js_str_or(object, "generated_type", "");
    return js_bool(object, "system_defined", false) || !strcmp(generated, "default") || !strcmp(generated, "system");
}

void offer_named(struct adopting *a, const struct kind *k, const char *module, json_t *object)
{
    if (made_by_zoho(object))
        a->own++;
    else
        adopt_offer(a, k, module, js_str(object, k->spec->key), object, NULL);
}

void offer_module(struct adopting *a, const struct kind *k, const char *module, json_t *object)
{
    (void)module;
    if (strcmp(js_str_or(object, "generated_type", ""), "custom") != 0)
        a->own++;
    else
        adopt_offer(a, k, NULL, js_str(object, "api_name"), object, NULL);
}

/* What a field can be made as: zoho.com/crm/developer/docs/api/v8/create-custom-field (zoho-api.md 1.5). */
void offer_field(struct adopting *a, const struct kind *k, const char *module, json_t *object)
{
    static const char types[] =
        " text textarea email phone picklist multiselectpicklist date datetime integer autonumber currency percent "
        "bigint double website boolean fileupload imageupload lookup userlookup multiselectlookup multiuserlookup "
        "formula rollup_summary address ";
    AUTO_FREE char *type = mem_printf(" %s ", js_str_or(object, "data_type", ""));
    if (!js_bool(object, "custom_field", false))
        a->own++;
    else
        adopt_offer(a, k, module, js_str(object, "api_name"), object,
                    strstr(types, type) ? NULL
                                        : "no API makes a field of this type: a person makes it in the layout editor");
}

/* The values of a field that Zoho made: nobody can tell which of them it came with, and they are only ever added. */
void offer_picklist(struct adopting *a, const struct kind *k, const char *module, json_t *object)
{
    const char *type = js_str_or(object, "data_type", "");
    if (!js_bool(object, "custom_field", false) && json_array_size(js_arr(object, "pick_list_values")) &&
        (!strcmp(type, "picklist") || !strcmp(type, "multiselectpicklist")) &&
        !json_object_size(js_obj(object, "global_picklist")))
        adopt_offer(a, k, module, js_str(object, "api_name"), object, NULL);
}

static bool has_custom_field(const json_t *section)
{
    json_t *field;
    size_t i;
    json_array_foreach (js_arr(section, "fields"), i, field)
        if (js_bool(field, "custom_field", false))
            return true;
    return false;
}

void offer_sections(struct adopting *a, const struct kind *k, const char *module, json_t *layout)
{
    const char *name = js_str_or(layout, "name", "");
    const json_t *owner = snapshot_find(a->v.snapshot, "modules", "api_name", module, false);
    bool custom = !strcmp(js_str_or(owner, "generated_type", ""), "custom");
    json_t *section;
    size_t i;
    json_array_foreach (js_arr(layout, "sections"), i, section) {
        const char *shown = js_str_or(section, "display_label", js_str_or(section, "name", ""));
        AUTO_FREE char *path = mem_printf("%s/%s", name, shown);
        const char *why = NULL;
        if (made_by_zoho(section) && !has_custom_field(section)) {
            a->own++;
            continue;
        }
        if (strchr(name, '/'))
            why = "the layout's name has a '/' in it: rename it in Zoho";
        else if (made_by_zoho(section) && custom)
            why = "Zoho makes this section with the module and puts the fields there: their order is not taken over";
        else if (js_bool(section, "isSubformSection", false))
            why = "no API makes a subform: a person makes it in the layout editor";
        adopt_offer(a, k, module, path, section, why);
    }
}

void offer_function(struct adopting *a, const struct kind *k, const char *module, json_t *object)
{
    const char *name = js_str(object, "api_name"), *why = NULL;
    const char *runtime = js_str_or(object, "runtime", js_str_or(object, "language", "deluge"));
    AUTO_FREE char *list = mem_printf("function_code/%s", name ? name : "");
    (void)module;
    if (text_casecmp(runtime, "deluge") != 0 && strncmp(runtime, "Deluge", 6) != 0)
        why = "it is not written in Deluge";
    else if (snapshot_refused(a->v.snapshot, list) ||
             (snapshot_get(a->v.snapshot, list) && !json_array_size(snapshot_get(a->v.snapshot, list))))
        why = "the org does not show its source: copy it from Setup > Developer Hub > Functions";
    adopt_offer(a, k, NULL, name, object, why);
}

/* A configuration has no name: its first rule lends it one, or its type. */
void offer_locking(struct adopting *a, const struct kind *k, const char *module, json_t *object)
{
    const char *rule = js_str(json_array_get(js_arr(object, "locking_rules"), 0), "name");
    if (js_bool(object, "system_defined", false))
        a->own++;
    else
        adopt_offer(a, k, module, rule ? rule : js_str_or(object, "lock_type", "manual"), object, NULL);
}

void offer_validation(struct adopting *a, const struct kind *k, const char *module, json_t *object)
{
    adopt_offer(a, k, module, js_str(object, "name"), object,
                js_bool(object, "active", true) ? NULL : "it is switched off, and a playbook's rule is on");
}

static bool listed_as(const json_t *list, const char *key, const char *name)
{
    json_t *one;
    size_t i;
    json_array_foreach (list, i, one)
        if (name && !strcmp(js_str_or(one, key, ""), name))
            return true;
    return false;
}

/* Whole as a playbook must say it: every connection between two states, every transition on a connection. */
static bool hangs_together(const json_t *blueprint)
{
    const json_t *states = js_arr(blueprint, "states"), *connections = js_arr(blueprint, "connections");
    AUTO_JSON json_t *used = json_array();
    json_t *one;
    size_t i;
    json_array_foreach (connections, i, one) {
        if (!listed_as(states, "api_name", js_str(js_obj(one, "from_state"), "api_name")) ||
            !listed_as(states, "api_name", js_str(js_obj(one, "to_state"), "api_name")))
            return false;
        js_array_add_unique(used, js_str_or(js_obj(one, "transitions"), "name", ""));
    }
    json_array_foreach (js_arr(blueprint, "transitions"), i, one)
        if (!js_array_has(used, js_str_or(one, "name", "")))
            return false;
    return json_array_size(connections) > 0;
}

void offer_blueprint(struct adopting *a, const struct kind *k, const char *module, json_t *object)
{
    const char *why = NULL;
    if (text_casecmp(js_str_or(object, "status", "active"), "active") != 0)
        why = "it is a draft or switched off, and a playbook's is published";
    else if (!hangs_together(object))
        why =
            "it has transitions that lead from every state or from none, or the org does not show it whole: a playbook "
            "needs each between two states";
    adopt_offer(a, k, module, js_str(object, "name"), object, why);
}
