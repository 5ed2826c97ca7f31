#include "agent/dryrun.h"

#include "agent/rows.h"
#include "base/secret.h"

/* kind_resolve refuses what is not there yet; here it gets a readable stand-in. */
static json_t *resolve_or_name(const struct kind_view *v, const json_t *body)
{
    if (json_is_array(body)) {
        json_t *out = json_array();
        for (size_t i = 0; i < json_array_size(body); i++)
            json_array_append_new(out, resolve_or_name(v, json_array_get(body, i)));
        return out;
    }
    if (!json_is_object(body))
        return json_deep_copy(body);
    const char *ref = js_str(body, "@ref");
    if (ref) {
        const char *get = js_str_or(body, "get", "id"), *text = kind_ref(v, ref, get);
        json_t *holder = json_object();
        if (text)
            js_set_str(holder, "v", text);
        else
            js_set_strf(holder, "v", "(%s of %s)", get, ref);
        json_t *out = json_incref(json_object_get(holder, "v"));
        json_decref(holder);
        return out;
    }
    json_t *out = json_object(), *item;
    const char *key;
    json_object_foreach ((json_t *)(uintptr_t)body, key, item)
        json_object_set_new(out, key, resolve_or_name(v, item));
    return out;
}

/* Many rows: the requests a hundred of them each, as apply builds them. */
struct by_list {
    struct crm_change *c;
    json_t *requests;
};

static int chunk_requests(void *ctx, const json_t *ids, struct err *e)
{
    struct by_list *l = ctx;
    struct crm_change c = *l->c;
    AUTO_JSON json_t *body = rows_body(l->c->body, ids);
    c.body = body;
    return crm_requests(&c, l->requests, e);
}

static int step_requests(const struct org *org, const struct kind_view *v, const json_t *step, json_t *requests,
                         struct err *e)
{
    struct resource r = {0};
    int rc = plan_step_resource(step, &r, e);
    if (rc == 0) {
        json_t *live = r.kind->find(v, &r);
        AUTO_JSON json_t *body = resolve_or_name(v, json_object_get(step, "body"));
        struct crm_change c = {.kind = r.kind->name,
                               .action = r.tombstone ? "delete"
                                         : live      ? "update"
                                                     : "create",
                               .module = r.module,
                               .name = kind_real_name(v, r.address, r.name),
                               .body = body,
                               .live = live,
                               .source = js_str(r.artifact, "source"),
                               .tombstone = r.tombstone ? js_str_or(r.tombstone, "why", "") : NULL};
        rc = rows_list(body) ? rows_each(org, body, chunk_requests, &(struct by_list){&c, requests}, e)
                             : crm_requests(&c, requests, e);
    }
    resource_release(&r);
    return rc;
}

int dryrun(const struct org *org, const json_t *plan, const struct snapshot *s, json_t **out, struct err *e)
{
    struct desired nothing = {0};
    struct kind_view v = {.snapshot = s, .desired = &nothing, .names = js_obj(plan, "names")};
    json_t *step;
    size_t i;
    *out = json_array();
    json_array_foreach (js_arr(plan, "steps"), i, step) {
        if (!strcmp(js_str_or(step, "action", ""), "none"))
            continue;
        json_t *o = json_object(), *requests = json_array();
        static const char *const keep[] = {"address", "id", "channel", "state", "title", "action"};
        for (size_t k = 0; k < sizeof keep / sizeof *keep; k++)
            if (json_object_get(step, keep[k]))
                json_object_set(o, keep[k], json_object_get(step, keep[k]));
        js_set(o, "requests", requests);
        json_array_append_new(*out, o);
        bool api =
            !strcmp(js_str_or(step, "channel", ""), "api") && strcmp(js_str_or(step, "state", ""), "blocked") != 0;
        if (api && step_requests(org, &v, step, requests, e) < 0)
            return -1;
    }
    return 0;
}

enum { W_REQUEST = 50 };

static void print_body(struct app *a, const json_t *rq)
{
    json_t *query = json_object_get(rq, "query"), *body = json_object_get(rq, "body"), *part;
    size_t i;
    if (json_object_size(query)) {
        AUTO_FREE char *text = json_dumps(query, JSON_COMPACT);
        app_print(a, "%s\n", text);
    }
    if (body) {
        AUTO_FREE char *text = json_dumps(body, JSON_INDENT(2));
        app_print(a, "%s\n", text);
    }
    json_array_foreach (js_arr(rq, "parts"), i, part)
        app_print(a, "part %s: %s\n", js_str_or(part, "name", ""), js_str_or(part, "text", ""));
}

static void print_requests(struct app *a, const json_t *step, bool details)
{
    AUTO_FREE char *name = address_for_people(js_str_or(step, "address", ""));
    bool waits = !strcmp(js_str_or(step, "state", ""), "wait");
    json_t *rq;
    size_t i;
    json_array_foreach (js_arr(step, "requests"), i, rq) {
        AUTO_SB struct sb b = SB_INIT(8192);
        AUTO_FREE char *request = mem_printf("%s %s", js_str_or(rq, "method", ""), js_str_or(rq, "path", ""));
        add_column(&b, request, W_REQUEST);
        app_print(a, "  %s%s%s\n", b.buf, name, waits ? "  (later: it waits)" : "");
        if (details)
            print_body(a, rq);
    }
    if (json_array_size(js_arr(step, "requests")))
        return;
    bool blocked = !strcmp(js_str_or(step, "state", ""), "blocked");
    AUTO_SB struct sb b = SB_INIT(200);
    add_column(&b, blocked ? "nothing: it is blocked" : "by hand: see the guide", W_REQUEST);
    app_print(a, "  %s%s\n", b.buf, name);
}

void dryrun_print(struct app *a, const json_t *steps, bool details)
{
    size_t i, requests = 0, hand = 0;
    json_t *step;
    json_array_foreach (steps, i, step) {
        requests += json_array_size(js_arr(step, "requests"));
        hand += strcmp(js_str_or(step, "channel", ""), "api") != 0;
    }
    app_print(a, "%zu requests for %zu steps; %zu steps are by hand.%s\n\n", requests, json_array_size(steps), hand,
              details ? "" : " What each carries: --details, or --json.");
    json_array_foreach (steps, i, step)
        print_requests(a, step, details);
}
