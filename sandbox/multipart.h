/* sandbox/multipart.h — the parts of a multipart/form-data body. Source: RFC 7578. */
#ifndef SANDBOX_MULTIPART_H
#define SANDBOX_MULTIPART_H
#include <stdbool.h>
#include <stddef.h>

struct part {
    const char *data; /* inside the body */
    size_t len;
    char name[64], filename[128];
};
/* The part called `name`; false when the body has none or is no multipart. */
bool multipart_find(const char *content_type, const char *body, size_t len, const char *name, struct part *out);
#endif
