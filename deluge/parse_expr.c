#include "base/mem.h"
#include "deluge/parser.h"

static struct dg_expr *bad(struct dg_parser *p)
{
    return dg_p_expr_done(p, dg_p_expr_new(p, DG_BAD, dg_p_tok(p, 0)->span));
}

void dg_p_arguments(struct dg_parser *p, enum dg_token_kind close, struct dg_expr ***arg, size_t *n)
{
    size_t cap = 0;
    if (dg_p_at(p, close))
        return;
    do {
        struct dg_expr *e = dg_p_expr(p);
        if (!p->panic && dg_p_at(p, DG_T_COLON)) {
            struct dg_expr *entry = dg_p_expr_new(p, DG_ENTRY, e->span);
            dg_p_next(p, DG_R_MAP_COLON);
            entry->entry.key = e;
            entry->entry.value = dg_p_expr(p);
            e = dg_p_expr_done(p, entry);
        }
        VEC_PUSH(*arg, *n, cap, e);
    } while (dg_p_take(p, DG_T_COMMA, DG_R_NONE));
}

static struct dg_expr *call(struct dg_parser *p, struct dg_expr *on, struct dg_token *name)
{
    struct dg_expr *e = dg_p_expr_new(p, DG_CALL, on ? on->span : name->span);
    struct dg_expr **arg = NULL;
    e->call.on = on;
    e->call.name = name->name;
    e->call.name_span = name->span;
    if (dg_p_open(p, DG_T_LPAREN, DG_R_NONE)) {
        dg_p_arguments(p, DG_T_RPAREN, &arg, &e->call.n);
        e->call.close = dg_p_tok(p, 0)->span;
        dg_p_close(p, DG_T_RPAREN, DG_R_NONE);
    }
    e->call.arg = dg_p_keep(p, arg, e->call.n, sizeof *arg);
    return dg_p_expr_done(p, e);
}

/* ── if(test,a,b) as a value; `test` has been read, the cursor stands on the first comma ── */

struct dg_expr *dg_p_cond_rest(struct dg_parser *p, struct dg_span start, struct dg_expr *test)
{
    struct dg_expr *e = dg_p_expr_new(p, DG_COND, start);
    struct dg_expr *nothing = dg_p_expr_new(p, DG_BAD, start);
    e->cond.test = test;
    e->cond.then = e->cond.otherwise = nothing;
    if (dg_p_expect(p, DG_T_COMMA, DG_R_NONE))
        e->cond.then = dg_p_expr(p);
    if (!p->panic && dg_p_at(p, DG_T_RPAREN)) {
        struct dg_diag *g = dg_p_error(p, "DL000", dg_p_tok(p, 0)->span, "if(…) as a value needs a third part");
        if (g)
            dg_diag_fix(g, "write if(condition, value, other value)");
    }
    if (!p->panic && dg_p_expect(p, DG_T_COMMA, DG_R_NONE))
        e->cond.otherwise = dg_p_expr(p);
    dg_p_close(p, DG_T_RPAREN, DG_R_NONE);
    return dg_p_expr_done(p, e);
}

static struct dg_expr *conditional(struct dg_parser *p)
{
    struct dg_span start = dg_p_next(p, DG_R_NONE)->span;
    dg_p_open(p, DG_T_LPAREN, DG_R_NONE);
    struct dg_expr *test = dg_p_expr(p);
    return dg_p_cond_rest(p, start, test);
}

/* ── Names ── */

static struct dg_expr *name(struct dg_parser *p)
{
    enum dg_task_kind kind;
    if (dg_p_at_word(p, 0, "if") && dg_p_tok(p, 1)->kind == DG_T_LPAREN)
        return conditional(p);
    if (dg_p_task_in_wrong_brackets(p))
        return bad(p);
    if (dg_p_task_here(p, &kind)) {
        struct dg_expr *e = dg_p_expr_new(p, DG_TASK, dg_p_tok(p, 0)->span);
        dg_p_task(p, kind, &e->task);
        return dg_p_expr_done(p, e);
    }
    if (dg_p_typed_list_here(p))
        return dg_p_typed_list(p);
    struct dg_expr *e = dg_p_constant(p);
    if (e)
        return e;
    struct dg_token *t = dg_p_next(p, DG_R_NONE);
    if (dg_p_at(p, DG_T_LPAREN))
        return call(p, NULL, t);
    e = dg_p_expr_new(p, DG_NAME, t->span);
    e->name = t->name;
    return dg_p_expr_done(p, e);
}

/* (a, b) -> : functions as values, from other languages. */
static bool lambda_here(struct dg_parser *p)
{
    size_t i = 1;
    while (dg_p_tok(p, i)->kind == DG_T_NAME || dg_p_tok(p, i)->kind == DG_T_COMMA)
        i++;
    return dg_p_tok(p, i)->kind == DG_T_RPAREN &&
           (dg_p_tok(p, i + 1)->kind == DG_T_ARROW || dg_p_tok(p, i + 1)->kind == DG_T_FAT_ARROW);
}

static void lambda(struct dg_parser *p, struct dg_span at)
{
    struct dg_diag *g = dg_p_error(p, "DL011", at, "Deluge has no functions as values");
    if (g)
        dg_diag_fix(g, "write a 'for each' loop, or a function of its own");
    while (!dg_p_at(p, DG_T_ARROW) && !dg_p_at(p, DG_T_FAT_ARROW) && !dg_p_at(p, DG_T_EOF))
        p->at++;
    p->at++;
    dg_p_skip_braces(p);
}

static struct dg_expr *primary(struct dg_parser *p)
{
    switch (dg_p_tok(p, 0)->kind) {
    case DG_T_INT:
    case DG_T_DECIMAL:
    case DG_T_TEXT:
    case DG_T_QUOTED:
        return dg_p_literal(p);
    case DG_T_NAME:
        return name(p);
    case DG_T_LBRACE:
        return dg_p_braces(p);
    case DG_T_LBRACKET:
        return dg_p_bracket_list(p);
    case DG_T_LPAREN: {
        if (lambda_here(p)) {
            lambda(p, dg_p_tok(p, 0)->span);
            return bad(p);
        }
        struct dg_expr *e = dg_p_expr_new(p, DG_PAREN, dg_p_tok(p, 0)->span);
        dg_p_open(p, DG_T_LPAREN, DG_R_NONE);
        e->inner = dg_p_expr(p);
        dg_p_close(p, DG_T_RPAREN, DG_R_NONE);
        return dg_p_expr_done(p, e);
    }
    default:
        dg_p_unexpected(p, "a value");
        return bad(p);
    }
}

/* ── Postfix: .name, .name(), Form[…], input.X:ui ── */

static void query_tail(struct dg_parser *p, struct dg_query *q)
{
    if (dg_p_at_word(p, 0, "sort") && dg_p_at_word(p, 1, "by")) {
        dg_p_next(p, DG_R_WORD);
        dg_p_next(p, DG_R_WORD);
        struct dg_token *field = dg_p_tok(p, 0);
        if (!dg_p_expect(p, DG_T_NAME, DG_R_WORD))
            return;
        q->sort = field->name;
        q->descending = dg_p_at_word(p, 0, "desc");
        if (q->descending || dg_p_at_word(p, 0, "asc"))
            dg_p_next(p, DG_R_WORD);
    }
    if (dg_p_at_word(p, 0, "range") && dg_p_at_word(p, 1, "from")) {
        dg_p_next(p, DG_R_WORD);
        dg_p_next(p, DG_R_WORD);
        q->from = dg_p_expr(p);
        if (p->panic || !dg_p_at_word(p, 0, "to")) {
            dg_p_unexpected(p, "'to' of range from … to …");
            return;
        }
        dg_p_next(p, DG_R_WORD);
        q->to = dg_p_expr(p);
    }
}

static bool query_of(const struct dg_expr *e)
{
    return e->kind == DG_NAME || e->kind == DG_MEMBER;
}

static struct dg_expr *query(struct dg_parser *p, struct dg_expr *of)
{
    struct dg_expr *e = dg_p_expr_new(p, DG_QUERY, of->span);
    struct dg_span open = dg_p_tok(p, 0)->span;
    e->query.of = of;
    dg_p_open(p, DG_T_LBRACKET, DG_R_NONE);
    if (!dg_p_at(p, DG_T_RBRACKET)) {
        p->criteria++;
        e->query.criteria = dg_p_expr(p);
        p->criteria--;
    }
    dg_p_close(p, DG_T_RBRACKET, DG_R_NONE);
    const struct dg_expr *in = e->query.criteria;
    if (!p->panic && (!query_of(of) || (in && (in->kind == DG_INT || in->kind == DG_TEXT)))) {
        struct dg_diag *g = dg_p_mistake(p, "DL014", dg_p_from(p, open), "Deluge has no subscript");
        if (g)
            dg_diag_fix(g, "read an element with .get(…), set one with .put(…) or .add(…)");
        e->kind = DG_BAD;
        return dg_p_expr_done(p, e);
    }
    query_tail(p, &e->query);
    return dg_p_expr_done(p, e);
}

static struct dg_expr *member(struct dg_parser *p, struct dg_expr *of)
{
    dg_p_next(p, DG_R_NONE);
    struct dg_token *t = dg_p_tok(p, 0);
    if (t->kind != DG_T_NAME) {
        dg_p_unexpected(p, "a name after '.'");
        return of;
    }
    dg_p_next(p, DG_R_NONE);
    if (dg_p_at(p, DG_T_LPAREN) && !p->panic)
        return call(p, of, t);
    struct dg_expr *e = dg_p_expr_new(p, DG_MEMBER, of->span);
    e->member.of = of;
    e->member.name = t->name;
    e->member.name_span = t->span;
    return dg_p_expr_done(p, e);
}

/* input.Country:ui — only Creator's `ui` is known after such a colon. */
static struct dg_expr *aspect(struct dg_parser *p, struct dg_expr *of)
{
    dg_p_next(p, DG_R_NONE);
    struct dg_token *t = dg_p_next(p, DG_R_NONE);
    struct dg_expr *e = dg_p_expr_new(p, DG_ASPECT, of->span);
    e->member.of = of;
    e->member.name = t->name;
    e->member.name_span = t->span;
    return dg_p_expr_done(p, e);
}

struct dg_expr *dg_p_postfix(struct dg_parser *p, struct dg_expr *e)
{
    while (!p->panic) {
        if (dg_p_at(p, DG_T_DOT))
            e = member(p, e);
        else if (dg_p_at(p, DG_T_LBRACKET))
            e = query(p, e);
        else if (dg_p_at(p, DG_T_COLON) && e->kind == DG_MEMBER && dg_p_at_word(p, 1, "ui") &&
                 dg_p_tok(p, 2)->kind == DG_T_DOT)
            e = aspect(p, e);
        else
            break;
    }
    if (!p->panic && (dg_p_at(p, DG_T_INC) || dg_p_at(p, DG_T_DEC))) {
        bool up = dg_p_at(p, DG_T_INC);
        struct dg_diag *g = dg_p_mistake(p, "DL008", dg_p_tok(p, 0)->span, "Deluge has no '%s'", up ? "++" : "--");
        if (g)
            dg_diag_fix(g, "write x = x %c 1;", up ? '+' : '-');
        dg_p_next(p, DG_R_NONE);
    }
    return e;
}

struct dg_expr *dg_p_unary(struct dg_parser *p)
{
    enum dg_token_kind kind = (enum dg_token_kind)dg_p_tok(p, 0)->kind;
    if (kind != DG_T_NOT && kind != DG_T_MINUS)
        return dg_p_postfix(p, primary(p));
    struct dg_expr *e = dg_p_expr_new(p, DG_UNARY, dg_p_next(p, DG_R_UNARY)->span);
    e->unary.op = kind == DG_T_NOT ? DG_OP_NOT : DG_OP_NEG;
    e->unary.operand = dg_p_enter(p) ? dg_p_unary(p) : bad(p);
    dg_p_leave(p);
    return dg_p_expr_done(p, e);
}

/* a ? b : c, x -> …, x => …: read through or given up, with one message. */
static void foreign_operator(struct dg_parser *p)
{
    enum dg_token_kind next = (enum dg_token_kind)dg_p_tok(p, 1)->kind;
    if (dg_p_at(p, DG_T_QUESTION) && (next == DG_T_QUESTION || next == DG_T_DOT)) {
        bool coalesce = next == DG_T_QUESTION;
        struct dg_diag *g = dg_p_error(p, "DL006", dg_p_tok(p, 0)->span, "Deluge has no '%s'", coalesce ? "??" : "?.");
        if (g)
            dg_diag_fix(g, coalesce ? "write ifnull(value, other value)" : "ask if(x != null) first");
    } else if (dg_p_at(p, DG_T_QUESTION)) {
        struct dg_diag *g = dg_p_mistake(p, "DL006", dg_p_tok(p, 0)->span, "Deluge has no 'a ? b : c'");
        if (g)
            dg_diag_fix(g, "write if(condition, value, other value)");
        dg_p_next(p, DG_R_BINARY);
        dg_p_expr(p);
        if (dg_p_take(p, DG_T_COLON, DG_R_BINARY))
            dg_p_expr(p);
    } else if (dg_p_at(p, DG_T_ARROW) || dg_p_at(p, DG_T_FAT_ARROW)) {
        lambda(p, dg_p_tok(p, 0)->span);
    }
}

struct dg_expr *dg_p_expr(struct dg_parser *p)
{
    if (p->panic)
        return bad(p);
    struct dg_expr *e;
    if (dg_p_enter(p)) {
        e = dg_p_binary_from(p, dg_p_unary(p), 1);
        if (!p->panic)
            foreign_operator(p);
    } else {
        e = bad(p);
    }
    dg_p_leave(p);
    return e;
}
