/* sandbox/plain_kinds.c — rows with no rules of their own: connections and what else people make, related lists to read. */
#include "sandbox/plain.h"

#include "sandbox/route.h"

static const struct shape connection_shape[] = {
    {"name", TEXT, true, 0, NULL}, {"service", TEXT, false, 0, NULL}, {"scopes", ARRAY, false, 0, NULL}, {0}};
static const struct shape manual_shape[] = {{"name", TEXT, true, 0, NULL}, {"text", TEXT, false, 0, NULL}, {0}};

static const struct shape button_shape[] = {{"name", TEXT, true, 0, NULL},        {"description", TEXT, false, 0, NULL},
                                            {"module", OBJECT, false, 0, NULL},   {"function", OBJECT, true, 0, NULL},
                                            {"arguments", ARRAY, false, 0, NULL}, {"layout", OBJECT, false, 0, NULL},
                                            {"profiles", ARRAY, false, 0, NULL},  {0}};
static const struct shape approval_shape[] = {{"name", TEXT, true, 0, NULL},
                                              {"description", TEXT, false, 0, NULL},
                                              {"module", OBJECT, false, 0, NULL},
                                              {"criteria", ANY, true, 0, NULL},
                                              {"arguments", ARRAY, true, 0, NULL},
                                              {"text", TEXT, false, 0, NULL},
                                              {0}};

const struct plain plain_connections = {
    "connections", "connections", connection_shape, MODULE_NONE, 1, 201, true, false, NULL, NULL};
/* Nothing published reads these two (zoho-api.md 1.3): they are kept so that a person's step has an end here. */
const struct plain plain_buttons = {
    "custom_buttons", "custom_buttons", button_shape, MODULE_BODY, 1, 201, true, false, NULL, NULL};
const struct plain plain_approvals = {
    "approval_processes", "approval_processes", approval_shape, MODULE_BODY, 1, 201, true, false, NULL, NULL};
const struct plain plain_manual = {"manual", "manual", manual_shape, MODULE_NONE, 1, 201, true, false, NULL, NULL};

static const struct plain related = {"related_lists", "related_lists", NULL, MODULE_QUERY, 0, 0,
                                     false,           false,           NULL, NULL};

static const struct route rows[] = {
    {"GET", "/crm/v8/settings/related_lists", "ZohoCRM.settings.related_lists", 1, plain_list, &related},
};
ROUTE_TABLE(routes_plain, rows);
