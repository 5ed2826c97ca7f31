/*
 * deluge/builtin.h — the built-in functions: one table a family, one row a function.
 *
 * Receiver    x.f(a) and f(x,a) are the same call: arg[0] is x. `on` says which kinds x may have; rows of the same name for
 *             different kinds are different functions (contains of a text, of a list).
 * Names       without regard to case.
 * Source      zoho.com/deluge/help/functions/{text,number,list,map,date-time,collection,common} and the measured uses in public
 *             scripts.
 */
#ifndef DELUGE_BUILTIN_H
#define DELUGE_BUILTIN_H
#include "deluge/evaluator.h"

enum {
    ON_TEXT = 1,
    ON_NUMBER = 2,
    ON_LIST = 4,
    ON_MAP = 8,
    ON_COLLECTION = 16,
    ON_TIME = 32,
    ON_NULL = 64,
    ON_BOOL = 128,
    ON_FILE = 256,
    ON_NOTHING = 512, /* f() without receiver */
    ON_BOX = ON_LIST | ON_MAP | ON_COLLECTION,
    ON_ANY = ON_TEXT | ON_NUMBER | ON_BOX | ON_TIME | ON_BOOL | ON_FILE
};

struct dg_call {
    const char *name; /* lower case: the row's */
    struct dv *arg;   /* the receiver first */
    size_t n;
};
struct dg_builtin {
    const char *name; /* lower case */
    unsigned on;
    uint8_t min, max; /* arguments, the receiver included; max 255 = any number */
    bool (*fn)(struct dg_frame *f, struct dg_call *c, struct dv *out);
};

extern const struct dg_builtin dg_text_rows[], dg_text_edit_rows[], dg_number_rows[], dg_list_rows[], dg_map_rows[],
    dg_time_rows[], dg_business_rows[], dg_xml_rows[], dg_common_rows[], dg_service_rows[];
/* The rows of a name (lower case); NULL when there is no built-in of that name. */
const struct dg_row *dg_builtin_rows(const char *lower);
bool dg_builtin_apply(struct dg_frame *f, const struct dg_name *name, const struct dg_row *rows, struct dv *arg,
                      size_t n, struct dv *out);
/* Calls it, or fails with the message Zoho gives. */
bool dg_builtin_call(struct dg_frame *f, const struct dg_name *name, struct dv *arg, size_t n, struct dv *out);
/* Visits every row: for tests and documentation. */
void dg_builtin_each(void (*visit)(const struct dg_builtin *row, void *ctx), void *ctx);
/* zoho.encryption.NAME; false in *known when there is none. */
bool dg_encryption(struct dg_frame *f, const char *name, struct dv *arg, size_t n, struct dv *out, bool *known);
bool dg_out_of_bounds(struct dg_frame *f);
#endif
