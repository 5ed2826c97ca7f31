/*
 * deluge/lex_name.h — interning: equal names of one script become one struct dg_name.
 *
 * Shape       open addressing over the list of names, which keeps the order of first use (dg_name.index).
 * Ownership   the names live in the script's arena; the list is handed over by dg_name_table_take (free).
 */
#ifndef DELUGE_LEX_NAME_H
#define DELUGE_LEX_NAME_H
#include "deluge/ast.h"

struct dg_name_table {
    const struct dg_name **name;
    size_t n, cap;
    uint32_t *slot; /* index + 1, 0 = free */
    size_t n_slots; /* a power of two */
};

const struct dg_name *dg_name_get(struct dg_name_table *t, struct dg_arena *a, const char *s, size_t n);
const struct dg_name **dg_name_table_take(struct dg_name_table *t);
#endif
