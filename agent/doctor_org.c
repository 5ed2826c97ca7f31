/* The doctor's rows about the org itself: who it is, whose eyes see it, its clock, what it grants a day. */
#include <inttypes.h>
#include <time.h>

#include "agent/doctor.h"

static const char area[] = "The org";
enum { SKEW_S = 300 };

/* Calls at once by edition (zoho-api.md 4.1, zoho.com/crm/developer/docs/api/v8/api-limits). */
static const struct {
    const char *edition;
    int at_once;
} editions[] = {{"Free", 5},        {"Standard", 10}, {"Starter", 10},  {"Zoho One Standard", 10}, {"Professional", 15},
                {"Enterprise", 20}, {"Zoho One", 20}, {"Ultimate", 25}, {"CRM Plus", 25}};

static void identity(struct doctor *d)
{
    const struct org *o = d->s.org;
    const char *dc = js_str_or(d->row, "dc", "?");
    AUTO_FREE char *who = mem_printf("%s, zgid %s", js_str_or(o->info, "name", "?"), o->zgid);
    doctor_row(d, DOCTOR_OK, area, "data centre",
               o->embedded ? (o->in_process ? "embedded sandbox, in this process" : "embedded sandbox, running") : dc,
               "", "");
    doctor_row(d, DOCTOR_OK, area, "org (pinned)", who, "", "");
    bool trial = js_bool(o->info, "trial", false);
    AUTO_FREE char *edition = mem_printf("%s%s", js_str_or(o->info, "edition", "not told"), trial ? ", a trial" : "");
    doctor_row(d, trial ? DOCTOR_WARN : DOCTOR_OK, area, "edition", edition,
               trial ? "some writes are refused in a trial: they become hand steps" : "", "");
    bool zone = *js_str_or(o->info, "time_zone", "") != '\0';
    doctor_row(d, zone ? DOCTOR_OK : DOCTOR_WARN, area, "time zone", zone ? js_str(o->info, "time_zone") : "not told",
               zone ? "" : "due dates are shown in UTC", zone ? "" : "an administrator: Setup > Company Details");
}

/* Asked anew, so that the server's clock is that of this moment. Its answer also shows whose profile counts. */
static int user(struct doctor *d, struct err *e)
{
    AUTO_JSON json_t *query = json_object();
    js_set_str(query, "type", "CurrentUser");
    struct zoho_request rq = {
        .method = "GET", .path = "/crm/v8/users", .query = query, .retry = ZOHO_SAFE, .scope = "ZohoCRM.users.READ"};
    struct zoho_reply r = {0};
    struct err local = {0};
    if (zoho_call(d->s.org->zoho, &rq, &r, &local) < 0) {
        if (local.kind != ERR_PERMISSION) {
            *e = local;
            return -1;
        }
        doctor_row(d, DOCTOR_WARN, area, "signed in as", local.what, local.fix, "");
        return 0;
    }
    const json_t *u = js_path(r.json, "users[0]");
    const char *profile = js_str_or(js_obj(u, "profile"), "name", "?");
    bool admin = strcmp(profile, "Administrator") == 0;
    AUTO_FREE char *who = mem_printf("%s, profile %s", js_str_or(u, "full_name", "?"), profile);
    doctor_row(d, admin ? DOCTOR_OK : DOCTOR_WARN, area, "signed in as", who,
               admin ? "" : "what this profile may not change is refused at apply: sign in as an administrator",
               admin ? "" : "an administrator of the org, for the permission to customize and to manage workflows");
    zoho_reply_release(&r);
    return 0;
}

static void skew(struct doctor *d)
{
    int64_t date = zoho_standing(d->s.org->zoho).date_s;
    int64_t off = date ? (int64_t)time(NULL) - date : 0;
    AUTO_FREE char *found =
        date ? mem_printf("%" PRId64 " s from the server's", off) : mem_dup("the server told no time");
    bool far = off > SKEW_S || off < -SKEW_S;
    doctor_row(d, far ? DOCTOR_WARN : DOCTOR_OK, area, "clock", found,
               far ? "set this machine's clock (NTP): tokens and due dates go by it" : "", "");
}

static void credits(struct doctor *d)
{
    const struct org *o = d->s.org;
    int64_t day = js_int(o->info, "credits_per_day", 0);
    int64_t left = zoho_standing(o->zoho).credits_left;
    int at_once = 0;
    for (size_t i = 0; i < sizeof editions / sizeof *editions; i++)
        if (strcmp(editions[i].edition, js_str_or(o->info, "edition", "")) == 0)
            at_once = editions[i].at_once;
    AUTO_FREE char *rest = left < 0 ? mem_dup("more than half are left") : mem_printf("%" PRId64 " are left", left);
    AUTO_FREE char *found = mem_printf("%" PRId64 " a day, %s", day, rest);
    bool short_of = day > 0 && left >= 0 && left < day / 10;
    doctor_row(d, !day || short_of ? DOCTOR_WARN : DOCTOR_OK, area, "API credits", day ? found : "not told",
               short_of ? "wait: the count is of the last 24 hours" : "",
               short_of ? "whoever runs the other integrations; Setup > APIs shows who spends them" : "");
    int own = (int)js_int(js_obj(d->a->project->conf.root, "limits"), "parallel", 4);
    AUTO_FREE char *calls = at_once ? mem_printf("%d of the %d this edition takes", own, at_once)
                                    : mem_printf("%d; the edition's number is not known", own);
    bool many = at_once && own > at_once;
    doctor_row(d, many ? DOCTOR_WARN : DOCTOR_OK, area, "calls at once", calls,
               many ? "lower limits: {parallel: N} in zagent.yaml" : "", "");
}

static void token(struct doctor *d)
{
    int64_t ends = zoho_standing(d->s.org->zoho).token_expires_at;
    int64_t min = (ends - d->a->clock.now_s(d->a->clock.ctx)) / 60;
    AUTO_FREE char *found = mem_printf("good for %" PRId64 " more min, then made anew", min < 0 ? 0 : min);
    doctor_row(d, DOCTOR_OK, area, "access token", found, "", "");
}

int doctor_org(struct doctor *d, struct err *e)
{
    identity(d);
    if (user(d, e) < 0)
        return -1;
    skew(d);
    token(d);
    credits(d);
    return 0;
}
