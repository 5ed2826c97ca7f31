/*
 * plan/order.h — the order of steps: what a step needs comes first; among equals by rank, then by address.
 *
 * The order depends on the set of nodes alone, not on the sequence they are given in.
 * Errors      ERR_CONFIG on a cycle, named as a path "a → b → a", where a needs b.
 */
#ifndef PLAN_ORDER_H
#define PLAN_ORDER_H
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct order_node {
    const char *address;
    int rank;
    const size_t *needs; /* indices of nodes that come before */
    size_t needs_n;
};
/* out has room for n indices. */
int order_sort(const struct order_node *node, size_t n, size_t *out, struct err *e);
#endif
