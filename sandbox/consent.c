/*
 * sandbox/consent.c — what a person sees at the accounts host: who signs in, what the app asks for, accept or deny. For the
 * authorization code (redirect) and for a device's user code.
 *
 * Sign-in   there is no password: the page offers the org's users.
 * Redirect  to loopback only: a code of this org is of no use elsewhere, and nobody can be sent away by it.
 * Forgery   the form carries a value that only this page knows, good for one answer.
 * Source    zoho-api.md 3.2 (parameters of the redirect), 3.6; zoho.com/accounts/protocol/oauth/devices. The look is ours.
 */
#include "base/digest.h"
#include "base/sb.h"
#include "base/text.h"
#include "sandbox/grant.h"
#include "sandbox/limits.h"
#include "sandbox/oauth.h"
#include "sandbox/route.h"

enum { PAGE_MAX = 256 << 10 };

static void add_escaped(struct sb *b, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            sb_add(b, "&amp;");
            break;
        case '<':
            sb_add(b, "&lt;");
            break;
        case '>':
            sb_add(b, "&gt;");
            break;
        case '"':
            sb_add(b, "&quot;");
            break;
        default:
            sb_addc(b, *text);
        }
    }
}

static void page_begin(struct sb *b, const char *title)
{
    sb_addf(b,
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
            "content=\"width=device-width\"><title>%s</title><style>body{font:1rem/1.5 "
            "sans-serif;max-width:36rem;margin:2rem "
            "auto;padding:0 1rem}button{font:inherit;padding:.4rem 1rem}</style><h1>%s</h1>",
            title, title);
}

static void page_send(struct call *c, int status, struct sb *b)
{
    js_set_str(c->out_headers, "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
    js_set_str(c->out_headers, "Referrer-Policy", "no-referrer");
    js_set_str(c->out_headers, "X-Frame-Options", "DENY");
    answer_text(c, "text/html;charset=UTF-8", b->buf);
    c->status = status;
}

/* What went wrong before there is anywhere to send the browser to: Zoho shows a page too. */
static void refused(struct call *c, const char *code, const char *say)
{
    AUTO_SB struct sb b = SB_INIT(PAGE_MAX);
    page_begin(&b, "The sandbox cannot ask for consent");
    sb_addf(&b, "<p><code>%s</code>: ", code);
    add_escaped(&b, say);
    sb_add(&b, "</p>");
    page_send(c, 400, &b);
}

static void hidden(struct sb *b, const char *name, const char *value)
{
    if (value) {
        sb_addf(b, "<input type=\"hidden\" name=\"%s\" value=\"", name);
        add_escaped(b, value);
        sb_add(b, "\">");
    }
}

static void form_begin(struct call *c, struct sb *b, const char *action)
{
    char once[33];
    digest_random_hex(once, 16);
    store_set_meta(c->st, "consent_form", once);
    sb_addf(b, "<form method=\"post\" action=\"%s\">", action);
    hidden(b, "form", once);
}

/* The page's own value, and it is used up. */
static bool form_is_ours(struct call *c)
{
    AUTO_FREE char *sent = oauth_param(c, "form");
    AUTO_FREE char *kept = store_meta(c->st, "consent_form");
    bool ours = sent && kept && *kept && strcmp(sent, kept) == 0;
    if (ours) {
        store_set_meta(c->st, "consent_form", "");
    } else {
        refused(c, "general_error", "this answer does not come from the newest consent page; open it again");
    }
    return ours;
}

static void form_end(struct call *c, struct sb *b, const char *scope)
{
    AUTO_JSON json_t *users = config_list(c->st, "users", NULL);
    json_t *u;
    size_t i;
    sb_add(b, "<p>The app asks for:</p><ul>");
    for (const char *p = scope; *p;) {
        size_t n = strcspn(p, ", ");
        AUTO_FREE char *one = mem_dupn(p, n);
        sb_add(b, "<li><code>");
        add_escaped(b, one);
        sb_add(b, "</code></li>");
        p += n;
        p += strspn(p, ", ");
    }
    sb_add(b, "</ul><p><label>Sign in as <select name=\"user\">");
    json_array_foreach (users, i, u) {
        sb_add(b, "<option value=\"");
        add_escaped(b, js_str_or(u, "email", ""));
        sb_add(b, "\">");
        add_escaped(b, js_str_or(u, "full_name", ""));
        sb_add(b, " (");
        add_escaped(b, js_str_or(js_obj(u, "profile"), "name", ""));
        sb_add(b, ")</option>");
    }
    sb_add(b,
           "</select></label></p><p><button name=\"answer\" value=\"accept\">Accept</button> <button name=\"answer\" "
           "value=\"deny\">Reject</button></p></form>");
}

/* ---- the authorization code ---- */

/* http(s)://127.0.0.1, localhost or [::1], a port or none, and a path: nothing else can follow the host. */
static bool is_loopback(const char *uri)
{
    static const char *const hosts[] = {"127.0.0.1", "localhost", "[::1]"};
    const char *rest = strncmp(uri, "http://", 7) == 0 ? uri + 7 : strncmp(uri, "https://", 8) == 0 ? uri + 8 : "";
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        size_t n = strlen(hosts[i]);
        if (strncmp(rest, hosts[i], n) == 0) {
            rest += n;
            rest += *rest == ':' ? 1 + strspn(rest + 1, "0123456789") : 0;
            return (*rest == '\0' || *rest == '/' || *rest == '?') && !strpbrk(rest, " \t\r\n");
        }
    }
    return false;
}

static const char *const asked[] = {"response_type", "client_id",      "scope", "redirect_uri",          "access_type",
                                    "prompt",        "code_challenge", "state", "code_challenge_method", NULL};
enum { RESPONSE_TYPE, CLIENT_ID, SCOPE, REDIRECT, ACCESS, PROMPT, CHALLENGE, STATE, METHOD, N_ASKED };

struct request {
    char *p[N_ASKED];
};

static void request_release(struct request *r)
{
    for (int i = 0; i < N_ASKED; i++) {
        free(r->p[i]);
    }
}

/* -1 = answered with a page that says what is wrong. */
static int request_read(struct call *c, struct request *r)
{
    for (int i = 0; i < N_ASKED; i++) {
        r->p[i] = oauth_param(c, asked[i]);
    }
    if (!r->p[CLIENT_ID] || strcmp(r->p[CLIENT_ID], c->s->client_id) != 0) {
        refused(c, "invalid_client", "no such client; the start line names client_id");
    } else if (!r->p[REDIRECT] || !is_loopback(r->p[REDIRECT])) {
        refused(c, "invalid_redirect_uri", "redirect_uri must be on this machine, e.g. http://127.0.0.1:8000/callback");
    } else if (!r->p[RESPONSE_TYPE] || strcmp(r->p[RESPONSE_TYPE], "code") != 0) {
        refused(c, "invalid_response_type", "response_type must be code");
    } else if (!r->p[SCOPE] || !scope_valid(r->p[SCOPE])) {
        refused(c, "invalid_scope", "scopes look like ZohoCRM.modules.READ, joined by commas");
    } else if (r->p[METHOD] && strcmp(r->p[METHOD], "S256") != 0 && strcmp(r->p[METHOD], "plain") != 0) {
        refused(c, "invalid_code_challenge_method", "code_challenge_method is S256 or plain");
    }
    return c->answered ? -1 : 0;
}

static void authorize(struct call *c)
{
    struct request r = {0};
    if (request_read(c, &r) == 0) {
        AUTO_SB struct sb b = SB_INIT(PAGE_MAX);
        page_begin(&b, "Allow an app to use this sandbox org");
        form_begin(c, &b, "/oauth/v2/auth");
        for (int i = 0; i < N_ASKED; i++) {
            hidden(&b, asked[i], r.p[i]);
        }
        form_end(c, &b, r.p[SCOPE]);
        page_send(c, 200, &b);
    }
    request_release(&r);
}

/* A repeated consent gives no further refresh token unless prompt=consent (zoho-api.md 3.2). */
static bool wants_refresh(struct call *c, const struct request *r, const char *user)
{
    int64_t before = 0;
    if (!r->p[ACCESS] || strcmp(r->p[ACCESS], "offline") != 0) {
        return false;
    }
    sqlite3_stmt *q =
        store_q(c->st, "SELECT count(*) FROM oauth_grant WHERE user=?1 AND offline=1 AND revoked=0", "s", user);
    while (store_row(c->st, q)) {
        before = sqlite3_column_int64(q, 0);
    }
    return before == 0 || (r->p[PROMPT] && strcmp(r->p[PROMPT], "consent") == 0);
}

static void send_back(struct call *c, const struct request *r, const char *code)
{
    AUTO_SB struct sb to = SB_INIT(PAGE_MAX);
    AUTO_FREE char *server = org_url(c->s);
    AUTO_FREE char *elsewhere = mem_printf("%s://localhost:%d", c->s->tls.ca_file ? "https" : "http", c->s->port);
    AUTO_FREE char *accounts = text_percent_encode(c->s->on[SWITCH_other_dc] ? elsewhere : server);
    sb_addf(&to, "%s%c", r->p[REDIRECT], strchr(r->p[REDIRECT], '?') ? '&' : '?');
    if (code) {
        sb_addf(&to, "code=%s&location=%s&accounts-server=%s", code, c->s->dc, accounts);
    } else {
        sb_add(&to, "error=access_denied");
    }
    if (r->p[STATE]) {
        AUTO_FREE char *state = text_percent_encode(r->p[STATE]);
        sb_addf(&to, "&state=%s", state);
    }
    js_set_str(c->out_headers, "Location", to.buf);
    answer_json(c, 302, NULL);
}

static void authorized(struct call *c)
{
    struct request r = {0};
    AUTO_FREE char *email = oauth_param(c, "user");
    AUTO_FREE char *answer = oauth_param(c, "answer");
    if (form_is_ours(c) && request_read(c, &r) == 0) {
        bool yes = answer && strcmp(answer, "accept") == 0;
        AUTO_FREE char *user = email ? org_user_by_email(c->s, email) : NULL;
        if (yes && !user) {
            refused(c, "general_error", "this org has no such user");
        } else if (yes) {
            struct grant_wish w = {.user = user,
                                   .scope = r.p[SCOPE],
                                   .redirect = r.p[REDIRECT],
                                   .challenge = r.p[CHALLENGE],
                                   .method = r.p[METHOD] ? r.p[METHOD] : "plain",
                                   .offline = wants_refresh(c, &r, user)};
            AUTO_FREE char *code = grant_code_make(c->s, &w, LIM_CODE_LIFE_S);
            send_back(c, &r, code);
        } else {
            send_back(c, &r, NULL);
        }
    }
    request_release(&r);
}

/* ---- a device's user code ---- */

static void device_page(struct call *c)
{
    AUTO_SB struct sb b = SB_INIT(PAGE_MAX);
    AUTO_FREE char *code = oauth_param(c, "user_code");
    AUTO_FREE char *scope = code ? grant_device_scope(c->s, code) : NULL;
    page_begin(&b, "Allow a device to use this sandbox org");
    if (scope) {
        form_begin(c, &b, "/oauth/v3/device");
        hidden(&b, "user_code", code);
        form_end(c, &b, scope);
    } else {
        sb_add(&b, code ? "<p>No device waits with this code.</p>" : "");
        sb_add(
            &b,
            "<form><label>The code the device shows <input name=\"user_code\"></label> <button>Verify</button></form>");
    }
    page_send(c, 200, &b);
}

static void device_answered(struct call *c)
{
    AUTO_FREE char *code = oauth_param(c, "user_code");
    AUTO_FREE char *answer = oauth_param(c, "answer");
    AUTO_FREE char *email = oauth_param(c, "user");
    if (!form_is_ours(c)) {
        return;
    }
    bool yes = answer && strcmp(answer, "accept") == 0;
    AUTO_FREE char *user = yes && email ? org_user_by_email(c->s, email) : NULL;
    if ((yes && !user) || !code || !grant_device_answer(c->s, code, yes ? user : NULL)) {
        refused(c, "general_error", "no device waits with this code, or this org has no such user");
        return;
    }
    AUTO_SB struct sb b = SB_INIT(PAGE_MAX);
    page_begin(&b, yes ? "The device may go on" : "The device was refused");
    page_send(c, 200, &b);
}

static const struct route rows[] = {
    {"GET", "/oauth/v2/auth", NULL, 0, authorize, NULL},
    {"POST", "/oauth/v2/auth", NULL, 0, authorized, NULL},
    {"GET", "/oauth/v3/device", NULL, 0, device_page, NULL},
    {"POST", "/oauth/v3/device", NULL, 0, device_answered, NULL},
};
ROUTE_TABLE(routes_consent, rows);
