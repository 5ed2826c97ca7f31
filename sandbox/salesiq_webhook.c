/*
 * sandbox/salesiq_webhook.c — webhooks of a SalesIQ portal: kept by REST, captured in the outbox, never called.
 *
 * Source      update-webhook-v2 (body, events replace those before), generate-public-key-webhook-v2 (the whole object),
 *             webhook-events-conversation (events), help.zoho.com webhooksinsalesiq (payload's envelope).
 * Differs     Zoho asks the URL with HEAD before it takes it, and signs: this sandbox calls nobody and has no keys.
 */
#include "sandbox/happening.h"
#include "sandbox/limits.h"
#include "sandbox/route.h"
#include "sandbox/salesiq.h"
#include "sandbox/service.h"

/* update-webhook-v2 names only type as mandatory; that a new one needs url and events is our reading. */
static const struct shape shape[] = {{"type", TEXT, true, 0, "data|administration"},
                                     {"url", TEXT, true, 0, NULL},
                                     {"events", ARRAY, true, 0, NULL},
                                     {"secured", BOOL, false, 0, NULL},
                                     {"app_ids", ARRAY, false, 0, NULL},
                                     {"version", TEXT_OR_NUMBER, false, 0, NULL},
                                     {"expiry_time_for_executions_data", TEXT_OR_NUMBER, false, 0, NULL},
                                     {0}};

static void now_text(struct call *c, json_t *o, const char *key)
{
    js_set_strf(o, key, "%lld000", (long long)c->s->clock.now_s(c->s->clock.ctx));
}

/* Takes the body over `hook`; false = answered. */
static bool take(struct call *c, json_t *hook, bool create)
{
    AUTO_JSON json_t *bad = shape_take(shape, c->json, hook, create, "$");
    if (bad) {
        salesiq_refuse(c, SALESIQ_REFUSED, js_str_or(bad, "message", ""), "json_key",
                       js_str_or(js_obj(bad, "details"), "api_name", ""));
        return false;
    }
    if (!create && !js_str(c->json, "type")) {
        salesiq_refuse(c, SALESIQ_REFUSED, "the type is mandatory", "json_key", "type");
        return false;
    }
    size_t i;
    json_t *v;
    json_array_foreach (js_arr(hook, "events"), i, v) {
        if (!json_is_string(v) || !one_of(SALESIQ_EVENTS, json_string_value(v))) {
            salesiq_refuse(c, SALESIQ_REFUSED, "there is no such event", "json_key", "events");
            return false;
        }
    }
    if (strncmp(js_str_or(hook, "url", ""), "https://", 8) != 0 &&
        strncmp(js_str_or(hook, "url", ""), "http://", 7) != 0) {
        salesiq_refuse(c, SALESIQ_REFUSED, "the url is not one of HTTP", "json_key", "url");
        return false;
    }
    return true;
}

static void list(struct call *c)
{
    if (salesiq_portal(c)) {
        salesiq_answer(c, "list", config_list(c->st, SALESIQ_WEBHOOKS, NULL));
    }
}

/* The path's webhook; NULL = answered. */
static json_t *asked(struct call *c)
{
    json_t *hook = salesiq_portal(c) ? config_by_id(c->st, SALESIQ_WEBHOOKS, NULL, c->param[1]) : NULL;
    if (!hook) {
        salesiq_refuse(c, SALESIQ_REFUSED, "there is no such webhook", NULL, NULL);
    }
    return hook;
}

static void one(struct call *c)
{
    json_t *hook = asked(c);
    if (hook) {
        salesiq_answer(c, "webhook", hook);
    }
}

static void create(struct call *c)
{
    char id[STORE_ID_TEXT];
    AUTO_JSON json_t *hook = json_object(), *me = org_me(c->s);
    if (!salesiq_portal(c) || !take(c, hook, true)) {
        return;
    }
    store_new_id(c->st, id);
    js_set_str(hook, "id", id);
    js_set_str(hook, "status", "enabled");
    js_set_str(hook, "failures_count", "0");
    js_set_bool(hook, "secured", js_bool(hook, "secured", false));
    js_set(hook, "creator", json_pack("{s:s}", "id", js_str_or(me, "id", "")));
    now_text(c, hook, "created_time");
    now_text(c, hook, "modified_time");
    config_put(c->st, SALESIQ_WEBHOOKS, NULL, hook);
    salesiq_answer(c, "webhook", json_incref(hook));
}

static void update(struct call *c)
{
    AUTO_JSON json_t *hook = asked(c), *me = org_me(c->s);
    if (hook && take(c, hook, false)) {
        js_set(hook, "modifier", json_pack("{s:s}", "id", js_str_or(me, "id", "")));
        now_text(c, hook, "modified_time");
        config_put(c->st, SALESIQ_WEBHOOKS, NULL, hook);
        salesiq_answer(c, "webhook", json_incref(hook));
    }
}

static void remove_one(struct call *c)
{
    AUTO_JSON json_t *hook = asked(c);
    if (hook) {
        config_remove(c->st, SALESIQ_WEBHOOKS, c->param[1]);
        salesiq_answer(c, "webhook", json_pack("{s:s}", "id", c->param[1]));
    }
}

void salesiq_notify(struct call *c, const char *event, const char *conversation, const json_t *entity)
{
    AUTO_JSON json_t *hooks = config_list(c->st, SALESIQ_WEBHOOKS, NULL);
    size_t i;
    json_t *hook;
    json_array_foreach (hooks, i, hook) {
        if (strcmp(js_str_or(hook, "type", ""), "data") != 0 || !js_array_has(js_arr(hook, "events"), event)) {
            continue;
        }
        const char *org = js_str_or(org_object(c->s), "zgid", "");
        json_t *payload =
            json_pack("{s:s,s:s,s:s,s:s,s:i,s:s,s:O}", "entity_type", "conversation", "org_id", org, "event", event,
                      "entity_id", conversation, "attempt", 1, "version", "1", "entity", entity);
        struct happening h = {
            "webhook", c->s->clock.now_s(c->s->clock.ctx), "SalesIQ", conversation, js_str(hook, "id"), NULL};
        happening_put(c->st, &h,
                      json_pack("{s:s,s:s,s:s,s:o}", "name", event, "method", "POST", "url", js_str_or(hook, "url", ""),
                                "body", payload));
    }
}

#define HOOKS "/api/v2/{screen}/webhooks"
static const struct route rows[] = {
    {"GET", HOOKS, "SalesIQ.webhooks", 0, list, NULL},
    {"POST", HOOKS, "SalesIQ.webhooks", 0, create, NULL},
    {"GET", HOOKS "/{record}", "SalesIQ.webhooks", 0, one, NULL},
    {"PUT", HOOKS "/{record}", "SalesIQ.webhooks", 0, update, NULL},
    {"DELETE", HOOKS "/{record}", "SalesIQ.webhooks", 0, remove_one, NULL},
};
ROUTE_TABLE(routes_salesiq_webhook, rows);
