/*
 * The JSON Schema of playbook.yaml against the playbooks of this repository, and against what the parser refuses.
 *
 * Below is as much of JSON Schema as that schema uses: type, const, enum, pattern, required, properties, additionalProperties,
 * items, allOf, anyOf, if/then, $ref. An unknown keyword fails the test, so that nothing is passed over in silence.
 */
#include <regex.h>
#include <unistd.h>

#include "agent/playbook_keys.h"
#include "base/yaml.h"
#include "tests/agent/shell.h"
#include "tests/test.h"

static bool valid(const json_t *root, const json_t *s, const json_t *v, char **why);

static bool no(char **why, const char *what, const char *of)
{
    free(*why);
    *why = mem_printf("%s (%s)", what, of);
    return false;
}

static bool is_type(const char *t, const json_t *v)
{
    return (!strcmp(t, "object") && json_is_object(v)) || (!strcmp(t, "array") && json_is_array(v)) ||
           (!strcmp(t, "string") && json_is_string(v)) || (!strcmp(t, "integer") && json_is_integer(v)) ||
           (!strcmp(t, "number") && json_is_number(v)) || (!strcmp(t, "boolean") && json_is_boolean(v)) ||
           (!strcmp(t, "null") && json_is_null(v));
}

static bool type_ok(const json_t *type, const json_t *v)
{
    if (json_is_string(type))
        return is_type(json_string_value(type), v);
    for (size_t i = 0; i < json_array_size(type); i++)
        if (is_type(json_string_value(json_array_get(type, i)), v))
            return true;
    return false;
}

static bool matches(const char *pattern, const char *text)
{
    regex_t re;
    assert_int_equal(regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB), 0);
    bool yes = regexec(&re, text, 0, NULL, 0) == 0;
    regfree(&re);
    return yes;
}

static bool has(const json_t *list, const json_t *v)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (json_equal(json_array_get(list, i), v))
            return true;
    return false;
}

static bool members_ok(const json_t *root, const json_t *s, json_t *v, char **why)
{
    const json_t *properties = js_obj(s, "properties"), *more = json_object_get(s, "additionalProperties");
    const char *key;
    json_t *one;
    json_object_foreach (v, key, one) {
        const json_t *below = json_object_get(properties, key);
        below = below ? below : more;
        if (json_is_false(below))
            return no(why, "unknown key", key);
        if (json_is_object(below) && !valid(root, below, one, why))
            return false;
    }
    for (size_t i = 0; i < json_array_size(js_arr(s, "required")); i++) {
        const char *name = json_string_value(json_array_get(js_arr(s, "required"), i));
        if (!json_object_get(v, name))
            return no(why, "missing", name);
    }
    return true;
}

static bool keyword_ok(const json_t *root, const json_t *s, const char *key, json_t *k, json_t *v, char **why)
{
    if (!strcmp(key, "type"))
        return type_ok(k, v) || no(why, "type", js_str_or(s, "description", "?"));
    if (!strcmp(key, "const"))
        return json_equal(k, v) || no(why, "const", "");
    if (!strcmp(key, "enum"))
        return has(k, v) || no(why, "enum", json_string_value(v));
    if (!strcmp(key, "pattern"))
        return !json_is_string(v) || matches(json_string_value(k), json_string_value(v)) ||
               no(why, "pattern", json_string_value(v));
    if (!strcmp(key, "items")) {
        for (size_t i = 0; i < json_array_size(v); i++)
            if (!valid(root, k, json_array_get(v, i), why))
                return false;
        return true;
    }
    if (!strcmp(key, "allOf")) {
        for (size_t i = 0; i < json_array_size(k); i++)
            if (!valid(root, json_array_get(k, i), v, why))
                return false;
        return true;
    }
    if (!strcmp(key, "anyOf")) {
        bool met = false;
        for (size_t i = 0; i < json_array_size(k); i++) {
            char *quiet = NULL;
            met = met || valid(root, json_array_get(k, i), v, &quiet);
            free(quiet);
        }
        return met || no(why, "anyOf", "none of them fits");
    }
    if (!strcmp(key, "if")) {
        char *quiet = NULL;
        bool met = valid(root, k, v, &quiet);
        free(quiet);
        return !met || valid(root, json_object_get(s, "then"), v, why);
    }
    if (!strcmp(key, "$ref")) {
        assert_int_equal(strncmp(json_string_value(k), "#/$defs/", 8), 0);
        const json_t *def = json_object_get(json_object_get(root, "$defs"), json_string_value(k) + 8);
        assert_non_null(def);
        return valid(root, def, v, why);
    }
    static const char *const elsewhere[] = {"then",        "$defs",      "$schema",  "title",
                                            "description", "properties", "required", "additionalProperties"};
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
        if (!strcmp(key, elsewhere[i]))
            return true;
    fail_msg("the validator does not know '%s'", key);
    return false;
}

static bool valid(const json_t *root, const json_t *s, const json_t *v, char **why)
{
    const char *key;
    json_t *k, *value = (json_t *)(uintptr_t)v;
    json_object_foreach ((json_t *)(uintptr_t)s, key, k)
        if (!keyword_ok(root, s, key, k, value, why))
            return false;
    return !json_is_object(value) || members_ok(root, s, value, why);
}

static void every_playbook_of_the_repository_fits_the_schema(void **state)
{
    (void)state;
    static const char *const folders[] = {"templates", "tests/agent/playbooks"};
    AUTO_JSON json_t *schema = playbook_schema();
    int seen = 0;
    for (size_t f = 0; f < 2; f++) {
        char **names;
        size_t n;
        struct err e = {0};
        AUTO_FREE char *dir = mem_printf("%s/%s", shell_root(), folders[f]);
        assert_int_equal(fs_list(dir, &names, &n, &e), 0);
        for (size_t i = 0; i < n; i++) {
            AUTO_FREE char *path = mem_printf("%s/%s/playbook.yaml", dir, names[i]);
            struct yaml y = {0};
            char *why = NULL;
            if (!fs_exists(path))
                continue;
            assert_int_equal(yaml_load(&y, path, names[i], &e), 0);
            if (!valid(schema, schema, y.root, &why))
                fail_msg("%s: %s", path, why);
            seen++;
            yaml_release(&y);
        }
        fs_list_free(names, n);
    }
    assert_true(seen >= 2);
}

/* One mistake each: the parser's check and the schema both see it. */
static const struct {
    const char *yaml, *says;
} mistakes[] = {
    {"format: 1\nname: a\nresources: []\ntitel: x\n", "unknown key 'titel'"},
    {"format: 1\nname: a\n", "there is no 'resources'"},
    {"format: 1\nname: a\nresources: {}\n", "'resources' is not a list"},
    {"format: 1\nname: a\nresources: [{body: {}}]\n", "there is no 'address'"},
    {"format: 1\nname: a\nresources: [{address: module/X, boby: {}}]\n", "unknown key 'boby' in module/X"},
    {"format: 1\nname: a\nresources: [{address: module/X, needs: x}]\n", "'needs' is not a list"},
    {"format: 1\nname: a\nresources: [{address: module/X, needs: [1]}]\n", "'needs' lists something"},
    {"format: 1\nname: a\nresources: []\nsolves: P1\n", "'solves' is not a list"},
    {"format: 1\nname: a\nresources: []\ninputs: {x: {type: int}}\n", "'type' cannot be 'int'"},
    {"format: 1\nname: a\nresources: []\ninputs: {x: 1}\n", "'x' is not a mapping"},
    {"format: 1\nname: a\nresources: []\nmeasures: [{id: x, title: y, coql: z}]\n", "there is no 'better'"},
    {"format: 1\nname: a\nresources: []\nmeasures: [{id: x, title: y, coql: z, better: up}]\n",
     "'better' cannot be 'up'"},
    {"format: 1\nname: a\nresources: [{address: module/X, hand: {minutes: [3]}}]\n", "'minutes' is not a text or"},
};

static void schema_and_parser_see_the_same_mistakes(void **state)
{
    (void)state;
    AUTO_JSON json_t *schema = playbook_schema();
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct yaml y = {0};
        struct err e = {0};
        char *why = NULL;
        AUTO_JSON json_t *findings = json_array();
        assert_int_equal(yaml_parse(&y, mistakes[i].yaml, strlen(mistakes[i].yaml), "x", &e), 0);
        if (valid(schema, schema, y.root, &why))
            fail_msg("the schema takes: %s", mistakes[i].yaml);
        free(why);
        playbook_keys_check(&y, findings);
        assert_int_equal(json_array_size(findings), 1);
        const char *said = js_str_or(json_array_get(findings, 0), "text", "");
        if (!strstr(said, mistakes[i].says))
            fail_msg("'%s' does not hold '%s'", said, mistakes[i].says);
        yaml_release(&y);
    }
}

static void a_body_of_the_wrong_shape_is_underlined_and_a_tag_is_not(void **state)
{
    (void)state;
    AUTO_JSON json_t *schema = playbook_schema();
    static const struct {
        const char *yaml;
        bool ok;
    } rows[] = {
        {"format: 1\nname: a\nresources: [{address: field/Deals.X, body: {pick_list_values: {$each: a, $item: {}}}}]\n",
         true},
        {"format: 1\nname: a\nresources: [{address: field/Deals.X, body: {pick_list_values: 3}}]\n", false},
        {"format: 1\nname: a\nresources: [{address: field/Deals.X, body: {length: \"{{n}}\"}}]\n", true},
        {"format: 1\nname: a\nresources: [{address: fild/Deals.X}]\n", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct yaml y = {0};
        struct err e = {0};
        char *why = NULL;
        assert_int_equal(yaml_parse(&y, rows[i].yaml, strlen(rows[i].yaml), "x", &e), 0);
        if (valid(schema, schema, y.root, &why) != rows[i].ok)
            fail_msg("%s%s", rows[i].yaml, why ? why : "");
        free(why);
        yaml_release(&y);
    }
}

/* ---- the tutorial, as it stands in docs/PLAYBOOKS.md ---- */

/* `insert=FILE`: among the resources, which end where `guide:` begins. */
static void put_block(const char *how, const char *file, const char *text)
{
    if (!strcmp(how, "file")) {
        shell_write(file, text);
        return;
    }
    AUTO_FREE char *old = shell_file(file);
    char *guide = strstr(old, "\nguide:");
    assert_non_null(guide);
    AUTO_FREE char *all = mem_printf("%.*s\n%s%s", (int)(guide - old), old, text, guide + 1);
    shell_write(file, all);
}

static void run_block(char *text)
{
    for (char *line = text, *end; line && *line; line = end) {
        end = strchr(line, '\n');
        if (end)
            *end++ = '\0';
        if (!strncmp(line, "cd ", 3)) {
            assert_int_equal(chdir(line + 3), 0);
            continue;
        }
        struct run r = shell("%s", line);
        if (r.status != 0)
            fail_msg("%s\n%s%s", line, r.out, r.err);
        run_release(&r);
    }
}

static void the_tutorial_runs_as_it_is_written(void **state)
{
    (void)state;
    AUTO_FREE char *path = mem_printf("%s/docs/PLAYBOOKS.md", shell_root());
    AUTO_FREE char *doc = shell_file(path);
    char *at = strstr(doc, "\n## Your first playbook"), *stop = at ? strstr(at, "\n## In an editor") : NULL;
    int blocks = 0;
    assert_non_null(stop);
    *stop = '\0';
    shell_enter("tutorial");
    while ((at = strstr(at, "\n```"))) {
        char *info = at + 4, *text = strchr(info, '\n'), *end = text ? strstr(text, "\n```") : NULL;
        char how[16] = "", file[128] = "";
        assert_non_null(end);
        AUTO_FREE char *body = mem_dupn(text + 1, (size_t)(end - text));
        if (!strncmp(info, "sh\n", 3))
            run_block(body);
        else if (sscanf(info, "%*[a-z] %15[a-z]=%127[^\n]", how, file) == 2)
            put_block(how, file, body);
        blocks++;
        at = end + 4;
    }
    assert_int_equal(blocks, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_playbook_of_the_repository_fits_the_schema),
        cmocka_unit_test(schema_and_parser_see_the_same_mistakes),
        cmocka_unit_test(a_body_of_the_wrong_shape_is_underlined_and_a_tag_is_not),
        cmocka_unit_test(the_tutorial_runs_as_it_is_written),
    };
    return cmocka_run_group_tests_name("agent/playbook_schema", tests, NULL, NULL);
}
