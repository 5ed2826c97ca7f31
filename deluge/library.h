/*
 * deluge/library.h — the functions of a set of scripts, as far as a caller must know them: DL029, DL058, DL080, DL084.
 *
 * Names       "standalone.f", lower case; a function of a Creator application under its own namespace ("orders.f" of
 *             thisapp.orders.f). Two scripts that declare one name differently: only that it exists is known.
 * Call order  dg_library_add for each script that parsed → (dg_library_name for what exists elsewhere) → dg_check with it
 * Complete    the caller says so when the set holds every function there is: only then a missing one is reported.
 * Ownership   the library copies what it needs; the scripts may go.
 */
#ifndef DELUGE_LIBRARY_H
#define DELUGE_LIBRARY_H
#include <jansson.h>

#include "base/strset.h"
#include "deluge/ast.h"

struct dg_signature {
    char *name;
    char *type;   /* lower case, "void" when none is written */
    char **param; /* types, lower case, "" for none */
    size_t n;
    char *where;         /* file:line */
    struct strset calls; /* names of the functions it calls */
    bool known;          /* false: only that it exists */
};

struct dg_library {
    struct dg_signature *item;
    size_t n, cap;
    json_t *index; /* name → position */
    bool complete;
};

void dg_library_add(struct dg_library *l, const struct dg_script *s);
void dg_library_name(struct dg_library *l, const char *name);
void dg_library_release(struct dg_library *l);

const struct dg_signature *dg_library_find(const struct dg_library *l, const char *name);
/* Is `to` called by `from`, directly or through others? */
bool dg_library_reaches(const struct dg_library *l, const char *from, const char *to);
const char *dg_library_near(const struct dg_library *l, const char *name); /* NULL when none is near */

enum { DG_FUNCTION_NAME_MAX = 200 };
/* "standalone.f" of standalone.f(…), "orders.f" of thisapp.orders.f(…); NULL when it is no call of an author's function. */
const char *dg_library_called(const struct dg_expr *e, char buf[DG_FUNCTION_NAME_MAX]);
/* The same name of a declaration; NULL when it does not fit. */
const char *dg_library_declared(const struct dg_function *f, char buf[DG_FUNCTION_NAME_MAX]);
#endif
