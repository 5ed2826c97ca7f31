/* What survives, what is recorded, what a new org is seeded with. Sources: sandbox/sandbox.h, sandbox/seed.h. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fs.h"
#include "sandbox/org.h"
#include "tests/sandbox/client.h"

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/zagent-sandbox-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char **names = NULL;
    size_t n = 0;
    if (fs_list(folder, &names, &n, NULL) == 0) {
        for (size_t i = 0; i < n; i++) {
            AUTO_FREE char *path = mem_printf("%s/%s", folder, names[i]);
            unlink(path);
        }
        fs_list_free(names, n);
    }
    return rmdir(folder);
}

static char *in_folder(const char *name)
{
    return mem_printf("%s/%s", folder, name);
}

static void write_file(const char *name, const char *text)
{
    AUTO_FREE char *path = in_folder(name);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

/* The child writes until it is killed and reports each id that was acknowledged; all of them must be there afterwards. */
static void write_until_killed(const char *db, int out)
{
    struct sandbox_options o = {.db_path = db};
    struct client c = {0};
    client_up(&c, &o);
    for (int i = 0;; i++) {
        AUTO_FREE char *body = mem_printf("{\"data\":[{\"Product_Name\":\"P%d\"}]}", i);
        AUTO_FREE char *id = client_made(&c, 201, "POST", "/crm/v8/Products", body);
        if (write(out, id, 19) != 19) {
            _exit(1);
        }
    }
}

static void an_acknowledged_write_survives_kill_9(void **state)
{
    (void)state;
    AUTO_FREE char *db = in_folder("org.db");
    int fd[2];
    assert_int_equal(pipe(fd), 0);
    pid_t child = fork();
    if (child == 0) {
        close(fd[0]);
        write_until_killed(db, fd[1]);
        _exit(0);
    }
    close(fd[1]);
    char ids[400][20];
    size_t n = 0;
    while (n < 20 && read(fd[0], ids[n], 19) == 19) {
        ids[n++][19] = '\0';
    }
    kill(child, SIGKILL);
    while (n < 400 && read(fd[0], ids[n], 19) == 19) {
        ids[n++][19] = '\0';
    }
    waitpid(child, NULL, 0);
    close(fd[0]);
    assert_true(n >= 20);
    struct sandbox_options o = {.db_path = db};
    struct client c = {0};
    client_up(&c, &o);
    for (size_t i = 0; i < n; i++) {
        json_decref(client_get(&c, 200, "/crm/v8/Products/%s", ids[i]));
    }
    AUTO_FREE char *next =
        client_made(&c, 201, "POST", "/crm/v8/Products", "{\"data\":[{\"Product_Name\":\"after\"}]}");
    assert_true(strtoll(next, NULL, 10) > strtoll(ids[n - 1], NULL, 10));
    client_down(&c);
}

static void a_store_remembers_edition_switches_and_counts(void **state)
{
    (void)state;
    AUTO_FREE char *db = in_folder("org.db");
    struct sandbox_options o = {.db_path = db, .edition = "Professional", .refuse = "blueprint"};
    struct client c = {0};
    client_up(&c, &o);
    AUTO_FREE char *secret = mem_dup(js_str(c.info, "client_secret"));
    json_decref(client_get(&c, 404, "/crm/v8/settings/nothing"));
    json_decref(client_get(&c, 200, "/crm/v8/org"));
    AUTO_JSON json_t *before = sandbox_status(c.s);
    int64_t used = js_int(before, "credits_last_24h", 0);
    assert_true(used > 0);
    client_down(&c);
    struct stat st;
    assert_int_equal(stat(db, &st), 0);
    assert_int_equal(st.st_mode & 077, 0);
    struct sandbox_options again = {.db_path = db};
    client_up(&c, &again);
    assert_string_equal(js_str(c.info, "edition"), "Professional");
    assert_string_equal(js_str(c.info, "client_secret"), secret);
    client_refused(&c, 400, "POST", "/crm/v8/settings/blueprints", "{\"blueprints\":[{}]}", "API_NOT_SUPPORTED", NULL);
    AUTO_JSON json_t *s = sandbox_status(c.s);
    assert_int_equal(js_int(js_obj(s, "unknown"), "GET /crm/v8/settings/nothing", 0), 1);
    assert_int_equal(js_int(s, "mints", 0), 2);
    assert_int_equal(js_int(s, "credits_last_24h", 0), used + 1); /* the blueprint */
    client_down(&c);
}

/* Or a store whose token was revoked on order could never be used again. */
static void an_org_opened_again_after_a_revoke_has_a_new_refresh_token(void **state)
{
    (void)state;
    AUTO_FREE char *db = in_folder("revoked.db");
    struct sandbox_options o = {.db_path = db};
    struct client c = {0};
    client_up(&c, &o);
    AUTO_FREE char *before = mem_dup(js_str(c.info, "refresh_token")), *form = mem_printf("token=%s", before);
    json_decref(client_send(&c, 200, "POST", "/oauth/v2/token/revoke", "application/x-www-form-urlencoded", form));
    client_refused(&c, 401, "GET", "/crm/v8/org", NULL, "INVALID_TOKEN", NULL);
    client_down(&c);
    client_up(&c, &o);
    assert_string_not_equal(js_str(c.info, "refresh_token"), before);
    json_decref(client_get(&c, 200, "/crm/v8/org"));
    client_down(&c);
}

static void two_processes_never_make_the_same_id(void **state)
{
    (void)state;
    AUTO_FREE char *db = in_folder("org.db");
    struct sandbox_options o = {.db_path = db};
    struct client a = {0}, b = {0};
    client_up(&a, &o);
    client_up(&b, &o);
    AUTO_FREE char *one = client_made(&a, 201, "POST", "/crm/v8/Products", "{\"data\":[{\"Product_Name\":\"a\"}]}");
    AUTO_FREE char *two = client_made(&b, 201, "POST", "/crm/v8/Products", "{\"data\":[{\"Product_Name\":\"b\"}]}");
    AUTO_FREE char *three = client_made(&a, 201, "POST", "/crm/v8/Products", "{\"data\":[{\"Product_Name\":\"c\"}]}");
    assert_true(strcmp(one, two) < 0 && strcmp(two, three) < 0);
    client_down(&a);
    client_down(&b);
}

/* What is kept parsed (config_shared) is dropped when somebody else changes it. */
static void a_field_made_by_another_process_is_known_at_once(void **state)
{
    (void)state;
    AUTO_FREE char *db = in_folder("org.db");
    struct sandbox_options o = {.db_path = db};
    struct client a = {0}, b = {0};
    client_up(&a, &o);
    client_up(&b, &o);
    free(client_made(&a, 201, "POST", "/crm/v8/Products", "{\"data\":[{\"Product_Name\":\"first\"}]}"));
    AUTO_FREE char *field =
        client_made(&b, 201, "POST", "/crm/v8/settings/fields?module=Products",
                    "{\"fields\":[{\"field_label\":\"Grade\",\"data_type\":\"text\",\"length\":20}]}");
    AUTO_FREE char *id =
        client_made(&a, 201, "POST", "/crm/v8/Products", "{\"data\":[{\"Product_Name\":\"second\",\"Grade\":\"A\"}]}");
    AUTO_JSON json_t *r = client_get(&a, 200, "/crm/v8/Products/%s", id);
    assert_string_equal(js_str(js_path(r, "data[0]"), "Grade"), "A");
    AUTO_FREE char *path = mem_printf("/crm/v8/settings/fields/%s?module=Products", field);
    json_decref(client_call(&a, 200, "DELETE", path, NULL));
    AUTO_JSON json_t *gone = client_get(&a, 200, "/crm/v8/Products/%s", id);
    assert_null(json_object_get(js_path(gone, "data[0]"), "Grade"));
    client_down(&a);
    client_down(&b);
}

static void a_query_by_a_unique_field_still_minds_the_case(void **state)
{
    (void)state;
    struct client c = {0};
    client_up(&c, NULL);
    free(client_made(&c, 201, "POST", "/crm/v8/Products", "{\"data\":[{\"Product_Name\":\"Panel\"}]}"));
    AUTO_JSON json_t *a =
        client_call(&c, 200, "POST", "/crm/v8/coql",
                    "{\"select_query\":\"select Unit_Price from Products where Product_Name = 'Panel'\"}");
    assert_int_equal(json_array_size(js_arr(a, "data")), 1);
    json_decref(client_call(&c, 204, "POST", "/crm/v8/coql",
                            "{\"select_query\":\"select Unit_Price from Products where Product_Name = 'panel'\"}"));
    client_down(&c);
}

static void the_record_file_has_every_exchange_and_no_secret(void **state)
{
    (void)state;
    AUTO_FREE char *path = in_folder("record.jsonl");
    struct sandbox_options o = {.record_path = path};
    struct client c = {0};
    client_up(&c, &o);
    json_decref(client_get(&c, 200, "/crm/v8/settings/fields?module=Quotes"));
    AUTO_FREE char *token = mem_dup(c.token), *secret = mem_dup(js_str(c.info, "client_secret"));
    AUTO_FREE char *refresh = mem_dup(js_str(c.info, "refresh_token"));
    client_down(&c);
    AUTO_FREE char *text = NULL;
    size_t len = 0;
    assert_int_equal(fs_read(path, 1 << 26, &text, &len, NULL), 0);
    assert_null(strstr(text, token));
    assert_null(strstr(text, secret));
    assert_null(strstr(text, refresh));
    char *second = strchr(text, '\n') + 1;
    *strchr(second, '\n') = '\0';
    AUTO_JSON json_t *e = json_loads(second, 0, NULL);
    assert_string_equal(js_str(e, "method"), "GET");
    assert_string_equal(js_str(e, "path"), "/crm/v8/settings/fields");
    assert_string_equal(js_str(js_obj(e, "query"), "module"), "Quotes");
    assert_string_equal(js_str(js_obj(e, "headers"), "authorization"), "(secret)");
    assert_int_equal(js_int(e, "status", 0), 200);
    AUTO_JSON json_t *answer = json_loads(js_str(e, "response_body"), 0, NULL);
    assert_true(has(js_arr(answer, "fields"), "api_name", "Subject"));
}

static const char seed[] =
    "{\"schema\":\"zagent.sandbox-seed/1\",\"org\":{\"company_name\":\"Test Trade\",\"time_zone\":\"Europe/Madrid\"},"
    "\"profiles\":[{\"name\":\"Sales\"}],\"roles\":[{\"name\":\"Seller\",\"reporting_to\":\"CEO\"}],"
    "\"users\":[{\"full_name\":\"Seller "
    "One\",\"email\":\"seller@example.org\",\"role\":\"Seller\",\"profile\":\"Sales\"}],"
    "\"modules\":[{\"api_name\":\"Visits\",\"singular_label\":\"Visit\",\"plural_label\":\"Visits\",\"fields\":[{\"api_"
    "name\":\"Grade\",\"field_label\":"
    "\"Grade\",\"data_type\":\"picklist\",\"pick_list_values\":[\"A\",\"B\"],\"section\":\"Result\"}]}],"
    "\"ui\":[{\"kind\":\"email_template\",\"module\":\"Quotes\",\"name\":\"T\",\"body\":{\"subject\":\"S\"}}],"
    "\"records\":[{\"module\":\"Vendors\",\"rows\":[{\"$key\":\"v\",\"Vendor_Name\":\"Maker\"}]},{\"module\":"
    "\"Products\",\"rows\":[{\"$key\":\"p\","
    "\"Product_Name\":\"Panel\",\"Vendor_Name\":{\"$ref\":\"Vendors/"
    "v\"},\"Owner\":{\"$user\":\"seller@example.org\"},\"Created_Time\":"
    "\"2026-01-05T10:00:00+01:00\",\"Unit_Price\":\"12.50\"}]},{\"module\":\"Accounts\",\"rows\":[{\"$key\":\"a\","
    "\"Account_Name\":\"Acme\"}]},"
    "{\"module\":\"Quotes\",\"rows\":[{\"Subject\":\"Q\",\"Account_Name\":{\"$ref\":\"Accounts/"
    "a\"},\"Quoted_Items\":[{\"Product_Name\":{\"$ref\":\"Products/"
    "p\"},\"Quantity\":2,\"List_Price\":\"12.50\"}]}]}]}";

static void a_seed_folder_fills_a_new_org(void **state)
{
    (void)state;
    write_file("10-all.json", seed);
    struct sandbox_options o = {.seed_dir = folder};
    struct client c = {0};
    client_up(&c, &o);
    AUTO_JSON json_t *p = client_get(&c, 200, "/crm/v8/Products?fields=Product_Name,Vendor_Name,Owner,Created_Time");
    json_t *row = js_path(p, "data[0]");
    assert_string_equal(js_str(js_obj(row, "Vendor_Name"), "name"), "Maker");
    assert_string_equal(js_str(js_obj(row, "Owner"), "name"), "Seller One");
    assert_string_equal(js_str(row, "Created_Time"), "2026-01-05T10:00:00+01:00");
    AUTO_JSON json_t *l = client_get(&c, 200, "/crm/v8/settings/layouts?module=Visits");
    assert_string_equal(js_str(js_path(l, "layouts[0].sections[1]"), "display_label"), "Result");
    AUTO_JSON json_t *t = client_get(&c, 200, "/crm/v8/settings/email_templates");
    assert_string_equal(js_str(js_path(t, "email_templates[0]"), "name"), "T");
    AUTO_JSON json_t *n = client_get(&c, 200, "/crm/v8/Quotes/actions/count");
    assert_int_equal(js_int(n, "count", 0), 1);
    assert_non_null(strstr(js_str_or(t ? js_path(t, "email_templates[0]") : NULL, "created_time", ""),
                           "+01:00")); /* February in Madrid */
    client_down(&c);
}

static void the_example_org_of_this_project_loads(void **state)
{
    (void)state;
    struct sandbox_options o = {.seed_dir = "context/sandbox"};
    struct client c = {0};
    client_up(&c, &o);
    AUTO_JSON json_t *n = client_get(&c, 200, "/crm/v8/Quotes/actions/count");
    assert_true(js_int(n, "count", 0) > 0);
    client_down(&c);
}

static void a_bad_seed_names_its_file_and_leaves_no_org(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "{\"schema\":\"other\"}",
        "{\"schema\":\"zagent.sandbox-seed/1\",\"extra\":1}",
        "{\"schema\":\"zagent.sandbox-seed/1\",\"records\":[{\"module\":\"Nowhere\",\"rows\":[]}]}",
        "{\"schema\":\"zagent.sandbox-seed/1\",\"records\":[{\"module\":\"Products\",\"rows\":[{\"Unit_Price\":1}]}]}",
        "{\"schema\":\"zagent.sandbox-seed/"
        "1\",\"records\":[{\"module\":\"Products\",\"rows\":[{\"Product_Name\":\"A\",\"Vendor_Name\":{\"$ref\":\"x\"}}]"
        "}]}",
        "{\"schema\":\"zagent.sandbox-seed/1\",\"roles\":[{\"name\":\"A\",\"reporting_to\":\"B\"}]}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        AUTO_FREE char *db = in_folder("org.db");
        write_file("bad.json", bad[i]);
        struct sandbox *s = NULL;
        struct err e = {0};
        struct sandbox_options o = {.seed_dir = folder, .db_path = db, .clock = clock_system()};
        assert_int_equal(sandbox_open(&s, &o, &e), -1);
        assert_int_equal(e.kind, ERR_CONFIG);
        assert_non_null(strstr(e.where, "bad.json"));
    }
}

static int64_t now(void *ctx)
{
    (void)ctx;
    return 1770000000;
}

/* Put straight into the store: the size of issue 4's figure. */
static void a_hundred_thousand_records_are_paged_by_id(void **state)
{
    (void)state;
    struct client c = {0};
    client_up(&c, NULL);
    struct store *st = &c.s->store;
    store_begin(st);
    for (int64_t i = 1; i <= 100000; i++) {
        char body[120];
        snprintf(body, sizeof body, "{\"Product_Name\":\"P%lld\",\"Unit_Price\":%lld}", (long long)i,
                 (long long)i % 100);
        store_do(st, "INSERT INTO record(id,module,created,modified,body) VALUES(?1,'Products',?2,?2,?3)", "iis", i,
                 now(NULL), body);
    }
    assert_int_equal(store_commit(st, NULL), 0);
    AUTO_JSON json_t *a = client_call(
        &c, 200, "POST", "/crm/v8/coql",
        "{\"select_query\":\"select Product_Name from Products where id > 99000 order by id asc limit 2000\"}");
    assert_int_equal(json_array_size(js_arr(a, "data")), 1000);
    AUTO_JSON json_t *n = client_call(&c, 200, "POST", "/crm/v8/coql",
                                      "{\"select_query\":\"select count(id) from Products where Unit_Price = 7\"}");
    assert_int_equal(js_int(js_path(n, "data[0]"), "count(id)", 0), 1000);
    client_down(&c);
}

static void a_newer_store_is_refused_by_name(void **state)
{
    (void)state;
    AUTO_FREE char *db = in_folder("org.db");
    sqlite3 *raw = NULL;
    assert_int_equal(sqlite3_open(db, &raw), SQLITE_OK);
    sqlite3_exec(raw, "PRAGMA user_version=99", NULL, NULL, NULL);
    sqlite3_close(raw);
    struct sandbox *s = NULL;
    struct err e = {0};
    struct sandbox_options o = {.db_path = db, .clock = clock_system()};
    assert_int_equal(sandbox_open(&s, &o, &e), -1);
    assert_non_null(strstr(e.what, "99"));
    assert_string_equal(e.where, db);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        T(an_acknowledged_write_survives_kill_9),
        T(a_store_remembers_edition_switches_and_counts),
        T(an_org_opened_again_after_a_revoke_has_a_new_refresh_token),
        T(two_processes_never_make_the_same_id),
        T(a_field_made_by_another_process_is_known_at_once),
        cmocka_unit_test(a_query_by_a_unique_field_still_minds_the_case),
        T(the_record_file_has_every_exchange_and_no_secret),
        T(a_seed_folder_fills_a_new_org),
        cmocka_unit_test(the_example_org_of_this_project_loads),
        T(a_bad_seed_names_its_file_and_leaves_no_org),
        cmocka_unit_test(a_hundred_thousand_records_are_paged_by_id),
        T(a_newer_store_is_refused_by_name),
    };
    return cmocka_run_group_tests_name("sandbox/store", tests, NULL, NULL);
}
