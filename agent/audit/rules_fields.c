/* agent/audit/rules_fields.c — fields that nobody fills, that mean the same, that stand nowhere, that stand in the way. */
#include <string.h>

#include "agent/audit/label.h"
#include "agent/audit/rules.h"
#include "plan/resource.h"

enum { ROWS_MIN = 20, ROWS_SPARSE = 200, SPARSE_PER_CENT = 2 };

static bool filled_by_people(const json_t *f)
{
    return org_filled_by_people(f) && js_bool(f, "custom_field", false);
}

static const json_t *reading(const struct audit *a, const char *module)
{
    return js_obj(js_obj(a->readings, "modules"), module);
}

static void unused(struct audit *a, const struct thing *t)
{
    const json_t *m = reading(a, t->module);
    int64_t rows = js_int(m, "rows", 0), filled = js_int(js_obj(m, "filled"), t->name, -1);
    bool known = js_bool(m, "all", false) || json_is_false(json_object_get(js_obj(m, "anywhere"), t->name));
    if (!filled_by_people(t->o) || rows < ROWS_MIN || filled != 0 || !known)
        return;
    size_t uses = json_array_size(uses_of(&a->uses, t->address));
    audit_add(a, t->address, "empty in all of %lld%s records; %zu other settings name it", (long long)rows,
              js_bool(m, "all", false) ? "" : " and more", uses);
}

static void sparse(struct audit *a, const struct thing *t)
{
    const json_t *m = reading(a, t->module);
    int64_t rows = js_int(m, "rows", 0), filled = js_int(js_obj(m, "filled"), t->name, -1);
    if (filled_by_people(t->o) && rows >= ROWS_SPARSE && filled > 0 && filled * 100 < rows * SPARSE_PER_CENT)
        audit_add(a, t->address, "filled in %lld of the %s%lld records", (long long)filled,
                  js_bool(m, "all", false) ? "" : "newest ", (long long)rows);
}

static const json_t *fields_of(const struct audit *a, const char *module)
{
    AUTO_FREE char *list = mem_printf("fields/%s", module);
    return snapshot_get(a->s, list);
}

static void twins(struct audit *a, const struct thing *t)
{
    const json_t *all = fields_of(a, t->name), *f, *g;
    size_t i, k;
    json_array_foreach (all, i, f)
        for (k = 0; k < i; k++) {
            g = json_array_get(all, k);
            const char *one = js_str(f, "field_label"), *other = js_str(g, "field_label");
            bool custom = js_bool(f, "custom_field", false) || js_bool(g, "custom_field", false);
            const char *why = one && other && custom ? label_twin(one, other) : NULL;
            bool typo = why && !strcmp(why, "one letter apart");
            if (!why || (typo && strcmp(js_str_or(f, "data_type", ""), js_str_or(g, "data_type", "")) != 0))
                continue;
            const json_t *later = js_bool(f, "custom_field", false) ? f : g, *first = later == f ? g : f;
            AUTO_FREE char *address = address_make("field", t->name, js_str_or(later, "api_name", ""));
            audit_add(a, address, "\"%s\" beside \"%s\" (%s): %s", js_str_or(later, "field_label", ""),
                      js_str_or(first, "field_label", ""), js_str_or(first, "api_name", ""), why);
        }
}

static bool has_layouts(const struct audit *a, const char *module)
{
    AUTO_FREE char *list = mem_printf("layouts/%s", module);
    return json_array_size(snapshot_get(a->s, list)) > 0;
}

static void nowhere(struct audit *a, const struct thing *t)
{
    if (!js_bool(t->o, "custom_field", false) || !has_layouts(a, t->module) || uses_of(&a->uses, t->address))
        return;
    audit_add(a, t->address, "%s \"%s\" stands on no layout, and no rule, view, function or template names it",
              js_str_or(t->o, "data_type", "field"), js_str_or(t->o, "field_label", t->name));
}

/* ---- what a layout demands ---- */

static void each_layout_field(struct audit *a, const struct thing *layout,
                              void (*see)(struct audit *, const struct thing *, const json_t *))
{
    const json_t *section, *f;
    size_t i, k;
    json_array_foreach (js_arr(layout->o, "sections"), i, section)
        json_array_foreach (js_arr(section, "fields"), k, f)
            if (js_str(f, "api_name"))
                see(a, layout, f);
}

static bool demanded(const json_t *on_layout)
{
    return js_bool(on_layout, "required", false) || js_bool(on_layout, "system_mandatory", false);
}

static const char *profile_name(const struct audit *a, const json_t *profile)
{
    const json_t *p = snapshot_find(a->s, "profiles", "id", js_str_or(profile, "id", ""), false);
    return js_str_or(p, "name", js_str_or(profile, "name", js_str_or(profile, "id", "?")));
}

static bool has_profile(const json_t *layout, const char *id)
{
    const json_t *p;
    size_t i;
    json_array_foreach (js_arr(layout, "profiles"), i, p)
        if (!strcmp(js_str_or(p, "id", ""), id))
            return true;
    return false;
}

static void out_of_reach_of(struct audit *a, const struct thing *layout, const json_t *on_layout)
{
    const char *name = js_str_or(on_layout, "api_name", "");
    const json_t *f = org_field(a->s, layout->module, name), *p;
    size_t i;
    /* what fills itself needs no permission */
    if (!demanded(on_layout) || !f || js_str(f, "default_value") || js_bool(f, "field_read_only", false))
        return;
    json_array_foreach (js_arr(f, "profiles"), i, p) {
        const char *may = js_str_or(p, "permission_type", "read_write");
        if (!strcmp(may, "read_write") || !has_profile(layout->o, js_str_or(p, "id", "")))
            continue;
        AUTO_FREE char *address = address_make("field", layout->module, name);
        audit_add(a, address,
                  "mandatory on layout \"%s\", but for profile %s it is %s: nobody with it can save a record",
                  layout->name, profile_name(a, p), !strcmp(may, "hidden") ? "hidden" : "read only");
    }
}

static void out_of_reach(struct audit *a, const struct thing *t)
{
    each_layout_field(a, t, out_of_reach_of);
}

static const json_t *on_layout(const json_t *layout, const char *field)
{
    const json_t *section, *f;
    size_t i, k;
    json_array_foreach (js_arr(layout, "sections"), i, section)
        json_array_foreach (js_arr(section, "fields"), k, f)
            if (!strcmp(js_str_or(f, "api_name", ""), field))
                return f;
    return NULL;
}

static void demanded_here_only(struct audit *a, const struct thing *layout, const json_t *f)
{
    AUTO_FREE char *list = mem_printf("layouts/%s", layout->module);
    const json_t *other;
    size_t i;
    if (!js_bool(f, "required", false))
        return;
    json_array_foreach (snapshot_get(a->s, list), i, other) {
        const json_t *same = on_layout(other, js_str_or(f, "api_name", ""));
        if (!same || demanded(same) || !strcmp(js_str_or(other, "status", "active"), "inactive"))
            continue;
        AUTO_FREE char *address = address_make("field", layout->module, js_str_or(f, "api_name", ""));
        audit_add(a, address, "mandatory on layout \"%s\", optional on \"%s\"", layout->name,
                  js_str_or(other, "name", "?"));
    }
}

static void gap_between_layouts(struct audit *a, const struct thing *t)
{
    each_layout_field(a, t, demanded_here_only);
}

static void empty_though_demanded_of(struct audit *a, const struct thing *layout, const json_t *f)
{
    const json_t *m = reading(a, layout->module);
    int64_t rows = js_int(m, "rows", 0), filled = js_int(js_obj(m, "filled"), js_str_or(f, "api_name", ""), -1);
    if (!js_bool(f, "required", false) || filled < 0 || filled >= rows)
        return;
    AUTO_FREE char *address = address_make("field", layout->module, js_str_or(f, "api_name", ""));
    audit_add(a, address,
              "mandatory on layout \"%s\", empty in %lld of %lld records: each asks for it at its next edit",
              layout->name, (long long)(rows - filled), (long long)rows);
}

static void empty_though_demanded(struct audit *a, const struct thing *t)
{
    AUTO_FREE char *list = mem_printf("layouts/%s", t->module);
    if (json_array_size(snapshot_get(a->s, list)) == 1) /* with two, a record may be of the other */
        each_layout_field(a, t, empty_though_demanded_of);
}

static const struct audit_rule rules[] = {
    {"AU101", AUDIT_WARNING, "field that nobody ever filled",
     "It costs a place of the module's field limit and of everybody's attention.",
     "ask its owner; take it off the layouts first, delete it after a quarter", "field", unused, NULL, true},
    {"AU102", AUDIT_NOTE, "field that is hardly ever filled",
     "A figure over it says nothing, and people learn to skip fields.",
     "ask who needs it; make it part of a stage's checklist or take it off the layout", "field", sparse, NULL, true},
    {"AU103", AUDIT_WARNING, "two fields with nearly the same label",
     "Half of the records have it here, half there; reports and functions see one of them.",
     "choose one, move the values over by a records step of a playbook, take the other off the layouts", "module",
     twins, NULL, false},
    {"AU104", AUDIT_NOTE, "field that stands nowhere",
     "Nobody can see it, and nothing that the API shows works with it.",
     "look for it in buttons, reports and schedules, which the API does not show; then delete it", "field", nowhere,
     NULL, false},
    {"AU105", AUDIT_ERROR, "mandatory field that a profile cannot fill",
     "People with that profile cannot save the record at all.",
     "give the profile write access, give the field a default value, or make it optional on that layout", "layout",
     out_of_reach, NULL, false},
    {"AU106", AUDIT_NOTE, "field mandatory on one layout, optional on another",
     "What a report counts on holds for part of the records only.",
     "decide which is meant; a Blueprint can ask for it at the stage where it is known (playbook stage-gates)",
     "layout", gap_between_layouts, NULL, false},
    {"AU107", AUDIT_WARNING, "mandatory field that old records lack",
     "It was made mandatory later: imports, functions and the next edit of those records fail or surprise.",
     "fill the old records in one go before somebody is stopped by them", "layout", empty_though_demanded, NULL, true},
};
const struct audit_family audit_fields = {"Fields and layouts", rules, sizeof rules / sizeof *rules};
