/* What loops cost: DL052 to DL055. */
#include "base/mem.h"
#include "deluge/checker.h"
#include "deluge/crm_task.h"

struct loops {
    const struct dg_kinds *k;
    int64_t *size;           /* by name index: elements of the literal list it holds, 0 none, -1 more than one value */
    unsigned char *iterated; /* by name index: some for each runs over it */
};

/* ── DL052 ── */

/* zoho.SERVICE.…: a call to a service; zoho.currenttime.toString() and zoho.encryption.… are none. */
static bool service_path(const char *p)
{
    static const char *const services[] = {
        "crm",       "books",     "inventory", "invoice",  "billing",  "subscriptions", "desk",   "creator", "recruit",
        "workdrive", "sign",      "writer",    "projects", "cliq",     "salesiq",       "people", "sheet",   "calendar",
        "mail",      "campaigns", "bigin",     "expense",  "bookings", "connect",       "survey"};
    if (strncmp(p, "zoho.", 5) != 0)
        return false;
    size_t n = strcspn(p + 5, ".");
    for (size_t i = 0; i < sizeof services / sizeof *services; i++)
        if (strlen(services[i]) == n && memcmp(p + 5, services[i], n) == 0)
            return p[5 + n] == '.';
    return false;
}

static bool integration_task(const struct dg_expr *e, const char **name)
{
    char path[160];
    const char *p = e->kind == DG_CALL ? dg_path(e, path, sizeof path) : NULL;
    if (e->kind == DG_TASK && e->task.kind != DG_INSERT) {
        *name = e->task.kind == DG_INVOKEURL ? "invokeurl" : "invokeapi";
        return true;
    }
    if (!p || !service_path(p) || strstr(p, "getorgvariable"))
        return false;
    *name = e->call.name->s;
    return true;
}

/* ── DL053: for each over records inside another, both read before ── */

struct nest {
    struct dg_checker *c;
    const struct loops *l;
    const struct dg_stmt *outer;
};

struct seek {
    const struct dg_name *name;
    bool assigned;
};

static void seek_assigned(const struct dg_block *b, void *ctx)
{
    struct seek *k = ctx;
    for (size_t i = 0; i < b->n && !k->assigned; i++) {
        const struct dg_stmt *s = b->stmt[i];
        k->assigned =
            (s->kind == DG_S_ASSIGN && s->assign.target->kind == DG_NAME && s->assign.target->name == k->name) ||
            (s->kind == DG_S_FOR_EACH && s->each.var == k->name);
        dg_each_stmt_block(s, seek_assigned, k);
    }
}

static void nested(const struct dg_block *b, void *ctx)
{
    struct nest *n = ctx;
    for (size_t i = 0; i < b->n; i++) {
        const struct dg_stmt *s = b->stmt[i];
        if (s->kind != DG_S_FOR_EACH || dg_kind_of(n->l->k, s->each.iter) != DG_K_RECORDS) {
            dg_each_stmt_block(s, nested, n);
            continue;
        }
        struct seek k = {dg_root_name(s->each.iter), s->each.iter->kind != DG_NAME};
        seek_assigned(&n->outer->each.body, &k);
        if (k.assigned)
            continue;
        struct dg_diag *g =
            dg_c_find(n->c, "DL053", s->each.iter->span, "each record of one list is held against each of another");
        g->other = n->outer->each.iter->span;
        g->other_text = "the outer list";
        dg_diag_fix(g, "put one list into a map by its key first, then look each record up");
    }
}

/* ── DL054: statements, counted where the sizes of lists stand in the script ── */

enum { STATEMENT_LIMIT = 5000 }; /* zoho.com/deluge/help/limitations */

/* {1,2,3}, "a,b".toList(), leftpad("1",500).…toList(): how many elements; 0 when that is not certain. */
static int64_t size_of(const struct loops *l, const struct dg_expr *e)
{
    if (e->kind == DG_PAREN)
        return size_of(l, e->inner);
    if (e->kind == DG_LIST)
        return (int64_t)e->list.n;
    if (e->kind == DG_NAME)
        return l->size[e->name->index] > 0 ? l->size[e->name->index] : 0;
    if (e->kind != DG_CALL || !dg_is(e->call.name, "tolist"))
        return 0;
    const struct dg_expr *on = e->call.on ? e->call.on : e->call.n ? e->call.arg[0] : NULL;
    const char *text = on ? dg_c_text(on) : NULL;
    int64_t n = text ? 1 : 0;
    for (; text && *text; text++)
        n += *text == ',';
    for (; on && on->kind == DG_CALL && !n; on = on->call.on)
        if (dg_is(on->call.name, "leftpad") && on->call.n && on->call.arg[on->call.n - 1]->kind == DG_INT)
            n = on->call.arg[on->call.n - 1]->integer;
    return n > 0 ? n : 0;
}

static void note_sizes(const struct dg_block *b, void *ctx)
{
    struct loops *l = ctx;
    for (size_t i = 0; i < b->n; i++) {
        const struct dg_stmt *s = b->stmt[i];
        if (s->kind == DG_S_ASSIGN && s->assign.target->kind == DG_NAME) {
            int64_t *at = &l->size[s->assign.target->name->index], n = size_of(l, s->assign.value);
            *at = *at == 0 && n > 0 ? n : -1;
        }
        if (s->kind == DG_S_FOR_EACH && s->each.iter->kind == DG_NAME)
            l->iterated[s->each.iter->name->index] = 1;
        if (s->kind != DG_FUNCTION)
            dg_each_stmt_block(s, note_sizes, l);
    }
}

struct cost {
    const struct loops *l;
    int64_t n;
};

static void cost_block(const struct dg_block *b, void *ctx)
{
    struct cost *sum = ctx;
    for (size_t i = 0; i < b->n && sum->n < INT32_MAX; i++) {
        const struct dg_stmt *s = b->stmt[i];
        struct cost inner = {sum->l, 0};
        if (s->kind == DG_FUNCTION)
            continue;
        dg_each_stmt_block(s, cost_block, &inner);
        int64_t rounds = s->kind == DG_S_FOR_EACH ? size_of(sum->l, s->each.iter) : 1;
        sum->n += 1 + inner.n * (rounds > INT32_MAX ? INT32_MAX : rounds > 1 ? rounds : 1);
    }
    sum->n = sum->n > INT32_MAX ? INT32_MAX : sum->n;
}

static void check_cost(struct dg_checker *c, const struct loops *l, const struct dg_block *body)
{
    for (size_t i = 0; i < body->n; i++) {
        const struct dg_stmt *s = body->stmt[i];
        struct dg_stmt *one = body->stmt[i];
        struct dg_block alone = {s->span, &one, 1};
        struct cost sum = {l, 0};
        if (s->kind == DG_FUNCTION)
            continue;
        cost_block(&alone, &sum);
        if (sum.n > STATEMENT_LIMIT) {
            struct dg_diag *g = dg_c_find(c, "DL054", s->span, "about %lld statements run here", (long long)sum.n);
            dg_diag_fix(g, "'zagent deluge run' counts them; the limits are 5,000 by one page, 200,000 by another");
        }
    }
}

/* ── DL055: getRecords without pages ── */

static void first_page(struct dg_checker *c, const struct loops *l, const struct dg_expr *e, const struct dg_place *at)
{
    if (!dg_crm_task_is(dg_crm_task_of(e), "getrecords") || e->call.n > 3 || dg_kind_of(l->k, e) != DG_K_RECORDS)
        return;
    /* a page of its own choice, or a few records as a sample: meant */
    if (e->call.n > 1 && (e->call.arg[1]->kind != DG_INT || e->call.arg[1]->integer > 1))
        return;
    if (e->call.n > 2 && (e->call.arg[2]->kind != DG_INT || e->call.arg[2]->integer < 200))
        return;
    const struct dg_stmt *s = at->stmt;
    bool kept =
        s->kind == DG_S_ASSIGN && s->assign.target->kind == DG_NAME && l->iterated[s->assign.target->name->index];
    if (!kept && !(s->kind == DG_S_FOR_EACH && s->each.iter == e))
        return;
    dg_c_find(c, "DL055", e->call.name_span, "%s gives 200 records at most", e->call.name->s);
}

static void check_expr(struct dg_checker *c, struct dg_expr *e, const struct dg_place *at, void *ctx)
{
    const struct loops *l = ctx;
    const char *name;
    if (at->loops && integration_task(e, &name)) {
        dg_c_find(c, "DL052", e->kind == DG_CALL ? e->call.name_span : dg_c_word(e->span, name),
                  "each round of the loop calls %s", name);
    }
    first_page(c, l, e, at);
}

static void check_stmt(struct dg_checker *c, const struct dg_stmt *s, const struct dg_place *at, void *ctx)
{
    (void)at;
    struct nest n = {c, ctx, s};
    if (s->kind == DG_S_FOR_EACH && dg_kind_of(n.l->k, s->each.iter) == DG_K_RECORDS)
        nested(&s->each.body, &n);
}

void dg_c_loops(struct dg_checker *c, const struct dg_function *f, const struct dg_kinds *k)
{
    const struct dg_block *body = f ? &f->body : &c->s->body;
    struct loops l = {.k = k};
    l.size = mem_zalloc((c->s->n_names + 1) * sizeof *l.size);
    l.iterated = mem_zalloc(c->s->n_names + 1);
    note_sizes(body, &l);
    dg_c_walk_in(c, f, check_stmt, check_expr, &l);
    check_cost(c, &l, body);
    free(l.size);
    free(l.iterated);
}
