/*
 * sandbox/service.h — the other Zoho services this sandbox serves beside CRM: which path is whose, and how each says no.
 *
 * SalesIQ     /api/v2/{screen}/…: {"error": {"code": number, "message", "json_key"|"param"}}, HTTP 200 like a success. Source:
 *             zoho.com/salesiq/help/developer-section/rest-api-v2.html ("both the success and the error responses hold the status
 *             code as 200"; 1006 is an invalid URL). All other numbers are unproven.
 * Finance     Inventory and Books, /inventory/v1/… and /books/v3/…: {"code": number, "message"}, 0 is success. Source:
 *             zoho.com/inventory/api/v1/errors (HTTP codes, 1002), zoho-api.md 5.2; the numbers of single refusals are in service.c.
 * Gates       token, scope, unknown paths and ordered failures are those of route.c; service_shape says them in the service's words.
 */
#ifndef SANDBOX_SERVICE_H
#define SANDBOX_SERVICE_H
#include "sandbox/call.h"

enum service { SERVICE_CRM, SERVICE_SALESIQ, SERVICE_FINANCE };
enum service service_of(const char *path);
/* Rewrites a CRM refusal that answers a call to another service. Nothing happens to other answers. */
void service_shape(struct call *c);

enum { SALESIQ_INVALID_URL = 1006, SALESIQ_REFUSED = 1000 /* unproven */ };
/* key: the json_key or param the refusal is about; NULL = none. */
void salesiq_refuse(struct call *c, int code, const char *message, const char *kind, const char *key);

enum { FINANCE_INVALID = 2, FINANCE_UNKNOWN = 1002, FINANCE_DUPLICATE = 1001, FINANCE_NOT_YOURS = 6041 };
void finance_refuse(struct call *c, int status, int code, const char *message, ...)
    __attribute__((format(printf, 4, 5)));
#endif
