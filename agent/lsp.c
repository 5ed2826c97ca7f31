#include "agent/lsp.h"

#include "agent/version.h"

void lsp_init(struct lsp *l, void (*send)(void *to, json_t *message), void *to)
{
    *l = (struct lsp){.send = send, .to = to};
}

static void forget(struct lsp_doc *d)
{
    free(d->uri);
    lsp_text_release(&d->text);
}

void lsp_release(struct lsp *l)
{
    for (size_t i = 0; i < l->n; i++)
        forget(&l->doc[i]);
    free(l->doc);
    *l = (struct lsp){0};
}

/* ── Sending ── */

static json_t *message(void)
{
    json_t *m = json_object();
    js_set_str(m, "jsonrpc", "2.0");
    return m;
}

static void reply(struct lsp *l, json_t *id, json_t *result)
{
    json_t *m = message();
    js_set(m, "id", json_incref(id));
    js_set(m, "result", result);
    l->send(l->to, m);
}

static void fail(struct lsp *l, json_t *id, enum lsp_code code, const char *why)
{
    json_t *m = message(), *error = json_object();
    js_set(m, "id", json_is_string(id) || json_is_integer(id) ? json_incref(id) : json_null());
    js_set_int(error, "code", code);
    js_set_str(error, "message", why);
    js_set(m, "error", error);
    l->send(l->to, m);
}

void lsp_refuse(struct lsp *l, enum lsp_code code, const char *why)
{
    fail(l, NULL, code, why);
}

static void notify(struct lsp *l, const char *method, json_t *params)
{
    json_t *m = message();
    js_set_str(m, "method", method);
    js_set(m, "params", params);
    l->send(l->to, m);
}

static void log_error(struct lsp *l, const char *what)
{
    json_t *p = json_object();
    js_set_int(p, "type", 1);
    js_set_str(p, "message", what);
    notify(l, "window/logMessage", p);
}

static void publish(struct lsp *l, const struct lsp_doc *d)
{
    json_t *p = json_object();
    js_set_str(p, "uri", d->uri);
    js_set_int(p, "version", d->version);
    js_set(p, "diagnostics", lsp_diagnostics(l, d));
    notify(l, "textDocument/publishDiagnostics", p);
}

/* ── Documents ── */

static struct lsp_doc *doc_of(struct lsp *l, json_t *params)
{
    const char *uri = js_str(js_obj(params, "textDocument"), "uri");
    for (size_t i = 0; uri && i < l->n; i++)
        if (strcmp(l->doc[i].uri, uri) == 0)
            return &l->doc[i];
    return NULL;
}

static int did_open(struct lsp *l, json_t *params, struct err *e)
{
    json_t *given = js_obj(params, "textDocument");
    const char *uri = js_str(given, "uri"), *text = js_str(given, "text");
    struct lsp_doc *d = doc_of(l, params);
    if (!uri || !text)
        return err_set(e, ERR_PARSE, "didOpen needs textDocument.uri and textDocument.text");
    if (!d && l->n == LSP_MAX_DOCS)
        return err_set(e, ERR_LIMIT, "more than %d documents are open", LSP_MAX_DOCS);
    if (!d) {
        struct lsp_doc fresh = {.uri = mem_dup(uri)};
        lsp_text_set(&fresh.text, "", 0, e);
        VEC_PUSH(l->doc, l->n, l->cap, fresh);
        d = &l->doc[l->n - 1];
    }
    d->version = js_int(given, "version", 0);
    if (lsp_text_set(&d->text, text, strlen(text), e) < 0)
        return -1;
    publish(l, d);
    return 0;
}

static bool place_of(const struct lsp_doc *d, const json_t *position, size_t *off)
{
    const json_t *line = json_object_get(position, "line"), *character = json_object_get(position, "character");
    if (!json_is_integer(line) || !json_is_integer(character))
        return false;
    *off = lsp_text_offset(&d->text, json_integer_value(line), json_integer_value(character));
    return true;
}

static int change(struct lsp_doc *d, json_t *change, struct err *e)
{
    const char *text = js_str(change, "text");
    json_t *range = json_object_get(change, "range");
    size_t from, to;
    if (!text)
        return err_set(e, ERR_PARSE, "a change needs a text");
    if (!range)
        return lsp_text_set(&d->text, text, strlen(text), e);
    if (!place_of(d, js_obj(range, "start"), &from) || !place_of(d, js_obj(range, "end"), &to))
        return err_set(e, ERR_PARSE, "the range of a change needs start and end");
    return lsp_text_edit(&d->text, from, to, text, strlen(text), e);
}

static int did_change(struct lsp *l, json_t *params, struct err *e)
{
    struct lsp_doc *d = doc_of(l, params);
    json_t *changes = js_arr(params, "contentChanges"), *c;
    size_t i;
    if (!d || !changes)
        return err_set(e, ERR_PARSE, "didChange names no open document, or no contentChanges");
    json_array_foreach (changes, i, c)
        if (change(d, c, e) < 0)
            return -1;
    d->version = js_int(js_obj(params, "textDocument"), "version", d->version);
    publish(l, d);
    return 0;
}

static int did_close(struct lsp *l, json_t *params, struct err *e)
{
    struct lsp_doc *d = doc_of(l, params);
    if (!d)
        return err_set(e, ERR_PARSE, "didClose names no open document");
    json_t *p = json_object();
    js_set_str(p, "uri", d->uri);
    js_set(p, "diagnostics", json_array());
    notify(l, "textDocument/publishDiagnostics", p);
    forget(d);
    *d = l->doc[--l->n];
    return 0;
}

/* ── Requests: NULL means parameters of another shape ── */

static json_t *initialize(struct lsp *l, json_t *params)
{
    (void)params;
    l->initialized = true;
    return json_pack("{s:{s:s,s:{s:b,s:i},s:b,s:b,s:b,s:{s:[s,s]}},s:{s:s,s:s}}", "capabilities", "positionEncoding",
                     "utf-16", "textDocumentSync", "openClose", 1, "change", 2, "documentFormattingProvider", 1,
                     "hoverProvider", 1, "documentSymbolProvider", 1, "completionProvider", "triggerCharacters", ".",
                     "\"", "serverInfo", "name", "zagent", "version", ZAGENT_VERSION);
}

static json_t *shut_down(struct lsp *l, json_t *params)
{
    (void)params;
    l->clean = true;
    return json_null();
}

static json_t *formatting(struct lsp *l, json_t *params)
{
    const struct lsp_doc *d = doc_of(l, params);
    return d ? lsp_formatting(d) : NULL;
}

static json_t *hover(struct lsp *l, json_t *params)
{
    const struct lsp_doc *d = doc_of(l, params);
    size_t off;
    return d && place_of(d, js_obj(params, "position"), &off) ? lsp_hover(d, off) : NULL;
}

static json_t *completion(struct lsp *l, json_t *params)
{
    const struct lsp_doc *d = doc_of(l, params);
    size_t off;
    return d && place_of(d, js_obj(params, "position"), &off) ? lsp_completion(l, d, off) : NULL;
}

static json_t *symbols(struct lsp *l, json_t *params)
{
    const struct lsp_doc *d = doc_of(l, params);
    return d ? lsp_symbols(d) : NULL;
}

static const struct {
    const char *method;
    json_t *(*run)(struct lsp *l, json_t *params);
} requests[] = {
    {"initialize", initialize},
    {"shutdown", shut_down},
    {"textDocument/formatting", formatting},
    {"textDocument/hover", hover},
    {"textDocument/completion", completion},
    {"textDocument/documentSymbol", symbols},
};

static const struct {
    const char *method;
    int (*run)(struct lsp *l, json_t *params, struct err *e);
} notifications[] = {
    {"textDocument/didOpen", did_open},
    {"textDocument/didChange", did_change},
    {"textDocument/didClose", did_close},
};

static void request(struct lsp *l, const char *method, json_t *id, json_t *params)
{
    bool first = strcmp(method, "initialize") == 0;
    if (!l->initialized && !first) {
        fail(l, id, LSP_NOT_INITIALIZED, "initialize comes first");
        return;
    }
    if (l->clean || (l->initialized && first)) {
        fail(l, id, LSP_INVALID_REQUEST, l->clean ? "the server was shut down" : "initialize comes once");
        return;
    }
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        if (strcmp(requests[i].method, method) != 0)
            continue;
        json_t *result = requests[i].run(l, params);
        if (result)
            reply(l, id, result);
        else
            fail(l, id, LSP_INVALID_PARAMS, "the request names no open document, or no position in it");
        return;
    }
    fail(l, id, LSP_METHOD_NOT_FOUND, "no such method");
}

static void notification(struct lsp *l, const char *method, json_t *params)
{
    struct err e = {0};
    for (size_t i = 0; l->initialized && !l->clean && i < sizeof notifications / sizeof *notifications; i++)
        if (strcmp(notifications[i].method, method) == 0 && notifications[i].run(l, params, &e) < 0)
            log_error(l, e.what);
}

bool lsp_handle(struct lsp *l, const char *text, size_t len)
{
    struct err e = {0};
    AUTO_JSON json_t *m = js_parse(text, len, "message", &e);
    if (!m) {
        lsp_refuse(l, LSP_PARSE_ERROR, e.what);
        return true;
    }
    json_t *id = json_object_get(m, "id"), *params = json_object_get(m, "params");
    const char *method = js_str(m, "method");
    bool answers = !method && (json_object_get(m, "result") || json_object_get(m, "error"));
    if (answers)
        return true; /* nothing was asked of the client */
    if (!method || strcmp(js_str_or(m, "jsonrpc", ""), "2.0") != 0 ||
        (id && !json_is_string(id) && !json_is_integer(id)) ||
        (params && !json_is_object(params) && !json_is_array(params) && !json_is_null(params))) {
        fail(l, id, LSP_INVALID_REQUEST, "not a request of JSON-RPC 2.0");
        return true;
    }
    if (!id && strcmp(method, "exit") == 0)
        return false;
    if (id)
        request(l, method, id, params);
    else
        notification(l, method, params);
    return true;
}
