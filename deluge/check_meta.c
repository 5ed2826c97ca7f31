/* Names of the org: DL062, DL063. Silent wherever the metadata does not say. */
#include "base/mem.h"
#include "deluge/checker.h"
#include "deluge/crm_task.h"

/* A variable begins a new life with each Map() it is given: one name often serves for the bodies of several writes. Both
 * walks meet the same statements in the same order, so that a life is a number. */
struct names {
    size_t *life;        /* by name index: the present one; at first the name index itself */
    size_t n, cap;       /* lives so far */
    const char **module; /* by life: the module whose record or body it is */
    const char **list;   /* by name index: the module whose records the list holds */
};

static const char **held_by(const struct names *n, const struct dg_name *name)
{
    return &n->module[n->life[name->index]];
}

static void unknown(struct dg_checker *c, const struct dg_expr *at, const char *what, const char *name,
                    const char *near)
{
    struct dg_diag *g = dg_c_find(c, "DL062", at->span, "the org has no %s '%s'", what, name);
    if (near)
        dg_diag_fix(g, "did you mean \"%s\"?", near);
    else
        dg_diag_fix(g, "use the API name as Setup shows it");
}

static void tell(struct dg_checker *c, const char *module, const char *field, const struct dg_expr *at, bool writes,
                 const char *value)
{
    struct dg_use u = {.module = module, .field = field, .value = value, .writes = writes, .at = at->span};
    c->use(&u, c->use_ctx);
}

static const char *module_at(struct dg_checker *c, const struct dg_expr *e, size_t i)
{
    const char *m = i < e->call.n ? dg_c_text(e->call.arg[i]) : NULL;
    return m && c->meta->module(c->meta->ctx, m) == 1 ? m : NULL;
}

static void check_module(struct dg_checker *c, const struct dg_expr *e, size_t i)
{
    const char *m = i < e->call.n ? dg_c_text(e->call.arg[i]) : NULL;
    if (m && c->use)
        tell(c, m, NULL, e->call.arg[i], dg_crm_task_of(e)->writes, NULL);
    else if (m && c->meta->module(c->meta->ctx, m) == 0)
        unknown(c, e->call.arg[i], "module", m, c->meta->near_module(c->meta->ctx, m));
}

/* Keys that a record has though the metadata of no field says so: its id, system keys, the lines of quotes and orders under
 * the name that the tasks of API version 2 use (zoho.com/crm/developer/docs/api/v2/insert-records). */
static bool always_there(const char *name, bool read)
{
    static const char *const refusal[] = {"code", "details", "message",
                                          "status"}; /* what a task gives instead of a record */
    for (size_t i = 0; read && i < sizeof refusal / sizeof *refusal; i++)
        if (strcmp(name, refusal[i]) == 0)
            return true;
    return strcmp(name, "id") == 0 || *name == '$' || strcmp(name, "Product_Details") == 0;
}

/* A key of a record that is read or written. */
static void check_field(struct dg_checker *c, const char *module, const struct dg_expr *key,
                        const struct dg_expr *value)
{
    const char *name = dg_c_text(key);
    if (!name || always_there(name, !value))
        return;
    if (c->use) {
        tell(c, module, name, key, value != NULL, value ? dg_c_text(value) : NULL);
        return;
    }
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
        if (c->use)
            tell(c, module, name, e, false, NULL);
        if (c->use || c->meta->field(c->meta->ctx, module, name) != 0)
            continue;
        AUTO_FREE char *what = mem_printf("field of %s called", module);
        unknown(c, e, what, name, c->meta->near_field(c->meta->ctx, module, name));
    }
}

/* Lists that tasks read by these names whether the metadata shows them so or under "Activities": 26 uses in public scripts. */
static bool every_record_has(const char *list)
{
    static const char *const names[] = {"Tasks", "Events",      "Calls", "Activities", "Activities_History",
                                        "Notes", "Attachments", "Emails"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(list, names[i]) == 0)
            return true;
    return false;
}

/* deal = zoho.crm.getRecordById("Deals", id): deal holds a record of Deals. A map given as body is one too.
 * A variable used for two modules is left alone: "". */
static void bind(const char **held, const char *module)
{
    *held = !*held ? module : strcmp(*held, module) == 0 ? *held : "";
}

/* x of ifnull(x, …) and (x). */
static const struct dg_expr *bare(const struct dg_expr *e)
{
    while (e->kind == DG_PAREN ||
           (e->kind == DG_CALL && !e->call.on && dg_is(e->call.name, "ifnull") && e->call.n == 2))
        e = e->kind == DG_PAREN ? e->inner : e->call.arg[0];
    return e;
}

/* The module of the records in a list: of searchRecords and getRecords, or of a variable that holds them. */
static const char *listed(struct dg_checker *c, const struct names *n, const struct dg_expr *e)
{
    e = bare(e);
    if (e->kind == DG_NAME)
        return n->list[e->name->index];
    const struct dg_crm_task *t = dg_crm_task_of(e);
    bool list = t && (dg_crm_task_is(t, "searchrecords") || dg_crm_task_is(t, "getrecords"));
    return list ? module_at(c, e, (size_t)t->module) : NULL;
}

/* The module of one record: of getRecordById, or an element of a list. */
static const char *held(struct dg_checker *c, const struct names *n, const struct dg_expr *e)
{
    e = bare(e);
    const struct dg_crm_task *t = dg_crm_task_of(e);
    if (t)
        return dg_crm_task_is(t, "getrecordbyid") ? module_at(c, e, (size_t)t->module) : NULL;
    bool element =
        e->kind == DG_CALL && e->call.on && dg_is(e->call.name, "get") && e->call.n == 1 && !dg_c_text(e->call.arg[0]);
    return element ? listed(c, n, e->call.on) : NULL;
}

/* Map(), {}, List(), null: what a body, a record or a list begins with. */
static bool fresh(const struct dg_expr *v)
{
    bool made = v->kind == DG_CALL && !v->call.on && (dg_is(v->call.name, "map") || dg_is(v->call.name, "list"));
    return made || v->kind == DG_EMPTY || v->kind == DG_MAP || v->kind == DG_NULL;
}

/* True when the statement gives its variable something empty. */
static bool begin_life(struct names *n, const struct dg_stmt *s)
{
    if (s->kind != DG_S_ASSIGN || s->assign.target->kind != DG_NAME || !fresh(s->assign.value))
        return false;
    size_t life = n->n;
    VEC_PUSH(n->module, n->n, n->cap, NULL);
    n->life[s->assign.target->name->index] = life;
    return true;
}

static void bind_stmt(struct dg_checker *c, const struct dg_stmt *s, const struct dg_place *at, void *ctx)
{
    (void)at;
    struct names *n = ctx;
    if (s->kind == DG_S_FOR_EACH) {
        const char *m = listed(c, n, s->each.iter);
        bind(held_by(n, s->each.var), m && !s->each.index ? m : "");
        bind(&n->list[s->each.var->index], "");
    }
    if (s->kind != DG_S_ASSIGN || s->assign.target->kind != DG_NAME || begin_life(n, s))
        return;
    const char *one = held(c, n, s->assign.value), *many = listed(c, n, s->assign.value);
    bind(held_by(n, s->assign.target->name), one ? one : "");
    bind(&n->list[s->assign.target->name->index], many ? many : "");
}

static void bind_body(struct dg_checker *c, struct dg_expr *e, const struct dg_place *at, void *ctx)
{
    (void)at;
    const struct names *n = ctx;
    const struct dg_crm_task *t = dg_crm_task_of(e);
    if (!t || t->map < 0 || (size_t)t->map >= e->call.n || e->call.arg[t->map]->kind != DG_NAME)
        return;
    const char *m = module_at(c, e, (size_t)t->module);
    bind(held_by(n, e->call.arg[t->map]->name), m ? m : "");
}

static void check_task(struct dg_checker *c, const struct dg_expr *e, const struct dg_crm_task *t)
{
    check_module(c, e, (size_t)t->module);
    const char *m = module_at(c, e, (size_t)t->module);
    if (!m)
        return;
    const char *list = t->list == 0 && e->call.n ? dg_c_text(e->call.arg[0]) : NULL;
    if (!c->use && list && !every_record_has(list) && c->meta->related_list(c->meta->ctx, m, list) == 0) {
        AUTO_FREE char *what = mem_printf("related list of %s called", m);
        unknown(c, e->call.arg[0], what, list, c->meta->near_list(c->meta->ctx, m, list));
    }
    if (dg_crm_task_is(t, "searchrecords") && e->call.n > 1)
        check_criteria(c, m, e->call.arg[1]);
    const struct dg_expr *body = t->map >= 0 && (size_t)t->map < e->call.n ? e->call.arg[t->map] : NULL;
    for (size_t i = 0; body && body->kind == DG_MAP && i < body->map.n; i++)
        check_field(c, m, body->map.entry[i].key, body->map.entry[i].value);
}

static void tell_call(struct dg_checker *c, const struct dg_expr *e)
{
    char name[DG_FUNCTION_NAME_MAX];
    struct dg_use u = {.function = dg_library_called(e, name), .at = e->span};
    if (u.function)
        c->use(&u, c->use_ctx);
}

static void check_expr(struct dg_checker *c, struct dg_expr *e, const struct dg_place *at, void *ctx)
{
    (void)at;
    const struct names *n = ctx;
    const struct dg_crm_task *t = dg_crm_task_of(e);
    if (t)
        check_task(c, e, t);
    if (c->use)
        tell_call(c, e);
    if (e->kind != DG_CALL || !e->call.on || e->call.on->kind != DG_NAME || !e->call.n)
        return;
    const char *m = *held_by(n, e->call.on->name);
    if (!m || !*m)
        return;
    if (dg_is(e->call.name, "get") && e->call.n == 1)
        check_field(c, m, e->call.arg[0], NULL);
    if (dg_is(e->call.name, "put") && e->call.n == 2)
        check_field(c, m, e->call.arg[0], e->call.arg[1]);
}

/* The second walk meets the lives that the first one made. */
static void meet_life(struct dg_checker *c, const struct dg_stmt *s, const struct dg_place *at, void *ctx)
{
    (void)c, (void)at;
    struct names *n = ctx;
    if (s->kind == DG_S_ASSIGN && s->assign.target->kind == DG_NAME && fresh(s->assign.value))
        n->life[s->assign.target->name->index] = n->n++;
}

static void first_lives(struct names *n, size_t names)
{
    for (size_t i = 0; i < names; i++)
        n->life[i] = i;
    n->n = names;
}

void dg_c_meta(struct dg_checker *c)
{
    size_t names = c->s->n_names;
    struct names n = {.cap = names + 1};
    n.life = mem_zalloc((names + 1) * sizeof *n.life);
    n.module = mem_zalloc((names + 1) * sizeof *n.module);
    n.list = mem_zalloc((names + 1) * sizeof *n.list);
    first_lives(&n, names);
    dg_c_walk(c, bind_stmt, bind_body, &n);
    first_lives(&n, names);
    dg_c_walk(c, meet_life, check_expr, &n);
    free(n.life);
    free(n.module);
    free(n.list);
}

void dg_uses(const struct dg_script *s, const struct dg_meta *meta, dg_use_seen seen, void *ctx)
{
    struct dg_checker c = {.s = s, .meta = meta, .use = seen, .use_ctx = ctx};
    dg_c_meta(&c);
}

struct modules {
    dg_module_seen seen;
    void *ctx;
};

static void see_module(struct dg_checker *c, struct dg_expr *e, const struct dg_place *at, void *ctx)
{
    (void)c, (void)at;
    const struct modules *m = ctx;
    const struct dg_crm_task *t = dg_crm_task_of(e);
    const char *module = t && (size_t)t->module < e->call.n ? dg_c_text(e->call.arg[t->module]) : NULL;
    if (module)
        m->seen(module, t->list >= 0, m->ctx);
}

void dg_modules(const struct dg_script *s, dg_module_seen seen, void *ctx)
{
    struct dg_checker c = {.s = s};
    struct modules m = {seen, ctx};
    dg_c_walk(&c, NULL, see_module, &m);
}
