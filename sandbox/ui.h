/* sandbox/ui.h — what sandbox_ui does, inside a transaction that is already open and with the lock held. */
#ifndef SANDBOX_UI_H
#define SANDBOX_UI_H
#include "sandbox/org.h"

int ui_do(struct sandbox *s, const char *kind, const char *module, const char *name, const json_t *body,
          const char *source, bool undo, struct err *e);
#endif
