/* tests/deluge/cases: what the checker says about them stands beside the code.
 *   x = m.get("a").get("b");   // expect: DL036 at 1:16
 *   // expect: none            the file has no finding
 * Every expectation must be met, and every error or warning must be expected; a note when the file expects its rule. */
#include "base/fs.h"
#include "base/mem.h"
#include "deluge/check.h"
#include "deluge/parse.h"

#include "tests/test.h"

static const char folder[] = "tests/deluge/cases";

struct wanted {
    char rule[8];
    unsigned line, column;
    bool met;
};
struct wanteds {
    struct wanted *item;
    size_t n, cap;
};

static void read_wanted(const char *text, struct wanteds *list)
{
    for (const char *p = strstr(text, "expect: DL"); p; p = strstr(p + 1, "expect: DL")) {
        struct wanted w = {.met = false};
        char *end;
        memcpy(w.rule, p + strlen("expect: "), 5);
        assert_memory_equal(p + strlen("expect: DL000"), " at ", 4);
        w.line = (unsigned)strtoul(p + strlen("expect: DL000 at "), &end, 10);
        assert_int_equal(*end, ':');
        w.column = (unsigned)strtoul(end + 1, &end, 10);
        assert_true(w.line && w.column);
        VEC_PUSH(list->item, list->n, list->cap, w);
    }
}

static size_t compare(const char *name, const struct dg_script *s, const struct dg_diags *d, struct wanteds *list)
{
    size_t wrong = 0;
    for (size_t i = 0; i < d->n; i++) {
        const struct dg_diag *g = &d->item[i];
        bool expected = false, named = g->level != DG_NOTE;
        for (size_t k = 0; k < list->n; k++)
            named = named || strcmp(list->item[k].rule, g->rule) == 0;
        for (size_t k = 0; k < list->n && !expected; k++) {
            struct wanted *w = &list->item[k];
            expected = !w->met && strcmp(w->rule, g->rule) == 0 && w->line == g->span.line && w->column == g->span.col;
            w->met = w->met || expected;
        }
        if (!expected && named) {
            AUTO_SB struct sb b = SB_INIT(1 << 16);
            dg_diag_render(s, g, &b);
            print_message("%s: not expected:\n%s", name, b.buf);
            wrong++;
        }
    }
    for (size_t k = 0; k < list->n; k++)
        if (!list->item[k].met) {
            print_message("%s: missing %s at %u:%u\n", name, list->item[k].rule, list->item[k].line,
                          list->item[k].column);
            wrong++;
        }
    return wrong;
}

static size_t run_case(const char *name)
{
    AUTO_FREE char *path = mem_printf("%s/%s", folder, name);
    AUTO_FREE char *text = NULL;
    size_t len;
    struct err e = {0};
    struct dg_script s;
    struct dg_diags d = {0};
    struct wanteds list = {0};
    assert_int_equal(fs_read(path, 1 << 20, &text, &len, &e), 0);
    read_wanted(text, &list);
    assert_true(list.n || strstr(text, "expect: none"));
    if (dg_parse(&s, name, text, len, &d))
        dg_check(&s, NULL, &d);
    size_t wrong = compare(name, &s, &d, &list);
    free(list.item);
    dg_script_release(&s);
    dg_diags_release(&d);
    return wrong;
}

static void every_case_finds_what_it_says_and_nothing_else(void **state)
{
    (void)state;
    char **names;
    size_t n, wrong = 0;
    struct err e = {0};
    assert_int_equal(fs_list(folder, &names, &n, &e), 0);
    assert_true(n > 10);
    for (size_t i = 0; i < n; i++)
        wrong += run_case(names[i]);
    fs_list_free(names, n);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_case_finds_what_it_says_and_nothing_else)};
    return cmocka_run_group_tests_name("deluge/cases", tests, NULL, NULL);
}
