/*
 * Text-driven scenarios: tests/agent/scenarios/NAME.txt, one throw-away project each.
 *
 *   project                      the repository's context and templates, embedded org
 *   $ COMMAND                    run through /bin/sh; the assertions below it are about this run
 *   > METHOD PATH BODY           a call by another program to the org of a running sandbox; its answer is standard output
 *   exit N                       its exit code (0 when not said)
 *   out TEXT / err TEXT          standard output / error holds TEXT;  !out, !err: does not
 *   json PATH = VALUE            member of standard output parsed as JSON; VALUE is JSON
 *   json PATH > N                an integer or array size above N
 *   file PATH TEXT               the file holds TEXT;  !file PATH: does not exist
 *   # comment
 */
#include <unistd.h>

#include "base/fs.h"
#include "tests/agent/shell.h"
#include "tests/sandbox/client.h"
#include "tests/test.h"

struct scenario {
    const char *name;
    int line;
    struct run run;
    bool ran, exit_checked;
    struct client client; /* of calls by another program */
    bool signed_in;
};

/* Before the first command nothing was said. */
static const char *said(const char *text)
{
    return text ? text : "";
}

static void fail_at(const struct scenario *s, const char *what, const char *text)
{
    print_error("%s:%d: %s %s\n--- out\n%s--- err\n%s", s->name, s->line, what, text, said(s->run.out),
                said(s->run.err));
    fail();
}

static void leave_run(struct scenario *s)
{
    if (s->ran && !s->exit_checked && s->run.status != 0) {
        AUTO_FREE char *n = mem_printf("%d", s->run.status);
        fail_at(s, "exit code", n);
    }
    run_release(&s->run);
    s->ran = s->exit_checked = false;
}

static void check_json(const struct scenario *s, char *rest)
{

    char *eq = strstr(rest, " = "), *gt = strstr(rest, " > ");
    struct err e = {0};
    AUTO_JSON json_t *doc = js_parse(said(s->run.out), strlen(said(s->run.out)), s->name, &e);
    if (!doc)
        fail_at(s, "not JSON:", e.what);
    char *op = eq ? eq : gt;
    assert_non_null(op);
    *op = '\0';
    json_t *have = js_path(doc, rest);
    if (eq) {
        AUTO_JSON json_t *want = json_loads(eq + 3, JSON_DECODE_ANY, NULL);
        if (!want || !json_equal(want, have ? have : json_null())) {
            AUTO_FREE char *got = have ? json_dumps(have, JSON_ENCODE_ANY | JSON_COMPACT) : mem_dup("(absent)");
            AUTO_FREE char *text = mem_printf("%s is %s, wanted %s", rest, got, eq + 3);
            fail_at(s, "json", text);
        }
        return;
    }
    json_int_t n = json_is_array(have) ? (json_int_t)json_array_size(have) : json_integer_value(have);
    if (n <= strtoll(gt + 3, NULL, 10))
        fail_at(s, "json not above:", rest);
}

static void check_file(const struct scenario *s, char *rest, bool want)
{
    char *text = strchr(rest, ' ');
    if (text)
        *text++ = '\0';
    if (!want) {
        if (access(rest, F_OK) == 0)
            fail_at(s, "file exists:", rest);
        return;
    }
    AUTO_FREE char *content = NULL;
    size_t len;
    struct err e = {0};
    if (fs_read(rest, 64 << 20, &content, &len, &e) < 0)
        fail_at(s, e.what, rest);
    if (text && !strstr(content, text))
        fail_at(s, "file does not hold:", text);
}

/* Anew after each command: it may have moved the clock past a token's life. Not for each call: Zoho mints ten in ten minutes. */
static void sign_in(struct scenario *s, const char *line)
{
    AUTO_FREE char *note = shell_file(".zagent/sandbox.json");
    AUTO_JSON json_t *info = json_loads(note, 0, NULL);
    if (!info)
        fail_at(s, "no sandbox runs:", line);
    client_join(&s->client, info);
    s->signed_in = true;
}

static void sign_out(struct scenario *s)
{
    if (s->signed_in)
        client_down(&s->client);
    s->signed_in = false;
}

static void call(struct scenario *s, char *line)
{
    char *method = line, *path = strchr(line, ' '), *body = path ? strchr(path + 1, ' ') : NULL;
    if (path)
        *path++ = '\0';
    if (body)
        *body++ = '\0';
    if (!path)
        fail_at(s, "no call:", line);
    if (!s->signed_in)
        sign_in(s, line);
    json_decref(client_call(&s->client, 0, method, path, body));
    s->run.out = mem_dup(s->client.text);
    s->run.err = mem_dup("");
    s->run.status = s->client.status < 400 ? 0 : 1;
    s->ran = true;
}

static bool begins(char *line, const char *word, char **rest)
{
    size_t n = strlen(word);
    if (strncmp(line, word, n) != 0)
        return false;
    *rest = line + n;
    return true;
}

static void one_line(struct scenario *s, char *line)
{
    char *rest;
    if (!*line || *line == '#')
        return;
    if (!strcmp(line, "project")) {
        shell_project();
    } else if (begins(line, "$ ", &rest)) {
        leave_run(s);
        sign_out(s);
        s->run = shell("%s", rest);
        s->ran = true;
    } else if (begins(line, "> ", &rest)) {
        leave_run(s);
        call(s, rest);
    } else if (begins(line, "exit ", &rest)) {
        s->exit_checked = true;
        if (s->run.status != (int)strtol(rest, NULL, 10)) {
            AUTO_FREE char *text = mem_printf("%d, wanted %s", s->run.status, rest);
            fail_at(s, "exit code", text);
        }
    } else if (begins(line, "out ", &rest)) {
        if (!strstr(said(s->run.out), rest))
            fail_at(s, "out does not hold:", rest);
    } else if (begins(line, "!out ", &rest)) {
        if (strstr(said(s->run.out), rest))
            fail_at(s, "out holds:", rest);
    } else if (begins(line, "err ", &rest)) {
        if (!strstr(said(s->run.err), rest))
            fail_at(s, "err does not hold:", rest);
    } else if (begins(line, "!err ", &rest)) {
        if (strstr(said(s->run.err), rest))
            fail_at(s, "err holds:", rest);
    } else if (begins(line, "json ", &rest)) {
        check_json(s, rest);
    } else if (begins(line, "file ", &rest)) {
        check_file(s, rest, true);
    } else if (begins(line, "!file ", &rest)) {
        check_file(s, rest, false);
    } else {
        fail_at(s, "unknown line:", line);
    }
}

static void play(void **state)
{
    const char *file = *state;
    AUTO_FREE char *path = mem_printf("%s/tests/agent/scenarios/%s", shell_root(), file);
    AUTO_FREE char *text = NULL;
    size_t len;
    struct err e = {0};
    assert_int_equal(fs_read(path, 1 << 20, &text, &len, &e), 0);
    AUTO_FREE char *folder = mem_printf("scenario-%.*s", (int)strcspn(file, "."), file);
    struct scenario s = {.name = file};
    shell_enter(folder);
    for (char *line = text, *end; line; line = end) {
        end = strchr(line, '\n');
        if (end)
            *end++ = '\0';
        s.line++;
        one_line(&s, line);
    }
    leave_run(&s);
    sign_out(&s);
}

/* test_scenarios [PATTERN]: only the files whose names fit. */
int main(int argc, char **argv)
{
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    AUTO_FREE char *dir = mem_printf("%s/tests/agent/scenarios", shell_root());
    char **names;
    size_t n;
    struct err e = {0};
    if (fs_list(dir, &names, &n, &e) < 0 || n == 0)
        return 1;
    struct CMUnitTest *tests = mem_zalloc(n * sizeof *tests);
    for (size_t i = 0; i < n; i++)
        tests[i] = (struct CMUnitTest){.name = names[i], .test_func = play, .initial_state = names[i]};
    int rc = _cmocka_run_group_tests("agent/scenarios", tests, n, NULL, NULL);
    fs_list_free(names, n);
    free(tests);
    return rc;
}
