/* deluge/builtin.c — finds the row for a name and a receiver. */
#include "deluge/builtin.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

#include "deluge/names.h"

static const struct dg_builtin *const families[] = {dg_common_rows, dg_text_rows,     dg_text_edit_rows, dg_number_rows,
                                                    dg_list_rows,   dg_business_rows, dg_xml_rows,       dg_map_rows,
                                                    dg_time_rows,   dg_service_rows};
enum { N_FAMILIES = sizeof families / sizeof *families };

static unsigned kind_of(struct dv v)
{
    switch (v.kind) {
    case DV_NULL:
        return ON_NULL;
    case DV_BOOL:
        return ON_BOOL;
    case DV_INT:
    case DV_DECIMAL:
        return ON_NUMBER;
    case DV_TEXT:
        return ON_TEXT;
    case DV_DATE:
    case DV_DATETIME:
    case DV_TIME:
        return ON_TIME;
    case DV_FILE:
        return ON_FILE;
    case DV_BOX:
        break;
    }
    if (v.box->collection)
        return ON_COLLECTION;
    return v.box->shape == DV_LIST ? ON_LIST : v.box->shape == DV_MAP ? ON_MAP : ON_LIST | ON_MAP;
}

/* All rows in the order of their names, made once for the process; rows of one name keep the order of the families. */
enum { MAX_ROWS = 400 };
static struct dg_row sorted[MAX_ROWS];
static size_t n_sorted;
static pthread_once_t sorting = PTHREAD_ONCE_INIT;
const struct dg_row dg_no_rows;

static void sort_rows(void)
{
    for (size_t i = 0; i < N_FAMILIES; i++)
        for (const struct dg_builtin *b = families[i]; b->name; b++) {
            size_t at = n_sorted++;
            assert(at < MAX_ROWS);
            for (; at > 0 && strcmp(sorted[at - 1].row->name, b->name) > 0; at--)
                sorted[at] = sorted[at - 1];
            sorted[at].row = b;
        }
    for (size_t i = 0; i < n_sorted; i++)
        sorted[i].last = i + 1 == n_sorted || strcmp(sorted[i].row->name, sorted[i + 1].row->name) != 0;
}

const struct dg_row *dg_builtin_rows(const char *lower)
{
    pthread_once(&sorting, sort_rows);
    size_t low = 0, high = n_sorted;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (strcmp(sorted[mid].row->name, lower) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low < n_sorted && !strcmp(sorted[low].row->name, lower) ? &sorted[low] : NULL;
}

static const struct dg_builtin *pick(const struct dg_row *rows, unsigned on)
{
    for (; rows; rows = rows->last ? NULL : rows + 1)
        if (rows->row->on & on)
            return rows->row;
    return NULL;
}

void dg_builtin_each(void (*visit)(const struct dg_builtin *row, void *ctx), void *ctx)
{
    for (size_t i = 0; i < N_FAMILIES; i++)
        for (const struct dg_builtin *b = families[i]; b->name; b++)
            visit(b, ctx);
}

bool dg_out_of_bounds(struct dg_frame *f)
{
    return dg_fail(f, "Given string is lesser than the applied boundary, so index out of bounds exception arisen");
}

bool dg_builtin_call(struct dg_frame *f, const struct dg_name *name, struct dv *arg, size_t n, struct dv *out)
{
    return dg_builtin_apply(f, name, dg_builtin_rows(name->lower), arg, n, out);
}

bool dg_builtin_apply(struct dg_frame *f, const struct dg_name *name, const struct dg_row *rows, struct dv *arg,
                      size_t n, struct dv *out)
{
    if (!rows)
        return dg_builtin(name->lower) ? dg_fail(f, "'%s' is not part of this interpreter", name->s)
                                       : dg_fail(f, "Not able to find '%s' function", name->s);
    /* What a catch holds acts as its message in every text function. */
    if (n && arg[0].kind == DV_BOX && arg[0].box->fault && !dg_is(name, "get") && !dg_is(name, "tostring"))
        arg[0] = dg_text(f, arg[0]);
    unsigned on = n ? kind_of(arg[0]) : ON_NOTHING;
    const struct dg_builtin *b = pick(rows, on);
    if (!b && on == ON_TEXT) { /* dates may be given as text outside Creator */
        b = pick(rows, ON_TIME);
        if (b && !dg_to_time(f, arg[0], &arg[0]))
            return false;
    }
    if (!b && on == ON_NUMBER) { /* a number has a text form (unproven) */
        b = pick(rows, ON_TEXT);
        arg[0] = b ? dg_text(f, arg[0]) : arg[0];
    }
    if (!b && on == ON_NULL)
        return dg_fail(f, "Value is empty and '%s' function cannot be applied", name->s);
    if (!b && n)
        return dg_fail(f, "'%s' has no function '%s'", dv_type(arg[0]), name->s);
    if (!b || n < b->min || (b->max != 255 && n > b->max))
        return dg_fail(f, "Number of Arguments mismatches for the function %s", name->s);
    struct dg_call c = {.name = b->name, .arg = arg, .n = n};
    return b->fn(f, &c, out);
}
