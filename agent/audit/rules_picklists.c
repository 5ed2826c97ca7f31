/* agent/audit/rules_picklists.c — lists that drifted apart, values nobody chooses, values that are waited for in vain. */
#include <string.h>

#include "agent/audit/label.h"
#include "agent/audit/rules.h"
#include "base/sb.h"
#include "base/text.h"
#include "plan/resource.h"

enum { COMMON_MIN = 3, COPY_MIN = 4, ROWS_MIN = 100 };

static bool used(const json_t *value)
{
    return strcmp(js_str_or(value, "type", "used"), "unused") != 0 &&
           strcmp(js_str_or(value, "actual_value", ""), "-None-") != 0;
}

static bool has(const json_t *values, const char *value)
{
    const json_t *v;
    size_t i;
    json_array_foreach (values, i, v)
        if (used(v) && !strcmp(js_str_or(v, "actual_value", js_str_or(v, "display_value", "")), value))
            return true;
    return false;
}

static size_t count(const json_t *values)
{
    const json_t *v;
    size_t i, n = 0;
    json_array_foreach (values, i, v)
        n += used(v);
    return n;
}

/* Values of the one that the other lacks, as a text. */
static char *missing(const json_t *of, const json_t *in, size_t *n)
{
    AUTO_SB struct sb b = SB_INIT(2000);
    const json_t *v;
    size_t i;
    *n = 0;
    json_array_foreach (of, i, v) {
        const char *value = js_str_or(v, "actual_value", js_str_or(v, "display_value", ""));
        if (!used(v) || has(in, value))
            continue;
        if (++*n <= 6)
            sb_addf(&b, "%s\"%s\"", b.len ? ", " : "", value);
    }
    if (*n > 6)
        sb_addf(&b, " and %zu more", *n - 6);
    return mem_dup(b.buf);
}

static const char *global_of(const json_t *f)
{
    return js_str(js_obj(f, "global_picklist"), "id");
}

static bool is_list(const json_t *f)
{
    const char *type = js_str_or(f, "data_type", "");
    return (!strcmp(type, "picklist") || !strcmp(type, "multiselectpicklist")) && org_has_list(f);
}

/* ---- drift ---- */

/* A list field under its folded label, so that an org of thousands of fields is gone through once. */
struct labelled {
    const json_t *o;
    char *label, *address, *module, *name;
};
struct labels {
    struct labelled *item;
    size_t n, cap;
};

static void gather(const struct thing *t, void *ctx)
{
    struct labels *l = ctx;
    if (!is_list(t->o) || !js_str(t->o, "field_label"))
        return;
    struct labelled one = {t->o, label_fold(js_str(t->o, "field_label")), mem_dup(t->address), mem_dup(t->module),
                           mem_dup(t->name)};
    VEC_PUSH(l->item, l->n, l->cap, one);
}

static void compare(struct audit *a, const struct labelled *first, const struct labelled *f)
{
    const json_t *theirs = js_arr(first->o, "pick_list_values"), *own = js_arr(f->o, "pick_list_values");
    size_t lacks, extra;
    if (!strcmp(first->module, f->module) || (global_of(f->o) && global_of(first->o)))
        return;
    AUTO_FREE char *lacking = missing(theirs, own, &lacks);
    AUTO_FREE char *more = missing(own, theirs, &extra);
    size_t common = count(theirs) - lacks;
    if (common < COMMON_MIN || lacks + extra == 0 || lacks + extra > common)
        return;
    audit_add(a, f->address, "the list of %s.%s has the same label and %zu values in common%s%s%s%s", first->module,
              first->name, common, lacks ? "; missing here: " : "", lacking, extra ? "; only here: " : "", more);
}

/* Each list is held against the first of its label that it drifted from. */
static void drift(struct audit *a)
{
    struct labels l = {0};
    things_of(a->s, "field", gather, &l);
    for (size_t i = 0; i < l.n; i++)
        for (size_t k = 0; k < i; k++)
            if (*l.item[i].label && !strcmp(l.item[i].label, l.item[k].label)) {
                size_t before = json_array_size(a->findings);
                compare(a, &l.item[k], &l.item[i]);
                if (json_array_size(a->findings) > before)
                    break;
            }
    for (size_t i = 0; i < l.n; i++) {
        free(l.item[i].label);
        free(l.item[i].address);
        free(l.item[i].module);
        free(l.item[i].name);
    }
    free(l.item);
}

/* ---- inside one list ---- */

static void twin_values(struct audit *a, const struct thing *t)
{
    const json_t *all = js_arr(t->o, "pick_list_values"), *v, *w;
    size_t i, k;
    json_array_foreach (all, i, v)
        for (k = 0; k < i; k++) {
            w = json_array_get(all, k);
            const char *one = js_str_or(v, "display_value", ""), *other = js_str_or(w, "display_value", "");
            if (used(v) && used(w) && label_same_value(one, other))
                audit_add(a, t->address, "\"%s\" and \"%s\"", other, one);
        }
}

static void bad_default(struct audit *a, const struct thing *t)
{
    const char *value = js_str(t->o, "default_value");
    if (is_list(t->o) && value && *value && *value != '$' && strcmp(value, "-None-") != 0 && !org_value(t->o, value))
        audit_add(a, t->address, "the default is \"%s\", and the list has no such value", value);
}

static void copy_of_global(struct audit *a, const struct thing *t)
{
    const json_t *values = js_arr(t->o, "pick_list_values"), *g;
    size_t i, lacks, extra;
    if (!is_list(t->o) || global_of(t->o) || count(values) < COPY_MIN || !js_bool(t->o, "custom_field", false))
        return;
    json_array_foreach (snapshot_get(a->s, "global_picklists"), i, g) {
        const json_t *all = js_arr(g, "pick_list_values");
        AUTO_FREE char *one = missing(all, values, &lacks);
        AUTO_FREE char *two = missing(values, all, &extra);
        if (all && lacks + extra == 0)
            audit_add(a, t->address, "its %zu values are those of the global list \"%s\"", count(values),
                      js_str_or(g, "display_label", js_str_or(g, "api_name", "?")));
    }
}

/* ---- lists and records ---- */

static void not_in_list(struct audit *a, const struct thing *t)
{
    const json_t *values = js_obj(js_obj(js_obj(js_obj(a->readings, "modules"), t->module), "values"), t->name), *n;
    const char *value;
    if (!is_list(t->o))
        return;
    json_object_foreach ((json_t *)(uintptr_t)values, value, n)
        if (*value && strcmp(value, "-None-") != 0 && !org_value(t->o, value))
            audit_add(a, t->address, "%lld records say \"%s\"", (long long)json_integer_value(n), value);
}

static void never_chosen(struct audit *a, const struct thing *t)
{
    const json_t *m = js_obj(js_obj(a->readings, "modules"), t->module), *values = js_obj(js_obj(m, "values"), t->name),
                 *v;
    AUTO_SB struct sb b = SB_INIT(2000);
    size_t i, n = 0;
    if (!is_list(t->o) || !values || !js_bool(m, "all", false) || js_int(m, "rows", 0) < ROWS_MIN ||
        json_object_size(values) == 0 || !js_bool(t->o, "custom_field", false))
        return;
    json_array_foreach (js_arr(t->o, "pick_list_values"), i, v) {
        const char *value = js_str_or(v, "actual_value", "");
        if (!used(v) || json_object_get(values, value) || !strcmp(value, js_str_or(t->o, "default_value", "")))
            continue;
        sb_addf(&b, "%s\"%s\"", n++ ? ", " : "", value);
    }
    if (n)
        audit_add(a, t->address, "none of %lld records says %s", (long long)js_int(m, "rows", 0), b.buf);
}

/* ---- waited for, set ---- */

/* "picklist_value/Deals.Stage=Lost": module and field into buffers that the caller frees; false when the org does not show the list. */
static bool value_gone(const struct audit *a, const char *target, char **shown)
{
    static const char prefix[] = "picklist_value/";
    if (strncmp(target, prefix, sizeof prefix - 1) != 0)
        return false;
    AUTO_FREE char *plain = text_percent_decode(target + sizeof prefix - 1);
    char *dot = plain ? strchr(plain, '.') : NULL, *equals = dot ? strchr(dot, '=') : NULL;
    if (!equals)
        return false;
    *dot = *equals = '\0';
    const json_t *f = org_field(a->s, plain, dot + 1);
    if (!f || !org_has_list(f) || org_value(f, equals + 1) || !strcmp(equals + 1, "-None-"))
        return false;
    *shown = mem_printf("%s.%s has no value \"%s\"", plain, dot + 1, equals + 1);
    return true;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static void gone_values(struct audit *a, bool set)
{
    const char *target;
    json_t *uses, *use;
    size_t i;
    json_object_foreach (a->uses.of, target, uses) {
        AUTO_FREE char *shown = NULL;
        if (!value_gone(a, target, &shown))
            continue;
        json_array_foreach (uses, i, use) {
            const char *by = js_str_or(use, "by", "");
            if (begins(by, "function/") || begins(by, "blueprint/") || begins(by, "field_update/") != set)
                continue;
            audit_add(a, by, "%s%s%s", shown, set ? "" : " that it asks for: ", set ? "" : js_str_or(use, "place", ""));
        }
    }
}

static void waited_for(struct audit *a)
{
    gone_values(a, false);
}

static void set_in_vain(struct audit *a)
{
    gone_values(a, true);
}

static const struct audit_rule rules[] = {
    {"AU201", AUDIT_WARNING, "two lists of the same name drifted apart",
     "What is copied from one module to the other loses its value or is refused.",
     "agree on the values; make it one global picklist", NULL, NULL, drift, false},
    {"AU202", AUDIT_WARNING, "two values that mean the same", "Every count over the list is split.",
     "keep one, replace the other in the records (Setup offers to), mark it unused", "field", twin_values, NULL, false},
    {"AU203", AUDIT_WARNING, "records with a value that the list does not have",
     "They came by import or API, or the value was taken out: filters and rules do not find them.",
     "put the value back or set the records right", "field", not_in_list, NULL, true},
    {"AU204", AUDIT_NOTE, "values that nobody chooses", "A long list is chosen from wrongly.",
     "mark them unused after asking", "field", never_chosen, NULL, true},
    {"AU205", AUDIT_ERROR, "criteria that wait for a value the list does not have",
     "The rule or view looks right and never finds anything.", "choose the value that is meant now", NULL, NULL,
     waited_for, false},
    {"AU206", AUDIT_ERROR, "field update that sets a value the list does not have",
     "The update fails, or leaves a value that nothing knows.", "choose the value that is meant now", NULL, NULL,
     set_in_vain, false},
    {"AU207", AUDIT_WARNING, "default value that the list does not have",
     "New records begin with a value nobody can choose.", "choose a default from the list", "field", bad_default, NULL,
     false},
    {"AU208", AUDIT_NOTE, "list that copies a global picklist", "The two drift apart with the first change.",
     "bind the field to the global picklist when it is next touched", "field", copy_of_global, NULL, false},
};
const struct audit_family audit_picklists = {"Picklists", rules, sizeof rules / sizeof *rules};
