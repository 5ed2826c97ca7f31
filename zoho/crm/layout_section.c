/*
 * A section of a layout and the fields in it: PATCH /settings/layouts/{id}?module= (zoho.com/crm/developer/docs/api/v8/update-layout:
 * one layout, 5 sections and 5 fields in all a request; so a longer section takes several requests).
 *
 * Body  {layout_id, section: {id} | {name, display_label, sequence_number, column_count, tab_traversal}, fields: [{id, sequence_number}]}.
 *       A section the first request makes has no id yet: the following ones find it by its name (`find`). When a later request failed
 *       and all is sent again, the section is there (`live`) and is not made a second time.
 */
#include "base/text.h"
#include "zoho/crm/kinds.h"

enum { FIELDS_A_REQUEST = 5 };

static json_t *part_of(const json_t *fields, size_t from)
{
    json_t *part = json_array();
    for (size_t i = from; i < json_array_size(fields) && i < from + FIELDS_A_REQUEST; i++)
        json_array_append(part, json_array_get(fields, i));
    return part;
}

static json_t *section_of(const json_t *section, const json_t *fields, size_t from)
{
    json_t *s = json_object();
    if (from == 0)
        json_object_update(s, (json_t *)(uintptr_t)section);
    else if (js_str(section, "id"))
        js_set_str(s, "id", js_str(section, "id"));
    else
        js_set_str(s, "name", js_str_or(section, "name", js_str_or(section, "display_label", "")));
    js_set(s, "fields", part_of(fields, from));
    return s;
}

static void find_section(json_t *request, const char *path, const char *module)
{
    json_t *find = json_object();
    json_t *query = json_object();
    js_set_str(query, "module", module);
    js_set_str(find, "path", path);
    js_set(find, "query", query);
    js_set_str(find, "list", "layouts[0].sections");
    js_set_str(find, "into", "layouts[0].sections");
    js_set(request, "find", find);
}

int crm_build_layout_section(const struct crm_kind *k, const struct crm_change *c, json_t *requests, struct err *e)
{
    const char *layout = js_str(c->body, "layout_id");
    const json_t *planned = js_obj(c->body, "section");
    const char *there = js_str(c->live, "id");
    AUTO_JSON json_t *made = json_object(); /* by an earlier try */
    js_set_str(made, "id", there);
    const json_t *section = there && planned && !js_str(planned, "id") ? made : planned;
    const json_t *fields = js_arr(c->body, "fields");
    if (!layout || !section || !c->module)
        return err_set(e, ERR_BUG, "layout section '%.80s' without its layout", c->name);
    if (c->attempt > 0)
        return 0;
    AUTO_FREE char *id = text_percent_encode(layout);
    AUTO_FREE char *path = mem_printf("%s/%s", k->plain.path, id);
    size_t from = 0;
    do {
        json_t *object = json_object();
        json_t *sections = json_array();
        json_array_append_new(sections, section_of(section, fields, from));
        js_set(object, "sections", sections);
        bool makes = from == 0 && !js_str(section, "id");
        json_t *rq = crm_push(requests, k, "PATCH", path, c->module, makes ? "create" : "idempotent");
        crm_envelope(rq, k->plain.key, object);
        if (from > 0 && !js_str(section, "id"))
            find_section(rq, path, c->module);
        from += FIELDS_A_REQUEST;
    } while (from < json_array_size(fields));
    return 0;
}
