#include "deluge/dump.h"

static void expr(const struct dg_expr *e, struct sb *o);

static void exprs(struct dg_expr *const *list, size_t n, struct sb *o)
{
    for (size_t i = 0; i < n; i++) {
        sb_addc(o, ' ');
        expr(list[i], o);
    }
}

static void quoted(const char *s, size_t n, char quote, struct sb *o)
{
    sb_addc(o, quote);
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '\n')
            sb_add(o, "\\n");
        else if (s[i] == '\r')
            sb_add(o, "\\r");
        else
            sb_addc(o, s[i]);
    }
    sb_addc(o, quote);
}

static void task(const struct dg_task *t, struct sb *o)
{
    static const char *const kind[] = {"invokeurl", "invokeapi", "sendmail", "sendsms", "insert"};
    sb_addf(o, "(%s", kind[t->kind]);
    if (t->form)
        sb_addf(o, " %s", t->form->s);
    for (size_t i = 0; i < t->n; i++) {
        sb_addf(o, " (%s", t->field[i].key);
        exprs(t->field[i].value, t->field[i].n, o);
        sb_addc(o, ')');
    }
    sb_addc(o, ')');
}

static void query(const struct dg_query *q, struct sb *o)
{
    sb_add(o, "(query ");
    expr(q->of, o);
    if (q->criteria) {
        sb_addc(o, ' ');
        expr(q->criteria, o);
    }
    if (q->sort)
        sb_addf(o, " sort %s%s", q->sort->s, q->descending ? " desc" : "");
    if (q->from) {
        sb_add(o, " range ");
        expr(q->from, o);
        sb_addc(o, ' ');
        expr(q->to ? q->to : q->from, o);
    }
    sb_addc(o, ')');
}

static void call(const struct dg_expr *e, struct sb *o)
{
    sb_addf(o, "(call %s", e->call.name->s);
    if (e->call.on) {
        sb_add(o, " on ");
        expr(e->call.on, o);
    }
    exprs(e->call.arg, e->call.n, o);
    sb_addc(o, ')');
}

static void map(const struct dg_expr *e, struct sb *o)
{
    sb_add(o, "(map");
    for (size_t i = 0; i < e->map.n; i++) {
        sb_addc(o, ' ');
        expr(e->map.entry[i].key, o);
        sb_addc(o, ':');
        expr(e->map.entry[i].value, o);
    }
    sb_addc(o, ')');
}

/* (tag child child …) for kinds that are no more than their children. */
static void add_child(struct dg_expr *e, void *ctx)
{
    struct sb *o = ctx;
    sb_addc(o, ' ');
    expr(e, o);
}

static void plain(const char *tag, const struct dg_expr *e, struct sb *o)
{
    sb_addf(o, "(%s", tag);
    dg_each_child(e, add_child, o);
    sb_addc(o, ')');
}

static void expr(const struct dg_expr *e, struct sb *o)
{
    switch (e->kind) {
    case DG_BAD:
        sb_add(o, "<bad>");
        return;
    case DG_NULL:
        sb_add(o, "null");
        return;
    case DG_BOOL:
        sb_add(o, e->boolean ? "true" : "false");
        return;
    case DG_INT:
        sb_addf(o, "%lld", (long long)e->integer);
        return;
    case DG_DECIMAL:
        sb_add(o, e->digits);
        return;
    case DG_TEXT:
        quoted(e->text.s, e->text.n, e->text.quote, o);
        return;
    case DG_NAME:
        sb_add(o, e->name->s);
        return;
    case DG_WORD:
        sb_addf(o, "<%s>", e->name->s);
        return;
    case DG_MEMBER:
    case DG_ASPECT:
        expr(e->member.of, o);
        sb_addf(o, "%c%s", e->kind == DG_MEMBER ? '.' : ':', e->member.name->s);
        return;
    case DG_CALL:
        call(e, o);
        return;
    case DG_UNARY:
        plain(e->unary.op == DG_OP_NOT ? "!" : "neg", e, o);
        return;
    case DG_BINARY:
        plain(dg_binary_text(e->binary.op), e, o);
        return;
    case DG_COND:
        plain("if", e, o);
        return;
    case DG_PAREN:
        plain("paren", e, o);
        return;
    case DG_LIST:
        plain("list", e, o);
        return;
    case DG_MAP:
        map(e, o);
        return;
    case DG_EMPTY:
        sb_add(o, "{}");
        return;
    case DG_TYPED_LIST:
        sb_addf(o, "List:%s", e->typed.type->s);
        plain("", e, o);
        return;
    case DG_ENTRY:
        plain("entry", e, o);
        return;
    case DG_QUERY:
        query(&e->query, o);
        return;
    case DG_TASK:
        task(&e->task, o);
        return;
    case DG_FILE:
        plain("file", e, o);
        return;
    case DG_EXPR__MAX:
        return;
    }
}

static void block(const struct dg_block *b, int depth, struct sb *o);

static void indent(int depth, struct sb *o)
{
    sb_addf(o, "%*s", depth * 2, "");
}

static void function(const struct dg_function *f, int depth, struct sb *o)
{
    sb_addf(o, "function %s %s.%s", f->type ? f->type->s : "?", f->space ? f->space->s : "", f->name->s);
    for (size_t i = 0; i < f->n; i++)
        sb_addf(o, " %s:%s", f->param[i].name->s, f->param[i].type ? f->param[i].type->s : "?");
    sb_addc(o, '\n');
    block(&f->body, depth + 1, o);
}

static void branches(const struct dg_stmt *s, int depth, struct sb *o)
{
    for (size_t i = 0; i < s->cond.n; i++) {
        const struct dg_branch *b = &s->cond.branch[i];
        if (i)
            indent(depth, o);
        sb_add(o, i ? "else" : "if");
        if (b->test) {
            sb_addc(o, ' ');
            expr(b->test, o);
        }
        sb_addc(o, '\n');
        block(&b->body, depth + 1, o);
    }
}

static void attempt(const struct dg_stmt *s, int depth, struct sb *o)
{
    sb_add(o, "try\n");
    block(&s->attempt.body, depth + 1, o);
    indent(depth, o);
    sb_addf(o, "catch %s\n", s->attempt.var ? s->attempt.var->s : "");
    block(&s->attempt.handler, depth + 1, o);
}

static void stmt(const struct dg_stmt *s, int depth, struct sb *o)
{
    static const char *const tag[] = {"bad",           "assign",   "do",     "if",      "each", "try",   "throw",
                                      "break",         "continue", "return", "info",    "mail", "block", "alert",
                                      "cancel submit", "form",     "delete", "function"};
    indent(depth, o);
    if (s->kind == DG_FUNCTION) {
        function(s->function, depth, o);
        return;
    }
    if (s->kind == DG_S_IF) {
        branches(s, depth, o);
        return;
    }
    if (s->kind == DG_S_TRY) {
        attempt(s, depth, o);
        return;
    }
    sb_add(o, tag[s->kind]);
    if (s->kind == DG_S_ASSIGN)
        sb_addf(o, " %s", dg_token_text(s->assign.op));
    if (s->kind == DG_S_FORM)
        sb_addf(o, " %s", s->form.verb->s);
    if (s->kind == DG_S_FOR_EACH)
        sb_addf(o, "%s %s", s->each.index ? " index" : "", s->each.var->s);
    if (s->kind == DG_S_MAIL) {
        sb_addc(o, ' ');
        task(&s->task, o);
    } else {
        dg_each_stmt_expr(s, add_child, o);
    }
    sb_addc(o, '\n');
    if (s->kind == DG_S_FOR_EACH)
        block(&s->each.body, depth + 1, o);
    if (s->kind == DG_S_BLOCK)
        block(&s->block, depth + 1, o);
}

static void block(const struct dg_block *b, int depth, struct sb *o)
{
    for (size_t i = 0; i < b->n; i++)
        stmt(b->stmt[i], depth, o);
}

void dg_dump(const struct dg_script *s, struct sb *out)
{
    block(&s->body, 0, out);
}

bool dg_same(const struct dg_script *a, const struct dg_script *b)
{
    AUTO_SB struct sb x = SB_INIT((size_t)256 << 20);
    AUTO_SB struct sb y = SB_INIT((size_t)256 << 20);
    dg_dump(a, &x);
    dg_dump(b, &y);
    return !x.bad && !y.bad && x.len == y.len && memcmp(x.buf, y.buf, x.len) == 0;
}
