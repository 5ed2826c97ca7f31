/* quote-bom under an import: a thousand quotes come in by API, none is refused, and those that differ are marked. */
#include "sandbox/inside.h"
#include "tests/agent/shell.h"
#include "tests/test.h"

enum { QUOTES = 1000, AT_ONCE = 100, EVERY = 10 /* one in so many differs */ };

static char *make(struct sandbox *s, const char *module, const json_t *record)
{
    AUTO_FREE char *path = mem_printf("/crm/v8/%s", module);
    AUTO_JSON json_t *body = json_pack("{s:[O],s:[]}", "data", record, "trigger"), *answer = NULL;
    if (sandbox_call(s, NULL, "POST", path, body, &answer) != 201) {
        AUTO_FREE char *text = answer ? json_dumps(answer, 0) : NULL;
        fail_msg("%s: %s", module, text ? text : "no answer");
    }
    return mem_dup(js_str(js_obj(js_path(answer, "data[0]"), "details"), "id"));
}

static json_t *quote(int n, const char *account, const char *bom, const char *product)
{
    json_t *q = json_pack("{s:{s:s},s:{s:s},s:b,s:[{s:{s:s},s:i,s:i}]}", "Account_Name", "id", account, "BOM", "id",
                          bom, "Ready_to_Send", 1, "Quoted_Items", "Product_Name", "id", product, "Quantity",
                          n % EVERY ? 20 : 18, "List_Price", 150);
    js_set_strf(q, "Subject", "TEST quote-bom import %d", n);
    return q;
}

static int64_t with_status(struct sandbox *s, const char *status)
{
    AUTO_JSON json_t *answer = NULL;
    AUTO_JSON json_t *query = json_object();
    js_set_strf(query, "select_query",
                "select COUNT(id) from Quotes where BOM_Status = '%s' and Subject like 'TEST quote-bom import%%'",
                status);
    assert_int_equal(sandbox_call(s, NULL, "POST", "/crm/v8/coql", query, &answer), 200);
    const json_t *row = js_path(answer, "data[0]");
    const char *key = json_object_iter_key(json_object_iter((json_t *)(uintptr_t)row));
    return js_int(row, key, -1);
}

static void a_bulk_import_of_1000_quotes_is_accepted_and_the_bad_ones_are_marked(void **state)
{
    (void)state;
    struct err e = {0};
    struct sandbox *s = NULL;
    shell_enter("import");
    shell_project();
    struct run r = shell("zagent plan quote-bom && zagent apply --yes && zagent sandbox ui && zagent apply --yes && "
                         "zagent sandbox ui && zagent apply --yes && zagent verify");
    if (r.status != 0)
        fail_msg("%s%s", r.out, r.err);
    run_release(&r);
    struct sandbox_options so = {.db_path = ".zagent/sandbox.db", .clock = clock_system()};
    assert_int_equal(sandbox_open(&s, &so, &e), 0);
    AUTO_JSON json_t *a = json_pack("{s:s}", "Account_Name", "TEST account");
    AUTO_JSON json_t *p = json_pack("{s:s,s:s}", "Product_Name", "TEST module", "Compare_Mode", "exact");
    AUTO_JSON json_t *b = json_pack("{s:i}", "Revision", 1);
    AUTO_FREE char *account = make(s, "Accounts", a), *product = make(s, "Products", p), *bom = make(s, "BOMs", b);
    AUTO_JSON json_t *line =
        json_pack("{s:{s:s},s:{s:s},s:i}", "BOM", "id", bom, "Product", "id", product, "Quantity", 20);
    free(make(s, "BOMLines", line));
    for (int from = 0; from < QUOTES; from += AT_ONCE) {
        AUTO_JSON json_t *body = json_object(), *answer = NULL;
        json_t *rows = json_array();
        for (int i = from; i < from + AT_ONCE; i++)
            json_array_append_new(rows, quote(i, account, bom, product));
        js_set(body, "data", rows);
        assert_int_equal(sandbox_call(s, NULL, "POST", "/crm/v8/Quotes", body, &answer), 201);
    }
    assert_int_equal(with_status(s, "Mismatch"), QUOTES / EVERY);
    assert_int_equal(with_status(s, "Aligned"), QUOTES - QUOTES / EVERY);
    AUTO_JSON json_t *status = sandbox_status(s);
    assert_int_equal(js_int(js_obj(status, "happened"), "mail", 0), QUOTES / EVERY); /* one mail a bad quote */
    assert_int_equal(js_int(js_obj(status, "happened"), "failed", 0), 0);
    sandbox_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bulk_import_of_1000_quotes_is_accepted_and_the_bad_ones_are_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
