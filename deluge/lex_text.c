/* Texts, also those whose end is lost, and comments. */
#include "deluge/lexer.h"

/* An unclosed text that ends on a later line, as HTML pasted over lines does: the place after its closing quote, or 0.
 * A quote that opens the next text is no such end: after an end comes an operator or a mark. */
static size_t text_end_on_later_line(const struct lexer *x, char quote)
{
    const char *t = x->s->text;
    size_t n = x->s->len, stop = x->at + 65536 < n ? x->at + 65536 : n;
    for (size_t i = x->at; i < stop; i++) {
        if (t[i] == '\\') {
            i++;
            continue;
        }
        if (t[i] != quote)
            continue;
        size_t k = i + 1;
        while (k < n && (t[k] == ' ' || t[k] == '\t'))
            k++;
        return k < n && strchr(";),+.}]:", t[k]) && t[k] ? i + 1 : 0;
    }
    return 0;
}

void dg_x_text(struct lexer *x, char quote)
{
    struct dg_span span = dg_x_here(x);
    bool fresh = x->fresh;
    x->fresh = false;
    dg_x_step(x);
    for (dg_x_run(x, quote); !dg_x_ends_line(x) && dg_x_look(x, 0) != quote; dg_x_run(x, quote)) {
        if (dg_x_look(x, 0) == '\\' && x->at + 1 < x->s->len && dg_x_look(x, 1) != '\n' && dg_x_look(x, 1) != '\r')
            dg_x_step(x);
        dg_x_step(x);
    }
    enum dg_token_kind kind = quote == '"' ? DG_T_TEXT : DG_T_QUOTED;
    if (!dg_x_ends_line(x)) {
        dg_x_step(x);
        dg_x_put(x, kind, span, fresh);
        return;
    }
    struct dg_span line = span;
    dg_x_close_span(x, &line);
    size_t end = text_end_on_later_line(x, quote);
    if (end) {
        while (x->at < end)
            dg_x_step(x);
        x->fresh = false;
    }
    dg_x_put(x, kind, span, fresh)->broken = true;
    if (dg_x_enough(x))
        return;
    if (end) {
        struct dg_diag *g = dg_diag_add(x->d, "DL001", DG_ERROR, line, "the text runs over the end of its line");
        dg_diag_fix(g, "end the text on line %u and join the lines with + \"\\n\" +", line.line);
    } else {
        struct dg_diag *g = dg_diag_add(x->d, "DL001", DG_ERROR, line, "the text has no closing %c", quote);
        dg_diag_fix(g, "put %c where the text ends; a %c inside it is written \\%c", quote, quote, quote);
    }
}

void dg_x_line_comment(struct lexer *x)
{
    struct dg_span span = dg_x_here(x);
    bool fresh = x->fresh;
    for (dg_x_run(x, '\n'); !dg_x_ends_line(x); dg_x_run(x, '\n'))
        dg_x_step(x);
    dg_x_put(x, DG_T_COMMENT, span, fresh);
}

void dg_x_block_comment(struct lexer *x)
{
    struct dg_span span = dg_x_here(x);
    bool fresh = x->fresh;
    dg_x_steps(x, 2);
    while (x->at < x->s->len && !(dg_x_look(x, 0) == '*' && dg_x_look(x, 1) == '/'))
        dg_x_step(x);
    if (x->at < x->s->len) {
        dg_x_steps(x, 2);
        x->fresh = fresh; /* what follows a comment at the beginning of a line begins it too */
        dg_x_put(x, DG_T_COMMENT, span, fresh);
        return;
    }
    dg_x_put(x, DG_T_COMMENT, span, fresh)->broken = true;
    span.end = span.off + 2;
    struct dg_diag *g = dg_diag_add(x->d, "DL002", DG_ERROR, span, "the comment opened here is never closed");
    dg_diag_fix(g, "put */ where the comment ends");
}
