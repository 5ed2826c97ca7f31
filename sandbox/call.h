/*
 * sandbox/call.h — one request on its way through a handler, and the ways Zoho answers.
 *
 * Life        server.c fills it, route.c finds the handler and checks token, scope and credits, the handler answers
 * exactly once (the first answer counts), the transaction commits when status < 500. Answers     four envelopes
 * (zoho-api.md 4.3): top-level error, array of elements under the resource's name, mixed array, and the OAuth host's
 * {"error"}. Element-wise: HTTP is `ok` when all succeeded, 207 when mixed, 400 when all failed. Messages    Zoho's
 * message texts are not stable (4.4): ours say plainly what was wrong.
 */
#ifndef SANDBOX_CALL_H
#define SANDBOX_CALL_H
#include "sandbox/org.h"

enum { CALL_PARAMS = 4, CALL_MAX_BODY = 26 << 20 };

struct route;
struct call {
    struct sandbox *s;
    struct store *st;
    const char *method, *path; /* path without host and query */
    json_t *query;             /* object of texts */
    json_t *headers;           /* object of texts, names in lower case */
    const char *body;
    size_t body_len;
    json_t *json; /* parsed body, NULL without one */
    char *param[CALL_PARAMS];
    const struct route *route;
    char *scopes;              /* of the token, NULL without one */
    bool person;               /* sandbox_ui: a click in Setup, no gate of the API applies */
    int64_t extra_credits;     /* on top of the route's price */
    struct crowd_place *place; /* among the calls at once (crowd.h); NULL = asked from inside */
    const struct fault *fault; /* what is to go wrong, NULL = nothing */
    /* the answer */
    bool answered;
    int status;
    json_t *answer;
    char *text; /* instead of answer; text_len bytes */
    size_t text_len;
    const char *text_type;
    json_t *out_headers;
    bool cut, twice; /* strike.h */
};
void call_release(struct call *c);

const char *call_query(const struct call *c, const char *name); /* NULL when absent */
const char *call_header(const struct call *c, const char *lower_name);
/* page and per_page (<=200, else INVALID_DATA is answered and -1 returned). */
int call_page(struct call *c, int *page, int *per_page);

void answer_json(struct call *c, int status, json_t *stolen);
void answer_none(struct call *c); /* 204 */
void answer_text(struct call *c, const char *type, const char *text);
/* Bytes, as a file to save under `name` (NULL = no name). */
void answer_bytes(struct call *c, const char *type, const void *data, size_t len, const char *name);
/* Top-level error. details is stolen, NULL = {}. */
void answer_error(struct call *c, int status, const char *code, const char *message, json_t *details);
/* {"ENVELOPE":[…]}, 204 when the array is empty. */
void answer_list(struct call *c, const char *envelope, json_t *stolen);
/* The same with paging by page and per_page and an "info" object. */
void answer_page(struct call *c, const char *envelope, json_t *stolen);
/* {"ENVELOPE":[elements]} with the HTTP code of the element-wise rule. */
void answer_results(struct call *c, int ok, const char *envelope, json_t *stolen);

/* Elements. */
json_t *item_ok(const char *id, const char *message);
json_t *item_error(const char *code, const char *message, json_t *details);
/* {"api_name": last part of the path, "json_path": "$.fields[0].length"}. */
json_t *at(const char *json_path, ...) __attribute__((format(printf, 1, 2)));
bool item_failed(const json_t *item);

/* The array under `envelope` in the body: answers MANDATORY_NOT_FOUND, INVALID_DATA or LIMIT_EXCEEDED and gives NULL
 * when it is missing, no array, empty or longer than max. Borrowed. */
json_t *call_items(struct call *c, const char *envelope, size_t max);
/* The `module` parameter's module object (new reference): answers REQUIRED_PARAM_MISSING or INVALID_MODULE and gives
 * NULL. */
json_t *call_module(struct call *c);
#endif
