/*
 * base/yaml_write.h — JSON as YAML that people read and base/yaml.h reads back as the same value.
 *
 * Style       block; a mapping or list that is small stands on one line. Keys stay in their order. Same value, same bytes.
 * Scalars     text is plain where nobody could take it for something else, else in double quotes; line ends, control
 *             characters and what editors show as nothing are escaped.
 */
#ifndef BASE_YAML_WRITE_H
#define BASE_YAML_WRITE_H
#include "base/js.h"
#include "base/sb.h"

/* What follows "key:" or "-" at that indent, its line ends included. */
void yaml_write(struct sb *b, const json_t *value, int indent);
/* One scalar alone. */
void yaml_write_text(struct sb *b, const char *text);
#endif
