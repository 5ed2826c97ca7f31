/* deluge/eval_expr.c — expressions without calls. */
#include <string.h>

#include "deluge/eval_quick.h"

enum { MAX_NESTING = 2500 };

static bool truth(struct dg_frame *f, const struct dg_expr *e, bool *out)
{
    struct dv v = {0};
    if (!dg_eval(f, e, &v))
        return false;
    f->at = &e->span;
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
        dg_set_bool(out, a);
        return true;
    }
    if (!truth(f, e->binary.right, &b))
        return false;
    dg_set_bool(out, stop ? a || b : a && b);
    return true;
}

ASIDE static bool unary(struct dg_frame *f, const struct dg_expr *e, struct dv *out)
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
    f->at = &e->span;
    return dg_eval_binary(f, DG_OP_SUB, dv_int(0), v, out);
}

ASIDE static bool member(struct dg_frame *f, const struct dg_expr *e, struct dv *out)
{
    char path[80];
    bool known = false;
    const struct dg_expr *of = e->member.of;
    if (dg_path(e, path, sizeof path)) {
        const struct dg_name *root = dg_root_name(e);
        bool variable = root && f->set[root->index];
        f->at = &e->member.name_span;
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
    f->at = &e->member.name_span;
    if (out->kind == DV_NULL)
        return dg_fail(f, "Value is empty and '%s' cannot be read", e->member.name->s);
    if (!dv_is_map(*out))
        return dg_fail(f, "'%s' can not be cast to 'MAP'", dv_type(*out));
    *out = dv_get(*out, e->member.name->s);
    return true;
}

ASIDE static bool items(struct dg_frame *f, const struct dg_expr *e, struct dv *out)
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

ASIDE static bool entries(struct dg_frame *f, const struct dg_expr *e, struct dv *out)
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

ASIDE static bool typed_list(struct dg_frame *f, const struct dg_expr *e, struct dv *out)
{
    struct dv from = {0}, item = {0};
    *out = dv_box_new(&f->run->arena, DV_LIST);
    if (!e->typed.value)
        return true;
    if (!dg_eval(f, e->typed.value, &from))
        return false;
    f->at = &e->span;
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
ASIDE static struct dv text(struct dg_frame *f, const struct dg_expr *e)
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

/* A decimal is read once a run. The zero that stands for "not read yet" has an exponent no literal has. */
ASIDE static bool literal(struct dg_frame *f, const struct dg_expr *e, struct dv *out)
{
    struct dg_unit *u = f->unit;
    if (!u->literal)
        u->literal = dg_arena_alloc(&f->run->arena, (f->script->n_exprs + 1) * sizeof *u->literal);
    struct dec *d = &u->literal[e->id];
    if (!(d->w[0] | d->w[1]) && !dec_parse(e->digits, strlen(e->digits), d))
        return dg_fail(f, "'%s' is no number", e->digits);
    *out = dv_dec(*d);
    return true;
}

/* A variable where it stands, a number in *own: what needs no call. No expression changes a variable of its own frame. */
static inline bool leaf(const struct dg_frame *f, const struct dg_expr *e, struct dv *own, const struct dv **at)
{
    if (e->kind == DG_NAME && f->set[e->name->index]) {
        *at = &f->slot[e->name->index];
        return true;
    }
    if (e->kind != DG_INT)
        return false;
    dg_set_int(own, e->integer);
    return true;
}

static bool binary(struct dg_frame *f, const struct dg_expr *e, struct dv *out)
{
    struct dv a = {0}, b = {0};
    const struct dv *x = &a, *y = &b;
    enum dg_binary_op op = e->binary.op;
    if (op == DG_OP_AND || op == DG_OP_OR)
        return logic(f, e, out);
    if (!leaf(f, e->binary.left, &a, &x) && !dg_eval(f, e->binary.left, &a))
        return false;
    if (!leaf(f, e->binary.right, &b, &y) && !dg_eval(f, e->binary.right, &b))
        return false;
    if (x->kind == y->kind && dg_quick(op, x, y, out))
        return true;
    f->at = &e->binary.op_span;
    return dg_eval_binary(f, op, *x, *y, out);
}

ASIDE static bool choice(struct dg_frame *f, const struct dg_expr *e, struct dv *out)
{
    bool yes = false;
    return dg_eval_test(f, e->cond.test, &yes) && dg_eval(f, yes ? e->cond.then : e->cond.otherwise, out);
}

static bool evaluate(struct dg_frame *f, const struct dg_expr *e, struct dv *out)
{
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
        return literal(f, e, out);
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
        return binary(f, e, out);
    case DG_COND:
        return choice(f, e, out);
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
    f->at = &e->span;
    if (e->kind == DG_NAME && f->set[e->name->index]) {
        *out = f->slot[e->name->index];
        return true;
    }
    if (e->kind == DG_INT) {
        dg_set_int(out, e->integer);
        return true;
    }
    if (e->kind == DG_TEXT && e->text.quote != '\'') {
        out->kind = DV_TEXT;
        out->t.s = e->text.s;
        out->t.n = e->text.n;
        return true;
    }
    if (++f->run->nesting > MAX_NESTING)
        return dg_fail_limit(f, "Expressions and calls nest deeper than %d", MAX_NESTING);
    bool ok = evaluate(f, e, out);
    f->run->nesting--;
    return ok;
}
