/* agent/apply_write.c — one step by API: before-image, intent, request, outcome, read-back. */
#include "agent/apply.h"
#include "agent/draft.h"
#include "agent/rails.h"
#include "agent/rows.h"
#include "base/crash.h"

enum { READ_BACK_TRIES = 4, READ_BACK_MS = 150 }; /* a new field may take moments to show (zoho-api pitfall 9) */

static int record(struct apply *ap, const json_t *step, int64_t seq, enum step_outcome o, const struct err *failed,
                  const json_t *answer, struct err *e)
{
    AUTO_JSON json_t *detail = json_object();
    const json_t *r = json_object_get(ap->results, js_str(step, "address"));
    js_set_str(detail, "text", js_str_or(r, "text", ""));
    if (failed && failed->code[0])
        js_set_str(detail, "code", failed->code);
    if (js_str(answer, "id"))
        js_set_str(detail, "id", js_str(answer, "id"));
    if (js_bool(r, "sent", false)) {
        js_set_bool(detail, "sent", true);
        if (js_str(r, "left"))
            js_set_str(detail, "left", js_str(r, "left"));
    }
    return state_outcome(ap->st, ap->run, seq, js_str(step, "address"), o, detail, e);
}

/* The function's source counts as part of what is about to be overwritten: it is the rollback. */
static int keep_before(struct apply *ap, const json_t *step, const json_t *live, struct err *e)
{
    if (!live)
        return 0;
    AUTO_JSON json_t *image = json_object();
    json_object_set(image, "live", (json_t *)(uintptr_t)live);
    const char *api = js_str(live, "api_name");
    if (!strcmp(js_str_or(step, "kind", ""), "function") && api) {
        AUTO_FREE char *res = mem_printf("function_code/%s", api);
        const json_t *code = json_array_get(snapshot_get(&ap->snapshot, res), 0);
        if (code)
            js_set_str(image, "source", js_str_or(code, "code", ""));
    }
    return state_before_put(ap->st, ap->run, js_str(step, "address"), image, e);
}

struct sending {
    const json_t *step;
    struct resource r;
    json_t *live, *body, *requests;
    int64_t seq;
    size_t sent; /* requests that the org took */
};

static int build_requests(struct apply *ap, struct sending *s, int attempt, struct err *e)
{
    struct crm_change c = {.kind = s->r.kind->name,
                           .action = s->r.tombstone ? "delete"
                                     : s->live      ? "update"
                                                    : "create",
                           .module = s->r.module,
                           .name = kind_real_name(&ap->view, s->r.address, s->r.name),
                           .body = s->body,
                           .live = s->live,
                           .source = js_str(s->r.artifact, "source"),
                           .tombstone = s->r.tombstone ? js_str_or(s->r.tombstone, "why", "") : NULL,
                           .attempt = attempt};
    AUTO_FREE char *module_address = s->r.module ? address_make("module", NULL, s->r.module) : NULL;
    if (module_address)
        c.module = kind_real_name(&ap->view, module_address, s->r.module);
    json_decref(s->requests);
    s->requests = json_array();
    return rows_list(s->body) ? 0 : crm_requests(&c, s->requests, e);
}

static int send_one(struct apply *ap, struct sending *s, const json_t *request, json_t **answer, struct err *e)
{
    int rc = rails_send(ap->app, ap->org, ap->limits, request, answer, e);
    s->sent += rc == 0;
    return rc;
}

/* Many rows are not in the body but on a list: a request a hundred, each built when its turn comes. */
struct by_list {
    struct apply *ap;
    struct sending *s;
    json_t **answer;
};

static int send_chunk(void *ctx, const json_t *ids, struct err *e)
{
    struct by_list *l = ctx;
    json_t *whole = l->s->body;
    l->s->body = rows_body(whole, ids);
    int rc = build_requests(l->ap, l->s, 0, e);
    json_decref(l->s->body);
    l->s->body = whole;
    json_t *rq;
    size_t i;
    json_array_foreach (l->s->requests, i, rq) {
        json_decref(*l->answer);
        *l->answer = NULL;
        if (rc == 0)
            rc = send_one(l->ap, l->s, rq, l->answer, e);
    }
    return rc;
}

/* Sends the requests; *answer is the last one's. Network doubt comes back as ERR_UNKNOWN. */
static int send_all(struct apply *ap, struct sending *s, json_t **answer, struct err *e)
{
    const char *list = rows_list(s->body);
    json_t *rq;
    size_t i;
    *answer = NULL;
    if (list && rows_each(ap->org, s->body, send_chunk, &(struct by_list){ap, s, answer}, e) < 0)
        return -1;
    if (list)
        json_array_clear(s->requests);
    json_array_foreach (s->requests, i, rq) {
        /* A later path may need the id that the request before made. */
        if (js_str(*answer, "id"))
            js_set_str(rq, "id", js_str(*answer, "id"));
        json_decref(*answer);
        *answer = NULL;
        if (send_one(ap, s, rq, answer, e) < 0)
            return -1;
    }
    CRASH_POINT(apply_after_send);
    return 0;
}

/* Reads back until true or patience ends; diffs holds what is still different. */
static int read_back(struct apply *ap, const json_t *step, const char *id, bool *is_true, bool *renamed, json_t *diffs,
                     struct err *e)
{
    for (int i = 0; i < READ_BACK_TRIES; i++) {
        if (i)
            ap->app->clock.sleep_ms(ap->app->clock.ctx, READ_BACK_MS << i);
        if (apply_reread(ap, step, e) < 0)
            return -1;
        *renamed |= apply_learn(ap, step, id, e);
        if (apply_left(ap, step, e) < 0)
            return -1;
        json_array_clear(diffs);
        *is_true = apply_true(ap, step, diffs);
        if (*is_true)
            return 0;
    }
    return 0;
}

static void first_difference(const json_t *diffs, char out[160])
{
    const json_t *d = json_array_get(diffs, 0);
    AUTO_FREE char *have = d && json_object_get(d, "have") ? js_canonical(json_object_get(d, "have"), NULL) : NULL;
    snprintf(out, 160, "%s is %.80s", js_str_or(d, "path", "something"), have ? have : "absent");
}

/* What was planned on an assumption that turned out wrong must not go out: the next plan says it anew. */
static void stop_dependants(struct apply *ap, const char *address, const char *why)
{
    json_t *step, *need;
    size_t i, k;
    json_array_foreach (js_arr(ap->plan, "steps"), i, step) {
        json_array_foreach (js_arr(step, "needs"), k, need) {
            const char *own = js_str(step, "address");
            if (strcmp(json_string_value(need), address) != 0 || apply_outcome(ap, own) == STEP_VERIFIED ||
                !strncmp(js_str_or(json_object_get(ap->results, own), "text", ""), "stale:", 6))
                continue;
            apply_result(ap, step, STEP_SKIPPED, "stale: %s; plan again", why);
            stop_dependants(ap, own, why);
        }
    }
}

static void stop_renamed(struct apply *ap, const char *address)
{
    AUTO_FREE char *name = address_for_people(address);
    AUTO_FREE char *why = mem_printf("Zoho named %s '%s'", name, js_str_or(ap->names, address, "?"));
    stop_dependants(ap, address, why);
}

/* The org will not do this by API: remembered, and from now on a person's step. */
static int refused(struct apply *ap, const struct sending *s, const struct err *why, struct err *e)
{
    const json_t *rq = json_array_get(s->requests, 0);
    AUTO_FREE char *text = mem_printf("this org refused: %s", why->what);
    if (state_capability_put(ap->st, ap->org->zgid, s->r.kind->name, "no", text, js_str_or(rq, "path", ""), why->code,
                             e) < 0)
        return -1;
    apply_result(ap, s->step, STEP_REFUSED, "this org refuses it by API (%s): by hand now",
                 why->code[0] ? why->code : "no code");
    /* With the association by hand, its rules are planned without that action: another plan. */
    if (!strcmp(s->r.kind->name, "function_wrapper"))
        stop_dependants(ap, s->r.address, "this org refuses to associate functions by API");
    return record(ap, s->step, s->seq, STEP_REFUSED, why, NULL, e);
}

/* Stopped between two requests of one step: what is there of it is ours, and resume sends the rest. */
static int stopped(struct apply *ap, const struct sending *s, const struct err *why, struct err *e)
{
    ap->halted = *why;
    ap->stopped = true;
    apply_result(ap, s->step, STEP_SKIPPED, "stopped: %s", why->what);
    if (s->sent) {
        apply_sent(ap, s->step);
        if (apply_reread(ap, s->step, e) < 0 || apply_left(ap, s->step, e) < 0)
            return -1;
    }
    return record(ap, s->step, s->seq, STEP_SKIPPED, why, NULL, e);
}

static int failed(struct apply *ap, const struct sending *s, const struct err *why, struct err *e)
{
    if (zoho_refused(why) && !s->r.tombstone) /* what is in use cannot go: that says nothing about the kind */
        return refused(ap, s, why, e);
    if (rails_stopped(why))
        return stopped(ap, s, why, e);
    apply_result(ap, s->step, STEP_FAILED, "%s%s%s", why->what, why->code[0] ? " — " : "", why->code);
    json_t *r = json_object_get(ap->results, js_str(s->step, "address"));
    js_set_str(r, "fix", why->fix);
    js_set_str(r, "where", why->where);
    return record(ap, s->step, s->seq, STEP_FAILED, why, NULL, e);
}

static int verified(struct apply *ap, const struct sending *s, const json_t *answer, bool renamed, const char *how,
                    struct err *e)
{
    apply_result(ap, s->step, STEP_VERIFIED, "%s", how);
    if (js_str(answer, "id"))
        js_set_str(json_object_get(ap->results, js_str(s->step, "address")), "id", js_str(answer, "id"));
    if (record(ap, s->step, 0, STEP_VERIFIED, NULL, answer, e) < 0)
        return -1;
    CRASH_POINT(apply_after_verify);
    if (renamed)
        stop_renamed(ap, js_str(s->step, "address"));
    return 0;
}

/* No answer came: what the org holds decides, after a settle window. */
static int in_doubt(struct apply *ap, struct sending *s, const struct err *why, struct err *e)
{
    bool is_true = false, renamed = false;
    AUTO_JSON json_t *diffs = json_array();
    struct err read_error = {0};
    apply_result(ap, s->step, STEP_UNKNOWN, "%s", why->what);
    apply_sent(ap, s->step);
    int rc = read_back(ap, s->step, NULL, &is_true, &renamed, diffs, &read_error);
    if (rc == 0 && is_true) {
        apply_result(ap, s->step, STEP_DONE, "no answer, but it is there");
        if (record(ap, s->step, s->seq, STEP_DONE, why, NULL, e) < 0)
            return -1;
        return verified(ap, s, NULL, renamed, "no answer came; found in the org", e);
    }
    apply_result(ap, s->step, STEP_UNKNOWN, "no answer came and the org does not show it: %s", why->what);
    return record(ap, s->step, s->seq, STEP_UNKNOWN, why, NULL, e);
}

static int confirm(struct apply *ap, struct sending *s, json_t **answer, struct err *e)
{
    bool is_true = false, renamed = false;
    AUTO_JSON json_t *diffs = json_array();
    if (read_back(ap, s->step, js_str(*answer, "id"), &is_true, &renamed, diffs, e) < 0)
        return -1;
    if (!is_true) {
        json_decref(s->live);
        s->live = json_incref(s->r.kind->find(&ap->view, &s->r));
        if (build_requests(ap, s, 1, e) < 0)
            return -1;
    }
    if (!is_true && json_array_size(s->requests)) {
        json_decref(*answer);
        if (send_all(ap, s, answer, e) < 0 || read_back(ap, s->step, NULL, &is_true, &renamed, diffs, e) < 0)
            return -1;
    }
    /* Under another name the planned tree cannot be equal; that the thing exists is what matters, the next plan compares. */
    if (is_true || renamed)
        return verified(ap, s, *answer, renamed, renamed ? "made, under another api_name" : "read back", e);
    char what[160];
    first_difference(diffs, what);
    apply_result(ap, s->step, STEP_FAILED, "Zoho said success, but %s", what);
    return record(ap, s->step, 0, STEP_FAILED, NULL, *answer, e);
}

static int do_write(struct apply *ap, struct sending *s, struct err *e)
{
    char digest[65];
    AUTO_JSON json_t *answer = NULL;
    struct err local = {0};
    CRASH_POINT(apply_before_intent);
    if (js_digest(rows_list(s->body) ? s->body : s->requests, digest, e) < 0 ||
        keep_before(ap, s->step, s->live, e) < 0 ||
        state_intent(ap->st, ap->run, s->r.address, digest, NULL, &s->seq, e) < 0)
        return -1;
    CRASH_POINT(apply_after_intent);
    if (send_all(ap, s, &answer, &local) < 0)
        return local.kind == ERR_UNKNOWN ? in_doubt(ap, s, &local, e) : failed(ap, s, &local, e);
    apply_result(ap, s->step, STEP_DONE, "sent");
    apply_sent(ap, s->step);
    if (record(ap, s->step, s->seq, STEP_DONE, NULL, answer, e) < 0)
        return -1;
    CRASH_POINT(apply_after_outcome);
    s->seq = 0;
    if (confirm(ap, s, &answer, &local) < 0)
        return failed(ap, s, &local, e);
    return 0;
}

/* What an earlier step of this run brought along (the layout of a new module) is read when it is first referred to. */
static int resolve(struct apply *ap, const json_t *step, json_t **body, struct err *e)
{
    struct err first = {0};
    if (kind_resolve(&ap->view, json_object_get(step, "body"), body, &first) == 0)
        return 0;
    if (first.kind == ERR_NOT_FOUND && draft_read_resolves(ap->org, step, &ap->snapshot, e) < 0)
        return -1;
    return kind_resolve(&ap->view, json_object_get(step, "body"), body, e);
}

int apply_write(struct apply *ap, const json_t *step, struct err *e)
{
    struct sending s = {.step = step};
    struct err local = {0};
    int rc = 0;
    if (plan_step_resource(step, &s.r, e) < 0) {
        resource_release(&s.r);
        return -1;
    }
    s.live = s.r.kind->find(&ap->view, &s.r);
    json_incref(s.live);
    if (apply_true(ap, step, NULL)) {
        apply_result(ap, step, STEP_VERIFIED, "was already so");
        rc = record(ap, step, 0, STEP_VERIFIED, NULL, NULL, e);
    } else if (resolve(ap, step, &s.body, &local) < 0 || build_requests(ap, &s, 0, &local) < 0) {
        rc = failed(ap, &s, &local, e);
    } else {
        AUTO_FREE char *name = address_for_people(s.r.address);
        app_say(ap->app, "  [%2zu/%zu] %s %s\n", ap->i_step + 1, ap->n_steps,
                s.r.tombstone ? "-"
                : s.live      ? "~"
                              : "+",
                name);
        rc = do_write(ap, &s, e);
    }
    json_decref(s.live);
    json_decref(s.body);
    json_decref(s.requests);
    resource_release(&s.r);
    return rc;
}
