/* agent/playbook_keys.c — the table of keys, and the walk that compares a file with it. */
#include "agent/playbook_keys.h"

#include <assert.h>
#include <ctype.h>
#include <limits.h>

#include "base/mem.h"
#include "base/text.h"

#define LAST_KEY                                                                                                       \
    {                                                                                                                  \
        NULL, KEY_ANY, false, NULL, NULL, NULL, NULL                                                                   \
    }
#define NAME_PATTERN "^[a-z][a-z0-9_]*$"

static const char *const input_types[] = {"text", "integer", "decimal", "boolean", "date",
                                          "time", "list",    "table",   NULL};
static const char *const input_as[] = {"map", NULL};
static const char *const measure_values[] = {"count", "sum", "average", "median", "share", "incomplete", NULL};
static const char *const measure_units[] = {"minutes", "hours", "days", NULL};
static const char *const measure_better[] = {"lower", "higher", NULL};

static const struct playbook_key join_keys[] = {
    {"from", KEY_TEXT, true, "the other table: FILE.md#Heading or FILE.csv below context/", NULL, NULL, NULL},
    {"key", KEY_TEXT, true, "the column of this table", NULL, NULL, NULL},
    {"on", KEY_TEXT, true, "the column of the other one that holds the same", NULL, NULL, NULL},
    LAST_KEY};

static const struct playbook_key input_keys[] = {
    {"type", KEY_TEXT, false, "what the value is (default: text)", input_types, NULL, NULL},
    {"from", KEY_TEXT, false, "where it stands: FILE.md#Heading below context/", NULL, NULL, NULL},
    {"row", KEY_TEXT, false, "the row whose first column is this; its value column counts", NULL, NULL, NULL},
    {"as", KEY_TEXT, false, "map: rows by the column `key` instead of a list", input_as, NULL, NULL},
    {"key", KEY_TEXT, false, "with `as: map`: the column that names a row", NULL, NULL, NULL},
    {"join", KEY_OBJECT, false, "table: the columns of another one, row by row; empty where it has none", NULL, NULL,
     join_keys},
    {"columns", KEY_MAP, false, "table: column: type, for columns that are not text", NULL, NULL, NULL},
    {"default", KEY_ANY, false, "the value when context has none", NULL, NULL, NULL},
    {"unit", KEY_TEXT, false, "what a number counts", NULL, NULL, NULL},
    {"help", KEY_TEXT, false, "one line for whoever fills in the context", NULL, NULL, NULL},
    LAST_KEY};

static const struct playbook_key access_keys[] = {
    {"roles", KEY_TEXT, true, "table with the columns role, profile", NULL, NULL, NULL},
    {"permissions", KEY_TEXT, true, "table with the columns role, module, field, permission", NULL, NULL, NULL},
    LAST_KEY};

static const struct playbook_key hand_keys[] = {
    {"owner", KEY_TEXT, false, "who does it: a role of yours, or admin", NULL, NULL, NULL},
    {"minutes", KEY_SCALAR, false, "how long it takes", NULL, NULL, NULL},
    {"as", KEY_TEXT, false, "as whom that person signs in for the clicks", NULL, NULL, NULL},
    {"test_as", KEY_TEXT, false, "as which user the test is done", NULL, NULL, NULL},
    {"test_record", KEY_TEXT, false, "on which record, plainly a test", NULL, NULL, NULL},
    {"expected", KEY_TEXT, false, "what must work afterwards", NULL, NULL, NULL},
    {"negative", KEY_TEXT, false, "what must be refused afterwards", NULL, NULL, NULL},
    {"cleanup", KEY_TEXT, false, "what to remove after the test", NULL, NULL, NULL},
    {"undo", KEY_TEXT, false, "how to take it back, if not in the usual way", NULL, NULL, NULL},
    {"evidence", KEY_TEXT, false, "what to keep as proof", NULL, NULL, NULL},
    {"note", KEY_TEXT, false, "anything else that person must know", NULL, NULL, NULL},
    LAST_KEY};

static const struct playbook_key resource_keys[] = {
    {"address", KEY_TEXT, true, "kind/Name or kind/Module.Name, names percent-encoded", NULL, NULL, NULL},
    {"summary", KEY_TEXT, false, "what it is for", NULL, NULL, NULL},
    {"because", KEY_TEXTS, false, "ids of pain points (default: solves)", NULL, NULL, NULL},
    {"when", KEY_TEXT, false, "a boolean input, or several: false leaves the resource out", NULL, NULL, NULL},
    {"needs", KEY_TEXTS, false, "further addresses that come first", NULL, NULL, NULL},
    {"after", KEY_TEXTS, false, "addresses that come first where another playbook plans them", NULL, NULL, NULL},
    {"body", KEY_OBJECT, false, "Zoho's own shape, api_names for ids", NULL, NULL, NULL},
    {"hand", KEY_OBJECT, false, "what only the playbook can say to the person who does it", NULL, NULL, hand_keys},
    {"source", KEY_TEXT, false, "the script's template, for functions", NULL, NULL, NULL},
    {"tests", KEY_TEXT, false, "the script's cases, for functions", NULL, NULL, NULL},
    LAST_KEY};

/* What stands in the list of resources instead of one: a resource for each row of a table. */
static const struct playbook_key each_keys[] = {
    {"$each", KEY_TEXT, true, "a table input: one resource for each of its rows", NULL, NULL, NULL},
    {"$where", KEY_MAP, false, "column: text, or a list of texts; only rows that have them", NULL, NULL, NULL},
    {"$item", KEY_OBJECT, true, "the resource, rendered with the row's columns", NULL, NULL, resource_keys},
    LAST_KEY};
const struct playbook_key *const playbook_each_keys = each_keys;

static const struct playbook_key removed_keys[] = {
    {"address", KEY_TEXT, true, "what is to be gone", NULL, NULL, NULL},
    {"why", KEY_TEXT, true, "why it may go: it stands in plan and log", NULL, NULL, NULL},
    {"when", KEY_TEXT, false, "a boolean input: false leaves it alone", NULL, NULL, NULL},
    LAST_KEY};

static const struct playbook_key artifact_keys[] = {
    {"path", KEY_TEXT, true, "the file below generated/NAME/", NULL, NULL, NULL},
    {"template", KEY_TEXT, true, "its template in the playbook's folder", NULL, NULL, NULL},
    {"when", KEY_TEXT, false, "a boolean input: false leaves the file out", NULL, NULL, NULL},
    LAST_KEY};

static const struct playbook_key guide_keys[] = {
    {"owner", KEY_TEXT, false, "who answers for the hand-over", NULL, NULL, NULL},
    {"intro", KEY_TEXT, false, "page: why it is built this way, what it cannot prevent", NULL, NULL, NULL},
    {"emergency", KEY_TEXT, false, "page: the quickest way out first", NULL, NULL, NULL},
    {"go_live", KEY_TEXT, false, "page: pilot, open records, the day", NULL, NULL, NULL},
    {"monday", KEY_TEXT, false, "page: for those who click nothing", NULL, NULL, NULL},
    {"open_questions", KEY_ANY, false, "a list of {text, where}: decisions of the business", NULL, NULL, NULL},
    LAST_KEY};

static const struct playbook_key case_keys[] = {
    {"name", KEY_TEXT, true, "what holds, as a sentence", NULL, NULL, NULL},
    {"given", KEY_ANY, false, "records after those of all cases: a list of {Module/key: {Field: value}}", NULL, NULL,
     NULL},
    {"when", KEY_TEXT, false, "a boolean input, or several: false leaves the case out", NULL, NULL, NULL},
    {"do", KEY_ANY, false, "steps: save, delete, press, wait, expect", NULL, NULL, NULL},
    {"expect", KEY_ANY, false, "what holds then: record, buttons, count, mail", NULL, NULL, NULL},
    LAST_KEY};

static const struct playbook_key check_keys[] = {
    {"given", KEY_ANY, false, "records of every case: a list of {Module/key: {Field: value}}", NULL, NULL, NULL},
    {"follow", KEY_BOOLEAN, false, "each case goes on where the one before ended", NULL, NULL, NULL},
    {"cases", KEY_LIST, true, "one thing each that must hold", NULL, NULL, case_keys},
    LAST_KEY};

static const struct playbook_key measure_keys[] = {
    {"id", KEY_TEXT, true, "its name in the state: keep it when the title changes", NULL, NAME_PATTERN, NULL},
    {"title", KEY_TEXT, true, "what is measured, for people", NULL, NULL, NULL},
    {"value", KEY_TEXT, false, "what is made of the rows (default: count)", measure_values, NULL, NULL},
    {"coql", KEY_TEXT, true, "the query; {{since}} and {{until}} are the window's ends", NULL, NULL, NULL},
    {"of", KEY_TEXT, false, "sum, average, median: the column; incomplete: the column that names a row", NULL, NULL,
     NULL},
    {"requires", KEY_ANY, false, "incomplete: a list of {when: {column: text}, field, is}: what such a row needs", NULL,
     NULL, NULL},
    {"by", KEY_TEXT, false, "incomplete: the column that says whose row it is", NULL, NULL, NULL},
    {"from", KEY_TEXT, false, "average, median of a time: the column it begins with", NULL, NULL, NULL},
    {"to", KEY_TEXT, false, "the column it ends with, or now", NULL, NULL, NULL},
    {"unit", KEY_TEXT, false, "of a time (default: days)", measure_units, NULL, NULL},
    {"whole", KEY_TEXT, false, "share: the query for the whole", NULL, NULL, NULL},
    {"window_days", KEY_INTEGER, false, "how far {{since}} lies back (default: 28)", NULL, NULL, NULL},
    {"better", KEY_TEXT, true, "which way is better", measure_better, NULL, NULL},
    {"target", KEY_NUMBER, false, "the value to reach", NULL, NULL, NULL},
    {"expected", KEY_INTEGER, false, "the expected result of the experiment it is evidence for, from 1", NULL, NULL,
     NULL},
    LAST_KEY};

static const char *const import_types[] = {"text", "choice", "basis", "number", "money", "percent", NULL};
static const char *const import_numbers[] = {"auto", "point", "comma", NULL};

static const struct playbook_key import_column_keys[] = {
    {"headers", KEY_TEXTS, false, "how sheets call the column, besides its own name", NULL, NULL, NULL},
    {"type", KEY_TEXT, false, "what a cell holds (default: text)", import_types, NULL, NULL},
    {"required", KEY_BOOLEAN, false, "an empty cell is a defect", NULL, NULL, NULL},
    {"max_length", KEY_INTEGER, false, "of a text (default: 255)", NULL, NULL, NULL},
    {"places", KEY_INTEGER, false, "decimal places a number may have; nothing is rounded", NULL, NULL, NULL},
    {"min", KEY_SCALAR, false, "the least it can be", NULL, NULL, NULL},
    {"max", KEY_SCALAR, false, "the most it can be", NULL, NULL, NULL},
    {"unit", KEY_TEXT, false, "what a number of the column counts", NULL, NULL, NULL},
    {"units", KEY_ANY, false, "other units a cell or header may name: {kW: \"1000\"}", NULL, NULL, NULL},
    {"words", KEY_ANY, false, "of a choice: a list of {word, also}", NULL, NULL, NULL},
    {"per", KEY_TEXT, false, "of money: the column of type basis that says what it is for", NULL, NULL, NULL},
    LAST_KEY};

static const struct playbook_key import_keys[] = {
    {"title", KEY_TEXT, false, "what the sheet is called", NULL, NULL, NULL},
    {"table", KEY_TEXT, true, "the clean table, a CSV file in context/", NULL, NULL, NULL},
    {"key", KEY_TEXTS, true, "the columns that make two rows the same item", NULL, NULL, NULL},
    {"numbers", KEY_TEXT, false, "the mark before a fraction (default: auto, what is unclear is named)", import_numbers,
     NULL, NULL},
    {"currency", KEY_TEXTS, false, "how the one currency of the sheet is written", NULL, NULL, NULL},
    {"per", KEY_TEXTS, false, "words between a price and its unit: /, per", NULL, NULL, NULL},
    {"columns", KEY_MAP, true, "the columns of the clean table, in order", NULL, NULL, import_column_keys},
    {"bases", KEY_ANY, false, "what prices count: a list of {word, kind, holds, also}", NULL, NULL, NULL},
    {"rules", KEY_ANY, false, "what is plausible: a list of {rule: range, neighbours, ratio or basis, column, …}", NULL,
     NULL, NULL},
    LAST_KEY};

static const char *const review_separators[] = {",", ";", NULL};

/* What stands first in a review's order. */
static const struct playbook_key first_keys[] = {
    {"module", KEY_TEXT, true, "the module of the open records", NULL, NULL, NULL},
    {"where", KEY_TEXT, true, "COQL criteria: which of them are open", NULL, NULL, NULL},
    {"list", KEY_TEXT, false, "their lines: a subform; without it `item` is their own look-up", NULL, NULL, NULL},
    {"item", KEY_TEXT, true, "the look-up that points to the record", NULL, NULL, NULL},
    LAST_KEY};

static const struct playbook_key review_keys[] = {
    {"id", KEY_TEXT, true, "its name in the state and of its worksheets", NULL, NAME_PATTERN, NULL},
    {"title", KEY_TEXT, true, "what is decided, for people", NULL, NULL, NULL},
    {"module", KEY_TEXT, true, "whose records need a decision", NULL, NULL, NULL},
    {"where", KEY_TEXT, false, "COQL criteria: which of them (default: all)", NULL, NULL, NULL},
    {"key", KEY_TEXT, true, "the field that tells them apart; decisions are kept by it", NULL, NULL, NULL},
    {"field", KEY_TEXT, true, "the field that is decided", NULL, NULL, NULL},
    {"done", KEY_TEXT, false, "a field that is filled in once a person decided", NULL, NULL, NULL},
    {"show", KEY_TEXTS, true, "fields the person sees; the first is the record's name", NULL, NULL, NULL},
    {"values", KEY_TEXT, true, "table input of the values that may be chosen", NULL, NULL, NULL},
    {"value", KEY_TEXT, false, "its column (default: value)", NULL, NULL, NULL},
    {"hint", KEY_TEXT, false, "its column that helps to choose", NULL, NULL, NULL},
    {"rules", KEY_TEXT, true, "table input: field, pattern, value, confidence, reason, reviewer", NULL, NULL, NULL},
    {"reviewers", KEY_TEXT, true, "table input of who decides; the first gets what no rule gives away", NULL, NULL,
     NULL},
    {"reviewer", KEY_TEXT, false, "its column (default: reviewer)", NULL, NULL, NULL},
    {"first", KEY_OBJECT, false, "records that stand on open ones come first", NULL, NULL, first_keys},
    {"decisions", KEY_TEXT, true, "the file below context/ that keeps them", NULL, "^[a-z0-9][a-z0-9_-]*[.]csv$", NULL},
    {"deadline", KEY_TEXT, false, "the day it should be done", NULL, NULL, NULL},
    {"holidays", KEY_TEXT, false, "table input with a column date: nobody decides on these days", NULL, NULL, NULL},
    {"batch", KEY_INTEGER, false, "records on a worksheet (default: 40)", NULL, NULL, NULL},
    {"separator", KEY_TEXT, false, "between the cells of a sheet (default: ,)", review_separators, NULL, NULL},
    LAST_KEY};

const struct playbook_key playbook_keys[] = {
    {"format", KEY_INTEGER, true, "1", NULL, NULL, NULL},
    {"name", KEY_TEXT, true, "the folder's name", NULL, "^[a-z0-9][a-z0-9-]*$", NULL},
    {"title", KEY_TEXT, false, "what it is called in guides", NULL, NULL, NULL},
    {"summary", KEY_TEXT, false, "one sentence a manager understands", NULL, NULL, NULL},
    {"solves", KEY_TEXTS, false, "ids of context/pain-points.md", NULL, NULL, NULL},
    {"inputs", KEY_MAP, false, "the only names of the business a template may use", NULL, NULL, input_keys},
    {"access", KEY_OBJECT, false, "who sees and edits its fields", NULL, NULL, access_keys},
    {"resources", KEY_LIST, true, "what should be true", NULL, NULL, resource_keys},
    {"removed", KEY_LIST, false, "tombstones: what should be gone", NULL, NULL, removed_keys},
    {"artifacts", KEY_LIST, false, "files for people, rendered into generated/NAME/", NULL, NULL, artifact_keys},
    {"guide", KEY_OBJECT, false, "pages around the hand steps", NULL, NULL, guide_keys},
    {"checks", KEY_OBJECT, false, "given records, do, expect: run in the rehearsal", NULL, NULL, check_keys},
    {"measures", KEY_LIST, false, "numbers that should move", NULL, NULL, measure_keys},
    {"imports", KEY_MAP, false, "sheets that become tables of context/", NULL, NULL, import_keys},
    {"reviews", KEY_LIST, false, "what people decide record by record: see zagent review", NULL, NULL, review_keys},
    {"awaits", KEY_TEXTS, false, "PLAYBOOK/REVIEW whose decisions this one stands on", NULL, NULL, NULL},
    {"experiments", KEY_MAP, false, "experiment id: numbers of the expected results it brings", NULL, NULL, NULL},
    LAST_KEY};

void playbook_finding(json_t *findings, const struct yaml *y, const char *pointer, const char *level, const char *fix,
                      const char *text, ...)
{
    va_list ap;
    va_start(ap, text);
    AUTO_FREE char *said = mem_vprintf(text, ap);
    va_end(ap);
    int line = 1, col = 1;
    yaml_where(y, pointer, &line, &col);
    json_t *f = json_object();
    js_set_str(f, "level", level);
    js_set_str(f, "file", y->name);
    js_set_int(f, "line", line);
    js_set_int(f, "col", col);
    js_set_str(f, "text", said);
    js_set_str(f, "fix", fix);
    json_array_append_new(findings, f);
}

/* The number after the colon at *p, which then stands behind it; 1 where there is none. */
static int colon_number(const char **p)
{
    char *end;
    if (**p != ':' || !isdigit((unsigned char)(*p)[1]))
        return 1;
    long n = strtol(*p + 1, &end, 10);
    *p = end;
    return n < INT_MAX ? (int)n : INT_MAX;
}

void playbook_finding_err(json_t *findings, const struct err *e)
{
    json_t *f = json_object();
    const char *colon = strchr(e->where, ':');
    size_t file = colon ? (size_t)(colon - e->where) : strlen(e->where);
    int line = colon ? colon_number(&colon) : 1, col = colon ? colon_number(&colon) : 1;
    js_set_str(f, "level", "error");
    js_set_strf(f, "file", "%.*s", (int)file, e->where);
    js_set_int(f, "line", line);
    js_set_int(f, "col", col);
    js_set_str(f, "text", e->what);
    js_set_str(f, "fix", *e->fix ? e->fix : NULL);
    json_array_append_new(findings, f);
}

struct walk {
    const struct yaml *y;
    json_t *findings;
};

static void value(struct walk *w, const struct playbook_key *k, json_t *v, const char *at);

static const struct playbook_key *find(const struct playbook_key *table, const char *name)
{
    for (; table->name; table++)
        if (!strcmp(table->name, name))
            return table;
    return NULL;
}

static void unknown(struct walk *w, const struct playbook_key *table, const char *name, const char *at,
                    const json_t *mapping)
{
    const char *names[32], *of = js_str(mapping, "address");
    size_t n = 0;
    for (const struct playbook_key *k = table; k->name; k++) {
        assert(n < sizeof names / sizeof *names);
        names[n++] = k->name;
    }
    const char *near = text_nearest(name, names, n);
    AUTO_FREE char *fix =
        near ? mem_printf("did you mean '%s'?", near) : mem_dup("docs/PLAYBOOKS.md lists the keys that stand here");
    playbook_finding(w->findings, w->y, at, "error", fix, "unknown key '%s'%s%s", name, of ? " in " : "", of ? of : "");
}

static void mapping(struct walk *w, const struct playbook_key *table, json_t *o, const char *at)
{
    const char *key;
    json_t *v;
    json_object_foreach (o, key, v) {
        AUTO_FREE char *below = mem_printf("%s/%s", at, key);
        const struct playbook_key *k = find(table, key);
        if (k)
            value(w, k, v, below);
        else
            unknown(w, table, key, below, o);
    }
    for (const struct playbook_key *k = table; k->name; k++)
        if (k->required && !json_object_get(o, k->name)) {
            AUTO_FREE char *fix = mem_printf("write '%s: …': %s", k->name, k->help);
            playbook_finding(w->findings, w->y, at, "error", fix, "there is no '%s'", k->name);
        }
}

static void wrong_type(struct walk *w, const struct playbook_key *k, const char *at, const char *wanted)
{
    playbook_finding(w->findings, w->y, at, "error", k->help, "'%s' is not %s", k->name, wanted);
}

static void text(struct walk *w, const struct playbook_key *k, const json_t *v, const char *at)
{
    const char *s = json_string_value(v);
    if (!s) {
        wrong_type(w, k, at, "a text");
        return;
    }
    size_t n = 0;
    for (; k->words && k->words[n]; n++)
        if (!strcmp(k->words[n], s))
            return;
    if (!k->words)
        return;
    AUTO_FREE char *list = mem_dup("");
    for (size_t i = 0; i < n; i++) {
        char *more = mem_printf("%s%s%s", list, i ? ", " : "one of ", k->words[i]);
        free(list);
        list = more;
    }
    playbook_finding(w->findings, w->y, at, "error", list, "'%s' cannot be '%s'", k->name, s);
}

static void items(struct walk *w, const struct playbook_key *k, const json_t *v, const char *at)
{
    json_t *item;
    size_t i;
    if (!json_is_array(v)) {
        wrong_type(w, k, at, "a list");
        return;
    }
    json_array_foreach (v, i, item) {
        AUTO_FREE char *below = mem_printf("%s/%zu", at, i);
        if (k->type == KEY_TEXTS && !json_is_string(item) && !json_object_get(item, "$each"))
            playbook_finding(w->findings, w->y, below, "error", k->help, "'%s' lists something that is not a text",
                             k->name);
        else if (k->type == KEY_LIST && !json_is_object(item))
            playbook_finding(w->findings, w->y, below, "error", k->help, "'%s' lists something that is not a mapping",
                             k->name);
        else if (k->type == KEY_LIST)
            mapping(w, k->inside == resource_keys && json_object_get(item, "$each") ? each_keys : k->inside, item,
                    below);
    }
}

static void named(struct walk *w, const struct playbook_key *k, json_t *v, const char *at)
{
    const char *name;
    json_t *one;
    json_object_foreach (v, name, one) {
        AUTO_FREE char *below = mem_printf("%s/%s", at, name);
        if (!k->inside)
            continue;
        if (json_is_object(one))
            mapping(w, k->inside, one, below);
        else
            playbook_finding(w->findings, w->y, below, "error", k->help, "'%s' is not a mapping", name);
    }
}

/* Decimals are text once read (base/js.h). */
static bool is_number(const char *s)
{
    if (!s || strstr(s, "{{"))
        return s != NULL;
    s += *s == '-';
    size_t whole = strspn(s, "0123456789"), part = s[whole] == '.' ? strspn(s + whole + 1, "0123456789") : 1;
    return whole && part && !s[s[whole] == '.' ? whole + 1 + part : whole];
}

static void value(struct walk *w, const struct playbook_key *k, json_t *v, const char *at)
{
    switch (k->type) {
    case KEY_TEXT:
        text(w, k, v, at);
        break;
    case KEY_SCALAR:
        if (json_is_object(v) || json_is_array(v))
            wrong_type(w, k, at, "a text or a number");
        break;
    case KEY_NUMBER:
        if (!json_is_integer(v) && !is_number(json_string_value(v)))
            wrong_type(w, k, at, "a number");
        break;
    case KEY_INTEGER:
        if (!json_is_integer(v))
            wrong_type(w, k, at, "a whole number");
        break;
    case KEY_BOOLEAN:
        if (!json_is_boolean(v))
            wrong_type(w, k, at, "true or false");
        break;
    case KEY_TEXTS:
    case KEY_LIST:
        items(w, k, v, at);
        break;
    case KEY_OBJECT:
    case KEY_MAP:
        if (!json_is_object(v))
            wrong_type(w, k, at, "a mapping");
        else if (k->type == KEY_MAP)
            named(w, k, v, at);
        else if (k->inside)
            mapping(w, k->inside, v, at);
        break;
    case KEY_ANY:
        break;
    }
}

void playbook_keys_check(const struct yaml *y, json_t *findings)
{
    struct walk w = {y, findings};
    mapping(&w, playbook_keys, y->root, "");
}
