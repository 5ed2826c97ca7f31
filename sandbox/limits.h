/*
 * sandbox/limits.h — every number Zoho bounds something by, in one table with its source; and what an edition allows.
 *
 * Use         LIM_NAME in the code that enforces it; the rows are there for listing (zagent sandbox limits, tests).
 * Source      sections of zoho-api.md name Zoho's own page behind each; "unproven" where no page states the number.
 * Other side  plan/ and zoho/ know limits too, read by others from the same pages: tests/agent/test_limits.c holds both against each
 * other and lists the differences with their reasons.
 */
#ifndef SANDBOX_LIMITS_H
#define SANDBOX_LIMITS_H
#include <stddef.h>
#include <stdint.h>

#define SANDBOX_LIMITS(X)                                                                                              \
    X(FIELDS_PER_CALL, 5, "fields in one POST or PATCH", "zoho-api.md 1.5, DOC:create-custom-field")                   \
    X(PICKLIST_VALUE, 120, "characters of a picklist value", "zoho-api.md 1.7")                                        \
    X(GLOBAL_VALUES, 5000, "values of a global picklist", "zoho-api.md 1.7")                                           \
    X(GLOBAL_LABEL, 50, "characters of a global picklist's label", "zoho-api.md 1.7")                                  \
    X(GLOBAL_RETIRED_PER_CALL, 1, "values of a global picklist moved to unused in one PATCH", "zoho-api.md 1.7")       \
    X(LAYOUT_SECTIONS_PER_CALL, 5, "sections in one layout PATCH", "zoho-api.md 1.6")                                  \
    X(LAYOUT_FIELDS_PER_CALL, 5, "fields in one layout PATCH", "zoho-api.md 1.6")                                      \
    X(MODULES_PER_CALL, 1, "modules in one POST", "zoho-api.md 1.4")                                                   \
    X(MODULE_LABEL, 25, "characters of a module's labels", "zoho-api.md 1.4")                                          \
    X(MODULE_API_NAME, 50, "characters of a module's api_name", "zoho-api.md 1.4")                                     \
    X(VALIDATION_MESSAGE, 100, "characters of a validation rule's message",                                            \
      "DOC:crm/help validation rules, as recalled: unproven")                                                          \
    X(VIEW_FIELDS, 250, "columns of a custom view", "zoho-api.md 1.8")                                                 \
    X(VIEW_CROSS_FILTERS, 3, "cross filters of a custom view", "zoho-api.md 1.8")                                      \
    X(RULE_NAME, 100, "characters of a workflow rule's name", "zoho-api.md 1.10")                                      \
    X(RULE_SCHEDULED_BLOCKS, 5, "scheduled blocks of a workflow condition", "zoho-api.md 1.10")                        \
    X(IDS_PER_SETTINGS_DELETE, 10, "ids in one DELETE of rules or actions", "zoho-api.md 1.10, 1.11")                  \
    X(LOCKING_RULES, 5, "rules of a record locking configuration", "zoho-api.md 1.16")                                 \
    X(BLUEPRINT_PARTS_PER_CALL, 50, "states or transitions in one call", "zoho-api.md 1.3")                            \
    X(FUNCTIONS_PER_ORG, 20000, "functions of an org", "zoho-api.md 1.12")                                             \
    X(ASSIGNMENT_RULES, 10, "assignment rules of a module", "zoho-api.md 1.15, a sample's bound")                      \
    X(ASSIGNMENT_ENTRIES, 10, "entries of an assignment rule", "zoho-api.md 1.15, a sample's bound")                   \
    X(ROLES_PER_CALL, 100, "roles in one POST", "zoho-api.md 1.3")                                                     \
    X(PROFILE_NAME, 50, "characters of a profile's name", "OAS26a profiles")                                           \
    X(TAG_NAME, 25, "characters of a tag", "zoho-api.md 1.16")                                                         \
    X(TAGS_PER_MODULE, 100, "tags of a module", "DOC:get-tags, a sample's allowed_count: unproven")                    \
    X(TAGS_PER_CALL, 50, "tags in one POST of tags", "DOC:create-tag")                                                 \
    X(TAGS_PER_RECORD, 10, "tags on a record", "DOC:add-tags")                                                         \
    X(TAGGED_PER_CALL, 500, "records tagged in one call", "DOC:add-tags-to-multiple-records")                          \
    X(RECORDS_PER_CALL, 100, "records in one insert, update, upsert, delete", "zoho-api.md 2.1")                       \
    X(RECORDS_PER_CREDIT, 10, "records of a write for one credit", "zoho-api.md 4.1")                                  \
    X(TAGGED_PER_CREDIT, 50, "records tagged for one credit", "zoho-api.md 4.1")                                       \
    X(DUPLICATE_FIELDS, 10, "duplicate_check_fields of an upsert", "zoho-api.md 2.1")                                  \
    X(MASS_UPDATE_IDS, 500, "ids of a mass update", "zoho-api.md 2.1")                                                 \
    X(PAGE, 200, "rows on a page", "zoho-api.md 2.2")                                                                  \
    X(LIST_FIELDS, 50, "fields of a listing", "zoho-api.md 2.2")                                                       \
    X(LIST_IDS, 100, "ids of a listing", "zoho-api.md 2.2")                                                            \
    X(ROWS_BY_PAGE, 2000, "rows that page reaches", "zoho-api.md 2.2")                                                 \
    X(ROWS_BY_TOKEN, 100000, "rows that page_token reaches", "zoho-api.md 2.2")                                        \
    X(PAGE_TOKEN_LIFE_S, 86400, "seconds a page_token lives", "zoho-api.md 2.2")                                       \
    X(SEARCH_ROWS, 2000, "rows a search reaches", "zoho-api.md 2.1, unproven")                                         \
    X(SEARCH_CRITERIA, 15, "criteria of a search", "DOC:search-records, as recalled: unproven")                        \
    X(SEARCH_IN, 100, "values of in", "OAS26a module_search")                                                          \
    X(COQL_ROWS, 2000, "rows of a query", "zoho-api.md 2.3")                                                           \
    X(COQL_DEFAULT_ROWS, 200, "rows of a query without limit", "DOC:COQL-Overview")                                    \
    X(COQL_REACH, 100000, "rows that limit and offset reach", "zoho-api.md 2.3")                                       \
    X(COQL_COLUMNS, 50, "columns of a query", "zoho-api.md 2.3")                                                       \
    X(COQL_CRITERIA, 25, "criteria of a query", "zoho-api.md 2.3")                                                     \
    X(COQL_IN, 50, "values of in", "zoho-api.md 2.3")                                                                  \
    X(COQL_ORDER, 10, "fields of order by", "zoho-api.md 2.3")                                                         \
    X(COQL_GROUP, 4, "fields of group by", "zoho-api.md 2.3")                                                          \
    X(COQL_AGGREGATES, 5, "aggregates of a query", "zoho-api.md 2.3")                                                  \
    X(COQL_BASE_JOINS, 5, "lookups in criteria, order and group", "zoho-api.md 2.3")                                   \
    X(COQL_SELECT_JOINS, 15, "lookups in the columns", "zoho-api.md 2.3")                                              \
    X(COQL_CREDIT_ROWS_1, 200, "rows of a query for one credit", "zoho-api.md 2.3")                                    \
    X(COQL_CREDIT_ROWS_2, 1000, "rows of a query for two credits", "zoho-api.md 2.3")                                  \
    X(COMPOSITE_PARTS, 5, "sub-requests of a composite", "zoho-api.md 2.7")                                            \
    X(ATTACHMENT_BYTES, 20 * 1024 * 1024, "bytes of an attachment", "zoho-api.md 2.7")                                 \
    X(NOTES_PER_CALL, 100, "notes in one POST", "zoho-api.md 2.7")                                                     \
    X(BULK_READ_ROWS, 200000, "rows of a bulk read's page", "zoho-api.md 2.4")                                         \
    X(BULK_WRITE_ROWS, 25000, "rows of a bulk write's file", "zoho-api.md 2.5")                                        \
    X(BULK_WRITE_BYTES, 25 * 1024 * 1024, "bytes of a bulk write's zip", "zoho-api.md 2.5")                            \
    X(BULK_FIELDS, 200, "fields of a bulk read", "DOC:bulk-read, as recalled: unproven")                               \
    X(BULK_PAGES, 500, "pages of a bulk read", "OAS26a bulk_read knows a max_limit, its number is unproven")           \
    X(CREDITS_MODULE, 500, "credits of making a module", "zoho-api.md 4.1")                                            \
    X(CREDITS_BULK_READ, 50, "credits of starting a bulk read", "zoho-api.md 4.1")                                     \
    X(CREDITS_BULK_WRITE, 500, "credits of starting a bulk write", "zoho-api.md 4.1")                                  \
    X(CREDITS_VIEW, 3, "credits of listing by custom view", "zoho-api.md 4.1")                                         \
    X(CREDITS_DELETED, 2, "credits of the deleted records", "zoho-api.md 4.1")                                         \
    X(CREDITS_COMPOSITE, 1, "credits of a composite, whatever is in it", "DOC:composite-overview (v8)")                \
    X(HEAVY_CALLS, 10, "heavy calls at once, in every edition", "zoho-api.md 4.1")                                     \
    X(HEAVY_RECORDS, 10, "records above which a write is a heavy call", "zoho-api.md 4.1")                             \
    X(SALESIQ_DEFAULT_ROWS, 20, "conversations on a page of SalesIQ without limit",                                    \
      "zoho-api.md 5.1, salesiq/help get-conversation-list-details-v2")                                                \
    X(SALESIQ_ROWS, 99, "conversations on a page of SalesIQ", "zoho-api.md 5.1")                                       \
    X(FINANCE_PER_MINUTE, 100, "calls of Inventory and Books in a minute", "zoho-api.md 5.2")                          \
    X(TOKEN_LIFE_S, 3600, "seconds an access token lives", "zoho-api.md 3.5")                                          \
    X(TOKEN_WINDOW_S, 600, "seconds in which mints are counted", "zoho-api.md 3.5")                                    \
    X(TOKEN_MINTS, 10, "access tokens minted in a window", "zoho-api.md 3.5")                                          \
    X(TOKENS_ALIVE, 10, "access tokens of a refresh token alive at once", "zoho-api.md 3.5")                           \
    X(REFRESH_TOKENS, 20, "refresh tokens of a user and client", "zoho-api.md 3.5")                                    \
    X(REFRESH_TOKENS_PER_MINUTE, 5, "refresh tokens made in a minute", "zoho-api.md 3.5")                              \
    X(CODE_LIFE_S, 120, "seconds an authorization code lives", "zoho-api.md 3.2")                                      \
    X(SELF_CLIENT_MINUTES, 10, "minutes a self client's code lives at most", "zoho-api.md 3.3")                        \
    X(DEVICE_CODE_S, 300, "seconds a device's user code lives", "ACC:devices/initiation-request")                      \
    X(RULES, 1000, "workflow rules of the org, told by rules_count",                                                   \
      "zoho-api.md 1.10 names the call; no number is published: ours, told, not enforced")                             \
    X(RULES_PER_MODULE, 100, "workflow rules of a module, told by rules_count", "zoho-api.md 1.10, likewise")          \
    X(CUSTOM_FIELDS, 300, "custom fields of a module, told by __features", "zoho-api.md 1.1, likewise")                \
    X(DEVICE_POLL_S, 30, "seconds between two polls of a device", "ACC:devices/polling-request")

enum {
#define X(name, value, what, source) LIM_##name = (value),
    SANDBOX_LIMITS(X)
#undef X
};

struct limit_row {
    const char *name; /* without LIM_ */
    int64_t value;
    const char *what, *source;
};
extern const struct limit_row limit_rows[];
extern const size_t limit_rows_n;
/* -1 when there is no such row. */
int64_t limit_value(const char *name);

/* One row an edition, in ascending order; -1 = no limit known. */
struct edition {
    const char *paid_type;                          /* as GET /org says it */
    int64_t credits, credits_per_user, credits_max; /* max 0 = none */
    int concurrent;                                 /* calls at once, of one org and app */
    int custom_modules, custom_fields, subforms;    /* fields and subforms of a module */
};
extern const struct edition editions[];
extern const size_t editions_n;
/* The lowest one when the name is unknown. */
const struct edition *edition_named(const char *paid_type);
#endif
