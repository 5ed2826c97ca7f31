/* Sends one request object of crm_requests and says element by element what became of it. */
#include "base/sb.h"
#include "base/text.h"
#include "zoho/crm/crm.h"
#include "zoho/error.h"

enum { PARTS_MAX = 8 };

/* path with "{id}" replaced; ERR_BUG when the id of the request before is not there. */
static char *real_path(const char *path, const char *id, struct err *e)
{
    const char *slot = strstr(path, "{id}");
    if (!slot)
        return mem_dup(path);
    if (!id) {
        err_set(e, ERR_BUG, "a request that needs the id of the one before it: %s", path);
        return NULL;
    }
    AUTO_FREE char *safe = text_percent_encode(id);
    return mem_printf("%.*s%s%s", (int)(slot - path), path, safe, slot + 4);
}

static const char *name_of(const json_t *o, size_t way)
{
    static const char *const by[] = {"api_name", "name", "display_label"};
    return way < 3 ? js_str(o, by[way]) : NULL;
}

/* The element of list with the name of `o`, whichever kind of name both have. */
static const json_t *namesake(const json_t *list, const json_t *o)
{
    size_t i;
    const json_t *there;
    for (size_t mine = 0; mine < 3; mine++)
        json_array_foreach (list, i, there)
            for (size_t theirs = 0; theirs < 3; theirs++) {
                const char *a = name_of(o, mine);
                const char *b = name_of(there, theirs);
                if (a && b && strcmp(a, b) == 0)
                    return there;
            }
    return NULL;
}

/* Gives the objects of body at find.into the ids that find.path shows. */
static int fill_ids(struct zoho *z, const json_t *find, const char *id, json_t *body, struct err *e)
{
    AUTO_FREE char *path = real_path(js_str_or(find, "path", ""), id, e);
    if (!path)
        return -1;
    struct zoho_request rq = {.method = "GET", .path = path, .query = js_obj(find, "query"), .retry = ZOHO_SAFE};
    struct zoho_reply r = {0};
    if (zoho_call(z, &rq, &r, e) < 0)
        return -1;
    const json_t *list = js_path(r.json, js_str_or(find, "list", ""));
    int rc = 0;
    size_t i;
    json_t *o;
    json_array_foreach (js_path(body, js_str_or(find, "into", "")), i, o) {
        const json_t *there = js_str(o, "id") ? NULL : namesake(list, o);
        if (there && js_str(there, "id")) {
            js_set_str(o, "id", js_str(there, "id"));
        } else if (!js_str(o, "id")) {
            err_set(e, ERR_PARTIAL, "what the request before made is not there: '%.80s'", js_str_or(o, "name", "?"));
            err_at(e, "GET %s", path);
            rc = err_fix(e, "plan again: the rest will be planned against what is there now");
            break;
        }
    }
    zoho_reply_release(&r);
    return rc;
}

static enum zoho_retry retry_of(const char *text)
{
    return strcmp(text, "safe") == 0 ? ZOHO_SAFE : strcmp(text, "idempotent") == 0 ? ZOHO_IDEMPOTENT : ZOHO_CREATE;
}

static size_t parts_of(const json_t *list, struct zoho_part *part)
{
    size_t i;
    const json_t *p;
    size_t n = 0;
    json_array_foreach (list, i, p) {
        const char *text = js_str_or(p, "text", "");
        if (n < PARTS_MAX)
            part[n++] =
                (struct zoho_part){js_str(p, "name"), js_str(p, "filename"), js_str(p, "type"), text, strlen(text)};
    }
    return n;
}

/* {id, api_name?, code, message, results} from the results; -1 with the first failed element's reason when one failed. */
static int judge(const struct zoho_request *rq, long http, json_t *results, json_t **outcome, struct err *e)
{
    size_t i;
    const json_t *r;
    const json_t *bad = NULL;
    size_t failed = 0;
    json_array_foreach (results, i, r) {
        if (!js_bool(r, "ok", false)) {
            bad = bad ? bad : r;
            failed++;
        }
    }
    const json_t *first = bad ? bad : json_array_get(results, 0);
    json_t *o = json_object();
    if (js_str(first, "id"))
        js_set_str(o, "id", js_str(first, "id"));
    if (js_str(js_obj(first, "details"), "api_name") && !bad)
        js_set_str(o, "api_name", js_str(js_obj(first, "details"), "api_name"));
    js_set_str(o, "code", js_str_or(first, "code", ""));
    js_set_str(o, "message", js_str_or(first, "message", ""));
    js_set(o, "results", json_incref(results));
    *outcome = o;
    if (!bad)
        return 0;
    if (failed < json_array_size(results)) {
        err_set(e, ERR_PARTIAL, "%zu of %zu objects were refused, the first with %.48s: '%.100s'", failed,
                json_array_size(results), js_str_or(bad, "code", "?"), js_str_or(bad, "message", ""));
        err_at(e, "%s %s", rq->method, rq->path);
        return err_fix(e, "plan again: only what is missing will be planned");
    }
    return zoho_error_fill(e, bad, http, rq->method, rq->path, rq->scope);
}

int crm_send(struct zoho *z, const json_t *request, json_t **outcome, struct err *e)
{
    *outcome = NULL;
    const char *id = js_str(request, "id");
    const json_t *find = js_obj(request, "find");
    AUTO_FREE char *path = real_path(js_str_or(request, "path", ""), id, e);
    AUTO_JSON json_t *body = json_deep_copy(js_obj(request, "body"));
    if (!path || (find && fill_ids(z, find, id, body, e) < 0))
        return -1;
    struct zoho_part part[PARTS_MAX];
    size_t n_part = parts_of(js_arr(request, "parts"), part);
    struct zoho_request rq = {.method = js_str_or(request, "method", ""),
                              .path = path,
                              .query = js_obj(request, "query"),
                              .kind = n_part ? ZOHO_MULTIPART
                                      : body ? ZOHO_JSON
                                             : ZOHO_NO_BODY,
                              .json = body,
                              .part = part,
                              .n_part = n_part,
                              .retry = retry_of(js_str_or(request, "retry", "create")),
                              .deletion = js_str(request, "tombstone") != NULL,
                              .scope = js_str(request, "scope")};
    struct zoho_reply r = {0};
    if (zoho_call(z, &rq, &r, e) < 0)
        return -1;
    AUTO_FREE char *where = mem_printf("%s %s", rq.method, rq.path);
    json_t *results;
    int rc = zoho_results(&r, js_str_or(request, "key", ""), where, &results, e);
    if (rc == 0) {
        rc = judge(&rq, r.http, results, outcome, e);
        json_decref(results);
    }
    zoho_reply_release(&r);
    return rc;
}
