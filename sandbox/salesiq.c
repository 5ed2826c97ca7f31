/* sandbox/salesiq.c — reading a SalesIQ portal: conversations, messages, departments, operators. See salesiq.h. */
#include "sandbox/salesiq.h"

#include "sandbox/limits.h"
#include "sandbox/route.h"
#include "sandbox/service.h"

bool salesiq_portal(struct call *c)
{
    AUTO_FREE char *screen = store_meta(c->st, "salesiq_screen");
    if (strcmp(c->param[0], screen ? screen : "sandbox") != 0) {
        salesiq_refuse(c, SALESIQ_INVALID_URL, "there is no portal of this screen name", NULL, NULL);
    }
    return !c->answered;
}

void salesiq_answer(struct call *c, const char *object, json_t *data)
{
    json_t *o = json_pack("{s:s,s:s,s:o}", "url", c->path, "object", object, "data", data);
    if (strcmp(c->method, "GET") == 0 && json_is_array(data)) {
        js_set_strf(o, "sync_time", "%lld000", (long long)c->s->clock.now_s(c->s->clock.ctx));
    }
    answer_json(c, 200, o);
}

json_t *salesiq_operator(struct store *st, const char *email)
{
    AUTO_JSON json_t *all = config_list(st, SALESIQ_OPERATORS, NULL);
    size_t i;
    json_t *o;
    json_array_foreach (all, i, o) {
        if (strcmp(js_str_or(o, "email", ""), email) == 0) {
            return json_incref(o);
        }
    }
    return NULL;
}

static void departments(struct call *c)
{
    if (salesiq_portal(c)) {
        salesiq_answer(c, "list", config_list(c->st, SALESIQ_DEPARTMENTS, NULL));
    }
}

static void operators(struct call *c)
{
    if (!salesiq_portal(c)) {
        return;
    }
    AUTO_JSON json_t *all = config_list(c->st, SALESIQ_OPERATORS, NULL);
    json_t *people = json_array(), *o;
    size_t i;
    json_array_foreach (all, i, o) {
        if (!js_bool(o, "is_bot", false)) {
            json_array_append(people, o);
        }
    }
    salesiq_answer(c, "list", people);
}

/* ---- conversations ---- */

/* A number of the query, from 1 to max; -1 = answered. */
static int64_t number(struct call *c, const char *name, int64_t fallback, int64_t max)
{
    const char *t = call_query(c, name);
    char *end = NULL;
    long long v = t ? strtoll(t, &end, 10) : (long long)fallback;
    if (t && (*end || v < 1 || v > max)) {
        salesiq_refuse(c, SALESIQ_REFUSED, "the parameter is not a number in its range", "param", name);
        return -1;
    }
    return v;
}

struct filter {
    const char *status, *attender, *email;
    char *department; /* asked for, or the acting operator's */
    int64_t from, to, limit, first;
};

/* "If the department id is not mentioned, then the operator's current department ID will be considered": who is no operator of this
 * portal sees all (our reading). */
static char *own_department(struct call *c)
{
    AUTO_JSON json_t *me = org_me(c->s);
    AUTO_JSON json_t *o = salesiq_operator(c->st, js_str_or(me, "email", ""));
    const char *id = js_str(o, "department_id");
    return id ? mem_dup(id) : NULL;
}

static bool filter_read(struct call *c, struct filter *f)
{
    const char *department = call_query(c, "department_id");
    *f = (struct filter){call_query(c, "status"), call_query(c, "attender_id"), call_query(c, "email"),
                         department ? mem_dup(department) : own_department(c), .from = 0};
    int64_t page = number(c, "page", 1, 1000000), index = number(c, "index", 0, INT64_MAX);
    f->limit = number(c, "limit", LIM_SALESIQ_DEFAULT_ROWS, LIM_SALESIQ_ROWS);
    f->from = number(c, "from_time", 0, INT64_MAX);
    f->to = number(c, "to_time", INT64_MAX, INT64_MAX);
    f->first = index > 0 ? index - 1 : (page - 1) * f->limit;
    if (f->status && !one_of("open|closed|waiting|connected|missed|end", f->status)) {
        salesiq_refuse(c, SALESIQ_REFUSED, "open, closed, waiting, connected, missed or end", "param", "status");
    }
    return !c->answered;
}

static bool fits(const json_t *chat, const struct filter *f)
{
    const json_t *is = js_obj(chat, "chat_status");
    int64_t start = strtoll(js_str_or(chat, "start_time", "0"), NULL, 10);
    const char *key = js_str_or(is, "state_key", "");
    return (!f->status || strcmp(f->status, key) == 0 || strcmp(f->status, js_str_or(is, "status_key", "")) == 0) &&
           (!f->department || strcmp(f->department, js_str_or(js_obj(chat, "department"), "id", "")) == 0) &&
           (!f->attender || strcmp(f->attender, js_str_or(js_obj(chat, "attender"), "id", "")) == 0) &&
           (!f->email || strcmp(f->email, js_str_or(js_obj(chat, "visitor"), "email", "")) == 0) && start >= f->from &&
           start <= f->to;
}

static void conversations(struct call *c)
{
    struct filter f = {0};
    if (!salesiq_portal(c) || !filter_read(c, &f)) {
        free(f.department);
        return;
    }
    AUTO_JSON json_t *all = config_list(c->st, SALESIQ_CONVERSATIONS, NULL);
    json_t *rows = json_array();
    int64_t seen = 0;
    for (size_t i = json_array_size(all); i > 0; i--) { /* newest first (unproven) */
        json_t *chat = json_array_get(all, i - 1);
        if (fits(chat, &f)) {
            if (seen >= f.first && seen < f.first + f.limit) {
                json_array_append(rows, chat);
            }
            seen++;
        }
    }
    salesiq_answer(c, "list", rows);
    js_set_bool(c->answer, "more_data_available", seen > f.first + f.limit);
    free(f.department);
}

/* The path's conversation; NULL = answered. */
static json_t *asked(struct call *c)
{
    json_t *chat = salesiq_portal(c) ? config_by_id(c->st, SALESIQ_CONVERSATIONS, NULL, c->param[1]) : NULL;
    if (!chat) {
        salesiq_refuse(c, SALESIQ_REFUSED, "there is no such conversation", NULL, NULL);
    }
    return chat;
}

static void conversation(struct call *c)
{
    json_t *chat = asked(c);
    if (chat) {
        salesiq_answer(c, "conversations", chat);
    }
}

static void messages(struct call *c)
{
    AUTO_JSON json_t *chat = asked(c);
    if (chat) {
        salesiq_answer(c, "list", config_list(c->st, SALESIQ_MESSAGES, c->param[1]));
    }
}

/* The acting user writes as the operator of the same e-mail. */
static void send_message(struct call *c)
{
    AUTO_JSON json_t *chat = asked(c), *me = org_me(c->s);
    const char *text = js_str(c->json, "text");
    if (chat && !text) {
        salesiq_refuse(c, SALESIQ_REFUSED, "a message has a text", "json_key", "text");
    }
    if (c->answered) {
        return;
    }
    AUTO_JSON json_t *body = json_pack("{s:s,s:s,s:s}", "event", "conversation.operator.replied", "operator",
                                       js_str_or(me, "email", ""), "text", text);
    AUTO_JSON json_t *r = salesiq_chat(c, c->param[1], body);
    if (item_failed(r)) {
        salesiq_refuse(c, SALESIQ_REFUSED, js_str_or(r, "message", ""), NULL, NULL);
        return;
    }
    AUTO_JSON json_t *all = config_list(c->st, SALESIQ_MESSAGES, c->param[1]);
    salesiq_answer(c, "message", json_incref(json_array_get(all, json_array_size(all) - 1)));
}

#define PORTAL "/api/v2/{screen}"
static const struct route rows[] = {
    {"GET", PORTAL "/departments", "SalesIQ.departments", 0, departments, NULL},
    {"GET", PORTAL "/operators", "SalesIQ.operators", 0, operators, NULL},
    {"GET", PORTAL "/conversations", "SalesIQ.conversations", 0, conversations, NULL},
    {"GET", PORTAL "/conversations/{record}", "SalesIQ.conversations", 0, conversation, NULL},
    {"GET", PORTAL "/conversations/{record}/messages", "SalesIQ.conversations", 0, messages, NULL},
    {"POST", PORTAL "/conversations/{record}/messages", "SalesIQ.conversations", 0, send_message, NULL},
};
ROUTE_TABLE(routes_salesiq, rows);
