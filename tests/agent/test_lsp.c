/* deluge lsp, driven over pipes as an editor would. A script is frames in a file; replies are read back as JSON. */
#include <sys/stat.h>

#include "agent/lsp_text.h"
#include "deluge/docs.h"
#include "tests/agent/shell.h"
#include "tests/test.h"

#define U    "file:///a.dg"
#define INIT "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"capabilities\":{}}}"
#define BYE  "{\"jsonrpc\":\"2.0\",\"id\":99,\"method\":\"shutdown\"}", "{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}"

static void put(FILE *f, const char *body)
{
    fprintf(f, "Content-Length: %zu\r\n\r\n%s", strlen(body), body);
}

/* Every message on stdout; asserts that stdout holds nothing else. */
static json_t *replies(const char *out)
{
    json_t *all = json_array();
    while (*out) {
        size_t n = 0;
        int head = 0;
        assert_int_equal(sscanf(out, "Content-Length: %zu\r\n\r\n%n", &n, &head), 1);
        assert_true(head > 0 && strlen(out + head) >= n);
        json_t *m = js_parse(out + head, n, "reply", NULL);
        assert_non_null(m);
        assert_string_equal(js_str(m, "jsonrpc"), "2.0");
        json_array_append_new(all, m);
        out += (size_t)head + n;
    }
    return all;
}

static json_t *served(const char *options, int status)
{
    struct run r = shell("zagent deluge lsp %s <in", options);
    if (r.status != status)
        print_error("%s\n%s\n", r.out, r.err);
    assert_int_equal(r.status, status);
    json_t *all = replies(r.out);
    run_release(&r);
    return all;
}

static json_t *session(const char *options, const char *const *line)
{
    FILE *f = fopen("in", "w");
    assert_non_null(f);
    for (; *line; line++)
        put(f, *line);
    assert_int_equal(fclose(f), 0);
    return served(options, 0);
}
#define SESSION(options, ...) session(options, (const char *const[]){INIT, __VA_ARGS__, BYE, NULL})

static char *open_doc(const char *text)
{
    json_t *m = json_pack("{s:s,s:s,s:{s:{s:s,s:s,s:i,s:s}}}", "jsonrpc", "2.0", "method", "textDocument/didOpen",
                          "params", "textDocument", "uri", U, "languageId", "deluge", "version", 1, "text", text);
    char *s = json_dumps(m, 0);
    json_decref(m);
    return s;
}

static char *ask(int id, const char *method, int line, int character)
{
    return mem_printf("{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"textDocument/%s\",\"params\":{\"textDocument\":{"
                      "\"uri\":\"" U "\"},\"position\":{\"line\":%d,\"character\":%d}}}",
                      id, method, line, character);
}

static json_t *answer(json_t *all, int id)
{
    size_t i;
    json_t *m;
    json_array_foreach (all, i, m)
        if (js_int(m, "id", -1) == id)
            return m;
    fail_msg("no answer %d", id);
    return NULL;
}

static json_t *notice(json_t *all, size_t nth)
{
    size_t i;
    json_t *m;
    json_array_foreach (all, i, m)
        if (js_str(m, "method") && nth-- == 0)
            return json_object_get(m, "params");
    fail_msg("no such notification");
    return NULL;
}

static bool offers(json_t *all, int id, const char *label)
{
    size_t i;
    json_t *o;
    json_array_foreach (json_object_get(answer(all, id), "result"), i, o)
        if (strcmp(js_str_or(o, "label", ""), label) == 0)
            return true;
    return false;
}

static void initialize_names_the_abilities_and_exit_is_clean(void **state)
{
    (void)state;
    shell_enter("lsp-life");
    AUTO_JSON json_t *all = SESSION("", "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"no/such\"}");
    assert_string_equal(js_str(js_path(answer(all, 1), "result.capabilities"), "positionEncoding"), "utf-16");
    assert_int_equal(js_int(js_path(json_array_get(all, 1), "error"), "code", 0), -32601);
    assert_string_equal(js_str(json_array_get(all, 1), "id"), "x");
    assert_true(json_is_null(json_object_get(answer(all, 99), "result")));
    assert_int_equal(json_array_size(all), 3);
}

static void leaving_without_shutdown_exits_with_1(void **state)
{
    (void)state;
    shell_enter("lsp-rude");
    FILE *f = fopen("in", "w");
    put(f, INIT);
    put(f, "{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}");
    fclose(f);
    AUTO_JSON json_t *all = served("", 1);
    assert_int_equal(json_array_size(all), 1);
}

static void diagnostics_count_utf16_units(void **state)
{
    (void)state;
    shell_enter("lsp-utf16");
    /* Two units for the face, one for the letter with the accent: the ')' that misses its ';' ends at 12. */
    AUTO_FREE char *open = open_doc("info 1;\ninfo \"\xF0\x9F\x98\x80\xC3\xA9\" + x\ninfo 2;\n");
    AUTO_JSON json_t *all = SESSION("", open);
    json_t *d = js_path(notice(all, 0), "diagnostics[0]");
    assert_string_equal(js_str(d, "code"), "DL004");
    assert_int_equal(js_int(d, "severity", 0), 1);
    assert_int_equal(js_int(js_path(d, "range.start"), "line", -1), 1);
    assert_int_equal(js_int(js_path(d, "range.start"), "character", -1), 14);
}

static void edits_full_and_incremental_lead_to_the_same_text(void **state)
{
    (void)state;
    shell_enter("lsp-edit");
    /* Replaces the face alone, then inserts the missing ';' on line 1; each range counts in the text before it. */
    AUTO_FREE char *open = open_doc("info \"\xF0\x9F\x98\x80!\";\ninfo 2\n");
    AUTO_JSON json_t *all = SESSION(
        "", open,
        "{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didChange\",\"params\":{\"textDocument\":{\"uri\":\"" U
        "\",\"version\":2},\"contentChanges\":[{\"range\":{\"start\":{\"line\":0,\"character\":6},\"end\":{\"line\":0,"
        "\"character\":8}},\"text\":\"ok\"},{\"range\":{\"start\":{\"line\":1,\"character\":99},\"end\":{\"line\":1,"
        "\"character\":99}},\"text\":\";   info   3;\"}]}}",
        "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"textDocument/"
        "formatting\",\"params\":{\"textDocument\":{\"uri\":\"" U "\"},\"options\":{}}}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didChange\",\"params\":{\"textDocument\":{\"uri\":\"" U
        "\",\"version\":3},\"contentChanges\":[{\"text\":\"x = ;\"}]}}",
        "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"textDocument/"
        "formatting\",\"params\":{\"textDocument\":{\"uri\":\"" U "\"},\"options\":{}}}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didClose\",\"params\":{\"textDocument\":{\"uri\":\"" U "\"}}}");
    assert_int_equal(json_array_size(js_arr(notice(all, 0), "diagnostics")), 1);
    assert_int_equal(json_array_size(js_arr(notice(all, 1), "diagnostics")), 0);
    assert_int_equal(js_int(notice(all, 1), "version", 0), 2);
    json_t *edit = js_path(answer(all, 2), "result[0]");
    assert_string_equal(js_str(edit, "newText"), "info \"ok!\";\ninfo 2;\ninfo 3;\n");
    assert_int_equal(js_int(js_path(edit, "range.end"), "line", 0), 2);
    assert_true(json_is_null(json_object_get(answer(all, 3), "result")));
    assert_int_equal(json_array_size(js_arr(notice(all, 3), "diagnostics")), 0);
}

static void hover_tells_signature_and_page_of_what_is_called(void **state)
{
    (void)state;
    shell_enter("lsp-hover");
    AUTO_FREE char *open =
        open_doc("s = \"\xF0\x9F\x98\x80\".TRIM();\nr = zoho.crm.v8.upsert(\"Deals\",{});\nsize = 1;\n");
    AUTO_FREE char *trim = ask(2, "hover", 0, 10), *task = ask(3, "hover", 1, 17), *variable = ask(4, "hover", 2, 1);
    AUTO_JSON json_t *all = SESSION("", open, trim, task, variable);
    assert_non_null(strstr(js_str(js_path(answer(all, 2), "result.contents"), "value"), "text.trim()"));
    assert_non_null(strstr(js_str(js_path(answer(all, 2), "result.contents"), "value"), "functions/text"));
    assert_int_equal(js_int(js_path(answer(all, 2), "result.range.start"), "character", 0), 9);
    assert_non_null(strstr(js_str(js_path(answer(all, 3), "result.contents"), "value"), "zoho.crm.upsert("));
    assert_true(json_is_null(json_object_get(answer(all, 4), "result")));
}

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static void completion_knows_built_ins_and_the_names_of_the_snapshot(void **state)
{
    (void)state;
    shell_enter("lsp-complete");
    mkdir("snap", 0755);
    mkdir("snap/fields", 0755);
    write_file("snap/modules.json", "[{\"id\":\"1\",\"api_name\":\"Deals\",\"plural_label\":\"Opportunities\"}]\n");
    write_file("snap/fields/Deals.json", "[{\"id\":\"2\",\"api_name\":\"Stage\",\"field_label\":\"Phase\"}]\n");
    AUTO_FREE char *open = open_doc("all = zoho.crm.searchRecords(\"Deals\",\"x\");\n" /* 0 */
                                    "for each r in all\n{\n\tinfo r.get(\"\");\n}\n"   /* 3 */
                                    "m = Map();\nm.put(\"\",1);\n"                     /* 6 */
                                    "x = zoho.crm.updateRecord(\"Deals\",1,m);\n"      /* 7 */
                                    "info zoho.crm.;\n"                                /* 8 */
                                    "x = zoho.crm.createRecord(\"Deals\",{\"");        /* 9: still typing */
    AUTO_FREE char *task = ask(2, "completion", 8, 14), *module = ask(3, "completion", 0, 30),
                   *loop = ask(4, "completion", 3, 13), *map = ask(5, "completion", 6, 7),
                   *half = ask(6, "completion", 9, 37), *word = ask(7, "completion", 5, 5);
    AUTO_JSON json_t *all = SESSION("--metadata snap", open, task, module, loop, map, half, word);
    assert_true(offers(all, 2, "upsert") && !offers(all, 2, "trim"));
    assert_true(offers(all, 3, "Deals") && !offers(all, 3, "Stage"));
    assert_string_equal(js_str(js_path(answer(all, 3), "result[0]"), "detail"), "Opportunities");
    assert_true(offers(all, 4, "Stage"));
    assert_true(offers(all, 5, "Stage"));
    assert_true(offers(all, 6, "Stage"));
    assert_true(offers(all, 7, "Map") && !offers(all, 7, "Deals"));
}

static void symbols_are_the_functions(void **state)
{
    (void)state;
    shell_enter("lsp-symbols");
    AUTO_FREE char *open = open_doc("void automation.late(Map deal)\n{\n\tinfo 1;\n}\n");
    AUTO_FREE char *list = ask(2, "documentSymbol", 0, 0);
    AUTO_JSON json_t *all = SESSION("", open, list);
    json_t *f = js_path(answer(all, 2), "result[0]");
    assert_string_equal(js_str(f, "name"), "late");
    assert_int_equal(js_int(js_path(f, "selectionRange.start"), "character", 0), 16);
    assert_int_equal(js_int(js_path(f, "range.end"), "line", 0), 3);
}

static void what_is_no_request_is_answered_and_survived(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        int code;
    } bad[] = {
        {"{", -32700},
        {"", -32700},
        {"\xFF\xFE", -32700},
        {"[]", -32600},
        {"{\"id\":5}", -32600},
        {"{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"x\"}", -32600},
        {"{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"x\",\"params\":7}", -32600},
        {"{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"shutdown\"}", -32002},
    };
    enum { N = sizeof bad / sizeof *bad };
    shell_enter("lsp-bad");
    FILE *f = fopen("in", "w");
    for (size_t i = 0; i < N; i++)
        put(f, bad[i].body);
    put(f, INIT);
    put(f, "{\"jsonrpc\":\"2.0\",\"id\":6,\"method\":\"textDocument/hover\",\"params\":[]}");
    put(f, "{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didChange\",\"params\":{\"textDocument\":3}}");
    put(f, "{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":6}}");
    put(f, "{\"jsonrpc\":\"2.0\",\"id\":99,\"method\":\"shutdown\"}");
    put(f, "{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}");
    fclose(f);
    AUTO_JSON json_t *all = served("", 0);
    for (size_t i = 0; i < N; i++)
        assert_int_equal(js_int(js_path(json_array_get(all, i), "error"), "code", 0), bad[i].code);
    assert_int_equal(js_int(js_path(answer(all, 6), "error"), "code", 0), -32602);
    assert_int_equal(js_int(notice(all, 0), "type", 0), 1);
    assert_int_equal(json_array_size(all), N + 4);
}

static void frames_without_a_length_end_the_session_and_big_ones_are_skipped(void **state)
{
    (void)state;
    static const char *const broken[] = {"GET / HTTP/1.1\r\n\r\n", "Content-Length: -1\r\n\r\n", "\r\n{}",
                                         "Content-Length: 2\n\n{}", "Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}"};
    shell_enter("lsp-frames");
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        write_file("in", broken[i]);
        AUTO_JSON json_t *all = served("", 2);
        assert_int_equal(js_int(js_path(json_array_get(all, 0), "error"), "code", 0), -32700);
    }
    struct run r = shell("{ printf 'Content-Length: 40000000\\r\\n\\r\\n'; head -c 40000000 /dev/zero; "
                         "printf 'content-length:43\\r\\nX-Other: "
                         "1\\r\\n\\r\\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"nothing\"}'; } "
                         "| zagent deluge lsp");
    AUTO_JSON json_t *all = replies(r.out);
    assert_int_equal(js_int(js_path(json_array_get(all, 0), "error"), "code", 0), -32600);
    assert_int_equal(js_int(js_path(json_array_get(all, 1), "error"), "code", 0), -32002);
    run_release(&r);
    r = shell("zagent deluge lsp --json </dev/null");
    assert_int_equal(r.status, 2);
    run_release(&r);
}

static void positions_clamp_and_go_round(void **state)
{
    (void)state;
    static const char text[] = "a\xF0\x9F\x98\x80z\r\n\xC3\xA9\rlast";
    struct lsp_text t = {0};
    assert_int_equal(lsp_text_set(&t, text, sizeof text - 1, NULL), 0);
    assert_int_equal(t.n_lines, 3);
    assert_int_equal(lsp_text_offset(&t, 0, 2), 1); /* inside the pair: its begin */
    assert_int_equal(lsp_text_offset(&t, 0, 3), 5);
    assert_int_equal(lsp_text_offset(&t, 0, 1000), 6);
    assert_int_equal(lsp_text_offset(&t, 1, 1), 10);
    assert_int_equal(lsp_text_offset(&t, 9, 0), (int)t.len);
    assert_int_equal(lsp_text_offset(&t, -1, 5), 0);
    for (size_t off = 0; off <= t.len; off++) {
        int64_t line, character;
        lsp_text_position(&t, off, &line, &character);
        size_t back = lsp_text_offset(&t, line, character);
        assert_true(back >= off || text[off - 1] == '\r' || text[off] == '\n');
    }
    assert_int_equal(lsp_text_edit(&t, 5, 1, "", 0, NULL), 0); /* from and to may be swapped */
    assert_string_equal(t.s, "az\r\n\xC3\xA9\rlast");
    lsp_text_release(&t);
}

static void the_table_of_built_ins_is_sorted(void **state)
{
    (void)state;
    for (size_t i = 0; i < dg_docs_n; i++)
        assert_ptr_equal(dg_doc_find(dg_docs[i].name), &dg_docs[i]);
    assert_non_null(dg_doc_find("TOUPPERCASE"));
    assert_null(dg_doc_find("toUpper"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(initialize_names_the_abilities_and_exit_is_clean),
        cmocka_unit_test(leaving_without_shutdown_exits_with_1),
        cmocka_unit_test(diagnostics_count_utf16_units),
        cmocka_unit_test(edits_full_and_incremental_lead_to_the_same_text),
        cmocka_unit_test(hover_tells_signature_and_page_of_what_is_called),
        cmocka_unit_test(completion_knows_built_ins_and_the_names_of_the_snapshot),
        cmocka_unit_test(symbols_are_the_functions),
        cmocka_unit_test(what_is_no_request_is_answered_and_survived),
        cmocka_unit_test(frames_without_a_length_end_the_session_and_big_ones_are_skipped),
        cmocka_unit_test(positions_clamp_and_go_round),
        cmocka_unit_test(the_table_of_built_ins_is_sorted),
    };
    mem_init();
    return cmocka_run_group_tests_name("agent/lsp", tests, NULL, NULL);
}
