/* tests/deluge/run: what a script prints stands beside the code.
 *   info 1 + 2; // expect: 3          printed by that line; in a loop the values are parted by " | "
 *   info 1 / 0; // error: 8 MESSAGE   the run ends there, at that column, with that message
 *   // switch: NAME=POSITION …        anywhere in the file
 * A line with an error runs alone: the other such lines are left out. */
#include "base/fs.h"
#include "base/mem.h"
#include "deluge/builtin.h"
#include "deluge/docs.h"
#include "deluge/host_memory.h"
#include "deluge/names.h"
#include "deluge/parse.h"
#include "deluge/run.h"

#include "tests/test.h"

static const char folder[] = "tests/deluge/run";
static const char records[] = "{\"Deals\":[{\"id\":\"11\",\"Deal_Name\":\"Roof\",\"Stage\":\"Won\",\"Amount\":1200.50,"
                              "\"Contact_Name\":{\"id\":\"21\","
                              "\"name\":\"A\"}},{\"id\":\"12\",\"Deal_Name\":\"Wall\",\"Stage\":\"Open\",\"Amount\":50}"
                              ",{\"id\":\"13\",\"Deal_Name\":"
                              "\"Door\",\"Stage\":\"Won\",\"Amount\":null,\"Contact_Name\":{\"id\":\"21\",\"name\":"
                              "\"A\"}}],\"Leads\":[{\"id\":\"31\"}]}";
static const char web[] = "[{\"url\":\"https://www.example.org/items/*\",\"body\":{\"items\":[1.10]}},"
                          "{\"url\":\"https://www.example.org/down\",\"status\":503,\"body\":{\"code\":\"DOWN\"}}]";

struct world {
    struct dg_memory memory;
    struct deluge_host host;
};

static struct dv json(struct dg_arena *a, const char *text)
{
    struct dv v;
    assert_true(dv_from_json(a, text, strlen(text), &v));
    return v;
}

static void world_begin(struct world *w)
{
    dg_memory_init(&w->memory);
    w->memory.records = json(&w->memory.arena, records);
    w->memory.http = json(&w->memory.arena, web);
    w->memory.related =
        json(&w->memory.arena, "{\"Contacts.Deals\":{\"module\":\"Deals\",\"field\":\"Contact_Name\"}}");
    w->memory.variables = json(&w->memory.arena, "{\"switch\":\"on\"}");
    w->host = (struct deluge_host){.now = 1796889600,
                                   .zone = "Europe/Madrid",
                                   .user = "seller@example.org",
                                   .user_name = "Seller",
                                   .admin = "admin@example.org"};
    dg_memory_attach(&w->memory, &w->host);
}

/* The line without what stands after its expectation; blank when another error line. */
static char *variant(const char *text, int error_line)
{
    char *copy = mem_dup(text);
    int line = 0;
    for (char *p = copy, *next; *p; p = next) {
        char *end = strchrnul(p, '\n'), *mark = strstr(p, "// error: ");
        next = *end ? end + 1 : end;
        if (++line != error_line && mark && mark < end)
            memset(p, ' ', (size_t)(end - p));
        else if (mark && mark < end)
            memset(mark, ' ', (size_t)(end - mark));
    }
    /* An `if` or `for each` head that is left out leaves its block, which is a statement of its own. */
    return copy;
}

static void switches(const char *text, struct dg_switches *s)
{
    struct err e = {0};
    for (const char *p = strstr(text, "// switch: "); p; p = strstr(p + 1, "// switch: ")) {
        AUTO_FREE char *line = mem_dupn(p + 11, strcspn(p + 11, "\n"));
        for (char *save = NULL, *one = strtok_r(line, " ", &save); one; one = strtok_r(NULL, " ", &save))
            if (dg_switch_set(s, one, &e) < 0)
                fail_msg("%s", e.what);
    }
}

static void parse(struct dg_script *s, const char *name, const char *text)
{
    struct dg_diags d = {0};
    bool ok = dg_parse(s, name, text, strlen(text), &d);
    if (!ok) {
        AUTO_SB struct sb b = SB_INIT(1 << 16);
        dg_diag_render(s, &d.item[0], &b);
        print_message("%s", b.buf);
    }
    dg_diags_release(&d);
    assert_true(ok);
}

static const char *rest(const char *p, const char *mark, size_t *n)
{
    const char *end = strchrnul(p, '\n'), *at = strstr(p, mark);
    if (!at || at >= end)
        return NULL;
    at += strlen(mark);
    *n = (size_t)(end - at);
    return at;
}

/* Every expectation of the file in order, loops unrolled by " | "; the loops of the cases hold one info each. */
static size_t compare_infos(const char *name, const char *text, struct dv infos)
{
    size_t at = 0, wrong = 0, n;
    int line = 0;
    for (const char *p = text; *p; p = *strchrnul(p, '\n') ? strchrnul(p, '\n') + 1 : strchrnul(p, '\n')) {
        const char *want = rest(p, "// expect: ", &n);
        line++;
        if (!want)
            continue;
        AUTO_FREE char *all = mem_dupn(want, n);
        for (char *one = all, *next; one; one = next, at++) {
            next = strstr(one, " | ");
            if (next) {
                *next = '\0';
                next += 3;
            }
            const char *got = at < infos.box->n ? infos.box->item[at].t.s : "(nothing)";
            if (strcmp(got, one) != 0 && ++wrong)
                print_message("%s:%d: expected %s, got %s\n", name, line, one, got);
        }
    }
    if (at < infos.box->n && ++wrong)
        print_message("%s: %zu lines more than expected, first %s\n", name, infos.box->n - at, infos.box->item[at].t.s);
    return wrong;
}

static size_t run_infos(const char *name, const char *text)
{
    struct dg_script s = {0};
    struct dg_run r;
    struct world w;
    struct dv result;
    AUTO_FREE char *source = variant(text, 0);
    parse(&s, name, source);
    world_begin(&w);
    dg_run_init(&r, &w.host);
    switches(text, &r.sw);
    size_t wrong = 0;
    if (!dg_run_call(&r, &s, NULL, dv_box_new(&r.arena, DV_MAP), &result) && ++wrong) {
        AUTO_SB struct sb b = SB_INIT(1 << 16);
        dg_fault_print(&r.error, &b);
        print_message("%s\n", b.buf);
    }
    wrong += compare_infos(name, text, r.infos);
    dg_run_release(&r);
    dg_memory_release(&w.memory);
    dg_script_release(&s);
    return wrong;
}

static size_t run_error(const char *name, const char *text, int line, const char *want, size_t n)
{
    struct dg_script s = {0};
    struct dg_run r;
    struct world w;
    struct dv result;
    char *message;
    unsigned col = (unsigned)strtoul(want, &message, 10);
    AUTO_FREE char *source = variant(text, line), *expected = mem_dupn(message + 1, n - (size_t)(message + 1 - want));
    parse(&s, name, source);
    world_begin(&w);
    dg_run_init(&r, &w.host);
    switches(text, &r.sw);
    bool ok = dg_run_call(&r, &s, NULL, dv_box_new(&r.arena, DV_MAP), &result);
    const struct dg_place *at = &r.error.stack[0];
    bool right = !ok && at->line == (unsigned)line && at->col == col && !strcmp(r.error.message, expected);
    if (!right)
        print_message("%s:%d:%u: expected %s\n   got %u:%u %s\n", name, line, col, expected, at->line, at->col,
                      ok ? "no error" : r.error.message);
    dg_run_release(&r);
    dg_memory_release(&w.memory);
    dg_script_release(&s);
    return !right;
}

static void scripts_print_and_fail_as_their_comments_say(void **state)
{
    char **names;
    size_t n, wrong = 0, len, m;
    struct err e = {0};
    (void)state;
    assert_int_equal(fs_list(folder, &names, &n, &e), 0);
    for (size_t i = 0; i < n; i++) {
        AUTO_FREE char *path = mem_printf("%s/%s", folder, names[i]);
        char *text;
        int line = 0;
        assert_int_equal(fs_read(path, 1 << 20, &text, &len, &e), 0);
        wrong += run_infos(names[i], text);
        for (const char *p = text; *p; p = *strchrnul(p, '\n') ? strchrnul(p, '\n') + 1 : strchrnul(p, '\n')) {
            const char *want = rest(p, "// error: ", &m);
            line++;
            if (want)
                wrong += run_error(names[i], text, line, want, m);
        }
        free(text);
    }
    fs_list_free(names, n);
    assert_int_equal(wrong, 0);
}

struct search {
    char *text; /* all cases, lower case */
    size_t missing;
};

static void look(const struct dg_builtin *row, void *ctx)
{
    struct search *s = ctx;
    AUTO_FREE char *call = mem_printf("%s(", row->name);
    if (!strstr(s->text, call) && ++s->missing)
        print_message("no case calls %s\n", row->name);
}

static void every_built_in_has_a_case(void **state)
{
    char **names;
    size_t n, len;
    struct err e = {0};
    AUTO_SB struct sb all = SB_INIT(1 << 22);
    (void)state;
    assert_int_equal(fs_list(folder, &names, &n, &e), 0);
    for (size_t i = 0; i < n; i++) {
        AUTO_FREE char *path = mem_printf("%s/%s", folder, names[i]);
        char *text;
        assert_int_equal(fs_read(path, 1 << 20, &text, &len, &e), 0);
        for (size_t k = 0; k < len; k++)
            sb_addc(&all, (char)(text[k] >= 'A' && text[k] <= 'Z' ? text[k] + 32 : text[k]));
        free(text);
    }
    fs_list_free(names, n);
    struct search s = {all.buf, 0};
    dg_builtin_each(look, &s);
    assert_int_equal(s.missing, 0);
}

static void look_up(const struct dg_builtin *row, void *ctx)
{
    size_t *missing = ctx;
    if (!dg_builtin(row->name) && ++*missing)
        print_message("deluge/names.c has no %s\n", row->name);
    if (!dg_doc_find(row->name) && ++*missing)
        print_message("deluge/docs.c has no %s\n", row->name);
}

static void every_built_in_is_known_and_documented(void **state)
{
    size_t missing = 0;
    (void)state;
    dg_builtin_each(look_up, &missing);
    assert_int_equal(missing, 0);
}

static void expect_fault(const char *text, void (*tune)(struct dg_run *r), const char *want)
{
    struct dg_script s = {0};
    struct dg_run r;
    struct world w;
    struct dv result;
    parse(&s, "limit.dg", text);
    world_begin(&w);
    dg_run_init(&r, &w.host);
    if (tune)
        tune(&r);
    assert_false(dg_run_call(&r, &s, NULL, dv_box_new(&r.arena, DV_MAP), &result));
    AUTO_SB struct sb b = SB_INIT(1 << 16);
    dg_fault_print(&r.error, &b);
    if (!strstr(b.buf, want))
        fail_msg("expected %s, got %s", want, b.buf);
    dg_run_release(&r);
    dg_memory_release(&w.memory);
    dg_script_release(&s);
}

static void ten_statements(struct dg_run *r)
{
    r->limit.statements = 10;
}
static void one_megabyte(struct dg_run *r)
{
    r->limit.memory = 1 << 20;
}
static void no_requests(struct dg_run *r)
{
    r->limit.http = 0;
}
static void no_mails(struct dg_run *r)
{
    r->limit.mails = 0;
}

static void limits_end_a_run_and_no_catch_holds_them(void **state)
{
    (void)state;
    expect_fault("try\n{\n\tfor each i in {1,2,3,4,5,6,7,8,9}\n\t{\n\t\tx = i;\n\t}\n}\ncatch (e)\n{\n\tinfo e;\n}",
                 ten_statements, "limit.dg:5:3: Number of statement execution limit exceed Line:(5)");
    expect_fault("void standalone.f()\n{\n\tstandalone.f();\n}", NULL,
                 "limit.dg:3:13: Number of function calls exceeds the limit of 75");
    expect_fault(
        "x = \"0123456789\";\nfor each i in {1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18}\n{\n\tx = x + x;\n}",
        one_megabyte, "need more than 1 MB");
    expect_fault("x = getUrl(\"https://www.example.org/items/1\");", no_requests, "More than 0 requests in one run");
    expect_fault(
        "sendmail\n[\n\tfrom :\"a@example.org\"\n\tto :\"b@example.org\"\n\tsubject :\"s\"\n\tmessage :\"m\"\n]",
        no_mails, "More than 0 mails in one run");
    expect_fault("x = \"a\".repeat(100000000);", NULL, "A text is longer than 16 MB");
}

static void an_error_carries_the_stack(void **state)
{
    (void)state;
    expect_fault(
        "void automation.a()\n{\n\tx = automation.b(null);\n}\nstring automation.b(string s)\n{\n\treturn s.trim();\n}",
        NULL,
        "limit.dg:7:11: Value is empty and 'trim' function cannot be applied\n"
        "    in b (limit.dg:7:11)\n    in a (limit.dg:3:17)");
}

static void inputs_are_converted_to_their_declared_types(void **state)
{
    static const char text[] = "string standalone.f(Int id, string crmAPIRequest, bool yes, map m, date d)\n{\n"
                               "\treturn (id + 1) + crmAPIRequest + yes + m.get(\"k\") + d;\n}";
    struct dg_script s = {0};
    struct dg_run r;
    struct world w;
    struct dv result;
    (void)state;
    parse(&s, "in.dg", text);
    world_begin(&w);
    dg_run_init(&r, &w.host);
    struct dv in = json(&r.arena, "{\"id\":\"3141592653589793238\",\"crmAPIRequest\":{\"a\":1.50},\"yes\":\"true\","
                                  "\"m\":\"{\\\"k\\\":7}\",\"d\":\"2026-12-07\"}");
    assert_true(dg_run_call(&r, &s, "f", in, &result));
    assert_string_equal(result.t.s, "3141592653589793239{\"a\":1.50}true707-Dec-2026");
    assert_false(dg_run_call(&r, &s, "f", json(&r.arena, "{\"id\":1}"), &result));
    dg_run_release(&r);
    dg_memory_release(&w.memory);
    dg_script_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scripts_print_and_fail_as_their_comments_say),
        cmocka_unit_test(every_built_in_has_a_case),
        cmocka_unit_test(every_built_in_is_known_and_documented),
        cmocka_unit_test(limits_end_a_run_and_no_catch_holds_them),
        cmocka_unit_test(an_error_carries_the_stack),
        cmocka_unit_test(inputs_are_converted_to_their_declared_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
