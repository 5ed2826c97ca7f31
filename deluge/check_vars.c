/* Variables: DL013, DL023, DL025, DL079. */
#include "base/mem.h"
#include "base/text.h"
#include "deluge/checker.h"

static void find_variable(struct dg_checker *c, const struct dg_stmt *s, const struct dg_place *at, void *ctx)
{
    (void)at, (void)ctx;
    if (s->kind == DG_S_ASSIGN && s->assign.target->kind == DG_NAME)
        c->variable[s->assign.target->name->index] = 1;
    if (s->kind == DG_S_FOR_EACH)
        c->variable[s->each.var->index] = 1;
    if (s->kind == DG_S_TRY && s->attempt.var)
        c->variable[s->attempt.var->index] = 1;
    for (size_t i = 0; s->kind == DG_FUNCTION && i < s->function->n; i++)
        c->variable[s->function->param[i].name->index] = 1;
}

void dg_c_find_variables(struct dg_checker *c)
{
    dg_c_walk(c, find_variable, NULL, NULL);
}

/* ── DL023, DL025: one function at a time (function NULL is the bare body) ── */

struct use {
    bool given; /* a parameter, loop or catch variable */
    bool assigned, read;
    bool kept_task; /* holds the answer of a task, which DL028 asks for */
    struct dg_span first_read, first_assigned;
};
struct uses {
    const struct dg_function *f;
    struct use *name;    /* by name index */
    unsigned char *skip; /* by expression id: a target, a namespace, a form */
};

static void skip_root(struct uses *u, const struct dg_expr *e, struct dg_checker *c)
{
    if (e && e->kind == DG_NAME && !c->variable[e->name->index] && !dg_c_crm_function(u->f))
        u->skip[e->id] = 1;
}

static void use_expr(struct dg_checker *c, struct dg_expr *e, const struct dg_place *at, void *ctx)
{
    struct uses *u = ctx;
    if (at->function != u->f)
        return;
    if (e->kind == DG_CALL)
        skip_root(u, e->call.on, c);
    if (e->kind == DG_MEMBER || e->kind == DG_ASPECT)
        skip_root(u, e->member.of, c);
    if (e->kind == DG_QUERY)
        u->skip[e->query.of->id] = 1;
    if (e->kind != DG_NAME || u->skip[e->id])
        return;
    struct use *n = &u->name[e->name->index];
    bool field =
        at->in_criteria || at->stmt->kind == DG_S_FORM || at->stmt->kind == DG_S_DELETE || at->stmt->kind == DG_S_ALERT;
    if (!n->read && !field)
        n->first_read = e->span;
    n->read = true;
}

static void use_stmt(struct dg_checker *c, const struct dg_stmt *s, const struct dg_place *at, void *ctx)
{
    (void)c;
    struct uses *u = ctx;
    if (at->function != u->f)
        return;
    if (s->kind == DG_S_ASSIGN && s->assign.target->kind == DG_NAME) {
        struct use *n = &u->name[s->assign.target->name->index];
        if (!n->assigned)
            n->first_assigned = s->assign.target->span;
        n->assigned = true;
        n->kept_task = n->kept_task || s->assign.value->kind == DG_TASK || dg_is(dg_root_name(s->assign.value), "zoho");
        u->skip[s->assign.target->id] = s->assign.op == DG_T_ASSIGN;
    }
    if (s->kind == DG_S_FOR_EACH)
        u->name[s->each.var->index].given = true;
    if (s->kind == DG_S_TRY && s->attempt.var)
        u->name[s->attempt.var->index].given = true;
    for (size_t i = 0; s->kind == DG_FUNCTION && i < s->function->n; i++)
        u->name[s->function->param[i].name->index].given = true;
}

/* Names that mean something without assignment. */
static bool ambient(const struct dg_name *n)
{
    static const char *const names[] = {
        "zoho",     "thisapp", "input",         "standalone",   "automation",      "button",
        "schedule", "row",     "old",           "related_list", "validation_rule", "today",
        "now",      "this",    "crmapirequest", "null",         "signals",         "circuits"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (dg_is(n, names[i]))
            return true;
    return false;
}

/* A name that is assigned or given in the same function and looks like this one; NULL when none does. */
static const char *near_variable(const struct dg_checker *c, const struct uses *u, const char *wanted)
{
    size_t n = 0;
    AUTO_FREE const char **names = mem_grow(NULL, c->s->n_names + 1, sizeof *names);
    for (size_t i = 0; i < c->s->n_names; i++)
        if (u->name[i].assigned || u->name[i].given)
            names[n++] = c->s->name[i]->s;
    return text_nearest(wanted, names, n);
}

static void judge(struct dg_checker *c, const struct uses *u)
{
    for (size_t i = 0; i < c->s->n_names; i++) {
        const struct use *n = &u->name[i];
        const struct dg_name *name = c->s->name[i];
        if (u->f && n->read && n->first_read.line && !n->assigned && !n->given && !ambient(name)) {
            /* Creator's forms and fields are names too: certain only in a function of CRM */
            bool sure = dg_c_crm_function(u->f);
            if (!sure && name->s[0] >= 'A' && name->s[0] <= 'Z')
                continue;
            const char *near = near_variable(c, u, name->s);
            struct dg_diag *g = dg_c_find_at(c, "DL023", sure ? DG_ERROR : DG_WARNING, n->first_read,
                                             "variable '%s' is not defined", name->s);
            if (near)
                dg_diag_fix(g, "did you mean %s? Letter case counts in variable names", near);
        }
        if (n->assigned && !n->read && !n->given && !n->kept_task)
            dg_c_find(c, "DL025", n->first_assigned, "'%s' is assigned and never read", name->s);
    }
}

static void uses_of(struct dg_checker *c, const struct dg_function *f)
{
    struct uses u = {.f = f};
    u.name = mem_zalloc((c->s->n_names + 1) * sizeof *u.name);
    u.skip = mem_zalloc(c->s->n_exprs + 1);
    dg_c_walk(c, use_stmt, use_expr, &u);
    judge(c, &u);
    free(u.name);
    free(u.skip);
}

/* ── DL013 ── */

static bool reserved(const struct dg_name *n)
{
    static const char *const words[] = {"bool", "collection", "date",   "else",   "float",  "for",  "each",       "if",
                                        "in",   "int",        "portal", "reload", "return", "void", "permissions"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (dg_is(n, words[i]))
            return true;
    return false;
}

/* ── DL079: m = Map(); before a loop, list.add(m) and m.put(…) inside it ── */

struct shared {
    const struct dg_name *map;
    const struct dg_expr *added;
    bool changed, renewed;
};

static void shared_in(const struct dg_block *b, void *ctx)
{
    struct shared *k = ctx;
    for (size_t i = 0; i < b->n; i++) {
        const struct dg_stmt *s = b->stmt[i];
        const struct dg_expr *e = s->kind == DG_S_EXPR && s->expr->kind == DG_CALL ? s->expr : NULL;
        if (s->kind == DG_S_ASSIGN && s->assign.target->kind == DG_NAME && s->assign.target->name == k->map)
            k->renewed = true;
        if (s->kind == DG_S_FOR_EACH && s->each.var == k->map)
            k->renewed = true;
        if (e && dg_is(e->call.name, "put") && e->call.on && e->call.on->kind == DG_NAME && e->call.on->name == k->map)
            k->changed = true;
        dg_each_stmt_block(s, shared_in, k);
    }
}

static void check_shared(struct dg_checker *c, const struct dg_stmt *s)
{
    for (size_t i = 0; i < s->each.body.n; i++) {
        const struct dg_stmt *in = s->each.body.stmt[i];
        const struct dg_expr *e = in->kind == DG_S_EXPR && in->expr->kind == DG_CALL ? in->expr : NULL;
        if (!e || !dg_is(e->call.name, "add") || e->call.n != 1 || e->call.arg[0]->kind != DG_NAME)
            continue;
        struct shared k = {.map = e->call.arg[0]->name, .added = e};
        shared_in(&s->each.body, &k);
        if (!k.changed || k.renewed || k.map == s->each.var)
            continue;
        struct dg_diag *g = dg_c_find(c, "DL079", e->call.arg[0]->span,
                                      "'%s' is made before the loop: every element is this one map", k.map->s);
        dg_diag_fix(g, "write %s = Map(); inside the loop", k.map->s);
    }
}

static void check_stmt(struct dg_checker *c, const struct dg_stmt *s, const struct dg_place *at, void *ctx)
{
    (void)at, (void)ctx;
    if (s->kind == DG_S_ASSIGN && s->assign.target->kind == DG_NAME && reserved(s->assign.target->name))
        dg_c_find(c, "DL013", s->assign.target->span, "'%s' is a reserved word", s->assign.target->name->s);
    for (size_t i = 0; s->kind == DG_FUNCTION && i < s->function->n; i++)
        if (reserved(s->function->param[i].name))
            dg_c_find(c, "DL013", s->function->param[i].span, "'%s' is a reserved word", s->function->param[i].name->s);
    if (s->kind == DG_S_FOR_EACH)
        check_shared(c, s);
}

void dg_c_vars(struct dg_checker *c)
{
    for (size_t i = 0; i < c->s->n_functions; i++)
        uses_of(c, c->s->function[i]);
    uses_of(c, NULL);
    dg_c_walk(c, check_stmt, NULL, NULL);
}
