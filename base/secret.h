/*
 * base/secret.h — secrets have a type without a print path, and one choke point removes them from text.
 *
 * secret_redact runs over everything that leaves the program: terminal, JSON envelope, log, error, sandbox record.
 * It replaces (a) every registered live value, also percent-, base64- and JSON-escaped, and (b) shapes that look like
 * credentials: Zoho tokens `1000.<32 hex>.<32 hex>`, `Zoho-oauthtoken X`, `Bearer X`, and the values of client_secret,
 * refresh_token, access_token, code, device_code, password in query, form and JSON text, and userinfo in URLs.
 * The replacement is "(secret)".
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H
#include <stdbool.h>
#include <stddef.h>

struct secret {
    char *p;
    size_t n;
};
/* Copies and registers the value for redaction. Empty and shorter than 8 bytes is kept but not registered. */
void secret_set(struct secret *s, const char *value);
/* Wipes, unregisters, frees. Accepts a zeroed struct. */
void secret_release(struct secret *s);

/* What is written down for others to read must hold no credential: true when the line does, *at is its first byte. The two
 * texts are the finding's, wherever it is made. */
bool secret_found(const char *line, size_t *at);
#define SECRET_FOUND "this looks like a credential"
#define SECRET_FIX   "take it out, and revoke it if it is real: whoever reads this project could use it"

/* A redacted copy; caller frees. */
char *secret_redact(const char *text);
#endif
