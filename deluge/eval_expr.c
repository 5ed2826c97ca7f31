/* deluge/eval_expr.c — expressions without calls. */
#include <string.h>

#include "deluge/evaluator.h"

enum { MAX_NESTING = 2500 };

static bool join(struct dg_frame *f, struct dv a, struct dv b, struct dv *out)
{
    if ((a.kind == DV_NULL || b.kind == DV_NULL) && !f->run->sw.other[DG_SW_TEXT_NULL])
        return dg_fail(f, "Null value occurred while performing + operation");
    a = dg_text(f, a);
    b = dg_text(f, b);
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

static bool truth(struct dg_frame *f, const struct dg_expr *e, bool *out)
{
    struct dv v = {0};
    if (!dg_eval(f, e, &v))
        return false;
    f->at = e->span;
    if (v.kind == DV_NULL)
        return dg_fail(f, "Null value occurred while performing the condition");
    if (v.kind != DV_BOOL)
        return dg_fail(f, "'%s' can not be cast to '[BOOLEAN]'", dv_type(v));
    *out = v.b;
    return true;
}

bool dg_eval_test(struct dg_frame *f, const struct dg_expr *e, bool *out)
{
    struct dg_cover *c = f->run->cover;
    *out = false;
    if (!truth(f, e, out))
        return false;
    if (c && c->script == f->script)
        (*out ? c->yes : c->no)[e->id]++;
    return true;
}

static bool logic(struct dg_frame *f, const struct dg_expr *e, struct dv *out)
{
    bool a = false, b = false, stop = e->binary.op == DG_OP_OR;
    if (!truth(f, e->binary.left, &a))
        return false;
    if (a == stop && !f->run->sw.other[DG_SW_LOGIC]) {
        *out = dv_bool(a);
        return true;
    }
    if (!truth(f, e->binary.right, &b))
        return false;
    *out = dv_bool(stop ? a || b : a && b);
    return true;
}

static bool unary(struct dg_frame *f, const struct dg_expr *e, struct dv *out)
{
    bool b = false;
    if (e->unary.op == DG_OP_NOT) {
        if (!truth(f, e->unary.operand, &b))
            return false;
        *out = dv_bool(!b);
        return true;
    }
    struct dv v = {0};
    if (!dg_eval(f, e->unary.operand, &v))
        return false;
    f->at = e->span;
    return arithmetic(f, DG_OP_SUB, dv_int(0), v, out);
}

static bool member(struct dg_frame *f, const struct dg_expr *e, struct dv *out)
{
    char path[80];
    bool known = false;
    const struct dg_expr *of = e->member.of;
    if (dg_path(e, path, sizeof path)) {
        const struct dg_name *root = dg_root_name(e);
        bool variable = root && f->set[root->index];
        f->at = e->member.name_span;
        if (!variable && !dg_system_variable(f, path, out, &known))
            return false;
        if (!variable && known)
            return true;
        if (!variable && !strncmp(path, "zoho.", 5))
            return dg_fail(f, "%s is no variable of Deluge", path);
    }
    if (of->kind == DG_NAME && dg_is(of->name, "input") && !f->set[of->name->index]) {
        *out = dv_get(f->inputs, e->member.name->s);
        return true;
    }
    if (!dg_eval(f, of, out))
        return false;
    f->at = e->member.name_span;
    if (out->kind == DV_NULL)
        return dg_fail(f, "Value is empty and '%s' cannot be read", e->member.name->s);
    if (!dv_is_map(*out))
        return dg_fail(f, "'%s' can not be cast to 'MAP'", dv_type(*out));
    *out = dv_get(*out, e->member.name->s);
    return true;
}

static bool items(struct dg_frame *f, const struct dg_expr *e, struct dv *out)
{
    *out = dv_box_new(&f->run->arena, DV_LIST);
    for (size_t i = 0; i < e->list.n; i++) {
        struct dv v = {0};
        if (!dg_eval(f, e->list.item[i], &v))
            return false;
        dv_add(&f->run->arena, *out, dg_share(f, v));
    }
    return true;
}

static bool entries(struct dg_frame *f, const struct dg_expr *e, struct dv *out)
{
    *out = dv_box_new(&f->run->arena, DV_MAP);
    for (size_t i = 0; i < e->map.n; i++) {
        struct dv k = {0}, v = {0};
        if (!dg_eval(f, e->map.entry[i].key, &k) || !dg_eval(f, e->map.entry[i].value, &v))
            return false;
        dv_put(&f->run->arena, *out, dg_text(f, k), dg_share(f, v));
    }
    return true;
}

static bool typed_list(struct dg_frame *f, const struct dg_expr *e, struct dv *out)
{
    struct dv from = {0}, item = {0};
    *out = dv_box_new(&f->run->arena, DV_LIST);
    if (!e->typed.value)
        return true;
    if (!dg_eval(f, e->typed.value, &from))
        return false;
    f->at = e->span;
    if (!dv_is_list(from))
        return dg_fail(f, "'%s' can not be cast to 'LIST'", dv_type(from));
    for (size_t i = 0; i < from.box->n; i++) {
        if (!dg_convert(f, from.box->item[i], e->typed.type->lower, &item))
            return false;
        dv_add(&f->run->arena, *out, item);
    }
    return true;
}

/* '…' is a date when it reads as one (help/datatypes/date-time), else text. */
static struct dv text(struct dg_frame *f, const struct dg_expr *e)
{
    struct dv v = {.kind = DV_TEXT, .t = {e->text.s, e->text.n}};
    struct dv when = {0};
    if (e->text.quote != '\'')
        return v;
    if (zone_read(e->text.s, "dd-MMM-yyyy", &f->run->zone, &when) ||
        zone_read(e->text.s, "dd-MMM-yyyy HH:mm:ss", &f->run->zone, &when))
        return when;
    return v;
}

static bool evaluate(struct dg_frame *f, const struct dg_expr *e, struct dv *out)
{
    struct dv a = {0}, b = {0};
    struct dec d;
    bool yes = false;
    switch (e->kind) {
    case DG_NULL:
        *out = dv_null();
        return true;
    case DG_BOOL:
        *out = dv_bool(e->boolean);
        return true;
    case DG_INT:
        *out = dv_int(e->integer);
        return true;
    case DG_DECIMAL:
        if (!dec_parse(e->digits, strlen(e->digits), &d))
            return dg_fail(f, "'%s' is no number", e->digits);
        *out = dv_dec(d);
        return true;
    case DG_TEXT:
        *out = text(f, e);
        return true;
    case DG_NAME:
        if (!f->set[e->name->index])
            return dg_fail(f, "Variable '%s' is not defined", e->name->s);
        *out = f->slot[e->name->index];
        return true;
    case DG_WORD:
        *out = dv_static(e->name->s);
        return true;
    case DG_MEMBER:
        return member(f, e, out);
    case DG_CALL:
        return dg_eval_call(f, e, out);
    case DG_UNARY:
        return unary(f, e, out);
    case DG_BINARY:
        if (e->binary.op == DG_OP_AND || e->binary.op == DG_OP_OR)
            return logic(f, e, out);
        if (!dg_eval(f, e->binary.left, &a) || !dg_eval(f, e->binary.right, &b))
            return false;
        f->at = e->binary.op_span;
        return dg_eval_binary(f, e->binary.op, a, b, out);
    case DG_COND:
        return dg_eval_test(f, e->cond.test, &yes) && dg_eval(f, yes ? e->cond.then : e->cond.otherwise, out);
    case DG_PAREN:
        return dg_eval(f, e->inner, out);
    case DG_LIST:
        return items(f, e, out);
    case DG_MAP:
        return entries(f, e, out);
    case DG_EMPTY:
        *out = dv_box_new(&f->run->arena, DV_EITHER);
        return true;
    case DG_TYPED_LIST:
        return typed_list(f, e, out);
    case DG_TASK:
        return dg_task_block(f, &e->task, out);
    case DG_FILE:
        return dg_eval(f, e->inner, out);
    case DG_ASPECT:
    case DG_QUERY:
        return dg_fail(f, "Creator's forms are not part of this interpreter");
    case DG_ENTRY:
        return dg_fail(f, "key:value belongs into Collection(…) and insert(…)");
    case DG_BAD:
    case DG_EXPR__MAX:
        break;
    }
    return dg_fail(f, "Not a valid Deluge statement");
}

bool dg_eval(struct dg_frame *f, const struct dg_expr *e, struct dv *out)
{
    f->at = e->span;
    if (++f->run->nesting > MAX_NESTING)
        return dg_fail_limit(f, "Expressions and calls nest deeper than %d", MAX_NESTING);
    if (f->run->arena.used > f->run->limit.memory)
        return dg_fail_limit(f, "The values of this run need more than %zu MB", f->run->limit.memory >> 20);
    bool ok = evaluate(f, e, out);
    f->run->nesting--;
    return ok;
}
