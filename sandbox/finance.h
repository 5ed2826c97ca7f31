/*
 * sandbox/finance.h — Zoho Inventory and Books as far as an item master goes: items, categories, composite items (a BOM).
 *
 * Paths       /inventory/v1/… and, for items, /books/v3/… over the same items ("shared when Books and Inventory are one org",
 *             zoho-api.md 5.2). Each call but organizations says ?organization_id=; ours is the org's zgid (our choice).
 * Answers     {"code": 0, "message", KEY: …}; lists have page_context {page, per_page, has_more_page}, 200 rows by default and at
 *             most. There is no write of many items at once: an item a PUT.
 * Limits      100 requests a minute (limits.h), counted by the minute of the sandbox's clock; CRM's credits are not touched.
 * Stored as   settings of the kinds below.
 * Source      zoho.com/inventory/api/v1: items, compositeitems, pagination, errors; deluge/help/inventory/get-organization,
 *             deluge/help/books/fetch-records; zoho-api.md 5.2. What those do not say: docs/CONFORMANCE.md.
 */
#ifndef SANDBOX_FINANCE_H
#define SANDBOX_FINANCE_H
#include "sandbox/check.h"

#define FINANCE_ITEMS      "inventory_items"
#define FINANCE_CATEGORIES "inventory_categories"
#define FINANCE_COMPOSITES "inventory_composite_items"

/* The organisation is ours and has requests left in this minute. False = answered. */
bool finance_enter(struct call *c);
void finance_one(struct call *c, int status, const char *message, const char *key, json_t *stolen);
/* The page that the query asks for. */
void finance_list(struct call *c, const char *key, json_t *stolen);
/* Copies what the shape knows of the body; false = answered: code 2, as Books says it of a parameter. */
bool finance_take(struct call *c, const struct shape *shape, const json_t *in, json_t *out, bool create);
/* The object with this id; NULL = answered with 1002. what: "Item", for the message. */
json_t *finance_asked(struct call *c, const char *kind, const char *id, const char *what);
/* False = answered: no other object of the kind may have this key's text. `id`: the object itself, NULL = none yet. */
bool finance_unique(struct call *c, const char *kind, const json_t *o, const char *key, const char *id);
/* The id as text, whether the body wrote it as a text or a number; caller frees, NULL when absent. */
char *finance_id(const json_t *o, const char *key);

/* Make one; what is stored, a new reference, or NULL = answered (a refusal). */
json_t *finance_item_make(struct call *c, const json_t *body);
json_t *finance_category_make(struct call *c, const json_t *body);
json_t *finance_composite_make(struct call *c, const json_t *body);
/* {"categories": [{"name"}], "items": [{"name","sku","rate",…, "category": name}],
 *  "composite_items": [{"name","sku", "mapped_items": [{"sku","quantity"}]}]} */
int finance_seed(struct sandbox *s, const json_t *v, struct err *e);
#endif
