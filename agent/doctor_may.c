/* The doctor's rows about what zagent may do in the org: scopes, lists, features, writes; and how much room is left. */
#include "agent/auth.h"
#include "agent/auth_need.h"
#include "agent/doctor.h"
#include "agent/draft.h"
#include "zoho/crm/room.h"
#include "zoho/dc.h"

static const char area[] = "What zagent may do there";
static const char room_area[] = "Room left";
enum { MODULES_MOST = 12 };

/* ---- scopes ---- */

/* The page on which a person gives more, by the way they signed in. Caller frees. */
static char *consent_page(const struct doctor *d, const json_t *about)
{
    const char *dc = js_str_or(about, "dc", js_str(d->row, "dc"));
    const struct dc *row = dc_find(dc);
    if (strcmp(js_str_or(about, "flow", ""), "self-client") == 0 || !row)
        return auth_console(dc);
    return mem_printf("https://%s/oauth/v3/device", row->accounts);
}

static void scopes(struct doctor *d, enum zoho_role role)
{
    struct err quiet = {0};
    bool writer = role == ZOHO_WRITER;
    AUTO_JSON json_t *about = credential_about(&d->s.org->cache, d->org, role, &quiet);
    const char *granted = js_str(about, "scope");
    AUTO_FREE char *check = mem_printf("%s scopes", credential_role(role));
    json_t *needs = NULL;
    if (!about)
        return;
    if (!granted) {
        doctor_row(d, DOCTOR_WARN, area, check, "not known: the credential was not made by 'zagent auth login'",
                   "the lists below show what works; 'zagent auth login' asks for exactly what is needed", "");
        return;
    }
    if (auth_need(d->a, role, AUTH_PLAYBOOKS, &needs, &quiet) < 0)
        return; /* "playbooks and context" says why */
    AUTO_JSON json_t *all = needs;
    AUTO_JSON json_t *missing = auth_missing(all, granted);
    size_t n = json_array_size(missing);
    AUTO_FREE char *list = auth_scope_list(missing);
    AUTO_FREE char *found = n ? mem_printf("%zu of %zu missing: %s", n, json_array_size(all), list)
                              : mem_printf("all %zu that the playbooks need", json_array_size(all));
    AUTO_FREE char *page = consent_page(d, about);
    AUTO_FREE char *remedy =
        mem_printf("zagent auth login --org %s%s, and accept at %s", d->org, writer ? " --writer" : "", page);
    doctor_row(d,
               !n       ? DOCTOR_OK
               : writer ? DOCTOR_WARN
                        : DOCTOR_FAIL,
               area, check, found, n ? remedy : "", n ? "whoever signed in: it is their consent" : "");
    if (n && !writer && d->first.kind == ERR_NONE)
        err_set(&d->first, ERR_PERMISSION, "%zu scopes are missing", n);
}

/* ---- lists ---- */

/* A read per area says more about scopes and permissions than any list of them. */
static const struct {
    const char *snapshot, *what;
    bool by_hand; /* without it these kinds are planned by hand; without the others nothing is planned */
    const char *scope;
} probes[] = {
    {"modules", "read modules", false, "ZohoCRM.settings.modules.READ"},
    {"profiles", "read profiles", false, "ZohoCRM.settings.profiles.READ"},
    {"workflow_rules", "read workflow rules", true, "ZohoCRM.settings.workflow_rules.READ"},
    {"functions", "read functions", true, "ZohoCRM.settings.functions.READ"},
    {"blueprints", "read Blueprints", true, "ZohoCRM.settings.blueprint.READ"},
    {"email_templates", "read e-mail templates", true, "ZohoCRM.templates.email.READ"},
};
enum { N_PROBES = sizeof probes / sizeof *probes };

static void probe_row(struct doctor *d, size_t i)
{
    const json_t *no = snapshot_refused(&d->snapshot, probes[i].snapshot);
    const char *code = js_str_or(no, "code", "?");
    if (!no) {
        AUTO_FREE char *found = mem_printf("yes, %zu", json_array_size(snapshot_get(&d->snapshot, probes[i].snapshot)));
        doctor_row(d, DOCTOR_OK, area, probes[i].what, found, "", "");
        return;
    }
    AUTO_FREE char *found = mem_printf("refused: %s (HTTP %lld)%s", code, (long long)js_int(no, "http", 0),
                                       probes[i].by_hand ? "; these become hand steps" : "");
    bool scope = strcmp(code, "OAUTH_SCOPE_MISMATCH") == 0;
    bool permission = strcmp(code, "NO_PERMISSION") == 0 || strcmp(code, "AUTHORIZATION_FAILED") == 0;
    AUTO_FREE char *remedy = scope        ? mem_printf("zagent auth login --org %s: scope %s", d->org, probes[i].scope)
                             : permission ? mem_dup("a new sign-in does not help: it is the user's profile")
                                          : mem_dup("nothing: this org or its edition does not offer it by API");
    const char *ask = permission
                          ? "an administrator: this user's profile lacks the permission (Setup > Security Control > "
                            "Profiles)"
                          : "";
    doctor_row(d, probes[i].by_hand ? DOCTOR_WARN : DOCTOR_FAIL, area, probes[i].what, found, remedy, ask);
    if (!probes[i].by_hand && d->first.kind == ERR_NONE)
        err_set(&d->first, ERR_PERMISSION, "%s is refused: %s", probes[i].what, code);
}

static bool is_needed(const json_t *needs, const char *scope)
{
    const json_t *one;
    size_t i;
    json_array_foreach (needs, i, one)
        if (strcmp(js_str(one, "scope"), scope) == 0)
            return true;
    return false;
}

/* Only what the playbooks stand on: a list nobody needs is in nobody's way. */
static int lists(struct doctor *d, struct err *e)
{
    struct strset reads = {0};
    json_t *needs = NULL;
    struct err quiet = {0};
    bool known = auth_need(d->a, ZOHO_READER, AUTH_PLAYBOOKS, &needs, &quiet) == 0;
    for (size_t i = 0; i < N_PROBES; i++)
        if (!known || is_needed(needs, probes[i].scope))
            strset_add(&reads, probes[i].snapshot);
    strset_add(&reads, "features");
    int rc = crm_read(d->s.org->zoho, &reads, NULL, &d->snapshot, e);
    for (size_t i = 0; i < N_PROBES && rc == 0; i++)
        if (strset_has(&reads, probes[i].snapshot))
            probe_row(d, i);
    json_decref(needs);
    const json_t *features = snapshot_get(&d->snapshot, "features");
    AUTO_FREE char *found = mem_printf("%zu told by the org", json_array_size(features));
    if (rc == 0)
        doctor_row(d, features ? DOCTOR_OK : DOCTOR_WARN, area, "features", features ? found : "the org does not tell",
                   "", "");
    strset_release(&reads);
    return rc;
}

/* ---- writes ---- */

static void add_kind(struct sb *b, const char *kind, const json_t *c)
{
    char day[CLOCK_TEXT];
    int64_t at = js_int(c, "at", 0);
    clock_rfc3339(at, day);
    sb_addf(b, "%s%s", b->len ? ", " : "", kind);
    if (at)
        sb_addf(b, " (answered %.10s, believed for 30 days)", day);
    else if (strcmp(js_str_or(c, "answer", ""), "no") == 0)
        sb_addf(b, " (%s)", js_str_or(c, "why", ""));
}

static int writes(struct doctor *d, struct err *e)
{
    static const char *const answers[] = {"yes", "no", "unknown"};
    static const char *const what[] = {"written by API", "by hand", "not known yet"};
    json_t *caps = NULL;
    if (crm_capabilities(d->s.org->zoho, &caps, e) < 0)
        return -1;
    AUTO_JSON json_t *all = caps;
    AUTO_JSON json_t *learnt = state_capabilities(d->s.st, d->s.org->zgid, e);
    if (!learnt)
        return -1;
    json_object_update(all, learnt);
    json_object_set(d->a->data, "capabilities", all);
    for (size_t i = 0; i < 3; i++) {
        AUTO_SB struct sb b = SB_INIT(4000);
        const char *kind;
        json_t *c;
        json_object_foreach (all, kind, c)
            if (strcmp(js_str_or(c, "answer", "unknown"), answers[i]) == 0)
                add_kind(&b, kind, c);
        if (b.len)
            doctor_row(d, DOCTOR_OK, area, what[i], b.buf,
                       i == 2 ? "nothing: planned by API, by hand once it is refused" : "", "");
    }
    return 0;
}

int doctor_may(struct doctor *d, struct err *e)
{
    scopes(d, ZOHO_READER);
    scopes(d, ZOHO_WRITER);
    return lists(d, e) < 0 || writes(d, e) < 0 ? -1 : 0;
}

/* ---- room ---- */

void doctor_room_rows(struct doctor *d, const json_t *room)
{
    AUTO_SB struct sb fine = SB_INIT(4000);
    const json_t *r;
    size_t i;
    json_array_foreach (room, i, r) {
        int64_t used = js_int(r, "used", 0);
        int64_t limit = js_int(r, "limit", 1);
        const char *module = js_str(r, "module");
        AUTO_FREE char *check = mem_printf("%s%s%s", js_str(r, "what"), module ? " of " : "", module ? module : "");
        AUTO_FREE char *found = mem_printf("%lld of %lld", (long long)used, (long long)limit);
        if (used * 10 >= limit * 9)
            doctor_row(d, DOCTOR_WARN, room_area, check, found,
                       "make room before you plan more there: 'zagent audit' lists what nobody uses",
                       "an administrator; a higher edition has more");
        else
            sb_addf(&fine, "%s%s %s", fine.len ? ", " : "", check, found);
    }
    if (fine.len || !json_array_size(room))
        doctor_row(d, DOCTOR_OK, room_area, "limits", fine.len ? fine.buf : "the org tells none", "", "");
}

/* Modules that the playbooks touch and the org has. */
static int touched(struct doctor *d, struct strset *out, struct err *e)
{
    AUTO_JSON json_t *missing = json_array();
    struct draft w = {.missing = missing};
    struct err quiet = {0};
    int rc = draft_load(&w, d->a, NULL, NULL, NULL, 0, &quiet);
    for (size_t i = 0; rc == 0 && i < w.desired.n && out->n < MODULES_MOST; i++) {
        const char *module = w.desired.r[i].module;
        if (module && snapshot_find(&d->snapshot, "modules", "api_name", module, false))
            strset_add(out, module);
    }
    draft_release(&w);
    if (rc < 0 && quiet.kind != ERR_NOT_FOUND && quiet.kind != ERR_CONFIG && quiet.kind != ERR_PARSE) {
        *e = quiet;
        return -1;
    }
    return 0;
}

int doctor_room(struct doctor *d, struct err *e)
{
    struct strset modules = {0};
    json_t *room = NULL;
    int rc = touched(d, &modules, e);
    if (rc == 0)
        rc = crm_room(d->s.org->zoho, &modules, snapshot_get(&d->snapshot, "workflow_rules"), &room, e);
    if (rc == 0)
        doctor_room_rows(d, room);
    json_decref(room);
    strset_release(&modules);
    return rc;
}
