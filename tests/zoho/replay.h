/*
 * tests/zoho/replay.h — a server that plays exchanges from a JSON file on 127.0.0.1 and remembers every request.
 *
 * File      an array of {method, path, query?{}, body_has?, times?, status, headers?{}, body? | text? | behave?}. The first exchange that
 *           fits and is not used up answers; times defaults to 1, 0 = for ever. Nothing fits → HTTP 599, which a test sees as failure.
 * behave    "drop" close without a byte; "cut" close in the middle of the body; "endless" a body that never ends;
 *           "drip" a byte each 20 ms for ever; "heads" header lines for ever; "claims" a Content-Length of a terabyte; "short" one of
 *           half the body; "gzip" the text as a gzip stream nobody asked for, 64 MiB of blanks behind it;
 *           "echo_token" mints a new token each time (text of the body with {n} counted up).
 * TLS       replay_start_tls serves the given host names with a certificate of its own CA, whose file is replay.ca_file.
 */
#ifndef TESTS_ZOHO_REPLAY_H
#define TESTS_ZOHO_REPLAY_H
#include "base/js.h"
#include "zoho/zoho.h"

struct replay;
struct replay *replay_start(const char *exchanges_json); /* name under tests/zoho/exchanges/ */
struct replay *replay_start_text(const char *json);      /* the array itself; single quotes stand for double ones */
struct replay *replay_start_tls(const char *json, const char *const *hosts);
int replay_port(const struct replay *r);
const char *replay_url(const struct replay *r);     /* "http://127.0.0.1:PORT" */
const char *replay_ca_file(const struct replay *r); /* NULL without TLS */
/* Requests so far: [{method, path, query, headers{lower-case names}, body, tls_host?}]. New reference. */
json_t *replay_log(struct replay *r);
/* How many requests had this method and path; NULL matches any. */
size_t replay_count(struct replay *r, const char *method, const char *path);
/* How many requests carried an Authorization header, or this text anywhere. */
size_t replay_authorized(struct replay *r);
void replay_stop(struct replay *r);

/* A fake clock: sleep moves it. */
struct fake_clock {
    int64_t now_s, mono_ms, slept_ms;
    int sleeps;
};
struct clock fake_clock(struct fake_clock *f);

/* A session against a replay server, with canary secrets; max_parallel 4, seed 1. */
extern const char canary_secret[], canary_refresh[], canary_access[];
struct rig {
    struct fake_clock time;
    struct secret client_secret, refresh_token;
    struct fs_root cache;
    char dir[64];
    struct zoho_config config;
    struct sb *trace;
    struct zoho *z;
};
void rig_open(struct rig *g, struct replay *r, enum zoho_role role);
void rig_close(struct rig *g);
/* Fails the test when text holds a canary, plainly or percent-encoded. */
void assert_no_canary(const char *text);
void assert_err_clean(const struct err *e);
#endif
