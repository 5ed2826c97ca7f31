/*
 * tests/agent/shape.h — what test_shape.c takes for explained.
 *
 * A row is a glob (fnmatch) over "METHOD PATH" as sent, for what no OpenAPI file describes, or over
 * "METHOD PATH PART FINDING" as tests/oas.h words it (PART = query, request or the status); the first row that fits speaks.
 */
#ifndef TESTS_AGENT_SHAPE_H
#define TESTS_AGENT_SHAPE_H
#include <stddef.h>

struct shape_row {
    const char *what, *why;
};

extern const struct shape_row shape_sources[], shape_deviations[];
extern const size_t shape_sources_n, shape_deviations_n;
#endif
