/*
 * deluge/check.h — the rules of deluge/rules.h over one parsed script.
 *
 * Call order  dg_parse → (true) dg_check → dg_diags_sort is done inside. A script with syntax errors is not checked.
 * Shape       findings are appended to the diagnostics of the parser; suppressed ones are left out.
 * Flow        the null rules (DL036 to DL040, DL046, DL048, DL049) follow tests, early returns, ifnull, containKey and loops; a
 *             finding inside a try with a catch that does something is a note, not a warning.
 * Metadata    options.meta NULL: DL062 and DL063 are silent.
 * Library     calls of one script to another: DL029, DL058, DL080, DL084 (deluge/library.h).
 */
#ifndef DELUGE_CHECK_H
#define DELUGE_CHECK_H
#include <jansson.h>

#include "deluge/diag.h"
#include "deluge/meta.h"

struct dg_library;
struct dg_check_options {
    const struct dg_meta *meta;
    const struct dg_library *library; /* NULL: the functions of the script itself */
};

void dg_check(const struct dg_script *s, const struct dg_check_options *o, struct dg_diags *d);

/* Each module that a task of the script names, maybe more than once; `lists`: a related list of it is read. What an org's
 * metadata should hold before dg_check is asked. */
typedef void (*dg_module_seen)(const char *module, bool lists, void *ctx);
void dg_modules(const struct dg_script *s, dg_module_seen seen, void *ctx);

/* What the script does with the org's names, as far as it says which module a record is of. */
struct dg_use {
    const char *module;   /* NULL for a function */
    const char *field;    /* NULL when only the module is named */
    const char *function; /* the function that is called, as dg_library_called names it */
    const char *value;    /* what a literal writes into the field, else NULL */
    bool writes;
    struct dg_span at;
};
typedef void (*dg_use_seen)(const struct dg_use *u, void *ctx);
/* In the order of the text. meta says which modules there are. */
void dg_uses(const struct dg_script *s, const struct dg_meta *meta, dg_use_seen seen, void *ctx);

/* [{"file","line","column","end_line","end_column","rule","level","message","fix"}], a new reference. */
json_t *dg_diags_json(const struct dg_script *s, const struct dg_diags *d);
/* SARIF 2.1.0: dg_sarif_new once, dg_sarif_add for each script with its path below the repository. The log is a new reference. */
json_t *dg_sarif_new(const char *version);
void dg_sarif_add(json_t *log, const struct dg_script *s, const char *path, const struct dg_diags *d);
#endif
