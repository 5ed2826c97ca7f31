/* plan/select.c — --target and --exclude: addresses, globs over addresses, or kinds. What a target needs comes along. */
#include <fnmatch.h>

#include "base/mem.h"
#include "plan/work.h"

static bool matches(const struct resource *r, const char *pattern)
{
    if (!strcmp(pattern, r->kind->name) || !fnmatch(pattern, r->address, 0))
        return true;
    if (r->kind->spec != &spec_blueprint_publish) /* whoever names a Blueprint means its publishing as well */
        return false;
    AUTO_FREE char *drawn = address_make("blueprint", r->module, r->name);
    return !fnmatch(pattern, drawn, 0);
}

static bool any(const struct strset *patterns, const struct resource *r)
{
    for (size_t i = 0; patterns && i < patterns->n; i++)
        if (matches(r, patterns->item[i]))
            return true;
    return false;
}

/* A pattern that matches nothing is a typing error, not an empty wish. */
static int used(const struct work *w, const struct strset *patterns, const char *option, struct err *e)
{
    for (size_t p = 0; patterns && p < patterns->n; p++) {
        bool hit = false;
        for (size_t i = 0; i < w->n && !hit; i++)
            hit = matches(w->item[i].r, patterns->item[p]);
        if (!hit) {
            err_set(e, ERR_USAGE, "%s '%s' matches nothing in this plan", option, patterns->item[p]);
            return err_fix(
                e, "give an address, a pattern like 'field/Quotes.*', or a kind; 'zagent plan' lists the addresses");
        }
    }
    return 0;
}

static void take(struct work *w, size_t at)
{
    struct item *it = &w->item[at];
    if (it->selected || any(w->in->exclude, it->r))
        return;
    it->selected = true;
    for (size_t i = 0; i < it->needs_n; i++)
        take(w, it->needs[i]);
}

int work_select(struct work *w, struct err *e)
{
    const struct strset *target = w->in->target;
    if (used(w, target, "--target", e) < 0 || used(w, w->in->exclude, "--exclude", e) < 0)
        return -1;
    for (size_t i = 0; i < w->n; i++)
        if (!target || any(target, w->item[i].r))
            take(w, i);
    return 0;
}
