/*
 * Two readings of Zoho's limits: what plan/ and zoho/ keep to and what sandbox/ enforces were written apart from the same pages. Here
 * each limit both know is held against the other; one that differs needs a reason in `explained`, or the test fails.
 */
#include <stdio.h>
#include <string.h>

#include "plan/kind.h"
#include "plan/kinds.h"
#include "plan/resource.h"
#include "sandbox/limits.h"
#include "sandbox/workflow_check.h"
#include "tests/test.h"
#include "zoho/crm/coql.h"
#include "zoho/crm/crm.h"
#include "zoho/limit.h"
#include "zoho/token.h"

enum { PROBE_MOST = 20000 };

/* ---- what plan/ keeps to: the largest size it has nothing against ---- */

struct probe {
    const char *kind, *key; /* key "" = the name in the address; "a.b" inside the body */
    bool list;
};

static bool speaks_of(const json_t *findings, const char *key)
{
    size_t i;
    json_t *f;
    json_array_foreach (findings, i, f) {
        const char *path = js_str_or(f, "path", "");
        if (strncmp(path, key, strlen(key)) == 0 && (*key || !*path)) {
            return true;
        }
    }
    return false;
}

static bool takes(const struct probe *p, int64_t n)
{
    AUTO_FREE char *text = mem_zalloc((size_t)n + 1);
    memset(text, 'a', (size_t)n);
    AUTO_JSON json_t *body = json_object(), *findings = json_array();
    struct resource r = {
        .kind = kind_find(p->kind), .module = NULL, .name = mem_dup(*p->key || p->list ? "Name" : text)};
    struct kind_view v = {0};
    assert_non_null(r.kind);
    if (p->list) {
        json_t *list = json_array();
        for (int64_t i = 0; i < n; i++) {
            json_t *one = json_object();
            js_set_strf(one, "api_name", "F%lld", (long long)i);
            js_set_strf(one, "display_value", "V%lld", (long long)i);
            json_array_append_new(list, one);
        }
        js_set(body, p->key, list);
    } else if (*p->key) {
        js_set_str(body, p->key, text);
    }
    r.body = body;
    check_limits(&v, &r, findings);
    free(r.name);
    return !speaks_of(findings, p->key);
}

/* By halving; -1 when plan/ bounds it nowhere. */
static int64_t plan_limit(const struct probe *p)
{
    int64_t low = 1, high = PROBE_MOST;
    if (!takes(p, low) || takes(p, high)) {
        return -1;
    }
    while (high - low > 1) {
        int64_t middle = (low + high) / 2;
        *(takes(p, middle) ? &low : &high) = middle;
    }
    return low;
}

/* ---- what zoho/ keeps to: what it puts into one request, what it thinks a request costs ---- */

static int64_t first_request(const char *kind, const char *module, json_t *stolen, const char *path)
{
    AUTO_JSON json_t *body = stolen, *requests = json_array();
    struct err e = {0};
    struct crm_change ch = {.kind = kind, .action = "update", .module = module, .name = "Standard/X", .body = body};
    AUTO_JSON json_t *live = json_pack("{s:s}", "id", "7");
    ch.live = live;
    if (crm_requests(&ch, requests, &e)) {
        fail_msg("%s: %s", kind, e.what);
    }
    json_t *first = js_obj(json_array_get(requests, 0), "body");
    return (int64_t)json_array_size(js_path(first, path));
}

static json_t *many(size_t n, const char *key)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *o = json_pack("{s:i}", key, (int)i);
        js_set_strf(o, "id", "%zu", i + 1);
        json_array_append_new(list, o);
    }
    return list;
}

static int64_t rows_a_request(void)
{
    return first_request("records", NULL,
                         json_pack("{s:s,s:o,s:[]}", "module", "Leads", "updates", many(250, "X"), "trigger"), "data");
}

static int64_t fields_a_request(void)
{
    return first_request(
        "layout_section", "Quotes",
        json_pack("{s:s,s:{s:s},s:o}", "layout_id", "20", "section", "id", "21", "fields", many(12, "sequence_number")),
        "layouts[0].sections[0].fields");
}

static int64_t price(const char *method, const char *path, size_t rows, const char *cvid)
{
    AUTO_JSON json_t *query = cvid ? json_pack("{s:s}", "cvid", cvid) : NULL;
    AUTO_JSON json_t *body = rows ? json_pack("{s:o}", "data", many(rows, "X")) : NULL;
    struct zoho_request rq = {.method = method, .path = path, .query = query, .json = body};
    return limit_price(&rq);
}

static int64_t price_module(void)
{
    return price("POST", "/crm/v8/settings/modules", 0, NULL);
}

static int64_t price_module_planned(void)
{
    return kind_find("module")->credits_create;
}

static int64_t price_bulk_read(void)
{
    return price("POST", "/crm/bulk/v8/read", 0, NULL);
}

static int64_t price_bulk_write(void)
{
    return price("POST", "/crm/bulk/v8/write", 0, NULL);
}

static int64_t price_view(void)
{
    return price("GET", "/crm/v8/Leads", 0, "1");
}

static int64_t rows_a_credit(void)
{
    int64_t n = 1;
    while (price("POST", "/crm/v8/Leads", (size_t)n + 1, NULL) == 1) {
        n++;
    }
    return n;
}

/* The most rows of a query for this many credits. */
static int64_t query_rows(int credits)
{
    int64_t n = 1;
    while (limit_price_rows((size_t)n + 1) <= credits) {
        n++;
    }
    return n;
}

static int64_t query_rows_1(void)
{
    return query_rows(1);
}

static int64_t query_rows_2(void)
{
    return query_rows(2);
}

static int64_t most_at_once(void)
{
    return editions[editions_n - 1].concurrent;
}

/* ---- both, side by side ---- */

struct pair {
    const char *limit; /* of sandbox/limits.h; "=…" is not one of its rows: `other` says it */
    struct probe probe;
    int64_t (*zoho)(void);
    int64_t value; /* a constant of zoho/, when neither a probe nor a function */
    int64_t (*other)(void);
};

static const struct pair pairs[] = {
    {.limit = "MODULE_LABEL", .probe = {"module", "singular_label", false}},
    {.limit = "MODULE_LABEL", .probe = {"module", "plural_label", false}},
    {.limit = "MODULE_API_NAME", .probe = {"module", "", false}},
    {.limit = "GLOBAL_LABEL", .probe = {"global_picklist", "display_label", false}},
    {.limit = "GLOBAL_VALUES", .probe = {"global_picklist", "pick_list_values", true}},
    {.limit = "RULE_NAME", .probe = {"workflow_rule", "name", false}},
    {.limit = "VALIDATION_MESSAGE", .probe = {"validation_rule", "message", false}},
    {.limit = "VIEW_FIELDS", .probe = {"custom_view", "fields", true}},
    {.limit = "VIEW_CROSS_FILTERS", .probe = {"custom_view", "cross_filters", true}},
    {.limit = "LOCKING_RULES", .probe = {"record_locking", "locking_rules", true}},
    {.limit = "BLUEPRINT_PARTS_PER_CALL", .probe = {"blueprint", "states", true}},
    {.limit = "BLUEPRINT_PARTS_PER_CALL", .probe = {"blueprint", "transitions", true}},
    {.limit = "LAYOUT_FIELDS_PER_CALL", .zoho = fields_a_request},
    {.limit = "RECORDS_PER_CALL", .zoho = rows_a_request},
    {.limit = "RECORDS_PER_CREDIT", .zoho = rows_a_credit},
    {.limit = "COQL_ROWS", .value = COQL_PAGE},
    {.limit = "COQL_REACH", .value = COQL_MAX_ROWS},
    {.limit = "COQL_CREDIT_ROWS_1", .zoho = query_rows_1},
    {.limit = "COQL_CREDIT_ROWS_2", .zoho = query_rows_2},
    {.limit = "CREDITS_MODULE", .zoho = price_module},
    {.limit = "CREDITS_MODULE", .zoho = price_module_planned},
    {.limit = "CREDITS_BULK_READ", .zoho = price_bulk_read},
    {.limit = "CREDITS_BULK_WRITE", .zoho = price_bulk_write},
    {.limit = "CREDITS_VIEW", .zoho = price_view},
    {.limit = "HEAVY_CALLS", .value = LIMIT_HEAVY},
    {.limit = "TOKEN_LIFE_S", .value = TOKEN_LIFE_S},
    {.limit = "TOKEN_WINDOW_S", .value = TOKEN_WINDOW_S},
    {.limit = "TOKEN_MINTS", .value = TOKEN_MINTS},
    {.limit = "=calls at once, highest edition", .value = LIMIT_PARALLEL_MAX, .other = most_at_once},
};

/* Differences that are meant, with the reason. */
static const struct {
    const char *limit, *why;
} explained[] = {
    {"tasks", "no page gives a number for task actions: plan/ bounds them nowhere (50 is where this test stops), the "
              "sandbox takes five"},
    {"COQL_REACH",
     "limit and offset end there; zoho/ pages by key (id > the last one read), which has no such end, and stops "
     "at a bound of its own"},
};

static const char *reason(const char *limit)
{
    for (size_t i = 0; i < sizeof explained / sizeof *explained; i++) {
        if (strcmp(explained[i].limit, limit) == 0) {
            return explained[i].why;
        }
    }
    return NULL;
}

/* Prints one line; 1 when it differs without a reason. */
static size_t compared(const char *limit, const char *of, int64_t ours, int64_t sandbox)
{
    const char *why = ours == sandbox ? NULL : reason(limit);
    printf("%-32s %-34s %8lld %8lld%s%s\n", limit, of, (long long)ours, (long long)sandbox,
           ours == sandbox ? ""
           : why           ? "  differs: "
                           : "  DIFFERS",
           why ? why : "");
    return ours != sandbox && !why;
}

static void both_readings_of_the_limits_agree_or_say_why_not(void **state)
{
    size_t bad = 0;
    (void)state;
    printf("%-32s %-34s %8s %8s\n", "limit", "as", "plan/zoho", "sandbox");
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const struct pair *p = &pairs[i];
        int64_t ours = p->probe.kind ? plan_limit(&p->probe) : p->zoho ? p->zoho() : p->value;
        int64_t theirs = p->other ? p->other() : limit_value(p->limit);
        AUTO_FREE char *of = p->probe.kind ? mem_printf("%s %s", p->probe.kind, *p->probe.key ? p->probe.key : "(name)")
                                           : mem_dup("zoho/");
        bad += compared(p->limit, of, ours, theirs);
    }
    assert_int_equal(bad, 0);
}

/* Actions a condition may have, by type. */
static bool takes_actions(const char *type, size_t n)
{
    json_t *actions = json_array();
    for (size_t i = 0; i < n; i++) {
        json_array_append_new(actions, json_pack("{s:s,s:s}", "type", type, "id", "1"));
    }
    AUTO_JSON json_t *body = json_pack("{s:{s:s},s:[{s:{s:o}}]}", "execute_when", "type", "create", "conditions",
                                       "instant_actions", "actions", actions);
    AUTO_JSON json_t *findings = json_array();
    struct resource r = {.kind = kind_find("workflow_rule"), .name = mem_dup("Name"), .body = body};
    struct kind_view v = {0};
    r.kind->check(&v, &r, findings);
    free(r.name);
    return !speaks_of(findings, "conditions");
}

static void both_readings_of_a_rules_actions_agree(void **state)
{
    size_t bad = 0;
    (void)state;
    for (size_t i = 0; i < rule_actions_n; i++) {
        int64_t ours = 0;
        while (ours < 50 && takes_actions(rule_actions[i].type, (size_t)ours + 1)) {
            ours++;
        }
        bad += compared(rule_actions[i].type, "actions of a rule", ours, rule_actions[i].limit);
    }
    assert_int_equal(bad, 0);
}

static void every_limit_has_a_source(void **state)
{
    static const char *const tags[] = {"zoho-api.md ", "DOC:", "ACC:", "OAS2"}; /* zoho-api.md 0.2 */
    (void)state;
    for (size_t i = 0; i < limit_rows_n; i++) {
        assert_true(limit_rows[i].value > 0);
        bool known = false;
        for (size_t k = 0; k < sizeof tags / sizeof *tags; k++) {
            known = known || strstr(limit_rows[i].source, tags[k]);
        }
        if (!known) {
            fail_msg("%s has the source '%s'", limit_rows[i].name, limit_rows[i].source);
        }
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(limit_rows[i].name, limit_rows[k].name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_readings_of_the_limits_agree_or_say_why_not),
        cmocka_unit_test(both_readings_of_a_rules_actions_agree),
        cmocka_unit_test(every_limit_has_a_source),
    };
    return cmocka_run_group_tests_name("agent/limits", tests, NULL, NULL);
}
