/* sandbox/automation_act.c — the actions of rules and transitions, on one record. Source: zoho-api.md 1.10, 1.11, 1.13. */
#include "sandbox/automation.h"
#include "sandbox/check.h"
#include "sandbox/happening.h"
#include "sandbox/merge.h"
#include "sandbox/module.h"

static void note(const struct occasion *o, const char *kind, json_t *body)
{
    struct happening h = {kind, o->c->s->clock.now_s(o->c->s->clock.ctx), o->m->api, o->id, o->rule, o->part};
    happening_put(o->c->st, &h, body);
}

void automation_failed(const struct occasion *o, const json_t *action, json_t *error)
{
    note(o, "failed",
         json_pack("{s:{s:s,s:s,s:s},s:o}", "action", "type", js_str_or(action, "type", ""), "id",
                   js_str_or(action, "id", ""), "name", js_str_or(action, "name", ""), "error", error));
}

void automation_write(struct occasion *o, const struct record_module *m, const char *id, const json_t *values,
                      const json_t *action)
{
    AUTO_FREE char *by = mem_printf("%s/%s", o->source, o->rule ? o->rule : "");
    struct record_write w = {.by = by};
    AUTO_JSON json_t *r = record_put(o->c, m, id, values, &w, "$");
    if (item_failed(r)) {
        automation_failed(o, action, json_incref(r));
    }
}

/* ---- field updates ---- */

/* update_type append: what a multi-select holds stays. */
static json_t *appended(const json_t *old, json_t *value)
{
    json_t *out = json_is_array(old) ? json_deep_copy(old) : json_array(), *v;
    size_t i;
    json_array_foreach (value, i, v) {
        js_array_add_unique(out, json_string_value(v));
    }
    json_decref(value);
    return out;
}

static void field_update(struct occasion *o, const json_t *action, const json_t *whole)
{
    const char *api = js_str_or(js_obj(whole, "field"), "api_name", "");
    const json_t *field = json_object_get(o->m->by_api, api);
    if (!field) { /* of a related module's record: not in this sandbox */
        automation_failed(o, action, json_null());
        return;
    }
    json_t *value = merge_mapped(o->c, o->m, o->record, field, whole);
    if (json_is_array(value) && strcmp(js_str_or(whole, "update_type", ""), "append") == 0) {
        value = appended(json_object_get(o->record, api), value);
    }
    AUTO_JSON json_t *values = json_pack("{s:o}", api, value);
    automation_write(o, o->m, o->id, values, action);
    json_t *fresh = record_get(o->c->st, o->m->api, o->id);
    if (fresh) {
        json_decref(o->record);
        o->record = fresh;
    }
}

/* ---- tasks ---- */

static void task(struct occasion *o, const json_t *action, const json_t *whole)
{
    struct record_module tasks;
    AUTO_JSON json_t *values = json_pack("{s:s}", "Subject", js_str_or(whole, "name", ""));
    size_t i;
    json_t *map;
    if (!record_module_open(o->c->st, "Tasks", &tasks)) {
        automation_failed(o, action, json_null());
        return;
    }
    if (js_obj(o->record, "Owner")) {
        json_object_set(values, "Owner", js_obj(o->record, "Owner"));
    }
    const char *name = js_str_or(o->record, module_display_field(o->m->module), "");
    js_set(values, "What_Id", json_pack("{s:s,s:s}", "id", o->id, "name", name));
    json_array_foreach (js_arr(whole, "field_mappings"), i, map) {
        const char *api = js_str_or(js_obj(map, "field"), "api_name", "");
        js_set(values, api, merge_mapped(o->c, o->m, o->record, json_object_get(tasks.by_api, api), map));
    }
    automation_write(o, &tasks, NULL, values, action);
    record_module_close(&tasks);
}

/* ---- mail ---- */

static void add_user(struct occasion *o, const char *id, json_t *to)
{
    AUTO_JSON json_t *u = id ? config_by_id(o->c->st, "users", NULL, id) : NULL;
    if (js_str(u, "email")) {
        js_array_add_unique(to, js_str(u, "email"));
    }
}

/* Recipients' details are partly unproven (1.11): what is not understood here is kept as it was given. */
static void recipients(struct occasion *o, const json_t *list, json_t *to, json_t *unresolved)
{
    size_t i, k;
    json_t *r, *v;
    json_array_foreach (list, i, r) {
        const char *type = js_str_or(r, "type", "");
        const json_t *d = js_obj(r, "details");
        if (strcmp(type, "emails") == 0) {
            json_array_foreach (js_arr(d, "emails"), k, v) {
                js_array_add_unique(to, json_string_value(v));
            }
        } else if (strcmp(type, "record_owner") == 0) {
            add_user(o, js_str(js_obj(o->record, "Owner"), "id"), to);
        } else if (strcmp(type, "users") == 0 && js_arr(d, "users")) {
            json_array_foreach (js_arr(d, "users"), k, v) {
                add_user(o, js_str(v, "id"), to);
            }
        } else {
            json_array_append(unresolved, r);
        }
    }
}

static void mail(struct occasion *o, const json_t *action, const json_t *whole)
{
    (void)action;
    json_t *to = json_array(), *unresolved = json_array();
    const char *template = js_str_or(js_obj(whole, "template"), "id", "");
    AUTO_JSON json_t *t = config_by_id(o->c->st, "email_templates", NULL, template);
    AUTO_FREE char *subject = merge_text(o->m, o->record, js_str_or(t, "subject", "")),
                   *content = merge_text(o->m, o->record, js_str_or(t, "content", ""));
    recipients(o, js_arr(whole, "recipients"), to, unresolved);
    note(o, "mail",
         json_pack("{s:s,s:s,s:s,s:s,s:o,s:o}", "notification", js_str_or(whole, "name", ""), "template",
                   js_str_or(t, "name", ""), "subject", subject, "content", content, "to", to, "unresolved",
                   unresolved));
}

/* ---- webhooks: captured, never called ---- */

static void webhook(struct occasion *o, const json_t *action, const json_t *whole)
{
    static const char *const merged[] = {"url", "headers", "url_parameters", "body"};
    json_t *body =
        json_pack("{s:s,s:s}", "name", js_str_or(whole, "name", ""), "method", js_str_or(whole, "http_method", "POST"));
    (void)action;
    for (size_t i = 0; i < sizeof merged / sizeof *merged; i++) {
        const json_t *v = json_object_get(whole, merged[i]);
        if (v) {
            js_set(body, merged[i], merge_json(o->m, o->record, v));
        }
    }
    note(o, "webhook", body);
}

/* ---- functions ---- */

json_t *automation_function(struct occasion *o, const json_t *function, json_t *arguments)
{
    const struct function_runner *f = &o->c->s->functions;
    json_t *body = json_pack("{s:s,s:o,s:s}", "function", js_str_or(function, "api_name", ""), "arguments", arguments,
                             "status", "to run");
    json_t *answer = f->run ? f->run(f->ctx, o->c, function, js_obj(body, "arguments")) : NULL;
    if (answer) {
        json_object_update(body, answer);
    }
    note(o, "function", body);
    return answer;
}

static void function(struct occasion *o, const json_t *action, const json_t *whole)
{
    const char *id = js_str_or(js_obj(whole, "function"), "id", "");
    AUTO_JSON json_t *f = config_by_id(o->c->st, "functions", NULL, id);
    json_t *arguments = json_object(), *a;
    size_t i;
    json_array_foreach (js_arr(whole, "arguments"), i, a) {
        js_set(arguments, js_str_or(a, "name", ""), merge_json(o->m, o->record, json_object_get(a, "value")));
    }
    json_decref(automation_function(o, f, arguments));
    (void)action;
    json_t *fresh = record_get(o->c->st, o->m->api, o->id);
    if (fresh) {
        json_decref(o->record);
        o->record = fresh;
    }
}

static const struct {
    const char *type, *kind; /* kind: the settings object the id names */
    void (*act)(struct occasion *o, const json_t *action, const json_t *whole);
} acts[] = {
    {"field_updates", "field_updates", field_update},     {"tasks", "tasks", task},
    {"email_notifications", "email_notifications", mail}, {"webhooks", "webhooks", webhook},
    {"functions", "automation_functions", function},
};

static void act(struct occasion *o, const json_t *action)
{
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        if (strcmp(js_str_or(action, "type", ""), acts[i].type) == 0) {
            AUTO_JSON json_t *whole = config_by_id(o->c->st, acts[i].kind, NULL, js_str_or(action, "id", ""));
            if (whole) {
                acts[i].act(o, action, whole);
                return;
            }
        }
    }
    if (!automation_inline(o, action)) {
        automation_failed(o, action, json_null());
    }
}

void automation_act(struct occasion *o, const json_t *actions)
{
    size_t i;
    json_t *a;
    json_array_foreach (actions, i, a) {
        act(o, a);
    }
}
