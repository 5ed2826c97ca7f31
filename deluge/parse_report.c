/* What the parser says, once a mistake, and the brackets it remembers for that. */
#include "base/mem.h"
#include "deluge/parser.h"

/* A text without its end later on this line: it is the cause of whatever seems odd before it (a quote is missing
 * somewhere between), and the lexer has reported it. */
static bool broken_ahead(struct dg_parser *p)
{
    for (size_t i = 0; i < 200; i++) {
        const struct dg_token *t = dg_p_tok(p, i);
        if (t->kind == DG_T_EOF || (i && t->line_start))
            return false;
        if (t->broken && t->kind != DG_T_OTHER)
            return true;
    }
    return false;
}

bool dg_p_given_up(const struct dg_parser *p)
{
    return p->d->errors - p->before > DG_MAX_ERRORS;
}

struct dg_diag *dg_p_mistake(struct dg_parser *p, const char *rule, struct dg_span at, const char *message, ...)
{
    if (p->panic || dg_p_given_up(p))
        return NULL;
    if (broken_ahead(p)) {
        p->panic = true;
        return NULL;
    }
    if (p->d->errors - p->before == DG_MAX_ERRORS) {
        dg_diag_add(p->d, "DL099", DG_ERROR, at, "more than %d mistakes: the rest is not reported", DG_MAX_ERRORS);
        return NULL;
    }
    va_list ap;
    va_start(ap, message);
    AUTO_FREE char *text = mem_vprintf(message, ap);
    va_end(ap);
    return dg_diag_add(p->d, rule, DG_ERROR, at, "%s", text);
}

struct dg_diag *dg_p_error(struct dg_parser *p, const char *rule, struct dg_span at, const char *message, ...)
{
    va_list ap;
    va_start(ap, message);
    AUTO_FREE char *text = mem_vprintf(message, ap);
    va_end(ap);
    struct dg_diag *g = dg_p_mistake(p, rule, at, "%s", text);
    p->panic = true;
    return g;
}

/* How a token is called in a message: 'name', text, ';'. */
static char *token_called(struct dg_parser *p, const struct dg_token *t)
{
    if (t->kind == DG_T_NAME)
        return mem_printf("'%.60s'", t->name->s);
    if (t->kind == DG_T_INT || t->kind == DG_T_DECIMAL || t->kind == DG_T_OTHER)
        return mem_printf("'%.*s'", (int)(t->span.end - t->span.off > 60 ? 60 : t->span.end - t->span.off),
                          p->s->text + t->span.off);
    if (t->kind == DG_T_TEXT || t->kind == DG_T_QUOTED)
        return mem_dup("a text");
    if (t->kind == DG_T_EOF)
        return mem_dup("the end of the script");
    return mem_printf("'%s'", dg_token_text((enum dg_token_kind)t->kind));
}

void dg_p_unexpected(struct dg_parser *p, const char *wanted)
{
    struct dg_token *t = dg_p_tok(p, 0);
    if (t->broken) { /* the lexer has said it */
        p->panic = true;
        return;
    }
    if (dg_p_advise(p, wanted))
        return;
    AUTO_FREE char *found = token_called(p, t);
    struct dg_span at = t->line_start && p->at ? dg_p_behind(p) : t->span;
    const char *fix = dg_p_advice_between(p, wanted);
    struct dg_diag *g = dg_p_error(p, "DL000", at, "expected %s, found %s", wanted, found);
    if (g && fix)
        dg_diag_fix(g, "%s", fix);
}

bool dg_p_expect(struct dg_parser *p, enum dg_token_kind kind, enum dg_role role)
{
    if (dg_p_take(p, kind, role))
        return true;
    AUTO_FREE char *wanted = kind == DG_T_NAME ? mem_dup("a name") : mem_printf("'%s'", dg_token_text(kind));
    dg_p_unexpected(p, wanted);
    return false;
}

bool dg_p_open(struct dg_parser *p, enum dg_token_kind kind, enum dg_role role)
{
    struct dg_open o = {(uint8_t)kind, dg_p_tok(p, 0)->span};
    if (!dg_p_expect(p, kind, role))
        return false;
    VEC_PUSH(p->open, p->n_open, p->cap_open, o);
    return true;
}

/* Is the bracket simply not there, rather than something odd inside it? */
static bool bracket_ends_here(struct dg_parser *p)
{
    const struct dg_token *t = dg_p_tok(p, 0);
    return t->kind == DG_T_SEMI || t->kind == DG_T_EOF || t->kind == DG_T_RBRACE || t->kind == DG_T_RPAREN ||
           t->kind == DG_T_RBRACKET || t->kind == DG_T_LBRACE || dg_p_begins_statement(p, p->at);
}

/* {"a":1;"b":2}: the ';' stands inside, for its bracket is closed on the same line. */
static bool semicolon_inside(struct dg_parser *p, enum dg_token_kind closer)
{
    int depth = 0;
    if (!dg_p_at(p, DG_T_SEMI))
        return false;
    for (size_t i = 1;; i++) {
        const struct dg_token *t = dg_p_tok(p, i);
        if (t->line_start || t->kind == DG_T_EOF)
            return false;
        if (depth == 0 && t->kind == closer)
            return true;
        depth += t->kind == DG_T_LPAREN || t->kind == DG_T_LBRACE || t->kind == DG_T_LBRACKET;
        depth -= t->kind == DG_T_RPAREN || t->kind == DG_T_RBRACE || t->kind == DG_T_RBRACKET;
        if (depth < 0)
            return false;
    }
}

/* The message, and on past the bracket: the rest of the statement is read again. */
static void semicolon_mistake(struct dg_parser *p, enum dg_token_kind closer)
{
    struct dg_diag *g = dg_p_mistake(p, "DL000", dg_p_tok(p, 0)->span, "no ';' stands inside the brackets");
    if (g)
        dg_diag_fix(g, "write ','");
    for (int depth = 0; depth > 0 || !dg_p_at(p, closer); p->at++) {
        const struct dg_token *t = dg_p_tok(p, 0);
        depth += t->kind == DG_T_LPAREN || t->kind == DG_T_LBRACE || t->kind == DG_T_LBRACKET;
        depth -= t->kind == DG_T_RPAREN || t->kind == DG_T_RBRACE || t->kind == DG_T_RBRACKET;
    }
}

bool dg_p_close(struct dg_parser *p, enum dg_token_kind kind, enum dg_role role)
{
    if (p->panic)
        return false;
    struct dg_open o = p->open[p->n_open - 1];
    if (semicolon_inside(p, kind))
        semicolon_mistake(p, kind);
    if (dg_p_take(p, kind, role)) {
        p->n_open--;
        return true;
    }
    if (!bracket_ends_here(p) || dg_p_tok(p, 0)->broken) {
        AUTO_FREE char *wanted = mem_printf("',' or '%s'", dg_token_text(kind));
        dg_p_unexpected(p, wanted);
        return false;
    }
    struct dg_span found = dg_p_tok(p, 0)->span;
    struct dg_diag *g = dg_p_error(p, "DL003", o.span, "this '%s' is never closed", dg_token_text(o.kind));
    if (g) {
        g->other = found;
        g->other_text = "the script goes on here without it";
        dg_diag_fix(g, "put '%s' before line %u column %u", dg_token_text(kind), found.line, found.col);
    }
    return false;
}

bool dg_p_enter(struct dg_parser *p)
{
    if (++p->depth <= DG_MAX_DEPTH)
        return true;
    struct dg_diag *g = dg_p_error(p, "DL099", dg_p_tok(p, 0)->span, "nested deeper than %d levels", DG_MAX_DEPTH);
    if (g)
        dg_diag_fix(g, "put the inner part into a variable or a function");
    return false;
}

void dg_p_leave(struct dg_parser *p)
{
    p->depth--;
}
