/*
 * agent/lsp.h — a language server for Deluge: one message in, its replies out. No I/O: agent/cmd_deluge_lsp.c reads and
 * writes.
 *
 * Call order  lsp_init → lsp_handle per message until it returns false → lsp_release; l->clean says whether the client
 *             asked for shutdown first.
 * Knows       initialize, shutdown, exit, didOpen, didChange (full and incremental), didClose, publishDiagnostics,
 *             formatting, hover, completion, documentSymbol. Any other request is answered -32601, a notification is
 *             passed over.
 * Errors      text that is no JSON: -32700; no request object: -32600; parameters of another shape: -32602; before
 *             initialize: -32002. A failed notification becomes window/logMessage.
 * Bounds      LSP_MAX_DOCS documents; LSP_MAX_SHOWN diagnostics a document.
 * Source      Language Server Protocol 3.17; JSON-RPC 2.0.
 */
#ifndef AGENT_LSP_H
#define AGENT_LSP_H
#include "agent/lsp_text.h"
#include "base/js.h"
#include "deluge/completion.h"
#include "deluge/meta.h"

enum { LSP_MAX_DOCS = 256, LSP_MAX_SHOWN = 500 };

enum lsp_code {
    LSP_PARSE_ERROR = -32700,
    LSP_INVALID_REQUEST = -32600,
    LSP_METHOD_NOT_FOUND = -32601,
    LSP_INVALID_PARAMS = -32602,
    LSP_NOT_INITIALIZED = -32002
};

struct lsp_doc {
    char *uri;
    int64_t version;
    struct lsp_text text;
};
struct lsp {
    const struct dg_meta *meta;              /* NULL without a snapshot */
    const struct dg_name_source *names;      /* the same */
    void (*send)(void *to, json_t *message); /* steals the message */
    void *to;
    struct lsp_doc *doc;
    size_t n, cap;
    bool initialized, clean;
};
void lsp_init(struct lsp *l, void (*send)(void *to, json_t *message), void *to);
void lsp_release(struct lsp *l);
/* false after exit. */
bool lsp_handle(struct lsp *l, const char *text, size_t len);
/* An answer to a message that could not even be cut out of the stream: id null. */
void lsp_refuse(struct lsp *l, enum lsp_code code, const char *why);

/* agent/lsp_answer.c: what a document gives. New references. */
json_t *lsp_diagnostics(const struct lsp *l, const struct lsp_doc *d);
json_t *lsp_formatting(const struct lsp_doc *d); /* null when the script has mistakes */
json_t *lsp_hover(const struct lsp_doc *d, size_t off);
json_t *lsp_completion(const struct lsp *l, const struct lsp_doc *d, size_t off);
json_t *lsp_symbols(const struct lsp_doc *d);
#endif
