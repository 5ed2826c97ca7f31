/*
 * base/secret_shape.h — texts that look like credentials, whoever wrote them. Used by base/secret.c only.
 *
 * Source  token shape and header: zoho.com/accounts/protocol/oauth (access and refresh tokens `1000.…`,
 *         "Authorization: Zoho-oauthtoken"); Bearer: RFC 6750 section 2.1; userinfo: RFC 3986 section 3.2.1.
 */
#ifndef BASE_SECRET_SHAPE_H
#define BASE_SECRET_SHAPE_H
#include <stdbool.h>
#include <stddef.h>

struct secret_shape {
    size_t keep; /* bytes at p that stay (the name, the quote) */
    size_t drop; /* bytes after them that are the credential */
    bool quote;  /* a bare JSON number: its replacement needs quotes of its own */
};
/* Whether a credential starts at p; `text` is where the whole text starts. */
bool secret_shape_at(const char *text, const char *p, struct secret_shape *out);
#endif
