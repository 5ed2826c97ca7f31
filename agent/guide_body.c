/* agent/guide_body.c — a step's body for people: labels instead of API names, words instead of codes. */
#include "agent/guide_parts.h"
#include "base/sb.h"
#include "base/text.h"
#include "plan/plan.h"

static json_t *steps_of(const json_t *plan)
{
    json_t *by = json_object(), *step;
    size_t i;
    json_array_foreach (js_arr(plan, "steps"), i, step)
        json_object_set(by, js_str_or(step, "address", ""), step);
    return by;
}

static const json_t *planned(struct guide *g, const char *kind, const char *module, const char *name)
{
    AUTO_FREE char *address = address_make(kind, module, name);
    if (!g->steps)
        g->steps = steps_of(g->in->plan);
    const json_t *step = json_object_get(g->steps, address);
    return step ? guide_step_body(g, step) : NULL;
}

static const char *live_label(const struct guide *g, const char *resource, const char *api_name, const char *key)
{
    if (!g->in->snapshot)
        return NULL;
    return js_str(snapshot_find(g->in->snapshot, resource, "api_name", api_name, false), key);
}

json_t *guide_field(struct guide *g, const char *module, const char *api_name)
{
    const char *label = NULL, *from = "plan";
    if (module) {
        label = js_str(planned(g, "field", module, api_name), "field_label");
        AUTO_FREE char *resource = mem_printf("fields/%s", module);
        const char *live = live_label(g, resource, api_name, "field_label");
        if (live) {
            from = "org";
            label = label ? label : live;
        }
        /* Name: the field that Zoho makes with every module. */
        if (!label && !strcmp(api_name, "Name"))
            label = js_str(js_obj(planned(g, "module", NULL, module), "display_field"), "field_label");
        AUTO_FREE char *key = mem_printf("%s.%s", module, api_name);
        json_t *note = json_object();
        AUTO_JSON json_t *m = guide_module(g, module);
        js_set_str(note, "label", label ? label : api_name);
        js_set_str(note, "api_name", api_name);
        js_set_str(note, "module", js_str(m, "label"));
        js_set_str(note, "module_api_name", module);
        js_set_str(note, "from", label ? from : "none");
        js_set(g->fields, key, note);
    }
    return guide_value(label ? label : api_name, api_name);
}

json_t *guide_module(struct guide *g, const char *api_name)
{
    const json_t *own = planned(g, "module", NULL, api_name);
    const char *label = js_str(own, "plural_label");
    if (!label)
        label = live_label(g, "modules", api_name, "plural_label");
    json_t *m = json_object();
    js_set_str(m, "label", label ? label : api_name);
    js_set_str(m, "plural", label ? label : api_name);
    js_set_str(m, "api_name", api_name);
    return m;
}

static json_t *function_value(struct guide *g, const char *api_name)
{
    const char *label = js_str(planned(g, "function", NULL, api_name), "name");
    if (!label)
        label = live_label(g, "functions", api_name, "name");
    return guide_value(label ? label : api_name, api_name);
}

static bool in(const char *key, const char *const *list)
{
    for (; *list; list++)
        if (!strcmp(key, *list))
            return true;
    return false;
}

static bool is_field_key(const char *key)
{
    static const char *const keys[] = {"field", "fields", "sort_by", "excluded_fields", NULL};
    return in(key, keys);
}

/* {"@ref": "field/Quotes.BOM_Status", "get": …}: the thing at the address. */
static json_t *ref_value(struct guide *g, const char *address)
{
    const struct kind *kind = NULL;
    AUTO_FREE char *module = NULL;
    AUTO_FREE char *name = NULL;
    struct err none = {0};
    if (address_parse(address, &kind, &module, &name, &none) < 0)
        return guide_value(address, NULL);
    if (!strcmp(kind->name, "field"))
        return guide_field(g, module, name);
    if (!strcmp(kind->name, "function"))
        return function_value(g, name);
    return guide_value(name, NULL);
}

/* One word of the body: of a field, a function, a module, or a plain text with its word from strings.yaml. */
static json_t *named(struct guide *g, const char *module, const char *key, const char *text)
{
    if (is_field_key(key))
        return guide_field(g, module, text);
    if (!strcmp(key, "function"))
        return function_value(g, text);
    if (!strcmp(key, "module")) {
        AUTO_JSON json_t *m = guide_module(g, text);
        return guide_value(js_str(m, "label"), text);
    }
    return guide_value(guide_word(g, key, text), NULL);
}

/* The one name of an object that only points at something: {api_name}, {name}, both with an id, or @ref. */
static json_t *pointer_value(struct guide *g, const char *module, const char *key, const json_t *o)
{
    static const char *const plain[] = {"api_name", "name", "id", "@ref", "get", "module", NULL};
    const char *k;
    json_t *v;
    json_object_foreach ((json_t *)(uintptr_t)o, k, v) {
        if (!in(k, plain))
            return NULL;
    }
    static const char *const order[] = {"api_name", "name", "id"};
    if (js_str(o, "@ref"))
        return ref_value(g, js_str(o, "@ref"));
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const json_t *part = json_object_get(o, order[i]);
        if (json_is_string(part))
            return named(g, module, key, json_string_value(part));
        if (js_str(part, "@ref"))
            return ref_value(g, js_str(part, "@ref"));
    }
    return NULL;
}

static json_t *human(struct guide *g, const char *module, const char *key, const json_t *v);

/* Strict templates know only what is there: every item of a list gets every key of its siblings. */
static void same_keys(json_t *list)
{
    AUTO_JSON json_t *all = json_object();
    size_t i;
    json_t *item;
    json_array_foreach (list, i, item)
        json_object_update_missing(all, item);
    const char *key;
    json_t *v;
    json_array_foreach (list, i, item) {
        json_object_foreach (all, key, v) {
            if (!json_object_get(item, key))
                json_object_set_new(item, key, json_null());
        }
    }
}

static json_t *human_object(struct guide *g, const char *module, const char *key, const json_t *v)
{
    json_t *pointer = pointer_value(g, module, key, v);
    if (pointer)
        return pointer;
    json_t *out = json_object();
    const char *k;
    json_t *part;
    json_object_foreach ((json_t *)(uintptr_t)v, k, part) {
        json_t *h = human(g, module, k, part);
        json_object_set_new(out, k, h);
    }
    /* A workflow condition keeps its criteria and actions one level down. */
    const json_t *details = js_obj(v, "criteria_details");
    if (details || json_object_get(v, "instant_actions")) {
        json_t *c = guide_criteria(g, module, js_obj(details, "criteria"));
        json_object_set_new(out, "criteria", c ? c : json_null());
        json_t *actions = js_arr(js_obj(v, "instant_actions"), "actions");
        json_object_set_new(out, "actions", actions ? human(g, module, "actions", actions) : json_array());
    }
    return out;
}

/* {FIELD: value} as a list, so that a template can go through it. */
static json_t *set_rows(struct guide *g, const char *module, const json_t *v)
{
    json_t *rows = json_array(), *part;
    const char *k;
    json_object_foreach ((json_t *)(uintptr_t)v, k, part) {
        json_t *row = json_object();
        js_set(row, "field", guide_field(g, module, k));
        js_set(row, "value", human(g, module, "value", part));
        json_array_append_new(rows, row);
    }
    return rows;
}

/* Records of a table: each as the rows {field, value} it holds. */
static json_t *record_rows(struct guide *g, const char *module, const json_t *records)
{
    json_t *out = json_array(), *one;
    size_t i;
    json_array_foreach (records, i, one) {
        json_t *o = json_object();
        js_set(o, "rows", set_rows(g, module, one));
        json_array_append_new(out, o);
    }
    return out;
}

static json_t *human(struct guide *g, const char *module, const char *key, const json_t *v)
{
    if (!strcmp(key, "records") && json_is_array(v))
        return record_rows(g, module, v);
    if (!strcmp(key, "key") && json_is_string(v))
        return guide_field(g, module, json_string_value(v));
    if (!strcmp(key, "set") && json_is_object(v))
        return set_rows(g, module, v);
    if (!strcmp(key, "criteria") || !strcmp(key, "entry_criteria")) {
        json_t *c = guide_criteria(g, module, v);
        return c ? c : json_null();
    }
    if (json_is_object(v))
        return human_object(g, module, key, v);
    if (json_is_array(v)) {
        json_t *list = json_array();
        size_t i;
        json_t *item;
        json_array_foreach (v, i, item)
            json_array_append_new(list, human(g, module, key, item));
        same_keys(list);
        return list;
    }
    if (json_is_string(v))
        return named(g, module, key, json_string_value(v));
    if (json_is_integer(v)) {
        AUTO_FREE char *text = mem_printf("%lld", (long long)json_integer_value(v));
        return guide_value(text, NULL);
    }
    return json_deep_copy(v);
}

json_t *guide_body(struct guide *g, const char *module, const json_t *body)
{
    static const char *const keys[] = {GUIDE_BODY_KEYS};
    json_t *out = json_object();
    const char *k;
    json_t *v;
    if (!module) /* records: the address names no module */
        module = js_str(body, "module");
    json_object_foreach ((json_t *)(uintptr_t)body, k, v)
        json_object_set_new(out, k, human(g, module, k, v));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!json_object_get(out, keys[i]))
            json_object_set_new(out, keys[i], json_null());
    return out;
}

/* ---- criteria ---- */

struct criteria {
    struct guide *g;
    const char *module;
    json_t *rows;
    struct sb pattern;
};

static void leaf_value(struct criteria *c, const json_t *leaf, json_t *row)
{
    const json_t *v = json_object_get(leaf, "value");
    const char *comparator = js_str_or(leaf, "comparator", "");
    AUTO_FREE char *text = json_is_string(v)    ? mem_dup(json_string_value(v))
                           : json_is_boolean(v) ? mem_dup(json_is_true(v) ? "true" : "false")
                           : js_str(v, "name")  ? mem_dup(js_str(v, "name"))
                           : v                  ? json_dumps(v, JSON_ENCODE_ANY)
                                                : mem_dup("");
    /* "equal ${EMPTY}" is one comparison for people: strings.yaml words it as a pair. */
    AUTO_FREE char *pair = mem_printf("%s %s", comparator, text);
    const char *paired = guide_word(c->g, "comparators", pair);
    bool one_word = strcmp(paired, pair) != 0;
    js_set_str(row, "comparator", one_word ? paired : guide_word(c->g, "comparators", comparator));
    js_set(row, "value", one_word ? json_null() : guide_value(guide_word(c->g, "values", text), NULL));
}

static void walk_criteria(struct criteria *c, const json_t *tree, bool inner)
{
    const json_t *group = js_arr(tree, "group");
    if (!group) {
        json_t *row = json_object();
        const json_t *field = js_obj(tree, "field");
        js_set_int(row, "n", (int64_t)json_array_size(c->rows) + 1);
        json_t *f = field ? human_object(c->g, c->module, "field", field) : guide_value("", NULL);
        js_set(row, "field", f);
        leaf_value(c, tree, row);
        json_array_append_new(c->rows, row);
        sb_addf(&c->pattern, "%zu", json_array_size(c->rows));
        return;
    }
    bool any = text_casecmp(js_str_or(tree, "group_operator", "AND"), "OR") == 0;
    if (inner)
        sb_addc(&c->pattern, '(');
    size_t i;
    const json_t *part;
    json_array_foreach (group, i, part) {
        if (i)
            sb_addf(&c->pattern, " %s ", guide_word(c->g, "operators", any ? "or" : "and"));
        walk_criteria(c, part, true);
    }
    if (inner)
        sb_addc(&c->pattern, ')');
}

json_t *guide_criteria(struct guide *g, const char *module, const json_t *tree)
{
    if (!json_is_object(tree) || json_object_size(tree) == 0)
        return NULL;
    struct criteria c = {.g = g, .module = module, .rows = json_array(), .pattern = SB_INIT(1 << 16)};
    walk_criteria(&c, tree, false);
    json_t *out = json_object();
    js_set_bool(out, "one", json_array_size(c.rows) == 1);
    js_set(out, "rows", c.rows);
    js_set_str(out, "pattern", c.pattern.buf);
    sb_release(&c.pattern);
    return out;
}
