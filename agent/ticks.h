/*
 * agent/ticks.h — the ticked page coming back: what a guide exports (templates/_guide/en/page.js) and 'zagent attest --from' reads.
 *
 * Format      lines of text, so that it survives being mailed, quoted with "> ", or pasted:
 *                 -----BEGIN ZAGENT TICKS-----
 *                 playbook: NAME          org: ZGID          plan: 64 hex digits of the plan the page was written for
 *                 by: NAME                date: YYYY-MM-DD
 *                 step: ID                one line a ticked step, 8 hex digits
 *                 seen: ID TEXT           what happened when it must not work, as the person wrote it
 *                 witness: ID NAME        who watched
 *                 check: 16 hex digits of the SHA-256 over the lines between, joined by one line feed
 *                 -----END ZAGENT TICKS-----
 *             (each key on a line of its own; agent/marked.h).
 * Check       finds what a mail program or a person changed on the way. It is no signature: whoever has the page can make one. Who
 *             sent it is for the reader of the mail to know; the attestation keeps the name and what was seen.
 * Purity      no I/O.
 */
#ifndef AGENT_TICKS_H
#define AGENT_TICKS_H
#include "base/js.h"

/* {playbook, org, plan, by, date, steps: {ID: {seen?, witness?}}}. ERR_PARSE for a file without ticks or with an unknown line,
 * ERR_REFUSED when it was changed. New reference. */
json_t *ticks_parse(const char *text, struct err *e);
/* Do these ticks belong to this plan, org and playbook, and name only its hand steps? ERR_REFUSED saying what does not fit. */
int ticks_check(const json_t *ticks, const json_t *plan, const char *digest, const char *zgid, struct err *e);
/* Is what was seen told well enough for this step? A step whose negative test the playbook describes needs words and another
 * person as witness; ERR_REFUSED with what is missing. */
int ticks_witnessed(const json_t *step, const char *by, const char *seen, const char *witness, struct err *e);
#endif
