#include "tests/test.h"

#include "base/yaml.h"
#include "base/yaml_write.h"

static char *written(const json_t *value)
{
    AUTO_SB struct sb b = SB_INIT(SIZE_MAX);
    sb_add(&b, "v:");
    yaml_write(&b, value, 2);
    return sb_take(&b, "yaml", NULL);
}

static void comes_back(const char *json)
{
    struct yaml y;
    struct err e = {0};
    AUTO_JSON json_t *value = js_parse(json, strlen(json), "test", &e);
    assert_non_null(value);
    AUTO_FREE char *text = written(value);
    if (yaml_parse(&y, text, strlen(text), "f.yaml", &e) < 0)
        fail_msg("%s: %s in\n%s", e.where, e.what, text);
    AUTO_FREE char *have = js_canonical(json_object_get(y.root, "v"), NULL);
    AUTO_FREE char *want = js_canonical(value, NULL);
    assert_string_equal(have, want);
    yaml_release(&y);
}

static void hostile_text_comes_back_as_it_was(void **state)
{
    static const char *const texts[] = {"",
                                        " ",
                                        "null",
                                        "~",
                                        "TRUE",
                                        "on",
                                        "No",
                                        "y",
                                        "12",
                                        "007",
                                        "1.50",
                                        "-",
                                        "- a",
                                        "a: b",
                                        "a #b",
                                        "#",
                                        "&x",
                                        "*x",
                                        "!x",
                                        "%",
                                        "@",
                                        "`",
                                        "{{x}}",
                                        "{a}",
                                        "[a]",
                                        "a,b",
                                        "a\nb\n",
                                        "\ta\r\n",
                                        "a\\b\"c'",
                                        "<<",
                                        "?",
                                        "|",
                                        ">",
                                        "=",
                                        "\xC3\xA9t\xC3\xA9",
                                        "\x01\x1f\x7f",
                                        "\xC2\x85",
                                        "\xE2\x80\xA8",
                                        "\xEF\xBB\xBFx",
                                        "\xF0\x9F\x98\x80",
                                        "ends with blank ",
                                        "2026-03-01",
                                        "a  b",
                                        "--- a"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        AUTO_JSON json_t *doc = json_object();
        json_t *list = json_array();
        js_push_str(list, texts[i]);
        js_set(doc, "list", list);
        js_set_str(doc, "text", texts[i]);
        if (*texts[i])
            js_set_str(doc, texts[i], "as a key");
        AUTO_FREE char *json = json_dumps(doc, 0);
        comes_back(json);
    }
}

static void structures_come_back(void **state)
{
    (void)state;
    comes_back("null");
    comes_back("[]");
    comes_back("{}");
    comes_back("{\"a\":[],\"b\":{},\"c\":[[1,2],[],[{\"x\":[{\"y\":1,\"z\":[]}]}]]}");
    comes_back("[{\"a\":1,\"b\":{\"c\":[{\"d\":true,\"e\":null}]}},7,\"x\",[[\"y\"]]]");
    comes_back(
        "{\"group\":[{\"group\":[{\"field\":{\"api_name\":\"A\"},\"comparator\":\"equal\",\"value\":\"a long value "
        "that makes "
        "this line longer than any line should ever be, so that it stands as a block\"}],\"group_operator\":\"OR\"}]}");
}

static void what_is_small_stands_on_one_line(void **state)
{
    AUTO_JSON json_t *v =
        json_pack("{s:s,s:{s:s,s:i},s:[{s:s},{s:s}],s:[{s:s,s:s}]}", "name", "On time", "inner", "a", "b", "count", 1,
                  "fields", "api_name", "A", "api_name", "B", "values", "x", "1", "y", "yes");
    AUTO_FREE char *text = written(v);
    (void)state;
    assert_string_equal(text, "v:\n"
                              "  name: On time\n"
                              "  inner: {a: b, count: 1}\n"
                              "  fields: [{api_name: A}, {api_name: B}]\n"
                              "  values:\n"
                              "    - {x: \"1\", \"y\": \"yes\"}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_text_comes_back_as_it_was),
        cmocka_unit_test(structures_come_back),
        cmocka_unit_test(what_is_small_stands_on_one_line),
    };
    return cmocka_run_group_tests_name("base/yaml_write", tests, NULL, NULL);
}
