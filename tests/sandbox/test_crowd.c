/* Calls at once, and heavy ones. Source: zoho-api.md 4.1, 4.2 (sandbox/crowd.h). */
#include <arpa/inet.h>
#include <string.h>
#include <unistd.h>

#include "sandbox/crowd.h"
#include "sandbox/limits.h"
#include "tests/sandbox/client.h"

enum { TEXT = 4096, MOST = 25 };

static void write_all(int fd, const char *text)
{
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

/* A call whose headers are in and whose body is not: the server has said that it may come. */
static int held(struct client *c, const char *path)
{
    char got[TEXT] = "";
    size_t n = 0;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)js_int(c->info, "port", 0))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    AUTO_FREE char *head = mem_printf("POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Zoho-oauthtoken %s\r\n"
                                      "Expect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n",
                                      path, c->token);
    write_all(fd, head);
    while (!strstr(got, "100 Continue") && n < TEXT - 1) {
        ssize_t r = read(fd, got + n, TEXT - 1 - n);
        assert_true(r > 0);
        n += (size_t)r;
    }
    return fd;
}

/* Its body comes, and its whole answer. */
static void let_go(int fd)
{
    char got[TEXT];
    write_all(fd, "{}");
    while (read(fd, got, sizeof got) > 0) {
    }
    close(fd);
}

static void an_edition_takes_its_number_of_calls_at_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < editions_n; i++) {
        struct client c = {0};
        int fd[MOST], most = editions[i].concurrent;
        assert_in_range(most, 1, MOST);
        client_up(&c, &(struct sandbox_options){.edition = editions[i].paid_type});
        for (int k = 0; k < most; k++) {
            fd[k] = held(&c, "/crm/v8/Leads");
        }
        client_refused(&c, 429, "GET", "/crm/v8/org", NULL, "TOO_MANY_REQUESTS", NULL);
        assert_null(strstr(c.headers, "Retry-After"));
        client_mint(&c); /* the accounts host is another */
        AUTO_JSON json_t *status = sandbox_status(c.s);
        assert_int_equal(js_int(status, "credits", -1), 0);
        let_go(fd[0]);
        json_decref(client_get(&c, 200, "/crm/v8/org"));
        for (int k = 1; k < most; k++) {
            let_go(fd[k]);
        }
        client_down(&c);
    }
}

/* n records in a body. Caller frees. */
static char *leads(int n)
{
    AUTO_JSON json_t *data = json_array();
    for (int i = 0; i < n; i++) {
        json_array_append_new(data, json_pack("{s:s}", "Last_Name", "L"));
    }
    AUTO_JSON json_t *body = json_pack("{s:O}", "data", data);
    return json_dumps(body, 0);
}

static void ten_heavy_calls_leave_room_for_light_ones_only(void **state)
{
    (void)state;
    static const char query[] = "{\"select_query\":\"select Last_Name from Leads where id > 0\"}";
    struct client c = {0};
    int fd[LIM_HEAVY_CALLS];
    client_up(&c, &(struct sandbox_options){.edition = "ultimate"});
    AUTO_FREE char *ten = leads(10), *eleven = leads(11);
    for (int k = 0; k < LIM_HEAVY_CALLS; k++) {
        fd[k] = held(&c, "/crm/v8/coql");
    }
    client_refused(&c, 429, "POST", "/crm/v8/coql", query, "TOO_MANY_REQUESTS", NULL);
    client_refused(&c, 429, "GET", "/crm/v8/Leads?fields=Last_Name&sort_by=id", NULL, "TOO_MANY_REQUESTS", NULL);
    client_refused(&c, 429, "GET", "/crm/v8/Leads/search?word=L", NULL, "TOO_MANY_REQUESTS", NULL);
    client_refused(&c, 429, "POST", "/crm/v8/Leads", eleven, "TOO_MANY_REQUESTS", NULL);
    json_decref(client_get(&c, 204, "/crm/v8/Leads?fields=Last_Name")); /* and nothing was written */
    json_decref(client_call(&c, 201, "POST", "/crm/v8/Leads", ten));
    let_go(fd[0]);
    json_decref(client_call(&c, 201, "POST", "/crm/v8/Leads", eleven));
    json_decref(client_call(&c, 200, "POST", "/crm/v8/coql", query));
    for (int k = 1; k < LIM_HEAVY_CALLS; k++) {
        let_go(fd[k]);
    }
    client_down(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_edition_takes_its_number_of_calls_at_once),
        cmocka_unit_test(ten_heavy_calls_leave_room_for_light_ones_only),
    };
    return cmocka_run_group_tests_name("sandbox/crowd", tests, NULL, NULL);
}
