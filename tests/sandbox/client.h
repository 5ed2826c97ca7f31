/* tests/sandbox/client.h — a running sandbox and a plain libcurl client that speaks to it, as a stranger would. */
#ifndef TESTS_SANDBOX_CLIENT_H
#define TESTS_SANDBOX_CLIENT_H
#include <curl/curl.h>

#include "sandbox/sandbox.h"
#include "tests/test.h"

struct client {
    struct sandbox *s; /* NULL when another process serves it */
    json_t *info;
    CURL *curl;
    char *token;
    struct curl_slist *extra; /* further request headers, kept until cleared */
    int64_t now;              /* the sandbox's clock, moved by tests */
    long status;
    char *text;                /* last answer's body, text_len bytes */
    size_t text_len, body_len; /* body_len: of the next request when its body is no text; 0 = strlen */
    char headers[4096];
};

/* Starts an org on a free port and mints a token. NULL options = a plain Enterprise org in memory. */
void client_up(struct client *c, const struct sandbox_options *o);
/* The same client for a sandbox that another process serves; info: .zagent/sandbox.json's object (borrowed). */
void client_join(struct client *c, json_t *info);
/* A fresh access token in place of the old one. */
void client_mint(struct client *c);
void client_down(struct client *c);
/* Sends; the answer as JSON (new reference; NULL without a body). `status` must come back; 0 = any. path begins after the host. */
json_t *client_call(struct client *c, long status, const char *method, const char *path, const char *body);
/* The same with the body's type said: functions and forms. */
json_t *client_send(struct client *c, long status, const char *method, const char *path, const char *type,
                    const char *body);
/* Sends and expects the code, at json_path when not NULL, in the top-level error or the first element under envelope. */
void client_refused(struct client *c, long status, const char *method, const char *path, const char *body,
                    const char *code, const char *json_path);
/* Id of the first element of a write's answer; fails the test unless it succeeded. Caller frees. */
char *client_made(struct client *c, long status, const char *method, const char *path, const char *body);
/* client_call GET with printf for the path. */
json_t *client_get(struct client *c, long status, const char *path_fmt, ...) __attribute__((format(printf, 3, 4)));
/* CURLcode of a call that may fail to get an answer. */
CURLcode client_try(struct client *c, const char *method, const char *path, const char *body);
/* First object in an array whose `key` is `value`; fails the test when absent. Borrowed. */
json_t *pick(const json_t *array, const char *key, const char *value);
bool has(const json_t *array, const char *key, const char *value);
#endif
