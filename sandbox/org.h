/*
 * sandbox/org.h — the running org: store, switches, faults, counters. One lock around everything; requests run one by
 * one.
 *
 * Switches    opts.refuse, a comma list of the names below, or "scope:STEM" (tokens are minted without that scope).
 */
#ifndef SANDBOX_ORG_H
#define SANDBOX_ORG_H
#include <pthread.h>

#include "base/strset.h"
#include "sandbox/crowd.h"
#include "sandbox/fault.h"
#include "sandbox/request_log.h"
#include "sandbox/sandbox.h"
#include "sandbox/store.h"
#include "sandbox/tls.h"

/* One row a switch: name, what the org then does, where that was seen (tags of the facts' source list). */
#define SANDBOX_SWITCHES(X)                                                                                            \
    X(blueprint, "Blueprint writes answer API_NOT_SUPPORTED; reading goes on", "C1 Apr 2026")                          \
    X(functions, "function writes answer FEATURE_NOT_SUPPORTED; reading goes on", "C6 C13 Feb 2026")                   \
    X(wrapper, "POST automation/functions answers NOT_ALLOWED", "C3")                                                  \
    X(custom_views, "custom view writes answer INVALID_REQUEST_METHOD", "OAS26a: read and sort only")                  \
    X(validation_read, "GET validation_rules answers INVALID_URL_PATTERN", "C13")                                      \
    X(record_locking, "record locking writes answer FEATURE_NOT_SUPPORTED", "edition gate, OAS25")                     \
    X(validation_api, "validation rules also refuse what the API writes",                                              \
      "zoho-api.md 6.15, unproven; the default is no")                                                                 \
    X(bulk_quiet, "a bulk write sets off no automation",                                                               \
      "zoho-api.md 2.5 is silent: unproven; the default is that it does")                                              \
    X(other_dc, "whoever signs in belongs to another data centre: its accounts host is localhost, not 127.0.0.1",      \
      "zoho-api.md 3.2, 3.6")                                                                                          \
    X(trial, "a trial: no wrapper, POST automation/tasks answers INVALID_REQUEST", "C2 C3")                            \
    X(odd_names, "server-chosen api_names get a surprising suffix", "HELP:api-names, clash rule unproven")             \
    X(item_category, "category_id of an item's POST or PUT answers success and is not kept",                           \
      "zoho-api.md 5.2: not in the item's OpenAPI, unproven")                                                          \
    X(picklist_new, "a picklist PATCH with new values only answers SUCCESS and changes nothing",                       \
      "unproven, tests only")                                                                                          \
    X(picklist_merged, "a picklist PATCH with old and new values answers SUCCESS and changes nothing", "seen live, C1")

enum sandbox_switch {
#define X(name, what, source) SWITCH_##name,
    SANDBOX_SWITCHES(X)
#undef X
        SWITCH__MAX
};

struct call;
/* Runs functions; run NULL = each is noted as "to run". The answer, a new reference, goes into the function log and has
 * "status": "success" or "failure"; of a validation function it holds what was returned under "returned". */
struct function_runner {
    json_t *(*run)(void *ctx, struct call *c, const json_t *function, const json_t *arguments);
    void *ctx;
};

struct sandbox {
    struct store store;
    struct clock clock; /* `real`, ahead_s further on */
    struct clock real;
    int64_t ahead_s;
    int64_t time_of; /* the second that time_text tells in the org's zone; "" = none yet */
    char time_text[CLOCK_TEXT];
    int64_t next_due; /* of scheduled actions; at or before now = look */
    struct function_runner functions;
    int depth; /* automation that set off automation */
    pthread_mutex_t lock;
    bool on[SWITCH__MAX];
    struct strset no_scope;
    struct faults faults;
    char *fault_text; /* the store's meta "faults" that was taken over last */
    struct MHD_Daemon *http;
    struct crowd crowd;
    int port;
    struct tls_identity tls; /* ca_file NULL = plain HTTP */
    FILE *record;
    char dc[8];                /* this org's location */
    char actor[STORE_ID_TEXT]; /* the user who makes the call; "" = the first one */
    char *client_id, *client_secret, *refresh_token;
    json_t *org;     /* GET /org's object, the stored one's cache */
    json_t *by_path; /* "METHOD /path/{pattern}" → calls */
    json_t *unknown; /* "METHOD /path" nobody serves → calls */
    int64_t requests, credits, mints;
    int64_t counted;        /* requests that the store knows of */
    int64_t finance_minute; /* of the clock, and the calls to Inventory and Books in it */
    int finance_calls;
    struct request_log log;
    char page_key[33];                        /* of this start's page (page/page.h) */
    int64_t credit_hour[24], credit_from[24]; /* a ring: used, and the hour it counts */
};

/* Moves the clock, keeping where it stands in the store. */
void org_clock_to(struct sandbox *s, int64_t at);
/* Takes over what another process wrote: the clock, what is due, the org's own facts. */
void org_refresh(struct sandbox *s);
void org_reload(struct sandbox *s);
/* Takes over the faults in the store when they are others than last time: counting begins anew. */
void org_take_faults(struct sandbox *s);

/* Writes the counters into the store, within the transaction of the write they belong to, so that another process sees them. */
void counters_save(struct sandbox *s);
/* The same in a transaction of their own; that the store would not take them is no failure of the call. */
void counters_keep(struct sandbox *s);

int switches_parse(struct sandbox *s, const char *refuse, struct err *e);
json_t *switches_json(const struct sandbox *s);

/* GET /org's object, borrowed; org_set stores another. */
const json_t *org_object(struct sandbox *s);
void org_set(struct sandbox *s, const json_t *org);
/* "https://127.0.0.1:PORT": where everything is served, accounts too. Caller frees. */
char *org_url(const struct sandbox *s);
/* Data centres, NULL-terminated (zoho-api.md 3.1). */
extern const char *const org_locations[];
int org_set_location(struct sandbox *s, const char *dc, struct err *e);
/* With the switch other_dc the org lives at another accounts host than the one asked: at localhost, not at 127.0.0.1. */
bool org_elsewhere(const struct sandbox *s, const char *host);
/* {"name","id","email"} of the acting user, a new reference. */
json_t *org_me(struct sandbox *s);
/* The same user, whole: a new reference that must not be changed (config_shared); NULL in an org without users. */
json_t *org_actor(struct sandbox *s);
/* The id of the user with that e-mail address; caller frees, NULL when there is none. */
char *org_user_by_email(struct sandbox *s, const char *email);
/* Now, as Zoho writes it in this org's zone: 2026-03-01T10:00:00+01:00. */
void org_time(struct sandbox *s, int64_t at, char out[CLOCK_TEXT]);

/* Credits per rolling 24 h by edition and licences (zoho-api.md 4.1). */
int64_t org_credit_limit(struct sandbox *s);
int64_t org_credits_used(struct sandbox *s);
void org_spend(struct sandbox *s, int64_t credits);
#endif
