/* sandbox/seed_service.c — what a seed file says of the services beside CRM: a SalesIQ portal, an item master. */
#include "sandbox/finance.h"
#include "sandbox/salesiq.h"

/* ---- SalesIQ ---- */

static void add_department(struct call *c, const json_t *d)
{
    char id[STORE_ID_TEXT];
    const char *name = js_str_or(d, "name", "");
    store_new_id(c->st, id);
    /* flags are texts, as rest-api-department-list.html shows them */
    AUTO_JSON json_t *o =
        json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "id", id, "name", name, "display_name", name, "is_enabled", "true",
                  "is_public", "true", "description", js_str_or(d, "description", ""));
    config_put(c->st, SALESIQ_DEPARTMENTS, NULL, o);
}

static int add_operator(struct call *c, const json_t *given, struct err *e)
{
    char id[STORE_ID_TEXT];
    const char *of = js_str_or(given, "department", "");
    AUTO_JSON json_t *d = config_by_name(c->st, SALESIQ_DEPARTMENTS, NULL, of);
    if (!d || !js_str(given, "email")) {
        return err_set(e, ERR_CONFIG, "an operator has an email and a department of the portal, not '%s'", of);
    }
    store_new_id(c->st, id);
    AUTO_JSON json_t *o = json_pack("{s:s,s:s,s:s,s:s,s:b}", "id", id, "name", js_str_or(given, "name", ""), "email",
                                    js_str(given, "email"), "department_id", js_str(d, "id"), "is_bot",
                                    (int)js_bool(given, "is_bot", false));
    config_put(c->st, SALESIQ_OPERATORS, NULL, o);
    return 0;
}

static int add_chat(struct call *c, const json_t *chat, size_t n, struct err *e)
{
    AUTO_FREE char *id = NULL;
    size_t i;
    json_t *event;
    json_array_foreach (js_arr(chat, "events"), i, event) {
        AUTO_JSON json_t *r = salesiq_chat(c, id, event);
        if (item_failed(r)) {
            return err_set(e, ERR_CONFIG, "event %zu of chat %zu: %s", i, n, js_str_or(r, "message", ""));
        }
        free(id);
        id = mem_dup(js_str(js_obj(r, "details"), "id"));
    }
    return 0;
}

int salesiq_seed(struct sandbox *s, const json_t *v, struct err *e)
{
    struct call c = {.s = s, .st = &s->store, .method = "SEED", .path = "seed"};
    size_t i;
    json_t *o;
    if (js_str(v, "screen_name")) {
        store_set_meta(c.st, "salesiq_screen", js_str(v, "screen_name"));
    }
    json_array_foreach (js_arr(v, "departments"), i, o) {
        add_department(&c, o);
    }
    json_array_foreach (js_arr(v, "operators"), i, o) {
        if (add_operator(&c, o, e)) {
            return -1;
        }
    }
    json_array_foreach (js_arr(v, "chats"), i, o) {
        if (add_chat(&c, o, i, e)) {
            return -1;
        }
    }
    return 0;
}

/* ---- Inventory ---- */

/* The id of what has this text at `key`; caller frees, NULL when there is none. */
static char *id_by(struct store *st, const char *kind, const char *key, const char *text)
{
    AUTO_JSON json_t *all = config_list(st, kind, NULL);
    size_t i;
    json_t *o;
    json_array_foreach (all, i, o) {
        if (strcmp(js_str_or(o, key, ""), text) == 0) {
            return mem_dup(js_str(o, "id"));
        }
    }
    return NULL;
}

/* `from` names a thing of the kind by its `key`; `to` takes its id. */
static void name_to_id(struct store *st, json_t *o, const char *kind, const char *key, const char *from, const char *to)
{
    AUTO_FREE char *id = js_str(o, from) ? id_by(st, kind, key, js_str(o, from)) : NULL;
    if (js_str(o, from)) {
        js_set_str(o, to, id ? id : "0"); /* refused as unknown */
        json_object_del(o, from);
    }
}

static json_t *make(struct call *c, const char *section, const json_t *given)
{
    AUTO_JSON json_t *o = json_deep_copy(given);
    size_t i;
    json_t *line;
    if (strcmp(section, "categories") == 0) {
        return finance_category_make(c, o);
    }
    if (strcmp(section, "items") == 0) {
        name_to_id(c->st, o, FINANCE_CATEGORIES, "name", "category", "category_id");
        return finance_item_make(c, o);
    }
    json_array_foreach (js_arr(o, "mapped_items"), i, line) {
        name_to_id(c->st, line, FINANCE_ITEMS, "sku", "sku", "item_id");
    }
    return finance_composite_make(c, o);
}

int finance_seed(struct sandbox *s, const json_t *v, struct err *e)
{
    static const char *const sections[] = {"categories", "items", "composite_items"};
    struct call c = {.s = s, .st = &s->store, .method = "SEED", .path = "seed"};
    int rc = 0;
    for (size_t k = 0; k < sizeof sections / sizeof *sections; k++) {
        size_t i;
        json_t *o;
        json_array_foreach (js_arr(v, sections[k]), i, o) {
            json_t *made = rc ? NULL : make(&c, sections[k], o);
            if (!made && rc == 0) {
                rc = err_set(e, ERR_CONFIG, "%s[%zu]: %s", sections[k], i, js_str_or(c.answer, "message", ""));
            }
            json_decref(made);
        }
    }
    call_release(&c);
    return rc;
}
