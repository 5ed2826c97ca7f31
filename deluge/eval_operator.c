/* deluge/eval_operator.c — what operators mean. creator/help/script/operators, deluge/help/error-messages */
#include <string.h>

#include "deluge/evaluator.h"

static bool join(struct dg_frame *f, struct dv a, struct dv b, struct dv *out)
{
    if ((a.kind == DV_NULL || b.kind == DV_NULL) && !f->run->sw.other[DG_SW_TEXT_NULL])
        return dg_fail(f, "Null value occurred while performing + operation");
    a = dg_text(f, a);
    b = dg_text(f, b);
    if (f->run->arena.used > f->run->limit.memory)
        return dg_fail_memory(f);
    if (a.t.n + b.t.n > DV_MAX_TEXT)
        return dg_fail_limit(f, "A text is longer than %d MB", DV_MAX_TEXT >> 20);
    char *s = dg_arena_alloc(&f->run->arena, a.t.n + b.t.n + 1);
    memcpy(s, a.t.s, a.t.n);
    memcpy(s + a.t.n, b.t.s, b.t.n);
    *out = (struct dv){.kind = DV_TEXT, .t = {s, a.t.n + b.t.n}};
    return true;
}

static bool whole(struct dg_frame *f, enum dg_binary_op op, int64_t a, int64_t b, struct dv *out)
{
    int64_t r = 0;
    bool over = op == DG_OP_ADD   ? __builtin_add_overflow(a, b, &r)
                : op == DG_OP_SUB ? __builtin_sub_overflow(a, b, &r)
                                  : __builtin_mul_overflow(a, b, &r);
    if (over)
        return dg_fail(f, "An error occurred while performing this action: the number needs more than 64 bits");
    *out = dv_int(r);
    return true;
}

static bool arithmetic(struct dg_frame *f, enum dg_binary_op op, struct dv a, struct dv b, struct dv *out)
{
    if (a.kind == DV_NULL || b.kind == DV_NULL)
        return dg_fail(f, "Null value occurred while performing %s operation", dg_binary_text(op));
    if (op == DG_OP_MOD && (!dv_is_number(a) || !dv_is_number(b)))
        return dg_fail(f, "On performing mod operation mismatch of data type expressions found");
    if (!dv_is_number(a) || !dv_is_number(b))
        return dg_fail(f, "An error occurred while performing this action: %s %s %s", dv_type(a), dg_binary_text(op),
                       dv_type(b));
    bool ints = a.kind == DV_INT && b.kind == DV_INT;
    struct dec x = dv_decimal(a), y = dv_decimal(b), r;
    if ((op == DG_OP_DIV || op == DG_OP_MOD) && dec_is_zero(y))
        return dg_fail(f, "Divide by zero error");
    if (op == DG_OP_MOD && !ints && a.kind != b.kind)
        return dg_fail(f, "On performing mod operation mismatch of data type expressions found");
    if (ints && op == DG_OP_MOD) {
        *out = dv_int(b.i == -1 ? 0 : a.i % b.i);
        return true;
    }
    if (ints && op != DG_OP_DIV)
        return whole(f, op, a.i, b.i, out);
    r = op == DG_OP_ADD   ? dec_add(x, y)
        : op == DG_OP_SUB ? dec_sub(x, y)
        : op == DG_OP_MUL ? dec_mul(x, y)
        : op == DG_OP_DIV ? dec_div(x, y)
                          : dec_rem(x, y);
    if (!dec_is_finite(r))
        return dg_fail(f, "An error occurred while performing this action: the number is too large");
    *out = dv_dec(r);
    return true;
}

static bool same(const struct dg_frame *f, struct dv a, struct dv b)
{
    struct dec d;
    const struct dv *text = a.kind == DV_TEXT ? &a : &b, *number = a.kind == DV_TEXT ? &b : &a;
    if (f->run->sw.other[DG_SW_TEXT_NUMBER] && text->kind == DV_TEXT && dv_is_number(*number))
        return dec_parse(text->t.s, text->t.n, &d) && dec_cmp(d, dv_decimal(*number)) == 0;
    return dv_equal(a, b, &f->run->zone);
}

static bool compare(struct dg_frame *f, enum dg_binary_op op, struct dv a, struct dv b, struct dv *out)
{
    int order;
    if (a.kind == DV_NULL || b.kind == DV_NULL)
        return dg_fail(f, "Null value occurred while performing %s operation", dg_binary_text(op));
    bool texts = a.kind == DV_TEXT || b.kind == DV_TEXT;
    if ((texts && !f->run->sw.other[DG_SW_TEXT_ORDER]) || !dv_order(a, b, &f->run->zone, &order))
        return dg_fail(f, "Comparison of non numeric expression is not supported: %s %s %s", dv_type(a),
                       dg_binary_text(op), dv_type(b));
    *out = dv_bool(op == DG_OP_LT ? order < 0 : op == DG_OP_LE ? order <= 0 : op == DG_OP_GT ? order > 0 : order >= 0);
    return true;
}

bool dg_eval_binary(struct dg_frame *f, enum dg_binary_op op, struct dv a, struct dv b, struct dv *out)
{
    switch (op) {
    case DG_OP_ADD:
        if (a.kind == DV_TEXT || b.kind == DV_TEXT || (a.kind == DV_BOX && a.box->fault))
            return join(f, a, b, out);
        return arithmetic(f, op, a, b, out);
    case DG_OP_SUB:
    case DG_OP_MUL:
    case DG_OP_DIV:
    case DG_OP_MOD:
        return arithmetic(f, op, a, b, out);
    case DG_OP_EQ:
    case DG_OP_EQ_SINGLE:
        *out = dv_bool(same(f, a, b));
        return true;
    case DG_OP_NE:
        *out = dv_bool(!same(f, a, b));
        return true;
    case DG_OP_LT:
    case DG_OP_LE:
    case DG_OP_GT:
    case DG_OP_GE:
        return compare(f, op, a, b, out);
    case DG_OP_OR:
    case DG_OP_AND:
    case DG_OP_IN:
    case DG_OP_LIKE:
    case DG_OP_CONTAINS:
    case DG_OP_STARTS_WITH:
    case DG_OP_ENDS_WITH:
    case DG_OP_IS:
    case DG_OP__MAX:
        break;
    }
    return dg_fail(f, "the operator %s belongs into the criteria of a Creator form", dg_binary_text(op));
}
