/* Bulk read, bulk write, uploads, composite. Sources: zoho-api.md 2.4, 2.5, 2.7; OAS25 and OAS26a bulk_read, bulk_write, upload, files,
 * composite_requests. */
#include <string.h>

#include "base/sb.h"
#include "sandbox/zip_file.h"
#include "tests/sandbox/client.h"

static int up(void **state)
{
    struct client *c = mem_zalloc(sizeof *c);
    client_up(c, NULL);
    *state = c;
    return 0;
}

static int down(void **state)
{
    client_down(*state);
    free(*state);
    return 0;
}

#define READ  "/crm/bulk/v8/read"
#define WRITE "/crm/bulk/v8/write"

/* Sends bytes as the part file; the answer. */
static json_t *upload_bytes(struct client *c, long status, const char *path, const void *data, size_t n)
{
    static const char head[] = "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f.zip\"\r\n\r\n",
                      tail[] = "\r\n--XX--\r\n";
    struct sb b = SB_INIT(32 << 20);
    sb_add(&b, head);
    sb_addn(&b, data, n);
    sb_add(&b, tail);
    c->body_len = b.len;
    json_t *a = client_send(c, status, "POST", path, "multipart/form-data; boundary=XX", b.buf);
    sb_release(&b);
    return a;
}

static void with_headers(struct client *c, const char *feature, const char *org)
{
    curl_slist_free_all(c->extra);
    c->extra = NULL;
    if (feature) {
        c->extra = curl_slist_append(NULL, feature);
    }
    if (org) {
        c->extra = curl_slist_append(c->extra, org);
    }
}

/* Uploads one CSV in a zip; the file's id. Caller frees. */
static char *uploaded(struct client *c, const char *name, const char *csv)
{
    size_t n = 0;
    AUTO_FREE char *zip = zip_pack(name, csv, strlen(csv), &n);
    AUTO_FREE char *org = mem_printf("X-CRM-ORG: %s", js_str(c->info, "zgid"));
    with_headers(c, "feature: bulk-write", org);
    AUTO_JSON json_t *a = upload_bytes(c, 200, "/crm/v8/upload", zip, n);
    with_headers(c, NULL, NULL);
    assert_string_equal(js_str(a, "code"), "FILE_UPLOAD_SUCCESS");
    return mem_dup(js_str(js_obj(a, "details"), "file_id"));
}

/* Asks twice, as a client that waits does; the second answer. */
static json_t *finished(struct client *c, const char *path, const char *id, const char *key, const char *running)
{
    AUTO_JSON json_t *first = client_get(c, 200, "%s/%s", path, id);
    const json_t *one = js_arr(first, "data") ? json_array_get(js_arr(first, "data"), 0) : first;
    assert_string_equal(js_str(one, key), running);
    assert_null(js_obj(one, "result"));
    json_t *second = client_get(c, 200, "%s/%s", path, id);
    one = js_arr(second, "data") ? json_array_get(js_arr(second, "data"), 0) : second;
    assert_string_equal(js_str(one, key), "COMPLETED");
    return second;
}

/* The one CSV behind a finished job's download_url: a path of the API, or a URL of this org. Caller frees. */
static char *result_of(struct client *c, const json_t *job, char **name)
{
    const json_t *one = js_arr(job, "data") ? json_array_get(js_arr(job, "data"), 0) : job;
    const char *url = js_str(js_obj(one, "result"), "download_url"), *host = js_str(c->info, "api_url");
    size_t n = 0;
    assert_non_null(url);
    json_decref(client_get(c, 200, "%s", url + (strncmp(url, host, strlen(host)) == 0 ? strlen(host) : 0)));
    AUTO_JSON json_t *names = zip_names(c->text, c->text_len);
    assert_int_equal(json_array_size(names), 1);
    *name = mem_dup(json_string_value(json_array_get(names, 0)));
    char *csv = zip_content(c->text, c->text_len, *name, 1 << 20, &n);
    assert_non_null(csv);
    return csv;
}

static char *job_of(struct client *c, const char *file_id, const char *operation, const char *module, const char *rest)
{
    AUTO_FREE char *body = mem_printf(
        "{\"operation\":\"%s\",\"resource\":[{\"type\":\"data\",\"module\":{\"api_name\":\"%s\"},\"file_id\":"
        "\"%s\"%s}]}",
        operation, module, file_id, rest);
    return client_made(c, 201, "POST", WRITE, body);
}

static void a_bulk_write_adds_skips_and_says_why(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *file = uploaded(
        c, "products.csv", "Name,Code,Price,Active\n\"Panel, big\",P1,12.5,true\n,P2,1,false\nRail,P3,cheap,true\n");
    AUTO_FREE char *id = job_of(c, file, "insert", "Products",
                                ",\"field_mappings\":[{\"api_name\":\"Product_Name\",\"index\":0},{\"api_name\":"
                                "\"Product_Code\",\"index\":1},{\"api_name\":\"Unit_Price\",\"index\":2},{\"api_name\":"
                                "\"Product_Active\",\"index\":3}]");
    AUTO_JSON json_t *job = finished(c, WRITE, id, "status", "INPROGRESS");
    const json_t *counts = js_obj(json_array_get(js_arr(job, "resource"), 0), "file");
    assert_int_equal(js_int(counts, "added_count", -1), 1);
    assert_int_equal(js_int(counts, "skipped_count", -1), 2);
    assert_int_equal(js_int(counts, "total_count", -1), 3);
    AUTO_FREE char *name = NULL, *csv = NULL;
    assert_non_null(strstr(js_str(js_obj(job, "result"), "download_url"), js_str(c->info, "api_url")));
    csv = result_of(c, job, &name);
    assert_string_equal(name, "Products-products.csv");
    assert_non_null(strstr(csv, "Name,Code,Price,STATUS,RECORD_ID,ERRORS\n\"Panel, big\",P1,12.5,added,"));
    assert_non_null(strstr(csv, ",P2,1,skipped,,MANDATORY_NOT_FOUND-Name\n"));
    assert_non_null(strstr(csv, "Rail,P3,cheap,skipped,,INVALID_DATA-Price\n"));
}

static void a_bulk_upsert_finds_by_a_unique_field(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *old = client_made(c, 201, "POST", "/crm/v8/Products", "{\"data\":[{\"Product_Name\":\"Panel\"}]}");
    AUTO_FREE char *file = uploaded(c, "p.csv", "Product_Name;Unit_Price\nPanel;2\nRail;3\n");
    AUTO_FREE char *id = job_of(c, file, "upsert", "Products", ",\"find_by\":\"Product_Name\"");
    AUTO_JSON json_t *job = finished(c, WRITE, id, "status", "INPROGRESS");
    const json_t *counts = js_obj(json_array_get(js_arr(job, "resource"), 0), "file");
    assert_int_equal(js_int(counts, "updated_count", -1), 1);
    assert_int_equal(js_int(counts, "added_count", -1), 1);
    AUTO_JSON json_t *r = client_get(c, 200, "/crm/v8/Products/%s", old);
    assert_true(json_number_value(json_object_get(js_path(r, "data[0]"), "Unit_Price")) == 2);
    AUTO_FREE char *update = job_of(c, file, "update", "Products", ",\"find_by\":\"Product_Name\"");
    AUTO_JSON json_t *again = client_get(c, 200, WRITE "/%s", update);
    assert_string_equal(js_str(again, "operation"), "update");
}

static void line_items_come_in_a_file_of_their_own(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *account =
        client_made(c, 201, "POST", "/crm/v8/Accounts", "{\"data\":[{\"Account_Name\":\"Acme\"}]}");
    AUTO_FREE char *product =
        client_made(c, 201, "POST", "/crm/v8/Products", "{\"data\":[{\"Product_Name\":\"Panel\"}]}");
    AUTO_FREE char *quotes = uploaded(c, "quotes.csv", "Subject,Account\nQ1,Acme\nQ2,Acme\n"),
                   *lines = uploaded(
                       c, "lines.csv",
                       "Quote,Product,Quantity,Price\nQ1,Panel,2,10\nQ2,Panel,1,1\nQ3,Panel,9,9\nQ1,Panel,1,5\n");
    AUTO_FREE char *body = mem_printf(
        "{\"operation\":\"insert\",\"resource\":[{\"type\":\"data\",\"module\":{\"api_name\":\"Quotes\"},\"file_id\":"
        "\"%s\","
        "\"field_mappings\":[{\"api_name\":\"Subject\",\"index\":0},{\"api_name\":\"Account_Name\",\"index\":1,\"find_"
        "by\":"
        "\"Account_Name\"}]},{\"type\":\"data\",\"module\":{\"api_name\":\"Quoted_Items\"},\"file_id\":\"%s\",\"field_"
        "mappings\":[{\"api_name\":\"Parent_Id\",\"index\":0,\"parent_column_index\":0},{\"api_name\":\"Product_Name\","
        "\"index\":1,\"find_by\":\"Product_Name\"},{\"api_name\":\"Quantity\",\"index\":2},{\"api_name\":\"List_"
        "Price\","
        "\"index\":3}]}]}",
        quotes, lines);
    free(client_made(c, 201, "POST", WRITE, body));
    AUTO_JSON json_t *r = client_get(c, 200, "/crm/v8/Quotes?fields=Subject,Grand_Total,Account_Name&sort_order=asc");
    assert_int_equal(json_array_size(js_arr(r, "data")), 2);
    assert_true(json_number_value(json_object_get(js_path(r, "data[0]"), "Grand_Total")) == 25);
    assert_string_equal(js_str(js_obj(js_path(r, "data[1]"), "Account_Name"), "id"), account);
    assert_non_null(product);
}

static void a_bulk_write_names_what_is_wrong(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *file = uploaded(c, "p.csv", "Product_Name,Unit_Price\nPanel,2\n");
#define RES(module, rest)                                                                                              \
    "{\"operation\":\"insert\",\"resource\":[{\"type\":\"data\",\"module\":{\"api_name\":\"" module "\"}" rest "}]}"
#define FILE_ID ",\"file_id\":\"%s\""
    static const struct {
        const char *body, *code;
    } rows[] = {
        {"{}", "MISSING_REQUIRED_KEY"},
        {"{\"operation\":\"insert\"}", "MISSING_REQUIRED_KEY"},
        {"{\"operation\":\"drop\",\"resource\":[{}]}", "INVALID_DATA"},
        {"{\"operation\":\"insert\",\"resource\":[]}", "INVALID_DATA"},
        {RES("Nowhere", ""), "MODULE_NOT_AVAILABLE"},
        {RES("Products", ",\"file_id\":\"1\""), "INVALID_FILE_ID"},
        {RES("Products", FILE_ID ",\"file_names\":[\"x.csv\"]"), "FILE_NOT_FOUND"},
        {RES("Products", FILE_ID ",\"field_mappings\":[{\"api_name\":\"Nothing\",\"index\":0}]"), "INVALID_FIELD"},
        {RES("Products", FILE_ID ",\"field_mappings\":[{\"api_name\":\"Product_Name\"}]"), "MISSING_REQUIRED_KEY"},
        {RES("Products", FILE_ID ",\"field_mappings\":[{\"api_name\":\"Product_Name\",\"index\":9}]"),
         "COLUMN_INDEX_NOT_FOUND"},
        {RES("Products", FILE_ID ",\"field_mappings\":[{\"api_name\":\"Unit_Price\",\"index\":1}]"),
         "MANDATORY_FIELDS_NOT_MAPPED"},
        {"{\"operation\":\"upsert\",\"resource\":[{\"type\":\"data\",\"module\":{\"api_name\":\"Products\"},\"file_"
         "id\":\"%s\"}]}",
         "MANDATORY_NOT_FOUND"},
        {"{\"operation\":\"insert\",\"resource\":[{\"type\":\"data\",\"module\":{\"api_name\":\"Products\"},\"file_"
         "id\":\"%s\"},"
         "{\"type\":\"data\",\"module\":{\"api_name\":\"Leads\"},\"file_id\":\"%s\"}]}",
         "COEXISTENCE_NOT_ALLOWED"},
        {"{\"callback\":{\"url\":\"ftp://x\",\"method\":\"post\"}}", "INVALID_CALLBACK_URL"},
        {"{\"callback\":{\"url\":\"https://x.example.org\",\"method\":\"get\"}}", "INVALID_CALLBACK_METHOD"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_SB struct sb b = SB_INIT(8192);
        for (const char *p = rows[i].body; *p; p++) {
            bool mark = strncmp(p, "%s", 2) == 0;
            sb_addn(&b, mark ? file : p, mark ? strlen(file) : 1);
            p += mark;
        }
        client_refused(c, 400, "POST", WRITE, b.buf, rows[i].code, NULL);
    }
    client_refused(c, 404, "GET", WRITE "/1", NULL, "RESOURCE_NOT_FOUND", NULL);
    client_refused(c, 404, "GET", "/v2/crm/1/bulk-write/1/1.zip", NULL, "RESOURCE_NOT_FOUND", NULL);
}

static void an_upload_wants_its_headers_and_a_zip(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *org = mem_printf("X-CRM-ORG: %s", js_str(c->info, "zgid"));
    static const struct {
        const char *feature, *org, *code;
    } rows[] = {{NULL, NULL, "MANDATORY_NOT_FOUND"},
                {"feature: bulk-write", NULL, "MANDATORY_NOT_FOUND"},
                {"feature: other", "own", "NOT_SUPPORTED_FEATURE"},
                {"feature: bulk-write", "X-CRM-ORG: 1", "INVALID_DATA"},
                {"feature: bulk-write", "own", "INVALID_FILE_FORMAT"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        with_headers(c, rows[i].feature, rows[i].org && strcmp(rows[i].org, "own") == 0 ? org : rows[i].org);
        AUTO_JSON json_t *a = upload_bytes(c, 400, "/crm/v8/upload", "no zip", 6);
        assert_string_equal(js_str(a, "code"), rows[i].code);
    }
    with_headers(c, NULL, NULL);
}

static void a_file_is_kept_and_given_back(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *a = upload_bytes(c, 200, "/crm/v8/files", "a\0b", 3);
    const char *id = js_str(js_obj(js_path(a, "data[0]"), "details"), "id");
    json_decref(client_get(c, 200, "/crm/v8/files?id=%s", id));
    assert_int_equal(c->text_len, 3);
    assert_memory_equal(c->text, "a\0b", 3);
    json_decref(client_get(c, 204, "/crm/v8/files?id=1"));
    AUTO_JSON json_t *none =
        client_send(c, 400, "POST", "/crm/v8/files", "multipart/form-data; boundary=XX", "--XX--\r\n");
    assert_string_equal(js_str(none, "code"), "failure_in_attachment_handling");
}

static void a_bulk_read_gives_a_zip_with_a_csv(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *vendor = client_made(c, 201, "POST", "/crm/v8/Vendors", "{\"data\":[{\"Vendor_Name\":\"V\"}]}");
    AUTO_FREE char *body =
        mem_printf("{\"data\":[{\"Product_Name\":\"Panel, \\\"big\\\"\",\"Unit_Price\":2.5,\"Vendor_Name\":{"
                   "\"id\":\"%s\"}},{\"Product_Name\":\"Rail\"}]}",
                   vendor);
    free(client_made(c, 201, "POST", "/crm/v8/Products", body));
    AUTO_FREE char *id = client_made(
        c, 201, "POST", READ,
        "{\"query\":{\"module\":{\"api_name\":\"Products\"},\"fields\":[\"Product_Name\",\"Unit_Price\",\"Vendor_"
        "Name\"],"
        "\"criteria\":{\"group_operator\":\"and\",\"group\":[{\"field\":{\"api_name\":\"Product_Name\"},\"comparator\":"
        "\"starts_with\",\"value\":\"P\"}]}}}");
    AUTO_JSON json_t *job = finished(c, READ, id, "state", "IN PROGRESS");
    assert_int_equal(js_int(js_obj(js_path(job, "data[0]"), "result"), "count", 0), 1);
    AUTO_FREE char *name = NULL, *csv = NULL;
    csv = result_of(c, job, &name);
    AUTO_FREE char *want = mem_printf("Product_Name,Unit_Price,Vendor_Name\n\"Panel, \"\"big\"\"\",2.5,%s\n", vendor);
    assert_string_equal(csv, want);
}

static void a_bulk_read_names_what_is_wrong(void **state)
{
#define Q(rest) "{\"query\":{\"module\":{\"api_name\":\"Products\"}" rest "}}"
    static const struct {
        const char *body, *code;
    } rows[] = {
        {"{}", "MANDATORY_NOT_FOUND"},
        {"{\"query\":{}}", "MANDATORY_NOT_FOUND"},
        {"{\"query\":{\"module\":{\"api_name\":\"Nowhere\"}}}", "INVALID_MODULE"},
        {"{\"query\":{\"module\":{\"api_name\":\"Products\"}},\"file_type\":\"ics\"}", "INVALID_DATA"},
        {Q(",\"page\":0"), "PAGE_RANGE_EXCEEDED"},
        {Q(",\"fields\":[\"Nothing\"]"), "INVALID_DATA"},
        {Q(",\"cvid\":\"1\""), "INVALID_DATA"},
        {Q(",\"criteria\":{\"field\":{\"api_name\":\"Nothing\"},\"comparator\":\"equal\",\"value\":\"x\"}"),
         "FIELD_IN_CRITERIA_NOT_SUPPORTED"},
        {Q(",\"criteria\":{\"field\":{\"api_name\":\"Unit_Price\"},\"comparator\":\"contains\",\"value\":\"x\"}"),
         "FIELD_COMPARATOR_IN_CRITERIA_NOT_SUPPORTED"},
        {Q(",\"criteria\":{\"group_operator\":\"xor\",\"group\":[]}"), "GROUP_OPERATOR_NOT_SUPPORTED"},
        {"{\"callback\":{\"url\":\"x\",\"method\":\"post\"}}", "INVALID_CALLBACK_URL"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        client_refused(*state, 400, "POST", READ, rows[i].body, rows[i].code, NULL);
    }
    client_refused(*state, 404, "GET", READ "/1", NULL, "RESOURCE_NOT_FOUND", NULL);
}

static void bulk_jobs_cost_50_and_500_credits(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *file = uploaded(c, "p.csv", "Product_Name\nPanel\n");
    AUTO_JSON json_t *before = sandbox_status(c->s);
    free(client_made(c, 201, "POST", READ, Q("")));
    AUTO_JSON json_t *between = sandbox_status(c->s);
    free(job_of(c, file, "insert", "Products", ""));
    AUTO_JSON json_t *after = sandbox_status(c->s);
    assert_int_equal(js_int(between, "credits", 0) - js_int(before, "credits", 0), 50);
    assert_int_equal(js_int(after, "credits", 0) - js_int(between, "credits", 0), 500);
}

/* ---- composite ---- */

#define COMPOSITE "/crm/v8/__composite_requests"
#define MAKE(id, name)                                                                                                 \
    "{\"sub_request_id\":\"" id                                                                                        \
    "\",\"method\":\"POST\",\"uri\":\"/crm/v8/Products\",\"body\":{\"data\":[{\"Product_Name\":\"" name "\"}]}}"

static int64_t code_of(const json_t *a, size_t i)
{
    return js_int(js_obj(js_obj(json_array_get(js_arr(a, "__composite_requests"), i), "details"), "response"),
                  "status_code", 0);
}

static void a_composite_runs_its_parts_in_order_for_one_credit(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *before = sandbox_status(c->s);
    AUTO_JSON json_t *a = client_call(
        c, 200, "POST", COMPOSITE,
        "{\"__composite_requests\":[" MAKE(
            "1", "A") ",{\"method\":\"GET\",\"uri\":\"/crm/v8/"
                      "Products/@{1:$.data[0].details.id}?fields=Product_Name\"},{\"method\":\"GET\",\"uri\":"
                      "\"/crm/v8/Products\",\"params\":{\"fields\":\"id\"}}]}");
    AUTO_JSON json_t *after = sandbox_status(c->s);
    assert_int_equal(code_of(a, 0), 201);
    assert_int_equal(code_of(a, 1), 200);
    assert_int_equal(code_of(a, 2), 200);
    const json_t *one = js_obj(js_obj(json_array_get(js_arr(a, "__composite_requests"), 1), "details"), "response");
    assert_string_equal(js_str(js_path(js_obj(one, "body"), "data[0]"), "Product_Name"), "A");
    assert_int_equal(js_int(after, "credits", 0) - js_int(before, "credits", 0), 1);
}

static void a_part_that_fails_leaves_the_others(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *a =
        client_call(c, 207, "POST", COMPOSITE,
                    "{\"__composite_requests\":[" MAKE("1", "A") "," MAKE("2", "") "," MAKE("3", "B") "]}");
    assert_int_equal(code_of(a, 1), 400);
    AUTO_JSON json_t *n = client_get(c, 200, "/crm/v8/Products/actions/count");
    assert_int_equal(js_int(n, "count", 0), 2);
}

static void rollback_on_fail_takes_all_back(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *a = client_call(c, 207, "POST", COMPOSITE,
                                      "{\"rollback_on_fail\":true,\"__composite_requests\":[" MAKE("1", "A") "," MAKE(
                                          "2", "") "," MAKE("3", "B") "]}");
    const json_t *list = js_arr(a, "__composite_requests");
    assert_string_equal(js_str(json_array_get(list, 0), "code"), "ROLLBACK_PERFORMED");
    assert_string_equal(js_str(json_array_get(list, 2), "code"), "PROCESSING_STOPPED");
    AUTO_JSON json_t *n = client_get(c, 200, "/crm/v8/Products/actions/count");
    assert_int_equal(js_int(n, "count", -1), 0);
}

static void a_composite_names_what_is_wrong(void **state)
{
    static const struct {
        const char *body, *code;
    } rows[] = {
        {"{}", "MANDATORY_NOT_FOUND"},
        {"{\"__composite_requests\":[]}", "INVALID_DATA"},
        {"{\"__composite_requests\":[{},{},{},{},{},{}]}", "INVALID_DATA"},
        {"{\"__composite_requests\":[{\"uri\":\"/crm/v8/org\"}]}", "MANDATORY_NOT_FOUND"},
        {"{\"__composite_requests\":[{\"method\":\"GET\"}]}", "MANDATORY_NOT_FOUND"},
        {"{\"__composite_requests\":[{\"method\":\"LIST\",\"uri\":\"/crm/v8/org\"}]}", "INVALID_DATA"},
        {"{\"__composite_requests\":[{\"method\":\"GET\",\"uri\":\"/oauth/v2/token\"}]}", "INVALID_DATA"},
        {"{\"__composite_requests\":[{\"method\":\"POST\",\"uri\":\"/crm/v8/__composite_requests\"}]}",
         "NOT_SUPPORTED"},
        {"{\"__composite_requests\":[" MAKE("1", "A") "," MAKE("1", "B") "]}", "DUPLICATE_DATA"},
        {"{\"rollback_on_fail\":true,\"parallel_execution\":true,\"__composite_requests\":[" MAKE("1", "A") "]}",
         "AMBIGUITY_DURING_PROCESSING"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        client_refused(*state, 400, "POST", COMPOSITE, rows[i].body, rows[i].code, NULL);
    }
    AUTO_JSON json_t *a =
        client_call(*state, 207, "POST", COMPOSITE,
                    "{\"__composite_requests\":[{\"method\":\"GET\",\"uri\":\"/crm/v8/Products/@{9:$.x}\"}]}");
    assert_string_equal(js_str(json_array_get(js_arr(a, "__composite_requests"), 0), "code"), "INVALID_REFERENCE");
}

static void a_composite_asks_each_parts_scope(void **state)
{
    (void)state;
    struct client c = {0};
    struct sandbox_options o = {.refuse = "scope:ZohoCRM.org"};
    client_up(&c, &o);
    AUTO_JSON json_t *a = client_call(&c, 207, "POST", COMPOSITE,
                                      "{\"__composite_requests\":[{\"method\":\"GET\",\"uri\":\"/crm/v8/org\"}]}");
    assert_int_equal(code_of(a, 0), 401);
    client_down(&c);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, up, down)
    const struct CMUnitTest tests[] = {
        T(a_bulk_write_adds_skips_and_says_why),   T(a_bulk_upsert_finds_by_a_unique_field),
        T(line_items_come_in_a_file_of_their_own), T(a_bulk_write_names_what_is_wrong),
        T(an_upload_wants_its_headers_and_a_zip),  T(a_file_is_kept_and_given_back),
        T(a_bulk_read_gives_a_zip_with_a_csv),     T(a_bulk_read_names_what_is_wrong),
        T(bulk_jobs_cost_50_and_500_credits),      T(a_composite_runs_its_parts_in_order_for_one_credit),
        T(a_part_that_fails_leaves_the_others),    T(rollback_on_fail_takes_all_back),
        T(a_composite_names_what_is_wrong),        cmocka_unit_test(a_composite_asks_each_parts_scope),
    };
    return cmocka_run_group_tests_name("sandbox/bulk", tests, NULL, NULL);
}
