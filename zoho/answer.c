#include "zoho/answer.h"

#include "base/mem.h"
#include "zoho/error.h"

static enum retry_outcome garbled(struct err *e, long http, const char *what, const char *fix)
{
    err_set(e, ERR_REMOTE, "%s (HTTP %ld)", what, http);
    err_fix(e, "%s", fix);
    if (e)
        e->http = http;
    return RETRY_GARBLED;
}

static bool is_success(long status)
{
    return status >= 200 && status < 300;
}

static enum retry_outcome outcome_of(const struct zoho_request *rq, long status, json_t *answer, struct err *e)
{
    int index;
    const json_t *object = zoho_error_object(answer, &index);
    if (is_success(status) && (!object || index >= 0))
        return RETRY_OK; /* failed elements are for whoever reads the elements */
    zoho_error_fill(e, object, status, rq->method, rq->path, rq->scope);
    const char *code = js_str_or(object, "code", "");
    if (strcmp(code, "INVALID_TOKEN") == 0 || strcmp(code, "AUTHENTICATION_FAILURE") == 0)
        return RETRY_TOKEN;
    if (status == 429 || strcmp(code, "TOO_MANY_REQUESTS") == 0)
        return RETRY_RATE;
    return status >= 500 ? RETRY_SERVER : RETRY_REFUSED;
}

static void share_lists(json_t *answer)
{
    const char *key;
    json_t *list;
    json_object_foreach (answer, key, list)
        js_share(list);
}

static enum retry_outcome read_success(const struct zoho_request *rq, const struct http_answer *a,
                                       struct zoho_reply *out, struct err *e)
{
    if (a->status == 204 && a->len == 0)
        return RETRY_OK;
    if (a->html)
        return garbled(e, a->status, "the answer is a web page, not Zoho's API",
                       "check that no proxy or login page stands between, then run the same command again");
    if (a->len == 0)
        return garbled(e, a->status, "the answer is empty",
                       "run the same command again; if it stays so, run 'zagent doctor'");
    struct err bad = {0};
    if (!rq->text_answer) {
        out->json = js_parse_remote(a->body, a->len, "answer", &bad);
        share_lists(out->json); /* at once: many answers are held together */
        if (out->json)
            return outcome_of(rq, a->status, out->json, e);
    } else { /* the text may be an error all the same */
        AUTO_JSON json_t *answer = *a->body == '{' ? js_parse_remote(a->body, a->len, "answer", &bad) : NULL;
        out->text = mem_dupn(a->body, a->len);
        out->len = a->len;
        return outcome_of(rq, a->status, answer, e);
    }
    err_set(e, ERR_REMOTE, "the answer is not whole JSON: %.180s", bad.what);
    return garbled(e, a->status, "", "run the same command again; if it stays so, run 'zagent doctor'");
}

enum retry_outcome answer_read(const struct zoho_request *rq, const struct http_answer *a, struct zoho_reply *out,
                               struct err *e)
{
    enum retry_outcome o;
    *out = (struct zoho_reply){.http = a->status, .date_s = a->date_s};
    if (a->outcome != RETRY_OK) {
        o = a->outcome;
        if (e)
            *e = a->err;
    } else if (is_success(a->status)) {
        o = read_success(rq, a, out, e);
    } else if (a->status >= 300 && a->status < 400) {
        err_set(e, ERR_REMOTE, "the server sends us to another address (HTTP %ld): redirects are never followed",
                a->status);
        err_fix(e, "check dc: and any proxy; Zoho's API does not redirect");
        o = RETRY_REFUSED;
    } else {
        struct err bad = {0};
        AUTO_JSON json_t *answer = a->html || a->len == 0 ? NULL : js_parse_remote(a->body, a->len, "answer", &bad);
        o = outcome_of(rq, a->status, answer, e);
    }
    err_at(e, "%s %s", rq->method, rq->path);
    return o;
}
