/*
 * agent/receiver.h — where the browser comes back to after consent: one answer on 127.0.0.1, then closed.
 *
 * Takes      one GET of /callback from Host 127.0.0.1 or localhost on this port, head of 8 KiB at most, five seconds to send it.
 *            Anything else is answered and forgotten (another method, path or Host is how a web page of a stranger would try: DNS
 *            rebinding), and the wait goes on.
 * Answers    fixed HTML: nothing of the request stands in it; Connection: close, Referrer-Policy: no-referrer. The query is
 *            never logged.
 * Port       0 = any free one. Zoho compares a registered redirect URI byte by byte, so for a real org it is a fixed one.
 * Source     RFC 8252 7.3 and 8.3.
 */
#ifndef AGENT_RECEIVER_H
#define AGENT_RECEIVER_H
#include <stdbool.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/secret.h"

struct receiver {
    int fd, port;
};
/* Listens on return: before any browser is opened. */
int receiver_open(struct receiver *r, int port, struct err *e);
/* The query of the one request that counts, at most wait_ms later. stop (may be NULL): asked between, true ends the wait. */
int receiver_wait(struct receiver *r, const struct clock *clock, int64_t wait_ms, bool (*stop)(void),
                  struct secret *query, struct err *e);
void receiver_close(struct receiver *r);
#endif
