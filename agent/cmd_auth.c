/* agent/cmd_auth.c — auth status, scopes, logout. */
#include "agent/auth.h"
#include "agent/auth_need.h"
#include "agent/command_auth.h"

#define ORG_ROW                                                                                                        \
    {                                                                                                                  \
        "org", 0, OPT_TEXT, "NAME", "an org of zagent.yaml instead of its default"                                     \
    }
#define END                                                                                                            \
    {                                                                                                                  \
        NULL, 0, OPT_FLAG, NULL, NULL                                                                                  \
    }

const struct opt auth_status_opts[] = {ORG_ROW, END};
const struct opt auth_scopes_opts[] = {
    {"writer", 0, OPT_FLAG, NULL, "only the writer's"},
    {"reader", 0, OPT_FLAG, NULL, "only the reader's"},
    {"audit", 0, OPT_FLAG, NULL, "also all that audit and adopt can read"},
    {"delete-created", 0, OPT_FLAG, NULL, "also what 'rollback --delete-created' deletes with"},
    {"line", 0, OPT_FLAG, NULL, "one line a credential, to paste into the API console"},
    END,
};
const struct opt auth_logout_opts[] = {
    ORG_ROW,
    {"writer", 0, OPT_FLAG, NULL, "only the writer's credential"},
    {"reader", 0, OPT_FLAG, NULL, "only the reader's credential"},
    {"forget", 0, OPT_FLAG, NULL, "delete it here without telling Zoho"},
    PASSPHRASE_OPTS,
    END,
};

static bool wants(struct app *a, enum zoho_role role)
{
    bool reader = app_flag(a, "reader");
    bool writer = app_flag(a, "writer");
    return reader == writer || (role == ZOHO_WRITER ? writer : reader);
}

/* ---- scopes ---- */

static void print_need(struct app *a, const json_t *one)
{
    AUTO_SB struct sb line = SB_INIT(4000);
    json_t *text;
    size_t i;
    sb_add(&line, "  ");
    add_column(&line, js_str_or(one, "scope", ""), 52);
    json_array_foreach (js_arr(one, "why"), i, text)
        sb_addf(&line, "%s%s", i ? "; " : "", json_string_value(text));
    json_array_foreach (js_arr(one, "playbooks"), i, text)
        sb_addf(&line, "%s%s", i ? ", " : "  (", json_string_value(text));
    app_print(a, "%s%s\n", line.buf, json_array_size(js_arr(one, "playbooks")) ? ")" : "");
}

static int scopes_of(struct app *a, enum zoho_role role, struct err *e)
{
    json_t *needs = NULL;
    json_t *one;
    size_t i;
    if (auth_need(a, role, (app_flag(a, "audit") ? AUTH_AUDIT : 0u) | (app_flag(a, "delete-created") ? AUTH_UNDO : 0u),
                  &needs, e) < 0)
        return -1;
    js_set(a->data, credential_role(role), needs);
    AUTO_FREE char *list = auth_scope_list(needs);
    AUTO_FREE char *key = mem_printf("%s_line", credential_role(role));
    js_set_str(a->data, key, list);
    if (app_flag(a, "line")) {
        app_print(a, "%s\n", list);
        return 0;
    }
    app_print(a, "%s: %zu scopes%s\n", role == ZOHO_WRITER ? "Writer" : "Reader", json_array_size(needs),
              role == ZOHO_WRITER ? " (opened by apply, resume, rollback, off and on only)" : "");
    json_array_foreach (needs, i, one)
        print_need(a, one);
    app_print(a, "\n");
    return 0;
}

int cmd_auth_scopes(struct app *a, struct err *e)
{
    if (wants(a, ZOHO_READER) && scopes_of(a, ZOHO_READER, e) < 0)
        return -1;
    if (wants(a, ZOHO_WRITER) && scopes_of(a, ZOHO_WRITER, e) < 0)
        return -1;
    if (!app_flag(a, "line"))
        app_print(a, "'zagent auth login' asks for exactly these. DELETE is among them only where a playbook holds a "
                     "tombstone.\n");
    return 0;
}

/* ---- status ---- */

static const char *kept_in(const char *keep)
{
    return strcmp(keep, "passphrase") == 0 ? "sealed under a passphrase"
           : strcmp(keep, "keyring") == 0  ? "in the desktop's keyring"
           : strcmp(keep, "by hand") == 0  ? "in a file written by hand"
                                           : "in a file only you can read";
}

static char *age_of(struct app *a, const char *made_at)
{
    int64_t made;
    if (!made_at || clock_parse(made_at, &made, NULL) < 0)
        return mem_dup("");
    int64_t s = a->clock.now_s(a->clock.ctx) - made;
    return s < 7200    ? mem_printf(", %lld min ago", (long long)(s < 0 ? 0 : s / 60))
           : s < 86400 ? mem_printf(", %lld h ago", (long long)(s / 3600))
                       : mem_printf(", %lld days ago", (long long)(s / 86400));
}

static size_t count_scopes(const char *list)
{
    size_t n = list && *list ? 1 : 0;
    for (const char *p = list; p && *p; p++)
        n += *p == ',';
    return n;
}

static void print_missing(struct app *a, const json_t *missing, const char *org, enum zoho_role role)
{
    json_t *one;
    size_t i;
    json_array_foreach (missing, i, one)
        app_print(a, "          %smissing%s %s\n", app_paint(a, "yellow"), app_paint(a, NULL), js_str(one, "scope"));
    if (json_array_size(missing))
        app_print(a, "          fix: zagent auth login --org %s%s\n", org, role == ZOHO_WRITER ? " --writer" : "");
}

static int role_status(struct app *a, const struct auth_place *p, enum zoho_role role, json_t *out, struct err *e)
{
    const char *name = credential_role(role);
    struct err local = {0};
    json_t *about = credential_about(&p->root, p->org, role, &local);
    if (!about) {
        bool none = local.kind == ERR_NONE;
        js_set(out, name, none ? json_null() : json_pack("{s:s,s:s}", "error", local.what, "fix", local.fix));
        app_print(a, "  %s  %s%s%s", name, none ? "" : app_paint(a, "red"), none ? "not signed in" : local.what,
                  none ? "" : app_paint(a, NULL));
        if (none && p->embedded)
            app_print(a, "; the sandbox lets everybody in\n");
        else if (none)
            app_print(a, ": zagent auth login --org %s%s\n", p->org, role == ZOHO_WRITER ? " --writer" : "");
        else
            app_print(a, "\n          fix: %s\n", local.fix);
        return 0;
    }
    js_set(out, name, about);
    const char *scope = js_str(about, "scope");
    AUTO_FREE char *age = age_of(a, js_str(about, "made_at"));
    AUTO_FREE char *scopes = scope ? mem_printf("%zu scopes, ", count_scopes(scope)) : mem_dup("scopes unknown, ");
    app_print(a, "  %s  signed in%s%s%s, %s%s\n", name, js_str(about, "flow") ? " by " : "",
              js_str_or(about, "flow", ""), age, scopes, kept_in(js_str_or(about, "keep", "")));
    if (!scope)
        return 0;
    json_t *needs = NULL;
    if (auth_need(a, role, AUTH_PLAYBOOKS, &needs, e) < 0)
        return -1;
    AUTO_JSON json_t *all = needs;
    json_t *missing = auth_missing(all, scope);
    js_set(about, "missing", missing);
    print_missing(a, missing, p->org, role);
    return 0;
}

static int org_status(struct app *a, const char *name, json_t *orgs, struct err *e)
{
    struct auth_place p;
    json_t *out = json_object();
    int rc = auth_place_open(&p, a, name, false, e);
    if (rc == 0) {
        struct err quiet = {0};
        AUTO_JSON json_t *about = credential_about(&p.root, name, ZOHO_READER, &quiet);
        js_set_str(out, "dc", js_str(p.row, "dc"));
        js_set_bool(out, "sandbox", p.embedded);
        app_print(a, "%s  %s", name, p.embedded ? "sandbox" : js_str_or(p.row, "dc", "?"));
        if (js_str(about, "zgid"))
            app_print(a, "  '%s', zgid %s", js_str_or(about, "name", "?"), js_str(about, "zgid"));
        app_print(a, "\n");
        rc = role_status(a, &p, ZOHO_READER, out, e);
    }
    if (rc == 0)
        rc = role_status(a, &p, ZOHO_WRITER, out, e);
    auth_place_close(&p);
    js_set(orgs, name, out);
    return rc;
}

int cmd_auth_status(struct app *a, struct err *e)
{
    const char *only = app_text(a, "org", NULL);
    const char *name;
    json_t *row;
    json_t *orgs = json_object();
    js_set(a->data, "orgs", orgs);
    if (only)
        return org_status(a, only, orgs, e);
    json_object_foreach (js_obj(a->project->conf.root, "orgs"), name, row)
        if (org_status(a, name, orgs, e) < 0)
            return -1;
    return 0;
}

/* ---- logout ---- */

static int revoke(struct app *a, const struct auth_place *p, enum zoho_role role, struct err *e)
{
    struct credential c;
    struct signin *s = NULL;
    if (credential_open(a, &p->root, p->org, role, &c, e) < 0)
        return err_fix(e,
                       "give the passphrase; a lost one: 'zagent auth logout --forget', then take the app away under "
                       "Connected apps of the Zoho account");
    struct signin_config sc = auth_place_config(p, js_str(c.about, "dc"));
    sc.client_id = js_str_or(c.about, "client_id", "");
    sc.client_secret = &c.client_secret;
    int rc = signin_open(&s, &sc, e);
    if (rc == 0)
        rc = signin_revoke(s, c.refresh_token.p, e);
    signin_close(s);
    credential_release(&c);
    return rc;
}

static int logout_role(struct app *a, const struct auth_place *p, enum zoho_role role, struct err *e)
{
    const char *name = credential_role(role);
    struct err local = {0};
    AUTO_JSON json_t *about = credential_about(&p->root, p->org, role, &local);
    bool forget = app_flag(a, "forget");
    if (!about && local.kind == ERR_NONE) {
        js_set_str(a->data, name, "was not signed in");
        app_print(a, "%s of %s: was not signed in\n", name, p->org);
        return 0;
    }
    if (!about && !forget) {
        *e = local;
        return -1;
    }
    if (!forget && revoke(a, p, role, e) < 0)
        return -1;
    if (credential_remove(&p->root, p->org, role, e) < 0)
        return -1;
    js_set_str(a->data, name, forget ? "deleted here" : "revoked and deleted");
    app_print(a, "%s of %s: %s\n", name, p->org,
              forget ? "deleted here; Zoho still knows it: take the app away under Connected apps of the account"
                     : "revoked at Zoho and deleted here");
    return 0;
}

int cmd_auth_logout(struct app *a, struct err *e)
{
    struct auth_place p;
    int rc = auth_place_open(&p, a, app_text(a, "org", NULL), !app_flag(a, "forget"), e);
    if (rc == 0 && wants(a, ZOHO_READER))
        rc = logout_role(a, &p, ZOHO_READER, e);
    if (rc == 0 && wants(a, ZOHO_WRITER))
        rc = logout_role(a, &p, ZOHO_WRITER, e);
    auth_place_close(&p);
    return rc;
}
