#include "deluge/ast.h"

const char *dg_token_text(enum dg_token_kind kind)
{
    static const char *const text[] = {
#define X(id, t) t,
        DG_TOKENS(X)
#undef X
    };
    return text[kind];
}

const char *dg_binary_text(enum dg_binary_op op)
{
    static const char *const text[] = {
#define X(id, t, level) t,
        DG_BINARY_OPS(X)
#undef X
    };
    return text[op];
}

struct dg_expr *dg_unparen(struct dg_expr *e)
{
    while (e && e->kind == DG_PAREN)
        e = e->inner;
    return e;
}

/* Appends "name" or ".name" to buf[at…]; the new length, or 0 when it does not fit. */
static size_t path_put(char *buf, size_t size, size_t at, const struct dg_name *name)
{
    size_t dot = at ? 1 : 0;
    if (at + dot + name->len + 1 > size)
        return 0;
    if (dot)
        buf[at] = '.';
    memcpy(buf + at + dot, name->lower, name->len + 1u);
    return at + dot + name->len;
}

static size_t path_write(const struct dg_expr *e, char *buf, size_t size)
{
    if (e->kind == DG_NAME)
        return path_put(buf, size, 0, e->name);
    const struct dg_expr *of = e->kind == DG_MEMBER ? e->member.of : e->kind == DG_CALL ? e->call.on : NULL;
    const struct dg_name *name = e->kind == DG_MEMBER ? e->member.name : e->kind == DG_CALL ? e->call.name : NULL;
    if (!name)
        return 0;
    if (!of)
        return path_put(buf, size, 0, name);
    if (of->kind != DG_NAME && of->kind != DG_MEMBER)
        return 0;
    size_t n = path_write(of, buf, size);
    return n ? path_put(buf, size, n, name) : 0;
}

const char *dg_path(const struct dg_expr *e, char *buf, size_t size)
{
    return path_write(e, buf, size) ? buf : NULL;
}

const struct dg_name *dg_root_name(const struct dg_expr *e)
{
    while (e) {
        if (e->kind == DG_NAME)
            return e->name;
        if (e->kind == DG_MEMBER || e->kind == DG_ASPECT)
            e = e->member.of;
        else if (e->kind == DG_CALL)
            e = e->call.on;
        else if (e->kind == DG_PAREN)
            e = e->inner;
        else
            return NULL;
    }
    return NULL;
}

const struct dg_field *dg_task_field(const struct dg_task *t, const char *key)
{
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->field[i].key, key) == 0)
            return &t->field[i];
    return NULL;
}

/* ── Walking ── */

static void visit_some(struct dg_expr *e, dg_expr_visitor visit, void *ctx)
{
    if (e)
        visit(e, ctx);
}

static void visit_task(const struct dg_task *t, dg_expr_visitor visit, void *ctx)
{
    for (size_t i = 0; i < t->n; i++)
        for (size_t k = 0; k < t->field[i].n; k++)
            visit(t->field[i].value[k], ctx);
}

static void visit_query(const struct dg_query *q, dg_expr_visitor visit, void *ctx)
{
    visit(q->of, ctx);
    visit_some(q->criteria, visit, ctx);
    visit_some(q->from, visit, ctx);
    visit_some(q->to, visit, ctx);
}

void dg_each_child(const struct dg_expr *e, dg_expr_visitor visit, void *ctx)
{
    switch (e->kind) {
    case DG_BAD:
    case DG_NULL:
    case DG_BOOL:
    case DG_INT:
    case DG_DECIMAL:
    case DG_TEXT:
    case DG_NAME:
    case DG_WORD:
    case DG_EMPTY:
    case DG_EXPR__MAX:
        return;
    case DG_MEMBER:
    case DG_ASPECT:
        visit(e->member.of, ctx);
        return;
    case DG_CALL:
        visit_some(e->call.on, visit, ctx);
        for (size_t i = 0; i < e->call.n; i++)
            visit(e->call.arg[i], ctx);
        return;
    case DG_UNARY:
        visit(e->unary.operand, ctx);
        return;
    case DG_BINARY:
        visit(e->binary.left, ctx);
        visit(e->binary.right, ctx);
        return;
    case DG_COND:
        visit(e->cond.test, ctx);
        visit(e->cond.then, ctx);
        visit(e->cond.otherwise, ctx);
        return;
    case DG_PAREN:
    case DG_FILE:
        visit(e->inner, ctx);
        return;
    case DG_LIST:
        for (size_t i = 0; i < e->list.n; i++)
            visit(e->list.item[i], ctx);
        return;
    case DG_MAP:
        for (size_t i = 0; i < e->map.n; i++) {
            visit(e->map.entry[i].key, ctx);
            visit(e->map.entry[i].value, ctx);
        }
        return;
    case DG_TYPED_LIST:
        visit_some(e->typed.value, visit, ctx);
        return;
    case DG_ENTRY:
        visit(e->entry.key, ctx);
        visit(e->entry.value, ctx);
        return;
    case DG_QUERY:
        visit_query(&e->query, visit, ctx);
        return;
    case DG_TASK:
        visit_task(&e->task, visit, ctx);
        return;
    }
}

void dg_each_stmt_expr(const struct dg_stmt *s, dg_expr_visitor visit, void *ctx)
{
    switch (s->kind) {
    case DG_S_ASSIGN:
        visit(s->assign.target, ctx);
        visit(s->assign.value, ctx);
        return;
    case DG_S_EXPR:
    case DG_S_THROW:
    case DG_S_INFO:
    case DG_S_RETURN:
    case DG_S_ALERT:
    case DG_S_DELETE:
        visit_some(s->expr, visit, ctx);
        return;
    case DG_S_IF:
        for (size_t i = 0; i < s->cond.n; i++)
            visit_some(s->cond.branch[i].test, visit, ctx);
        return;
    case DG_S_FOR_EACH:
        visit(s->each.iter, ctx);
        return;
    case DG_S_MAIL:
        visit_task(&s->task, visit, ctx);
        return;
    case DG_S_FORM:
        for (size_t i = 0; i < s->form.n; i++)
            visit(s->form.path[i], ctx);
        return;
    case DG_S_BAD:
    case DG_S_TRY:
    case DG_S_BREAK:
    case DG_S_CONTINUE:
    case DG_S_BLOCK:
    case DG_S_CANCEL_SUBMIT:
    case DG_FUNCTION:
    case DG_STMT__MAX:
        return;
    }
}

void dg_each_stmt_block(const struct dg_stmt *s, dg_block_visitor visit, void *ctx)
{
    if (s->kind == DG_S_IF)
        for (size_t i = 0; i < s->cond.n; i++)
            visit(&s->cond.branch[i].body, ctx);
    else if (s->kind == DG_S_FOR_EACH)
        visit(&s->each.body, ctx);
    else if (s->kind == DG_S_BLOCK)
        visit(&s->block, ctx);
    else if (s->kind == DG_FUNCTION)
        visit(&s->function->body, ctx);
    else if (s->kind == DG_S_TRY) {
        visit(&s->attempt.body, ctx);
        visit(&s->attempt.handler, ctx);
    }
}
