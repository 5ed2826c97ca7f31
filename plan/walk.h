/* plan/walk.h — jansson's object iteration takes a non-const object, though it changes nothing: walk(j) lends it one.
 */
#ifndef PLAN_WALK_H
#define PLAN_WALK_H
#include <jansson.h>
#include <stdint.h>

static inline json_t *walk(const json_t *j)
{
    return (json_t *)(uintptr_t)j;
}
#endif
