/*
 * sandbox/composite.c — up to five calls in one. Source: zoho-api.md 2.7; OAS26a composite_requests; DOC:composite-overview (v8).
 *
 * Order       as sent, one after another; parallel_execution changes nothing one could see here.
 * References  @{ID:$.data[0].details.id} in a uri or a body is what the sub-request ID answered (syntax unproven).
 * Failing     each part stands alone and leaves nothing behind when it failed; with rollback_on_fail all goes with it: the part that
 *             failed answers as it does, those before it ROLLBACK_PERFORMED, those after it PROCESSING_STOPPED.
 * Credits     one for all (DOC); each part's scope is asked of the caller's token.
 */
#include <ctype.h>

#include "base/sb.h"
#include "sandbox/check.h"
#include "sandbox/limits.h"
#include "sandbox/route.h"

enum { TEXT_BYTES = 1 << 20 };

struct part {
    const json_t *in;
    char id[64];
    json_t *result; /* element of the answer; owned */
    json_t *body;   /* what it answered; owned */
    bool failed;
};
struct composite {
    struct call *c;
    struct part part[LIM_COMPOSITE_PARTS];
    size_t n;
    bool rollback;
};

/* One "@{ID:$.path}" at p: its text in *out and its length; 0 = none, -1 = it refers to nothing. */
static int reference(const struct composite *k, size_t upto, const char *p, char **out)
{
    const char *end = strncmp(p, "@{", 2) == 0 ? strchr(p, '}') : NULL, *colon = end ? strchr(p, ':') : NULL;
    if (!end || !colon || colon > end) {
        return 0;
    }
    AUTO_FREE char *id = mem_dupn(p + 2, (size_t)(colon - p - 2)),
                   *path = mem_dupn(colon + 1, (size_t)(end - colon - 1));
    for (size_t i = 0; i < upto; i++) {
        if (strcmp(k->part[i].id, id) == 0) {
            const char *inner = strncmp(path, "$.", 2) == 0 ? path + 2 : path;
            const json_t *v = js_path(k->part[i].body, inner);
            *out = json_is_string(v) ? mem_dup(json_string_value(v))
                   : v               ? json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT)
                                     : NULL;
        }
    }
    return *out ? (int)(end - p) + 1 : -1;
}

/* The text with its references filled in; caller frees, NULL when one refers to nothing. */
static char *filled(const struct composite *k, size_t upto, const char *text)
{
    struct sb b = SB_INIT(TEXT_BYTES);
    sb_add(&b, "");
    for (const char *p = text; *p;) {
        char *v = NULL;
        int n = reference(k, upto, p, &v);
        if (n < 0) {
            sb_release(&b);
            return NULL;
        }
        sb_addn(&b, v ? v : p, v ? strlen(v) : 1);
        p += v ? n : 1;
        free(v);
    }
    char *out = mem_dup(b.buf ? b.buf : "");
    sb_release(&b);
    return out;
}

/* "a=1&b=2" into the query; values are taken as they are written, percent signs decoded. */
static void take_query(json_t *query, const char *text)
{
    for (const char *p = text; *p;) {
        size_t n = strcspn(p, "&"), k = strcspn(p, "=");
        AUTO_SB struct sb v = SB_INIT(TEXT_BYTES);
        AUTO_FREE char *key = mem_dupn(p, k < n ? k : n);
        sb_add(&v, "");
        for (size_t i = k < n ? k + 1 : n; i < n; i++) {
            char pair[3] = {p[i] == '%' && i + 2 < n ? p[i + 1] : '\0', i + 2 < n ? p[i + 2] : '\0', '\0'}, *end = pair;
            long code = strtol(pair, &end, 16);
            if (end == pair + 2 && isxdigit((unsigned char)pair[0])) {
                sb_addc(&v, (char)code);
                i += 2;
            } else {
                sb_addc(&v, p[i]);
            }
        }
        js_set_str(query, key, v.buf ? v.buf : "");
        p += n + (p[n] == '&');
    }
}

static json_t *error_part(const char *code, const char *message, size_t i, const char *key)
{
    return item_error(code, message, at("$.__composite_requests[%zu].%s", i, key));
}

/* Runs a prepared call and makes its element. */
static void run_part(struct part *p, struct call *sub)
{
    route_sub(sub);
    p->body = sub->answer ? json_incref(sub->answer) : json_object();
    p->failed = sub->status >= 400;
    json_t *response =
        json_pack("{s:O,s:O,s:i}", "headers", sub->out_headers, "body", p->body, "status_code", sub->status);
    p->result = json_pack("{s:s,s:s,s:s,s:{s:o}}", "code", "SUCCESS", "message", "composite request processed",
                          "status", "success", "details", "response", response);
}

static void do_part(struct composite *k, size_t i)
{
    struct part *p = &k->part[i];
    struct call *c = k->c;
    AUTO_FREE char *body =
        json_object_get(p->in, "body") ? json_dumps(json_object_get(p->in, "body"), JSON_COMPACT) : NULL;
    AUTO_FREE char *uri = filled(k, i, js_str_or(p->in, "uri", "")), *text = body ? filled(k, i, body) : NULL;
    if (!uri || (body && !text)) {
        p->failed = true;
        p->body = json_object();
        p->result = error_part("INVALID_REFERENCE", "it refers to what is not there", i, uri ? "body" : "uri");
        return;
    }
    char *ask = strchr(uri, '?');
    struct call sub = {.s = c->s,
                       .st = c->st,
                       .method = js_str_or(p->in, "method", ""),
                       .path = uri,
                       .query = json_object(),
                       .headers = json_deep_copy(c->headers),
                       .body = text,
                       .body_len = text ? strlen(text) : 0,
                       .out_headers = json_object()};
    if (ask) {
        *ask = '\0';
        take_query(sub.query, ask + 1);
    }
    if (js_obj(p->in, "params")) {
        json_object_update(sub.query, js_obj(p->in, "params"));
    }
    if (js_obj(p->in, "headers")) {
        json_object_update(sub.headers, js_obj(p->in, "headers"));
    }
    js_set_str(sub.headers, "authorization", call_header(c, "authorization"));
    js_set_str(sub.headers, "content-type", "application/json");
    store_mark(c->st);
    run_part(p, &sub);
    store_unmark(c->st, !p->failed);
    call_release(&sub);
}

/* ---- what is asked ---- */

static bool parts_check(struct composite *k)
{
    json_t *list = js_arr(k->c->json, "__composite_requests");
    for (size_t i = 0; i < k->n; i++) {
        struct part *p = &k->part[i];
        p->in = json_array_get(list, i);
        const char *method = js_str(p->in, "method"), *uri = js_str(p->in, "uri");
        AUTO_FREE char *own = mem_printf("%zu", i + 1);
        snprintf(p->id, sizeof p->id, "%.63s", js_str_or(p->in, "sub_request_id", own));
        json_t *bad = !method ? error_missing("$.__composite_requests[%zu].method", i)
                      : !uri  ? error_missing("$.__composite_requests[%zu].uri", i)
                      : !one_of("GET|POST|PUT|PATCH|DELETE", method)
                          ? error_choice("GET|POST|PUT|PATCH|DELETE", "$.__composite_requests[%zu].method", i)
                      : strncmp(uri, "/crm/", 5) != 0 ? error_invalid("string", "$.__composite_requests[%zu].uri", i)
                      : strstr(uri, "__composite_requests")
                          ? error_part("NOT_SUPPORTED", "a composite holds no composite", i, "uri")
                          : NULL;
        for (size_t j = 0; !bad && j < i; j++) {
            if (strcmp(k->part[j].id, p->id) == 0) {
                bad = error_part("DUPLICATE_DATA", "the sub_request_id is there twice", i, "sub_request_id");
            }
        }
        if (bad) {
            answer_json(k->c, 400, bad);
            return false;
        }
    }
    return true;
}

static bool whole_check(struct composite *k)
{
    const json_t *body = k->c->json;
    json_t *list = js_arr(body, "__composite_requests");
    k->rollback = js_bool(body, "rollback_on_fail", false);
    k->n = json_array_size(list);
    if (k->n == 0) {
        answer_json(k->c, 400,
                    json_object_get(body, "__composite_requests") ? error_invalid("jsonarray", "$.__composite_requests")
                                                                  : error_missing("$.__composite_requests"));
    } else if (k->n > LIM_COMPOSITE_PARTS) {
        json_t *d = at("$.__composite_requests");
        js_set_int(d, "maximum_length", LIM_COMPOSITE_PARTS);
        answer_error(k->c, 400, "INVALID_DATA", "too many sub-requests", d);
    } else if (k->rollback && js_bool(body, "parallel_execution", false)) { /* refused [C] (2.7) */
        answer_error(k->c, 400, "AMBIGUITY_DURING_PROCESSING", "rollback and parallel execution exclude each other",
                     json_pack("{s:[o,o]}", "ambiguity_due_to", at("$.rollback_on_fail"), at("$.parallel_execution")));
    }
    return !k->c->answered;
}

/* After a failure that takes all along. */
static void rolled_back(struct composite *k, size_t failed)
{
    for (size_t i = 0; i < k->n; i++) {
        if (i == failed) {
            continue;
        }
        json_decref(k->part[i].result);
        k->part[i].result =
            item_error(i < failed ? "ROLLBACK_PERFORMED" : "PROCESSING_STOPPED", "another sub-request failed", NULL);
    }
}

static void composite(struct call *c)
{
    struct composite k = {.c = c};
    size_t bad = 0;
    if (!whole_check(&k)) {
        return;
    }
    if (parts_check(&k)) {
        store_mark(c->st);
        bool stop = false;
        for (size_t i = 0; i < k.n && !stop; i++) {
            do_part(&k, i);
            bad += k.part[i].failed;
            stop = k.rollback && k.part[i].failed;
            if (stop) {
                rolled_back(&k, i);
            }
        }
        store_unmark(c->st, !stop);
        json_t *list = json_array();
        for (size_t i = 0; i < k.n; i++) {
            json_array_append(list, k.part[i].result);
        }
        answer_json(c, bad == 0 ? 200 : 207, json_pack("{s:o}", "__composite_requests", list));
    }
    for (size_t i = 0; i < k.n && i < LIM_COMPOSITE_PARTS; i++) {
        json_decref(k.part[i].result);
        json_decref(k.part[i].body);
    }
}

static const struct route rows[] = {{"POST", "/crm/v8/__composite_requests",
                                     "ZohoCRM.composite_requests.CUSTOM.=", LIM_CREDITS_COMPOSITE, composite, NULL}};
ROUTE_TABLE(routes_composite, rows);
