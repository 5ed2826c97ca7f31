/* agent/audit/uses.c — settings; scripts are in uses_script.c. */
#include "agent/audit/uses.h"

#include <string.h>
#include <strings.h>

#include "agent/audit/things.h"
#include "agent/audit/uses_parts.h"
#include "base/sb.h"
#include "plan/resource.h"

enum { PLACE_MAX = 2000, CODE_MAX = 200 };

void uses_note(struct uses *u, const char *target, const char *by, const char *place, int64_t line, const char *code,
               bool sure)
{
    json_t *list = js_arr(u->of, target), *one = json_object(), *known;
    size_t i;
    if (!list) {
        list = json_array();
        js_set(u->of, target, list);
    }
    js_set_str(one, "by", by);
    js_set_str(one, "place", place);
    if (line > 0)
        js_set_int(one, "line", line);
    if (code)
        js_set_strf(one, "code", "%.*s", CODE_MAX, code);
    js_set_bool(one, "sure", sure);
    json_array_foreach (list, i, known)
        if (json_equal(known, one)) {
            json_decref(one);
            return;
        }
    json_array_append_new(list, one);
}

/* ---- walking one object ---- */

struct walk {
    struct uses *u;
    struct snapshot *s;
    const char *by, *module;
    struct sb place;
};

static void note(struct walk *w, const char *target)
{
    uses_note(w->u, target, w->by, w->place.len ? w->place.buf : "itself", 0, NULL, true);
}

static void note_field(struct walk *w, const char *module, const char *field)
{
    AUTO_FREE char *own = mem_dupn(field, strcspn(field, ".")); /* a lookup's field: Account_Name.Industry */
    AUTO_FREE char *address = address_make("field", module, own);
    note(w, address);
}

static void note_value(struct walk *w, const char *module, const char *field, const json_t *value)
{
    const json_t *f = org_field(w->s, module, field), *one;
    size_t i;
    if (json_is_array(value))
        json_array_foreach (value, i, one)
            note_value(w, module, field, one);
    const char *text = json_string_value(value);
    if (!f || !text || !*text || *text == '$' || !org_has_list(f))
        return;
    AUTO_FREE char *name = mem_printf("%s=%s", field, text);
    AUTO_FREE char *address = address_make("picklist_value", module, name);
    note(w, address);
}

/* ${!Deals.Amount}, ${Deals.Deal Name}: in webhooks, templates, formulas, arguments. */
static void merge_fields(struct walk *w, const char *text)
{
    for (const char *p = strstr(text, "${"); p; p = strstr(p + 2, "${")) {
        const char *from = p + 2 + (p[2] == '!'), *end = strchr(from, '}'), *dot = strchr(from, '.');
        if (!end || !dot || dot > end || end - from > 200)
            continue;
        AUTO_FREE char *module = mem_dupn(from, (size_t)(dot - from));
        AUTO_FREE char *name = mem_dupn(dot + 1, (size_t)(end - dot - 1));
        AUTO_FREE char *list = mem_printf("fields/%s", module);
        name[strcspn(name, ".")] = '\0';
        const json_t *labelled = snapshot_find(w->s, list, "field_label", name, false);
        if (org_module(w->s, module) && strcasecmp(name, "id") != 0)
            note_field(w, module,
                       labelled && !org_field(w->s, module, name) ? js_str_or(labelled, "api_name", name) : name);
    }
}

static void walk(struct walk *w, const char *key, const json_t *j);

/* Keys whose elements have a place worth naming, and what names it. */
static const struct {
    const char *key, *called, *name;
} places[] = {
    {"execute_when", "when it runs", NULL},
    {"conditions", "condition", "sequence_number"},
    {"criteria_details", "criteria", NULL},
    {"criteria", "criteria", NULL},
    {"entry_criteria", "entry criteria", NULL},
    {"instant_actions", "at once", NULL},
    {"scheduled_actions", "later", NULL},
    {"sections", "section", "display_label"},
    {"transitions", "transition", "name"},
    {"states", "state", "api_name"},
    {"during_inputs", "asked during it", NULL},
    {"validation_filter", "its check", NULL},
    {"locking_rules", "rule", "name"},
    {"rule_entries", "entry", NULL},
    {"field_mappings", "sets", NULL},
    {"excluded_fields", "left out of the lock", NULL},
    {"sort_by", "sorts by", NULL},
    {"fields", "field", NULL},
    {"recipients", "recipient", NULL},
    {"shared_to", "shared with", NULL},
    {"arguments", "argument", "name"},
    {"url", "address", NULL},
    {"body", "body", NULL},
    {"content", "text", NULL},
    {"subject", "subject", NULL},
    {"owners", "who may", NULL},
    {"formula", "formula", NULL},
    {"rollup_summary", "rollup", NULL},
    {"lookup", "lookup", NULL},
};

static void add_place(struct walk *w, const char *key, const json_t *element)
{
    for (size_t i = 0; key && i < sizeof places / sizeof *places; i++) {
        if (strcmp(places[i].key, key) != 0)
            continue;
        const json_t *name = places[i].name ? json_object_get(element, places[i].name) : NULL;
        if (w->place.len && strstr(w->place.buf, places[i].called) && !name)
            return;
        sb_addf(&w->place, "%s%s", w->place.len ? ", " : "", places[i].called);
        if (json_is_string(name))
            sb_addf(&w->place, " '%s'", json_string_value(name));
        else if (json_is_integer(name))
            sb_addf(&w->place, " %lld", (long long)json_integer_value(name));
        return;
    }
}

static const struct {
    const char *type, *kind;
} action_kinds[] = {{"field_updates", "field_update"},
                    {"email_notifications", "email_notification"},
                    {"tasks", "task"},
                    {"webhooks", "webhook"},
                    {"functions", "function_wrapper"}};

static void action(struct walk *w, const json_t *a)
{
    const char *type = js_str_or(a, "type", "");
    for (size_t i = 0; i < sizeof action_kinds / sizeof *action_kinds; i++) {
        if (strcmp(type, action_kinds[i].type) != 0)
            continue;
        AUTO_FREE char *known = thing_by_id(w->s, action_kinds[i].kind, w->module, js_str(a, "id"));
        AUTO_FREE char *named =
            js_str(a, "name") ? address_make(action_kinds[i].kind, w->module, js_str(a, "name")) : NULL;
        if (known || named)
            note(w, known ? known : named);
    }
}

/* "contains Closed" names no value of a list. */
static bool whole_value(const json_t *o)
{
    static const char *const part[] = {"contains", "not_contains", "starts_with", "ends_with", "like", "not_like"};
    for (size_t i = 0; i < sizeof part / sizeof *part; i++)
        if (!strcmp(js_str_or(o, "comparator", ""), part[i]))
            return false;
    return true;
}

/* {"field": {"api_name"}, "comparator", "value"}: a leaf of criteria, a mapping, what a transition asks for. */
static void field_of(struct walk *w, const json_t *o)
{
    const json_t *f = js_obj(o, "field"), *value = json_object_get(o, "value");
    const json_t *known = org_field_by_id(w->s, w->module, js_str(f, "id"));
    const char *name = js_str(f, "api_name") ? js_str(f, "api_name") : js_str(known, "api_name");
    if (!name)
        return;
    note_field(w, w->module, name);
    if (js_str(value, "api_name"))
        note_field(w, w->module, js_str(value, "api_name"));
    else if (whole_value(o))
        note_value(w, w->module, name, value);
}

/* {"type": "roles", "id"} and {"type": "role", "resources": [{"id"}]}: who gets, sees or may something. */
static void meant(struct walk *w, const json_t *o)
{
    static const struct {
        const char *type, *kind;
    } types[] = {{"role", "role"},        {"roles", "role"},       {"profile", "profile"},
                 {"profiles", "profile"}, {"group", "user_group"}, {"groups", "user_group"}};
    const char *type = js_str_or(o, "type", "");
    const json_t *r;
    size_t k;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(type, types[i].type) != 0)
            continue;
        AUTO_FREE char *own = thing_by_id(w->s, types[i].kind, NULL, js_str(o, "id"));
        if (own)
            note(w, own);
        json_array_foreach (js_arr(o, "resources"), k, r) {
            AUTO_FREE char *address = thing_by_id(w->s, types[i].kind, NULL, js_str(r, "id"));
            if (address)
                note(w, address);
        }
    }
}

static void referred(struct walk *w, const char *key, const json_t *o)
{
    static const struct {
        const char *key, *kind;
    } by_id[] = {{"template", "email_template"},
                 {"layout", "layout"},
                 {"global_picklist", "global_picklist"},
                 {"profile", "profile"},
                 {"role", "role"}};
    const char *id = js_str(o, "id");
    for (size_t i = 0; key && i < sizeof by_id / sizeof *by_id; i++) {
        AUTO_FREE char *address = !strcmp(key, by_id[i].key) ? thing_by_id(w->s, by_id[i].kind, w->module, id) : NULL;
        if (address)
            note(w, address);
    }
    if (key && !strcmp(key, "function") && js_str(o, "api_name")) {
        AUTO_FREE char *address = address_make("function", NULL, js_str(o, "api_name"));
        note(w, address);
    }
    if (key && (!strcmp(key, "module") || !strcmp(key, "trigger_module")) && js_str(o, "api_name") &&
        strcmp(js_str(o, "api_name"), w->module ? w->module : "") != 0) {
        AUTO_FREE char *address = address_make("module", NULL, js_str(o, "api_name"));
        note(w, address);
    }
    if (key && strcmp(key, "created_by") != 0 && id && snapshot_find(w->s, "users", "id", id, false)) {
        AUTO_FREE char *address = address_make("user", NULL, id);
        note(w, address);
    }
}

static void walk_object(struct walk *w, const char *key, const json_t *o)
{
    const char *k;
    json_t *v;
    size_t len = w->place.len;
    add_place(w, key, o);
    field_of(w, o);
    referred(w, key, o);
    meant(w, o);
    action(w, o);
    bool element = key && (!strcmp(key, "fields") || !strcmp(key, "excluded_fields") || !strcmp(key, "sort_by") ||
                           !strcmp(key, "function_parameters"));
    const json_t *known = element ? org_field_by_id(w->s, w->module, js_str(o, "id")) : NULL;
    const char *name = js_str(o, "api_name") ? js_str(o, "api_name") : js_str(known, "api_name");
    if (element && name) /* whatever else it says is the field's own */
        note_field(w, w->module, name);
    else
        json_object_foreach ((json_t *)(uintptr_t)o, k, v)
            walk(w, k, v);
    sb_truncate(&w->place, len);
}

static void walk(struct walk *w, const char *key, const json_t *j)
{
    const json_t *v;
    size_t i, len = w->place.len;
    if (json_is_object(j))
        walk_object(w, key, j);
    json_array_foreach (j, i, v)
        walk(w, key, v);
    if (json_is_string(j) && strstr(json_string_value(j), "${")) {
        add_place(w, key, NULL);
        merge_fields(w, json_string_value(j));
        sb_truncate(&w->place, len);
    }
}

/* ---- things ---- */

static bool of_interest(const char *kind)
{
    static const char *const not_looked_into[] = {
        "module", "related_list", "profile",  "role",       "user",           "variable_group",
        "org",    "variable",     "function", "user_group", "global_picklist"};
    for (size_t i = 0; i < sizeof not_looked_into / sizeof *not_looked_into; i++)
        if (!strcmp(kind, not_looked_into[i]))
            return false;
    return true;
}

/* Of a field only what it refers to: the rest is the field itself. */
static void field_refers(struct walk *w, const json_t *f)
{
    static const char *const parts[] = {"lookup", "multiselectlookup", "formula", "rollup_summary", "global_picklist"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        walk(w, parts[i], json_object_get(f, parts[i]));
}

static void see(const struct thing *t, void *ctx)
{
    struct walk *w = ctx;
    if (!of_interest(t->kind))
        return;
    w->by = t->address;
    w->module = !strcmp(t->kind, "task") ? "Tasks" : t->module;
    sb_clear(&w->place);
    if (!strcmp(t->kind, "field")) {
        field_refers(w, t->o);
        return;
    }
    if (!strcmp(t->kind, "blueprint") && js_str(js_obj(t->o, "field"), "api_name")) { /* its values are its states */
        const json_t *state;
        size_t i;
        json_array_foreach (js_arr(t->o, "states"), i, state)
            note_value(w, t->module, js_str(js_obj(t->o, "field"), "api_name"),
                       json_object_get(js_obj(state, "pick_list_value"), "actual_value"));
    }
    walk(w, NULL, t->o);
}

void uses_build(struct uses *u, struct snapshot *s)
{
    struct walk w = {.u = u, .s = s, .place = SB_INIT(PLACE_MAX)};
    u->of = json_object();
    things_each(s, see, &w);
    sb_release(&w.place);
    uses_of_scripts(u, s);
}

void uses_release(struct uses *u)
{
    json_decref(u->of);
    u->of = NULL;
}

const json_t *uses_of(const struct uses *u, const char *target)
{
    return js_arr(u->of, target);
}
