/* deluge/eval_call.c — what a call means: a built-in, a zoho task, a function of the scripts, a constructor. */
#include <string.h>

#include "deluge/builtin.h"

bool dg_system_variable(struct dg_frame *f, const char *path, struct dv *out, bool *known)
{
    const struct deluge_host *h = f->run->host;
    const struct {
        const char *path, *text, *key;
    } texts[] = {
        {"zoho.loginuser", h->user_name, "user_name"}, {"zoho.loginuserid", h->user, "user"},
        {"zoho.adminuser", h->admin, "admin"},         {"zoho.adminuserid", h->admin, "admin"},
        {"zoho.ipaddress", "127.0.0.1", ""},
    };
    *known = true;
    struct dv now = dv_time(DV_DATETIME, h->now);
    if (!strcmp(path, "zoho.currenttime")) {
        *out = now;
        return true;
    }
    if (!strcmp(path, "zoho.currentdate")) {
        struct civil c = zone_civil(&f->run->zone, now);
        *out = dv_time(DV_DATE, civil_days(c.year, c.month, c.day));
        return true;
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!strcmp(path, texts[i].path)) {
            if (!texts[i].text)
                return dg_fail(f,
                               "%s is not known in this run: write it under %s: of the test or of the --records file",
                               path, texts[i].key);
            *out = dv_text(&f->run->arena, texts[i].text);
            return true;
        }
    *known = false;
    if (!strcmp(path, "zoho.appname") || !strcmp(path, "zoho.appuri") || !strncmp(path, "zoho.appvariable.", 17) ||
        !strncmp(path, "thisapp.variables.", 18))
        return dg_fail(f, "%s is Creator's: it is not part of this interpreter", path);
    return true;
}

/* key:value arguments of Collection(…) and insert(…) become one map; plain ones stay. */
static bool arguments(struct dg_frame *f, const struct dg_expr *e, struct dv *arg, size_t *n)
{
    struct dv pairs = dv_null(), k, v;
    for (size_t i = 0; i < e->call.n; i++) {
        const struct dg_expr *x = e->call.arg[i];
        if (x->kind != DG_ENTRY) {
            if (!dg_eval(f, x, &arg[(*n)++]))
                return false;
            continue;
        }
        if (pairs.kind == DV_NULL) {
            pairs = dv_box_new(&f->run->arena, DV_MAP);
            arg[(*n)++] = pairs;
        }
        if (!dg_eval(f, x->entry.key, &k) || !dg_eval(f, x->entry.value, &v))
            return false;
        dv_put(&f->run->arena, pairs, dg_text(f, k), v);
    }
    return true;
}

static const struct dg_function *find(const struct dg_script *s, const char *name)
{
    for (size_t i = 0; i < s->n_functions; i++)
        if (!strcmp(s->function[i]->name->lower, name))
            return s->function[i];
    return NULL;
}

/* standalone.f(x), automation.f(x), thisapp.ns.f(x): the script itself first, then the library. */
static bool target_of(struct dg_frame *f, const char *path, struct dg_target *t)
{
    const char *name = strrchr(path, '.') + 1;
    const struct dg_script *s = f->script;
    const struct dg_function *fn = find(s, name);
    for (size_t i = 0; !fn && i < f->run->n_library; i++) {
        s = f->run->library[i];
        fn = find(s, name);
    }
    if (!fn)
        return dg_fail(f, "Not able to find '%s' function", path);
    *t = (struct dg_target){dg_unit_of(f->run, s), fn};
    return true;
}

static bool is_space(const char *path)
{
    static const char *const spaces[] = {"standalone.",   "automation.",      "button.",  "schedule.", "thisapp.",
                                         "related_list.", "validation_rule.", "signals.", "circuits."};
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
        if (!strncmp(path, spaces[i], strlen(spaces[i])))
            return true;
    return false;
}

ASIDE static bool user_function(struct dg_frame *f, const struct dg_expr *e, struct dv *out)
{
    const struct dg_target *t = &f->unit->target[e->id];
    struct dv few[8];
    struct dv *arg = e->call.n <= 8 ? few : dg_arena_alloc(&f->run->arena, e->call.n * sizeof *arg);
    size_t n = 0;
    if (!arguments(f, e, arg, &n))
        return false;
    f->at = &e->call.name_span;
    return dg_invoke(f, t->unit, t->function, arg, n, out);
}

/* zoho.… and functions by name; *known false when the call is a method of a value. */
ASIDE static bool by_path(struct dg_frame *f, const struct dg_expr *e, struct dv *out, bool *known)
{
    char path[120];
    const struct dg_name *root = dg_root_name(e->call.on);
    *known = false;
    if (!root || f->set[root->index])
        return true;
    if (f->unit->target && f->unit->target[e->id].function) {
        *known = true;
        return user_function(f, e, out);
    }
    if (!dg_path(e, path, sizeof path))
        return true;
    bool space = is_space(path), service = !strncmp(path, "zoho.", 5);
    if (!space && !service)
        return true;
    bool variable = false;
    struct dv ignored = {0};
    char of[120];
    /* zoho.currentdate.addDay(1) is a method of a variable. */
    if (service && dg_path(e->call.on, of, sizeof of) && !dg_system_variable(f, of, &ignored, &variable))
        return false;
    if (variable)
        return true;
    *known = true;
    if (space) {
        f->at = &e->call.name_span;
        if (!f->unit->target)
            f->unit->target = dg_arena_alloc(&f->run->arena, (f->script->n_exprs + 1) * sizeof *f->unit->target);
        return target_of(f, path, &f->unit->target[e->id]) && user_function(f, e, out);
    }
    struct dv *arg = dg_arena_alloc(&f->run->arena, (e->call.n + 1) * sizeof *arg);
    size_t n = 0;
    if (!arguments(f, e, arg, &n))
        return false;
    f->at = &e->call.name_span;
    bool task = false;
    if (!strncmp(path, "zoho.encryption.", 16)) {
        if (!dg_encryption(f, path + 16, arg, n, out, &task))
            return false;
    } else if (!dg_task_call(f, path, arg, n, out, &task)) {
        return false;
    }
    return task ? true : dg_fail(f, "'%s' is not a task of this interpreter", path);
}

ASIDE static bool constructor(struct dg_frame *f, const struct dg_name *name, const struct dv *arg, size_t n,
                              struct dv *out, bool *known)
{
    static const struct {
        const char *name;
        enum dv_shape shape;
        bool collection;
    } rows[] = {{"map", DV_MAP, false}, {"list", DV_LIST, false}, {"collection", DV_EITHER, true}};
    *known = false;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!dg_is(name, rows[i].name))
            continue;
        *known = true;
        *out = dv_box_new(&f->run->arena, rows[i].shape);
        out->box->collection = rows[i].collection;
        if (!rows[i].collection && n)
            return dg_fail(f, "Number of Arguments mismatches: %s() takes none", name->s);
        for (size_t k = 0; k < n; k++)
            if (dv_is_map(arg[k]) && out->box->shape != DV_LIST && arg[k].box->shape == DV_MAP)
                for (size_t j = 0; j < arg[k].box->n; j++)
                    dv_put(&f->run->arena, *out, arg[k].box->key[j], arg[k].box->item[j]);
            else
                dv_add(&f->run->arena, *out, arg[k]);
    }
    return true;
}

bool dg_eval_call(struct dg_frame *f, const struct dg_expr *e, struct dv *out)
{
    bool known = false;
    const struct dg_expr *on = e->call.on;
    if (f->run->arena.used > f->run->limit.memory)
        return dg_fail_memory(f);
    if (on && (on->kind == DG_NAME || on->kind == DG_MEMBER) && !by_path(f, e, out, &known))
        return false;
    if (known)
        return true;
    struct dv few[6];
    struct dv *arg = e->call.n < 6 ? few : dg_arena_alloc(&f->run->arena, (e->call.n + 1) * sizeof *arg);
    size_t n = 0;
    if (on) {
        if (!dg_eval(f, on, &arg[0]))
            return false;
        n = 1;
    }
    if (!arguments(f, e, arg, &n))
        return false;
    f->at = &e->call.name_span;
    if (!on) {
        if (!constructor(f, e->call.name, arg, n, out, &known))
            return false;
        if (known)
            return true;
    }
    const struct dg_row **row = &f->unit->row[e->call.name->index];
    if (*row == &dg_no_rows)
        *row = dg_builtin_rows(e->call.name->lower);
    return dg_builtin_apply(f, e->call.name, *row, arg, n, out);
}
