/* deluge/host_memory: the cases that every host must pass. */
#include "deluge/host_memory.h"
#include "deluge/parse.h"
#include "deluge/run.h"
#include "tests/host_cases.h"

static json_t *run_in_memory(const char *source)
{
    struct dg_memory m;
    struct deluge_host host = {.now = 1796889600, .zone = "Europe/Madrid", .user = "seller@example.org"};
    struct dg_script s = {0};
    struct dg_diags d = {0};
    struct dg_run r;
    struct dv result;
    AUTO_SB struct sb out = SB_INIT(HOST_CASE_BYTES);
    static const char related[] = "{\"Accounts.Deals\":{\"module\":\"Deals\",\"field\":\"Account_Name\"}}";
    assert_true(dg_parse(&s, "host.dg", source, strlen(source), &d));
    dg_diags_release(&d);
    dg_memory_init(&m);
    assert_true(dv_from_json(&m.arena, related, strlen(related), &m.related));
    dg_memory_attach(&m, &host);
    dg_run_init(&r, &host);
    json_t *answer = json_object();
    if (dg_run_call(&r, &s, NULL, dv_box_new(&r.arena, DV_MAP), &result)) {
        dv_json(&out, result, &r.zone);
        js_set(answer, "returned", json_loads(out.buf, 0, NULL));
    } else {
        dg_fault_print(&r.error, &out);
        js_set_str(answer, "error", out.buf);
    }
    dg_run_release(&r);
    dg_memory_release(&m);
    dg_script_release(&s);
    return answer;
}

static void the_memory_host_answers_as_every_host(void **state)
{
    (void)state;
    host_cases_run(run_in_memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_memory_host_answers_as_every_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
