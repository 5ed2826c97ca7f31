/* The hand-over guide: its text (golden), its page, its ticks, what guide_check finds, and every wording in templates/_guide/en. */
#include "agent/diagram.h"
#include "agent/guide.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/sb.h"
#include "plan/plan.h"
#include "tests/test.h"

static const char templates[] = "templates/_guide/en";

struct sample {
    json_t *plan, *manifest, *org, *steps;
    struct snapshot live;
    struct guide_input in;
};

static int setup(void **state)
{
    struct sample *s = calloc(1, sizeof *s);
    s->plan = js_load("tests/agent/fixtures/guide-plan.json", NULL);
    s->manifest =
        json_pack("{s:s, s:s, s:s, s:{s:s}, s:{s:s, s:s, s:s, s:s}, s:[{s:s, s:s}]}", "name", "loan-bikes", "title",
                  "Loan bikes come back", "summary", "Every loan bike has a name and a date.", "guide", "owner",
                  "admin", "pages", "intro", "A bike that is lent has a deal.", "emergency",
                  "Deactivate the Blueprint.", "go_live", "1. [ ] Two people try it.", "monday", "Two new buttons.",
                  "open_questions", "text", "Who pays for a lost bike?", "where", "context/roles.md:3");
    s->org = json_pack("{s:s, s:s, s:s, s:s}", "name", "Example org", "zone", "Europe/Madrid", "zgid", "900", "edition",
                       "Enterprise");
    s->steps = json_object();
    snapshot_init(&s->live);
    snapshot_put(&s->live, "fields/Deals",
                 json_pack("[{s:s,s:s,s:s},{s:s,s:s,s:s}]", "id", "1", "api_name", "Amount", "field_label",
                           "Amount due", "id", "2", "api_name", "Closing_Date", "field_label", "Due back"));
    s->in = (struct guide_input){.plan = s->plan,
                                 .manifest = s->manifest,
                                 .templates = templates,
                                 .org = s->org,
                                 .steps = s->steps,
                                 .snapshot = &s->live,
                                 .now = 1772355600};
    *state = s;
    return s->plan && s->manifest ? 0 : -1;
}

static int teardown(void **state)
{
    struct sample *s = *state;
    json_decref(s->plan);
    json_decref(s->manifest);
    json_decref(s->org);
    json_decref(s->steps);
    snapshot_release(&s->live);
    free(s);
    return 0;
}

static json_t *build(struct sample *s, char **md, char **html)
{
    json_t *findings = json_array();
    struct err e = {0};
    if (guide_build(&s->in, md, html, findings, &e) < 0)
        fail_msg("%s (%s)", e.what, e.where);
    return findings;
}

static json_t *step_of(struct sample *s, size_t i)
{
    return json_array_get(js_arr(s->plan, "steps"), i);
}

static bool says(const json_t *findings, const char *level, const char *text)
{
    size_t i;
    json_t *f;
    json_array_foreach (findings, i, f) {
        if (!strcmp(js_str_or(f, "level", ""), level) && strstr(js_str_or(f, "text", ""), text))
            return true;
    }
    return false;
}

static json_t *check(struct sample *s, const char *md)
{
    json_t *findings = json_array();
    assert_int_equal(guide_check(&s->in, md, findings, NULL), 0);
    return findings;
}

static char *replaced(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    assert_non_null(at);
    return mem_printf("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static void a_guide_reads_as_the_golden_one_and_has_no_finding(void **state)
{
    AUTO_FREE char *md = NULL;
    AUTO_FREE char *html = NULL;
    AUTO_JSON json_t *findings = build(*state, &md, &html);
    AUTO_FREE char *all = json_dumps(findings, 0);
    assert_string_equal(all, "[]");
    static const char golden[] = "tests/golden/agent/guide.md";
    if (getenv("ZAGENT_GOLDEN")) {
        FILE *f = fopen(golden, "wb");
        assert_non_null(f);
        fputs(md, f);
        fclose(f);
    }
    AUTO_FREE char *want = NULL;
    size_t n = 0;
    assert_int_equal(fs_read(golden, 1 << 20, &want, &n, NULL), 0);
    assert_string_equal(md, want);
}

static void same_input_gives_the_same_bytes(void **state)
{
    char *md[2] = {0}, *html[2] = {0};
    for (int i = 0; i < 2; i++)
        json_decref(build(*state, &md[i], &html[i]));
    assert_string_equal(md[0], md[1]);
    assert_string_equal(html[0], html[1]);
    for (int i = 0; i < 2; i++) {
        free(md[i]);
        free(html[i]);
    }
}

static void the_page_refers_to_nothing_outside_itself(void **state)
{
    struct sample *s = *state;
    js_set_str(js_obj(s->manifest, "pages"), "intro", "See ![a picture](https://elsewhere.example/x.png).");
    AUTO_FREE char *md = NULL;
    AUTO_FREE char *html = NULL;
    AUTO_JSON json_t *findings = build(s, &md, &html);
    static const char *const never[] = {"http:",   "https:",  "url(",       "<link",
                                        "@import", "<iframe", " id=\"node", "xlink"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (strstr(html, never[i]))
            fail_msg("the page holds '%s'", never[i]);
    assert_non_null(strstr(html, "<svg"));
    assert_null(strstr(html, "stateDiagram"));
    assert_non_null(strstr(html, "default-src 'none'"));
}

static void every_tick_has_an_id_of_its_own_made_from_the_step(void **state)
{
    AUTO_FREE char *md = NULL;
    AUTO_FREE char *html = NULL;
    AUTO_JSON json_t *findings = build(*state, &md, &html);
    AUTO_JSON json_t *seen = json_object();
    int boxes = 0, ids = 0;
    for (const char *at = html; (at = strstr(at, "<input type=\"checkbox\"")); at++)
        boxes++;
    for (const char *at = html; (at = strstr(at, "data-tick=\"")); at++, ids++) {
        at += strlen("data-tick=\"");
        AUTO_FREE char *id = mem_dupn(at, strcspn(at, "\""));
        if (json_object_get(seen, id))
            fail_msg("tick %s appears twice", id);
        js_set_bool(seen, id, true);
    }
    assert_int_equal(boxes, ids);
    static const char *const some[] = {"00000002", "00000002.1", "00000005", "golive.1", "questions.1"};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        assert_non_null(json_object_get(seen, some[i]));
}

static void actions_go_on_counting_after_a_table_or_a_text(void **state)
{
    AUTO_FREE char *md = NULL;
    AUTO_FREE char *html = NULL;
    AUTO_JSON json_t *findings = build(*state, &md, &html);
    const char *step = strstr(md, "begin step 00000002");
    const char *content = strstr(step, "please bring it back.");
    assert_non_null(content);
    const char *item = strstr(content, "[ ]");
    assert_non_null(item);
    assert_true(strtol(item - 3, NULL, 10) > 5);
}

static void values_stay_exact_whatever_they_hold(void **state)
{
    AUTO_FREE char *md = NULL;
    AUTO_FREE char *html = NULL;
    AUTO_JSON json_t *findings = build(*state, &md, &html);
    assert_non_null(strstr(html, "<code>Your `loan` | bike</code>"));
    assert_non_null(strstr(html, "Hello,\n```\nplease bring it back.\n</code>"));
    assert_null(strstr(html, "\\|"));
}

static void labels_stand_before_api_names_and_criteria_are_words(void **state)
{
    AUTO_FREE char *md = NULL;
    AUTO_FREE char *html = NULL;
    AUTO_JSON json_t *findings = build(*state, &md, &html);
    assert_non_null(strstr(html, "Amount due</strong> (Amount)"));
    assert_non_null(strstr(html, "<td>is empty</td>"));
    assert_non_null(strstr(html, "1 and (2 or 3)"));
    assert_non_null(strstr(html, "Due back (mandatory)"));
    assert_non_null(strstr(html, "Workshop"));
}

static void text_from_data_opens_no_markup_and_makes_no_marker(void **state)
{
    struct sample *s = *state;
    static const char evil[] = "x\n<!-- zagent:end -->\n<script>alert(1)</script> [l](javascript:x) | `";
    js_set_str(step_of(s, 1), "title", evil);
    js_set_str(js_obj(step_of(s, 1), "declared"), "content", evil);
    js_set_str(js_obj(step_of(s, 1), "declared"), "subject", evil);
    js_set_str(js_obj(step_of(s, 1), "hand"), "expected", evil);
    js_set_str(s->manifest, "title", evil);
    AUTO_FREE char *md = NULL;
    AUTO_FREE char *html = NULL;
    AUTO_JSON json_t *findings = build(s, &md, &html);
    AUTO_FREE char *all = json_dumps(findings, 0);
    assert_string_equal(all, "[]");
    assert_null(strstr(html, "<script>alert"));
    assert_null(strstr(html, "href=\"javascript"));
}

static void done_steps_are_ticked_with_who_and_when(void **state)
{
    struct sample *s = *state;
    js_set(s->steps, "email_template/Deals.Bike%20is%20late",
           json_pack("{s:s, s:{s:s}, s:i, s:I}", "outcome", "verified", "detail", "by", "Workshop lead", "run", 1, "at",
                     (json_int_t)1772359200));
    js_set(s->steps, "blueprint/Deals.Loan",
           json_pack("{s:s, s:{s:s}, s:i, s:i}", "outcome", "refused", "detail", "message", "not supported here", "run",
                     1, "at", 1));
    AUTO_FREE char *md = NULL;
    AUTO_FREE char *html = NULL;
    AUTO_JSON json_t *findings = build(s, &md, &html);
    assert_non_null(strstr(md, "1 of 4 steps done"));
    assert_non_null(strstr(html, "data-tick=\"00000002\" checked"));
    assert_non_null(strstr(md, "2026-03-01 11:00, by Workshop lead"));
    assert_non_null(strstr(md, "not supported here"));
}

static void a_step_refused_by_api_becomes_a_hand_step_and_stays_one(void **state)
{
    struct sample *s = *state;
    json_t *was = json_pack("{s:s, s:{s:s}, s:i, s:i, s:b}", "outcome", "refused", "detail", "message",
                            "not supported here", "run", 1, "at", 1, "by_hand", 1);
    js_set(s->steps, "field/Deals.Loan_State", was);
    AUTO_FREE char *md = NULL;
    AUTO_FREE char *html = NULL;
    AUTO_JSON json_t *findings = build(s, &md, &html);
    AUTO_FREE char *all = json_dumps(findings, 0);
    assert_string_equal(all, "[]");
    assert_non_null(strstr(md, "begin step 00000001"));
    assert_non_null(strstr(md, "0 of 5 steps done"));
    js_set_str(was, "outcome", "verified");
    AUTO_FREE char *later = NULL;
    AUTO_FREE char *page = NULL;
    json_decref(build(s, &later, &page));
    assert_non_null(strstr(later, "1 of 5 steps done"));
}

/* A function is associated inside a rule; a rule that waits for the association cannot be opened, it must be made. */
static void an_association_names_its_rule_and_how_to_make_one_that_is_not_there(void **state)
{
    struct sample *s = *state;
    struct err e = {0};
    json_t *rule =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:[s], s:{s:s, s:{s:s}}}", "id", "000000a2", "address",
                  "workflow_rule/Deals.Tell%20the%20desk", "kind", "workflow_rule", "title", "Tell the desk", "action",
                  "create", "channel", "api", "state", "wait", "needs", "function_wrapper/Deals.Ring%20the%20bell",
                  "body", "name", "Tell the desk", "execute_when", "type", "create_or_edit");
    json_t *wrapper = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:[], s:{s:s}}", "id", "000000a1", "address",
                                "function_wrapper/Deals.Ring%20the%20bell", "kind", "function_wrapper", "title",
                                "Ring the bell", "action", "create", "channel", "hand", "state", "ready", "minutes", 3,
                                "needs", "body", "name", "Ring the bell");
    assert_non_null(rule);
    assert_non_null(wrapper);
    js_set_str(rule, "playbook", "loan-bikes");
    js_set_str(wrapper, "playbook", "loan-bikes");
    json_array_append_new(js_arr(s->plan, "steps"), wrapper);
    json_array_append_new(js_arr(s->plan, "steps"), rule);
    AUTO_FREE char *md = NULL;
    AUTO_FREE char *html = NULL;
    AUTO_JSON json_t *findings = json_array();
    if (guide_build(&s->in, &md, &html, findings, &e) < 0)
        fail_msg("%s (%s)", e.what, e.where);
    assert_non_null(strstr(md, "there the rule `Tell the desk`. It is not in the list before"));
    assert_non_null(strstr(md, "click **Create Rule**"));
    json_t *there = json_pack("{s:s, s:i, s:i}", "outcome", "verified", "run", 1, "at", 1);
    js_set(s->steps, "workflow_rule/Deals.Tell%20the%20desk", there);
    AUTO_FREE char *later = NULL;
    AUTO_FREE char *page = NULL;
    json_decref(build(s, &later, &page));
    assert_non_null(strstr(later, "there the rule `Tell the desk`."));
    assert_null(strstr(later, "click **Create Rule**"));
}

static void check_finds_a_missing_and_a_repeated_step(void **state)
{
    struct sample *s = *state;
    AUTO_FREE char *md = NULL;
    AUTO_FREE char *html = NULL;
    json_decref(build(s, &md, &html));
    AUTO_FREE char *other = replaced(md, "begin step 00000003", "begin step 00000002");
    AUTO_JSON json_t *findings = check(s, other);
    assert_true(says(findings, "error", "hand step 00000003 (Deposit) of the plan is missing"));
    assert_true(says(findings, "error", "step 00000002 (Bike is late) appears 2 times"));
    AUTO_FREE char *api = replaced(md, "begin step 00000003", "begin step 00000001");
    AUTO_JSON json_t *more = check(s, api);
    assert_true(says(more, "error", "step 00000001 is no hand step"));
}

static void check_finds_each_empty_part(void **state)
{
    struct sample *s = *state;
    AUTO_FREE char *md = NULL;
    AUTO_FREE char *html = NULL;
    json_decref(build(s, &md, &html));
    static const char *const parts[] = {"tick", "actions", "expected", "negative", "verify", "undo", "signoff"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        AUTO_FREE char *begin = mem_printf("<!-- zagent:begin %s -->", parts[i]);
        const char *at = strstr(md, begin);
        assert_non_null(at);
        const char *end = strstr(at, "<!-- zagent:end -->");
        AUTO_FREE char *emptied = mem_printf("%.*s%s\n\n#### Heading\n\n%s", (int)(at - md), md, begin, end);
        AUTO_JSON json_t *findings = check(s, emptied);
        AUTO_FREE char *want = mem_printf("nothing under '%s'", parts[i]);
        assert_int_equal(json_array_size(findings), 1);
        assert_true(says(findings, "error", want));
    }
}

static void check_finds_secrets_bare_paths_and_a_foreign_plan(void **state)
{
    struct sample *s = *state;
    AUTO_FREE char *md = NULL;
    AUTO_FREE char *html = NULL;
    json_decref(build(s, &md, &html));
    AUTO_FREE char *secret = mem_printf("%s\nAuthorization: Zoho-oauthtoken 1000.%032d.%032d\n", md, 1, 2);
    AUTO_FREE char *bare = mem_printf("%s\nOpen **Setup > Somewhere** [?] now.\n", md);
    AUTO_FREE char *foreign = replaced(md, "plan: \"", "plan: \"00");
    AUTO_FREE char *owner = replaced(md, "owner: ", "boss: ");
    AUTO_FREE char *headless = mem_dup(strstr(md, "# Loan"));
    const struct {
        const char *md, *text;
    } cases[] = {{secret, "looks like a secret"},
                 {bare, "no note to check the label"},
                 {foreign, "another plan"},
                 {owner, "no 'owner'"},
                 {headless, "no front matter"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_JSON json_t *findings = check(s, cases[i].md);
        if (json_array_size(findings) != 1 || !says(findings, "error", cases[i].text))
            fail_msg("not found: %s", cases[i].text);
    }
}

static void check_finds_fields_that_nobody_has(void **state)
{
    struct sample *s = *state;
    AUTO_FREE char *md = NULL;
    AUTO_FREE char *html = NULL;
    js_set_str(js_obj(js_obj(step_of(s, 2), "declared"), "field"), "api_name", "Amnt");
    AUTO_JSON json_t *findings = build(s, &md, &html);
    assert_true(says(findings, "error", "field Deals.Amnt exists neither"));
    assert_non_null(strstr(md, "Not confirmed"));
    s->in.snapshot = NULL;
    AUTO_JSON json_t *blind = check(s, md);
    assert_true(says(blind, "warning", "Deals.Amnt could not be checked"));
    assert_false(says(blind, "error", ""));
}

static void a_kind_without_wording_names_the_file_to_write(void **state)
{
    struct sample *s = *state;
    js_set_str(step_of(s, 1), "kind", "teapot");
    char *md = NULL, *html = NULL;
    AUTO_JSON json_t *findings = json_array();
    struct err e = {0};
    assert_int_equal(guide_build(&s->in, &md, &html, findings, &e), -1);
    assert_int_equal(e.kind, ERR_CONFIG);
    assert_non_null(strstr(e.fix, "templates/_guide/en/teapot.md.mustache"));
}

static void a_plan_without_the_playbook_is_refused(void **state)
{
    struct sample *s = *state;
    js_set_str(s->manifest, "name", "nobody");
    char *md = NULL, *html = NULL;
    AUTO_JSON json_t *findings = json_array();
    struct err e = {0};
    assert_int_equal(guide_build(&s->in, &md, &html, findings, &e), -1);
    assert_int_equal(e.kind, ERR_NOT_FOUND);
}

/* A step of each kind with the barest body and with the sample's Blueprint body: no wording may need a name that is not there. */
static void every_wording_in_the_folder_renders_and_keeps_the_contract(void **state)
{
    struct sample *s = *state;
    char **names = NULL;
    size_t n = 0, tried = 0;
    assert_int_equal(fs_list(templates, &names, &n, NULL), 0);
    AUTO_JSON json_t *full = json_deep_copy(js_obj(step_of(s, 3), "declared"));
    for (size_t i = 0; i < n; i++) {
        char *dot = strstr(names[i], ".md.mustache");
        if (!dot || !strcmp(names[i], "guide.md.mustache") || !strcmp(names[i], "step.md.mustache") ||
            !strcmp(names[i], "audit.md.mustache"))
            continue;
        AUTO_FREE char *kind = mem_dupn(names[i], (size_t)(dot - names[i]));
        const struct kind *k = kind_find(kind);
        if (!k) {
            fail_msg("wording for an unknown kind: %s", names[i]);
            return;
        }
        AUTO_FREE char *address = address_make(kind, k->in_module ? "Deals" : NULL, "Thing");
        for (int body = 0; body < 2; body++) {
            json_t *step = step_of(s, 3);
            js_set_str(step, "kind", kind);
            js_set_str(step, "address", address);
            js_set(step, "declared", body ? json_deep_copy(full) : json_pack("{s:s}", "name", "Thing"));
            AUTO_FREE char *md = NULL;
            AUTO_FREE char *html = NULL;
            AUTO_JSON json_t *findings = build(s, &md, &html);
            if (says(findings, "error", ""))
                fail_msg("%s: %s", kind, js_str(json_array_get(findings, 0), "text"));
        }
        tried++;
    }
    fs_list_free(names, n);
    assert_true(tried >= 15);
}

static void a_diagram_is_the_same_each_time_and_takes_any_text(void **state)
{
    (void)state;
    AUTO_JSON json_t *d = json_pack("{s:[s,s], s:[{s:s,s:s,s:s},{s:s,s:s,s:s}], s:s}", "states", "A<b>\\N", "C;\"d\"",
                                    "arrows", "from", "A<b>\\N", "to", "C;\"d\"", "label", "go: 1", "from", "C;\"d\"",
                                    "to", "nowhere", "label", "x", "start", "A<b>\\N");
    AUTO_FREE char *once = diagram_svg(d, NULL);
    AUTO_FREE char *again = diagram_svg(d, NULL);
    assert_string_equal(once, again);
    assert_non_null(strstr(once, "A&lt;b&gt;\\N"));
    AUTO_FREE char *mermaid = diagram_mermaid(d, NULL);
    assert_string_equal(mermaid, "stateDiagram-v2\n"
                                 "    state \"A#60;b#62;#92;N\" as s1\n"
                                 "    state \"C#59;#34;d#34;\" as s2\n"
                                 "    [*] --> s1\n"
                                 "    s1 --> s2: go#58; 1\n");
}

static void a_state_that_stands_for_several_is_dashed(void **state)
{
    (void)state;
    AUTO_JSON json_t *d =
        json_pack("{s:[s,s,s], s:[s], s:[{s:s,s:s,s:s}], s:s}", "states", "New", "Lost", "several (9)", "dashed",
                  "several (9)", "arrows", "from", "several (9)", "to", "Lost", "label", "give up", "start", "New");
    AUTO_FREE char *svg = diagram_svg(d, NULL);
    const char *first = strstr(svg, "stroke-dasharray");
    assert_non_null(first);
    assert_null(strstr(first + 1, "stroke-dasharray"));
}

/* Three states in a ring, a loop and a way back: dot must not be left to break the cycle, it loses memory (found by ASan). */
static void a_diagram_with_cycles_leaks_nothing_and_keeps_its_arrows(void **state)
{
    (void)state;
    static const char *const arrows[][2] = {{"A", "B"}, {"B", "C"}, {"C", "A"}, {"A", "A"}, {"B", "A"}, {"A", "C"}};
    AUTO_JSON json_t *d = json_pack("{s:[s,s,s], s:[], s:s}", "states", "A", "B", "C", "arrows", "start", "A");
    for (size_t i = 0; i < sizeof arrows / sizeof *arrows; i++) {
        json_t *a = json_object();
        js_set_str(a, "from", arrows[i][0]);
        js_set_str(a, "to", arrows[i][1]);
        js_set_str(a, "label", "go");
        json_array_append_new(js_arr(d, "arrows"), a);
    }
    AUTO_FREE char *svg = diagram_svg(d, NULL);
    assert_non_null(svg);
    int heads = 0;
    for (const char *at = svg; (at = strstr(at, "<polygon fill=\"black\"")); at++)
        heads++;
    assert_int_equal(heads, 7); /* one each, and the one from the start */
}

static void a_diagram_of_too_many_states_is_refused(void **state)
{
    (void)state;
    AUTO_JSON json_t *d = json_object();
    json_t *states = json_array();
    for (int i = 0; i <= DIAGRAM_MAX_STATES; i++)
        js_push_str(states, "s");
    js_set(d, "states", states);
    struct err e = {0};
    assert_null(diagram_svg(d, &e));
    assert_int_equal(e.kind, ERR_LIMIT);
    assert_null(diagram_mermaid(d, NULL));
}

static void markers_that_do_not_pair_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"<!-- zagent:begin x -->\n\ntext\n", "<!-- zagent:end -->\n"};
    for (size_t i = 0; i < 2; i++) {
        char *html = NULL;
        struct err e = {0};
        AUTO_JSON json_t *page = json_object();
        assert_int_equal(guide_html(templates, wrong[i], NULL, page, &html, &e), -1);
        assert_int_equal(e.kind, ERR_CONFIG);
    }
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(a_guide_reads_as_the_golden_one_and_has_no_finding),
        T(same_input_gives_the_same_bytes),
        T(the_page_refers_to_nothing_outside_itself),
        T(every_tick_has_an_id_of_its_own_made_from_the_step),
        T(actions_go_on_counting_after_a_table_or_a_text),
        T(values_stay_exact_whatever_they_hold),
        T(labels_stand_before_api_names_and_criteria_are_words),
        T(text_from_data_opens_no_markup_and_makes_no_marker),
        T(done_steps_are_ticked_with_who_and_when),
        T(a_step_refused_by_api_becomes_a_hand_step_and_stays_one),
        T(an_association_names_its_rule_and_how_to_make_one_that_is_not_there),
        T(check_finds_a_missing_and_a_repeated_step),
        T(check_finds_each_empty_part),
        T(check_finds_secrets_bare_paths_and_a_foreign_plan),
        T(check_finds_fields_that_nobody_has),
        T(a_kind_without_wording_names_the_file_to_write),
        T(a_plan_without_the_playbook_is_refused),
        T(every_wording_in_the_folder_renders_and_keeps_the_contract),
        T(a_diagram_is_the_same_each_time_and_takes_any_text),
        T(a_diagram_with_cycles_leaks_nothing_and_keeps_its_arrows),
        cmocka_unit_test(a_state_that_stands_for_several_is_dashed),
        T(a_diagram_of_too_many_states_is_refused),
        T(markers_that_do_not_pair_are_refused),
    };
    return cmocka_run_group_tests_name("agent/guide", tests, NULL, NULL);
}
