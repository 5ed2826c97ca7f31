/*
 * sandbox/page/page.h — the window: the org as a local web page for the person who tries something out.
 *
 * Shape       /page[/NAME[/A[/B]]]. A row of the table (page.c) has `show`, which writes the content, and maybe `act`, which does what a
 *             form of this page asks. Whole pages, written here, no script, no file from elsewhere.
 * A post      host, cookie, form token → transaction → act. act returns true with `go` set: committed, and the browser is sent there
 *             (303, so that reloading does nothing twice). Else everything is rolled back and the page is shown again with `errors` at
 *             their fields and what was typed, status 422.
 * Who acts    clicks in Setup are the administrator's; a record is saved by the user chosen on its form, as a manual save: validation
 *             rules and the Blueprint (gate.h) and that user's field access (access.h) bind. Pages spend no credits and are not counted as
 *             requests.
 * Who looks   ?as=USER shows lists, records and forms as that user has them (access.h); else, and on all other pages, the administrator.
 * Safety      1 loopback only, and the Host header must name it (a name that someone points at 127.0.0.1 is refused).
 *             2 the key of the start line's page_url gives a cookie (HttpOnly, SameSite=Strict, this path alone); without it: 403.
 *             3 each form carries a token that fits its own address; a foreign Origin or Sec-Fetch-Site is refused before that.
 *             4 every value passes html() (html.h); Content-Security-Policy allows our stylesheet and our forms, nothing else.
 *             The key is made anew at each start and is in memory only.
 * Ownership   page_run owns struct page; `go`, `title` and what is in `errors` are taken.
 */
#ifndef SANDBOX_PAGE_PAGE_H
#define SANDBOX_PAGE_PAGE_H
#include "sandbox/call.h"
#include "sandbox/page/html.h"

enum { PAGE_ARGS = 2 };
struct page;
struct page_row {
    const char *name, *nav; /* nav NULL = reached from another page */
    void (*show)(struct page *p);
    bool (*act)(struct page *p); /* NULL = nothing to post */
    const char *under;           /* the row whose link is marked as the current one; NULL = its own */
};
struct page {
    struct call *c;
    struct store *st;
    const struct page_row *row;
    struct sb out;
    char *arg[PAGE_ARGS]; /* NULL when absent */
    char *title;
    json_t *form;   /* posted: name → text, or an array of texts when sent more than once; NULL = not posted */
    json_t *errors; /* name → text; "" = of the page as a whole */
    char *go;
    int status;
};

/* True for /page and below. */
bool page_path(const char *path);
/* Answers, whatever comes. Caller holds the lock. */
void page_run(struct call *c);
/* A new key; NULL-terminated in s->page_key. */
void page_new_key(struct sandbox *s);
/* "/page?key=…" for the start line. Caller frees. */
char *page_entry(const struct sandbox *s);

/* rows, by file */
void page_home(struct page *p);
bool page_home_act(struct page *p);
void page_module(struct page *p);
void page_record(struct page *p);
bool page_record_act(struct page *p);
void page_edit(struct page *p);
bool page_edit_act(struct page *p);
void page_rules(struct page *p);
void page_rule(struct page *p);
void page_functions(struct page *p);
void page_function(struct page *p);
void page_blueprints(struct page *p);
void page_blueprint(struct page *p);
bool page_blueprint_act(struct page *p);
void page_outbox(struct page *p);
void page_requests(struct page *p);
void page_setup(struct page *p);
bool page_setup_act(struct page *p);
extern const char *const page_style[]; /* parts of one stylesheet; NULL ends them */
#endif
