#include "deluge/parse.h"

#include "base/mem.h"
#include "deluge/lex.h"
#include "deluge/parser.h"

struct dg_token *dg_p_tok(struct dg_parser *p, size_t ahead)
{
    size_t i = p->at + ahead;
    return p->tok[i < p->n ? i : p->n - 1];
}

bool dg_p_at(struct dg_parser *p, enum dg_token_kind kind)
{
    return dg_p_tok(p, 0)->kind == kind;
}

bool dg_p_at_word(struct dg_parser *p, size_t ahead, const char *lower)
{
    return dg_is(dg_p_tok(p, ahead)->name, lower);
}

struct dg_token *dg_p_next(struct dg_parser *p, enum dg_role role)
{
    struct dg_token *t = dg_p_tok(p, 0);
    if (role != DG_R_NONE)
        t->role = (uint8_t)role;
    if (p->at + 1 < p->n)
        p->at++;
    if (t->broken)
        p->panic = true;
    return t;
}

bool dg_p_take(struct dg_parser *p, enum dg_token_kind kind, enum dg_role role)
{
    if (p->panic || !dg_p_at(p, kind))
        return false;
    dg_p_next(p, role);
    return true;
}

struct dg_span dg_p_from(struct dg_parser *p, struct dg_span start)
{
    struct dg_span last = p->tok[p->at ? p->at - 1 : 0]->span;
    if (last.end > start.off) {
        start.end = last.end;
        start.end_line = last.end_line;
        start.end_col = last.end_col;
    }
    return start;
}

struct dg_span dg_p_behind(struct dg_parser *p)
{
    struct dg_span last = p->tok[p->at ? p->at - 1 : 0]->span;
    if (!p->at)
        return last;
    return (struct dg_span){last.end, last.end, last.end_line, last.end_col, last.end_line, last.end_col};
}

/* ── Reporting ── */

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
    AUTO_FREE char *found = token_called(p, t);
    struct dg_span at = t->line_start && p->at ? dg_p_behind(p) : t->span;
    dg_p_error(p, "DL000", at, "expected %s, found %s", wanted, found);
}

bool dg_p_expect(struct dg_parser *p, enum dg_token_kind kind, enum dg_role role)
{
    if (dg_p_take(p, kind, role))
        return true;
    AUTO_FREE char *wanted = mem_printf("'%s'", dg_token_text(kind));
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

bool dg_p_close(struct dg_parser *p, enum dg_token_kind kind, enum dg_role role)
{
    if (p->panic)
        return false;
    struct dg_open o = p->open[p->n_open - 1];
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

/* ── Recovery ── */

bool dg_p_statement_word(const struct dg_name *n)
{
    static const char *const words[] = {"if",      "for",       "try",    "return", "info",  "break", "continue",
                                        "throw",   "sendmail",  "insert", "delete", "alert", "else",  "catch",
                                        "cancel",  "sendsms",   "while",  "switch", "hide",  "show",  "enable",
                                        "disable", "invokeurl", "void",   "throws"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (dg_is(n, words[i]))
            return true;
    return false;
}

/* After these a line goes on. */
static bool continues(const struct dg_token *t)
{
    switch (t->kind) {
    case DG_T_SEMI:
    case DG_T_RBRACE:
    case DG_T_LBRACE:
    case DG_T_RPAREN:
    case DG_T_RBRACKET:
    case DG_T_NAME:
    case DG_T_INT:
    case DG_T_DECIMAL:
    case DG_T_TEXT:
    case DG_T_QUOTED:
    case DG_T_INC:
    case DG_T_DEC:
    case DG_T_OTHER:
        return false;
    default:
        return true;
    }
}

bool dg_p_begins_statement(struct dg_parser *p, size_t index)
{
    const struct dg_token *t = p->tok[index];
    if (!t->line_start || t->kind != DG_T_NAME || (index && continues(p->tok[index - 1])))
        return false;
    if (index + 1 >= p->n)
        return false;
    const struct dg_token *next = p->tok[index + 1];
    if (dg_p_statement_word(t->name))
        return next->kind != DG_T_COLON && next->kind != DG_T_COMMA;
    return next->kind == DG_T_ASSIGN || next->kind == DG_T_DOT || next->kind == DG_T_LPAREN ||
           (next->kind >= DG_T_PLUS_ASSIGN && next->kind <= DG_T_DEC);
}

/* A { that opens a block rather than a map: first or last on its line, with a statement or } after it. */
static bool opens_block(struct dg_parser *p, size_t index)
{
    return p->tok[index]->kind == DG_T_LBRACE && index + 1 < p->n && p->tok[index + 1]->line_start &&
           (p->tok[index + 1]->kind == DG_T_RBRACE || dg_p_begins_statement(p, index + 1));
}

/* Takes a closing bracket off the stack of the statement; false when nothing there fits. */
static bool unwind(struct dg_parser *p, uint8_t closer)
{
    uint8_t opener = closer == DG_T_RPAREN ? DG_T_LPAREN : closer == DG_T_RBRACE ? DG_T_LBRACE : DG_T_LBRACKET;
    for (size_t i = p->n_open; i > p->stmt_open; i--)
        if (p->open[i - 1].kind == opener) {
            p->n_open = i - 1;
            return true;
        }
    return false;
}

void dg_p_sync(struct dg_parser *p, size_t start)
{
    for (;;) {
        struct dg_token *t = p->tok[p->at];
        if (t->kind == DG_T_EOF)
            break;
        bool moved = p->at > start;
        if (moved && (dg_p_begins_statement(p, p->at) || opens_block(p, p->at)))
            break;
        if (t->kind == DG_T_RBRACE && !unwind(p, t->kind))
            break;
        if (t->kind == DG_T_RPAREN || t->kind == DG_T_RBRACKET)
            unwind(p, t->kind);
        if (t->kind == DG_T_LPAREN || t->kind == DG_T_LBRACE || t->kind == DG_T_LBRACKET) {
            struct dg_open o = {t->kind, t->span};
            VEC_PUSH(p->open, p->n_open, p->cap_open, o);
        }
        p->at++;
        if (t->kind == DG_T_SEMI)
            break;
    }
    p->n_open = p->stmt_open;
    p->panic = false;
}

/* ── Nodes ── */

struct dg_expr *dg_p_expr_new(struct dg_parser *p, enum dg_expr_kind kind, struct dg_span start)
{
    struct dg_expr *e = dg_arena_alloc(&p->s->arena, sizeof *e);
    e->kind = kind;
    e->height = 1;
    e->id = p->s->n_exprs++;
    e->span = start;
    return e;
}

static void raise_height(struct dg_expr *child, void *ctx)
{
    struct dg_expr *e = ctx;
    if (child->height >= e->height)
        e->height = (uint16_t)(child->height + 1);
}

struct dg_expr *dg_p_expr_done(struct dg_parser *p, struct dg_expr *e)
{
    e->span = dg_p_from(p, e->span);
    dg_each_child(e, raise_height, e);
    if (e->height > DG_MAX_HEIGHT) {
        struct dg_diag *g =
            dg_p_error(p, "DL099", e->span, "an expression of more than %d parts in a chain", DG_MAX_HEIGHT);
        if (g)
            dg_diag_fix(g, "split it over several variables");
        e->kind = DG_BAD;
        e->height = 1;
    }
    return e;
}

void *dg_p_keep(struct dg_parser *p, void *list, size_t n, size_t size)
{
    void *kept = NULL;
    if (n) {
        kept = dg_arena_alloc(&p->s->arena, n * size);
        memcpy(kept, list, n * size);
    }
    free(list);
    return kept;
}

/* ── The outermost level ── */

static void collect_functions(struct dg_script *s)
{
    size_t cap = 0;
    for (size_t i = 0; i < s->body.n; i++)
        if (s->body.stmt[i]->kind == DG_FUNCTION)
            VEC_PUSH(s->function, s->n_functions, cap, s->body.stmt[i]->function);
}

static void parse_script(struct dg_parser *p)
{
    dg_p_stmts(p, &p->s->body, true);
    struct dg_span last = p->tok[p->n - 1]->span;
    p->s->body.span = (struct dg_span){0, last.end, 1, 1, last.end_line, last.end_col};
    collect_functions(p->s);
}

bool dg_parse(struct dg_script *s, const char *file, const char *text, size_t len, struct dg_diags *d)
{
    *s = (struct dg_script){0};
    s->file = dg_arena_dupn(&s->arena, file, strlen(file));
    size_t before = d->errors;
    if (len > DG_MAX_SOURCE) {
        struct dg_span top = {0, 0, 1, 1, 1, 1};
        dg_lex(s, "", 0, d);
        dg_diag_add(d, "DL099", DG_ERROR, top, "the script has %zu bytes; at most %d are read", len, DG_MAX_SOURCE);
        return false;
    }
    dg_lex(s, text, len, d);
    struct dg_parser p = {.s = s, .d = d, .before = before};
    p.tok = mem_grow(NULL, s->n_tokens, sizeof *p.tok);
    for (size_t i = 0; i < s->n_tokens; i++)
        if (s->token[i].kind != DG_T_COMMENT)
            p.tok[p.n++] = &s->token[i];
    parse_script(&p);
    free(p.tok);
    free(p.open);
    dg_diags_sort(d);
    return d->errors == before;
}

void dg_script_release(struct dg_script *s)
{
    free(s->line);
    free(s->token);
    free(s->name);
    free(s->function);
    dg_arena_release(&s->arena);
    *s = (struct dg_script){0};
}
