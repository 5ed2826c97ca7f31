/* What a condition teaches about the values in it. */
#include "deluge/flow.h"

static bool is_call(const struct dg_expr *e, const char *lower)
{
    return e->kind == DG_CALL && dg_is(e->call.name, lower);
}

/* x of isNull(x) and x.isNull(). */
static const struct dg_expr *subject(const struct dg_expr *e)
{
    return e->call.on ? e->call.on : e->call.n ? e->call.arg[0] : NULL;
}

/* ifnull(x,""), x.toString(), x.trim(): what is true of them is true of x. */
static bool passes_through(const struct dg_expr *e)
{
    return is_call(e, "ifnull") || is_call(e, "tostring") || is_call(e, "trim") || is_call(e, "tolong") ||
           is_call(e, "todecimal") || is_call(e, "tonumber");
}

static void not_empty(struct flow_state *s, const struct dg_expr *e)
{
    flow_learn(s, FLOW_NOT_NULL, e);
    flow_learn(s, FLOW_NOT_EMPTY, e);
    if (passes_through(e) && subject(e))
        not_empty(s, subject(e));
}

/* The value is at least `least`, or at least not zero. */
static void not_zero(struct flow_state *s, const struct dg_expr *e)
{
    flow_learn(s, FLOW_NOT_NULL, e);
    flow_learn(s, FLOW_NOT_ZERO, e);
    bool counts = is_call(e, "size") || is_call(e, "length") || is_call(e, "len") || is_call(e, "count");
    if (counts && subject(e))
        not_empty(s, subject(e));
    else if (passes_through(e) && subject(e))
        not_zero(s, subject(e));
}

static void learn_call(struct flow_state *s, const struct dg_expr *e, bool truth)
{
    bool empty = is_call(e, "isempty") || is_call(e, "isblank");
    if ((empty || is_call(e, "isnull")) && subject(e)) {
        if (!truth)
            not_empty(s, subject(e));
        return;
    }
    if (!truth)
        return;
    flow_learn(s, FLOW_NOT_NULL, e);
    if (subject(e))
        flow_learn(s, FLOW_NOT_NULL, subject(e));
    if (is_call(e, "containkey") || is_call(e, "containskey") || is_call(e, "contains"))
        flow_learn(s, FLOW_NOT_EMPTY, subject(e) ? subject(e) : e);
}

/* `e` compared with the literal `lit`; equal says how it came out. */
static void learn_equal(struct flow_state *s, const struct dg_expr *e, const struct dg_expr *lit, bool equal)
{
    bool nothing = lit->kind == DG_NULL || (lit->kind == DG_TEXT && lit->text.n == 0) || lit->kind == DG_EMPTY;
    bool zero = lit->kind == DG_INT && lit->integer == 0;
    if (lit->kind == DG_BOOL)
        flow_assume(s, e, lit->boolean == equal);
    else if (nothing && !equal)
        not_empty(s, e);
    else if (zero && !equal)
        not_zero(s, e);
    else if (equal && (lit->kind == DG_TEXT || lit->kind == DG_INT || lit->kind == DG_DECIMAL) && !nothing) {
        flow_learn(s, FLOW_NOT_NULL, e);
        if (lit->kind == DG_INT && !zero)
            not_zero(s, e);
    }
}

static bool literal(const struct dg_expr *e)
{
    return e->kind == DG_NULL || e->kind == DG_TEXT || e->kind == DG_INT || e->kind == DG_BOOL ||
           e->kind == DG_DECIMAL || e->kind == DG_EMPTY;
}

/* a < b and its kin: both were compared, so none is null; x > 0 teaches more. */
static void learn_order(struct flow_state *s, const struct dg_expr *e, bool truth)
{
    const struct dg_expr *a = dg_unparen(e->binary.left), *b = dg_unparen(e->binary.right);
    enum dg_binary_op op = e->binary.op;
    flow_learn(s, FLOW_NOT_NULL, a);
    flow_learn(s, FLOW_NOT_NULL, b);
    if (a->kind == DG_INT) { /* 0 < x is x > 0 */
        const struct dg_expr *t = a;
        a = b;
        b = t;
        op = op == DG_OP_LT ? DG_OP_GT : op == DG_OP_LE ? DG_OP_GE : op == DG_OP_GT ? DG_OP_LT : DG_OP_LE;
    }
    if (b->kind != DG_INT)
        return;
    bool above = (op == DG_OP_GT && truth && b->integer >= 0) || (op == DG_OP_GE && truth && b->integer >= 1) ||
                 (op == DG_OP_LT && !truth && b->integer >= 1) || (op == DG_OP_LE && !truth && b->integer >= 0);
    if (above)
        not_zero(s, a);
}

static void assume_binary(struct flow_state *s, const struct dg_expr *e, bool truth)
{
    struct dg_expr *a = dg_unparen(e->binary.left), *b = dg_unparen(e->binary.right);
    enum dg_binary_op op = e->binary.op;
    if ((op == DG_OP_AND && truth) || (op == DG_OP_OR && !truth)) {
        flow_assume(s, a, truth);
        flow_assume(s, b, truth);
    } else if (op == DG_OP_EQ || op == DG_OP_NE || op == DG_OP_EQ_SINGLE) {
        bool equal = truth == (op != DG_OP_NE);
        if (literal(b))
            learn_equal(s, a, b, equal);
        else if (literal(a))
            learn_equal(s, b, a, equal);
    } else if (op >= DG_OP_LT && op <= DG_OP_GE) {
        learn_order(s, e, truth);
    }
}

/* x == null || x.size() == 0 came out true: nothing. a != "" || b: when both sides teach the same, it holds. */
static void assume_either(struct flow_state *s, const struct dg_expr *e, bool truth)
{
    struct flow_state left, right;
    flow_copy(&left, s);
    flow_copy(&right, s);
    flow_assume(&left, e->binary.left, truth);
    flow_assume(&right, e->binary.right, truth);
    flow_meet(&left, &right);
    flow_release(s);
    *s = left;
}

void flow_assume(struct flow_state *s, const struct dg_expr *e, bool truth)
{
    while (e->kind == DG_PAREN || (e->kind == DG_UNARY && e->unary.op == DG_OP_NOT)) {
        truth = e->kind == DG_UNARY ? !truth : truth;
        e = e->kind == DG_UNARY ? e->unary.operand : e->inner;
    }
    bool either =
        e->kind == DG_BINARY && ((e->binary.op == DG_OP_AND && !truth) || (e->binary.op == DG_OP_OR && truth));
    if (either && e->height < 12)
        assume_either(s, e, truth);
    else if (e->kind == DG_BINARY && !either)
        assume_binary(s, e, truth);
    else if (e->kind == DG_CALL)
        learn_call(s, e, truth);
    else if (e->kind == DG_NAME && truth)
        flow_learn(s, FLOW_NOT_NULL, e);
}
