/* Statements with a head and blocks: if, for each, try. */
#include "base/mem.h"
#include "deluge/parser.h"

static struct dg_branch branch(struct dg_parser *p, struct dg_span head, bool with_test)
{
    struct dg_branch b = {.head = head};
    if (with_test) {
        dg_p_next(p, DG_R_HEAD);
        dg_p_open(p, DG_T_LPAREN, DG_R_NONE);
        b.test = dg_p_expr(p);
        dg_p_close(p, DG_T_RPAREN, DG_R_NONE);
    }
    return b;
}

/* The block of a branch; without braces the mistake is said and the one statement is read. */
static void branch_body(struct dg_parser *p, struct dg_branch *b)
{
    const struct dg_token *t = dg_p_tok(p, 0);
    if (p->panic || t->kind == DG_T_LBRACE || t->kind != DG_T_NAME) {
        dg_p_block(p, &b->body, b->head, b->test ? "if(…)" : "else");
        return;
    }
    struct dg_diag *g = dg_p_mistake(p, "DL000", dg_p_behind(p), "'%s' needs a block in { }", b->test ? "if" : "else");
    if (g)
        dg_diag_fix(g, "put { and } around the statement");
    if (!dg_p_enter(p)) {
        dg_p_leave(p);
        return;
    }
    b->body.span = t->span;
    b->body.stmt = dg_arena_alloc(&p->s->arena, sizeof *b->body.stmt);
    b->body.stmt[0] = dg_p_stmt(p);
    b->body.n = 1;
    dg_p_leave(p);
}

/* else, else if, elseif, elif. */
bool dg_p_clause_here(struct dg_parser *p)
{
    return !p->panic && (dg_p_at_word(p, 0, "else") || dg_p_at_word(p, 0, "elseif") || dg_p_at_word(p, 0, "elif"));
}

static struct dg_branch clause(struct dg_parser *p, bool after_else)
{
    struct dg_token *t = dg_p_tok(p, 0);
    bool joined = !dg_p_at_word(p, 0, "else");
    if (joined) {
        struct dg_diag *g = dg_p_mistake(p, "DL012", t->span, "Deluge has no '%s'", t->name->s);
        if (g)
            dg_diag_fix(g, "write 'else if'");
    } else if (after_else) {
        dg_p_mistake(p, "DL012", t->span, "this 'else' follows the last 'else' of its 'if'");
    }
    t->role = DG_R_CLAUSE;
    if (joined)
        return branch(p, t->span, true);
    dg_p_next(p, DG_R_CLAUSE);
    return branch(p, t->span, dg_p_at_word(p, 0, "if"));
}

/* The branches after the first; `list` already holds that one. */
static void clauses(struct dg_parser *p, struct dg_stmt *s, struct dg_branch first)
{
    struct dg_branch *list = NULL;
    size_t n = 0, cap = 0;
    VEC_PUSH(list, n, cap, first);
    while (dg_p_clause_here(p)) {
        struct dg_branch b = clause(p, !list[n - 1].test);
        branch_body(p, &b);
        VEC_PUSH(list, n, cap, b);
    }
    s->kind = DG_S_IF;
    s->cond.n = n;
    s->cond.branch = dg_p_keep(p, list, n, sizeof *list);
}

/* if(…) {…} or the expression if(a,b,c). */
struct dg_stmt *dg_p_if(struct dg_parser *p)
{
    struct dg_stmt *s = dg_p_stmt_new(p, DG_S_IF);
    struct dg_branch b = {.head = dg_p_next(p, DG_R_NONE)->span};
    dg_p_open(p, DG_T_LPAREN, DG_R_NONE);
    b.test = dg_p_expr(p);
    if (!p->panic && dg_p_at(p, DG_T_COMMA))
        return dg_p_simple_rest(p, s, dg_p_postfix(p, dg_p_cond_rest(p, b.head, b.test)));
    dg_p_close(p, DG_T_RPAREN, DG_R_NONE);
    branch_body(p, &b);
    clauses(p, s, b);
    return dg_p_stmt_done(p, s);
}

struct dg_stmt *dg_p_else_alone(struct dg_parser *p)
{
    struct dg_stmt *s = dg_p_stmt_new(p, DG_S_IF);
    struct dg_diag *g =
        dg_p_mistake(p, "DL012", dg_p_tok(p, 0)->span, "this '%s' has no 'if' before it", dg_p_tok(p, 0)->name->s);
    if (g)
        dg_diag_fix(g, "begin with if(…) { … }; is the block before it closed too late?");
    struct dg_branch b = clause(p, false);
    branch_body(p, &b);
    clauses(p, s, b);
    return dg_p_stmt_done(p, s);
}

struct dg_stmt *dg_p_for_each(struct dg_parser *p)
{
    struct dg_stmt *s = dg_p_stmt_new(p, DG_S_FOR_EACH);
    struct dg_span head = dg_p_next(p, DG_R_NONE)->span;
    dg_p_next(p, DG_R_NONE);
    if (dg_p_at_word(p, 0, "index") && dg_p_tok(p, 1)->kind == DG_T_NAME && !dg_p_at_word(p, 1, "in")) {
        s->each.index = true;
        dg_p_next(p, DG_R_WORD);
    }
    struct dg_token *var = dg_p_tok(p, 0);
    s->each.var = var->name;
    s->each.var_span = var->span;
    s->each.iter = dg_p_expr_new(p, DG_BAD, var->span);
    if (dg_p_expect(p, DG_T_NAME, s->each.index ? DG_R_WORD : DG_R_LOOP_VAR)) {
        if (dg_p_at_word(p, 0, "in"))
            dg_p_next(p, DG_R_WORD);
        else
            dg_p_unexpected(p, "'in' after the variable of for each");
        s->each.iter = dg_p_expr(p);
    }
    dg_p_block(p, &s->each.body, head, "for each … in …");
    return dg_p_stmt_done(p, s);
}

struct dg_stmt *dg_p_try(struct dg_parser *p)
{
    struct dg_stmt *s = dg_p_stmt_new(p, DG_S_TRY);
    struct dg_span head = dg_p_next(p, DG_R_NONE)->span;
    if (!dg_p_block(p, &s->attempt.body, head, "try"))
        return dg_p_stmt_done(p, s);
    if (!dg_p_at_word(p, 0, "catch")) {
        struct dg_diag *g = dg_p_mistake(p, "DL000", head, "'try' without 'catch'");
        if (g)
            dg_diag_fix(g, "add catch (e) { … } after the block");
        return dg_p_stmt_done(p, s);
    }
    s->attempt.catch_span = dg_p_next(p, DG_R_CLAUSE)->span;
    if (dg_p_open(p, DG_T_LPAREN, DG_R_HEAD)) {
        struct dg_token *var = dg_p_tok(p, 0);
        s->attempt.var = var->name;
        s->attempt.var_span = var->span;
        dg_p_expect(p, DG_T_NAME, DG_R_NONE);
        dg_p_close(p, DG_T_RPAREN, DG_R_NONE);
    }
    dg_p_block(p, &s->attempt.handler, s->attempt.catch_span, "catch (…)");
    return dg_p_stmt_done(p, s);
}
