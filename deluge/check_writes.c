/* What a script writes and whether it hears of failure: DL050, DL057, DL068, DL073. */
#include "base/mem.h"
#include "deluge/checker.h"
#include "deluge/crm_task.h"

enum {
    BODY = 1,
    LOUD = 2,
    READ = 4
}; /* a CRM write takes it as record; its trigger names workflow; more than info reads it */

struct writes {
    const struct dg_function *f;
    const struct dg_kinds *k;
    unsigned char *name; /* by name index */
};

/* The record that a write takes as it stands there; NULL for any other call. */
static const struct dg_expr *record_of(const struct dg_expr *e)
{
    const struct dg_crm_task *t = dg_crm_task_of(e);
    bool one = dg_crm_task_is(t, "createrecord") || dg_crm_task_is(t, "updaterecord") || dg_crm_task_is(t, "upsert");
    return one && (size_t)t->map < e->call.n ? e->call.arg[t->map] : NULL;
}

static bool names_workflow(const struct dg_expr *list)
{
    for (size_t i = 0; list->kind == DG_LIST && i < list->list.n; i++)
        if (dg_c_text(list->list.item[i]) && strcmp(dg_c_text(list->list.item[i]), "workflow") == 0)
            return true;
    return false;
}

/* {"trigger":{"workflow"}} */
static bool loud_map(const struct dg_expr *e)
{
    for (size_t i = 0; e->kind == DG_MAP && i < e->map.n; i++) {
        const char *key = dg_c_text(e->map.entry[i].key);
        if (key && strcmp(key, "trigger") == 0 && names_workflow(e->map.entry[i].value))
            return true;
    }
    return false;
}

static const struct dg_expr *put_on_name(const struct dg_expr *e)
{
    bool put = e->kind == DG_CALL && dg_is(e->call.name, "put") && e->call.n == 2 && e->call.on &&
               e->call.on->kind == DG_NAME && dg_c_text(e->call.arg[0]);
    return put ? e : NULL;
}

/* ── First walk: what each variable is for ── */

static void note_expr(struct dg_checker *c, struct dg_expr *e, const struct dg_place *at, void *ctx)
{
    (void)c;
    struct writes *w = ctx;
    const struct dg_expr *record = record_of(e);
    if (record && record->kind == DG_NAME)
        w->name[record->name->index] |= BODY;
    const struct dg_expr *put = put_on_name(e);
    if (put && strcmp(dg_c_text(put->call.arg[0]), "trigger") == 0 && names_workflow(put->call.arg[1]))
        w->name[put->call.on->name->index] |= LOUD;
    bool target = at->stmt->kind == DG_S_ASSIGN && at->stmt->assign.target == e && at->stmt->assign.op == DG_T_ASSIGN;
    if (e->kind == DG_NAME && !target && at->stmt->kind != DG_S_INFO)
        w->name[e->name->index] |= READ;
}

static void note_stmt(struct dg_checker *c, const struct dg_stmt *s, const struct dg_place *at, void *ctx)
{
    (void)c, (void)at;
    struct writes *w = ctx;
    if (s->kind == DG_S_ASSIGN && s->assign.target->kind == DG_NAME && loud_map(s->assign.value))
        w->name[s->assign.target->name->index] |= LOUD;
}

/* ── DL050 ── */

static bool speaks_of(const char *field, const char *word)
{
    for (const char *p = field; *p; p++)
        if (strncmp(p, word, strlen(word)) == 0)
            return true;
    return false;
}

/* What is wrong with a date pattern for a CRM field, NULL when nothing is. */
static const char *wrong_pattern(const char *p, const char *field)
{
    bool hours = strstr(p, "HH") || strstr(p, "hh"), year = strstr(p, "yy") != NULL;
    if (!year || (!speaks_of(field, "Date") && !speaks_of(field, "Time")))
        return NULL;
    if (hours && !strchr(p, 'T'))
        return "a date-time of CRM is yyyy-MM-dd'T'HH:mm:ssXXX";
    return !hours && strcmp(p, "yyyy-MM-dd") != 0 ? "a date of CRM is yyyy-MM-dd" : NULL;
}

static void check_date(struct dg_checker *c, const struct writes *w, const char *field, const struct dg_expr *value)
{
    char path[64];
    const char *p = value->kind == DG_MEMBER ? dg_path(value, path, sizeof path) : NULL;
    const char *why = p && strcmp(p, "zoho.currenttime") == 0 ? "a date-time of CRM is yyyy-MM-dd'T'HH:mm:ssXXX" : NULL;
    bool text = value->kind == DG_CALL && dg_is(value->call.name, "tostring") && value->call.on && value->call.n &&
                dg_kind_of(w->k, value->call.on) == DG_K_DATE && dg_c_text(value->call.arg[0]);
    if (text)
        why = wrong_pattern(dg_c_text(value->call.arg[0]), field);
    if (!why)
        return;
    struct dg_diag *g = dg_c_find(c, "DL050", value->span, "%s", why);
    dg_diag_fix(g, why[strlen(why) - 1] == 'X' ? "write zoho.currenttime.toString(\"yyyy-MM-dd'T'HH:mm:ssXXX\")"
                                               : "write .toString(\"yyyy-MM-dd\")");
}

/* ── DL057 ── */

/* id, id.toLong(), toLong(id): the parameter it is, NULL for anything else. */
static const struct dg_name *plain_name(const struct dg_expr *e)
{
    static const char *const same[] = {"tolong", "tonumber", "tostring"};
    e = e->kind == DG_PAREN ? e->inner : e;
    if (e->kind == DG_NAME)
        return e->name;
    for (size_t i = 0; e->kind == DG_CALL && i < sizeof same / sizeof *same; i++)
        if (dg_is(e->call.name, same[i])) {
            const struct dg_expr *of = e->call.on ? e->call.on : e->call.n ? e->call.arg[0] : NULL;
            return of && of->kind == DG_NAME ? of->name : NULL;
        }
    return NULL;
}

static void fires_itself(struct dg_checker *c, const struct writes *w, const struct dg_expr *e)
{
    if (!w->f || !w->f->n || !dg_is(w->f->space, "automation") || e->call.n < 4 ||
        plain_name(e->call.arg[1]) != w->f->param[0].name)
        return;
    const struct dg_expr *options = e->call.arg[3];
    bool loud = loud_map(options) || (options->kind == DG_NAME && (w->name[options->name->index] & LOUD));
    if (!loud)
        return;
    struct dg_diag *g = dg_c_find(c, "DL057", options->span, "this write runs the workflow rules of the record again");
    dg_diag_fix(g, "write {\"trigger\":{}}, or make sure that the rule's condition is no longer met");
}

/* ── DL068 ── */

static bool writing_call(const struct dg_expr *e)
{
    static const char *const verbs[] = {"post", "put", "patch", "delete"};
    const struct dg_field *type =
        e->kind == DG_TASK && e->task.kind == DG_INVOKEURL ? dg_task_field(&e->task, "type") : NULL;
    for (size_t i = 0; type && type->value[0]->kind == DG_WORD && i < sizeof verbs / sizeof *verbs; i++)
        if (dg_is(type->value[0]->name, verbs[i]))
            return true;
    return false;
}

static void unheard(struct dg_checker *c, const struct writes *w, const struct dg_stmt *s)
{
    bool dropped = s->kind == DG_S_EXPR && writing_call(s->expr);
    bool unread = s->kind == DG_S_ASSIGN && s->assign.target->kind == DG_NAME && writing_call(s->assign.value) &&
                  !(w->name[s->assign.target->name->index] & READ);
    if (!dropped && !unread)
        return;
    const struct dg_expr *call = dropped ? s->expr : s->assign.value;
    dg_c_find(c, "DL068", dg_c_word(call->span, "invokeurl"), "nothing looks at whether this call worked");
}

/* ── DL073 ── */

static bool only_info(const struct dg_block *b)
{
    for (size_t i = 0; i < b->n; i++)
        if (b->stmt[i]->kind != DG_S_INFO)
            return false;
    return b->n > 0;
}

/* Everything but plain assignments and info stands inside one try. */
static const struct dg_stmt *whole_try(const struct dg_block *b)
{
    const struct dg_stmt *found = NULL;
    for (size_t i = 0; i < b->n; i++) {
        const struct dg_stmt *s = b->stmt[i];
        bool quiet = s->kind == DG_S_INFO || (s->kind == DG_S_RETURN && !s->expr) ||
                     (s->kind == DG_S_ASSIGN && s->assign.value->kind != DG_TASK && s->assign.value->kind != DG_CALL);
        if (s->kind == DG_S_TRY && !found)
            found = s;
        else if (!quiet)
            return NULL;
    }
    return found;
}

/* ── Second walk ── */

static void check_expr(struct dg_checker *c, struct dg_expr *e, const struct dg_place *at, void *ctx)
{
    (void)at;
    const struct writes *w = ctx;
    const struct dg_expr *put = put_on_name(e);
    if (put && (w->name[put->call.on->name->index] & BODY))
        check_date(c, w, dg_c_text(put->call.arg[0]), put->call.arg[1]);
    const struct dg_expr *map = record_of(e);
    for (size_t i = 0; map && map->kind == DG_MAP && i < map->map.n; i++)
        if (dg_c_text(map->map.entry[i].key))
            check_date(c, w, dg_c_text(map->map.entry[i].key), map->map.entry[i].value);
    if (dg_crm_task_is(dg_crm_task_of(e), "updaterecord"))
        fires_itself(c, w, e);
}

static void check_stmt(struct dg_checker *c, const struct dg_stmt *s, const struct dg_place *at, void *ctx)
{
    (void)at;
    unheard(c, ctx, s);
}

void dg_c_writes(struct dg_checker *c, const struct dg_function *f, const struct dg_kinds *k)
{
    struct writes w = {f, k, mem_zalloc(c->s->n_names + 1)};
    dg_c_walk_in(c, f, note_stmt, note_expr, &w);
    dg_c_walk_in(c, f, check_stmt, check_expr, &w);
    const struct dg_stmt *whole = f && dg_is(f->space, "automation") ? whole_try(&f->body) : NULL;
    if (whole && only_info(&whole->attempt.handler)) {
        dg_c_find(c, "DL073", whole->attempt.catch_span, "a failure of the whole function ends in the log only");
    }
    free(w.name);
}
