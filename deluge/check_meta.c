/* Names of the org: DL062, DL063. Silent wherever the metadata does not say. */
#include "base/mem.h"
#include "deluge/checker.h"

struct names {
    const char **module; /* by name index: the module whose record or body the variable holds */
};

static void unknown(struct dg_checker *c, const struct dg_expr *at, const char *what, const char *name,
                    const char *near)
{
    struct dg_diag *g = dg_c_find(c, "DL062", at->span, "the org has no %s '%s'", what, name);
    if (near)
        dg_diag_fix(g, "did you mean \"%s\"?", near);
    else
        dg_diag_fix(g, "use the API name as Setup shows it");
}

static const char *module_at(struct dg_checker *c, const struct dg_expr *e, size_t i)
{
    const char *m = i < e->call.n ? dg_c_text(e->call.arg[i]) : NULL;
    return m && c->meta->module(c->meta->ctx, m) == 1 ? m : NULL;
}

static void check_module(struct dg_checker *c, const struct dg_expr *e, size_t i)
{
    const char *m = i < e->call.n ? dg_c_text(e->call.arg[i]) : NULL;
    if (m && c->meta->module(c->meta->ctx, m) == 0)
        unknown(c, e->call.arg[i], "module", m, c->meta->near_module(c->meta->ctx, m));
}

/* A key of a record that is read or written; system keys of every record are always there. */
static void check_field(struct dg_checker *c, const char *module, const struct dg_expr *key,
                        const struct dg_expr *value)
{
    const char *name = dg_c_text(key);
    if (!name || strcmp(name, "id") == 0 || *name == '$')
        return;
    if (c->meta->field(c->meta->ctx, module, name) == 0) {
        AUTO_FREE char *what = mem_printf("field of %s called", module);
        unknown(c, key, what, name, c->meta->near_field(c->meta->ctx, module, name));
        return;
    }
    const char *text = value ? dg_c_text(value) : NULL;
    if (!text || !*text || c->meta->value(c->meta->ctx, module, name, text) != 0)
        return;
    const char *near = c->meta->near_value(c->meta->ctx, module, name, text);
    struct dg_diag *g = dg_c_find(c, "DL063", value->span, "%s.%s has no value '%s'", module, name, text);
    if (near)
        dg_diag_fix(g, "did you mean \"%s\"?", near);
}

/* "(Stage:equals:Won) and (Last_Name:…": the names before the first colon after each bracket. */
static void check_criteria(struct dg_checker *c, const char *module, const struct dg_expr *e)
{
    const char *s = dg_c_text(e);
    for (const char *p = s ? strchr(s, '(') : NULL; p; p = strchr(p + 1, '(')) {
        size_t n = strcspn(p + 1, ":()");
        if (p[1 + n] != ':' || n == 0 || n > 100)
            continue;
        AUTO_FREE char *name = mem_dupn(p + 1, n);
        if (c->meta->field(c->meta->ctx, module, name) != 0)
            continue;
        AUTO_FREE char *what = mem_printf("field of %s called", module);
        unknown(c, e, what, name, c->meta->near_field(c->meta->ctx, module, name));
    }
}

struct task_row {
    const char *name;
    int module, body, list; /* argument indexes, -1 when there is none */
};
static const struct task_row rows[] = {
    {"getrecordbyid", 0, -1, -1},    {"getrecords", 0, -1, -1},         {"searchrecords", 0, -1, -1},
    {"createrecord", 0, 1, -1},      {"updaterecord", 0, 2, -1},        {"upsert", 0, 1, -1},
    {"getrelatedrecords", 1, -1, 0}, {"updaterelatedrecord", 2, -1, 0}, {"bulkcreate", 0, -1, -1},
    {"bulkupdate", 0, -1, -1},       {"attachfile", 0, -1, -1},
};

static const struct task_row *task_of(const struct dg_expr *e)
{
    char path[160];
    const char *p = e->kind == DG_CALL ? dg_path(e, path, sizeof path) : NULL;
    if (!p || strncmp(p, "zoho.crm.", 9) != 0)
        return NULL;
    p += strncmp(p + 9, "v8.", 3) == 0 ? 12 : 9;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(p, rows[i].name) == 0)
            return &rows[i];
    return NULL;
}

/* deal = zoho.crm.getRecordById("Deals", id): deal holds a record of Deals. A map given as body is one too.
 * A variable used for two modules is left alone. */
static void bind(struct names *n, const struct dg_name *name, const char *module)
{
    const char *known = n->module[name->index];
    n->module[name->index] = !known ? module : strcmp(known, module) == 0 ? known : "";
}

static void find_bindings(struct dg_checker *c, struct dg_expr *e, const struct dg_place *at, void *ctx)
{
    const struct task_row *t = task_of(e);
    if (!t)
        return;
    const char *m = module_at(c, e, (size_t)t->module);
    const struct dg_stmt *s = at->stmt;
    if (s->kind == DG_S_ASSIGN && s->assign.value == e && s->assign.target->kind == DG_NAME)
        bind(ctx, s->assign.target->name, m && strcmp(t->name, "getrecordbyid") == 0 ? m : "");
    if (t->body >= 0 && (size_t)t->body < e->call.n && e->call.arg[t->body]->kind == DG_NAME)
        bind(ctx, e->call.arg[t->body]->name, m ? m : "");
}

/* Any other value makes the variable something else: Map() and {} are what a body begins with. */
static void find_others(struct dg_checker *c, const struct dg_stmt *s, const struct dg_place *at, void *ctx)
{
    (void)c, (void)at;
    if (s->kind == DG_S_FOR_EACH)
        bind(ctx, s->each.var, "");
    if (s->kind != DG_S_ASSIGN || s->assign.target->kind != DG_NAME || task_of(s->assign.value))
        return;
    const struct dg_expr *v = s->assign.value;
    bool fresh =
        v->kind == DG_EMPTY || v->kind == DG_MAP || (v->kind == DG_CALL && !v->call.on && dg_is(v->call.name, "map"));
    if (!fresh)
        bind(ctx, s->assign.target->name, "");
}

static void check_task(struct dg_checker *c, const struct dg_expr *e, const struct task_row *t)
{
    check_module(c, e, (size_t)t->module);
    const char *m = module_at(c, e, (size_t)t->module);
    if (!m)
        return;
    if (t->list == 0 && e->call.n && dg_c_text(e->call.arg[0]) &&
        c->meta->related_list(c->meta->ctx, m, dg_c_text(e->call.arg[0])) == 0)
        unknown(c, e->call.arg[0], "related list called", dg_c_text(e->call.arg[0]),
                c->meta->near_list(c->meta->ctx, m, dg_c_text(e->call.arg[0])));
    if (strcmp(t->name, "searchrecords") == 0 && e->call.n > 1)
        check_criteria(c, m, e->call.arg[1]);
    const struct dg_expr *body = t->body >= 0 && (size_t)t->body < e->call.n ? e->call.arg[t->body] : NULL;
    for (size_t i = 0; body && body->kind == DG_MAP && i < body->map.n; i++)
        check_field(c, m, body->map.entry[i].key, body->map.entry[i].value);
}

static void check_expr(struct dg_checker *c, struct dg_expr *e, const struct dg_place *at, void *ctx)
{
    (void)at;
    const struct names *n = ctx;
    const struct task_row *t = task_of(e);
    if (t)
        check_task(c, e, t);
    if (e->kind != DG_CALL || !e->call.on || e->call.on->kind != DG_NAME || !e->call.n)
        return;
    const char *m = n->module[e->call.on->name->index];
    if (!m || !*m)
        return;
    if (dg_is(e->call.name, "get") && e->call.n == 1)
        check_field(c, m, e->call.arg[0], NULL);
    if (dg_is(e->call.name, "put") && e->call.n == 2)
        check_field(c, m, e->call.arg[0], e->call.arg[1]);
}

void dg_c_meta(struct dg_checker *c)
{
    struct names n = {mem_zalloc((c->s->n_names + 1) * sizeof *n.module)};
    dg_c_walk(c, find_others, find_bindings, &n);
    dg_c_walk(c, NULL, check_expr, &n);
    free(n.module);
}
