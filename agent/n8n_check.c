#include "agent/n8n_check.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/secret.h"
#include "base/strset.h"

#define LANGCHAIN "@n8n/n8n-nodes-langchain."
#define BASE      "n8n-nodes-base."

static const struct node_type {
    const char *type, *versions, *credentials; /* "*" = any: chosen by a parameter */
} types[] = {
    {BASE "aggregate", "1", ""},
    {BASE "code", "1 2", ""},
    {BASE "dateTime", "1 2", ""},
    {BASE "emailSend", "1 2 2.1", "smtp"},
    {BASE "errorTrigger", "1", ""},
    {BASE "filter", "1 2 2.1 2.2 2.3", ""},
    {BASE "gmail", "1 2 2.1 2.2", "googleApi gmailOAuth2"},
    {BASE "httpRequest", "1 2 3 4 4.1 4.2 4.3 4.4", "*"},
    {BASE "if", "1 2 2.1 2.2 2.3", ""},
    {BASE "manualTrigger", "1", ""},
    {BASE "merge", "1 2 2.1 3 3.1 3.2", ""},
    {BASE "microsoftTeams", "1 1.1 2", "microsoftTeamsOAuth2Api"},
    {BASE "noOp", "1", ""},
    {BASE "removeDuplicates", "1 1.1 2", ""},
    {BASE "respondToWebhook", "1 1.1 1.2 1.3 1.4 1.5", "jwtAuth"},
    {BASE "scheduleTrigger", "1 1.1 1.2 1.3", ""},
    {BASE "set", "1 2 3 3.1 3.2 3.3 3.4", ""},
    {BASE "slack", "1 2 2.1 2.2 2.3 2.4", "slackApi slackOAuth2Api"},
    {BASE "splitInBatches", "1 2 3", ""},
    {BASE "stickyNote", "1", ""},
    {BASE "stopAndError", "1", ""},
    {BASE "switch", "1 2 3 3.1 3.2 3.3 3.4", ""},
    {BASE "telegram", "1 1.1 1.2", "telegramApi"},
    {BASE "wait", "1 1.1", "httpBasicAuth httpHeaderAuth jwtAuth"},
    {BASE "webhook", "1 1.1 2 2.1", "httpBasicAuth httpHeaderAuth jwtAuth"},
    {BASE "zohoCrm", "1", "zohoOAuth2Api"},
    {LANGCHAIN "agent", "1 1.1 1.2 1.3 1.4 1.5 1.6 1.7 1.8 1.9 2 2.1 2.2 3 3.1", "mySql postgres"},
    {LANGCHAIN "chainLlm", "1 1.1 1.2 1.3 1.4 1.5 1.6 1.7 1.8 1.9", ""},
    {LANGCHAIN "lmChatAnthropic", "1 1.1 1.2 1.3", "anthropicApi"},
    {LANGCHAIN "lmChatAwsBedrock", "1 1.1", "aws"},
    {LANGCHAIN "lmChatAzureOpenAi", "1", "azureOpenAiApi azureEntraCognitiveServicesOAuth2Api"},
    {LANGCHAIN "lmChatCohere", "1", "cohereApi"},
    {LANGCHAIN "lmChatDeepSeek", "1", "deepSeekApi"},
    {LANGCHAIN "lmChatGoogleGemini", "1", "googlePalmApi"},
    {LANGCHAIN "lmChatGoogleVertex", "1", "googleApi"},
    {LANGCHAIN "lmChatGroq", "1", "groqApi"},
    {LANGCHAIN "lmChatLemonade", "1", "lemonadeApi"},
    {LANGCHAIN "lmChatMistralCloud", "1", "mistralCloudApi"},
    {LANGCHAIN "lmChatOllama", "1", "ollamaApi"},
    {LANGCHAIN "lmChatOpenAi", "1 1.1 1.2 1.3", "openAiApi"},
    {LANGCHAIN "lmChatOpenRouter", "1", "openRouterApi"},
    {LANGCHAIN "lmChatVercelAiGateway", "1", "vercelAiGatewayApi"},
    {LANGCHAIN "lmChatXAiGrok", "1", "xAiApi"},
    {LANGCHAIN "outputParserStructured", "1 1.1 1.2 1.3", ""},
};

struct reading {
    json_t *problems, *nodes; /* nodes: name → node */
};

__attribute__((format(printf, 4, 5))) static void problem(struct reading *r, const char *level, const char *fix,
                                                          const char *text, ...)
{
    va_list ap;
    va_start(ap, text);
    AUTO_FREE char *said = mem_vprintf(text, ap);
    va_end(ap);
    json_array_append_new(r->problems, json_pack("{s:s,s:s,s:s}", "level", level, "text", said, "fix", fix));
}

static bool word_in(const char *words, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = words; n && (p = strstr(p, word)); p += n)
        if ((p == words || p[-1] == ' ') && (p[n] == '\0' || p[n] == ' '))
            return true;
    return false;
}

static const struct node_type *type_named(const char *name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (!strcmp(types[i].type, name))
            return &types[i];
    return NULL;
}

static bool is_model(const json_t *node)
{
    return !strncmp(js_str_or(node, "type", ""), LANGCHAIN "lmChat", strlen(LANGCHAIN "lmChat"));
}

static void check_type(struct reading *r, const json_t *node, const char *name)
{
    const char *type = js_str_or(node, "type", "");
    const struct node_type *t = type_named(type);
    const json_t *v = json_object_get(node, "typeVersion");
    char version[32] = "";
    if (json_is_number(v))
        snprintf(version, sizeof version, "%g", json_number_value(v));
    if (!t) {
        problem(r, "warning",
                "take one of agent/n8n_check.c's table, or import it once and look that no node is unknown",
                "the type of node '%s' is not among those zagent knows of n8n 2.8.4", name);
    } else if (!word_in(t->versions, version)) {
        AUTO_FREE char *fix = mem_printf("%s has the versions %s in n8n 2.8.4", type, t->versions);
        problem(r, "error", fix, "node '%s' has a typeVersion that n8n does not have", name);
    }
}

/* A file names what a person makes in n8n: by kind and name, with a placeholder for the id. */
static void check_credentials(struct reading *r, const json_t *node, const char *name)
{
    const struct node_type *t = type_named(js_str_or(node, "type", ""));
    const char *kind;
    json_t *c;
    json_object_foreach (js_obj(node, "credentials"), kind, c) {
        if (t && *t->credentials != '*' && !word_in(t->credentials, kind))
            problem(r, "error", "name a credential its type takes", "node '%s' takes no credential of that kind", name);
        if (strcmp(js_str_or(c, "id", ""), N8N_PLACEHOLDER) != 0 || !*js_str_or(c, "name", "") ||
            json_object_size(c) != 2)
            problem(r, "error", "write {\"id\": \"" N8N_PLACEHOLDER "\", \"name\": \"what it is for\"}",
                    "a credential of node '%s' is more than a name", name);
    }
}

static void check_node(struct reading *r, const json_t *node, struct strset *ids)
{
    const char *name = js_str_or(node, "name", ""), *id = js_str_or(node, "id", "");
    if (!*name || json_object_get(r->nodes, name))
        problem(r, "error", "connections go by name", "two nodes are called '%s', or one has no name", name);
    if (!*id || strset_has(ids, id))
        problem(r, "error", "give each node an id of its own", "the id of node '%s' is missing or another node's",
                name);
    if (json_array_size(js_arr(node, "position")) != 2 || !js_obj(node, "parameters"))
        problem(r, "error", "write \"position\": [x, y] and \"parameters\": {…}",
                "node '%s' has no position or no parameters", name);
    strset_add(ids, id);
    json_object_set(r->nodes, name, (json_t *)(uintptr_t)node);
    check_type(r, node, name);
    check_credentials(r, node, name);
}

static void check_output(struct reading *r, const char *from, const char *sort, const json_t *outputs)
{
    size_t i, k;
    json_t *one, *target;
    if (is_model(json_object_get(r->nodes, from)) != !strcmp(sort, "ai_languageModel"))
        problem(r, "error", "a model's output is ai_languageModel, every other one's is main",
                "node '%s' is connected by the wrong output", from);
    json_array_foreach (outputs, i, one)
        json_array_foreach (one, k, target) {
            const char *to = js_str_or(target, "node", "");
            if (!json_object_get(r->nodes, to))
                problem(r, "error", "connections go by name: correct it",
                        "a connection leads to '%s', which is not there", to);
            if (strcmp(js_str_or(target, "type", ""), sort) != 0)
                problem(r, "error", "write the output's own sort as type", "the connection to '%s' has another type",
                        to);
        }
}

static void check_connections(struct reading *r, json_t *connections)
{
    const char *from, *sort;
    json_t *sorts, *outputs;
    json_object_foreach (connections, from, sorts) {
        if (!json_object_get(r->nodes, from))
            problem(r, "error", "connections go by name: correct it", "a connection begins at '%s', which is not there",
                    from);
        json_object_foreach (sorts, sort, outputs)
            check_output(r, from, sort, outputs);
    }
}

static void check_texts(struct reading *r, const json_t *v)
{
    const char *key;
    json_t *one;
    size_t i, at;
    if (json_is_string(v) && secret_found(json_string_value(v), &at))
        problem(r, "error", SECRET_FIX, SECRET_FOUND);
    json_array_foreach (v, i, one)
        check_texts(r, one);
    json_object_foreach ((json_t *)(uintptr_t)v, key, one)
        check_texts(r, one);
}

void n8n_check(const char *text, json_t *problems)
{
    struct reading r = {problems, json_object()};
    struct strset ids = {0};
    json_error_t where;
    AUTO_JSON json_t *w = json_loads(text, JSON_REJECT_DUPLICATES, &where);
    const json_t *nodes = js_arr(w, "nodes"), *node;
    size_t i;
    if (!w)
        problem(&r, "error", "correct it there", "it is no JSON: %s", where.text);
    else if (json_array_size(nodes) == 0 || !js_obj(w, "connections") || !*js_str_or(w, "name", ""))
        problem(&r, "error", "n8n takes only files with all three", "a workflow has a name, nodes and connections");
    if (js_bool(w, "active", false))
        problem(&r, "error", "write \"active\": false; a person switches it on", "the workflow says it is active");
    json_array_foreach (nodes, i, node)
        check_node(&r, node, &ids);
    check_connections(&r, js_obj(w, "connections"));
    check_texts(&r, w);
    strset_release(&ids);
    json_decref(r.nodes);
}
