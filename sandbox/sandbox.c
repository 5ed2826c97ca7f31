/* sandbox/sandbox.c — opening, serving, closing; what the start line and status say. */
#include "sandbox/sandbox.h"

#include <errno.h>

#include "base/digest.h"
#include "base/text.h"
#include "sandbox/automation.h"
#include "sandbox/grant.h"
#include "sandbox/happening.h"
#include "sandbox/limits.h"
#include "sandbox/page/page.h"
#include "sandbox/run_function.h"
#include "sandbox/seed.h"
#include "sandbox/server.h"

/* ---- the clock: the caller's, moved on ---- */

static int64_t now_ahead(void *ctx)
{
    struct sandbox *s = ctx;
    return s->real.now_s(s->real.ctx) + s->ahead_s;
}

static int64_t mono(void *ctx)
{
    struct sandbox *s = ctx;
    return s->real.mono_ms(s->real.ctx);
}

static void pause_for(void *ctx, int64_t ms)
{
    struct sandbox *s = ctx;
    s->real.sleep_ms(s->real.ctx, ms);
}

static const char *const edition_names[] = {"Free", "Standard", "Professional", "Enterprise", "Ultimate"};

/* The paid_type of GET /org. */
static int edition_type(const char *edition, char out[24], struct err *e)
{
    size_t n = sizeof edition_names / sizeof *edition_names;
    for (size_t i = 0; i < n; i++) {
        if (text_casecmp(edition, edition_names[i]) == 0) {
            snprintf(out, 24, "%s", edition_names[i]);
            out[0] = (char)(out[0] - 'A' + 'a');
            return 0;
        }
    }
    const char *near = text_nearest(edition, edition_names, n);
    err_set(e, ERR_USAGE, "there is no edition '%s'", edition);
    return err_fix(e, "use Free, Standard, Professional, Enterprise or Ultimate%s%s", near ? "; did you mean " : "",
                   near ? near : "");
}

static char *keep(struct store *st, const char *key, const char *prefix, size_t bytes, bool doubled)
{
    char *old = store_meta(st, key);
    if (old) {
        return old;
    }
    char a[65], b[65] = "";
    digest_random_hex(a, bytes);
    if (doubled) {
        b[0] = '.';
        digest_random_hex(b + 1, bytes);
    }
    char *made = mem_printf("%s%s%s", prefix, a, b);
    store_set_meta(st, key, made);
    return made;
}

/* Shapes of Zoho's: 1000.<upper-case id>, hex secret, 1000.<hex>.<hex>. */
static void credentials(struct sandbox *s)
{
    s->client_id = keep(&s->store, "client_id", "1000.SANDBOX", 8, false);
    s->client_secret = keep(&s->store, "client_secret", "", 20, false);
    s->refresh_token = keep(&s->store, "refresh_token", "1000.", 16, true);
    if (grant_revoked(s, s->refresh_token)) { /* revoked, perhaps on order: whoever opens the org has signed in anew */
        store_do(&s->store, "DELETE FROM meta WHERE key='refresh_token'", "");
        free(s->refresh_token);
        s->refresh_token = keep(&s->store, "refresh_token", "1000.", 16, true);
    }
}

static void counters_load(struct sandbox *s)
{
    AUTO_FREE char *text = store_meta(&s->store, "counters");
    AUTO_JSON json_t *c = text ? json_loads(text, 0, NULL) : NULL;
    s->requests = js_int(c, "requests", 0);
    s->credits = js_int(c, "credits", 0);
    s->mints = js_int(c, "mints", 0);
    for (size_t i = 0; i < 24; i++) {
        s->credit_from[i] = json_integer_value(json_array_get(js_arr(c, "credit_from"), i));
        s->credit_hour[i] = json_integer_value(json_array_get(js_arr(c, "credit_hour"), i));
    }
    json_t *by = js_obj(c, "by_path"), *un = js_obj(c, "unknown");
    s->by_path = by ? json_incref(by) : json_object();
    s->unknown = un ? json_incref(un) : json_object();
    s->counted = s->requests;
}

/* The day's credits outlive the process: commands with the org inside them are one process each. */
static json_t *hours(const int64_t of[24])
{
    json_t *out = json_array();
    for (int i = 0; i < 24; i++) {
        json_array_append_new(out, json_integer(of[i]));
    }
    return out;
}

static json_t *counters(const struct sandbox *s)
{
    return json_pack("{s:I,s:I,s:o,s:o,s:I,s:O,s:O}", "requests", (json_int_t)s->requests, "credits",
                     (json_int_t)s->credits, "credit_from", hours(s->credit_from), "credit_hour", hours(s->credit_hour),
                     "mints", (json_int_t)s->mints, "by_path", s->by_path, "unknown", s->unknown);
}

void counters_save(struct sandbox *s)
{
    AUTO_JSON json_t *c = counters(s);
    AUTO_FREE char *text = json_dumps(c, JSON_COMPACT);
    store_set_meta(&s->store, "counters", text);
    s->counted = s->requests;
}

void counters_keep(struct sandbox *s)
{
    store_begin(&s->store);
    counters_save(s);
    store_commit(&s->store, NULL);
    s->store.e = (struct err){0};
}

/* What the options leave open is as it was when the store was made or last told otherwise. */
static int remembered_switches(struct sandbox *s, const char *refuse, struct err *e)
{
    AUTO_FREE char *before = store_meta(&s->store, "refuse");
    if (switches_parse(s, refuse ? refuse : before, e)) {
        return -1;
    }
    if (refuse) {
        store_set_meta(&s->store, "refuse", refuse);
    }
    return 0;
}

static int change_edition(struct sandbox *s, const char *paid_type)
{
    AUTO_JSON json_t *org = json_deep_copy(org_object(s));
    store_set_meta(&s->store, "paid_type", paid_type);
    js_set_str(js_obj(org, "license_details"), "paid_type", paid_type);
    org_set(s, org);
    return 0;
}

static int name_zgid(struct sandbox *s, const char *zgid)
{
    AUTO_JSON json_t *org = json_deep_copy(org_object(s));
    js_set_str(org, "zgid", zgid);
    js_set_strf(org, "domain_name", "org%s", zgid);
    org_set(s, org);
    return 0;
}

static int fill(struct sandbox *s, const struct sandbox_options *o, bool fresh, struct err *e)
{
    char paid_type[24];
    if (edition_type(o->edition ? o->edition : "Enterprise", paid_type, e) || remembered_switches(s, o->refuse, e)) {
        return -1;
    }
    if (!fresh) {
        return o->edition ? change_edition(s, paid_type) : 0;
    }
    store_set_meta(&s->store, "paid_type", paid_type);
    return seed_org(s, o->seed_dir, e) < 0 ? -1 : (o->zgid ? name_zgid(s, o->zgid) : 0);
}

static void trial_licence(struct sandbox *s)
{
    if (s->on[SWITCH_trial]) {
        AUTO_JSON json_t *org = json_deep_copy(org_object(s));
        json_t *l = js_obj(org, "license_details");
        js_set_bool(l, "paid", false);
        js_set_str(l, "trial_type", js_str_or(l, "paid_type", "enterprise"));
        js_set_str(l, "trial_expiry", "2030-01-01");
        org_set(s, org);
    }
}

int sandbox_open(struct sandbox **out, const struct sandbox_options *o, struct err *e)
{
    struct sandbox *s = mem_zalloc(sizeof *s);
    bool fresh = false;
    s->real = o->clock;
    s->clock = (struct clock){now_ahead, mono, pause_for, s};
    s->functions = (struct function_runner){run_function, NULL};
    s->port = o->port;
    pthread_mutex_init(&s->lock, NULL);
    if (org_set_location(s, o->dc, e) || faults_parse(&s->faults, o->fault, e) ||
        chaos_parse(&s->faults.chaos, o->chaos, e) || store_open(&s->store, o->db_path, &fresh, e) ||
        fill(s, o, fresh, e)) {
        sandbox_close(s);
        return -1;
    }
    s->fault_text = o->fault || o->chaos ? store_meta(&s->store, "faults") : NULL; /* what is ordered now wins */
    org_refresh(s);
    store_begin(&s->store);
    credentials(s);
    grant_first(s);
    trial_licence(s);
    counters_load(s);
    if (store_commit(&s->store, e)) {
        sandbox_close(s);
        return -1;
    }
    struct clock wall = clock_system(); /* clients check certificates against theirs, whatever the sandbox's says */
    if (o->tls_dir && tls_make(&s->tls, o->tls_dir, wall.now_s(wall.ctx), e)) {
        sandbox_close(s);
        return -1;
    }
    if (o->record_path && !(s->record = fopen(o->record_path, "ae"))) {
        err_errno(e, errno, o->record_path, "the record file cannot be opened");
        sandbox_close(s);
        return -1;
    }
    *out = s;
    return 0;
}

int sandbox_serve(struct sandbox *s, struct err *e)
{
    page_new_key(s);
    return server_start(s, s->port, e);
}

void sandbox_close(struct sandbox *s)
{
    if (!s) {
        return;
    }
    server_stop(s);
    if (s->store.db && s->by_path && s->requests > s->counted) { /* who served nothing leaves the counts to who does */
        counters_keep(s);
    }
    store_close(&s->store);
    if (s->record) {
        fclose(s->record);
    }
    strset_release(&s->no_scope);
    tls_release(&s->tls);
    faults_release(&s->faults);
    free(s->fault_text);
    request_log_release(&s->log);
    json_decref(s->org);
    json_decref(s->by_path);
    json_decref(s->unknown);
    free(s->client_id);
    free(s->client_secret);
    free(s->refresh_token);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

json_t *sandbox_info(struct sandbox *s)
{
    pthread_mutex_lock(&s->lock);
    const json_t *org = org_object(s);
    AUTO_FREE char *url = org_url(s);
    AUTO_FREE char *edition = mem_dup(js_str_or(js_obj(org, "license_details"), "paid_type", "enterprise"));
    edition[0] = (char)(edition[0] - 'a' + 'A');
    AUTO_FREE char *entry = page_entry(s), *page = mem_printf("%s%s", url, entry);
    json_t *out = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:i,s:s,s:s}", "api_url", url, "page_url", page, "accounts_url",
                            url, "client_id", s->client_id, "client_secret", s->client_secret, "refresh_token",
                            s->refresh_token, "port", s->port, "zgid", js_str_or(org, "zgid", ""), "edition", edition);
    AUTO_FREE char *screen = store_meta(&s->store, "salesiq_screen");
    js_set_str(out, "salesiq_screen", screen ? screen : "sandbox");
    if (s->tls.ca_file) {
        js_set_str(out, "ca_file", s->tls.ca_file);
    }
    pthread_mutex_unlock(&s->lock);
    return out;
}

json_t *sandbox_status(struct sandbox *s)
{
    pthread_mutex_lock(&s->lock);
    json_t *out = counters(s);
    json_t *own = json_deep_copy(out); /* the caller's copy must not change while requests run on */
    json_decref(out);
    js_set(own, "switches", switches_json(s));
    js_set_str(own, "edition", js_str(js_obj(org_object(s), "license_details"), "paid_type"));
    js_set_int(own, "credits_limit", org_credit_limit(s));
    js_set_int(own, "credits_last_24h", org_credits_used(s));
    char now[CLOCK_TEXT];
    org_time(s, s->clock.now_s(s->clock.ctx), now);
    js_set_str(own, "clock", now);
    js_set_int(own, "clock_ahead_s", s->ahead_s);
    js_set(own, "happened", happening_counts(&s->store));
    AUTO_FREE char *faults = store_meta(&s->store, "faults");
    AUTO_JSON json_t *ordered = faults ? json_loads(faults, 0, NULL) : NULL;
    js_set_str(own, "fault", js_str(ordered, "fault"));
    js_set_str(own, "chaos", js_str(ordered, "chaos"));
    pthread_mutex_unlock(&s->lock);
    return own;
}

int sandbox_self_client(struct sandbox *s, const char *scope, const char *email, int minutes, char **code,
                        struct err *e)
{
    *code = NULL;
    if (!scope_valid(scope)) {
        err_set(e, ERR_USAGE, "'%s' is no list of scopes", scope);
        return err_fix(e, "write e.g. ZohoCRM.modules.READ,ZohoCRM.settings.READ");
    }
    if (minutes < 1 || minutes > LIM_SELF_CLIENT_MINUTES) {
        err_set(e, ERR_USAGE, "a self client's code lives 1 to %d minutes", LIM_SELF_CLIENT_MINUTES);
        return err_fix(e, "give --minutes a number from 1 to %d", LIM_SELF_CLIENT_MINUTES);
    }
    pthread_mutex_lock(&s->lock);
    AUTO_FREE char *user = email ? org_user_by_email(s, email) : mem_dup("");
    int rc = user ? 0 : err_set(e, ERR_NOT_FOUND, "this org has no user '%s'", email);
    if (rc == 0) {
        struct grant_wish w = {.user = user, .scope = scope, .offline = true};
        store_begin(&s->store);
        *code = grant_code_make(s, &w, (int64_t)minutes * 60);
        rc = store_commit(&s->store, e);
    }
    pthread_mutex_unlock(&s->lock);
    return rc;
}

int sandbox_clock_advance(struct sandbox *s, int64_t seconds, struct err *e)
{
    if (seconds < 0) {
        err_set(e, ERR_USAGE, "the sandbox's clock does not go back");
        return err_fix(e, "run 'zagent sandbox reset' to begin anew");
    }
    pthread_mutex_lock(&s->lock);
    org_refresh(s);
    int64_t till = s->clock.now_s(s->clock.ctx) + seconds;
    struct call c = {.s = s, .st = &s->store, .method = "CLOCK", .path = ""};
    store_begin(&s->store);
    automation_clock(&c, till);
    int rc = store_commit(&s->store, e);
    pthread_mutex_unlock(&s->lock);
    return rc;
}

json_t *sandbox_happenings(struct sandbox *s)
{
    static const char *const kinds[] = {"ran", "mail", "webhook", "function", "failed", "scheduled", "process"};
    json_t *out = json_object();
    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        js_set(out, kinds[i], happening_list(&s->store, kinds[i]));
    }
    pthread_mutex_unlock(&s->lock);
    return out;
}

int sandbox_copy(struct sandbox *s, const char *to, struct err *e)
{
    pthread_mutex_lock(&s->lock);
    int rc = store_copy(&s->store, to, e);
    pthread_mutex_unlock(&s->lock);
    return rc;
}

int sandbox_fault(struct sandbox *s, const char *fault, const char *chaos, struct err *e)
{
    struct faults tried = {0};
    int rc = faults_parse(&tried, fault, e) < 0 || chaos_parse(&tried.chaos, chaos, e) < 0 ? -1 : 0;
    faults_release(&tried);
    if (rc < 0) {
        return -1;
    }
    pthread_mutex_lock(&s->lock);
    store_begin(&s->store);
    AUTO_FREE char *before = store_meta(&s->store, "faults");
    AUTO_JSON json_t *was = before ? json_loads(before, 0, NULL) : NULL;
    AUTO_JSON json_t *now =
        json_pack("{s:I,s:s?,s:s?}", "n", (json_int_t)js_int(was, "n", 0) + 1, "fault", fault, "chaos", chaos);
    AUTO_FREE char *text = json_dumps(now, JSON_COMPACT);
    store_set_meta(&s->store, "faults", text);
    rc = store_commit(&s->store, e);
    org_take_faults(s);
    pthread_mutex_unlock(&s->lock);
    return rc;
}
