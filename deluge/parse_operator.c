/* Binary operators, by precedence climbing. The levels are those of DG_BINARY_OPS. */
#include "deluge/parser.h"

static const struct {
    enum dg_token_kind token; /* DG_T_NAME: a word of criteria */
    const char *word;
    enum dg_binary_op op;
} operators[] = {
    {DG_T_OR, NULL, DG_OP_OR},
    {DG_T_AND, NULL, DG_OP_AND},
    {DG_T_EQ, NULL, DG_OP_EQ},
    {DG_T_ASSIGN, NULL, DG_OP_EQ_SINGLE},
    {DG_T_NE, NULL, DG_OP_NE},
    {DG_T_LT, NULL, DG_OP_LT},
    {DG_T_LE, NULL, DG_OP_LE},
    {DG_T_GT, NULL, DG_OP_GT},
    {DG_T_GE, NULL, DG_OP_GE},
    {DG_T_NAME, "in", DG_OP_IN},
    {DG_T_NAME, "like", DG_OP_LIKE},
    {DG_T_NAME, "contains", DG_OP_CONTAINS},
    {DG_T_NAME, "startswith", DG_OP_STARTS_WITH},
    {DG_T_NAME, "endswith", DG_OP_ENDS_WITH},
    {DG_T_NAME, "is", DG_OP_IS},
    {DG_T_PLUS, NULL, DG_OP_ADD},
    {DG_T_MINUS, NULL, DG_OP_SUB},
    {DG_T_STAR, NULL, DG_OP_MUL},
    {DG_T_SLASH, NULL, DG_OP_DIV},
    {DG_T_PERCENT, NULL, DG_OP_MOD},
};

static const int levels[] = {
#define X(id, text, level) level,
    DG_BINARY_OPS(X)
#undef X
};

/* The row of the operator at this token, or -1. */
static int operator_at(struct dg_parser *p, size_t ahead)
{
    const struct dg_token *t = dg_p_tok(p, ahead);
    if (t->kind == DG_T_NAME && !p->criteria)
        return -1;
    for (int i = 0; i < (int)(sizeof operators / sizeof *operators); i++)
        if (operators[i].token == t->kind && (!operators[i].word || dg_is(t->name, operators[i].word)))
            return i;
    return -1;
}

static struct dg_expr *negated(struct dg_parser *p, struct dg_expr *test)
{
    struct dg_expr *e = dg_p_expr_new(p, DG_UNARY, test->span);
    e->unary.op = DG_OP_NOT;
    e->unary.operand = test;
    return dg_p_expr_done(p, e);
}

struct dg_expr *dg_p_binary_from(struct dg_parser *p, struct dg_expr *left, int level)
{
    while (!p->panic) {
        /* criteria: X not contains "a", X is not null; the tree says !(X contains "a") */
        bool before = p->criteria && dg_p_at_word(p, 0, "not") && dg_p_tok(p, 1)->kind == DG_T_NAME;
        int i = operator_at(p, before);
        if (i < 0 || levels[operators[i].op] < level)
            break;
        if (before)
            dg_p_next(p, DG_R_BINARY);
        struct dg_expr *e = dg_p_expr_new(p, DG_BINARY, left->span);
        e->binary.op = operators[i].op;
        e->binary.op_span = dg_p_next(p, DG_R_BINARY)->span;
        e->binary.left = left;
        bool behind = operators[i].op == DG_OP_IS && dg_p_at_word(p, 0, "not");
        if (behind)
            dg_p_next(p, DG_R_BINARY);
        e->binary.right = dg_p_binary_from(p, dg_p_unary(p), levels[operators[i].op] + 1);
        left = dg_p_expr_done(p, e);
        if (before || behind)
            left = negated(p, left);
    }
    return left;
}
