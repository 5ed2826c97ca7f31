/* agent/cmd_auth_login.c — auth login: client, one of four ways to a grant, whose org it opens, and only then the file. */
#include "agent/ask.h"
#include "agent/auth.h"
#include "agent/auth_need.h"
#include "agent/command_auth.h"
#include "agent/interrupt.h"
#include "agent/keyring.h"
#include "agent/receiver.h"
#include "agent/session.h"
#include "agent/tool.h"

enum { SECRET_FILE_MAX = 64 << 10, BROWSER_WAIT_MS = 5 * 60 * 1000, REGISTERED_PORT = 8793 };

const struct opt auth_login_opts[] = {
    {"org", 0, OPT_TEXT, "NAME", "an org of zagent.yaml instead of its default"},
    {"writer", 0, OPT_FLAG, NULL, "the credential that apply writes with"},
    {"flow", 0, OPT_TEXT, "WAY", "device (default), browser, self-client or import"},
    {"client-file", 0, OPT_TEXT, "FILE", "JSON with client_id and client_secret (0600) instead of asking for them"},
    {"code-file", 0, OPT_TEXT, "FILE", "the self client's code is the first line of FILE (0600), - for standard input"},
    {"client-dc", 0, OPT_TEXT, "NAME", "where the client is registered, when that is not the org's data centre"},
    {"keep", 0, OPT_TEXT, "WHERE", "file (reader), passphrase (writer) or keyring"},
    {"audit", 0, OPT_FLAG, NULL, "ask for all that audit and adopt can read"},
    {"delete-created", 0, OPT_FLAG, NULL, "ask for what 'rollback --delete-created' deletes with"},
    {"scope", 0, OPT_LIST, "SCOPE", "ask for this one too"},
    {"port", 0, OPT_INT, "N", "where the browser comes back to (default 8793)"},
    {"no-browser", 0, OPT_FLAG, NULL, "only print the link"},
    PASSPHRASE_OPTS,
    {NULL, 0, OPT_FLAG, NULL, NULL},
};

struct login {
    struct app *a;
    struct auth_place place;
    enum zoho_role role;
    const char *flow, *keep;
    json_t *needs;
    char *scopes; /* asked for, comma separated */
    char *client_id;
    struct secret client_secret, passphrase;
    json_t *client_file; /* what else stands in it: code, refresh_token */
    struct signin_config config;
    struct signin *signin;
    struct signin_grant grant;
};

static void login_release(struct login *l)
{
    signin_close(l->signin);
    signin_grant_release(&l->grant);
    secret_release(&l->client_secret);
    secret_release(&l->passphrase);
    json_decref(l->client_file);
    json_decref(l->needs);
    free(l->scopes);
    free(l->client_id);
    auth_place_close(&l->place);
}

/* What the person must see to go on: no talk that --quiet may swallow. */
static void tell(struct app *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void tell(struct app *a, const char *fmt, ...)
{
    bool quiet = a->quiet;
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *text = mem_vprintf(fmt, ap);
    va_end(ap);
    a->quiet = false;
    app_say(a, "%s", text);
    a->quiet = quiet;
}

/* ---- what was asked for ---- */

static int one_of(const char *value, const char *option, const char *const *allowed, size_t n, struct err *e)
{
    AUTO_SB struct sb all = SB_INIT(200);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(allowed[i], value) == 0)
            return 0;
        sb_addf(&all, "%s%s", i ? ", " : "", allowed[i]);
    }
    err_set(e, ERR_USAGE, "--%s does not know '%s'", option, value);
    return err_fix(e, "one of: %s", all.buf);
}

static int choose(struct login *l, struct err *e)
{
    static const char *const flows[] = {"device", "browser", "self-client", "import"};
    static const char *const keeps[] = {"file", "passphrase", "keyring"};
    struct app *a = l->a;
    l->role = app_flag(a, "writer") ? ZOHO_WRITER : ZOHO_READER;
    l->flow = app_text(a, "flow", app_text(a, "code-file", NULL) ? "self-client" : "device");
    l->keep = app_text(a, "keep", l->role == ZOHO_WRITER ? "passphrase" : "file");
    if (one_of(l->flow, "flow", flows, 4, e) < 0 || one_of(l->keep, "keep", keeps, 3, e) < 0)
        return -1;
    if (l->role == ZOHO_WRITER && strcmp(l->keep, "file") == 0) {
        err_set(e, ERR_REFUSED, "the writer's credential is not kept in the clear");
        return err_fix(e, "--keep passphrase, or keyring where there is a desktop");
    }
    if (strcmp(l->keep, "keyring") == 0 && !keyring_present()) {
        err_set(e, ERR_USAGE, "there is no secret-tool on this machine");
        return err_fix(e, "install libsecret-tools, or use --keep passphrase");
    }
    if (a->no_input && (strcmp(l->flow, "device") == 0 || strcmp(l->flow, "browser") == 0)) {
        err_set(e, ERR_REFUSED, "nobody to accept: --flow %s needs a person at a browser", l->flow);
        return err_fix(e, "without one use --flow self-client with --client-file and --code-file, or import");
    }
    return 0;
}

static int ask_for(struct login *l, struct err *e)
{
    if (auth_need(l->a, l->role,
                  (app_flag(l->a, "audit") ? AUTH_AUDIT : 0u) | (app_flag(l->a, "delete-created") ? AUTH_UNDO : 0u),
                  &l->needs, e) < 0)
        return -1;
    AUTO_FREE char *list = auth_scope_list(l->needs);
    AUTO_SB struct sb all = SB_INIT(64 << 10);
    const json_t *more = app_list(l->a, "scope");
    sb_add(&all, list);
    for (size_t i = 0; i < json_array_size(more); i++)
        sb_addf(&all, ",%s", json_string_value(json_array_get(more, i)));
    l->scopes = sb_take(&all, "scopes", e);
    return l->scopes ? 0 : -1;
}

/* ---- the client ---- */

static int client_from_file(struct login *l, const char *path, struct err *e)
{
    if (fs_private_check(path, e) < 0)
        return -1;
    l->client_file = js_load(path, e);
    if (!l->client_file)
        return -1;
    const char *id = js_str(l->client_file, "client_id");
    const char *secret = js_str(l->client_file, "client_secret");
    if (!id || !secret) {
        err_set(e, ERR_CONFIG, "the file names no %s", id ? "client_secret" : "client_id");
        err_at(e, "%s", path);
        return err_fix(e, "write {\"client_id\": \"…\", \"client_secret\": \"…\"} as the API console shows them");
    }
    l->client_id = mem_dup(id);
    secret_set(&l->client_secret, secret);
    return 0;
}

/* Signed in before: the same client again, unless opening it would ask for a passphrase. */
static bool client_from_before(struct login *l)
{
    struct err quiet = {0};
    struct credential c;
    AUTO_JSON json_t *about = credential_about(&l->place.root, l->place.org, ZOHO_READER, &quiet);
    if (!about || strcmp(js_str_or(about, "keep", ""), "passphrase") == 0 ||
        credential_open(l->a, &l->place.root, l->place.org, ZOHO_READER, &c, &quiet) < 0)
        return false;
    l->client_id = mem_dup(js_str_or(c.about, "client_id", ""));
    secret_set(&l->client_secret, c.client_secret.p);
    credential_release(&c);
    return true;
}

static char *redirect_uri(const struct login *l, int port)
{
    /* Zoho compares byte by byte what was registered, and localhost is what its console is known to take; RFC 8252 prefers the number. */
    return mem_printf("http://%s:%d/callback", l->place.embedded ? "127.0.0.1" : "localhost", port);
}

static int client_from_person(struct login *l, struct err *e)
{
    static const char instead[] = "give them with --client-file FILE (JSON, mode 0600)";
    static const struct {
        const char *flow, *type;
    } types[] = {{"device", "Non-browser application"},
                 {"browser", "Server-based application"},
                 {"self-client", "Self Client"},
                 {"import", "client your refresh token is of"}};
    const char *dc = app_text(l->a, "client-dc", js_str(l->place.row, "dc"));
    AUTO_FREE char *console = auth_console(dc);
    AUTO_FREE char *back = redirect_uri(l, (int)app_int(l->a, "port", REGISTERED_PORT));
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].flow, l->flow) == 0)
            tell(l->a, "Needed once: at %s a %s%s%s. It shows a client id and a client secret.\n", console,
                 types[i].type, i == 1 ? " with the redirect URI " : "", i == 1 ? back : "");
    if (ask_line(l->a, "Client id", instead, &l->client_id, e) < 0)
        return -1;
    return ask_secret(l->a, "Client secret", instead, &l->client_secret, e);
}

static int find_client(struct login *l, struct err *e)
{
    const char *file = app_text(l->a, "client-file", NULL);
    int rc = 0;
    if (file) {
        rc = client_from_file(l, file, e);
    } else if (l->place.embedded) {
        l->client_id = mem_dup(js_str_or(l->place.info, "client_id", ""));
        secret_set(&l->client_secret, js_str_or(l->place.info, "client_secret", ""));
    } else if (!client_from_before(l)) {
        rc = client_from_person(l, e);
    }
    return rc;
}

/* ---- the ways ---- */

static int by_device(struct login *l, struct err *e)
{
    struct app *a = l->a;
    struct signin_device d;
    if (signin_device_start(l->signin, l->scopes, &d, e) < 0)
        return -1;
    tell(a, "Open   %s\nType   %s\nand accept there, on this machine or any other. Waiting up to %lld minutes …\n",
         d.url, d.user_code, (long long)(d.expires_s / 60));
    if (d.complete && !app_flag(a, "no-browser") && !a->json)
        tool_show_link(d.complete);
    int64_t until = a->clock.mono_ms(a->clock.ctx) + d.expires_s * 1000;
    int got = 0;
    while (got == 0 && !interrupt_asked() && a->clock.mono_ms(a->clock.ctx) < until) {
        for (int64_t left = d.interval_s; left > 0 && !interrupt_asked(); left--)
            a->clock.sleep_ms(a->clock.ctx, 1000); /* in slices: Ctrl-C is heard */
        got = interrupt_asked() ? 0 : signin_device_poll(l->signin, &d, &l->grant, e);
    }
    signin_device_release(&d);
    if (got > 0)
        return 0;
    if (interrupt_asked())
        return err_set(e, ERR_INTERRUPTED, "interrupted: nothing was changed");
    if (got < 0)
        return -1;
    err_set(e, ERR_AUTH, "nobody typed the code in time");
    return err_fix(e, "run 'zagent auth login' again");
}

static int by_browser(struct login *l, struct err *e)
{
    struct app *a = l->a;
    struct receiver r;
    struct signin_ask ask = {0};
    struct secret query = {0};
    struct secret code = {0};
    int port = (int)app_int(a, "port", l->place.embedded ? 0 : REGISTERED_PORT);
    if (port < 0 || port > 65535)
        return err_set(e, ERR_USAGE, "--port takes a number from 1 to 65535");
    if (receiver_open(&r, port, e) < 0)
        return -1;
    AUTO_FREE char *back = redirect_uri(l, r.port);
    int rc = signin_ask(l->signin, l->scopes, back, &ask, e);
    if (rc == 0) {
        tell(a, "Open this link in a browser of this machine and accept there (redirect URI %s):\n%s\n", back, ask.url);
        if (!app_flag(a, "no-browser") && !a->json)
            tool_show_link(ask.url);
        rc = receiver_wait(&r, &a->clock, BROWSER_WAIT_MS, interrupt_asked, &query, e);
    }
    receiver_close(&r);
    if (rc == 0)
        rc = signin_redirect(l->signin, &ask, query.p, &code, e);
    if (rc == 0)
        rc = signin_redeem(l->signin, code.p, &ask, &l->grant, e);
    secret_release(&query);
    secret_release(&code);
    signin_ask_release(&ask);
    return rc;
}

static int by_code(struct login *l, struct err *e)
{
    static const char instead[] = "give it with --code-file FILE (mode 0600), or - for standard input";
    struct app *a = l->a;
    const char *file = app_text(a, "code-file", NULL);
    const char *known = js_str(l->client_file, "code");
    struct secret code = {0};
    int rc = 0;
    if (file) {
        rc = ask_file(file, SECRET_FILE_MAX, &code, e);
    } else if (known) {
        secret_set(&code, known);
    } else {
        AUTO_FREE char *console = auth_console(app_text(a, "client-dc", js_str(l->place.row, "dc")));
        tell(a, "At %s: Self Client, Generate Code, with this scope (one line):\n%s\n",
             l->place.embedded ? "'zagent sandbox code --scope …'" : console, l->scopes);
        rc = ask_secret(a, "Code", instead, &code, e);
    }
    if (rc == 0)
        rc = signin_redeem(l->signin, code.p, NULL, &l->grant, e);
    secret_release(&code);
    return rc;
}

static int by_import(struct login *l, struct err *e)
{
    const char *token = js_str(l->client_file, "refresh_token");
    if (!token) {
        err_set(e, ERR_USAGE, "--flow import needs a file with client_id, client_secret and refresh_token");
        return err_fix(e, "name it with --client-file FILE (mode 0600)");
    }
    secret_set(&l->grant.refresh_token, token);
    return 0;
}

static int get_grant(struct login *l, struct err *e)
{
    static const struct {
        const char *flow;
        int (*run)(struct login *l, struct err *e);
    } ways[] = {{"device", by_device}, {"browser", by_browser}, {"self-client", by_code}, {"import", by_import}};
    l->config = auth_place_config(&l->place, app_text(l->a, "client-dc", NULL));
    l->config.client_id = l->client_id;
    l->config.client_secret = &l->client_secret;
    if (signin_open(&l->signin, &l->config, e) < 0)
        return -1;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (strcmp(ways[i].flow, l->flow) == 0)
            return ways[i].run(l, e);
    return -1;
}

/* ---- whose org it opens ---- */

static int dc_fits(const struct login *l, struct err *e)
{
    const char *said = js_str(l->place.row, "dc");
    const char *client = app_text(l->a, "client-dc", said);
    if (l->place.embedded || !l->grant.dc || strcmp(l->grant.dc, said) == 0)
        return 0;
    err_set(e, ERR_CONFIG, "this account lives in data centre %s, but zagent.yaml says dc: %s for org '%s'",
            l->grant.dc, said, l->place.org);
    err_at(e, "zagent.yaml");
    return err_fix(e, "write dc: %s there, then run 'zagent auth login --org %s --client-dc %s'", l->grant.dc,
                   l->place.org, client);
}

static struct credential make_credential(const struct login *l)
{
    struct credential c = {.about = json_object()};
    char now[CLOCK_TEXT];
    clock_rfc3339(l->a->clock.now_s(l->a->clock.ctx), now);
    js_set_str(c.about, "org", l->place.org);
    js_set_str(c.about, "role", credential_role(l->role));
    js_set_str(c.about, "dc", l->place.embedded ? NULL : l->grant.dc ? l->grant.dc : js_str(l->place.row, "dc"));
    js_set_str(c.about, "client_id", l->client_id);
    js_set_str(c.about, "scope", l->grant.scope ? l->grant.scope : strcmp(l->flow, "import") ? l->scopes : NULL);
    js_set_str(c.about, "flow", l->flow);
    js_set_str(c.about, "keep", l->keep);
    js_set_str(c.about, "made_at", now);
    secret_set(&c.client_secret, l->client_secret.p);
    secret_set(&c.refresh_token, l->grant.refresh_token.p);
    return c;
}

/* One name, one org on this machine: two projects may both call theirs "main". */
static int name_is_free(const struct login *l, const char *zgid, struct err *e)
{
    struct err quiet = {0};
    for (int role = 0; role < 2 && !l->place.embedded; role++) {
        AUTO_JSON json_t *about =
            credential_about(&l->place.root, l->place.org, role ? ZOHO_WRITER : ZOHO_READER, &quiet);
        const char *other = js_str(about, "zgid");
        if (!other || strcmp(other, zgid) == 0)
            continue;
        err_set(e, ERR_REFUSED, "the name '%s' is another org's on this machine: '%s', zgid %s", l->place.org,
                js_str_or(about, "name", "?"), other);
        err_at(e, "%s", js_str(about, "file"));
        return err_fix(e, "give this org another name in zagent.yaml, or sign the other out first");
    }
    return 0;
}

/* Opens the org with it: the refresh token works, and it is the pinned org. */
static int meet_org(struct login *l, struct credential *c, struct err *e)
{
    struct state *st = NULL;
    struct org *o = NULL;
    auth_place_rest(&l->place);
    int rc = state_open(&st, &l->a->project->zagent, &l->a->clock, e);
    if (rc == 0)
        rc = org_open_as(&o, l->a, st, l->place.org, l->role, c, e);
    if (rc == 0)
        rc = name_is_free(l, o->zgid, e);
    if (rc == 0) {
        js_set_str(c->about, "zgid", o->zgid);
        js_set_str(c->about, "name", js_str_or(o->info, "name", ""));
    }
    org_close(o);
    state_close(st);
    return rc;
}

/* What is not kept is taken back: nothing that opens an org lies about unknown. An imported token is its owner's. */
static void take_back(struct login *l)
{
    struct err quiet = {0};
    if (l->grant.refresh_token.p && l->signin && strcmp(l->flow, "import") != 0 && !l->place.embedded)
        signin_revoke(l->signin, l->grant.refresh_token.p, &quiet);
}

static void report(struct login *l, const struct credential *c)
{
    struct app *a = l->a;
    const char *scope = js_str(c->about, "scope");
    json_t *missing = scope ? auth_missing(l->needs, scope) : json_array();
    json_t *one;
    size_t i;
    json_object_update(a->data, c->about);
    js_set(a->data, "missing", missing);
    app_print(a, "Signed in to '%s' (zgid %s%s%s) as %s.\n", js_str_or(c->about, "name", "?"),
              js_str_or(c->about, "zgid", "?"), js_str(c->about, "dc") ? ", " : "", js_str_or(c->about, "dc", ""),
              credential_role(l->role));
    json_array_foreach (missing, i, one)
        app_warn(a, "scope %s was not granted: %s", js_str(one, "scope"),
                 json_string_value(json_array_get(js_arr(one, "why"), 0)));
    app_print(a, "Next: zagent %s --org %s\n", l->role == ZOHO_WRITER ? "apply --dry-run" : "doctor", l->place.org);
}

int cmd_auth_login(struct app *a, struct err *e)
{
    struct login l = {.a = a, .place = {.root = {.fd = -1}}};
    struct credential c = {0};
    int rc = choose(&l, e);
    if (rc == 0)
        rc = auth_place_open(&l.place, a, app_text(a, "org", NULL), true, e);
    if (rc == 0)
        rc = ask_for(&l, e) < 0 || find_client(&l, e) < 0 ? -1 : 0;
    if (rc == 0 && strcmp(l.keep, "passphrase") == 0) { /* before anybody accepts anything */
        AUTO_FREE char *what = mem_printf("the %s credential of org %s", credential_role(l.role), l.place.org);
        rc = ask_passphrase(a, what, true, &l.passphrase, e);
    }
    if (rc == 0)
        rc = get_grant(&l, e);
    if (rc == 0) {
        c = make_credential(&l);
        rc = dc_fits(&l, e) < 0 || meet_org(&l, &c, e) < 0 ? -1 : 0;
        if (rc == 0)
            rc = credential_save(&l.place.root, &c, &l.passphrase, e);
        if (rc < 0)
            take_back(&l);
    }
    if (rc == 0)
        report(&l, &c);
    credential_release(&c);
    login_release(&l);
    return rc;
}
