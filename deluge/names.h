/*
 * deluge/names.h — the names of the built-in functions, for the checker (DL026) and for suggestions.
 *
 * Source      the documented ones are the rows of deluge/docs.h; Creator's getAll, append and the service functions were added
 *             where accepted public scripts use them. Letter case is free.
 */
#ifndef DELUGE_NAMES_H
#define DELUGE_NAMES_H
#include <stdbool.h>

bool dg_builtin(const char *lower);
/* How many values the functions of that name take, the receiver included: the widest range, as lists and texts may share a
 * name. False when the interpreter has none of that name. */
bool dg_builtin_arity(const char *lower, unsigned *min, unsigned *max);
/* What Deluge has instead of a name of another language, NULL when nothing is known. */
const char *dg_builtin_instead(const char *lower);
/* The nearest built-in as it is usually written, NULL when none is near. */
const char *dg_builtin_near(const char *name);
#endif
