#include "deluge/check.h"

#include "base/mem.h"
#include "base/text.h"
#include "deluge/checker.h"
#include "deluge/rules.h"

static struct dg_diag *add(struct dg_checker *c, const char *rule, enum dg_level level, struct dg_span at,
                           const char *message, va_list ap)
{
    AUTO_FREE char *text = mem_vprintf(message, ap);
    return dg_diag_add(c->d, rule, level, at, "%s", text);
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

/* The line of code a comment is about: its own, or the next one with code when it stands alone. */
static uint32_t line_meant(const struct dg_script *s, size_t i)
{
    if (!s->token[i].line_start)
        return s->token[i].span.line;
    while (i + 1 < s->n_tokens && s->token[i].kind == DG_T_COMMENT)
        i++;
    return s->token[i].span.line;
}

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

static void read_ignore(struct dg_checker *c, struct ignores *list, size_t i)
{
    const struct dg_token *t = &c->s->token[i];
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
    struct ignore one = {rule, line_meant(c->s, i), t->span, false};
    VEC_PUSH(list->item, list->n, list->cap, one);
}

static bool ignored(struct ignores *list, const struct dg_diag *g)
{
    bool hit = false;
    for (size_t i = 0; i < list->n; i++)
        if (list->item[i].line == g->span.line && strcmp(list->item[i].rule->id, g->rule) == 0)
            hit = list->item[i].used = true;
    return hit;
}

static void drop(struct dg_diags *d, size_t i)
{
    size_t *count = d->item[i].level == DG_ERROR     ? &d->errors
                    : d->item[i].level == DG_WARNING ? &d->warnings
                                                     : &d->notes;
    --*count;
    free(d->item[i].message);
    free(d->item[i].fix);
    memmove(&d->item[i], &d->item[i + 1], (d->n - i - 1) * sizeof *d->item);
    d->n--;
}

static void suppress(struct dg_checker *c)
{
    struct ignores list = {0};
    for (size_t i = 0; i < c->s->n_tokens; i++)
        if (c->s->token[i].kind == DG_T_COMMENT)
            read_ignore(c, &list, i);
    for (size_t i = c->d->n; list.n && i-- > 0;)
        if (ignored(&list, &c->d->item[i]))
            drop(c->d, i);
    for (size_t i = 0; i < list.n; i++)
        if (!list.item[i].used)
            dg_c_find(c, "DL098", list.item[i].at, "%s finds nothing here", list.item[i].rule->id);
    free(list.item);
}

void dg_check(const struct dg_script *s, const struct dg_check_options *o, struct dg_diags *d)
{
    struct dg_checker c = {.s = s, .meta = o ? o->meta : NULL, .d = d};
    c.variable = mem_zalloc(s->n_names + 1);
    dg_c_find_variables(&c);
    dg_c_shape(&c);
    dg_c_calls(&c);
    dg_c_tasks(&c);
    dg_c_texts(&c);
    dg_c_vars(&c);
    dg_c_flow(&c);
    if (c.meta)
        dg_c_meta(&c);
    suppress(&c);
    free(c.variable);
    dg_diags_sort(d);
}
