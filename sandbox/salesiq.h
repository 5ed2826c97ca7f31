/*
 * sandbox/salesiq.h — a SalesIQ portal: departments, operators, conversations with their messages, and webhooks.
 *
 * Paths       under /api/v2/{screen}; the portal's screen name is the seed's, "sandbox" without one.
 * Chats       nobody makes one by REST (visitors use the widget): they come from seeds and from sandbox_ui kind "chat", one event at
 *             a time, named as SalesIQ names its webhook events (salesiq_chat). An operator's message goes by REST, too.
 * Answers     {"url", "object", "data", …}; times are milliseconds since 1970, as texts.
 * Hours       the REST pages list no operating hours: a playbook brings its own, or reads CRM's business hours.
 * Stored as   settings of the kinds below; messages under their conversation's id.
 * Source      zoho.com/salesiq/help/developer-section: get-conversation-list-details-v2, get-conversation-details-v2,
 *             send-message-operator-conversation-v2, rest-api-department-list, update-webhook-v2, generate-public-key-webhook-v2;
 *             salesiq/help/webhook-events-conversation; zoho-api.md 5.1. What those do not say: docs/CONFORMANCE.md.
 */
#ifndef SANDBOX_SALESIQ_H
#define SANDBOX_SALESIQ_H
#include "sandbox/check.h"

#define SALESIQ_DEPARTMENTS   "salesiq_departments"
#define SALESIQ_OPERATORS     "salesiq_operators" /* bots, too: is_bot */
#define SALESIQ_CONVERSATIONS "salesiq_conversations"
#define SALESIQ_MESSAGES      "salesiq_messages"
#define SALESIQ_WEBHOOKS      "salesiq_webhooks"
/* For one_of; conversation.* of webhook-events-conversation.html. */
#define SALESIQ_EVENTS                                                                                                 \
    "conversation.created|conversation.attender.updated|conversation.missed|conversation.operator.replied|"            \
    "conversation.visitor.replied|conversation.completed|conversation.rated|conversation.transfer.initiated|"          \
    "conversation.transfer.accepted|conversation.transfer.rejected|conversation.participants.added|"                   \
    "conversation.participants.deleted|conversation.supervisor.added|conversation.message.edited|"                     \
    "conversation.message.deleted"

/* Is this the portal the path names? False = answered. */
bool salesiq_portal(struct call *c);
/* data is stolen. */
void salesiq_answer(struct call *c, const char *object, json_t *data);
/* The operator or bot with that e-mail; NULL when there is none. New reference. */
json_t *salesiq_operator(struct store *st, const char *email);

/*
 * One event of a chat. `which`: its id or reference_id; NULL for conversation.created. body:
 *   {"event": "conversation.created", "department": name, "visitor": {"name","email","phone"}, "question": text}
 *   {"event": "conversation.attender.updated", "operator": e-mail of an operator or bot}
 *   {"event": "conversation.operator.replied", "operator": e-mail, "text": …}   the attender's when no operator is named
 *   {"event": "conversation.visitor.replied", "text": …}
 *   {"event": "conversation.missed"}    {"event": "conversation.completed"}
 * each with "time" (RFC 3339) when it was not now. The element's id is the conversation's; webhooks are captured.
 */
json_t *salesiq_chat(struct call *c, const char *which, const json_t *body);
/* Puts what the subscribed webhooks would have been sent into the outbox. entity is borrowed. */
void salesiq_notify(struct call *c, const char *event, const char *conversation, const json_t *entity);
/* {"screen_name", "departments": [{"name"}], "operators": [{"name","email","department","is_bot"}],
 *  "chats": [{"events": [as salesiq_chat]}]} */
int salesiq_seed(struct sandbox *s, const json_t *v, struct err *e);
#endif
