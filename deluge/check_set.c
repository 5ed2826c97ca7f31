/* Calls from script to script: DL029, DL058, DL080, DL084. */
#include "base/text.h"
#include "deluge/checker.h"

struct set {
    const struct dg_kinds *k;
    const char *own; /* name of the function that is looked at, NULL in a bare body */
};

/* Does a value of that kind certainly not fit a parameter of that type? */
static bool misfit(enum dg_kind kind, const struct dg_expr *e, const char *type)
{
    bool list = kind == DG_K_LIST || kind == DG_K_RECORDS, map = kind == DG_K_MAP || kind == DG_K_RECORD;
    bool number = strcmp(type, "int") == 0 || strcmp(type, "long") == 0 || strcmp(type, "float") == 0 ||
                  strcmp(type, "decimal") == 0;
    if (strcmp(type, "list") == 0)
        return map || dg_kind_is_number(kind) || kind == DG_K_TEXT;
    if (strcmp(type, "map") == 0)
        return list || dg_kind_is_number(kind) || kind == DG_K_TEXT;
    const char *text = dg_c_text(e);
    return number && (list || map || (text && (!*text || text[strspn(text, "0123456789.-")])));
}

static void check_arguments(struct dg_checker *c, const struct set *set, const struct dg_expr *e,
                            const struct dg_signature *s)
{
    if (e->call.n != s->n) {
        struct dg_diag *g = dg_c_find(c, "DL084", e->call.name_span, "'%s' takes %zu argument%s, not %zu",
                                      e->call.name->s, s->n, s->n == 1 ? "" : "s", e->call.n);
        dg_diag_fix(g, "see %s", s->where);
        return;
    }
    for (size_t i = 0; i < s->n; i++) {
        const struct dg_expr *arg = dg_unparen(e->call.arg[i]);
        if (!misfit(dg_kind_of(set->k, arg), arg, s->param[i]))
            continue;
        struct dg_diag *g = dg_c_find_at(c, "DL084", DG_WARNING, arg->span, "argument %zu of '%s' is declared %s",
                                         i + 1, e->call.name->s, s->param[i]);
        dg_diag_fix(g, "see %s", s->where);
    }
}

static void missing(struct dg_checker *c, const struct dg_expr *e, const char *name)
{
    const char *near = dg_library_near(c->library, name);
    uint32_t n = e->call.name_span.end - e->span.off;
    bool plain = n < DG_FUNCTION_NAME_MAX && !memchr(c->s->text + e->span.off, '\n', n);
    const char *written = plain ? c->s->text + e->span.off : name;
    struct dg_diag *g = dg_c_find(c, "DL080", e->call.name_span, "no script here declares '%.*s'",
                                  plain ? (int)n : (int)strlen(name), written);
    if (near)
        dg_diag_fix(g, "did you mean %s?", near);
    else
        dg_diag_fix(g, "check that file too, or take the call out");
}

static void check_expr(struct dg_checker *c, struct dg_expr *e, const struct dg_place *at, void *ctx)
{
    const struct set *set = ctx;
    char buf[DG_FUNCTION_NAME_MAX];
    const char *name = dg_library_called(e, buf);
    if (!name || c->variable[dg_root_name(e)->index])
        return;
    const struct dg_signature *s = dg_library_find(c->library, name);
    if (!s) {
        if (c->library->complete)
            missing(c, e, name);
        return;
    }
    bool alone = at->stmt->kind == DG_S_EXPR && at->stmt->expr == e;
    if (s->known && strcmp(s->type, "void") == 0 && !alone) {
        struct dg_diag *g = dg_c_find(c, "DL029", e->call.name_span, "'%s' is void: it has no value", e->call.name->s);
        dg_diag_fix(g, "call it in a statement of its own, or let it return one (%s)", s->where);
    }
    if (s->known)
        check_arguments(c, set, e, s);
    bool self = set->own && strcmp(set->own, name) == 0;
    if (self || (set->own && dg_library_reaches(c->library, name, set->own))) {
        dg_c_find(c, "DL058", e->call.name_span, self ? "'%s' calls itself" : "'%s' calls this function again",
                  e->call.name->s);
    }
}

void dg_c_set(struct dg_checker *c, const struct dg_function *f, const struct dg_kinds *k)
{
    char buf[DG_FUNCTION_NAME_MAX];
    struct set set = {k, f ? dg_library_declared(f, buf) : NULL};
    dg_c_walk_in(c, f, NULL, check_expr, &set);
}
