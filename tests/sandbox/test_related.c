/* What hangs on records: related lists, notes, attachments, tags; mass update and clone. Sources: OAS26a related_records, notes,
 * attachments, tags, tags_actions, mass_update, record; zoho-api.md 2.1, 2.7. */
#include <string.h>

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

static char *account(struct client *c, const char *name)
{
    AUTO_FREE char *body = mem_printf("{\"data\":[{\"Account_Name\":\"%s\"}]}", name);
    return client_made(c, 201, "POST", "/crm/v8/Accounts", body);
}

static char *contact(struct client *c, const char *name)
{
    AUTO_FREE char *body = mem_printf("{\"data\":[{\"Last_Name\":\"%s\"}]}", name);
    return client_made(c, 201, "POST", "/crm/v8/Contacts", body);
}

static void a_related_list_is_read_linked_and_unlinked(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *a = account(c, "Acme"), *x = contact(c, "X"), *y = contact(c, "Y");
    AUTO_FREE char *path = mem_printf("/crm/v8/Accounts/%s/Contacts", a);
    AUTO_FREE char *both = mem_printf("{\"data\":[{\"id\":\"%s\"},{\"id\":\"%s\"}]}", x, y);
    AUTO_FREE char *one = mem_printf("%s/%s", path, x), *fields = mem_printf("%s?fields=Last_Name", path);
    json_decref(client_call(c, 204, "GET", fields, NULL));
    json_decref(client_call(c, 200, "PUT", path, both));
    AUTO_JSON json_t *two = client_call(c, 200, "GET", fields, NULL);
    assert_int_equal(json_array_size(js_arr(two, "data")), 2);
    free(client_made(c, 200, "DELETE", one, NULL));
    json_decref(client_call(c, 204, "GET", one, NULL));
    AUTO_FREE char *again = mem_printf("%s?ids=%s", path, x);
    client_refused(c, 400, "DELETE", again, NULL, "INVALID_DATA", NULL);
    AUTO_JSON json_t *left = client_get(c, 200, "/crm/v8/Contacts/%s", y);
    assert_string_equal(js_str(js_obj(js_path(left, "data[0]"), "Account_Name"), "id"), a);
}

static void a_related_list_names_what_is_wrong(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *a = account(c, "Acme");
    AUTO_FREE char *no_fields = mem_printf("/crm/v8/Accounts/%s/Contacts", a),
                   *no_list = mem_printf("/crm/v8/Accounts/%s/Nothings?fields=id", a),
                   *no_id = mem_printf("/crm/v8/Accounts/%s/Contacts", a);
    client_refused(c, 400, "GET", no_fields, NULL, "REQUIRED_PARAM_MISSING", NULL);
    client_refused(c, 400, "GET", no_list, NULL, "INVALID_DATA", NULL);
    client_refused(c, 400, "PUT", no_id, "{\"data\":[{}]}", "MANDATORY_NOT_FOUND", "$.data[0].id");
    client_refused(c, 400, "DELETE", no_id, NULL, "REQUIRED_PARAM_MISSING", NULL);
    client_refused(c, 400, "GET", "/crm/v8/Accounts/1/Contacts?fields=id", NULL, "INVALID_DATA", NULL);
    client_refused(c, 404, "GET", "/crm/v8/Accounts/actions/Contacts", NULL, "INVALID_URL_PATTERN", NULL);
}

static void a_lookup_that_must_be_there_cannot_be_unlinked(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *a = account(c, "Acme");
    AUTO_FREE char *p = client_made(c, 201, "POST", "/crm/v8/Products", "{\"data\":[{\"Product_Name\":\"P\"}]}");
    AUTO_FREE char *body =
        mem_printf("{\"data\":[{\"Subject\":\"Q\",\"Account_Name\":{\"id\":\"%s\"},\"Quoted_Items\":[{"
                   "\"Product_Name\":{\"id\":\"%s\"},\"Quantity\":1}]}]}",
                   a, p);
    AUTO_FREE char *q = client_made(c, 201, "POST", "/crm/v8/Quotes", body);
    AUTO_FREE char *path = mem_printf("/crm/v8/Accounts/%s/Quotes/%s", a, q);
    client_refused(c, 400, "DELETE", path, NULL, "MANDATORY_NOT_FOUND", NULL);
}

static void notes_hang_on_their_record(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *a = account(c, "Acme"), *b = account(c, "Beta");
    AUTO_FREE char *path = mem_printf("/crm/v8/Accounts/%s/Notes", a);
    AUTO_FREE char *id =
        client_made(c, 201, "POST", path, "{\"data\":[{\"Note_Title\":\"T\",\"Note_Content\":\"called\"}]}");
    AUTO_FREE char *list = mem_printf("%s?fields=Note_Title,Note_Content,Parent_Id", path),
                   *one = mem_printf("%s/%s", path, id), *elsewhere = mem_printf("/crm/v8/Accounts/%s/Notes/%s", b, id);
    AUTO_JSON json_t *notes = client_call(c, 200, "GET", list, NULL);
    const json_t *parent = js_obj(js_path(notes, "data[0]"), "Parent_Id");
    assert_string_equal(js_str(parent, "id"), a);
    assert_string_equal(js_str(parent, "name"), "Acme");
    assert_string_equal(js_str(js_obj(parent, "module"), "api_name"), "Accounts");
    free(client_made(c, 200, "PUT", one, "{\"data\":[{\"Note_Title\":\"U\"}]}"));
    AUTO_JSON json_t *now = client_get(c, 200, "/crm/v8/Notes/%s", id);
    assert_string_equal(js_str(js_path(now, "data[0]"), "Note_Title"), "U");
    client_refused(c, 400, "GET", elsewhere, NULL, "INVALID_DATA", NULL);
    client_refused(c, 400, "POST", path, "{\"data\":[{\"Note_Title\":\"T\"}]}", "MANDATORY_NOT_FOUND",
                   "$.data[0].Note_Content");
    free(client_made(c, 200, "DELETE", one, NULL));
    json_decref(client_call(c, 204, "GET", list, NULL));
}

#define BOUNDARY               "multipart/form-data; boundary=XX"
#define PART(name, more, body) "--XX\r\nContent-Disposition: form-data; name=\"" name "\"" more "\r\n\r\n" body "\r\n"

static void a_file_is_attached_listed_read_and_removed(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *a = account(c, "Acme");
    AUTO_FREE char *path = mem_printf("/crm/v8/Accounts/%s/Attachments", a);
    AUTO_JSON json_t *made =
        client_send(c, 200, "POST", path, BOUNDARY, PART("file", "; filename=\"plan.txt\"", "two\nlines") "--XX--\r\n");
    const char *id = js_str(js_obj(js_path(made, "data[0]"), "details"), "id");
    AUTO_FREE char *one = mem_printf("%s/%s", path, id), *list = mem_printf("%s?fields=File_Name,Size,Parent_Id", path);
    AUTO_JSON json_t *all = client_call(c, 200, "GET", list, NULL);
    assert_string_equal(js_str(js_path(all, "data[0]"), "File_Name"), "plan.txt");
    assert_string_equal(js_str(js_path(all, "data[0]"), "Size"), "9");
    json_decref(client_call(c, 200, "GET", one, NULL));
    assert_string_equal(c->text, "two\nlines");
    assert_non_null(strstr(c->headers, "plan.txt"));
    free(client_made(c, 200, "DELETE", one, NULL));
    client_refused(c, 400, "GET", one, NULL, "INVALID_DATA", NULL);
    json_decref(client_call(c, 204, "GET", list, NULL));
}

static void a_link_is_attached_and_cannot_be_downloaded(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *a = account(c, "Acme");
    AUTO_FREE char *path = mem_printf("/crm/v8/Accounts/%s/Attachments", a);
    AUTO_JSON json_t *made = client_send(c, 200, "POST", path, BOUNDARY,
                                         PART("attachmentUrl", "", "https://files.example.org/a") "--XX--\r\n");
    AUTO_FREE char *one = mem_printf("%s/%s", path, js_str(js_obj(js_path(made, "data[0]"), "details"), "id"));
    client_refused(c, 400, "GET", one, NULL, "DOWNLOAD_NOT_ALLOWED", NULL);
    client_refused(c, 400, "GET", path, NULL, "REQUIRED_PARAM_MISSING", NULL);
    AUTO_JSON json_t *none = client_send(c, 400, "POST", path, BOUNDARY, PART("other", "", "x") "--XX--\r\n");
    assert_string_equal(js_str(none, "code"), "MANDATORY_NOT_FOUND");
}

static void an_attachment_over_20_mb_is_refused(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *a = account(c, "Acme");
    AUTO_FREE char *path = mem_printf("/crm/v8/Accounts/%s/Attachments", a);
    size_t n = 20 * 1024 * 1024 + 1;
    AUTO_FREE char *fill = mem_zalloc(n + 1);
    memset(fill, 'x', n);
    AUTO_FREE char *body = mem_printf(PART("file", "; filename=\"big\"", "%s") "--XX--\r\n", fill);
    AUTO_JSON json_t *r = client_send(c, 413, "POST", path, BOUNDARY, body);
    assert_string_equal(js_str(r, "code"), "FILE_SIZE_MORE_THAN_ALLOWED_SIZE");
}

static json_t *tags_of(struct client *c, const char *id)
{
    AUTO_JSON json_t *a = client_get(c, 200, "/crm/v8/Accounts/%s", id);
    return json_incref(js_arr(js_path(a, "data[0]"), "Tag"));
}

static void tags_are_put_on_records_and_taken_off(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *a = account(c, "Acme"), *b = account(c, "Beta");
    AUTO_FREE char *add = mem_printf("/crm/v8/Accounts/%s/actions/add_tags", a),
                   *off = mem_printf("/crm/v8/Accounts/%s/actions/remove_tags", a),
                   *both = mem_printf("{\"tags\":[{\"name\":\"warm\"}],\"ids\":[\"%s\",\"%s\",\"1\"]}", a, b);
    free(client_made(c, 200, "POST", add, "{\"tags\":[{\"name\":\"hot\",\"color_code\":\"#F48435\"}]}"));
    AUTO_JSON json_t *mixed = client_call(c, 207, "POST", "/crm/v8/Accounts/actions/add_tags", both);
    assert_string_equal(js_str(mixed, "success_count"), "2");
    AUTO_JSON json_t *two = tags_of(c, a);
    assert_int_equal(json_array_size(two), 2);
    free(client_made(c, 200, "POST", off, "{\"tags\":[{\"name\":\"hot\"}]}"));
    AUTO_JSON json_t *one = tags_of(c, a);
    assert_true(json_array_size(one) == 1 && has(one, "name", "warm"));
    free(client_made(c, 200, "POST", add, "{\"tags\":[{\"name\":\"cold\"}],\"over_write\":true}"));
    AUTO_JSON json_t *over = tags_of(c, a);
    assert_true(json_array_size(over) == 1 && has(over, "name", "cold"));
    AUTO_JSON json_t *all = client_get(c, 200, "/crm/v8/settings/tags?module=Accounts");
    assert_int_equal(json_array_size(js_arr(all, "tags")), 3);
}

static void tags_are_made_renamed_merged_and_removed(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *a = account(c, "Acme");
    AUTO_FREE char *add = mem_printf("/crm/v8/Accounts/%s/actions/add_tags", a);
    AUTO_FREE char *hot =
        client_made(c, 201, "POST", "/crm/v8/settings/tags?module=Accounts", "{\"tags\":[{\"name\":\"hot\"}]}");
    AUTO_FREE char *warm =
        client_made(c, 201, "POST", "/crm/v8/settings/tags?module=Accounts", "{\"tags\":[{\"name\":\"warm\"}]}");
    AUTO_FREE char *rename = mem_printf("/crm/v8/settings/tags/%s?module=Accounts", hot),
                   *merge = mem_printf("/crm/v8/settings/tags/%s/actions/merge", hot),
                   *into = mem_printf("{\"tags\":[{\"conflict_id\":\"%s\"}]}", warm),
                   *gone = mem_printf("/crm/v8/settings/tags/%s", warm);
    free(client_made(c, 200, "PUT", rename, "{\"tags\":[{\"name\":\"very hot\"}]}"));
    free(client_made(c, 200, "POST", add, "{\"tags\":[{\"name\":\"very hot\"}]}"));
    free(client_made(c, 200, "POST", merge, into));
    AUTO_JSON json_t *merged = tags_of(c, a);
    assert_true(json_array_size(merged) == 1 && has(merged, "name", "warm"));
    AUTO_JSON json_t *n = client_get(c, 200, "/crm/v8/settings/tags/%s/actions/records_count?module=Accounts", warm);
    assert_string_equal(js_str(n, "count"), "1");
    free(client_made(c, 200, "DELETE", gone, NULL));
    AUTO_JSON json_t *none = tags_of(c, a);
    assert_int_equal(json_array_size(none), 0);
    client_refused(c, 400, "DELETE", gone, NULL, "INVALID_DATA", NULL);
}

static void tags_name_what_is_wrong(void **state)
{
    struct client *c = *state;
    static const char path[] = "/crm/v8/settings/tags?module=Leads";
    client_refused(c, 400, "POST", path, "{\"tags\":[{}]}", "MANDATORY_NOT_FOUND", "$.tags[0].name");
    client_refused(c, 400, "POST", path, "{\"tags\":[{\"name\":\"abcdefghijklmnopqrstuvwxyz\"}]}", "INVALID_DATA",
                   "$.tags[0].name");
    free(client_made(c, 201, "POST", path, "{\"tags\":[{\"name\":\"hot\"}]}"));
    client_refused(c, 400, "POST", path, "{\"tags\":[{\"name\":\"HOT\"}]}", "DUPLICATE_DATA", "$.tags[0].name");
    client_refused(c, 400, "GET", "/crm/v8/settings/tags", NULL, "REQUIRED_PARAM_MISSING", NULL);
    client_refused(c, 400, "POST", "/crm/v8/Leads/actions/add_tags", "{\"tags\":[{\"name\":\"x\"}]}",
                   "REQUIRED_PARAM_MISSING", NULL);
    AUTO_FREE char *a = account(c, "Acme");
    AUTO_FREE char *add = mem_printf("/crm/v8/Accounts/%s/actions/add_tags", a);
    client_refused(
        c, 400, "POST", add,
        "{\"tags\":[{\"name\":\"1\"},{\"name\":\"2\"},{\"name\":\"3\"},{\"name\":\"4\"},{\"name\":\"5\"},{\"name\":"
        "\"6\"},{\"name\":\"7\"},{\"name\":\"8\"},{\"name\":\"9\"},{\"name\":\"10\"},{\"name\":\"11\"}]}",
        "LIMIT_EXCEEDED", NULL);
}

static void a_mass_update_changes_each_id_or_a_whole_view(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *a = account(c, "Acme"), *b = account(c, "Beta");
    AUTO_FREE char *body = mem_printf("{\"data\":[{\"Industry\":\"Energy\"}],\"ids\":[\"%s\",\"1\"]}", a);
    static const char path[] = "/crm/v8/Accounts/actions/mass_update";
    AUTO_JSON json_t *mixed = client_call(c, 207, "POST", path, body);
    assert_string_equal(js_str(js_path(mixed, "data[1]"), "code"), "INVALID_DATA");
    AUTO_FREE char *view = client_made(
        c, 201, "POST", "/crm/v8/settings/custom_views?module=Accounts",
        "{\"custom_views\":[{\"name\":\"V\",\"fields\":[{\"api_name\":\"Account_Name\"}],\"criteria\":{\"comparator\":"
        "\"equal\",\"field\":{\"api_name\":\"Account_Name\"},\"value\":\"Beta\"}}]}");
    AUTO_FREE char *by_view = mem_printf("{\"data\":[{\"Industry\":\"Education\"}],\"cvid\":\"%s\"}", view);
    AUTO_JSON json_t *job = client_call(c, 200, "POST", path, by_view);
    const char *id = js_str(js_obj(js_path(job, "data[0]"), "details"), "job_id");
    AUTO_JSON json_t *state_of = client_get(c, 200, "%s?job_id=%s", path, id);
    assert_string_equal(js_str(js_path(state_of, "data[0]"), "Status"), "COMPLETED");
    assert_int_equal(js_int(js_path(state_of, "data[0]"), "Updated_Count", 0), 1);
    AUTO_JSON json_t *beta = client_get(c, 200, "/crm/v8/Accounts/%s", b);
    assert_string_equal(js_str(js_path(beta, "data[0]"), "Industry"), "Education");
    client_refused(c, 400, "POST", path, "{\"data\":[{\"Industry\":\"Energy\"}]}", "MANDATORY_NOT_FOUND", "$.ids");
    client_refused(c, 400, "GET", path, NULL, "MANDATORY_NOT_FOUND", NULL);
}

static void a_mass_update_takes_500_ids(void **state)
{
    AUTO_JSON json_t *body = json_pack("{s:[{s:s}],s:[]}", "data", "Industry", "Energy", "ids");
    for (int i = 0; i < 501; i++) {
        js_push_str(js_arr(body, "ids"), "1");
    }
    AUTO_FREE char *text = json_dumps(body, JSON_COMPACT);
    client_refused(*state, 400, "POST", "/crm/v8/Accounts/actions/mass_update", text, "LIMIT_EXCEEDED", NULL);
}

static void a_clone_is_a_new_record_with_the_values_sent_before_the_old_ones(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *a = client_made(c, 201, "POST", "/crm/v8/Accounts",
                                    "{\"data\":[{\"Account_Name\":\"Acme\",\"Industry\":\"Energy\",\"Phone\":\"1\"}]}");
    AUTO_FREE char *path = mem_printf("/crm/v8/Accounts/%s/actions/clone", a);
    AUTO_FREE char *b = client_made(c, 201, "POST", path, "{\"data\":[{\"Phone\":\"2\"}]}");
    AUTO_JSON json_t *r = client_get(c, 200, "/crm/v8/Accounts/%s", b);
    assert_string_equal(js_str(js_path(r, "data[0]"), "Industry"), "Energy");
    assert_string_equal(js_str(js_path(r, "data[0]"), "Phone"), "2");
    assert_string_not_equal(a, b);
    client_refused(c, 400, "POST", "/crm/v8/Accounts/1/actions/clone", "{}", "INVALID_DATA", NULL);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, up, down)
    const struct CMUnitTest tests[] = {
        T(a_related_list_is_read_linked_and_unlinked),
        T(a_related_list_names_what_is_wrong),
        T(a_lookup_that_must_be_there_cannot_be_unlinked),
        T(notes_hang_on_their_record),
        T(a_file_is_attached_listed_read_and_removed),
        T(a_link_is_attached_and_cannot_be_downloaded),
        T(an_attachment_over_20_mb_is_refused),
        T(tags_are_put_on_records_and_taken_off),
        T(tags_are_made_renamed_merged_and_removed),
        T(tags_name_what_is_wrong),
        T(a_mass_update_changes_each_id_or_a_whole_view),
        T(a_mass_update_takes_500_ids),
        T(a_clone_is_a_new_record_with_the_values_sent_before_the_old_ones),
    };
    return cmocka_run_group_tests_name("sandbox/related", tests, NULL, NULL);
}
