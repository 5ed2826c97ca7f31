#include "deluge/check.h"

#include "base/mem.h"
#include "base/text.h"
#include "deluge/checker.h"
#include "deluge/rules.h"

static struct dg_diag *add(struct dg_checker *c, const char *rule, enum dg_level level, struct dg_span at,
                           const char *message, va_list ap)
{
    AUTO_FREE char *text = mem_vprintf(message, ap);
    struct dg_diag *g = dg_diag_add(c->d, rule, level, at, "%s", text);
    dg_diag_fix(g, "%s", dg_rule_find(rule)->fix);
    return g;
}

struct dg_diag *dg_c_find(struct dg_checker *c, const char *rule, struct dg_span at, const char *message, ...)
{
    va_list ap;
    va_start(ap, message);
    struct dg_diag *g = add(c, rule, dg_rule_find(rule)->level, at, message, ap);
    va_end(ap);
    return g;
}

struct dg_diag *dg_c_find_at(struct dg_checker *c, const char *rule, enum dg_level level, struct dg_span at,
                             const char *message, ...)
{
    va_list ap;
    va_start(ap, message);
    struct dg_diag *g = add(c, rule, level, at, message, ap);
    va_end(ap);
    return g;
}

/* ── Suppression: // zagent:ignore DL036 because … ── */

struct ignore {
    const struct dg_rule *rule;
    uint32_t line; /* of the code it is about */
    struct dg_span at;
    bool used;
};
struct ignores {
    struct ignore *item;
    size_t n, cap;
};

static bool reason_given(const char *p)
{
    while (*p == ' ')
        p++;
    if (strncmp(p, "because ", 8) != 0)
        return false;
    for (p += 8; *p == ' ';)
        p++;
    return *p != '\0';
}

/* `line` is the line of code the comment is about: its own, or the next one with code when it stands alone. */
static void read_ignore(struct dg_checker *c, struct ignores *list, const struct dg_token *t, uint32_t line)
{
    AUTO_FREE char *text = mem_dupn(c->s->text + t->span.off, t->span.end - t->span.off);
    const char *p = strstr(text, "zagent:ignore");
    if (!p)
        return;
    p += strlen("zagent:ignore");
    while (*p == ' ')
        p++;
    char id[6] = {0};
    for (size_t k = 0; k < 5 && p[k]; k++)
        id[k] = p[k];
    const struct dg_rule *rule = dg_rule_find(id);
    if (!rule || strcmp(rule->id, "DL008") <= 0) {
        dg_c_find(c, "DL097", t->span, "zagent:ignore names no rule that can be suppressed");
        return;
    }
    if (!reason_given(p + 5)) {
        struct dg_diag *g = dg_c_find(c, "DL097", t->span, "zagent:ignore %s gives no reason", rule->id);
        dg_diag_fix(g, "write // zagent:ignore %s because …", rule->id);
        return;
    }
    struct ignore one = {rule, line, t->span, false};
    VEC_PUSH(list->item, list->n, list->cap, one);
}

static int by_line(const void *a, const void *b)
{
    const struct ignore *x = a, *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

static bool ignored(struct ignores *list, const struct dg_diag *g)
{
    struct ignore key = {.line = g->span.line};
    struct ignore *at = list->n ? bsearch(&key, list->item, list->n, sizeof key, by_line) : NULL;
    bool hit = false;
    while (at && at > list->item && at[-1].line == key.line)
        at--;
    for (; at && at < list->item + list->n && at->line == key.line; at++)
        if (strcmp(at->rule->id, g->rule) == 0)
            hit = at->used = true;
    return hit;
}

static void forget(struct dg_diags *d, struct dg_diag *g)
{
    size_t *count = g->level == DG_ERROR ? &d->errors : g->level == DG_WARNING ? &d->warnings : &d->notes;
    --*count;
    free(g->message);
    free(g->fix);
}

static void suppress(struct dg_checker *c)
{
    struct ignores list = {0};
    uint32_t code_line = 0;
    for (size_t i = c->s->n_tokens; i-- > 0;) {
        const struct dg_token *t = &c->s->token[i];
        if (t->kind == DG_T_COMMENT)
            read_ignore(c, &list, t, t->line_start ? code_line : t->span.line);
        else
            code_line = t->span.line;
    }
    if (list.n)
        qsort(list.item, list.n, sizeof *list.item, by_line);
    size_t kept = 0;
    for (size_t i = 0; i < c->d->n; i++)
        if (ignored(&list, &c->d->item[i]))
            forget(c->d, &c->d->item[i]);
        else
            c->d->item[kept++] = c->d->item[i];
    c->d->n = kept;
    for (size_t i = 0; i < list.n; i++)
        if (!list.item[i].used)
            dg_c_find(c, "DL098", list.item[i].at, "%s finds nothing here", list.item[i].rule->id);
    free(list.item);
}

/* The walks are repeated for each function and carry a byte a name through each branch: fine for any script a person
 * wrote, so that only a made-up one is left unchecked. */
static bool too_big(const struct dg_script *s)
{
    uint64_t nodes = (uint64_t)s->n_stmts + s->n_exprs;
    return (s->n_functions + 1) * nodes + (uint64_t)s->n_names * s->n_stmts > 500000000u;
}

/* The rules that ask what a variable holds: function by function. */
static void check_kinds(struct dg_checker *c, const struct dg_function *f)
{
    struct dg_kinds k;
    dg_kinds_init(&k, c->s, f);
    dg_c_types(c, f, &k);
    dg_c_loops(c, f, &k);
    dg_c_writes(c, f, &k);
    dg_c_set(c, f, &k);
    dg_c_coql(c, f);
    dg_c_related(c, f);
    dg_kinds_release(&k);
}

void dg_check(const struct dg_script *s, const struct dg_check_options *o, struct dg_diags *d)
{
    struct dg_library own = {0};
    struct dg_checker c = {.s = s, .meta = o ? o->meta : NULL, .library = o ? o->library : NULL, .d = d};
    if (too_big(s)) {
        dg_c_find_at(&c, "DL099", DG_WARNING, (struct dg_span){0, 0, 1, 1, 1, 1}, "too big to be checked");
        return;
    }
    if (!c.library) {
        dg_library_add(&own, s);
        c.library = &own;
    }
    c.variable = mem_zalloc(s->n_names + 1);
    dg_c_find_variables(&c);
    dg_c_shape(&c);
    dg_c_calls(&c);
    dg_c_tasks(&c);
    dg_c_texts(&c);
    dg_c_vars(&c);
    dg_c_flow(&c);
    for (size_t i = 0; i < s->n_functions; i++)
        check_kinds(&c, s->function[i]);
    check_kinds(&c, NULL);
    if (c.meta)
        dg_c_meta(&c);
    suppress(&c);
    free(c.variable);
    dg_library_release(&own);
    dg_diags_sort(d);
}
