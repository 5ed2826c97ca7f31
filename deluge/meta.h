/*
 * deluge/meta.h — what the checker may ask about an org: a few questions, answered by whoever has the metadata.
 *
 * Answers     every question may be answered "not known" (NULL, or a negative number): the checker then says nothing.
 * Ownership   texts are borrowed and stay good as long as the dg_meta.
 */
#ifndef DELUGE_META_H
#define DELUGE_META_H
#include <stdbool.h>
#include <stddef.h>

struct dg_meta {
    void *ctx;
    /* 1 when the module exists, 0 when it does not, -1 when the metadata does not say. API names, exact case. */
    int (*module)(void *ctx, const char *module);
    int (*field)(void *ctx, const char *module, const char *field);
    int (*related_list)(void *ctx, const char *module, const char *list);
    /* For a picklist field: is the value among its actual values? -1 when it is no picklist or not known. */
    int (*value)(void *ctx, const char *module, const char *field, const char *value);
    /* The nearest existing name, NULL when none is near. A label finds the API name behind it. */
    const char *(*near_module)(void *ctx, const char *module);
    const char *(*near_field)(void *ctx, const char *module, const char *field);
    const char *(*near_list)(void *ctx, const char *module, const char *list);
    const char *(*near_value)(void *ctx, const char *module, const char *field, const char *value);
};
#endif
