/*
 * sandbox/inventory_item.c — items and their categories. Source: zoho.com/inventory/api/v1/items (keys, list filters, PUT needs
 * name); categories are documented nowhere: their paths and keys as zoho-api.md 5.2 saw them [C], unproven. That an item takes
 * category_id is unproven, too: the switch item_category makes it answer success and keep nothing.
 */
#include "sandbox/finance.h"
#include "sandbox/route.h"
#include "sandbox/service.h"

static const struct shape item_shape[] = {
    {"name", TEXT, true, 0, NULL},
    {"sku", TEXT, false, 0, NULL},
    {"rate", NUMBER, false, 0, NULL},
    {"purchase_rate", NUMBER, false, 0, NULL},
    {"unit", TEXT, false, 0, NULL},
    {"description", TEXT, false, 0, NULL},
    {"item_type", TEXT, false, 0, "inventory|sales|purchases|sales_and_purchases"},
    {"product_type", TEXT, false, 0, "goods|service"},
    {"category_id", TEXT_OR_NUMBER, false, 0, NULL},
    {"reorder_level", NUMBER, false, 0, NULL},
    {"part_number", TEXT, false, 0, NULL},
    {"custom_fields", ARRAY, false, 0, NULL},
    {0}};

/* Puts the category's name beside its id. False = answered. */
static bool categorise(struct call *c, json_t *item, const json_t *before)
{
    AUTO_FREE char *id = finance_id(item, "category_id");
    if (!id) {
        return true;
    }
    if (c->s->on[SWITCH_item_category]) {
        js_set_str(item, "category_id", js_str_or(before, "category_id", ""));
        return true;
    }
    AUTO_JSON json_t *category = *id ? finance_asked(c, FINANCE_CATEGORIES, id, "Category") : NULL;
    js_set_str(item, "category_id", id);
    js_set_str(item, "category_name", js_str_or(category, "name", ""));
    return !c->answered;
}

static void stamp(struct call *c, json_t *o, const char *key)
{
    char now[CLOCK_TEXT];
    org_time(c->s, c->s->clock.now_s(c->s->clock.ctx), now);
    js_set_str(o, key, now);
}

json_t *finance_item_make(struct call *c, const json_t *body)
{
    char id[STORE_ID_TEXT];
    AUTO_JSON json_t *item = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:b}", "sku", "", "unit", "", "status", "active",
                                       "item_type", "sales_and_purchases", "product_type", "goods", "category_id", "",
                                       "category_name", "", "is_combo_product", 0);
    if (!finance_take(c, item_shape, body, item, true) || !categorise(c, item, NULL) ||
        !finance_unique(c, FINANCE_ITEMS, item, "name", NULL) ||
        (*js_str_or(item, "sku", "") && !finance_unique(c, FINANCE_ITEMS, item, "sku", NULL))) {
        return NULL;
    }
    store_new_id(c->st, id);
    js_set_str(item, "id", id);
    js_set_str(item, "item_id", id);
    stamp(c, item, "created_time");
    stamp(c, item, "last_modified_time");
    config_put(c->st, FINANCE_ITEMS, NULL, item);
    json_object_del(item, "id");
    return json_incref(item);
}

static void item_create(struct call *c)
{
    json_t *item = finance_enter(c) ? finance_item_make(c, c->json) : NULL;
    if (item) {
        finance_one(c, 201, "The item has been added.", "item", item);
    }
}

static void item_one(struct call *c)
{
    json_t *item = finance_enter(c) ? finance_asked(c, FINANCE_ITEMS, c->param[0], "Item") : NULL;
    if (item) {
        json_object_del(item, "id");
        finance_one(c, 200, "success", "item", item);
    }
}

static void item_update(struct call *c)
{
    AUTO_JSON json_t *before = finance_enter(c) ? finance_asked(c, FINANCE_ITEMS, c->param[0], "Item") : NULL;
    if (!before) {
        return;
    }
    AUTO_JSON json_t *item = json_deep_copy(before);
    if (!finance_take(c, item_shape, c->json, item, true) || !categorise(c, item, before) ||
        !finance_unique(c, FINANCE_ITEMS, item, "name", c->param[0]) ||
        (*js_str_or(item, "sku", "") && !finance_unique(c, FINANCE_ITEMS, item, "sku", c->param[0]))) {
        return;
    }
    stamp(c, item, "last_modified_time");
    config_put(c->st, FINANCE_ITEMS, NULL, item);
    json_object_del(item, "id");
    finance_one(c, 200, "Item details have been saved.", "item", json_incref(item));
}

/* POST /items/{id}/active, /inactive. */
static void item_status(struct call *c)
{
    AUTO_JSON json_t *item = finance_enter(c) ? finance_asked(c, FINANCE_ITEMS, c->param[0], "Item") : NULL;
    if (item) {
        js_set_str(item, "status", c->route->arg);
        stamp(c, item, "last_modified_time");
        config_put(c->st, FINANCE_ITEMS, NULL, item);
        answer_json(c, 200, json_pack("{s:i,s:s}", "code", 0, "message", "The item's status has been changed."));
    }
}

/* ---- the list ---- */

static bool holds(const json_t *item, const char *key, const char *text)
{
    return strcasestr(js_str_or(item, key, ""), text) != NULL;
}

static bool listed(const json_t *item, const char *filter, const char *text, const char *category)
{
    bool active = strcmp(js_str_or(item, "status", ""), "active") == 0;
    bool in = !filter || strcmp(filter, "Status.All") == 0 || (strcmp(filter, "Status.Active") == 0 && active) ||
              (strcmp(filter, "Status.Inactive") == 0 && !active) ||
              (strcmp(filter, "Status.Uncategorized") == 0 && !*js_str_or(item, "category_id", ""));
    return in && (!text || holds(item, "name", text) || holds(item, "sku", text)) &&
           (!category || strcmp(js_str_or(item, "category_id", ""), category) == 0);
}

static void item_list(struct call *c)
{
    const char *filter = call_query(c, "filter_by"), *text = call_query(c, "search_text"),
               *category = call_query(c, "category_id");
    if (!finance_enter(c)) {
        return;
    }
    if (filter && !one_of("Status.All|Status.Active|Status.Inactive|Status.Uncategorized", filter)) {
        finance_refuse(c, 400, FINANCE_INVALID, "Invalid value passed for filter_by");
        return;
    }
    AUTO_JSON json_t *all = config_list(c->st, FINANCE_ITEMS, NULL);
    json_t *rows = json_array(), *item;
    size_t i;
    json_array_foreach (all, i, item) {
        if (listed(item, filter, text, category)) {
            json_object_del(item, "id");
            json_array_append(rows, item);
        }
    }
    finance_list(c, "items", rows);
}

/* ---- categories ---- */

static const struct shape category_shape[] = {{"name", TEXT, true, 0, NULL},
                                              {"url", TEXT, false, 0, NULL},
                                              {"parent_category_id", TEXT_OR_NUMBER, false, 0, NULL},
                                              {0}};

json_t *finance_category_make(struct call *c, const json_t *body)
{
    char id[STORE_ID_TEXT];
    AUTO_JSON json_t *category = json_object();
    if (!finance_take(c, category_shape, body, category, true) ||
        !finance_unique(c, FINANCE_CATEGORIES, category, "name", NULL)) {
        return NULL;
    }
    AUTO_FREE char *given = finance_id(category, "parent_category_id");
    const char *parent = given && *given ? given : "-1";
    AUTO_JSON json_t *above =
        strcmp(parent, "-1") == 0 ? NULL : finance_asked(c, FINANCE_CATEGORIES, parent, "Category");
    if (c->answered) {
        return NULL;
    }
    store_new_id(c->st, id);
    js_set_str(category, "id", id);
    js_set_str(category, "category_id", id);
    js_set_str(category, "parent_category_id", parent);
    js_set_str(category, "status", "active");
    config_put(c->st, FINANCE_CATEGORIES, NULL, category);
    json_object_del(category, "id");
    return json_incref(category);
}

static void category_create(struct call *c)
{
    json_t *category = finance_enter(c) ? finance_category_make(c, c->json) : NULL;
    if (category) {
        finance_one(c, 201, "The category has been created.", "category", category);
    }
}

/* All at once, the root "-1" first. */
static void category_list(struct call *c)
{
    if (!finance_enter(c)) {
        return;
    }
    AUTO_JSON json_t *all = config_list(c->st, FINANCE_CATEGORIES, NULL);
    json_t *rows = json_pack("[{s:s,s:s,s:s}]", "category_id", "-1", "name", "ROOT", "parent_category_id", ""), *row;
    size_t i;
    json_array_foreach (all, i, row) {
        json_object_del(row, "id");
        json_array_append(rows, row);
    }
    finance_one(c, 200, "success", "categories", rows);
}

#define ITEMS "/inventory/v1/items"
#define BOOKS "/books/v3/items"
static const struct route rows[] = {
    {"GET", ITEMS, "ZohoInventory.items", 0, item_list, NULL},
    {"POST", ITEMS, "ZohoInventory.items", 0, item_create, NULL},
    {"GET", ITEMS "/{record}", "ZohoInventory.items", 0, item_one, NULL},
    {"PUT", ITEMS "/{record}", "ZohoInventory.items", 0, item_update, NULL},
    {"POST", ITEMS "/{record}/active", "ZohoInventory.items", 0, item_status, "active"},
    {"POST", ITEMS "/{record}/inactive", "ZohoInventory.items", 0, item_status, "inactive"},
    {"GET", BOOKS, "ZohoBooks.settings", 0, item_list, NULL},
    {"POST", BOOKS, "ZohoBooks.settings", 0, item_create, NULL},
    {"GET", BOOKS "/{record}", "ZohoBooks.settings", 0, item_one, NULL},
    {"PUT", BOOKS "/{record}", "ZohoBooks.settings", 0, item_update, NULL},
    {"GET", "/inventory/v1/categories", "ZohoInventory.settings", 0, category_list, NULL},
    {"POST", "/inventory/v1/categories", "ZohoInventory.settings", 0, category_create, NULL},
};
ROUTE_TABLE(routes_inventory_item, rows);
