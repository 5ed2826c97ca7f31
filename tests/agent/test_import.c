/*
 * quote-bom under an import: a thousand quotes come by bulk write, their lines in a file of their own; none is refused, and those
 * that differ are marked. That Zoho runs automation on a bulk write is unproven: with the switch bulk_quiet nothing is marked.
 */
#include <zip.h>

#include "base/sb.h"
#include "sandbox/inside.h"
#include "tests/agent/shell.h"
#include "tests/sandbox/client.h"
#include "tests/test.h"

enum { QUOTES = 1000, SAMPLE = 20, EVERY = 10 /* one in so many differs */, FILE_BYTES = 4 << 20 };

static char *make(struct client *c, const char *module, const char *fields)
{
    AUTO_FREE char *path = mem_printf("/crm/v8/%s", module),
                   *body = mem_printf("{\"trigger\":[],\"data\":[{%s}]}", fields);
    return client_made(c, 201, "POST", path, body);
}

/* One archive with both files; caller frees. */
static char *zipped(const struct sb *quotes, const struct sb *lines, size_t *n)
{
    zip_error_t why;
    zip_error_init(&why);
    zip_source_t *out = zip_source_buffer_create(NULL, 0, 0, &why);
    assert_non_null(out);
    zip_source_keep(out);
    zip_t *z = zip_open_from_source(out, ZIP_TRUNCATE, &why);
    assert_non_null(z);
    assert_true(zip_file_add(z, "quotes.csv", zip_source_buffer(z, quotes->buf, quotes->len, 0), 0) >= 0);
    assert_true(zip_file_add(z, "lines.csv", zip_source_buffer(z, lines->buf, lines->len, 0), 0) >= 0);
    assert_int_equal(zip_close(z), 0);
    zip_stat_t st;
    assert_int_equal(zip_source_stat(out, &st), 0);
    char *data = mem_alloc(st.size);
    assert_int_equal(zip_source_open(out), 0);
    assert_int_equal(zip_source_read(out, data, st.size), (zip_int64_t)st.size);
    zip_source_close(out);
    zip_source_free(out);
    *n = st.size;
    return data;
}

/* The id of the uploaded archive; caller frees. */
static char *uploaded(struct client *c, const char *zip, size_t n)
{
    AUTO_FREE char *org = mem_printf("X-CRM-ORG: %s", js_str(c->info, "zgid"));
    struct sb body = SB_INIT(FILE_BYTES);
    sb_add(&body, "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"quotes.zip\"\r\n\r\n");
    sb_addn(&body, zip, n);
    sb_add(&body, "\r\n--XX--\r\n");
    c->extra = curl_slist_append(curl_slist_append(NULL, "feature: bulk-write"), org);
    c->body_len = body.len;
    AUTO_JSON json_t *a = client_send(c, 200, "POST", "/crm/v8/upload", "multipart/form-data; boundary=XX", body.buf);
    sb_release(&body);
    curl_slist_free_all(c->extra);
    c->extra = NULL;
    return mem_dup(js_str(js_obj(a, "details"), "file_id"));
}

struct column {
    const char *name, *find_by;
};

/* One of the job's resources: a file of the archive, its columns in order; Parent_Id means the first column of the first file. */
static json_t *part(const char *module, const char *archive, const char *name, const struct column *columns)
{
    json_t *mappings = json_array();
    for (int i = 0; columns[i].name; i++) {
        json_t *m = json_pack("{s:s,s:i,s:s*}", "api_name", columns[i].name, "index", i, "find_by", columns[i].find_by);
        if (strcmp(columns[i].name, "Parent_Id") == 0)
            js_set_int(m, "parent_column_index", 0);
        json_array_append_new(mappings, m);
    }
    return json_pack("{s:s,s:{s:s},s:s,s:[s],s:o}", "type", "data", "module", "api_name", module, "file_id", archive,
                     "file_names", name, "field_mappings", mappings);
}

/* `count` quotes with one line each, as one bulk write; each EVERYth sells two pieces fewer than the BOM holds. */
static void import(struct client *c, int count, const char *bom)
{
    struct sb quotes = SB_INIT(FILE_BYTES), lines = SB_INIT(FILE_BYTES);
    size_t n = 0;
    sb_add(&quotes, "Subject,Account,BOM,Ready\n");
    sb_add(&lines, "Quote,Product,Quantity,Price\n");
    for (int i = 0; i < count; i++) {
        sb_addf(&quotes, "TEST quote-bom import %d,TEST account,%s,true\n", i, bom);
        sb_addf(&lines, "TEST quote-bom import %d,TEST module,%d,150\n", i, i % EVERY ? 20 : 18);
    }
    AUTO_FREE char *zip = zipped(&quotes, &lines, &n), *file = uploaded(c, zip, n);
    sb_release(&quotes);
    sb_release(&lines);
    AUTO_JSON json_t *ask = json_pack(
        "{s:s,s:[o,o]}", "operation", "insert", "resource",
        part("Quotes", file, "quotes.csv",
             (struct column[]){
                 {"Subject", NULL}, {"Account_Name", "Account_Name"}, {"BOM", "id"}, {"Ready_to_Send", NULL}, {0}}),
        part(
            "Quoted_Items", file, "lines.csv",
            (struct column[]){
                {"Parent_Id", NULL}, {"Product_Name", "Product_Name"}, {"Quantity", NULL}, {"List_Price", NULL}, {0}}));
    AUTO_FREE char *body = json_dumps(ask, JSON_COMPACT);
    AUTO_FREE char *job = client_made(c, 201, "POST", "/crm/bulk/v8/write", body);
    json_decref(client_get(c, 200, "/crm/bulk/v8/write/%s", job)); /* still in progress */
    AUTO_JSON json_t *done = client_get(c, 200, "/crm/bulk/v8/write/%s", job);
    const json_t *counts = js_obj(js_path(done, "resource[0]"), "file");
    assert_int_equal(js_int(counts, "added_count", -1), count);
    assert_int_equal(js_int(counts, "skipped_count", -1), 0);
}

static int64_t with_status(struct client *c, const char *status)
{
    AUTO_FREE char *query = mem_printf("{\"select_query\":\"select COUNT(id) from Quotes where BOM_Status = '%s' and "
                                       "Subject like 'TEST quote-bom import%%'\"}",
                                       status);
    AUTO_JSON json_t *answer = client_call(c, 200, "POST", "/crm/v8/coql", query);
    const json_t *row = js_path(answer, "data[0]");
    return js_int(row, json_object_iter_key(json_object_iter((json_t *)(uintptr_t)row)), -1);
}

static int64_t happened(struct client *c, const char *kind)
{
    AUTO_JSON json_t *status = sandbox_status(c->s);
    return js_int(js_obj(status, "happened"), kind, 0);
}

/* The org with quote-bom in it. */
static void org_up(struct client *c, const char *switches)
{
    struct clock clock = clock_system();
    struct sandbox_options o = {.db_path = ".zagent/sandbox.db", .refuse = switches};
    *c = (struct client){.now = clock.now_s(clock.ctx)};
    client_up(c, &o);
}

/* What the imported quotes hang on; the BOM's id. Caller frees. */
static char *records(struct client *c)
{
    free(make(c, "Accounts", "\"Account_Name\":\"TEST account\""));
    AUTO_FREE char *product = make(c, "Products", "\"Product_Name\":\"TEST module\",\"Compare_Mode\":\"exact\"");
    char *bom = make(c, "BOMs", "\"Revision\":1");
    AUTO_FREE char *line =
        mem_printf("\"BOM\":{\"id\":\"%s\"},\"Product\":{\"id\":\"%s\"},\"Quantity\":20", bom, product);
    free(make(c, "BOMLines", line));
    return bom;
}

static int enter(void **state)
{
    (void)state;
    shell_enter("import");
    shell_project();
    struct run r = shell("zagent plan quote-bom && zagent apply --yes && zagent sandbox ui && zagent apply --yes && "
                         "zagent sandbox ui && zagent apply --yes && zagent verify && zagent sandbox save applied");
    if (r.status != 0)
        fail_msg("%s%s", r.out, r.err);
    run_release(&r);
    return 0;
}

static void a_bulk_import_of_1000_quotes_is_accepted_and_the_bad_ones_are_marked(void **state)
{
    (void)state;
    struct client c;
    org_up(&c, NULL);
    AUTO_FREE char *bom = records(&c);
    import(&c, QUOTES, bom);
    assert_int_equal(with_status(&c, "Mismatch"), QUOTES / EVERY);
    assert_int_equal(with_status(&c, "Aligned"), QUOTES - QUOTES / EVERY);
    assert_int_equal(happened(&c, "mail"), QUOTES / EVERY); /* one mail a bad quote */
    assert_int_equal(happened(&c, "failed"), 0);
    client_down(&c);
}

static void where_a_bulk_write_sets_nothing_off_no_quote_is_marked(void **state)
{
    (void)state;
    struct client c;
    struct run r = shell("zagent sandbox load applied --yes");
    assert_int_equal(r.status, 0);
    run_release(&r);
    org_up(&c, "bulk_quiet");
    AUTO_FREE char *bom = records(&c);
    import(&c, SAMPLE, bom);
    assert_int_equal(with_status(&c, "Mismatch"), 0);
    assert_int_equal(with_status(&c, "Aligned"), 0);
    assert_int_equal(happened(&c, "mail"), 0);
    client_down(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bulk_import_of_1000_quotes_is_accepted_and_the_bad_ones_are_marked),
        cmocka_unit_test(where_a_bulk_write_sets_nothing_off_no_quote_is_marked),
    };
    return cmocka_run_group_tests(tests, enter, NULL);
}
