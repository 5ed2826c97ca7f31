/* agent/cmd_sandbox_chat.c — plays the visitor, the bot and the operator in the sandbox's website chat, one event at a time. */
#include "agent/command_sandbox.h"
#include "agent/project.h"
#include "sandbox/inside.h"

const struct opt sandbox_chat_opts[] = {
    {"department", 0, OPT_TEXT, "NAME", "start: the department the visitor writes to"},
    {"name", 0, OPT_TEXT, "NAME", "start: what the visitor says to be called"},
    {"email", 0, OPT_TEXT, "ADDRESS", "start: the visitor's address"},
    {"operator", 0, OPT_TEXT, "ADDRESS", "attend, answer: which operator or bot"},
    {0},
};

/* The word, SalesIQ's name of the event, and the key its text goes into (sandbox/salesiq.h). */
static const struct {
    const char *word, *event, *text;
    bool on_chat;
} deeds[] = {
    {"start", "conversation.created", "question", false},
    {"attend", "conversation.attender.updated", NULL, true},
    {"answer", "conversation.operator.replied", "text", true},
    {"ask", "conversation.visitor.replied", "text", true},
    {"miss", "conversation.missed", NULL, true},
    {"end", "conversation.completed", NULL, true},
};
enum { N_DEEDS = sizeof deeds / sizeof *deeds };

static int find_deed(const char *word, size_t *i, struct err *e)
{
    for (*i = 0; *i < N_DEEDS; (*i)++)
        if (!strcmp(word, deeds[*i].word))
            return 0;
    err_set(e, ERR_USAGE, "nobody can '%.40s' a chat", word);
    return err_fix(e, "start TEXT, attend CHAT, answer CHAT TEXT, ask CHAT TEXT, miss CHAT, end CHAT");
}

static int check_words(const struct app *a, size_t i, struct err *e)
{
    int want = 1 + (deeds[i].on_chat ? 1 : 0) + (deeds[i].text ? 1 : 0);
    if (a->n_args == want)
        return 0;
    err_set(e, ERR_USAGE, "'%s' takes%s%s%s", deeds[i].word, deeds[i].on_chat ? " the chat's number" : "",
            deeds[i].text ? " and one text in quotes" : "", want == 1 ? " nothing more" : "");
    return err_fix(e, "'zagent sandbox chat' lists the chats with their numbers");
}

static json_t *event_body(const struct app *a, size_t i)
{
    json_t *body = json_object();
    js_set_str(body, "event", deeds[i].event);
    if (deeds[i].text)
        js_set_str(body, deeds[i].text, a->args[a->n_args - 1]);
    if (app_text(a, "operator", NULL))
        js_set_str(body, "operator", app_text(a, "operator", NULL));
    if (!deeds[i].on_chat) {
        js_set_str(body, "department", app_text(a, "department", ""));
        js_set(body, "visitor",
               json_pack("{s:s,s:s}", "name", app_text(a, "name", ""), "email", app_text(a, "email", "")));
    }
    return body;
}

/* Newest first, as SalesIQ lists them; [] when the portal cannot be read. New reference. */
static json_t *chats(struct sandbox *sb)
{
    AUTO_JSON json_t *info = sandbox_info(sb);
    AUTO_FREE char *path = mem_printf("/api/v2/%s/conversations?limit=99", js_str_or(info, "salesiq_screen", ""));
    json_t *answer = NULL, *list = NULL;
    if (sandbox_call(sb, NULL, "GET", path, NULL, &answer) == 200)
        list = json_incref(js_arr(answer, "data"));
    json_decref(answer);
    return list ? list : json_array();
}

static void print_chats(struct app *a, const json_t *list, size_t most)
{
    size_t i;
    json_t *chat;
    json_array_foreach (list, i, chat) {
        if (i < most)
            app_print(a, "  %-4s %-10s %-12s %s: %s\n", js_str_or(chat, "reference_id", "?"),
                      js_str_or(js_obj(chat, "chat_status"), "label", "?"),
                      js_str_or(js_obj(chat, "department"), "name", "?"),
                      js_str_or(js_obj(chat, "visitor"), "name", "?"), js_str_or(chat, "question", ""));
    }
    if (!json_array_size(list))
        app_print(a, "  no chats\n");
}

static int64_t webhooks(struct sandbox *sb)
{
    AUTO_JSON json_t *status = sandbox_status(sb);
    return js_int(js_obj(status, "happened"), "webhook", 0);
}

static int happen(struct app *a, struct sandbox *sb, struct err *e)
{
    size_t i;
    if (find_deed(a->args[0], &i, e) < 0 || check_words(a, i, e) < 0)
        return -1;
    AUTO_JSON json_t *body = event_body(a, i);
    int64_t before = webhooks(sb);
    if (sandbox_ui(sb, "chat", NULL, deeds[i].on_chat ? a->args[1] : NULL, body, NULL, false, e) < 0)
        return -1;
    js_set_str(a->data, "event", deeds[i].event);
    js_set_int(a->data, "webhooks", webhooks(sb) - before);
    return 0;
}

int cmd_sandbox_chat(struct app *a, struct err *e)
{
    struct sandbox *sb = NULL;
    int rc = sandbox_project_open(a, NULL, &sb, e);
    if (rc == 0 && a->n_args)
        rc = happen(a, sb, e);
    if (rc == 0) {
        AUTO_JSON json_t *list = chats(sb);
        json_object_set(a->data, "chats", list);
        if (a->n_args)
            app_print(a, "%s happened, %lld webhooks would have been called. The newest chats:\n",
                      js_str_or(a->data, "event", "?"), (long long)js_int(a->data, "webhooks", 0));
        print_chats(a, list, a->n_args ? 3 : 99);
    }
    sandbox_close(sb);
    return rc;
}
