/* Signatures and returns, dead code, statements that belong elsewhere. */
#include "base/mem.h"
#include "deluge/checker.h"

static bool is_void(const struct dg_function *f)
{
    return !f->type || dg_is(f->type, "void");
}

static bool ends_path(const struct dg_stmt *s)
{
    return s->kind == DG_S_RETURN || s->kind == DG_S_THROW;
}

/* Does every path through the block end with return or throw? */
static bool always_returns(const struct dg_block *b)
{
    for (size_t i = 0; i < b->n; i++) {
        const struct dg_stmt *s = b->stmt[i];
        if (ends_path(s) || (s->kind == DG_S_BLOCK && always_returns(&s->block)))
            return true;
        if (s->kind == DG_S_TRY && always_returns(&s->attempt.body) && always_returns(&s->attempt.handler))
            return true;
        if (s->kind != DG_S_IF || s->cond.branch[s->cond.n - 1].test)
            continue;
        bool all = true;
        for (size_t k = 0; k < s->cond.n; k++)
            all = all && always_returns(&s->cond.branch[k].body);
        if (all)
            return true;
    }
    return false;
}

struct returns {
    const struct dg_function *f;
    size_t n;
};

static void validation_answer(struct dg_checker *c, const struct dg_expr *e)
{
    if (e->kind != DG_MAP)
        return;
    bool status = false, message = false;
    for (size_t i = 0; i < e->map.n; i++) {
        const char *key = dg_c_text(e->map.entry[i].key), *value = dg_c_text(e->map.entry[i].value);
        status = status || (key && strcmp(key, "status") == 0);
        message = message || (key && strcmp(key, "message") == 0);
        if (key && value && strcmp(key, "status") == 0 && strcmp(value, "success") != 0 && strcmp(value, "error") != 0)
            dg_c_find(c, "DL033", e->map.entry[i].value->span, "status is \"success\" or \"error\"");
        if (key && value && strcmp(key, "message") == 0 && strlen(value) > 100)
            dg_c_find(c, "DL033", e->map.entry[i].value->span, "the message has more than 100 characters");
    }
    if (!status || !message)
        dg_c_find(c, "DL033", e->span, "the answer of a validation rule needs both status and message");
}

static void check_return(struct dg_checker *c, const struct dg_stmt *s, const struct dg_place *at, void *ctx)
{
    struct returns *r = ctx;
    if (s->kind != DG_S_RETURN || at->function != r->f)
        return;
    r->n++;
    if (is_void(r->f) && s->expr && s->expr->kind != DG_NULL && r->f->type)
        dg_c_find(c, "DL031", s->span, "'%s' is void and returns a value here", r->f->name->s);
    else if (!is_void(r->f) && !s->expr)
        dg_c_find(c, "DL031", s->span, "'%s' returns %s, but nothing here", r->f->name->s, r->f->type->s);
    if (s->expr && dg_is(r->f->space, "validation_rule"))
        validation_answer(c, s->expr);
}

static void category(struct dg_checker *c, const struct dg_function *f)
{
    static const struct {
        const char *space, *type;
    } rows[] = {{"standalone", "string"}, {"button", "string"}, {"related_list", "string"}, {"schedule", "void"}};
    if (!f->type)
        return;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (dg_is(f->space, rows[i].space) && !dg_is(f->type, rows[i].type)) {
            /* only CRM's own orgs are that strict: extensions may return other types from standalone functions */
            struct dg_diag *g = dg_c_find_at(c, "DL032", DG_WARNING, f->type_span, "a %s function of CRM is %s, not %s",
                                             rows[i].space, rows[i].type, f->type->s);
            dg_diag_fix(g, "declare it as %s %s.%s(…)", rows[i].type, rows[i].space, f->name->s);
        }
    if (!dg_is(f->space, "validation_rule"))
        return;
    bool fits = f->n == 1 && dg_is(f->param[0].type, "string") && strcmp(f->param[0].name->s, "crmAPIRequest") == 0;
    if (!dg_is(f->type, "map") || !fits)
        dg_c_find(c, "DL033", f->head, "a validation rule is: map validation_rule.%s(String crmAPIRequest)",
                  f->name->s);
}

static void check_function(struct dg_checker *c, const struct dg_function *f)
{
    struct returns r = {f, 0};
    category(c, f);
    dg_c_walk(c, check_return, NULL, &r);
    if (is_void(f))
        return;
    if (r.n == 0)
        dg_c_find(c, "DL030", f->head, "'%s' returns %s, but has no return", f->name->s, f->type->s);
    else if (!always_returns(&f->body))
        dg_c_find_at(c, "DL030", DG_WARNING, f->head, "a path through '%s' ends without return", f->name->s);
}

/* ── Each block ── */

static bool leaves(const struct dg_stmt *s)
{
    return ends_path(s) || s->kind == DG_S_BREAK || s->kind == DG_S_CONTINUE;
}

/* m.put("k", …): the call, NULL when the statement is none. */
static const struct dg_expr *put_of(const struct dg_stmt *s)
{
    const struct dg_expr *e = s->kind == DG_S_EXPR ? s->expr : NULL;
    bool put = e && e->kind == DG_CALL && dg_is(e->call.name, "put") && e->call.n == 2 && e->call.on &&
               e->call.on->kind == DG_NAME && dg_c_text(e->call.arg[0]);
    return put ? e : NULL;
}

static void mentions(struct dg_expr *e, void *ctx)
{
    const struct dg_name **seek = ctx;
    if (e->kind == DG_NAME && e->name == *seek)
        *seek = NULL;
    if (*seek)
        dg_each_child(e, mentions, ctx);
}

/* Puts of one key in a row of puts, with no read of the map between. */
static void put_twice(struct dg_checker *c, const struct dg_block *b, size_t i)
{
    const struct dg_expr *later = put_of(b->stmt[i]);
    const struct dg_name *map = later ? later->call.on->name : NULL;
    const struct dg_name *seek = map;
    if (later)
        mentions(later->call.arg[1], &seek);
    for (size_t k = i; seek && k-- > 0 && i - k <= 200;) {
        const struct dg_expr *earlier = put_of(b->stmt[k]);
        if (!earlier)
            return;
        if (earlier->call.on->name == map &&
            strcmp(dg_c_text(earlier->call.arg[0]), dg_c_text(later->call.arg[0])) == 0) {
            struct dg_diag *g = dg_c_find(c, "DL077", later->call.arg[0]->span,
                                          "'%s' was put before; that value is lost", dg_c_text(later->call.arg[0]));
            g->other = earlier->span;
            g->other_text = "the first value";
            return;
        }
        mentions(earlier->call.arg[1], &seek);
    }
}

static void check_block(const struct dg_block *b, void *ctx)
{
    struct dg_checker *c = ctx;
    for (size_t i = 0; i < b->n; i++) {
        if (i && leaves(b->stmt[i - 1])) {
            dg_c_find(c, "DL035", b->stmt[i]->span, "this is never reached");
            break;
        }
        put_twice(c, b, i);
    }
}

static void check_stmt(struct dg_checker *c, const struct dg_stmt *s, const struct dg_place *at, void *ctx)
{
    (void)ctx;
    dg_each_stmt_block(s, check_block, c);
    if (s->kind == DG_S_TRY && s->attempt.handler.n == 0 && s->attempt.catch_span.line) {
        dg_c_find(c, "DL072", s->attempt.catch_span, "an empty catch hides every failure");
    }
    if (s->kind == DG_S_THROW)
        dg_c_find(c, "DL076", s->span, "older products refuse 'throw'");
    if (s->kind == DG_S_ASSIGN && s->assign.op != DG_T_ASSIGN) {
        struct dg_diag *g =
            dg_c_find(c, "DL009", s->assign.op_span, "some editors refuse '%s'", dg_token_text(s->assign.op));
        dg_diag_fix(g, "write x = x %c …;", dg_token_text(s->assign.op)[0]);
    }
    bool form = s->kind == DG_S_ALERT || s->kind == DG_S_CANCEL_SUBMIT || s->kind == DG_S_FORM;
    if (form && dg_c_crm_function(at->function))
        dg_c_find(c, "DL022", s->span, "this belongs to Creator's form events, not to a function of CRM");
}

void dg_c_shape(struct dg_checker *c)
{
    check_block(&c->s->body, c);
    dg_c_walk(c, check_stmt, NULL, NULL);
    for (size_t i = 0; i < c->s->n_functions; i++) {
        check_function(c, c->s->function[i]);
        if (i)
            dg_c_find_at(c, "DL011", DG_NOTE, c->s->function[i]->head, "a second function; one editor takes one");
    }
    if (c->s->bom)
        dg_c_find(c, "DL083", (struct dg_span){0, 0, 1, 1, 1, 1}, "the file begins with a byte order mark");
}
