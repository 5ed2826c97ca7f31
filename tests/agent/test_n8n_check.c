/* The check of n8n workflows: each fault has its finding, and what salesiq-response makes has none, with and without a model. */
#include "agent/n8n_check.h"
#include "tests/agent/shell.h"
#include "tests/test.h"

#define TRIGGER                                                                                                        \
    "{\"id\":\"1\",\"name\":\"Start\",\"type\":\"n8n-nodes-base.manualTrigger\",\"typeVersion\":1,\"position\":[0,0]," \
    "\"parameters\":{}}"
#define CALL(more)                                                                                                     \
    "{\"id\":\"2\",\"name\":\"Call\",\"type\":\"n8n-nodes-base.httpRequest\",\"typeVersion\":4.2,\"position\":[1,0],"  \
    "\"parameters\":{\"url\":\"https://api.example.org\"}" more "}"
#define CREDENTIAL(id, more)                                                                                           \
    ",\"credentials\":{\"oAuth2Api\":{\"id\":\"" id "\",\"name\":\"Zoho - read chats\"" more "}}"
#define FILE_OF(nodes, connections, more)                                                                              \
    "{\"name\":\"W\",\"nodes\":[" nodes "],\"connections\":{" connections "}" more "}"
#define LINK(from, sort, to) "\"" from "\":{\"" sort "\":[[{\"node\":\"" to "\",\"type\":\"" sort "\",\"index\":0}]]}"
#define GOOD                 LINK("Start", "main", "Call")

static void each_fault_has_its_finding(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"{\"name\":", "it is no JSON"},
        {"{\"name\":\"W\",\"name\":\"V\"}", "it is no JSON"},
        {FILE_OF("", GOOD, ""), "a workflow has a name, nodes and connections"},
        {FILE_OF(TRIGGER "," CALL(""), GOOD, ",\"active\":true"), "it is active"},
        {FILE_OF(TRIGGER "," TRIGGER, "", ""), "two nodes are called 'Start'"},
        {FILE_OF(TRIGGER
                 ",{\"id\":\"1\",\"name\":\"B\",\"type\":\"n8n-nodes-base.noOp\",\"typeVersion\":1,\"position\":"
                 "[0,0],\"parameters\":{}}",
                 "", ""),
         "the id of node 'B' is missing or another node's"},
        {FILE_OF("{\"id\":\"1\",\"name\":\"B\",\"type\":\"n8n-nodes-base.noOp\",\"typeVersion\":1}", "", ""),
         "no position or no parameters"},
        {FILE_OF("{\"id\":\"1\",\"name\":\"B\",\"type\":\"n8n-nodes-base.if\",\"typeVersion\":2.9,\"position\":[0,0],"
                 "\"parameters\":{}}",
                 "", ""),
         "a typeVersion that n8n does not have"},
        {FILE_OF("{\"id\":\"1\",\"name\":\"B\",\"type\":\"n8n-nodes-base.zohoSalesIq\",\"typeVersion\":1,\"position\":["
                 "0,0],\"parameters\":{}}",
                 "", ""),
         "not among those zagent knows"},
        {FILE_OF(TRIGGER "," CALL(CREDENTIAL("17", "")), GOOD, ""), "more than a name"},
        {FILE_OF(TRIGGER "," CALL(CREDENTIAL(N8N_PLACEHOLDER, ",\"data\":\"x\"")), GOOD, ""), "more than a name"},
        {FILE_OF("{\"id\":\"1\",\"name\":\"B\",\"type\":\"n8n-nodes-base.slack\",\"typeVersion\":2,\"position\":[0,0],"
                 "\"parameters\":{},\"credentials\":{\"smtp\":{\"id\":\"REPLACE_ME\",\"name\":\"n\"}}}",
                 "", ""),
         "takes no credential of that kind"},
        {FILE_OF(TRIGGER "," CALL(""), LINK("Start", "main", "Gone"), ""), "leads to 'Gone', which is not there"},
        {FILE_OF(TRIGGER "," CALL(""), LINK("Gone", "main", "Call"), ""), "begins at 'Gone', which is not there"},
        {FILE_OF(TRIGGER "," CALL(""), LINK("Start", "ai_languageModel", "Call"), ""), "by the wrong output"},
        {FILE_OF(TRIGGER "," CALL(""), "\"Start\":{\"main\":[[{\"node\":\"Call\",\"type\":\"ai_tool\",\"index\":0}]]}",
                 ""),
         "has another type"},
        {FILE_OF(TRIGGER "," CALL(",\"notes\":\"Bearer abcdef0123456789abcdef0123456789\""), GOOD, ""),
         "this looks like a credential"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_JSON json_t *problems = json_array();
        n8n_check(rows[i].text, problems);
        AUTO_FREE char *said = json_dumps(problems, JSON_COMPACT);
        if (!strstr(said, rows[i].says)) {
            fail_msg("%s\nsays %s, not: %s", rows[i].text, said, rows[i].says);
        }
    }
}

static void a_workflow_that_n8n_takes_has_no_finding(void **state)
{
    (void)state;
    AUTO_JSON json_t *problems = json_array();
    n8n_check(FILE_OF(TRIGGER "," CALL(CREDENTIAL(N8N_PLACEHOLDER, "")), GOOD, ",\"active\":false"), problems);
    assert_int_equal(json_array_size(problems), 0);
}

static void finds_nothing(const char *file, const char *holds)
{
    AUTO_FREE char *path = mem_printf("generated/salesiq-response/n8n/%s.json", file), *text = shell_file(path);
    AUTO_JSON json_t *problems = json_array();
    assert_non_null(strstr(text, holds));
    n8n_check(text, problems);
    AUTO_FREE char *said = json_dumps(problems, JSON_COMPACT);
    assert_string_equal(said, "[]");
}

static void run_all(const char *command)
{
    struct run r = shell("%s", command);
    if (r.status != 0) {
        fail_msg("%s%s", r.out, r.err);
    }
    run_release(&r);
}

static void what_salesiq_response_makes_is_fit_with_and_without_a_model(void **state)
{
    (void)state;
    shell_enter("n8n");
    shell_project();
    run_all("zagent plan salesiq-response --quiet && zagent guide salesiq-response");
    finds_nothing("chat-watch", "SalesIQ rings");
    finds_nothing("chat-heartbeat", "Every morning");
    finds_nothing("register-webhook", "By hand, once");
    run_all(
        "chmod -R u+w context && sed -i 's/| use_model | no/| use_model | yes/; s/lmChatOpenAi |/lmChatOllama |/; s/| "
        "version "
        "| 1.3/| version | 1/; s/| credential | openAiApi/| credential | ollamaApi/' context/chat.md && zagent plan "
        "salesiq-response --quiet && zagent guide salesiq-response");
    finds_nothing("chat-watch", "lmChatOllama");
    run_all("sed -i 's/| through_n8n | no/| through_n8n | yes/; s/| version | 1 /| version | 7 /' context/chat.md");
    struct run r = shell("zagent playbook check salesiq-response");
    assert_int_equal(r.status, 3);
    assert_non_null(strstr(r.out, "node 'Model' has a typeVersion that n8n does not have"));
    run_release(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_has_its_finding),
        cmocka_unit_test(a_workflow_that_n8n_takes_has_no_finding),
        cmocka_unit_test(what_salesiq_response_makes_is_fit_with_and_without_a_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
