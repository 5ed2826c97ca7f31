/* sandbox/salesiq_chat.c — what visitors, operators and bots do in a chat, one event at a time. See salesiq.h. */
#include "sandbox/salesiq.h"

struct turn {
    struct call *c;
    json_t *chat; /* changed in place */
    const json_t *body;
    int64_t ms;
};

static json_t *refuse(const char *message, const char *key)
{
    return item_error("INVALID_DATA", message, at("$.%s", key));
}

/* Keys and words as get-conversation-details-v2 shows them for "connected"; those of the other states are unproven. */
static void enter(const struct turn *t, const char *state)
{
    static const struct {
        const char *state, *status, *label;
    } rows[] = {{"waiting", "open", "Waiting"},
                {"connected", "open", "Connected"},
                {"missed", "missed", "Missed"},
                {"end", "closed", "Ended"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].state, state) == 0) {
            js_set(
                t->chat, "chat_status",
                json_pack("{s:s,s:s,s:s}", "state_key", state, "status_key", rows[i].status, "label", rows[i].label));
        }
    }
}

static void stamp(const struct turn *t, const char *key)
{
    js_set_strf(t->chat, key, "%lld", (long long)t->ms);
}

/* What every webhook says of the visitor. */
static json_t *visitor_of(const json_t *chat)
{
    const json_t *v = js_obj(chat, "visitor");
    return json_pack("{s:s,s:s,s:s,s:s}", "name", js_str_or(v, "name", ""), "email_id", js_str_or(v, "email", ""),
                     "phone", js_str_or(v, "phone", ""), "channel", "Website");
}

static json_t *whole_of(const json_t *chat)
{
    static const char *const same[] = {"id", "reference_id", "attended_time", "missed_time", "end_time", "question"};
    json_t *entity = json_pack("{s:o,s:s,s:s,s:s,s:s}", "visitor", visitor_of(chat), "visitor_conversation_id",
                               js_str_or(chat, "chat_id", ""), "opened_time", js_str_or(chat, "start_time", ""),
                               "department_id", js_str_or(js_obj(chat, "department"), "id", ""), "status",
                               js_str_or(js_obj(chat, "chat_status"), "label", ""));
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        if (js_str(chat, same[i])) {
            js_set_str(entity, same[i], js_str(chat, same[i]));
        }
    }
    return entity;
}

/* ---- the events: each changes the chat and gives what its webhook says, or an error element ---- */

static json_t *created(struct turn *t)
{
    AUTO_JSON json_t *d = config_by_name(t->c->st, SALESIQ_DEPARTMENTS, NULL, js_str_or(t->body, "department", ""));
    const json_t *v = js_obj(t->body, "visitor");
    if (!d || !js_str(t->body, "question")) {
        return refuse("a chat has a department of this portal and a question", d ? "question" : "department");
    }
    js_set_strf(t->chat, "reference_id", "%lld", (long long)config_count(t->c->st, SALESIQ_CONVERSATIONS, NULL) + 1);
    js_set_strf(t->chat, "chat_id", "LD_%s", js_str(t->chat, "id"));
    js_set_str(t->chat, "type", "chat");
    js_set_str(t->chat, "question", js_str(t->body, "question"));
    js_set(t->chat, "department", json_pack("{s:s,s:s}", "id", js_str(d, "id"), "name", js_str(d, "name")));
    js_set(t->chat, "visitor",
           json_pack("{s:s,s:s,s:s}", "name", js_str_or(v, "name", ""), "email", js_str_or(v, "email", ""), "phone",
                     js_str_or(v, "phone", "")));
    stamp(t, "start_time");
    enter(t, "waiting");
    return whole_of(t->chat);
}

static json_t *attended(struct turn *t)
{
    AUTO_JSON json_t *o = salesiq_operator(t->c->st, js_str_or(t->body, "operator", ""));
    if (!o) {
        return refuse("no operator or bot of this portal has that e-mail", "operator");
    }
    const char *id = js_str(o, "id"), *name = js_str_or(o, "name", ""), *email = js_str_or(o, "email", "");
    bool bot = js_bool(o, "is_bot", false);
    js_set(t->chat, "attender",
           json_pack("{s:s,s:s,s:s,s:b}", "id", id, "name", name, "email", email, "is_bot", (int)bot));
    js_set(t->chat, "owner", json_deep_copy(js_obj(t->chat, "attender")));
    if (!js_str(t->chat, "attended_time")) { /* the first one stays, a bot's, too (unproven) */
        stamp(t, "attended_time");
    }
    enter(t, "connected");
    json_t *owner = json_pack("{s:s,s:s,s:s,s:s,s:s}", "id", id, "name", name, "email", email, "email_id", email,
                              "type", bot ? "bot" : "operator");
    return json_pack("{s:s,s:o,s:o}", "id", js_str(t->chat, "id"), "owner", owner, "visitor", visitor_of(t->chat));
}

static json_t *say(struct turn *t, json_t *sender)
{
    AUTO_JSON json_t *from = sender;
    const char *text = js_str(t->body, "text"), *chat = js_str(t->chat, "id");
    char id[STORE_ID_TEXT];
    if (!text) {
        return refuse("a message has a text", "text");
    }
    store_new_id(t->c->st, id);
    AUTO_FREE char *sequence = mem_printf("%lld", (long long)config_count(t->c->st, SALESIQ_MESSAGES, chat) + 1);
    AUTO_JSON json_t *m = json_pack("{s:s,s:s,s:O,s:s,s:{s:s}}", "id", id, "sequence_id", sequence, "sender", from,
                                    "type", "text", "message", "text", text);
    js_set_strf(m, "time", "%lld", (long long)t->ms);
    config_put(t->c->st, SALESIQ_MESSAGES, chat, m);
    js_set(t->chat, "last_message_info", json_deep_copy(m));
    return json_pack("{s:s,s:s,s:{s:O,s:{},s:s,s:s},s:o}", "id", chat, "visitor_conversation_id",
                     js_str_or(t->chat, "chat_id", ""), "message", "sender", from, "meta", "msgid", id, "text", text,
                     "visitor", visitor_of(t->chat));
}

static json_t *visitor_says(struct turn *t)
{
    AUTO_FREE char *id = mem_printf("$%s", js_str(t->chat, "id"));
    return say(t, json_pack("{s:s,s:s,s:s}", "id", id, "name", js_str_or(js_obj(t->chat, "visitor"), "name", ""),
                            "type", "visitor"));
}

static json_t *operator_says(struct turn *t)
{
    const char *attender = js_str_or(js_obj(t->chat, "attender"), "email", "");
    AUTO_JSON json_t *o = salesiq_operator(t->c->st, js_str_or(t->body, "operator", attender));
    return o ? say(t, json_pack("{s:s,s:s,s:s}", "id", js_str(o, "id"), "name", js_str_or(o, "name", ""), "type",
                                js_bool(o, "is_bot", false) ? "bot" : "operator"))
             : refuse("no operator or bot of this portal has that e-mail", "operator");
}

static json_t *missed(struct turn *t)
{
    stamp(t, "missed_time");
    enter(t, "missed");
    return whole_of(t->chat);
}

static json_t *completed(struct turn *t)
{
    stamp(t, "end_time");
    enter(t, "end");
    return whole_of(t->chat);
}

static const struct event {
    const char *name, *from; /* states it may come in, for one_of */
    json_t *(*happen)(struct turn *t);
} events[] = {
    {"conversation.created", "", created},
    {"conversation.attender.updated", "waiting|connected", attended},
    {"conversation.operator.replied", "connected", operator_says},
    {"conversation.visitor.replied", "waiting|connected|missed", visitor_says},
    {"conversation.missed", "waiting|bot", missed},
    {"conversation.completed", "waiting|connected|missed", completed},
};

static const struct event *event_named(const char *name)
{
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        if (strcmp(events[i].name, name) == 0) {
            return &events[i];
        }
    }
    return NULL;
}

static json_t *chat_named(struct store *st, const char *which)
{
    AUTO_JSON json_t *all = config_list(st, SALESIQ_CONVERSATIONS, NULL);
    size_t i;
    json_t *chat;
    json_array_foreach (all, i, chat) {
        if (strcmp(js_str_or(chat, "id", ""), which) == 0 || strcmp(js_str_or(chat, "reference_id", ""), which) == 0) {
            return json_incref(chat);
        }
    }
    return NULL;
}

/* A chat that only a bot attends is connected, and may still be missed. */
static bool in_state(const json_t *chat, const char *states)
{
    bool bot = js_bool(js_obj(chat, "attender"), "is_bot", false);
    const char *state = js_str_or(js_obj(chat, "chat_status"), "state_key", "");
    return one_of(states, state) || (bot && strcmp(state, "connected") == 0 && one_of(states, "bot"));
}

json_t *salesiq_chat(struct call *c, const char *which, const json_t *body)
{
    const struct event *ev = event_named(js_str_or(body, "event", ""));
    struct err e = {0};
    int64_t at_s = c->s->clock.now_s(c->s->clock.ctx);
    if (!ev) {
        return refuse("this sandbox has no such event of a chat", "event");
    }
    if (js_str(body, "time") && clock_parse(js_str(body, "time"), &at_s, &e)) {
        return refuse("not a time as RFC 3339 writes it", "time");
    }
    char id[STORE_ID_TEXT];
    AUTO_JSON json_t *chat = NULL;
    if (*ev->from) {
        chat = which ? chat_named(c->st, which) : NULL;
    } else {
        store_new_id(c->st, id);
        chat = json_pack("{s:s}", "id", id);
    }
    if (!chat || (*ev->from && !in_state(chat, ev->from))) {
        return refuse(chat ? "the chat is not in a state for this" : "there is no such chat", "event");
    }
    struct turn t = {c, chat, body, at_s * 1000};
    AUTO_JSON json_t *entity = ev->happen(&t);
    if (js_str(entity, "code")) {
        return json_incref(entity);
    }
    stamp(&t, "last_modified_time");
    config_put(c->st, SALESIQ_CONVERSATIONS, NULL, chat);
    salesiq_notify(c, ev->name, js_str(chat, "id"), entity);
    return item_ok(js_str(chat, "id"), "done");
}
