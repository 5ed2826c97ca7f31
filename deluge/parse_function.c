/* Signatures: type namespace.name(type a, type b) { … }. Types may be missing: helpers in public collections lack them. */
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

static bool kinds_here(struct dg_parser *p, size_t from, const char *pattern)
{
    for (size_t i = 0; pattern[i]; i++) {
        enum dg_token_kind kind = (enum dg_token_kind)dg_p_tok(p, from + i)->kind;
        if ((pattern[i] == 'n' && kind != DG_T_NAME) || (pattern[i] == '.' && kind != DG_T_DOT) ||
            (pattern[i] == ':' && kind != DG_T_COLON) || (pattern[i] == '(' && kind != DG_T_LPAREN))
            return false;
    }
    return true;
}

/* Tokens of a type before a name: string, or list:string (Creator); 0 when none stands there. */
static size_t type_tokens(struct dg_parser *p)
{
    if (dg_p_at_word(p, 0, "list") && kinds_here(p, 0, "n:nn"))
        return 3;
    return kinds_here(p, 0, "nn") ? 1 : 0;
}

/* name(a, b) with nothing but names in the brackets: a helper without a type. */
static bool untyped_head(struct dg_parser *p)
{
    size_t i = 2;
    if (!kinds_here(p, 0, "n(") || dg_p_foreign_word(dg_p_tok(p, 0)->name) || dg_p_statement_word(dg_p_tok(p, 0)->name))
        return false;
    while (dg_p_tok(p, i)->kind == DG_T_NAME && dg_p_tok(p, i + 1)->kind == DG_T_COMMA)
        i += 2;
    return dg_p_tok(p, i + (dg_p_tok(p, i)->kind == DG_T_NAME))->kind == DG_T_RPAREN;
}

bool dg_p_function_here(struct dg_parser *p)
{
    size_t type = type_tokens(p);
    if (dg_p_statement_word(dg_p_tok(p, 0)->name) && !dg_p_at_word(p, 0, "void"))
        return false;
    if (kinds_here(p, type, "n.n("))
        return body_after_brackets(p, type + 3);
    return (type ? kinds_here(p, type, "n(") : untyped_head(p)) && body_after_brackets(p, type + 1);
}

/* The type at the cursor; of list:string it is `list`. */
static const struct dg_name *take_type(struct dg_parser *p)
{
    size_t more = type_tokens(p) - 1;
    const struct dg_name *type = dg_p_next(p, DG_R_NONE)->name;
    while (more--)
        dg_p_next(p, DG_R_NONE);
    return type;
}

static void parameters(struct dg_parser *p, struct dg_function *f)
{
    struct dg_param *list = NULL;
    size_t cap = 0;
    if (!dg_p_open(p, DG_T_LPAREN, DG_R_NONE))
        return;
    while (!p->panic && !dg_p_at(p, DG_T_RPAREN)) {
        struct dg_param one = {.span = dg_p_tok(p, 0)->span};
        if (type_tokens(p))
            one.type = take_type(p);
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
    if (dg_p_foreign_word(dg_p_tok(p, 0)->name))
        dg_diag_fix(dg_diag_add(p->d, "DL011", DG_WARNING, f->head, "a function begins with the type it returns"),
                    "write string standalone.name(string a), or void automation.name(int id)");
    if (type_tokens(p)) {
        f->type_span = dg_p_tok(p, 0)->span;
        f->type = take_type(p);
        f->type_span = dg_p_from(p, f->type_span);
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
