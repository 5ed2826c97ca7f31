#include "deluge/checker.h"

struct walk {
    struct dg_checker *c;
    dg_c_stmt stmt;
    dg_c_expr expr;
    void *ctx;
    struct dg_place at;
};

static void walk_expr(struct dg_expr *e, void *ctx)
{
    struct walk *w = ctx;
    if (w->expr)
        w->expr(w->c, e, &w->at, w->ctx);
    bool outer = w->at.in_criteria;
    w->at.in_criteria = outer || e->kind == DG_QUERY;
    dg_each_child(e, walk_expr, w);
    w->at.in_criteria = outer;
}

static void walk_block(const struct dg_block *b, void *ctx);

static void walk_try(struct walk *w, struct dg_stmt *s)
{
    bool outer = w->at.in_try;
    w->at.in_try = outer || s->attempt.handler.n > 0;
    walk_block(&s->attempt.body, w);
    w->at.in_try = outer;
    walk_block(&s->attempt.handler, w);
}

static void walk_stmt(struct walk *w, struct dg_stmt *s)
{
    struct dg_place outer = w->at;
    w->at.stmt = s;
    if (s->kind == DG_FUNCTION)
        w->at = (struct dg_place){.function = s->function, .stmt = s};
    if (w->stmt)
        w->stmt(w->c, s, &w->at, w->ctx);
    dg_each_stmt_expr(s, walk_expr, w);
    if (s->kind == DG_S_FOR_EACH && s->each.iter->kind != DG_LIST)
        w->at.loops++;
    if (s->kind == DG_S_TRY)
        walk_try(w, s);
    else
        dg_each_stmt_block(s, walk_block, w);
    w->at = outer;
}

static void walk_block(const struct dg_block *b, void *ctx)
{
    for (size_t i = 0; i < b->n; i++)
        walk_stmt(ctx, b->stmt[i]);
}

void dg_c_walk(struct dg_checker *c, dg_c_stmt stmt, dg_c_expr expr, void *ctx)
{
    struct walk w = {.c = c, .stmt = stmt, .expr = expr, .ctx = ctx};
    for (size_t i = 0; i < c->s->body.n; i++)
        walk_stmt(&w, c->s->body.stmt[i]);
}

void dg_c_walk_in(struct dg_checker *c, const struct dg_function *f, dg_c_stmt stmt, dg_c_expr expr, void *ctx)
{
    struct walk w = {.c = c, .stmt = stmt, .expr = expr, .ctx = ctx, .at = {.function = f}};
    const struct dg_block *b = f ? &f->body : &c->s->body;
    for (size_t i = 0; i < b->n; i++)
        if (f || b->stmt[i]->kind != DG_FUNCTION)
            walk_stmt(&w, b->stmt[i]);
}

bool dg_c_crm_function(const struct dg_function *f)
{
    static const char *const spaces[] = {"automation", "button",       "standalone",
                                         "schedule",   "related_list", "validation_rule"};
    for (size_t i = 0; f && i < sizeof spaces / sizeof *spaces; i++)
        if (dg_is(f->space, spaces[i]))
            return true;
    return false;
}

const char *dg_c_text(const struct dg_expr *e)
{
    while (e && e->kind == DG_PAREN)
        e = e->inner;
    return e && e->kind == DG_TEXT ? e->text.s : NULL;
}

struct dg_span dg_c_word(struct dg_span whole, const char *word)
{
    uint32_t n = (uint32_t)strlen(word);
    return (struct dg_span){whole.off, whole.off + n, whole.line, whole.col, whole.line, whole.col + n};
}
