/* Number of arguments of built-ins, from the interpreter's own table. */
#include "deluge/builtin.h"
#include "deluge/names.h"

struct arity {
    const char *lower;
    unsigned min, max;
};

static void widen(const struct dg_builtin *row, void *ctx)
{
    struct arity *a = ctx;
    if (row->name[0] != a->lower[0] || strcmp(row->name, a->lower) != 0)
        return;
    a->min = row->min < a->min ? row->min : a->min;
    a->max = row->max > a->max ? row->max : a->max;
}

bool dg_builtin_arity(const char *lower, unsigned *min, unsigned *max)
{
    struct arity a = {lower, UINT8_MAX, 0};
    dg_builtin_each(widen, &a);
    *min = a.min;
    *max = a.max;
    return a.min <= a.max;
}
