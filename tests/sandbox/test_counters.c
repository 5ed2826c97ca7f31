/* What another process reads of a server's counting: `zagent sandbox status` while it runs. Sources: sandbox/org.h, zoho-api.md 4.1. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/sandbox/client.h"

struct shared {
    struct client c;
    char dir[32], *db;
};

static int up(void **state)
{
    struct shared *w = mem_zalloc(sizeof *w);
    snprintf(w->dir, sizeof w->dir, "/tmp/zagent-count-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    w->db = mem_printf("%s/org.db", w->dir);
    client_up(&w->c, &(struct sandbox_options){.db_path = w->db, .fault = "GET /settings/roles status=503"});
    *state = w;
    return 0;
}

static int down(void **state)
{
    struct shared *w = *state;
    client_down(&w->c);
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        AUTO_FREE char *path = mem_printf("%s%s", w->db, ends[i]);
        unlink(path);
    }
    rmdir(w->dir);
    free(w->db);
    free(w);
    return 0;
}

static int64_t now_s(void *client)
{
    return ((struct client *)client)->now;
}

/* The status as somebody tells it who opens the same store now. */
static json_t *told(struct shared *w)
{
    struct sandbox *s = NULL;
    struct err e = {0};
    struct sandbox_options o = {.db_path = w->db, .clock = {.now_s = now_s, .mono_ms = now_s, .ctx = &w->c}};
    assert_int_equal(sandbox_open(&s, &o, &e), 0);
    json_t *status = sandbox_status(s);
    sandbox_close(s);
    return status;
}

static void same(struct shared *w, int64_t requests, int64_t credits, int64_t last_24h)
{
    AUTO_JSON json_t *own = sandbox_status(w->c.s), *other = told(w);
    static const char *const keys[] = {"requests", "credits", "credits_last_24h"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(js_int(other, keys[i], -1), js_int(own, keys[i], -2));
    }
    assert_int_equal(js_int(other, "requests", -1), requests);
    assert_int_equal(js_int(other, "credits", -1), credits);
    assert_int_equal(js_int(other, "credits_last_24h", -1), last_24h);
    assert_true(json_equal(js_obj(other, "unknown"), js_obj(own, "unknown")));
}

static void a_read_is_counted_when_another_process_asks(void **state)
{
    struct shared *w = *state;
    same(w, 1, 0, 0); /* the token */
    json_decref(client_get(&w->c, 200, "/crm/v8/org"));
    same(w, 2, 1, 1);
}

static void what_left_nothing_is_counted_all_the_same(void **state)
{
    struct shared *w = *state;
    client_refused(&w->c, 400, "POST", "/crm/v8/Leads", "{\"data\":[{}]}", "MANDATORY_NOT_FOUND", NULL);
    same(w, 2, 1, 1);
    json_decref(client_get(&w->c, 404, "/crm/v8/settings/no_such_thing"));
    json_decref(client_get(&w->c, 503, "/crm/v8/settings/roles"));
    same(w, 4, 1, 1);
}

static void credits_leave_the_last_day_hour_by_hour(void **state)
{
    struct shared *w = *state;
    json_decref(client_get(&w->c, 200, "/crm/v8/org"));
    w->c.now += 20 * 3600;
    client_mint(&w->c);
    json_decref(client_get(&w->c, 200, "/crm/v8/org"));
    same(w, 4, 2, 2);
    w->c.now += 10 * 3600;
    same(w, 4, 2, 1);
    w->c.now += 20 * 3600;
    same(w, 4, 2, 0);
}

static void a_restart_forgets_no_credits(void **state)
{
    struct shared *w = *state;
    json_decref(client_get(&w->c, 200, "/crm/v8/org"));
    client_down(&w->c);
    w->c = (struct client){0};
    client_up(&w->c, &(struct sandbox_options){.db_path = w->db});
    same(w, 3, 1, 1);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, up, down)
    const struct CMUnitTest tests[] = {
        T(a_read_is_counted_when_another_process_asks),
        T(what_left_nothing_is_counted_all_the_same),
        T(credits_leave_the_last_day_hour_by_hour),
        T(a_restart_forgets_no_credits),
    };
    return cmocka_run_group_tests_name("sandbox/counters", tests, NULL, NULL);
}
