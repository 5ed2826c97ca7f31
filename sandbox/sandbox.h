/*
 * sandbox/sandbox.h — a Zoho org on loopback: HTTP server (libmicrohttpd), SQLite store. Written from the published facts alone;
 * shares no Zoho knowledge with zoho/.
 *
 * Call order  sandbox_open (store) → sandbox_serve (own threads) → … → sandbox_close.
 * Bind        127.0.0.1 only. Port 0 = any free one.
 * Store       one SQLite file, or NULL for memory. A new store is seeded from opts.seed_dir (the JSON files of context/sandbox: data, not code)
 *             or, without one, with the built-in standard modules and profiles of a fresh org.
 *             The edition and the switches are kept in the store: opened again with NULL they stay as they were.
 * Durability  an acknowledged write survives kill -9.
 * Deterministic  ids count up from a fixed base; times come from the clock.
 * Record      opts.record_path: one JSON object a line: method, path, query, headers, body, status, response_headers,
 *             response_body; credentials replaced by "(secret)".
 */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H
#include "base/clock.h"
#include "base/err.h"
#include "base/js.h"

struct sandbox_options {
    const char *db_path;     /* NULL = memory */
    const char *seed_dir;    /* NULL = built-in standard org */
    const char *record_path; /* NULL = no recording */
    int port;
    const char
        *edition;     /* of a new store: "Free" "Standard" "Professional" "Enterprise" "Ultimate"; NULL = Enterprise */
    const char *zgid; /* of a new store; NULL = the seed's, or the built-in one */
    const char *refuse; /* comma list of switches: blueprint,functions,wrapper,validation_read,trial,custom_views,… */
    const char *fault;  /* rules of fault.h: "POST /settings/fields nth=2 after-commit drop"; NULL = none */
    const char *chaos;  /* "SEED" or "SEED:RATE": failures by chance (fault.h); NULL = none */
    const char *dc;     /* data centre it says to be in; NULL = us */
    const char *tls_dir; /* serve TLS, the authority's files kept in this folder (tls.h); NULL = plain HTTP */
    struct clock clock;
};
struct sandbox;
int sandbox_open(struct sandbox **out, const struct sandbox_options *o, struct err *e);
int sandbox_serve(struct sandbox *s, struct err *e);
void sandbox_close(struct sandbox *s);
/* page_url is for a person: it signs the browser in (page/page.h). {"api_url","page_url","accounts_url","client_id","client_secret","refresh_token","port","zgid","edition","salesiq_screen"}, over TLS also "ca_file": the start line's data. */
json_t *sandbox_info(struct sandbox *s);
/* Plays the person who clicks in Setup: kind as in a plan (email_template, validation_rule, blueprint, function, function_wrapper,
 * connection, custom_view, …), Zoho's body with api_names; undo = true removes it again. "blueprint" draws and publishes,
 * "record" saves the record whose id is `name` (NULL: a new one) on its form, with validation rules and all automation;
 * "chat" is one event of the SalesIQ chat `name` (salesiq.h),
 * "blueprint_publish" publishes the draft of that name. A function_wrapper's body may hold "associate_in": [{"address": "workflow_rule/M.N" or
 * "blueprint/M.N", "body": …}]: where that body names the function with "by_hand": true, the person picks it there. */
int sandbox_ui(struct sandbox *s, const char *kind, const char *module, const char *name, const json_t *body,
               const char *source, bool undo, struct err *e);
/* A self client's code, as the API console makes it: for the user with that e-mail (NULL = the org's first), alive for `minutes`
 * (1 to 10). *code: caller frees. */
int sandbox_self_client(struct sandbox *s, const char *scope, const char *email, int minutes, char **code,
                        struct err *e);
/* Moves the sandbox's clock on; what was scheduled until then happens on the way, each at its time. ERR_USAGE when seconds is
 * negative: time does not go back. A server of the same store follows with its next request. */
int sandbox_clock_advance(struct sandbox *s, int64_t seconds, struct err *e);
/* What automation did and has yet to do, by kind: {"mail":[…],"webhook":[…],"function":[…],"failed":[…],"ran":[…],
 * "scheduled":[…],"process":[…]} (happening.h). New reference. */
json_t *sandbox_happenings(struct sandbox *s);
/* Orders failures (fault.h) in place of those ordered before; both NULL = none. A server of the same store follows with its next
 * request; who opens the store anew begins to count anew. */
int sandbox_fault(struct sandbox *s, const char *fault, const char *chaos, struct err *e);
/* A copy of the store in a new file, also while a server writes. */
int sandbox_copy(struct sandbox *s, const char *to, struct err *e);
/* {"requests","credits","mints","by_path":{…},"unknown":{…},"switches","clock","happened":{kind: count},"fault","chaos",…} */
json_t *sandbox_status(struct sandbox *s);
#endif
