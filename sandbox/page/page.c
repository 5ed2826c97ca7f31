/* sandbox/page/page.c — from a request to a page: who may, which row, the transaction, the frame around the content. */
#include "sandbox/page/page.h"

#include "base/digest.h"
#include "sandbox/automation.h"
#include "sandbox/page/form.h"
#include "sandbox/page/parts.h"

/* The first row whose name is the path's. Rows with nav stand in the menu, in this order. */
static const struct page_row rows[] = {
    {"", "Overview", page_home, page_home_act, NULL},
    {"module", NULL, page_module, NULL, ""},
    {"record", NULL, page_record, page_record_act, ""},
    {"edit", NULL, page_edit, page_edit_act, ""},
    {"blueprints", "Blueprints", page_blueprints, NULL, NULL},
    {"blueprint", NULL, page_blueprint, page_blueprint_act, "blueprints"},
    {"rules", "Rules", page_rules, NULL, NULL},
    {"rule", NULL, page_rule, NULL, "rules"},
    {"functions", "Functions", page_functions, NULL, NULL},
    {"function", NULL, page_function, NULL, "functions"},
    {"outbox", "Outbox", page_outbox, NULL, NULL},
    {"requests", "Requests", page_requests, NULL, NULL},
    {"setup", "Setup", page_setup, page_setup_act, NULL},
};
enum { ROWS = sizeof rows / sizeof *rows };

/* ---- who may ---- */

/* Digests are compared, so the time it takes says nothing about the secret. */
static bool same_secret(const char *given, const char *wanted)
{
    char a[65], b[65];
    digest_sha256(given ? given : "", given ? strlen(given) : 0, a);
    digest_sha256(wanted, strlen(wanted), b);
    return strcmp(a, b) == 0;
}

/* What the browser keeps and what its forms carry follow from the key, each for its own purpose. */
static void derived(const struct sandbox *s, const char *purpose, const char *what, char out[65])
{
    AUTO_FREE char *text = mem_printf("%s|%s|%s", s->page_key, purpose, what);
    digest_sha256(text, strlen(text), out);
}

void page_form_token(const struct page *p, char out[65])
{
    derived(p->c->s, "form", p->c->path, out);
}

void page_new_key(struct sandbox *s)
{
    digest_random_hex(s->page_key, (sizeof s->page_key - 1) / 2);
}

char *page_entry(const struct sandbox *s)
{
    return mem_printf("/page?key=%s", s->page_key);
}

static bool host_is_ours(const struct call *c, const char *host)
{
    static const char *const names[] = {"127.0.0.1", "localhost"};
    for (size_t i = 0; host && i < sizeof names / sizeof *names; i++) {
        AUTO_FREE char *own = mem_printf("%s:%d", names[i], c->s->port);
        if (strcmp(host, own) == 0) {
            return true;
        }
    }
    return false;
}

/* Absent = not a browser, or one too old to say: the form's token stands all the same. */
static bool from_elsewhere(const struct call *c)
{
    const char *origin = call_header(c, "origin"), *site = call_header(c, "sec-fetch-site");
    const char *slashes = origin ? strstr(origin, "://") : NULL;
    return (origin && !(slashes && host_is_ours(c, slashes + 3))) || (site && strcmp(site, "same-origin") != 0);
}

/* Cookies do not tell ports apart, so the port is in the name. */
static bool signed_in(const struct call *c)
{
    char want[65];
    const char *all = call_header(c, "cookie");
    AUTO_FREE char *name = mem_printf("zagent_page_%d=", c->s->port);
    derived(c->s, "cookie", "", want);
    for (const char *p = all; p && *p;) {
        p += strspn(p, "; ");
        size_t n = strcspn(p, ";");
        AUTO_FREE char *one = mem_dupn(p, n);
        if (strncmp(one, name, strlen(name)) == 0 && same_secret(one + strlen(name), want)) {
            return true;
        }
        p += n;
    }
    return false;
}

/* ---- answers ---- */

static void headers(struct call *c)
{
    static const char *const each[][2] = {
        {"Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
                                    "frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy",
         "same-origin"}, /* "no-referrer" would make a browser send Origin: null with our own forms */
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cache-Control", "no-store"},
    };
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        js_set_str(c->out_headers, each[i][0], each[i][1]);
    }
}

static void send_to(struct call *c, const char *path)
{
    js_set_str(c->out_headers, "Location", path);
    answer_text(c, "text/plain", "");
    c->status = 303;
}

/* A page without menu or content of the org: for whoever may not see it. */
static void turn_away(struct call *c, int status, const char *title, const char *text)
{
    AUTO_SB struct sb b = SB_INIT(HTML_MAX);
    sb_add(&b, "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
               "content=\"width=device-width\">");
    html(&b, "<title>%s</title><main><h1>%s</h1><p>%s</p></main></html>\n", title, title, text);
    answer_text(c, "text/html;charset=UTF-8", b.buf);
    c->status = status;
}

static void style(struct call *c)
{
    AUTO_SB struct sb b = SB_INIT(HTML_MAX);
    for (size_t i = 0; page_style[i]; i++) {
        sb_add(&b, page_style[i]);
    }
    answer_text(c, "text/css;charset=UTF-8", b.buf);
}

/* True when the request may go on; else it is answered. */
static bool admitted(struct call *c)
{
    bool post = strcmp(c->method, "POST") == 0;
    const char *key = call_query(c, "key");
    if (!host_is_ours(c, call_header(c, "host"))) {
        turn_away(c, 421, "Another host", "This page answers to 127.0.0.1 only.");
    } else if (strcmp(c->method, "GET") != 0 && !post) {
        turn_away(c, 405, "Not here", "A page is looked at (GET) or sent (POST).");
    } else if (!post && strcmp(c->path, "/page/style.css") == 0) {
        style(c);
    } else if (!post && key && same_secret(key, c->s->page_key)) {
        char value[65];
        derived(c->s, "cookie", "", value);
        js_set_strf(c->out_headers, "Set-Cookie", "zagent_page_%d=%s; Path=/page; HttpOnly; SameSite=Strict%s",
                    c->s->port, value, c->s->tls.key ? "; Secure" : "");
        send_to(c, c->path);
    } else if (!signed_in(c)) {
        turn_away(
            c, 403, "Not signed in",
            "Open the address of the page that 'zagent sandbox start' printed. It is a new one after each start.");
    } else if (post && from_elsewhere(c)) {
        turn_away(c, 403, "Not from this page", "A form of another site was sent here. Nothing was done.");
    }
    return !c->answered;
}

/* ---- the frame ---- */

static void menu(const struct page *p, struct sb *out)
{
    const char *here = p->row && p->row->under ? p->row->under : p->row ? p->row->name : NULL;
    sb_add(out, "<nav aria-label=\"Main\"><ul>");
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].nav) {
            html(out, "<li><a href=\"/page%s%s\"", *rows[i].name ? "/" : "", rows[i].name);
            sb_add(out, here && strcmp(here, rows[i].name) == 0 ? " aria-current=\"page\">" : ">");
            html(out, "%s</a></li>", rows[i].nav);
        }
    }
    sb_add(out, "</ul></nav>");
}

/* What was done, after the browser was sent here; only these words can be shown. */
static const char *const done[][2] = {
    {"saved", "Saved."},
    {"deleted", "Deleted."},
    {"moved", "The transition is done."},
    {"published", "Published: records that meet its criteria enter it when they are saved next."},
    {"switched", "Switched off."},
    {"clock", "The clock was moved on; what was due by then has happened."},
    {"made", "Done. The org has it now."},
};

static void notices(const struct page *p, struct sb *out)
{
    const char *what = call_query(p->c, "done"), *error = js_str(p->errors, "");
    for (size_t i = 0; what && i < sizeof done / sizeof *done; i++) {
        if (strcmp(what, done[i][0]) == 0) {
            html(out, "<p class=\"notice\" role=\"status\">%s</p>", done[i][1]);
        }
    }
    if (error) {
        html(out, "<p class=\"problem\" role=\"alert\">%s</p>", error);
    } else if (json_object_size(p->errors)) {
        sb_add(out, "<p class=\"problem\" role=\"alert\">Not saved: see the fields marked below.</p>");
    }
}

static void frame(struct page *p)
{
    AUTO_SB struct sb b = SB_INIT(HTML_MAX);
    const json_t *org = org_object(p->c->s);
    const char *title = p->title ? p->title : "Sandbox",
               *edition = js_str_or(js_obj(org, "license_details"), "paid_type", "");
    sb_add(&b, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
               "content=\"width=device-width, initial-scale=1\">");
    html(&b, "<title>%s · sandbox</title><link rel=\"stylesheet\" href=\"/page/style.css\"></head><body>", title);
    sb_add(&b, "<a class=\"skip\" href=\"#main\">Skip to the content</a><header><div class=\"org\">");
    html(&b, "<a href=\"/page\"><strong>%s</strong></a> <span class=\"tag\">%s</span> <span class=\"clock\">",
         js_str_or(org, "company_name", "Sandbox"), edition);
    page_time(p, &b, p->c->s->clock.now_s(p->c->s->clock.ctx));
    sb_add(&b, "</span></div>");
    menu(p, &b);
    html(&b, "</header><main id=\"main\" tabindex=\"-1\"><h1>%s</h1>", title);
    notices(p, &b);
    sb_add(&b, p->out.buf);
    sb_add(&b, "</main><footer>A sandbox on this machine. Nothing here reaches Zoho.</footer></body></html>\n");
    if (p->out.bad || b.bad) {
        turn_away(p->c, 500, "Too much to show", "This page would be too large. Choose a smaller part of it.");
        return;
    }
    answer_text(p->c, "text/html;charset=UTF-8", b.buf);
    p->c->status = p->status;
}

/* ---- one request ---- */

bool page_path(const char *path)
{
    return strncmp(path, "/page", 5) == 0 && (path[5] == '/' || path[5] == '\0');
}

static void find(struct page *p)
{
    const char *rest = p->c->path + 5;
    char *part[PAGE_ARGS + 1] = {NULL};
    size_t n = 0;
    while (*rest == '/' && n <= PAGE_ARGS) {
        size_t len = strcspn(++rest, "/");
        part[n++] = mem_dupn(rest, len);
        rest += len;
    }
    for (size_t i = 0; i < ROWS && !*rest; i++) {
        if (strcmp(part[0] ? part[0] : "", rows[i].name) == 0) {
            p->row = &rows[i];
        }
    }
    free(part[0]);
    p->arg[0] = part[1];
    p->arg[1] = part[2];
}

static bool token_fits(const struct page *p)
{
    char want[65];
    page_form_token(p, want);
    return same_secret(js_str(p->form, "token"), want);
}

static void act(struct page *p)
{
    p->form = form_read(p->c);
    if (!p->row->act || !token_fits(p)) {
        turn_away(p->c, 403, "This form is too old", "Go back, load the page again and send it once more.");
        return;
    }
    struct err e = {0};
    store_begin(p->st);
    bool ok = p->row->act(p);
    p->c->s->actor[0] = '\0';
    if (ok && store_commit(p->st, &e) == 0) {
        send_to(p->c, p->go);
        return;
    }
    store_rollback(p->st);
    if (ok) {
        page_error(p, "", e.what);
    }
    p->status = 422;
}

void page_not_there(struct page *p, const char *what)
{
    p->status = 404;
    page_title(p, "Not there");
    html(&p->out, "<p>%s <a href=\"/page\">Back to the overview</a></p>", what);
}

void page_run(struct call *c)
{
    struct page p = {.c = c, .st = c->st, .out = SB_INIT(HTML_MAX), .status = 200, .errors = json_object()};
    c->out_headers = json_object();
    c->person = true;
    c->s->actor[0] = '\0';
    org_refresh(c->s);
    headers(c);
    if (admitted(c)) {
        automation_catch_up(c);
        find(&p);
        if (p.row && strcmp(c->method, "POST") == 0) {
            act(&p);
        }
        if (!c->answered) {
            if (p.row) {
                p.row->show(&p);
            } else {
                page_not_there(&p, "There is no such page.");
            }
            frame(&p);
        }
        c->s->actor[0] = '\0';
    }
    if (c->st->e.kind != ERR_NONE) {
        c->answered = false;
        free(c->text);
        turn_away(c, 500, "The store failed", c->st->e.what);
        c->st->e = (struct err){0};
    }
    for (size_t i = 0; i < PAGE_ARGS; i++) {
        free(p.arg[i]);
    }
    sb_release(&p.out);
    json_decref(p.form);
    json_decref(p.errors);
    free(p.title);
    free(p.go);
}
