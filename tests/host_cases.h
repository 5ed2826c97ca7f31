/*
 * tests/host_cases.h — the cases every host of the interpreter must pass, run by tests/deluge and by tests/sandbox.
 *
 * Shape       tests/deluge/host/NAME.dg is the body of a function on an empty org. `info EXPR; // expect: TEXT` outside of loops
 *             becomes an element of the list the function returns, as text ("null" for null).
 * Call        host_cases_run(fn): fn runs a source on a fresh org and gives {"status","returned"|"error"}, a new reference.
 */
#ifndef TESTS_HOST_CASES_H
#define TESTS_HOST_CASES_H
#include <string.h>

#include "base/fs.h"
#include "base/js.h"
#include "base/mem.h"
#include "base/sb.h"
#include "tests/test.h"

enum { HOST_CASE_BYTES = 1 << 20 };
typedef json_t *(*host_case_fn)(const char *source);

/* Appends the line to the source; an expectation goes to `wanted`. */
static inline void host_case_line(struct sb *source, json_t *wanted, const char *line, size_t n)
{
    static const char head[] = "info ", mark[] = "; // expect: ";
    AUTO_FREE char *text = mem_dupn(line, n);
    const char *at = strncmp(text, head, sizeof head - 1) ? NULL : strstr(text, mark);
    if (!at) {
        sb_addf(source, "%s\n", text);
        return;
    }
    sb_addf(source, "seen.add(ifnull(%.*s,\"null\").toString());\n", (int)(at - text - 5), text + 5);
    js_push_str(wanted, at + sizeof mark - 1);
}

static inline size_t host_case_compare(const char *name, const json_t *wanted, const json_t *answer)
{
    const json_t *seen = js_arr(answer, "returned");
    size_t wrong = 0;
    if (!seen) {
        print_message("%s: %s\n", name, js_str_or(answer, "error", "nothing was returned"));
        return 1;
    }
    for (size_t i = 0; i < json_array_size(wanted) || i < json_array_size(seen); i++) {
        const char *want = json_string_value(json_array_get(wanted, i));
        const char *got = json_string_value(json_array_get(seen, i));
        if ((!want || !got || strcmp(want, got) != 0) && ++wrong)
            print_message("%s, expectation %zu: expected %s, got %s\n", name, i + 1, want ? want : "nothing",
                          got ? got : "nothing");
    }
    return wrong;
}

static inline void host_cases_run(host_case_fn run)
{
    static const char folder[] = "tests/deluge/host";
    char **names;
    size_t n, len, wrong = 0;
    struct err e = {0};
    assert_int_equal(fs_list(folder, &names, &n, &e), 0);
    assert_true(n > 0);
    for (size_t i = 0; i < n; i++) {
        AUTO_FREE char *path = mem_printf("%s/%s", folder, names[i]), *text = NULL;
        AUTO_JSON json_t *wanted = json_array();
        AUTO_SB struct sb source = SB_INIT(HOST_CASE_BYTES);
        assert_int_equal(fs_read(path, HOST_CASE_BYTES, &text, &len, &e), 0);
        sb_add(&source, "list standalone.host_case()\n{\nseen = List();\n");
        for (const char *p = text; *p; p += *strchrnul(p, '\n') ? strcspn(p, "\n") + 1 : strlen(p))
            host_case_line(&source, wanted, p, strcspn(p, "\n"));
        sb_add(&source, "return seen;\n}\n");
        AUTO_JSON json_t *answer = run(source.buf);
        assert_true(json_array_size(wanted) > 0);
        wrong += host_case_compare(names[i], wanted, answer);
    }
    fs_list_free(names, n);
    assert_int_equal(wrong, 0);
}
#endif
