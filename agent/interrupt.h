/*
 * agent/interrupt.h — Ctrl-C and SIGTERM. The first asks: a run finishes the request in flight, journals it and stops at the next
 * step boundary. The second ends the process at once; the journal is consistent either way.
 */
#ifndef AGENT_INTERRUPT_H
#define AGENT_INTERRUPT_H
#include <stdbool.h>

void interrupt_arm(void);
bool interrupt_asked(void);
#endif
