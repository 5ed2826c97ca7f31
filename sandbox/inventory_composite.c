/*
 * sandbox/inventory_composite.c — composite items: what an item is made of, its mapped items. Source:
 * zoho.com/inventory/api/v1/compositeitems (keys; is_combo_product), zoho-api.md 5.2 (body). A mapped item is one of FINANCE_ITEMS;
 * that a list of items does not show composites is our choice.
 */
#include "sandbox/finance.h"
#include "sandbox/route.h"
#include "sandbox/service.h"

static const struct shape shape[] = {{"name", TEXT, true, 0, NULL},          {"sku", TEXT, false, 0, NULL},
                                     {"rate", NUMBER, false, 0, NULL},       {"purchase_rate", NUMBER, false, 0, NULL},
                                     {"unit", TEXT, false, 0, NULL},         {"description", TEXT, false, 0, NULL},
                                     {"mapped_items", ARRAY, true, 0, NULL}, {0}};

/* One line with what its item says of itself; NULL = answered. */
static json_t *mapped(struct call *c, const json_t *line)
{
    static const char *const copied[] = {"name", "sku", "unit", "rate", "purchase_rate"};
    char id[STORE_ID_TEXT];
    const json_t *quantity = json_object_get(line, "quantity");
    AUTO_FREE char *item_id = finance_id(line, "item_id");
    AUTO_JSON json_t *item = item_id ? finance_asked(c, FINANCE_ITEMS, item_id, "Item") : NULL;
    if (!item_id || !json_is_number(quantity) || json_number_value(quantity) <= 0) {
        finance_refuse(c, 400, FINANCE_INVALID, "Invalid value passed for %s", item_id ? "quantity" : "item_id");
    }
    if (c->answered) {
        return NULL;
    }
    store_new_id(c->st, id);
    json_t *out = json_pack("{s:s,s:s,s:O}", "line_item_id", id, "item_id", item_id, "quantity", quantity);
    for (size_t i = 0; i < sizeof copied / sizeof *copied; i++) {
        if (json_object_get(item, copied[i])) {
            js_set(out, copied[i], json_incref(json_object_get(item, copied[i])));
        }
    }
    return out;
}

/* Takes the body over `o` and stores it; false = answered. */
static bool keep(struct call *c, json_t *o, const json_t *body, const char *id)
{
    if (!finance_take(c, shape, body, o, true) || !finance_unique(c, FINANCE_COMPOSITES, o, "name", id) ||
        (*js_str_or(o, "sku", "") && !finance_unique(c, FINANCE_COMPOSITES, o, "sku", id))) {
        return false;
    }
    json_t *lines = json_array(), *line;
    size_t i;
    json_array_foreach (js_arr(o, "mapped_items"), i, line) {
        json_t *done = c->answered ? NULL : mapped(c, line);
        if (done) {
            json_array_append_new(lines, done);
        }
    }
    if (i == 0) {
        finance_refuse(c, 400, FINANCE_INVALID, "Invalid value passed for mapped_items");
    }
    js_set(o, "mapped_items", lines);
    if (!c->answered) {
        config_put(c->st, FINANCE_COMPOSITES, NULL, o);
        json_object_del(o, "id");
    }
    return !c->answered;
}

json_t *finance_composite_make(struct call *c, const json_t *body)
{
    char id[STORE_ID_TEXT];
    store_new_id(c->st, id);
    AUTO_JSON json_t *o = json_pack("{s:s,s:s,s:s,s:s,s:b}", "id", id, "composite_item_id", id, "status", "active",
                                    "item_type", "inventory", "is_combo_product", 1);
    return keep(c, o, body, NULL) ? json_incref(o) : NULL;
}

static void create(struct call *c)
{
    json_t *o = finance_enter(c) ? finance_composite_make(c, c->json) : NULL;
    if (o) {
        finance_one(c, 201, "The composite item has been added.", "composite_item", o);
    }
}

static json_t *asked(struct call *c)
{
    return finance_enter(c) ? finance_asked(c, FINANCE_COMPOSITES, c->param[0], "Composite item") : NULL;
}

static void one(struct call *c)
{
    json_t *o = asked(c);
    if (o) {
        json_object_del(o, "id");
        finance_one(c, 200, "success", "composite_item", o);
    }
}

/* What is sent replaces the lines whole. */
static void update(struct call *c)
{
    AUTO_JSON json_t *o = asked(c);
    if (o && keep(c, o, c->json, c->param[0])) {
        finance_one(c, 200, "The composite item has been updated.", "composite_item", json_incref(o));
    }
}

/* Without the lines: those are in the answer for one. */
static void list(struct call *c)
{
    if (!finance_enter(c)) {
        return;
    }
    json_t *rows = config_list(c->st, FINANCE_COMPOSITES, NULL), *row;
    size_t i;
    json_array_foreach (rows, i, row) {
        json_object_del(row, "id");
        json_object_del(row, "mapped_items");
    }
    finance_list(c, "composite_items", rows);
}

#define COMPOSITES "/inventory/v1/compositeitems"
static const struct route rows[] = {
    {"GET", COMPOSITES, "ZohoInventory.compositeitems", 0, list, NULL},
    {"POST", COMPOSITES, "ZohoInventory.compositeitems", 0, create, NULL},
    {"GET", COMPOSITES "/{record}", "ZohoInventory.compositeitems", 0, one, NULL},
    {"PUT", COMPOSITES "/{record}", "ZohoInventory.compositeitems", 0, update, NULL},
};
ROUTE_TABLE(routes_inventory_composite, rows);
