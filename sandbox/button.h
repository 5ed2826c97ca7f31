/*
 * sandbox/button.h — a custom button on a record's page, pressed: its function runs and says something to who pressed it.
 *
 * Shown to     the profiles it names; to everybody when it names none. Arguments take the record's id (deluge.md: `string
 *              button.f(Int recordId)`, mapped in Setup). What the function writes is a script's (run_function.h).
 */
#ifndef SANDBOX_BUTTON_H
#define SANDBOX_BUTTON_H
#include "sandbox/call.h"

/* A result element whose message is what the function returned; NULL when that person is shown no such button. New reference. */
json_t *button_press(struct call *c, const char *module, const char *id, const char *name);
#endif
