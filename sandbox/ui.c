/*
 * sandbox/ui.c — plays the person who clicks in Setup. A kind's row says which stored settings it makes; the body is Zoho's with
 * names where a person picks from a list, and the same checks run as for the API, without what the API refuses.
 */
#include "sandbox/ui.h"

#include "sandbox/blueprint.h"
#include "sandbox/function.h"
#include "sandbox/module.h"
#include "sandbox/plain.h"
#include "sandbox/route.h"
#include "sandbox/workflow.h"

enum maker { BY_PLAIN, BY_FUNCTION, BY_BLUEPRINT, BY_RULE };
static const struct {
    const char *kind;
    enum maker maker;
    const struct plain *plain;
    const char *stored; /* config kind */
} kinds[] = {
    {"email_template", BY_PLAIN, &plain_email_templates, "email_templates"},
    {"validation_rule", BY_PLAIN, &plain_validation_rules, "validation_rules"},
    {"connection", BY_PLAIN, &plain_connections, "connections"},
    {"manual", BY_PLAIN, &plain_manual, "manual"},
    {"custom_view", BY_PLAIN, &plain_custom_views, "custom_views"},
    {"record_locking", BY_PLAIN, &plain_record_locking, "record_locking_configurations"},
    {"variable", BY_PLAIN, &plain_variables, "variables"},
    {"field_update", BY_PLAIN, &plain_field_updates, "field_updates"},
    {"email_notification", BY_PLAIN, &plain_email_notifications, "email_notifications"},
    {"function_wrapper", BY_PLAIN, &plain_wrappers, "automation_functions"},
    {"function", BY_FUNCTION, NULL, "functions"},
    {"blueprint", BY_BLUEPRINT, NULL, "blueprints"},
    {"workflow_rule", BY_RULE, NULL, "workflow_rules"},
};
enum { N_KINDS = sizeof kinds / sizeof *kinds };

static int find_kind(const char *kind, size_t *row, struct err *e)
{
    for (*row = 0; *row < N_KINDS; ++*row) {
        if (strcmp(kind, kinds[*row].kind) == 0) {
            return 0;
        }
    }
    err_set(e, ERR_USAGE, "nobody clicks a '%s' in the sandbox", kind);
    return err_fix(e,
                   "kinds: email_template, validation_rule, connection, manual, custom_view, record_locking, variable, "
                   "field_update, email_notification, function, function_wrapper, blueprint, workflow_rule");
}

/* What a person does not type: the name from the address, the module they stand in. */
static json_t *filled(size_t row, const char *module, const char *name, const json_t *body)
{
    json_t *b = body ? json_deep_copy(body) : json_object();
    if (name && !js_str(b, "name") && strcmp(kinds[row].kind, "record_locking") != 0) {
        js_set_str(b, "name", name);
    }
    if (module && !json_object_get(b, "module")) {
        js_set(b, "module", json_pack("{s:s}", "api_name", module));
    }
    static const struct {
        const char *kind, *key, *value;
    } given[] = {{"field_update", "feature_type", "workflow"},     {"email_notification", "feature_type", "workflow"},
                 {"function_wrapper", "feature_type", "workflow"}, {"record_locking", "feature_type", "record_locking"},
                 {"function", "category", "Automation"},           {"function", "api_name", NULL}};
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        if (strcmp(kinds[row].kind, given[i].kind) == 0 && !js_str(b, given[i].key)) {
            js_set_str(b, given[i].key, given[i].value ? given[i].value : name);
        }
    }
    return b;
}

/* The states and transitions of a Blueprint stand in its module and layout unless they say otherwise; a state may be named by its
 * picklist value alone. */
static void fill_parts(json_t *b)
{
    static const char *const lists[] = {"states", "transitions"};
    size_t i, k;
    json_t *v;
    for (k = 0; k < 2; k++) {
        json_array_foreach (js_arr(b, lists[k]), i, v) {
            if (!json_object_get(v, "module")) {
                js_set(v, "module", json_deep_copy(js_obj(b, "module")));
            }
            if (k == 1 && !json_object_get(v, "layout")) {
                js_set(v, "layout", json_deep_copy(js_obj(b, "layout")));
            }
            if (k == 0 && !json_object_get(v, "pick_list_value")) {
                js_set(v, "pick_list_value", json_pack("{s:s}", "actual_value", js_str_or(v, "api_name", "")));
            }
            if (k == 1 && !js_str(v, "api_name")) {
                js_set_str(v, "api_name", js_str_or(v, "name", ""));
            }
        }
    }
}

static json_t *existing(struct call *c, size_t row, const char *module, const char *name)
{
    const char *kind = kinds[row].stored;
    if (!name) {
        return NULL;
    }
    json_t *found = config_by_name(c->st, kind, module, name);
    if (!found) {
        found = config_by_api(c->st, kind, module, name);
    }
    /* A locking configuration bears no name of its own: its first rule does. */
    if (!found && strcmp(kinds[row].kind, "record_locking") == 0) {
        AUTO_JSON json_t *all = config_list(c->st, kind, module);
        size_t i;
        json_t *v;
        json_array_foreach (all, i, v) {
            const char *n = js_str_or(js_path(v, "locking_rules[0]"), "name", "");
            if (!found && strcmp(n, name) == 0) {
                found = json_incref(v);
            }
        }
    }
    return found;
}

static json_t *do_it(struct call *c, size_t row, const char *module, const char *name, json_t *body, const char *source)
{
    AUTO_JSON json_t *old = existing(c, row, module, name);
    const char *id = js_str(old, "id");
    switch (kinds[row].maker) {
    case BY_FUNCTION:
        if (id) {
            json_object_del(body, "category");
            json_object_del(body, "runtime");
            json_object_del(body, "api_name");
        }
        return id ? function_change(c, id, body, source, "$") : function_make(c, body, source ? source : "", "$");
    case BY_BLUEPRINT:
        fill_parts(body);
        return id ? blueprint_change(c, id, body, true, "$") : blueprint_make(c, body, true, "$");
    case BY_RULE:
        return id ? workflow_change(c, id, body, "$") : workflow_make(c, body, "$");
    case BY_PLAIN:
        break;
    }
    return id ? plain_change(c, kinds[row].plain, id, body, "$") : plain_make(c, kinds[row].plain, module, body, "$");
}

static json_t *undo_it(struct call *c, size_t row, const char *module, const char *name)
{
    AUTO_JSON json_t *old = existing(c, row, module, name);
    const char *id = js_str(old, "id");
    if (id) {
        config_remove(c->st, kinds[row].stored, id);
    }
    return id ? item_ok(id, "removed") : item_error("INVALID_DATA", "there is no such thing to undo", NULL);
}

int ui_do(struct sandbox *s, const char *kind, const char *module, const char *name, const json_t *body,
          const char *source, bool undo, struct err *e)
{
    size_t row = 0;
    if (find_kind(kind, &row, e)) {
        return -1;
    }
    struct call c = {.s = s, .st = &s->store, .person = true, .method = "PERSON", .path = kind};
    AUTO_JSON json_t *b = filled(row, module, name, body);
    AUTO_JSON json_t *m = module ? module_get(c.st, module) : NULL;
    const char *in = m ? js_str(m, "api_name") : NULL;
    AUTO_JSON json_t *r = module && !m ? item_error("INVALID_MODULE", "there is no such module", NULL)
                          : undo       ? undo_it(&c, row, in, name)
                                       : do_it(&c, row, in, name, b, source);
    if (!item_failed(r)) {
        return 0;
    }
    AUTO_FREE char *details = json_dumps(json_object_get(r, "details"), JSON_COMPACT | JSON_SORT_KEYS);
    err_set(e, ERR_CONFIG, "Setup would not take this %s: %s (%s %s)", kind, js_str_or(r, "message", ""),
            js_str_or(r, "code", ""), details);
    return err_at(e, "%s/%s%s%s", kind, module ? module : "", module ? "." : "", name ? name : "");
}

int sandbox_ui(struct sandbox *s, const char *kind, const char *module, const char *name, const json_t *body,
               const char *source, bool undo, struct err *e)
{
    pthread_mutex_lock(&s->lock);
    store_begin(&s->store);
    int rc = ui_do(s, kind, module, name, body, source, undo, e);
    if (rc) {
        store_rollback(&s->store);
    } else {
        rc = store_commit(&s->store, e);
    }
    pthread_mutex_unlock(&s->lock);
    return rc;
}
