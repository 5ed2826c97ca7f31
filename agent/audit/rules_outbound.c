/* agent/audit/rules_outbound.c — what leaves the org: webhooks, e-mail templates, variables that open something. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "agent/audit/rules.h"
#include "agent/audit/scrub.h"

static void plain_http(struct audit *a, const struct thing *t)
{
    const char *url = js_str_or(t->o, "url", "");
    if (strncasecmp(url, "http://", 7) == 0)
        audit_add(a, t->address, "%s", url);
}

/* "(secret)" in a text, or as the value of a parameter whose name says that it is one. */
static void find_secret(struct audit *a, const struct thing *t, const char *key, const json_t *j)
{
    const char *k, *name = js_str(j, "name"), *value = js_str(j, "value");
    json_t *v;
    size_t i;
    if (name && value && !strcmp(value, SCRUB_SECRET)) {
        if (scrub_secret_name(name, strlen(name)))
            audit_add(a, t->address, "parameter %s", name);
        return;
    }
    if (json_is_string(j) && strstr(json_string_value(j), SCRUB_SECRET))
        audit_add(a, t->address, "%s: %.200s", key ? key : "text", json_string_value(j));
    json_object_foreach ((json_t *)(uintptr_t)j, k, v)
        find_secret(a, t, k, v);
    json_array_foreach (j, i, v)
        find_secret(a, t, key, v);
}

static void secrets(struct audit *a, const struct thing *t)
{
    find_secret(a, t, NULL, t->o);
}

/* Ids have 15 to 19 digits (zoho-api.md 6.13). */
static void find_id(struct audit *a, const struct thing *t, const char *where, const char *text)
{
    for (const char *p = text; p && *p;) {
        size_t n = strspn(p, "0123456789");
        bool alone = n && (p == text || !isalnum((unsigned char)p[-1])) && !isalnum((unsigned char)p[n]);
        if (alone && n >= 15 && n <= 19)
            audit_add(a, t->address, "%s: %.*s", where, (int)n, p);
        p += n ? n : 1;
    }
}

static void ids(struct audit *a, const struct thing *t)
{
    find_id(a, t, "address", js_str(t->o, "url"));
    find_id(a, t, "body", js_str(js_obj(t->o, "body"), "raw_data_content"));
}

static void merge_fields(struct audit *a)
{
    static const char *const these[] = {"webhook/", "email_template/", NULL};
    audit_missing_fields(a, these, true);
}

/* Services where people look at requests while they try something, and addresses that only one machine knows. */
static void trial_address(struct audit *a, const struct thing *t)
{
    static const char *const parts[] = {"webhook.site", "requestbin", "ngrok",   "beeceptor",
                                        "localhost",    "127.0.0.1",  "192.168."};
    const char *url = js_str_or(t->o, "url", ""), *host = strstr(url, "://");
    AUTO_FREE char *name = mem_dupn(host ? host + 3 : "", host ? strcspn(host + 3, "/?#") : 0);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strstr(name, parts[i])) {
            audit_add(a, t->address, "it sends to %s", name);
            return;
        }
}

static const struct audit_rule rules[] = {
    {"AU501", AUDIT_ERROR, "webhook without encryption", "Anybody on the way reads what it sends.",
     "use the https address", "webhook", plain_http, NULL, false},
    {"AU502", AUDIT_ERROR, "credential in a webhook",
     "Whoever may see the webhook, or the other side's log, can use it.",
     "revoke it; authenticate with a connection (Setup > Developer Hub > Connections)", "webhook", secrets, NULL,
     false},
    {"AU503", AUDIT_WARNING, "id written into a webhook",
     "It means nothing in another org, and nothing after an import.",
     "send a merge field, or a name that the other side knows", "webhook", ids, NULL, false},
    {"AU504", AUDIT_ERROR, "merge field that does not exist",
     "The text arrives with a hole or with the raw field in it.", "choose the field that took its place", NULL, NULL,
     merge_fields, false},
    {"AU505", AUDIT_WARNING, "webhook to a place for trials", "Data of customers goes where nobody answers for it.",
     "delete it, or send to the system that is meant", "webhook", trial_address, NULL, false},
    {"AU506", AUDIT_NOTE, "credential in a variable", "Every function and every administrator can read it.",
     "use a connection where the other side allows it; otherwise write down who renews it", "variable", secrets, NULL,
     false},
};
const struct audit_family audit_outbound = {"What leaves the org", rules, sizeof rules / sizeof *rules};
