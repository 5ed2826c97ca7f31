/*
 * tests/plan/test_adopt.c — what an org has becomes what a playbook says, kind by kind, and a plan of it is empty.
 * tests/plan/adopt/KIND.json: [{"name", "snapshot" lists over those of common.json, "adopt" ADDRESS, and either "body" (all of it) or
 * "part", "source", "notes" [paths]; or "left": a part of the reason}]. A kind that can be read and has no such file fails.
 */
#include "base/fs.h"
#include "base/mem.h"
#include "plan/adopt.h"
#include "plan/spec.h"
#include "plan/walk.h"
#include "tests/plan/fixture.h"
#include "tests/test.h"

#define DIR "tests/plan/adopt/"

/* Nothing of the org shows these whole: a plan has them from the playbook alone. */
static bool never_read(const struct kind *k)
{
    return k->cls == KIND_REFERENCE || k->cls == KIND_ATTEST || k->spec == &spec_records ||
           k->spec == &spec_blueprint_publish; /* comes with its Blueprint */
}

static json_t *loaded(const char *name)
{
    struct err e = {0};
    AUTO_FREE char *path = mem_printf(DIR "%s.json", name);
    json_t *j = js_load(path, &e);
    if (!j)
        fail_msg("%s: %s %s", path, e.what, e.where);
    return j;
}

static void fill(struct snapshot *s, const json_t *common, const json_t *own)
{
    AUTO_JSON json_t *all = json_copy(walk(common));
    const char *name;
    json_t *list;
    json_object_update(all, walk(own));
    snapshot_init(s);
    json_object_foreach (all, name, list) {
        const json_t *why = js_obj(list, "@refused");
        if (why)
            snapshot_put_refused(s, name, js_str_or(why, "code", ""), 403);
        else
            snapshot_put(s, name, json_deep_copy(list));
    }
}

/* Lists nobody spoke of are empty, as in an org that has none. */
static json_t *adopted(struct snapshot *s, const char *pattern)
{
    struct strset patterns = {0};
    struct err e = {0};
    json_t *out = NULL;
    strset_add(&patterns, pattern);
    const struct adopt_wish wish = {.patterns = &patterns};
    for (bool more = true; more;) {
        struct strset unread = {0};
        json_decref(out);
        if (plan_adopt(s, &wish, &unread, &out, &e) < 0)
            fail_msg("%s: %s", pattern, e.what);
        more = unread.n > 0;
        for (size_t i = 0; i < unread.n; i++)
            snapshot_put(s, unread.item[i], json_array());
        strset_release(&unread);
    }
    strset_release(&patterns);
    return out;
}

static const json_t *at(const json_t *list, const char *address)
{
    json_t *one;
    size_t i;
    json_array_foreach (list, i, one)
        if (!strcmp(js_str_or(one, "address", ""), address))
            return one;
    return NULL;
}

static void no_ids(const json_t *j, const char *address)
{
    const char *key;
    json_t *value;
    size_t i;
    json_object_foreach (walk(j), key, value) {
        if (!strcmp(key, "id"))
            fail_msg("%s names an id", address);
        no_ids(value, address);
    }
    json_array_foreach (j, i, value)
        no_ids(value, address);
}

/* All that was adopted, as playbooks would declare it, planned against the same snapshot. */
static void plans_to_nothing(const struct snapshot *s, const json_t *result)
{
    struct desired d = {0};
    struct err e = {0};
    AUTO_JSON json_t *names = json_object();
    json_t *one, *plan, *step;
    size_t i;
    json_array_foreach (js_arr(result, "resources"), i, one) {
        struct resource r = {.address = mem_dup(js_str(one, "address")),
                             .playbook = mem_dup("demo"),
                             .body = json_deep_copy(js_obj(one, "body"))};
        if (js_str(one, "source")) {
            r.artifact = json_object();
            js_set_str(r.artifact, "source", js_str(one, "source"));
        }
        no_ids(r.body, r.address);
        if (desired_add(&d, &r, &e) < 0)
            fail_msg("%s", e.what);
    }
    const struct plan_input in = {.desired = &d, .snapshot = s, .names = names};
    if (plan_build(&in, &plan, &e) < 0)
        fail_msg("%s", e.what);
    json_array_foreach (js_arr(plan, "steps"), i, step)
        if (strcmp(js_str_or(step, "action", ""), "none") != 0) {
            AUTO_FREE char *text = json_dumps(step, JSON_INDENT(1));
            fail_msg("a plan would change %s: %s", js_str(step, "address"), text);
        }
    json_decref(plan);
    desired_release(&d);
}

static void same(const char *what, const json_t *want, const json_t *have, const char *name)
{
    AUTO_FREE char *a = json_dumps(want, JSON_ENCODE_ANY | JSON_SORT_KEYS);
    AUTO_FREE char *b = json_dumps(have, JSON_ENCODE_ANY | JSON_SORT_KEYS);
    if (!json_equal(want, have))
        fail_msg("%s: %s\nwanted %s\n   got %s", name, what, a, b);
}

static void check_resource(const json_t *c, const json_t *r)
{
    const char *name = js_str(c, "name"), *key;
    json_t *value, *note;
    size_t i;
    AUTO_JSON json_t *paths = json_array();
    AUTO_JSON json_t *none = json_array();
    if (js_obj(c, "body"))
        same("body", js_obj(c, "body"), js_obj(r, "body"), name);
    json_object_foreach (js_obj(c, "part"), key, value)
        same(key, value, json_object_get(js_obj(r, "body"), key), name);
    if (js_str(c, "source"))
        assert_string_equal(js_str(r, "source"), js_str(c, "source"));
    json_array_foreach (js_arr(r, "notes"), i, note)
        js_push_str(paths, js_str(note, "path"));
    same("notes", js_arr(c, "notes") ? js_arr(c, "notes") : none, paths, name);
}

static void check_case(const json_t *common, const json_t *c)
{
    struct snapshot s;
    const char *address = js_str(c, "adopt"), *left = js_str(c, "left");
    fill(&s, common, js_obj(c, "snapshot"));
    AUTO_JSON json_t *result = adopted(&s, address);
    AUTO_JSON json_t *again = adopted(&s, address);
    const json_t *r = at(js_arr(result, "resources"), address), *out = at(js_arr(result, "left"), address);
    same("a second time", result, again, js_str(c, "name"));
    plans_to_nothing(&s, result);
    if (left && (!out || !strstr(js_str_or(out, "why", ""), left)))
        fail_msg("%s: left out because %s", js_str(c, "name"), js_str_or(out, "why", "(it is not left out)"));
    if (!left && !r)
        fail_msg("%s: not adopted: %s", js_str(c, "name"), js_str_or(out, "why", "?"));
    if (!left)
        check_resource(c, r);
    snapshot_release(&s);
}

static void every_kind_that_can_be_read_goes_there_and_back(void **state)
{
    AUTO_JSON json_t *common = loaded("common");
    (void)state;
    for (size_t i = 0; i < kinds_n; i++) {
        json_t *c;
        size_t k;
        if (never_read(&kinds[i])) {
            assert_null(kinds[i].spec->offer);
            continue;
        }
        if (!kinds[i].spec->offer)
            fail_msg("kind %s can be read, and nothing of it can be adopted", kinds[i].name);
        AUTO_JSON json_t *cases = loaded(kinds[i].name);
        assert_true(json_array_size(cases) > 0);
        json_array_foreach (cases, k, c)
            check_case(common, c);
    }
}

static void each_shape(const json_t *common, json_t *lists, json_t *at, int depth, const char *pattern);

/* Adopting must come to an end with a result or a refusal, whatever an answer holds. */
static void survives(const json_t *common, const json_t *lists, const char *pattern)
{
    struct snapshot s;
    struct strset patterns = {0}, unread = {0};
    struct err e = {0};
    json_t *out = NULL;
    fill(&s, common, lists);
    strset_add(&patterns, pattern);
    const struct adopt_wish wish = {.patterns = &patterns};
    if (plan_adopt(&s, &wish, &unread, &out, &e) < 0)
        assert_true(e.kind != ERR_NONE);
    json_decref(out);
    strset_release(&patterns);
    strset_release(&unread);
    snapshot_release(&s);
}

static json_t *odd(size_t i)
{
    static const char *const odds[] = {"null", "\"x\"",          "7",   "true", "[]", "[7,\"x\",null,[]]",
                                       "{}",   "{\"id\":\"1\"}", "[{}]"};
    return i < sizeof odds / sizeof *odds ? json_loads(odds[i], JSON_DECODE_ANY, NULL) : NULL;
}

static void each_member(const json_t *common, json_t *lists, json_t *object, int depth, const char *pattern)
{
    struct strset keys = {0};
    const char *key;
    json_t *value;
    json_object_foreach (object, key, value)
        strset_add(&keys, key);
    for (size_t k = 0; k < keys.n; k++) {
        json_t *was = json_incref(json_object_get(object, keys.item[k])), *one;
        for (size_t i = 0; (one = odd(i)); i++) {
            js_set(object, keys.item[k], one);
            survives(common, lists, pattern);
        }
        js_set(object, keys.item[k], was);
        each_shape(common, lists, was, depth + 1, pattern);
    }
    strset_release(&keys);
}

static void each_shape(const json_t *common, json_t *lists, json_t *at, int depth, const char *pattern)
{
    json_t *one;
    size_t i;
    if (depth > 5)
        return;
    each_member(common, lists, at, depth, pattern);
    json_array_foreach (at, i, one)
        each_shape(common, lists, one, depth + 1, pattern);
}

static void no_answer_of_a_wrong_shape_fells_a_kind(void **state)
{
    AUTO_JSON json_t *common = loaded("common");
    (void)state;
    for (size_t i = 0; i < kinds_n; i++) {
        if (never_read(&kinds[i]))
            continue;
        AUTO_JSON json_t *cases = loaded(kinds[i].name);
        AUTO_JSON json_t *lists = json_deep_copy(js_obj(json_array_get(cases, 0), "snapshot"));
        const char *name;
        json_t *list;
        if (!lists) {
            lists = json_object();
            AUTO_FREE char *own =
                kinds[i].spec->per_module ? mem_printf("%s/Deals", kinds[i].spec->list) : mem_dup(kinds[i].spec->list);
            js_set(lists, own, json_deep_copy(js_arr(common, own)));
        }
        json_object_foreach (lists, name, list)
            each_shape(common, lists, json_array_get(list, json_array_size(list) - 1), 0, kinds[i].name);
    }
}

/* Objects whose members say nothing of the thing itself: what they refer to is declared by its own kind, or they belong to it. */
static const char *const elsewhere[] = {"created_by",
                                        "modified_by",
                                        ".module",
                                        ".layout",
                                        ".field",
                                        ".folder",
                                        ".sort_by",
                                        "profiles",
                                        "group",
                                        "global_picklist.",
                                        "field.global_picklist",
                                        "display_field",
                                        "sections.field",
                                        "actions_allowed",
                                        "from_state",
                                        "to_state",
                                        "connections.transitions",
                                        "states.pick_list_value",
                                        "excluded",
                                        "lock",
                                        ".status",
                                        "future_setting",
                                        "instant_actions.actions.details",
                                        NULL};

static bool is_elsewhere(const char *path)
{
    for (size_t i = 0; elsewhere[i]; i++)
        if (strstr(path, elsewhere[i]))
            return true;
    return false;
}

static bool is_told(const json_t *common, const json_t *lists, const char *pattern)
{
    struct snapshot s;
    fill(&s, common, lists);
    AUTO_JSON json_t *result = adopted(&s, pattern);
    AUTO_FREE char *text = json_dumps(result, 0);
    snapshot_release(&s);
    return strstr(text, "setting_of_tomorrow") != NULL;
}

static size_t untold(const json_t *common, const json_t *lists, json_t *at_, const char *path, const char *pattern)
{
    const char *key;
    json_t *value;
    size_t i, n = 0;
    void *next;
    bool layout = !strcmp(path, "layout_section"); /* of which only the section is looked at */
    if (json_object_size(at_) && !layout && !is_elsewhere(path)) {
        js_set_str(at_, "setting_of_tomorrow", "7");
        if (!is_told(common, lists, pattern)) {
            print_error("%s: lost in silence at %s\n", pattern, path);
            n++;
        }
        json_object_del(at_, "setting_of_tomorrow");
    }
    json_object_foreach_safe (at_, next, key, value) {
        AUTO_FREE char *below = mem_printf("%s.%s", path, key);
        n += untold(common, lists, value, below, pattern);
    }
    json_array_foreach (at_, i, value)
        n += untold(common, lists, value, path, pattern);
    return n;
}

/* What Zoho adds one day, anywhere in an answer, is taken over or named. */
static void nothing_is_lost_in_silence(void **state)
{
    AUTO_JSON json_t *common = loaded("common");
    size_t n = 0;
    (void)state;
    for (size_t i = 0; i < kinds_n; i++) {
        json_t *c;
        size_t k;
        if (never_read(&kinds[i]))
            continue;
        AUTO_JSON json_t *cases = loaded(kinds[i].name);
        json_array_foreach (cases, k, c) {
            AUTO_JSON json_t *lists = json_deep_copy(js_obj(c, "snapshot"));
            AUTO_FREE char *own =
                kinds[i].spec->per_module ? mem_printf("%s/Deals", kinds[i].spec->list) : mem_dup(kinds[i].spec->list);
            if (js_str(c, "left") || !js_arr(lists, own))
                continue;
            n += untold(common, lists, json_array_get(js_arr(lists, own), json_array_size(js_arr(lists, own)) - 1),
                        kinds[i].name, js_str(c, "adopt"));
        }
    }
    assert_int_equal(n, 0);
}

static void what_a_thing_needs_comes_along(void **state)
{
    AUTO_JSON json_t *common = loaded("common");
    AUTO_JSON json_t *rules = loaded("workflow_rule");
    struct snapshot s;
    static const char *const came[] = {"field_update/Deals.Shut%20it", "function_wrapper/Deals.Count%20deals",
                                       "function/count", "email_notification/Deals.Tell", "email_template/Deals.Hello"};
    (void)state;
    fill(&s, common, js_obj(json_array_get(rules, 0), "snapshot"));
    AUTO_JSON json_t *result = adopted(&s, "workflow_rule/Deals.*");
    for (size_t i = 0; i < sizeof came / sizeof *came; i++) {
        const json_t *r = at(js_arr(result, "resources"), came[i]);
        if (!r)
            fail_msg("%s did not come along", came[i]);
        assert_false(js_bool(r, "asked", true));
    }
    snapshot_release(&s);
}

static void the_second_of_two_with_one_name_is_named_and_left(void **state)
{
    AUTO_JSON json_t *common = loaded("common");
    AUTO_JSON json_t *own =
        json_of("{'field_updates':[{'id':'83','name':'Shut it','module':{'api_name':'Deals'},'type':'static',"
                "'field':{'api_name':'Stage'},'value':'Shut'},{'id':'98','name':'Shut it','module':"
                "{'api_name':'Deals'},'type':'static','field':{'api_name':'Stage'},'value':'Open'}]}");
    struct snapshot s;
    (void)state;
    fill(&s, common, own);
    AUTO_JSON json_t *result = adopted(&s, "field_update");
    assert_int_equal(json_array_size(js_arr(result, "resources")), 1);
    assert_int_equal(json_array_size(js_arr(result, "left")), 1);
    plans_to_nothing(&s, result);
    snapshot_release(&s);
}

static void what_another_playbook_wants_is_left_to_it(void **state)
{
    AUTO_JSON json_t *common = loaded("common");
    AUTO_JSON json_t *names = json_of("{'field_update/Deals.Close':'Shut it'}");
    struct snapshot s;
    struct strset patterns = {0}, unread = {0};
    struct desired others = {0};
    struct err e = {0};
    json_t *result;
    struct resource r = {.address = mem_dup("field_update/Deals.Close"),
                         .playbook = mem_dup("closing"),
                         .body =
                             json_of("{'name':'Close','field':{'api_name':'Stage'},'type':'static','value':'Shut'}")};
    (void)state;
    assert_int_equal(desired_add(&others, &r, &e), 0);
    fill(&s, common, NULL);
    strset_add(&patterns, "field_update");
    const struct adopt_wish wish = {&patterns, &others, names};
    assert_int_equal(plan_adopt(&s, &wish, &unread, &result, &e), 0);
    assert_int_equal(json_array_size(js_arr(result, "resources")), 0);
    assert_string_equal(js_str(json_array_get(js_arr(result, "wanted"), 0), "playbook"), "closing");
    json_decref(result);
    strset_release(&patterns);
    strset_release(&unread);
    desired_release(&others);
    snapshot_release(&s);
}

static void a_pattern_that_means_nothing_is_a_typing_error(void **state)
{
    AUTO_JSON json_t *common = loaded("common");
    struct snapshot s;
    struct strset patterns = {0}, unread = {0};
    struct err e = {0};
    json_t *result = NULL;
    (void)state;
    fill(&s, common, NULL);
    strset_add(&patterns, "field_update/Deals.Nothing*");
    const struct adopt_wish wish = {.patterns = &patterns};
    assert_int_equal(plan_adopt(&s, &wish, &unread, &result, &e), -1);
    assert_int_equal(e.kind, ERR_USAGE);
    assert_non_null(strstr(e.what, "Nothing"));
    strset_release(&patterns);
    strset_release(&unread);
    snapshot_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_that_can_be_read_goes_there_and_back),
        cmocka_unit_test(no_answer_of_a_wrong_shape_fells_a_kind),
        cmocka_unit_test(nothing_is_lost_in_silence),
        cmocka_unit_test(what_a_thing_needs_comes_along),
        cmocka_unit_test(the_second_of_two_with_one_name_is_named_and_left),
        cmocka_unit_test(what_another_playbook_wants_is_left_to_it),
        cmocka_unit_test(a_pattern_that_means_nothing_is_a_typing_error),
    };
    return cmocka_run_group_tests_name("plan/adopt", tests, NULL, NULL);
}
