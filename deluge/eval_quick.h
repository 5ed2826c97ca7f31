/*
 * deluge/eval_quick.h — operators on two whole numbers or two texts, by far the commonest, without the general way.
 *
 * Result      false, with *out unset, when the general way must decide: overflow, division, texts in order, anything rare.
 *             Where it says true, dg_eval_binary would have said the same.
 */
#ifndef DELUGE_EVAL_QUICK_H
#define DELUGE_EVAL_QUICK_H
#include <string.h>

#include "deluge/evaluator.h"

/* Member by member: a whole struct written in parts and read at once would wait for the parts. */
static inline void dg_set_int(struct dv *out, int64_t i)
{
    out->kind = DV_INT;
    out->i = i;
}
static inline void dg_set_bool(struct dv *out, bool b)
{
    out->kind = DV_BOOL;
    out->b = b;
}

static inline bool dg_quick_int(enum dg_binary_op op, int64_t a, int64_t b, struct dv *out)
{
    int64_t r = 0;
    bool known = true;
    switch ((int)op) {
    case DG_OP_ADD:
        known = !__builtin_add_overflow(a, b, &r);
        break;
    case DG_OP_SUB:
        known = !__builtin_sub_overflow(a, b, &r);
        break;
    case DG_OP_MUL:
        known = !__builtin_mul_overflow(a, b, &r);
        break;
    case DG_OP_MOD:
        known = b > 0;
        r = known ? a % b : 0;
        break;
    case DG_OP_EQ:
        dg_set_bool(out, a == b);
        return true;
    case DG_OP_NE:
        dg_set_bool(out, a != b);
        return true;
    case DG_OP_LT:
        dg_set_bool(out, a < b);
        return true;
    case DG_OP_LE:
        dg_set_bool(out, a <= b);
        return true;
    case DG_OP_GT:
        dg_set_bool(out, a > b);
        return true;
    case DG_OP_GE:
        dg_set_bool(out, a >= b);
        return true;
    default:
        return false;
    }
    if (known)
        dg_set_int(out, r);
    return known;
}

/* a and b are of one kind. */
static inline bool dg_quick(enum dg_binary_op op, const struct dv *a, const struct dv *b, struct dv *out)
{
    if (a->kind == DV_INT)
        return dg_quick_int(op, a->i, b->i, out);
    if (a->kind != DV_TEXT || (op != DG_OP_EQ && op != DG_OP_NE))
        return false;
    dg_set_bool(out, (a->t.n == b->t.n && !memcmp(a->t.s, b->t.s, a->t.n)) == (op == DG_OP_EQ));
    return true;
}
#endif
