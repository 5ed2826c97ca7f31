/*
 * agent/adopt.h — what plan_adopt found, as the files of a playbook.
 *
 * Files       playbook.yaml, readable: one heading a kind and module, a comment where something was not taken over; the source of
 *             each function as functions/NAME.dg.mustache. Same answers of the org, same bytes.
 * Mustache    a text with "{{" in it begins with another pair of delimiters, so that it renders to itself.
 * Secrets     what looks like a credential is not written: the resource moves to `left`, with the property or the line.
 */
#ifndef AGENT_ADOPT_H
#define AGENT_ADOPT_H
#include "base/js.h"

/* {path below the playbook's folder: text}; moves what must not be written from adopted.resources to adopted.left. New reference;
 * NULL with `e` filled. */
json_t *adopt_files(json_t *adopted, const char *name, const char *org, struct err *e);
/* A text that Mustache renders to `text`. Caller frees. */
char *adopt_template(const char *text);
#endif
