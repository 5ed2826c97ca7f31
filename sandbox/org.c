/* sandbox/org.c — the org itself: switches, time in its zone, who acts, credits. */
#include "sandbox/org.h"

#include "base/text.h"
#include "sandbox/happening.h"
#include "sandbox/limits.h"

static const struct {
    const char *name, *what;
} switches[] = {
#define X(name, what, source) {#name, what},
    SANDBOX_SWITCHES(X)
#undef X
};

static int switch_on(struct sandbox *s, const char *name, struct err *e)
{
    const char *names[SWITCH__MAX];
    for (size_t i = 0; i < SWITCH__MAX; i++) {
        names[i] = switches[i].name;
        if (strcmp(name, names[i]) == 0) {
            s->on[i] = true;
            return 0;
        }
    }
    if (strncmp(name, "scope:", 6) == 0 && name[6]) {
        strset_add(&s->no_scope, name + 6);
        return 0;
    }
    const char *near = text_nearest(name, names, SWITCH__MAX);
    err_set(e, ERR_USAGE, "the sandbox has no switch '%s'", name);
    return err_fix(e, "did you mean '%s'? 'zagent sandbox status' lists the switches", near ? near : names[0]);
}

int switches_parse(struct sandbox *s, const char *refuse, struct err *e)
{
    while (refuse && *refuse) {
        size_t n = strcspn(refuse, ",");
        AUTO_FREE char *name = mem_dupn(refuse, n);
        if (n > 0 && switch_on(s, name, e)) {
            return -1;
        }
        refuse += n + (refuse[n] == ',');
    }
    if (s->on[SWITCH_trial]) {
        s->on[SWITCH_wrapper] = true; /* zoho-api.md 1.13: NOT_ALLOWED on a free or trial org [C3] */
    }
    return 0;
}

json_t *switches_json(const struct sandbox *s)
{
    json_t *out = json_object();
    for (size_t i = 0; i < SWITCH__MAX; i++) {
        js_set(out, switches[i].name, json_pack("{s:b,s:s}", "on", (int)s->on[i], "what", switches[i].what));
    }
    return out;
}

const json_t *org_object(struct sandbox *s)
{
    if (!s->org) {
        AUTO_FREE char *text = store_meta(&s->store, "org");
        s->org = text ? json_loads(text, 0, NULL) : json_object();
    }
    return s->org;
}

void org_set(struct sandbox *s, const json_t *org)
{
    AUTO_FREE char *text = json_dumps(org, JSON_COMPACT | JSON_SORT_KEYS);
    store_set_meta(&s->store, "org", text);
    json_decref(s->org);
    s->org = json_deep_copy(org);
    s->time_text[0] = '\0'; /* the zone may be another */
}

char *org_url(const struct sandbox *s)
{
    return mem_printf("%s://127.0.0.1:%d", s->tls.ca_file ? "https" : "http", s->port);
}

const char *const org_locations[] = {"us", "eu", "in", "au", "cn", "jp", "ca", "sa", "uk", "ae", "sg", NULL};

int org_set_location(struct sandbox *s, const char *dc, struct err *e)
{
    size_t n = 0;
    for (; org_locations[n]; n++) {
        if (!dc || strcmp(dc, org_locations[n]) == 0) {
            snprintf(s->dc, sizeof s->dc, "%s", org_locations[n]);
            return 0;
        }
    }
    const char *near = text_nearest(dc, org_locations, n);
    err_set(e, ERR_USAGE, "there is no data centre '%s'", dc);
    return err_fix(e, "use one of us eu in au cn jp ca sa uk ae sg%s%s", near ? "; did you mean " : "",
                   near ? near : "");
}

bool org_elsewhere(const struct sandbox *s, const char *host)
{
    return s->on[SWITCH_other_dc] && (!host || strncmp(host, "localhost", 9) != 0);
}

json_t *org_actor(struct sandbox *s)
{
    AUTO_JSON json_t *users = config_shared(&s->store, "users", NULL);
    json_t *u;
    size_t i;
    json_array_foreach (users, i, u) {
        if (!*s->actor || strcmp(js_str_or(u, "id", ""), s->actor) == 0) {
            return json_incref(u);
        }
    }
    return NULL;
}

json_t *org_me(struct sandbox *s)
{
    AUTO_JSON json_t *u = org_actor(s);
    return u ? json_pack("{s:s,s:s,s:s}", "name", js_str_or(u, "full_name", ""), "id", js_str_or(u, "id", ""), "email",
                         js_str_or(u, "email", ""))
             : json_object();
}

char *org_user_by_email(struct sandbox *s, const char *email)
{
    AUTO_JSON json_t *users = config_list(&s->store, "users", NULL);
    json_t *u;
    size_t i;
    json_array_foreach (users, i, u) {
        if (text_casecmp(js_str_or(u, "email", ""), email) == 0) {
            return mem_dup(js_str_or(u, "id", ""));
        }
    }
    return NULL;
}

static void zoned(struct sandbox *s, int64_t t, char out[CLOCK_TEXT])
{
    char local[CLOCK_TEXT], text[CLOCK_TEXT];
    clock_local(t, js_str_or(org_object(s), "time_zone", "UTC"), 1, local);
    snprintf(text, sizeof text, "%.10sT%.8sZ", local, local + 11);
    int64_t as_utc = t;
    clock_parse(text, &as_utc, NULL);
    long off = (long)(as_utc - t) / 60;
    char sign = off < 0 ? '-' : '+';
    long abs_off = off < 0 ? -off : off;
    snprintf(out, CLOCK_TEXT, "%.19s%c%02ld:%02ld", text, sign, abs_off / 60 % 100, abs_off % 60);
}

/* One request asks for the same second again and again, and the C library reads the zone's file each time. */
void org_time(struct sandbox *s, int64_t t, char out[CLOCK_TEXT])
{
    if (!*s->time_text || s->time_of != t) {
        zoned(s, t, s->time_text);
        s->time_of = t;
    }
    memcpy(out, s->time_text, CLOCK_TEXT);
}

int64_t org_credit_limit(struct sandbox *s)
{
    const json_t *l = js_obj(org_object(s), "license_details");
    const struct edition *ed = edition_named(js_str_or(l, "paid_type", "free"));
    int64_t n = ed->credits + ed->credits_per_user * js_int(l, "users_license_purchased", 0);
    return ed->credits_max && n > ed->credits_max ? ed->credits_max : n;
}

int64_t org_credits_used(struct sandbox *s)
{
    int64_t hour = s->clock.now_s(s->clock.ctx) / 3600, used = 0;
    for (int i = 0; i < 24; i++) {
        used += s->credit_from[i] > hour - 24 ? s->credit_hour[i] : 0;
    }
    return used;
}

void org_spend(struct sandbox *s, int64_t credits)
{
    int64_t hour = s->clock.now_s(s->clock.ctx) / 3600;
    size_t i = (size_t)(hour % 24);
    if (s->credit_from[i] != hour) {
        s->credit_from[i] = hour;
        s->credit_hour[i] = 0;
    }
    s->credit_hour[i] += credits;
    s->credits += credits;
}

static void clock_load(struct sandbox *s)
{
    AUTO_FREE char *ahead = store_meta(&s->store, "clock_ahead");
    s->ahead_s = ahead ? strtoll(ahead, NULL, 10) : 0;
    s->next_due = happening_next_due(&s->store);
}

void org_take_faults(struct sandbox *s)
{
    char *text = store_meta(&s->store, "faults");
    struct err quiet = {0};
    if (!text || (s->fault_text && strcmp(text, s->fault_text) == 0)) {
        free(text);
        return;
    }
    AUTO_JSON json_t *o = json_loads(text, 0, NULL);
    faults_release(&s->faults);
    faults_parse(&s->faults, js_str(o, "fault"), &quiet);
    chaos_parse(&s->faults.chaos, js_str(o, "chaos"), &quiet);
    free(s->fault_text);
    s->fault_text = text;
}

void org_reload(struct sandbox *s)
{
    json_decref(s->org);
    s->org = NULL;
    s->time_text[0] = '\0';
    clock_load(s);
    org_take_faults(s);
}

void org_refresh(struct sandbox *s)
{
    if (store_changed(&s->store)) {
        org_reload(s);
    }
}

void org_clock_to(struct sandbox *s, int64_t at)
{
    s->ahead_s += at - s->clock.now_s(s->clock.ctx);
    AUTO_FREE char *text = mem_printf("%lld", (long long)s->ahead_s);
    store_set_meta(&s->store, "clock_ahead", text);
}
