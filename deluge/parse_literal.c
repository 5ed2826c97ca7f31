/* Values written out: texts, numbers, constants, maps and lists. */
#include "base/mem.h"
#include "deluge/lex.h"
#include "deluge/parser.h"

static struct dg_expr *map_rest(struct dg_parser *p, struct dg_expr *e, struct dg_expr *first)
{
    struct dg_entry *entry = NULL;
    size_t cap = 0;
    e->kind = DG_MAP;
    e->map.n = 0;
    struct dg_expr *key = first;
    for (;;) {
        if (!dg_p_expect(p, DG_T_COLON, DG_R_MAP_COLON))
            break;
        struct dg_entry one = {key, dg_p_expr(p)};
        VEC_PUSH(entry, e->map.n, cap, one);
        if (!dg_p_take(p, DG_T_COMMA, DG_R_NONE))
            break;
        key = dg_p_expr(p);
    }
    e->map.entry = dg_p_keep(p, entry, e->map.n, sizeof *entry);
    return e;
}

struct dg_expr *dg_p_braces(struct dg_parser *p)
{
    struct dg_expr *e = dg_p_expr_new(p, DG_EMPTY, dg_p_tok(p, 0)->span);
    dg_p_open(p, DG_T_LBRACE, DG_R_NONE);
    if (!dg_p_at(p, DG_T_RBRACE)) {
        struct dg_expr *first = dg_p_expr(p);
        if (!p->panic && dg_p_at(p, DG_T_COLON)) {
            map_rest(p, e, first);
        } else {
            struct dg_expr **item = NULL;
            size_t n = 0, cap = 0;
            VEC_PUSH(item, n, cap, first);
            while (dg_p_take(p, DG_T_COMMA, DG_R_NONE)) {
                struct dg_expr *next = dg_p_expr(p);
                VEC_PUSH(item, n, cap, next);
            }
            e->kind = DG_LIST;
            e->list.n = n;
            e->list.item = dg_p_keep(p, item, n, sizeof *item);
        }
    }
    dg_p_close(p, DG_T_RBRACE, DG_R_NONE);
    return dg_p_expr_done(p, e);
}

struct dg_expr *dg_p_bracket_list(struct dg_parser *p)
{
    struct dg_expr *e = dg_p_expr_new(p, DG_LIST, dg_p_tok(p, 0)->span);
    struct dg_expr **item = NULL;
    dg_p_open(p, DG_T_LBRACKET, DG_R_NONE);
    dg_p_arguments(p, DG_T_RBRACKET, &item, &e->list.n);
    e->list.item = dg_p_keep(p, item, e->list.n, sizeof *item);
    dg_p_close(p, DG_T_RBRACKET, DG_R_NONE);
    return dg_p_expr_done(p, e);
}

/* List:String() — the cursor stands on List. */
struct dg_expr *dg_p_typed_list(struct dg_parser *p)
{
    struct dg_expr *e = dg_p_expr_new(p, DG_TYPED_LIST, dg_p_next(p, DG_R_NONE)->span);
    dg_p_next(p, DG_R_NONE);
    e->typed.type = dg_p_next(p, DG_R_NONE)->name;
    dg_p_open(p, DG_T_LPAREN, DG_R_NONE);
    if (!dg_p_at(p, DG_T_RPAREN))
        e->typed.value = dg_p_expr(p);
    dg_p_close(p, DG_T_RPAREN, DG_R_NONE);
    return dg_p_expr_done(p, e);
}

bool dg_p_typed_list_here(struct dg_parser *p)
{
    return dg_p_at_word(p, 0, "list") && dg_p_tok(p, 1)->kind == DG_T_COLON && dg_p_tok(p, 2)->kind == DG_T_NAME &&
           dg_p_tok(p, 3)->kind == DG_T_LPAREN;
}

struct dg_expr *dg_p_constant(struct dg_parser *p)
{
    static const struct {
        const char *lower;
        enum dg_expr_kind kind;
        bool value;
    } constants[] = {{"null", DG_NULL, false}, {"true", DG_BOOL, true}, {"false", DG_BOOL, false}};
    if (dg_p_tok(p, 1)->kind == DG_T_LPAREN)
        return NULL;
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++) {
        if (!dg_p_at_word(p, 0, constants[i].lower))
            continue;
        struct dg_expr *e = dg_p_expr_new(p, constants[i].kind, dg_p_next(p, DG_R_NONE)->span);
        e->boolean = constants[i].value;
        return dg_p_expr_done(p, e);
    }
    return NULL;
}

struct dg_expr *dg_p_literal(struct dg_parser *p)
{
    struct dg_token *t = dg_p_next(p, DG_R_NONE);
    const char *text = p->s->text + t->span.off;
    struct dg_expr *e = dg_p_expr_new(p, DG_TEXT, t->span);
    if (t->kind == DG_T_INT) {
        e->kind = DG_INT;
        for (uint32_t i = t->span.off; i < t->span.end && !t->broken; i++)
            e->integer = e->integer * 10 + (p->s->text[i] - '0');
    } else if (t->kind == DG_T_DECIMAL) {
        e->kind = DG_DECIMAL;
        e->digits = dg_arena_dupn(&p->s->arena, text, t->span.end - t->span.off);
    } else {
        e->text.s = dg_lex_decode(p->s, t, &e->text.n);
        e->text.quote = t->kind == DG_T_TEXT ? '"' : '\'';
    }
    return dg_p_expr_done(p, e);
}
