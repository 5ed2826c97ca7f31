/* Names and arguments of calls: DL026, DL027, DL028, DL051, DL070, DL075, DL078, DL082. */
#include "base/mem.h"
#include "deluge/checker.h"
#include "deluge/crm_task.h"
#include "deluge/docs.h"
#include "deluge/names.h"

static void wrong_count(struct dg_checker *c, enum dg_level level, const struct dg_expr *e, unsigned min, unsigned max)
{
    const struct dg_crm_task *task = dg_crm_task_of(e);
    AUTO_FREE char *name = task ? mem_printf("zoho.crm.%s", task->name) : mem_dup(e->call.name->s);
    AUTO_FREE char *range = min == max ? mem_printf("%u", min) : mem_printf("%u to %u", min, max);
    const struct dg_doc *doc = dg_doc_find(name);
    struct dg_diag *g = dg_c_find_at(c, "DL027", level, e->call.name_span, "%s takes %s argument%s, not %zu",
                                     e->call.name->s, range, max == 1 ? "" : "s", e->call.n);
    if (doc)
        dg_diag_fix(g, "write %s%s", doc->signature,
                    strchr(doc->signature, '[') ? "; what stands in [ ] may be left out" : "");
}

/* ── Integration tasks ── */

static void old_task(struct dg_checker *c, const struct dg_expr *e)
{
    static const char *const old[] = {"create", "update", "getrecord", "getrecordsbyid", "search"};
    for (size_t i = 0; i < sizeof old / sizeof *old; i++)
        if (dg_is(e->call.name, old[i]))
            dg_c_find(c, "DL070", e->call.name_span, "'%s' is a task name of version 1", e->call.name->s);
}

static void crm_task(struct dg_checker *c, const struct dg_expr *e, const struct dg_place *at)
{
    const struct dg_crm_task *t = dg_crm_task_of(e);
    if (!t) {
        old_task(c, e);
        return;
    }
    if (e->call.n < t->min || e->call.n > t->max)
        wrong_count(c, DG_ERROR, e, t->min, t->max);
    if (t->writes && at->stmt->kind == DG_S_EXPR && at->stmt->expr == e)
        dg_c_find(c, "DL028", e->span, "nobody sees whether %s worked", e->call.name->s);
    bool record = dg_crm_task_is(t, "createrecord") || dg_crm_task_is(t, "updaterecord");
    if (record && e->call.n == t->min && at->function && dg_is(at->function->space, "automation"))
        dg_c_find(c, "DL056", e->call.name_span, "%s says nothing about workflows", e->call.name->s);
}

/* ── Built-ins ── */

/* thisapp.x.f(), standalone.f(), Policy.f(): functions of the author, which no list names. */
static bool user_function(struct dg_checker *c, const struct dg_expr *e)
{
    const struct dg_expr *on = e->call.on;
    if (!on)
        return false;
    if (on->kind != DG_NAME && on->kind != DG_MEMBER)
        return false;
    const struct dg_name *root = dg_root_name(on);
    return root && !c->variable[root->index];
}

/* How many values the built-in of a name takes, asked once a name. */
struct arity {
    bool asked, known;
    unsigned min, max; /* the receiver included */
};

static void builtin_arguments(struct dg_checker *c, struct arity *arities, const struct dg_expr *e)
{
    struct arity *a = &arities[e->call.name->index];
    if (!a->asked)
        a->known = dg_builtin_arity(e->call.name->lower, &a->min, &a->max);
    a->asked = true;
    unsigned self = e->call.on ? 1 : 0, n = (unsigned)e->call.n + self;
    if (a->known && (n < a->min || n > a->max)) /* a warning: a page may know of a form that the table lacks */
        wrong_count(c, DG_WARNING, e, a->min > self ? a->min - self : 0, a->max - self);
}

static void builtin(struct dg_checker *c, struct arity *arities, const struct dg_expr *e, const struct dg_place *at)
{
    if (user_function(c, e))
        return;
    if (dg_builtin(e->call.name->lower)) {
        bool form = e->call.on && (e->call.on->kind == DG_QUERY || e->call.on->kind == DG_ASPECT); /* Creator's own */
        if (!form)
            builtin_arguments(c, arities, e);
        return;
    }
    char first = e->call.name->s[0];
    if (!e->call.on && first >= 'A' && first <= 'Z' && !dg_c_crm_function(at->function))
        return; /* Subform(): a row of a Creator form */
    const char *instead = dg_builtin_instead(e->call.name->lower), *near = dg_builtin_near(e->call.name->s);
    bool disputed = dg_is(e->call.name, "split") || dg_is(e->call.name, "replace"); /* one catalogue lists them */
    struct dg_diag *g = dg_c_find_at(c, "DL026", disputed || !e->call.on ? DG_WARNING : DG_ERROR, e->call.name_span,
                                     "no official list has a function '%s'", e->call.name->s);
    if (instead)
        dg_diag_fix(g, "Deluge has %s", instead);
    else if (near)
        dg_diag_fix(g, "did you mean %s?", near);
}

static void query_size(struct dg_checker *c, const struct dg_expr *e)
{
    if (e->call.on && e->call.on->kind == DG_QUERY && dg_is(e->call.name, "size")) {
        dg_c_find(c, "DL075", e->call.name_span, "a query has no size()");
    }
}

/* yyyy and dd, not YYYY and DD; mm is minutes. */
static void date_pattern(struct dg_checker *c, const struct dg_expr *e)
{
    static const char *const names[] = {"tostring", "todate", "todatetime", "totime", "todatetimestring"};
    bool date = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        date = date || dg_is(e->call.name, names[i]);
    const char *p = date && e->call.n ? dg_c_text(e->call.arg[0]) : NULL;
    if (!p || strlen(p) > 40)
        return;
    bool year = strstr(p, "YYYY") || strstr(p, "yy"), month = strstr(p, "MM") != NULL;
    const char *wrong = NULL;
    if (strstr(p, "YYYY"))
        wrong = "YYYY is the year of the week";
    else if (year && strstr(p, "DD"))
        wrong = "DD is the day of the year";
    else if (year && !month && strstr(p, "mm") && strstr(p, "dd") && !strstr(p, "HH") && !strstr(p, "hh"))
        wrong = "mm is the minute";
    if (wrong) {
        dg_c_find(c, "DL051", e->call.arg[0]->span, "%s", wrong);
    }
}

static void old_call(struct dg_checker *c, const struct dg_expr *e)
{
    if (!e->call.on && (dg_is(e->call.name, "geturl") || dg_is(e->call.name, "posturl"))) {
        struct dg_diag *g = dg_c_find(c, "DL070", e->call.name_span, "'%s' is deprecated", e->call.name->s);
        dg_diag_fix(g, "use invokeurl [ … ]");
    }
}

static void check_call(struct dg_checker *c, struct arity *arities, struct dg_expr *e, const struct dg_place *at)
{
    char path[160];
    const char *p = dg_path(e, path, sizeof path);
    old_call(c, e);
    query_size(c, e);
    date_pattern(c, e);
    if (p && strncmp(p, "zoho.crm.", 9) == 0)
        crm_task(c, e, at);
    else if (!p || strncmp(p, "zoho.", 5) != 0)
        builtin(c, arities, e, at);
}

/* ── Operators ── */

static bool numeric_text(const struct dg_expr *e)
{
    const char *s = dg_c_text(e);
    return s && *s && s[strspn(s, "0123456789.")] == '\0';
}

static void check_operator(struct dg_checker *c, struct dg_expr *e, const struct dg_place *at)
{
    if (e->binary.op == DG_OP_EQ_SINGLE) {
        dg_c_find(c, "DL078", e->binary.op_span, "a single '=' compares here%s", at->in_criteria ? " (criteria)" : "");
    }
    bool number = e->binary.right->kind == DG_INT || e->binary.left->kind == DG_INT;
    if (e->binary.op == DG_OP_ADD && number && (numeric_text(e->binary.left) || numeric_text(e->binary.right)))
        dg_c_find(c, "DL082", e->span, "text + number joins the text; it does not add");
}

static void check_expr(struct dg_checker *c, struct dg_expr *e, const struct dg_place *at, void *ctx)
{
    if (e->kind == DG_CALL)
        check_call(c, ctx, e, at);
    if (e->kind == DG_BINARY)
        check_operator(c, e, at);
    if (e->kind == DG_ASPECT && dg_c_crm_function(at->function))
        dg_c_find(c, "DL022", e->span, "'%s:%s' belongs to Creator's form events", "input", e->member.name->s);
}

void dg_c_calls(struct dg_checker *c)
{
    AUTO_FREE struct arity *arities = mem_zalloc((c->s->n_names + 1) * sizeof *arities);
    dg_c_walk(c, NULL, check_expr, arities);
}
