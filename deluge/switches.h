/*
 * deluge/switches.h — the behaviours of Deluge on which sources disagree: one row each, with its source.
 *
 * Shape       each switch has two positions; `strict` is the one under which the fewer scripts run. A script that passes
 *             strict passes either way, so strict is the default; a person with an org settles a row by trying it.
 * Call order  dg_switches_strict → dg_switch_set("throw=refused") as often as wanted → run.
 */
#ifndef DELUGE_SWITCHES_H
#define DELUGE_SWITCHES_H
#include "base/err.h"

/* enum, name, strict position, other position, what the sources say */
#define DG_SWITCHES(X)                                                                                                 \
    X(TEXT_NULL, "text+null", "error", "join",                                                                         \
      "help/error-messages: null in an operation is an error; scripts in the field see the word null joined")          \
    X(IFNULL_EMPTY, "ifnull-empty", "keep", "replace",                                                                 \
      "help/functions/common: ifNull looks for null; authors report that it replaces \"\" too")                        \
    X(ISEMPTY_NULL, "isempty-null", "error", "true",                                                                   \
      "help/functions: isEmpty is for text, list and map; null is open")                                               \
    X(HTTP_ERROR, "http-error", "error", "answer",                                                                     \
      "authors disagree whether invokeurl throws on 4xx and 5xx or returns the body")                                  \
    X(COMPOUND, "compound-assign", "error", "run",                                                                     \
      "creator/help/script/operators lists += -= *= /= %=; editors of CRM refused them")                               \
    X(THROW, "throw", "run", "error", "misc-statements/throw is official; notes of 2023 and 2024 say it is unknown")   \
    X(ASSIGN, "assign", "reference", "copy", "undocumented: whether b = a shares a list or map")                       \
    X(LOGIC, "logic", "short", "full", "undocumented: whether && and || skip the right side")                          \
    X(TEXT_NUMBER, "text==number", "false", "by-value", "undocumented: \"5\" == 5; a known trap with ids")             \
    X(TEXT_ORDER, "text-order", "error", "by-code", "help/error-messages refuses < and > on texts; some run")          \
    X(MISSING_RECORD, "missing-record", "null", "error-map", "undocumented: getRecordById with an unknown id")         \
    X(REPLACE_THIRD, "replace-third", "literal", "regex", "undocumented: replaceAll with true as third argument")

/* "text+null=error|join …", for people: the strict position first. */
#define DG_SWITCH_TEXT_ROW(id, name, strict, other, source) " " name "=" strict "|" other
#define DG_SWITCH_TEXT                                      DG_SWITCHES(DG_SWITCH_TEXT_ROW)

enum dg_switch {
#define X(id, name, strict, other, source) DG_SW_##id,
    DG_SWITCHES(X)
#undef X
        DG_SW__MAX
};

struct dg_switches {
    bool other[DG_SW__MAX]; /* zeroed: all strict */
};

struct dg_switch_row {
    const char *name, *strict, *other, *source;
};
extern const struct dg_switch_row dg_switch_rows[DG_SW__MAX];

/* "name=position". */
int dg_switch_set(struct dg_switches *s, const char *text, struct err *e);
#endif
