/* base/yaml_read.h — libfyaml's events into y->root and y->pos. Used by base/yaml.c only; fills `e` or y->root. */
#ifndef BASE_YAML_READ_H
#define BASE_YAML_READ_H
#include "base/yaml.h"

void yaml_read(struct yaml *y, const char *text, size_t len, struct err *e);
#endif
