/* The statements of the flow rules: branches, loops, try, early leaving. */
#include "base/mem.h"
#include "deluge/flow.h"

static void run_block(struct flow *f, struct flow_state *s, const struct dg_block *b);

static void eval(struct flow *f, struct flow_state *s, struct dg_expr *e)
{
    flow_eval(f, s, e);
}

static bool may_be_null(enum flow_source from)
{
    return from == FLOW_GET || from == FLOW_AFFIX || from == FLOW_SEARCH;
}

/* m = {"k":v}: m.get("k") is safe. */
static void learn_literal(struct flow_state *s, const struct dg_expr *target, const struct dg_expr *value)
{
    for (size_t i = 0; value->kind == DG_MAP && i < value->map.n; i++) {
        struct flow_fact fact = {flow_key_get(target, value->map.entry[i].key), FLOW_NOT_NULL, target};
        if (value->map.entry[i].value->kind != DG_NULL && !may_be_null(flow_source_of(s, value->map.entry[i].value)))
            VEC_PUSH(s->fact, s->n, s->cap, fact);
    }
}

static void assign(struct flow *f, struct flow_state *s, const struct dg_stmt *st)
{
    struct dg_expr *target = st->assign.target, *value = st->assign.value;
    eval(f, s, value);
    if (target->kind != DG_NAME) {
        eval(f, s, target);
        return;
    }
    if (st->assign.op != DG_T_ASSIGN)
        eval(f, s, target);
    enum flow_source from = flow_source_of(s, value);
    bool zero = value->kind == DG_INT && value->integer == 0;
    bool empty = from == FLOW_SEARCH && flow_knows(s, FLOW_NOT_EMPTY, value);
    flow_forget(s, target->name);
    s->assigned[target->name->index] = 1;
    s->source[target->name->index] = (unsigned char)from;
    learn_literal(s, target, value);
    if (empty)
        flow_learn(s, FLOW_NOT_EMPTY, target);
    if ((value->kind == DG_INT || value->kind == DG_DECIMAL) && !zero)
        flow_learn(s, FLOW_NOT_ZERO, target);
}

/* m.put(k,v) makes m.get(k) safe, l.add(x) makes l not empty, clear and remove forget. */
static void changed_by(struct flow_state *s, const struct dg_expr *e)
{
    if (e->kind != DG_CALL || !e->call.on || e->call.on->kind != DG_NAME)
        return;
    const struct dg_expr *on = e->call.on;
    if (dg_is(e->call.name, "put") && e->call.n == 2) {
        bool risky = may_be_null(flow_source_of(s, e->call.arg[1])) || e->call.arg[1]->kind == DG_NULL;
        struct flow_fact fact = {flow_key_get(on, e->call.arg[0]), FLOW_NOT_NULL, e};
        if (!risky)
            VEC_PUSH(s->fact, s->n, s->cap, fact);
    } else if (dg_is(e->call.name, "add")) {
        flow_learn(s, FLOW_NOT_EMPTY, on);
    } else if (dg_is(e->call.name, "clear") || dg_is(e->call.name, "remove") || dg_is(e->call.name, "removeall")) {
        unsigned char source = s->source[on->name->index];
        flow_forget(s, on->name);
        s->source[on->name->index] = source;
    }
}

static void branches(struct flow *f, struct flow_state *s, const struct dg_stmt *st)
{
    struct flow_state done = {.dead = true}, rest;
    bool first = true, closed = false;
    flow_copy(&rest, s);
    for (size_t i = 0; i < st->cond.n; i++) {
        const struct dg_branch *b = &st->cond.branch[i];
        struct flow_state taken;
        closed = closed || !b->test;
        if (b->test)
            eval(f, &rest, b->test);
        flow_copy(&taken, &rest);
        if (b->test) {
            flow_assume(&taken, b->test, true);
            flow_assume(&rest, b->test, false);
        }
        run_block(f, &taken, &b->body);
        if (first)
            done = taken;
        else
            flow_meet(&done, &taken);
        first = false;
    }
    if (closed)
        flow_release(&rest);
    else
        flow_meet(&done, &rest);
    flow_release(s);
    *s = done;
}

/* Forgets every variable that the block may assign. */
static void forget_block(const struct dg_block *b, void *ctx)
{
    struct flow_state *s = ctx;
    for (size_t i = 0; i < b->n; i++) {
        const struct dg_stmt *st = b->stmt[i];
        if (st->kind == DG_S_ASSIGN && st->assign.target->kind == DG_NAME)
            flow_forget(s, st->assign.target->name);
        if (st->kind == DG_S_FOR_EACH)
            flow_forget(s, st->each.var);
        dg_each_stmt_block(st, forget_block, s);
    }
}

static void loop(struct flow *f, struct flow_state *s, const struct dg_stmt *st)
{
    struct flow_state body;
    eval(f, s, st->each.iter);
    forget_block(&st->each.body, s);
    flow_copy(&body, s);
    flow_forget(&body, st->each.var);
    body.assigned[st->each.var->index] = 1;
    flow_learn(&body, FLOW_NOT_EMPTY, st->each.iter);
    flow_learn(&body, FLOW_NOT_NULL, st->each.iter);
    run_block(f, &body, &st->each.body);
    flow_release(&body);
    flow_forget(s, st->each.var);
}

static void attempt(struct flow *f, struct flow_state *s, const struct dg_stmt *st)
{
    struct flow_state tried;
    flow_copy(&tried, s);
    f->in_try += st->attempt.handler.n > 0;
    run_block(f, &tried, &st->attempt.body);
    f->in_try -= st->attempt.handler.n > 0;
    forget_block(&st->attempt.body, s);
    if (st->attempt.var)
        s->assigned[st->attempt.var->index] = 1;
    run_block(f, s, &st->attempt.handler);
    flow_meet(s, &tried);
}

struct running {
    struct flow *f;
    struct flow_state *s;
};

static void run_one(struct dg_expr *e, void *ctx)
{
    struct running *k = ctx;
    eval(k->f, k->s, e);
}

static void run_stmt(struct flow *f, struct flow_state *s, const struct dg_stmt *st)
{
    struct running k = {f, s};
    switch ((int)st->kind) {
    case DG_S_ASSIGN:
        assign(f, s, st);
        return;
    case DG_S_IF:
        branches(f, s, st);
        return;
    case DG_S_FOR_EACH:
        loop(f, s, st);
        return;
    case DG_S_TRY:
        attempt(f, s, st);
        return;
    case DG_S_BLOCK:
        run_block(f, s, &st->block);
        return;
    case DG_S_FORM: /* field names, no variables */
    case DG_S_DELETE:
    case DG_FUNCTION:
        return;
    default:
        dg_each_stmt_expr(st, run_one, &k);
    }
    if (st->kind == DG_S_EXPR && st->expr)
        changed_by(s, st->expr);
    s->dead = s->dead || st->kind == DG_S_RETURN || st->kind == DG_S_THROW || st->kind == DG_S_BREAK ||
              st->kind == DG_S_CONTINUE;
}

static void run_block(struct flow *f, struct flow_state *s, const struct dg_block *b)
{
    for (size_t i = 0; i < b->n && !s->dead; i++)
        run_stmt(f, s, b->stmt[i]);
}

/* ── One function, or the bare body ── */

static void note_assigned(const struct dg_block *b, void *ctx)
{
    struct flow *f = ctx;
    for (size_t i = 0; i < b->n; i++) {
        const struct dg_stmt *st = b->stmt[i];
        const struct dg_name *name = NULL;
        if (st->kind == DG_S_ASSIGN && st->assign.target->kind == DG_NAME)
            name = st->assign.target->name;
        if (name && !f->anywhere[name->index]) {
            f->anywhere[name->index] = 1;
            f->first[name->index] = st->span.off;
        }
        if (st->kind != DG_FUNCTION)
            dg_each_stmt_block(st, note_assigned, f);
    }
}

static void run_function(struct dg_checker *c, const struct dg_function *fn, const struct dg_block *body)
{
    size_t n = c->s->n_names;
    struct flow f = {.c = c};
    struct flow_state s;
    f.anywhere = mem_zalloc(n + 1);
    f.told = mem_zalloc(n + 1);
    f.first = mem_zalloc((n + 1) * sizeof *f.first);
    flow_init(&s, n);
    note_assigned(body, &f);
    for (size_t i = 0; fn && i < fn->n; i++)
        s.assigned[fn->param[i].name->index] = 1;
    run_block(&f, &s, body);
    flow_release(&s);
    free(f.anywhere);
    free(f.told);
    free(f.first);
}

void dg_c_flow(struct dg_checker *c)
{
    for (size_t i = 0; i < c->s->n_functions; i++)
        run_function(c, c->s->function[i], &c->s->function[i]->body);
    run_function(c, NULL, &c->s->body);
}
