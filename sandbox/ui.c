/*
 * sandbox/ui.c — plays the person who clicks in Setup. A kind's row says which stored settings it makes; the body is Zoho's with
 * names where a person picks from a list, and the same checks run as for the API, without what the API refuses.
 */
#include "sandbox/ui.h"

#include "base/text.h"
#include "sandbox/blueprint.h"
#include "sandbox/field.h"
#include "sandbox/function.h"
#include "sandbox/module.h"
#include "sandbox/plain.h"
#include "sandbox/record.h"
#include "sandbox/route.h"
#include "sandbox/salesiq.h"
#include "sandbox/workflow.h"

enum maker { BY_PLAIN, BY_FUNCTION, BY_BLUEPRINT, BY_PUBLISH, BY_RULE, BY_OPTIONS, BY_FORM, BY_CHAT };
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
    {"custom_button", BY_PLAIN, &plain_buttons, "custom_buttons"},
    {"approval_process", BY_PLAIN, &plain_approvals, "approval_processes"},
    {"custom_view", BY_PLAIN, &plain_custom_views, "custom_views"},
    {"record_locking", BY_PLAIN, &plain_record_locking, "record_locking_configurations"},
    {"variable", BY_PLAIN, &plain_variables, "variables"},
    {"field_update", BY_PLAIN, &plain_field_updates, "field_updates"},
    {"email_notification", BY_PLAIN, &plain_email_notifications, "email_notifications"},
    {"function_wrapper", BY_PLAIN, &plain_wrappers, "automation_functions"},
    {"function", BY_FUNCTION, NULL, "functions"},
    {"blueprint", BY_BLUEPRINT, NULL, "blueprints"},
    {"blueprint_publish", BY_PUBLISH, NULL, "blueprints"},
    {"workflow_rule", BY_RULE, NULL, "workflow_rules"},
    {"picklist", BY_OPTIONS, NULL, "fields"},
    {"field", BY_OPTIONS, NULL, "fields"},
    {"record", BY_FORM, NULL, NULL},
    {"chat", BY_CHAT, NULL, NULL},
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
    return err_fix(
        e, "kinds: email_template, validation_rule, connection, manual, custom_button, approval_process, custom_view, "
           "record_locking, variable, "
           "field_update, email_notification, function, function_wrapper, blueprint, blueprint_publish, workflow_rule, "
           "picklist, field (options of one that is there), record, chat");
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

/* ---- functions that a person picks in a rule or a transition ---- */

static bool pending(const json_t *action)
{
    return js_bool(action, "by_hand", false) && !js_str(action, "id");
}

static void drop_pending(json_t *actions)
{
    for (size_t i = json_array_size(actions); i-- > 0;) {
        if (pending(json_array_get(actions, i))) {
            json_array_remove(actions, i);
        }
    }
}

/* What is picked by hand later is not there yet. */
static void without_pending(json_t *body)
{
    size_t i;
    json_t *v;
    json_array_foreach (js_arr(body, "conditions"), i, v) {
        drop_pending(js_arr(js_obj(v, "instant_actions"), "actions"));
    }
    json_array_foreach (js_arr(body, "transitions"), i, v) {
        drop_pending(js_arr(v, "actions"));
    }
}

static bool names_it(const json_t *actions, const char *name)
{
    size_t i;
    json_t *a;
    json_array_foreach (actions, i, a) {
        if (js_bool(a, "by_hand", false) && strcmp(js_str_or(a, "name", ""), name) == 0) {
            return true;
        }
    }
    return false;
}

static bool picked(const json_t *actions, const char *id)
{
    size_t i;
    json_t *a;
    json_array_foreach (actions, i, a) {
        if (strcmp(js_str_or(a, "id", ""), id) == 0) {
            return true;
        }
    }
    return false;
}

/* Puts the wrapper where the declared list has it: `live` are the conditions or transitions of the stored object. */
static void pick(json_t *live, const json_t *declared, const char *key, const char *id, const char *name)
{
    size_t i, k;
    json_t *d, *l;
    bool rule = strcmp(key, "sequence_number") == 0;
    json_array_foreach (declared, i, d) {
        const json_t *want = rule ? js_arr(js_obj(d, "instant_actions"), "actions") : js_arr(d, "actions");
        json_array_foreach (live, k, l) {
            if (!json_equal(json_object_get(d, key), json_object_get(l, key)) || !names_it(want, name)) {
                continue;
            }
            json_t *into = rule ? js_arr(js_obj(l, "instant_actions"), "actions") : js_arr(l, "actions");
            if (!into) {
                into = json_array();
                js_set(l, "actions", into);
            }
            if (!picked(into, id)) { /* saved once more, it runs once all the same */
                json_array_append_new(
                    into, json_pack("{s:s,s:s,s:s,s:{}}", "type", "functions", "id", id, "name", name, "details"));
            }
        }
    }
}

static json_t *associate(struct call *c, const json_t *places, const char *id, const char *name)
{
    size_t i;
    json_t *p;
    json_array_foreach (places, i, p) {
        const char *address = js_str_or(p, "address", ""), *slash = strchr(address, '/');
        const char *dot = slash ? strchr(slash, '.') : NULL;
        bool rule = strncmp(address, "workflow_rule/", 14) == 0;
        AUTO_FREE char *module = dot ? mem_dupn(slash + 1, (size_t)(dot - slash - 1)) : mem_dup("");
        AUTO_FREE char *target = dot ? text_percent_decode(dot + 1) : NULL;
        const char *kind = rule ? "workflow_rules" : "blueprints";
        AUTO_JSON json_t *live = target ? config_by_name(c->st, kind, module, target) : NULL;
        if (!live) {
            return item_error("INVALID_DATA", "there is no such rule or Blueprint",
                              json_pack("{s:s}", "address", address));
        }
        const char *list = rule ? "conditions" : "transitions";
        pick(js_arr(live, list), js_arr(js_obj(p, "body"), list), rule ? "sequence_number" : "name", id, name);
        config_put(c->st, kind, module, live);
    }
    return NULL;
}

static json_t *make_wrapper(struct call *c, size_t row, const char *module, const char *id, json_t *body)
{
    json_t *r =
        id ? plain_change(c, kinds[row].plain, id, body, "$") : plain_make(c, kinds[row].plain, module, body, "$");
    json_t *bad = item_failed(r) ? NULL
                                 : associate(c, js_arr(body, "associate_in"), js_str(js_obj(r, "details"), "id"),
                                             js_str_or(body, "name", ""));
    if (bad) {
        json_decref(r);
    }
    return bad ? bad : r;
}

/* Options of a pick list that is there; whether a Blueprint had to be switched off for it is the person's affair. */
static json_t *add_options(struct call *c, const char *module, json_t *field, const json_t *body)
{
    json_t *bad = field ? picklist_patch(c, field, js_arr(body, "pick_list_values"), "$")
                        : item_error("INVALID_DATA", "there is no such field", NULL);
    if (bad) {
        return bad;
    }
    config_put(c->st, "fields", module, field);
    return item_ok(js_str_or(field, "id", ""), "options added");
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
        without_pending(body);
        return id ? blueprint_change(c, id, body, true, "$") : blueprint_make(c, body, true, "$");
    case BY_PUBLISH:
        return id ? blueprint_change(c, id, NULL, true, "$")
                  : item_error("INVALID_DATA", "there is no draft to publish", NULL);
    case BY_RULE:
        without_pending(body);
        return id ? workflow_change(c, id, body, "$") : workflow_make(c, body, "$");
    case BY_OPTIONS:
        return add_options(c, module, old, body);
    case BY_PLAIN:
    case BY_CHAT:
    case BY_FORM:
        break;
    }
    if (kinds[row].plain == &plain_wrappers) {
        return make_wrapper(c, row, module, id, body);
    }
    return id ? plain_change(c, kinds[row].plain, id, body, "$") : plain_make(c, kinds[row].plain, module, body, "$");
}

static json_t *undo_it(struct call *c, size_t row, const char *module, const char *name)
{
    AUTO_JSON json_t *old = existing(c, row, module, name);
    const char *id = js_str(old, "id");
    if (kinds[row].maker == BY_OPTIONS) {
        return item_error("NOT_ALLOWED", "options that records may carry stay", NULL);
    }
    if (id && kinds[row].maker == BY_PUBLISH) {
        js_set_str(old, "status", "inactive");
        config_put(c->st, kinds[row].stored, module, old);
        return item_ok(id, "switched off");
    }
    if (id) {
        config_remove(c->st, kinds[row].stored, id);
    }
    return id ? item_ok(id, "removed") : item_error("INVALID_DATA", "there is no such thing to undo", NULL);
}

/* A record on its form: validation rules stand before the save, all automation follows it. */
static json_t *form(struct call *c, const char *module, const char *id, const json_t *body, bool undo)
{
    struct record_module m;
    if (!module || !record_module_open(c->st, module, &m)) {
        return item_error("INVALID_MODULE", "a record stands in a module", NULL);
    }
    struct record_write w = {.person = true};
    json_t *r = undo ? record_delete(c, &m, id ? id : "", NULL) : record_put(c, &m, id, body, &w, "$");
    record_module_close(&m);
    return r;
}

/* What visitors and operators do in their windows cannot be taken back. */
static json_t *chat(struct call *c, const char *which, const json_t *body, bool undo)
{
    return undo ? item_error("NOT_ALLOWED", "what was said in a chat stays said", NULL) : salesiq_chat(c, which, body);
}

int ui_do(struct sandbox *s, const char *kind, const char *module, const char *name, const json_t *body,
          const char *source, bool undo, struct err *e)
{
    size_t row = 0;
    if (find_kind(kind, &row, e)) {
        return -1;
    }
    struct call c = {.s = s, .st = &s->store, .person = true, .method = "PERSON", .path = kind};
    bool on_form = kinds[row].maker == BY_FORM, in_chat = kinds[row].maker == BY_CHAT;
    AUTO_JSON json_t *b = on_form || in_chat ? NULL : filled(row, module, name, body);
    AUTO_JSON json_t *m = module ? module_get(c.st, module) : NULL;
    const char *in = m ? js_str(m, "api_name") : NULL;
    AUTO_JSON json_t *r = module && !m ? item_error("INVALID_MODULE", "there is no such module", NULL)
                          : on_form    ? form(&c, in, name, body, undo)
                          : in_chat    ? chat(&c, name, body, undo)
                          : undo       ? undo_it(&c, row, in, name)
                                       : do_it(&c, row, in, name, b, source);
    if (!item_failed(r)) {
        return 0;
    }
    AUTO_FREE char *details = json_dumps(json_object_get(r, "details"), JSON_COMPACT | JSON_SORT_KEYS);
    err_set(e, ERR_CONFIG, "%s would not take this %s: %s (%s %s)",
            on_form   ? "its form"
            : in_chat ? "SalesIQ"
                      : "Setup",
            kind, js_str_or(r, "message", ""), js_str_or(r, "code", ""), details);
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
