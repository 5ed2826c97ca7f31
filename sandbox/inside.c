#include "sandbox/inside.h"

#include "sandbox/access.h"
#include "sandbox/automation.h"
#include "sandbox/button.h"
#include "sandbox/check.h"
#include "sandbox/route.h"
#include "sandbox/seed_org.h"

static void act_as(struct sandbox *s, const char *user)
{
    AUTO_FREE char *id = user ? org_user_by_email(s, user) : NULL;
    snprintf(s->actor, sizeof s->actor, "%s", id ? id : "");
}

/* What is due happens before anybody looks, as for a request. */
static void catch_up(struct sandbox *s, struct call *c)
{
    org_refresh(s);
    int64_t now = s->clock.now_s(s->clock.ctx);
    if (s->next_due <= now) {
        store_begin(&s->store);
        automation_due(c, now);
        store_commit(&s->store, NULL);
    }
}

static json_t *settled(struct sandbox *s, json_t *result)
{
    struct err e = {0};
    if (item_failed(result)) {
        store_rollback(&s->store);
    } else if (store_commit(&s->store, &e)) {
        json_decref(result);
        result = item_error("INTERNAL_ERROR", e.what, NULL);
    }
    return result;
}

json_t *sandbox_form(struct sandbox *s, const char *user, const char *module, const char *id, const json_t *body)
{
    struct record_module m;
    struct call c = {.s = s, .st = &s->store, .person = true, .method = "PERSON", .path = "record"};
    struct record_write w = {.person = true};
    json_t *r;
    pthread_mutex_lock(&s->lock);
    catch_up(s, &c);
    act_as(s, user);
    store_begin(&s->store);
    if (!record_module_open(&s->store, module, &m)) {
        r = item_error("INVALID_MODULE", "a record stands in a module", NULL);
    } else {
        r = !access_bind(&c, &m) ? item_error("NO_PERMISSION", "permission denied", NULL)
            : body               ? record_put(&c, &m, id, body, &w, "$")
                                 : record_delete(&c, &m, id, NULL);
        record_module_close(&m);
    }
    r = settled(s, r);
    s->actor[0] = '\0';
    pthread_mutex_unlock(&s->lock);
    return r;
}

json_t *sandbox_press(struct sandbox *s, const char *user, const char *module, const char *id, const char *button)
{
    struct call c = {.s = s, .st = &s->store, .person = true, .method = "PERSON", .path = "button"};
    pthread_mutex_lock(&s->lock);
    catch_up(s, &c);
    act_as(s, user);
    store_begin(&s->store);
    json_t *r = button_press(&c, module, id, button);
    if (r)
        r = settled(s, r);
    else
        store_rollback(&s->store);
    s->actor[0] = '\0';
    pthread_mutex_unlock(&s->lock);
    return r;
}

static json_t *query_of(const char *path)
{
    json_t *out = json_object();
    const char *p = strchr(path, '?');
    for (p = p ? p + 1 : ""; *p;) {
        size_t n = strcspn(p, "&"), k = strcspn(p, "=&");
        AUTO_FREE char *key = mem_dupn(p, k < n ? k : n),
                       *value = mem_dupn(p + (k < n ? k + 1 : n), k < n ? n - k - 1 : 0);
        js_set_str(out, key, value);
        p += n + (p[n] == '&');
    }
    return out;
}

int sandbox_call(struct sandbox *s, const char *user, const char *method, const char *path, const json_t *body,
                 json_t **answer)
{
    AUTO_FREE char *plain = mem_dupn(path, strcspn(path, "?"));
    struct call c = {.s = s,
                     .st = &s->store,
                     .method = method,
                     .path = plain,
                     .query = query_of(path),
                     .headers = json_object(),
                     .json = body ? json_deep_copy(body) : NULL,
                     .out_headers = json_object()};
    pthread_mutex_lock(&s->lock);
    catch_up(s, &c);
    act_as(s, user);
    store_begin(&s->store);
    route_inner(&c);
    if (c.status >= 400) {
        store_rollback(&s->store);
    } else {
        store_commit(&s->store, NULL);
    }
    s->actor[0] = '\0';
    pthread_mutex_unlock(&s->lock);
    int status = c.status;
    *answer = c.answer ? json_deep_copy(c.answer) : NULL;
    call_release(&c);
    return status;
}

bool sandbox_user_with_profile(struct sandbox *s, const char *email, const char *profile, const char *role)
{
    struct err quiet = {0};
    bool done = true;
    pthread_mutex_lock(&s->lock);
    AUTO_FREE char *there = org_user_by_email(s, email);
    if (!there) {
        AUTO_JSON json_t *roles = config_list(&s->store, "roles", NULL);
        const char *first = js_str_or(json_array_get(roles, 0), "name", "");
        AUTO_JSON json_t *known = role ? config_by_name(&s->store, "roles", NULL, role) : NULL;
        store_begin(&s->store);
        done = seed_user(s, profile, email, known ? role : first, profile, &quiet) == 0;
        if (done) {
            done = store_commit(&s->store, &quiet) == 0;
        } else {
            store_rollback(&s->store);
        }
    }
    pthread_mutex_unlock(&s->lock);
    return done;
}

bool sandbox_has(struct sandbox *s, const char *record_id)
{
    pthread_mutex_lock(&s->lock);
    AUTO_JSON json_t *r = record_get(&s->store, NULL, record_id);
    pthread_mutex_unlock(&s->lock);
    return r != NULL;
}

void sandbox_trial_begin(struct sandbox *s)
{
    pthread_mutex_lock(&s->lock);
    org_refresh(s);
    store_trial(&s->store, true);
    pthread_mutex_unlock(&s->lock);
}

void sandbox_trial_end(struct sandbox *s)
{
    pthread_mutex_lock(&s->lock);
    store_trial(&s->store, false);
    org_reload(s);
    pthread_mutex_unlock(&s->lock);
}
