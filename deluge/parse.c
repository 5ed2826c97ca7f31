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

/* Creator's pages begin with a tag or with <%; no script begins so. */
static bool is_page(const char *text, size_t len)
{
    size_t i = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (i < len && (text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r'))
        i++;
    return i + 1 < len && text[i] == '<' &&
           (text[i + 1] == '%' || text[i + 1] == '!' || (text[i + 1] >= 'A' && text[i + 1] <= 'z'));
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
    if (is_page(text, len)) {
        struct dg_span top = {0, 0, 1, 1, 1, 1};
        dg_lex(s, "", 0, d);
        dg_diag_fix(dg_diag_add(d, "DL000", DG_ERROR, top, "this is a page (HTML with <%% … %%>), not a script"),
                    "check the Deluge between its marks in a file of its own");
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
