/*
 * sandbox/strike.h — carrying out a fault on one call: before its handler, on its body, on what it keeps, on its answer.
 *
 * Call order  strike_before → (handler: strike_body once the body is read) → strike_keeps → commit → strike_after; strike_reads on
 *             every answer to a GET.
 */
#ifndef SANDBOX_STRIKE_H
#define SANDBOX_STRIKE_H
#include "sandbox/call.h"

/* True: the call is over, its answer is there (or *drop is set). */
bool strike_before(struct call *c, bool *drop);
void strike_body(struct call *c);
/* False: the write is to be rolled back although its answer says SUCCESS. */
bool strike_keeps(const struct call *c);
void strike_after(struct call *c, bool *drop);
/* Takes out what is not to be seen yet. */
void strike_reads(struct call *c);
/* Any answer so far is replaced by Zoho's error for that status. */
void strike_status(struct call *c, int status);
#endif
