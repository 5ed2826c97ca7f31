/* What a document gives: diagnostics, formatting, hover, completion, symbols, in the protocol's shapes. */
#include "agent/lsp.h"
#include "deluge/check.h"
#include "deluge/format.h"
#include "deluge/hover.h"
#include "deluge/parse.h"

static json_t *position(const struct lsp_text *t, size_t off)
{
    int64_t line, character;
    lsp_text_position(t, off, &line, &character);
    return json_pack("{s:I,s:I}", "line", (json_int_t)line, "character", (json_int_t)character);
}

static json_t *range(const struct lsp_text *t, size_t from, size_t to)
{
    return json_pack("{s:o,s:o}", "start", position(t, from), "end", position(t, to));
}

static json_t *diagnostic(const struct lsp_doc *d, const struct dg_diag *g)
{
    static const int severity[] = {[DG_ERROR] = 1, [DG_WARNING] = 2, [DG_NOTE] = 3};
    json_t *o = json_object();
    js_set(o, "range", range(&d->text, g->span.off, g->span.end));
    js_set_int(o, "severity", severity[g->level]);
    js_set_str(o, "code", g->rule);
    js_set_str(o, "source", "zagent");
    js_set_strf(o, "message", "%s%s%s", g->message, g->fix ? "\n" : "", g->fix ? g->fix : "");
    if (g->other.line && g->other_text) {
        json_t *related =
            json_pack("{s:{s:s,s:o}}", "location", "uri", d->uri, "range", range(&d->text, g->other.off, g->other.end));
        js_set_str(related, "message", g->other_text);
        js_set(o, "relatedInformation", json_pack("[o]", related));
    }
    return o;
}

json_t *lsp_diagnostics(const struct lsp *l, const struct lsp_doc *d)
{
    struct dg_script s;
    struct dg_diags found = {0};
    struct dg_check_options o = {.meta = l->meta};
    json_t *rows = json_array();
    if (dg_parse(&s, d->uri, d->text.s, d->text.len, &found))
        dg_check(&s, &o, &found);
    for (size_t i = 0; i < found.n && i < LSP_MAX_SHOWN; i++)
        json_array_append_new(rows, diagnostic(d, &found.item[i]));
    dg_script_release(&s);
    dg_diags_release(&found);
    return rows;
}

json_t *lsp_formatting(const struct lsp_doc *d)
{
    struct dg_script s;
    struct dg_diags found = {0};
    AUTO_SB struct sb out = SB_INIT((size_t)LSP_MAX_TEXT * 4);
    json_t *edits = NULL;
    if (dg_parse(&s, d->uri, d->text.s, d->text.len, &found) && dg_format(&s, &out, NULL) == 0) {
        edits = json_array();
        if (out.len != d->text.len || memcmp(out.buf, d->text.s, out.len) != 0) {
            json_t *edit = json_object();
            js_set(edit, "range", range(&d->text, 0, d->text.len));
            js_set_str(edit, "newText", out.buf);
            json_array_append_new(edits, edit);
        }
    }
    dg_script_release(&s);
    dg_diags_release(&found);
    return edits ? edits : json_null();
}

static json_t *markdown(const struct dg_doc *doc)
{
    json_t *o = json_object();
    js_set_str(o, "kind", "markdown");
    js_set_strf(o, "value", "```deluge\n%s\n```\n%s\n\nZoho's documentation: `%s`", doc->signature, doc->text,
                doc->page);
    return o;
}

json_t *lsp_hover(const struct lsp_doc *d, size_t off)
{
    struct dg_script s;
    struct dg_diags found = {0};
    struct dg_span at;
    json_t *o = NULL;
    dg_parse(&s, d->uri, d->text.s, d->text.len, &found);
    const struct dg_doc *doc = dg_hover(&s, off, &at);
    if (doc) {
        o = json_object();
        js_set(o, "contents", markdown(doc));
        js_set(o, "range", range(&d->text, at.off, at.end));
    }
    dg_script_release(&s);
    dg_diags_release(&found);
    return o ? o : json_null();
}

static void offer(void *to, const struct dg_offer *of)
{
    /* CompletionItemKind */
    static const int kind[] = {[DG_OFFER_FUNCTION] = 3,
                               [DG_OFFER_SPACE] = 9,
                               [DG_OFFER_VARIABLE] = 6,
                               [DG_OFFER_MODULE] = 7,
                               [DG_OFFER_FIELD] = 5};
    json_t *o = json_object();
    js_set_str(o, "label", of->label);
    js_set_int(o, "kind", kind[of->kind]);
    if (of->doc || of->detail[0])
        js_set_str(o, "detail", of->doc ? of->doc->signature : of->detail);
    if (of->doc)
        js_set_str(o, "documentation", of->doc->text);
    json_array_append_new(to, o);
}

json_t *lsp_completion(const struct lsp *l, const struct lsp_doc *d, size_t off)
{
    struct dg_script s;
    struct dg_diags found = {0};
    json_t *items = json_array();
    dg_parse(&s, d->uri, d->text.s, d->text.len, &found);
    dg_complete(&s, off, l->names, offer, items);
    dg_script_release(&s);
    dg_diags_release(&found);
    return items;
}

json_t *lsp_symbols(const struct lsp_doc *d)
{
    enum { FUNCTION = 12 }; /* SymbolKind */
    struct dg_script s;
    struct dg_diags found = {0};
    json_t *rows = json_array();
    dg_parse(&s, d->uri, d->text.s, d->text.len, &found);
    for (size_t i = 0; i < s.n_functions; i++) {
        const struct dg_function *f = s.function[i];
        size_t end = f->body.span.end > f->head.end ? f->body.span.end : f->head.end;
        if (!f->name || !f->name->len || f->name_span.off < f->head.off || f->name_span.end > end)
            continue;
        json_t *o = json_object();
        AUTO_FREE char *head = mem_dupn(s.text + f->head.off, f->head.end - f->head.off);
        js_set_str(o, "name", f->name->s);
        js_set_str(o, "detail", head);
        js_set_int(o, "kind", FUNCTION);
        js_set(o, "range", range(&d->text, f->head.off, end));
        js_set(o, "selectionRange", range(&d->text, f->name_span.off, f->name_span.end));
        json_array_append_new(rows, o);
    }
    dg_script_release(&s);
    dg_diags_release(&found);
    return rows;
}
