/* Signatures: type namespace.name(type a, type b) { … }. */
#include "base/mem.h"
#include "deluge/parser.h"

/* From the ( at `i`, is there a matching ) followed by { ? */
static bool body_after_brackets(struct dg_parser *p, size_t i)
{
    int depth = 0;
    do {
        const struct dg_token *t = dg_p_tok(p, i);
        if (t->kind == DG_T_EOF || t->kind == DG_T_SEMI || t->kind == DG_T_LBRACE || t->kind == DG_T_RBRACE)
            return false;
        depth += t->kind == DG_T_LPAREN;
        depth -= t->kind == DG_T_RPAREN;
        i++;
    } while (depth > 0);
    return dg_p_tok(p, i)->kind == DG_T_LBRACE;
}

static bool kinds_here(struct dg_parser *p, const char *pattern)
{
    for (size_t i = 0; pattern[i]; i++) {
        enum dg_token_kind kind = (enum dg_token_kind)dg_p_tok(p, i)->kind;
        if ((pattern[i] == 'n' && kind != DG_T_NAME) || (pattern[i] == '.' && kind != DG_T_DOT) ||
            (pattern[i] == '(' && kind != DG_T_LPAREN))
            return false;
    }
    return true;
}

bool dg_p_function_here(struct dg_parser *p)
{
    static const char *const heads[] = {"nn.n(", "nn(", "n.n("};
    if (dg_p_at_word(p, 0, "else") || dg_p_at_word(p, 0, "return") || dg_p_at_word(p, 0, "info"))
        return false;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (kinds_here(p, heads[i]) && body_after_brackets(p, strlen(heads[i]) - 1))
            return true;
    return false;
}

static void parameters(struct dg_parser *p, struct dg_function *f)
{
    struct dg_param *list = NULL;
    size_t cap = 0;
    if (!dg_p_open(p, DG_T_LPAREN, DG_R_NONE))
        return;
    while (!p->panic && !dg_p_at(p, DG_T_RPAREN)) {
        struct dg_param one = {.span = dg_p_tok(p, 0)->span};
        if (dg_p_tok(p, 1)->kind == DG_T_NAME)
            one.type = dg_p_next(p, DG_R_NONE)->name;
        one.name = dg_p_tok(p, 0)->name;
        if (!dg_p_expect(p, DG_T_NAME, DG_R_NONE))
            break;
        one.span = dg_p_from(p, one.span);
        VEC_PUSH(list, f->n, cap, one);
        if (!dg_p_take(p, DG_T_COMMA, DG_R_NONE))
            break;
    }
    f->param = dg_p_keep(p, list, f->n, sizeof *list);
    dg_p_close(p, DG_T_RPAREN, DG_R_NONE);
}

struct dg_stmt *dg_p_function(struct dg_parser *p)
{
    struct dg_stmt *s = dg_p_stmt_new(p, DG_FUNCTION);
    struct dg_function *f = dg_arena_alloc(&p->s->arena, sizeof *f);
    s->function = f;
    f->head = dg_p_tok(p, 0)->span;
    if (dg_p_tok(p, 1)->kind == DG_T_NAME) {
        f->type_span = dg_p_tok(p, 0)->span;
        f->type = dg_p_next(p, DG_R_NONE)->name;
    }
    if (dg_p_tok(p, 1)->kind == DG_T_DOT) {
        f->space_span = dg_p_tok(p, 0)->span;
        f->space = dg_p_next(p, DG_R_NONE)->name;
        dg_p_next(p, DG_R_NONE);
    }
    f->name_span = dg_p_tok(p, 0)->span;
    f->name = dg_p_next(p, DG_R_NONE)->name;
    parameters(p, f);
    f->head = dg_p_from(p, f->head);
    dg_p_block(p, &f->body, s->span, "the signature");
    return dg_p_stmt_done(p, s);
}
