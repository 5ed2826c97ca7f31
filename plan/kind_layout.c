/*
 * plan/kind_layout.c — sections of a layout and which fields stand in them, in order. Only our section and our fields:
 * what others placed stays where it is. Source: zoho-api.md 1.6 (zoho.com/crm/developer/docs/api/v8/update-layout).
 */
#include "base/mem.h"
#include "base/text.h"
#include "plan/adopting.h"
#include "plan/kinds.h"

/* "Standard/BOM check" → "Standard" (caller frees) and a pointer to "BOM check". */
static char *split(const char *name, const char **section)
{
    const char *slash = strchr(name, '/');
    *section = slash ? slash + 1 : name;
    return slash ? mem_dupn(name, (size_t)(slash - name)) : mem_dup("Standard");
}

json_t *section_find(const struct kind_view *v, const struct resource *r)
{
    const char *wanted, *label = js_str(r->body, "display_label");
    AUTO_FREE char *layout = split(r->name, &wanted);
    AUTO_FREE char *list = kind_list(v, r);
    if (!module_exists(v, r->module))
        return NULL;
    AUTO_FREE char *address = address_make("layout", r->module, layout);
    json_t *live = snapshot_find(v->snapshot, list, "name", kind_real_name(v, address, layout), true), *section;
    size_t i;
    json_array_foreach (js_arr(live, "sections"), i, section) {
        const char *shown = js_str_or(section, "display_label", ""), *name = js_str_or(section, "name", "");
        if (!text_casecmp(shown, wanted) || !text_casecmp(name, wanted) || (label && !text_casecmp(shown, label)))
            return section;
    }
    return NULL;
}

void section_needs(const struct kind_view *v, const struct resource *r, struct strset *out)
{
    const char *section;
    AUTO_FREE char *layout = split(r->name, &section);
    AUTO_FREE char *address = address_make("layout", r->module, layout);
    strset_add(out, address);
    spec_needs(v, r, out);
}

struct placed {
    int64_t at;
    const char *name;
};

static int by_place(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    return (x->at > y->at) - (x->at < y->at);
}

/* Of the live section only the wanted fields, in the order they stand there. */
static json_t *placed_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    AUTO_JSON json_t *wanted = PROP_FIELDS.norm(&(struct prop_ctx){c->v, c->r, c->prop, false}, want, want);
    if (!c->live)
        return json_incref(wanted);
    size_t n = 0, i;
    struct placed *place = mem_grow(NULL, json_array_size(value) + 1, sizeof *place);
    json_t *field, *out = json_array();
    json_array_foreach (value, i, field) {
        const char *name = js_str(field, "api_name");
        if (name && js_array_has(wanted, name))
            place[n++] = (struct placed){js_int(field, "sequence_number", (int64_t)i + 1), name};
    }
    if (n)
        qsort(place, n, sizeof *place, by_place);
    for (i = 0; i < n; i++)
        js_push_str(out, place[i].name);
    free(place);
    return n ? out : (json_decref(out), json_null());
}
static void placed_needs(const struct prop_ctx *c, const json_t *value, struct strset *out)
{
    PROP_FIELDS.needs(c, value, out);
}
/* Of Zoho's own sections only what was added to them counts. */
static json_t *placed_adopt(const struct prop_ctx *c, const json_t *live)
{
    size_t n = 0, i;
    struct placed *place = mem_grow(NULL, json_array_size(live) + 1, sizeof *place);
    json_t *field, *out = json_array();
    bool made = strcmp(js_str_or(c->r->kind->find(c->v, c->r), "generated_type", "custom"), "custom") != 0;
    json_array_foreach (live, i, field)
        if (js_str(field, "api_name") && (!made || js_bool(field, "custom_field", false)))
            place[n++] = (struct placed){js_int(field, "sequence_number", (int64_t)i + 1), js_str(field, "api_name")};
    if (n)
        qsort(place, n, sizeof *place, by_place);
    for (i = 0; i < n; i++)
        js_push_str(out, place[i].name);
    free(place);
    return n ? out : (json_decref(out), json_null());
}
static const struct prop_type PROP_PLACED = {SHAPE_NAMES, placed_norm, placed_needs, NULL, placed_adopt};

static const struct prop props[] = {
    {"display_label", &PROP_TEXT, 0, NULL},
    {"column_count", &PROP_NUMBER, 0, NULL},
    {"sequence_number", &PROP_NUMBER, PROP_CREATE, NULL}, /* places shift as others add sections */
    {"tab_traversal", &PROP_WORD, PROP_CREATE, NULL},
    {"fields", &PROP_PLACED, 0, NULL},
};

/* Fields are appended while what is already there is the beginning of what is wanted; otherwise all are placed anew. */
static json_t *placements(const struct kind_view *v, const struct resource *r, const json_t *live)
{
    const json_t *want = json_object_get(r->body, "fields"), *have = json_object_get(live, "fields");
    struct prop_ctx c = {v, r, &props[4], true};
    AUTO_JSON json_t *there = live ? placed_norm(&c, have, want) : json_array();
    size_t begun = json_array_size(there), i;
    json_t *out = json_array();
    for (i = 0; i < begun; i++) {
        const char *wanted = ref_name(json_array_get(want, i));
        const char *name = wanted ? real_field(v, r->module, wanted) : "";
        if (strcmp(name, json_string_value(json_array_get(there, i))) != 0)
            break;
    }
    size_t from = i < begun ? 0 : begun, base = i < begun ? 0 : json_array_size(have) - begun;
    for (i = from; i < json_array_size(want); i++) {
        const char *wanted = ref_name(json_array_get(want, i));
        if (!wanted)
            continue;
        AUTO_FREE char *address = address_make("field", r->module, wanted);
        json_t *o = json_object();
        js_set(o, "id", ref_new(address, "id"));
        js_set_int(o, "sequence_number", (int64_t)(base + i + 1));
        json_array_append_new(out, o);
    }
    return out;
}

json_t *section_body(const struct kind_view *v, const struct resource *r, const json_t *live)
{
    const char *name;
    AUTO_FREE char *layout = split(r->name, &name);
    AUTO_FREE char *address = address_make("layout", r->module, layout);
    json_t *body = json_object(), *section = json_object();
    js_set(body, "layout_id", ref_new(address, "id"));
    if (live) {
        js_set_str(section, "id", js_str(live, "id"));
    } else {
        js_set_str(section, "name", js_str_or(r->body, "display_label", name));
        js_set(section, "sequence_number", json_integer(js_int(r->body, "sequence_number", 1)));
        js_set_str(section, "tab_traversal", js_str_or(r->body, "tab_traversal", "left_to_right"));
    }
    js_set_str(section, "display_label", js_str_or(r->body, "display_label", name));
    js_set_int(section, "column_count", js_int(r->body, "column_count", 2));
    js_set(body, "section", section);
    js_set(body, "fields", placements(v, r, live));
    return body;
}

/* That a field must be filled in is a setting of the layout that no playbook writes (zoho-api.md 1.6: unproven by API). */
static void required_adopt(const struct kind_view *v, const struct resource *r, const json_t *live, json_t *body,
                           json_t *notes)
{
    json_t *field;
    size_t i;
    (void)v, (void)r, (void)body;
    json_array_foreach (js_arr(live, "fields"), i, field)
        if (js_bool(field, "required", false) && js_bool(field, "custom_field", false))
            adopt_note(notes, js_str_or(field, "api_name", "?"),
                       "must be filled in on this layout; a playbook cannot say so, a person sets it in the layout");
}

const struct kind_spec spec_layout_section = {.list = "layouts",
                                              .per_module = true,
                                              .key = "display_label",
                                              .label = "display_label",
                                              PROPS(props),
                                              .offer = offer_sections,
                                              .adopt = required_adopt,
                                              .own = " actions_allowed generated_type mode type "};
const struct kind_spec spec_section = {.list = "layouts", .per_module = true, .key = "display_label"};
