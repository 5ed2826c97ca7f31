/*
 * plan/check.h — findings about one resource: {"level":"error|warning","path","text"}. An error blocks the step.
 *
 * check_limits (plan/kinds.h) walks the tables of plan/check.c, then check_kind what needs code (plan/check_kind.c).
 */
#ifndef PLAN_CHECK_H
#define PLAN_CHECK_H
#include "plan/kind.h"

void finding(json_t *findings, const char *level, const char *path, const char *text, ...)
    __attribute__((format(printf, 4, 5)));
/* Characters, not bytes. */
size_t characters(const char *utf8);
void check_kind(const struct kind_view *v, const struct resource *r, json_t *findings);
#endif
