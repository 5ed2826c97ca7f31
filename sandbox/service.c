/* sandbox/service.c — see service.h. */
#include "sandbox/service.h"

static const struct {
    const char *prefix;
    enum service service;
} prefixes[] = {{"/api/v2/", SERVICE_SALESIQ}, {"/inventory/v1/", SERVICE_FINANCE}, {"/books/v3/", SERVICE_FINANCE}};

enum service service_of(const char *path)
{
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (strncmp(path, prefixes[i].prefix, strlen(prefixes[i].prefix)) == 0) {
            return prefixes[i].service;
        }
    }
    return SERVICE_CRM;
}

/* What route.c refuses, in the other services' numbers. Finance: 14 and 57 as seen live without and with a dead token, 5 and 44 as
 * clients in public report them; the rest is unproven. */
static const struct {
    const char *crm;
    int salesiq, finance;
    const char *finance_message;
} refusals[] = {
    {"AUTHENTICATION_FAILURE", SALESIQ_REFUSED, 14, "the authentication value is not valid"},
    {"INVALID_TOKEN", SALESIQ_REFUSED, 57, "You are not authorized to perform this operation"},
    {"OAUTH_SCOPE_MISMATCH", SALESIQ_REFUSED, 57, "You are not authorized to perform this operation"},
    {"INVALID_URL_PATTERN", SALESIQ_INVALID_URL, 5, "Invalid URL Passed"},
    {"INVALID_REQUEST_METHOD", SALESIQ_INVALID_URL, 37, "the path does not take this HTTP method"},
    {"TOO_MANY_REQUESTS", SALESIQ_REFUSED, 44, "too many requests in a minute"},
};

void service_shape(struct call *c)
{
    enum service service = service_of(c->path);
    const char *code = js_str(c->answer, "code");
    if (service == SERVICE_CRM || !code || !js_str(c->answer, "status")) {
        return;
    }
    AUTO_JSON json_t *was = c->answer;
    size_t n = sizeof refusals / sizeof *refusals, i = 0;
    while (i < n && strcmp(refusals[i].crm, code) != 0) {
        i++;
    }
    const char *said = js_str_or(was, "message", "");
    int status = c->status;
    c->answer = NULL;
    c->answered = false;
    if (service == SERVICE_SALESIQ) {
        salesiq_refuse(c, i < n ? refusals[i].salesiq : SALESIQ_REFUSED, said, NULL, NULL);
        c->status = c->fault ? status : c->status; /* an ordered 503 is one here, too */
    } else {
        finance_refuse(c, status, i < n ? refusals[i].finance : FINANCE_INVALID, "%s",
                       i < n ? refusals[i].finance_message : said);
    }
}

void salesiq_refuse(struct call *c, int code, const char *message, const char *kind, const char *key)
{
    json_t *error = json_pack("{s:i,s:s}", "code", code, "message", message);
    if (kind && key) {
        js_set_str(error, kind, key);
    }
    answer_json(c, 200, json_pack("{s:o}", "error", error));
}

void finance_refuse(struct call *c, int status, int code, const char *message, ...)
{
    va_list ap;
    va_start(ap, message);
    AUTO_FREE char *text = mem_vprintf(message, ap);
    va_end(ap);
    answer_json(c, status, json_pack("{s:i,s:s}", "code", code, "message", text));
}
