/* Statements with a head and blocks: if, for each, try. */
#include "base/mem.h"
#include "deluge/parser.h"

/* A mistake that is read through, with what to do about it. */
static void slip(struct dg_parser *p, const char *rule, struct dg_span at, const char *message, const char *fix)
{
    struct dg_diag *g = dg_p_mistake(p, rule, at, "%s", message);
    if (g)
        dg_diag_fix(g, "%s", fix);
}

/* What follows a condition and should not: if(a) && (b), if(a);, if(a) then. */
static struct dg_expr *after_test(struct dg_parser *p, struct dg_expr *test)
{
    struct dg_span at = dg_p_tok(p, 0)->span;
    if (p->panic)
        return test;
    if (dg_p_at(p, DG_T_AND) || dg_p_at(p, DG_T_OR)) {
        slip(p, "DL000", at, "the condition goes on after its ')'",
             "put one more pair of ( ) around the whole condition");
        test = dg_p_binary_from(p, test, 1);
    }
    if (dg_p_at_word(p, 0, "then")) {
        slip(p, "DL000", at, "Deluge has no 'then'", "remove it");
        dg_p_next(p, DG_R_NONE);
    }
    if (dg_p_at(p, DG_T_SEMI) && dg_p_tok(p, 1)->kind == DG_T_LBRACE) {
        slip(p, "DL000", at, "this ';' ends the statement before its block", "remove it");
        dg_p_next(p, DG_R_NONE);
    }
    return test;
}

/* if a == b { … }: the condition is read all the same. */
static struct dg_expr *bare_test(struct dg_parser *p)
{
    slip(p, "DL000", dg_p_tok(p, 0)->span, "the condition of 'if' stands in ( )", "write if(…)");
    return after_test(p, dg_p_expr(p));
}

static struct dg_expr *test(struct dg_parser *p)
{
    if (!dg_p_at(p, DG_T_LPAREN) && dg_p_at(p, DG_T_NAME))
        return bare_test(p);
    dg_p_open(p, DG_T_LPAREN, DG_R_NONE);
    struct dg_expr *e = dg_p_expr(p);
    dg_p_close(p, DG_T_RPAREN, DG_R_NONE);
    return after_test(p, e);
}

static struct dg_branch branch(struct dg_parser *p, struct dg_span head, bool with_test)
{
    struct dg_branch b = {.head = head};
    if (with_test) {
        dg_p_next(p, DG_R_HEAD);
        b.test = test(p);
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

/* else, else if, elseif, elsif, elif. */
bool dg_p_clause_here(struct dg_parser *p)
{
    return !p->panic && (dg_p_at_word(p, 0, "else") || dg_p_at_word(p, 0, "elseif") || dg_p_at_word(p, 0, "elsif") ||
                         dg_p_at_word(p, 0, "elif"));
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
    if (dg_p_at(p, DG_T_LPAREN)) {
        slip(p, "DL012", t->span, "'else' has no condition", "write else if(…)");
        return (struct dg_branch){.head = t->span, .test = test(p)};
    }
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
    if (dg_p_at(p, DG_T_LPAREN)) {
        dg_p_open(p, DG_T_LPAREN, DG_R_NONE);
        b.test = dg_p_expr(p);
        if (!p->panic && dg_p_at(p, DG_T_COMMA))
            return dg_p_simple_rest(p, s, dg_p_postfix(p, dg_p_cond_rest(p, b.head, b.test)));
        dg_p_close(p, DG_T_RPAREN, DG_R_NONE);
        b.test = after_test(p, b.test);
    } else {
        b.test = bare_test(p);
    }
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

/* The words before the variable: for each [index], also in the spellings of other languages. True: with a bracket. */
static bool each_words(struct dg_parser *p, struct dg_stmt *s)
{
    struct dg_span head = dg_p_next(p, DG_R_NONE)->span;
    bool two = dg_p_at_word(p, 0, "each");
    if (two)
        dg_p_next(p, DG_R_NONE);
    else
        slip(p, "DL007", head, "'for each' is two words", "write for each");
    bool bracket = dg_p_at(p, DG_T_LPAREN);
    if (bracket && two)
        slip(p, "DL000", dg_p_tok(p, 0)->span, "the head of 'for each' stands without ( )", "write for each x in list");
    if (bracket)
        dg_p_next(p, DG_R_NONE);
    if (dg_p_at_word(p, 0, "index") && dg_p_tok(p, 1)->kind == DG_T_NAME && !dg_p_at_word(p, 1, "in")) {
        s->each.index = true;
        dg_p_next(p, DG_R_WORD);
    }
    return bracket;
}

struct dg_stmt *dg_p_for_each(struct dg_parser *p)
{
    struct dg_stmt *s = dg_p_stmt_new(p, DG_S_FOR_EACH);
    struct dg_span head = dg_p_tok(p, 0)->span;
    bool bracket = each_words(p, s);
    struct dg_token *var = dg_p_tok(p, 0);
    s->each.var = var->name;
    s->each.var_span = var->span;
    s->each.iter = dg_p_expr_new(p, DG_BAD, var->span);
    if (dg_p_expect(p, DG_T_NAME, s->each.index ? DG_R_WORD : DG_R_LOOP_VAR)) {
        if (dg_p_at_word(p, 0, "of"))
            slip(p, "DL000", dg_p_tok(p, 0)->span, "Deluge has no 'for each … of'", "write in");
        if (dg_p_at_word(p, 0, "in") || dg_p_at_word(p, 0, "of"))
            dg_p_next(p, DG_R_WORD);
        else
            dg_p_unexpected(p, "'in' after the variable of for each");
        s->each.iter = dg_p_expr(p);
    }
    if (bracket)
        dg_p_take(p, DG_T_RPAREN, DG_R_NONE);
    after_test(p, s->each.iter);
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
    if (!dg_p_at(p, DG_T_LPAREN)) {
        slip(p, "DL000", s->attempt.catch_span, "'catch' needs a variable in ( )", "write catch (e)");
        while (dg_p_at(p, DG_T_NAME) && !dg_p_tok(p, 0)->line_start)
            dg_p_next(p, DG_R_NONE);
    } else if (dg_p_open(p, DG_T_LPAREN, DG_R_HEAD)) {
        if (dg_p_at(p, DG_T_NAME) && dg_p_tok(p, 1)->kind == DG_T_NAME) {
            slip(p, "DL010", dg_p_tok(p, 0)->span, "the variable of 'catch' has no type", "write catch (e)");
            dg_p_next(p, DG_R_NONE);
        }
        struct dg_token *var = dg_p_tok(p, 0);
        s->attempt.var = var->name;
        s->attempt.var_span = var->span;
        dg_p_expect(p, DG_T_NAME, DG_R_NONE);
        dg_p_close(p, DG_T_RPAREN, DG_R_NONE);
    }
    dg_p_block(p, &s->attempt.handler, s->attempt.catch_span, "catch (…)");
    return dg_p_stmt_done(p, s);
}
