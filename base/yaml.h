/*
 * base/yaml.h — YAML 1.2 through libfyaml, as JSON with positions kept.
 *
 * Scalars     quoted → text; plain → null, true/false, integer (64 bit), else text. Decimals stay text: no reals.
 *             A number with a leading zero or plus (007, +34600) is text too: it is a code, not a quantity.
 * Refused     duplicate keys, more than one document, anchors nested past YAML_MAX_NODES, non-text keys, tags other than
 *             !!str, > 4 MiB.
 * Positions   by JSON pointer ("/resources/3/address"): line and column, from 1.
 * Ownership   yaml_release frees everything; root is borrowed from the struct.
 */
#ifndef BASE_YAML_H
#define BASE_YAML_H
#include "base/err.h"
#include "base/js.h"

enum { YAML_MAX_BYTES = 4 << 20, YAML_MAX_NODES = 200000 };

struct yaml {
    json_t *root;
    json_t *pos; /* object: JSON pointer → [line, column] */
    char *name;  /* as given: used in messages */
};

int yaml_load(struct yaml *y, const char *path, const char *name, struct err *e);
int yaml_parse(struct yaml *y, const char *text, size_t len, const char *name, struct err *e);
/* False when the pointer is unknown; then line and column are those of the nearest known parent (1:1 at worst). */
bool yaml_where(const struct yaml *y, const char *pointer, int *line, int *col);
/* err_set(kind) with where = name:line:col. Returns -1. */
int yaml_err(struct err *e, const struct yaml *y, const char *pointer, enum err_kind kind, const char *what, ...)
    __attribute__((format(printf, 5, 6)));
void yaml_release(struct yaml *y);
#endif
