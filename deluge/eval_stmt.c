/* deluge/eval_stmt.c — statements. */
#include <string.h>

#include "deluge/evaluator.h"

struct dv dg_share(struct dg_frame *f, struct dv v)
{
    return f->run->sw.other[DG_SW_ASSIGN] ? dv_copy(&f->run->arena, v) : v;
}

static bool assign(struct dg_frame *f, const struct dg_stmt *s)
{
    const struct dg_expr *to = s->assign.target;
    struct dv v = {0}, old = {0};
    if (s->assign.op != DG_T_ASSIGN) {
        static const enum dg_binary_op ops[DG_T__MAX] = {[DG_T_PLUS_ASSIGN] = DG_OP_ADD,
                                                         [DG_T_MINUS_ASSIGN] = DG_OP_SUB,
                                                         [DG_T_STAR_ASSIGN] = DG_OP_MUL,
                                                         [DG_T_SLASH_ASSIGN] = DG_OP_DIV,
                                                         [DG_T_PERCENT_ASSIGN] = DG_OP_MOD};
        f->at = &s->assign.op_span;
        if (!f->run->sw.other[DG_SW_COMPOUND])
            return dg_fail(f, "Improper Statement: '%s' is not accepted by every editor, write x = x + 1",
                           dg_token_text(s->assign.op));
        if (!dg_eval(f, to, &old) || !dg_eval(f, s->assign.value, &v))
            return false;
        f->at = &s->assign.op_span;
        if (!dg_eval_binary(f, ops[s->assign.op], old, v, &v))
            return false;
    } else if (!dg_eval(f, s->assign.value, &v)) {
        return false;
    }
    v = dg_share(f, v);
    if (to->kind == DG_NAME) {
        f->slot[to->name->index] = v;
        f->set[to->name->index] = true;
        return true;
    }
    if (to->kind == DG_MEMBER && to->member.of->kind == DG_NAME && dg_is(to->member.of->name, "input")) {
        dv_puts(&f->run->arena, f->inputs, to->member.name->s, v);
        return true;
    }
    f->at = &to->span;
    if (to->kind != DG_MEMBER || !dg_eval(f, to->member.of, &old))
        return dg_fail(f, "Creator's forms are not part of this interpreter");
    if (!dv_is_map(old))
        return dg_fail(f, "'%s' can not be cast to 'MAP'", dv_type(old));
    dv_puts(&f->run->arena, old, to->member.name->s, v);
    return true;
}

static enum dg_flow choose(struct dg_frame *f, const struct dg_stmt *s)
{
    for (size_t i = 0; i < s->cond.n; i++) {
        bool yes = true;
        if (s->cond.branch[i].test && !dg_eval_test(f, s->cond.branch[i].test, &yes))
            return DG_FAULT;
        if (yes)
            return dg_exec(f, &s->cond.branch[i].body);
    }
    return DG_GO;
}

ASIDE static struct dv parts_of(struct dg_arena *a, struct dv text)
{
    struct dv list = dv_box_new(a, DV_LIST);
    const char *p = text.t.s, *end = text.t.s + text.t.n;
    while (p <= end && text.t.n) {
        const char *comma = memchr(p, ',', (size_t)(end - p));
        const char *stop = comma ? comma : end;
        dv_add(a, list, dv_textn(a, p, (size_t)(stop - p)));
        p = stop + 1;
    }
    return list;
}

static enum dg_flow walk(struct dg_frame *f, const struct dg_stmt *s, const struct dv *item, size_t n)
{
    uint32_t slot = s->each.var->index;
    for (size_t i = 0; i < n; i++) {
        f->slot[slot] = s->each.index ? dv_int((int64_t)i) : item[i];
        f->set[slot] = true;
        enum dg_flow flow = dg_exec(f, &s->each.body);
        if (flow == DG_LEAVE)
            break;
        if (flow != DG_GO && flow != DG_NEXT)
            return flow;
    }
    return DG_GO;
}

/* Elements of a list, keys of a map, parts of a text between commas, as they were when the loop began: it ends even when its body
 * changes the list (unproven). */
ASIDE static enum dg_flow each(struct dg_frame *f, const struct dg_stmt *s)
{
    struct dv over = {0};
    if (!dg_eval(f, s->each.iter, &over))
        return DG_FAULT;
    f->at = &s->each.iter->span;
    if (over.kind == DV_TEXT)
        over = parts_of(&f->run->arena, over);
    if (over.kind != DV_BOX) {
        dg_fail(f,
                over.kind == DV_NULL ? "Value is empty and 'for each' cannot be applied"
                                     : "'%s' can not be cast to 'LIST'",
                dv_type(over));
        return DG_FAULT;
    }
    struct dv_box *b = over.box;
    const struct dv *item = b->shape == DV_MAP ? b->key : b->item;
    b->walkers++;
    enum dg_flow flow = walk(f, s, item, b->n);
    if (b->walkers && item == (b->shape == DV_MAP ? b->key : b->item))
        b->walkers--;
    return flow;
}

ASIDE static enum dg_flow attempt(struct dg_frame *f, const struct dg_stmt *s)
{
    struct dg_run *r = f->run;
    size_t nesting = r->nesting;
    enum dg_flow flow = dg_exec(f, &s->attempt.body);
    if (flow != DG_FAULT || r->error.final)
        return flow;
    r->nesting = nesting;
    if (s->attempt.var) {
        struct dv e = dv_box_new(&r->arena, DV_MAP);
        e.box->fault = true;
        dv_puts(&r->arena, e, "message", dv_static(r->error.message));
        dv_puts(&r->arena, e, "lineNo", dv_int(r->error.n ? r->error.stack[0].line : 0));
        f->slot[s->attempt.var->index] = e;
        f->set[s->attempt.var->index] = true;
    }
    memset(&r->error, 0, sizeof r->error);
    return dg_exec(f, &s->attempt.handler);
}

ASIDE static bool throw_it(struct dg_frame *f, const struct dg_stmt *s)
{
    struct dv v = {0};
    if (f->run->sw.other[DG_SW_THROW])
        return dg_fail(f, "Improper Statement: 'throw' is not known to every product");
    if (!dg_eval(f, s->expr, &v))
        return false;
    f->at = &s->span;
    return dg_fail(f, "%s", dg_text(f, v).t.s);
}

static bool simple(struct dg_frame *f, const struct dg_stmt *s)
{
    struct dv v = {0};
    if (s->kind == DG_S_ASSIGN)
        return assign(f, s);
    if (s->kind == DG_S_THROW)
        return throw_it(f, s);
    if (s->kind == DG_S_MAIL)
        return dg_task_block(f, &s->task, &v);
    if (!dg_eval(f, s->expr, &v))
        return false;
    if (s->kind == DG_S_INFO)
        dv_add(&f->run->arena, f->run->infos, dg_text(f, v));
    return true;
}

static enum dg_flow leave(struct dg_frame *f, const struct dg_stmt *s)
{
    if (s->expr && !dg_eval(f, s->expr, &f->result))
        return DG_FAULT;
    return DG_DONE;
}

static enum dg_flow one(struct dg_frame *f, const struct dg_stmt *s)
{
    switch (s->kind) {
    case DG_S_ASSIGN:
    case DG_S_EXPR:
    case DG_S_THROW:
    case DG_S_INFO:
    case DG_S_MAIL:
        return simple(f, s) ? DG_GO : DG_FAULT;
    case DG_S_IF:
        return choose(f, s);
    case DG_S_FOR_EACH:
        return each(f, s);
    case DG_S_TRY:
        return attempt(f, s);
    case DG_S_BREAK:
        return DG_LEAVE;
    case DG_S_CONTINUE:
        return DG_NEXT;
    case DG_S_RETURN:
        return leave(f, s);
    case DG_S_BLOCK:
        return dg_exec(f, &s->block);
    case DG_S_ALERT:
    case DG_S_CANCEL_SUBMIT:
    case DG_S_FORM:
    case DG_S_DELETE:
        dg_fail(f, "Creator's form statements are not part of this interpreter");
        return DG_FAULT;
    case DG_S_BAD:
    case DG_FUNCTION:
    case DG_STMT__MAX:
        break;
    }
    dg_fail(f, "Not a valid Deluge statement");
    return DG_FAULT;
}

enum dg_flow dg_exec(struct dg_frame *f, const struct dg_block *b)
{
    struct dg_run *r = f->run;
    for (size_t i = 0; i < b->n; i++) {
        const struct dg_stmt *s = b->stmt[i];
        if (s->kind == DG_FUNCTION)
            continue;
        f->at = &s->span;
        if (++r->count.statements > r->limit.statements) {
            dg_fail_limit(f, "Number of statement execution limit exceed Line:(%u)", s->span.line);
            return DG_FAULT;
        }
        if (r->arena.used > r->limit.memory) {
            dg_fail_memory(f);
            return DG_FAULT;
        }
        if (r->cover && r->cover->script == f->script)
            r->cover->stmt[s->id]++;
        enum dg_flow flow = one(f, s);
        if (flow != DG_GO)
            return flow;
    }
    return DG_GO;
}
