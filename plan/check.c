/*
 * plan/check.c — Zoho's limits and names, told at plan time instead of by a refusal half way through.
 *
 * Lengths count characters. A limit that only an example org or a community note gives is a warning; a documented one an error.
 */
#include <regex.h>

#include "base/mem.h"
#include "base/text.h"
#include "plan/check.h"
#include "plan/kinds.h"

/* No punctuation of ASCII. What lies past ASCII may be a letter, and whether Zoho takes it is unproven. */
#define LABEL "^[^]!\"#$%&'()*+,./:;<=>?@[\\^_`{|}~-]+$"

/* One row a limit on a text. `key` "" is the name in the address. pattern NULL = any. */
static const struct {
    const char *kind, *key;
    size_t max; /* 0 = none */
    const char *pattern, *says;
    const char *source;
} texts[] = {
    {"module", "singular_label", 25, LABEL, "letters, digits and spaces", "create-custom-module-api"},
    {"module", "plural_label", 25, LABEL, "letters, digits and spaces", "create-custom-module-api"},
    {"module", "", 50, "^[A-Za-z0-9]+$", "letters and digits only", "create-custom-module-api, OpenAPI modules v8.0"},
    {"field", "", 0, "^[A-Za-z](_?[A-Za-z0-9])*$", "a letter first, then letters, digits, single underscores",
     "zoho.com/crm/help/api-names"},
    {"global_picklist", "display_label", 50, NULL, NULL, "create-global-picklist"},
    {"workflow_rule", "name", 100, "^[^%#^]+$", "none of % # ^", "create-workflow-rule"},
    {"validation_rule", "message", 100, NULL, NULL, "zoho.com/crm/help validation rules"},
    {"function", "", 0, "^[A-Za-z][A-Za-z0-9_]*$", "a letter first, then letters, digits, underscores",
     "create-function"},
    {"variable", "", 0, "^[A-Za-z][A-Za-z0-9_]*$", "a letter first, then letters, digits, underscores",
     "create-variables"},
};

/* One row a limit on a list, by path inside the body. */
static const struct {
    const char *kind, *path;
    size_t min, max;
    const char *source;
} lists[] = {
    {"global_picklist", "pick_list_values", 1, 5000, "create-global-picklist"},
    {"custom_view", "fields", 1, 250, "custom-views"},
    {"custom_view", "cross_filters", 0, 3, "custom-views"},
    {"record_locking", "locking_rules", 0, 5, "record locking configurations, OpenAPI v8.0"},
    {"workflow_rule", "conditions", 1, 0, "create-workflow-rule"},
    {"blueprint", "states", 1, 50, "create-blueprint states"},
    {"blueprint", "transitions", 1, 50, "create-blueprint transitions"},
};

/* Words a property may be. */
static const struct {
    const char *kind, *key, *words;
    const char *source;
} words[] = {
    {"field", "data_type",
     " text textarea email phone picklist multiselectpicklist date datetime integer autonumber currency percent bigint "
     "double website "
     "boolean fileupload imageupload lookup userlookup multiselectlookup multiuserlookup formula rollup_summary "
     "address ",
     "create-custom-field"},
    {"custom_view", "access_type", " public shared only_to_me ", "custom-views"},
    {"custom_view", "sort_order", " asc desc ", "custom-views"},
    {"record_locking", "lock_type", " automatic manual both ", "record locking configurations, OpenAPI v8.0"},
    {"function", "category", " automation button schedule related_list signals validation_rule standalone ",
     "create-function"},
    {"variable", "type",
     " text textarea integer long double percent currency date datetime email phone website checkbox boolean float ",
     "create-variables"},
    {"validation_rule", "type", " criteria function ", "zoho.com/crm/help validation rules"},
};

void finding(json_t *findings, const char *level, const char *path, const char *text, ...)
{
    va_list ap;
    va_start(ap, text);
    AUTO_FREE char *line = mem_vprintf(text, ap);
    va_end(ap);
    json_t *f = json_object();
    js_set_str(f, "level", level);
    js_set_str(f, "path", path);
    js_set_str(f, "text", line);
    json_array_append_new(findings, f);
}

size_t characters(const char *utf8)
{
    size_t n = 0;
    for (; *utf8; utf8++)
        n += ((unsigned char)*utf8 & 0xC0) != 0x80;
    return n;
}

static bool fits(const char *text, const char *pattern)
{
    regex_t re;
    if (regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB) != 0)
        return true;
    bool ok = regexec(&re, text, 0, NULL, 0) == 0;
    regfree(&re);
    return ok;
}

static void check_texts(const struct resource *r, json_t *findings)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(texts[i].kind, r->kind->name) != 0)
            continue;
        const char *text = *texts[i].key ? js_str(r->body, texts[i].key) : r->name;
        if (text && texts[i].max && characters(text) > texts[i].max)
            finding(findings, "error", texts[i].key, "'%s' is %zu characters long, Zoho allows %zu (%s)", text,
                    characters(text), texts[i].max, texts[i].source);
        if (text && texts[i].pattern && !fits(text, texts[i].pattern))
            finding(findings, "error", texts[i].key, "'%s' must be %s (%s)", text, texts[i].says, texts[i].source);
    }
}

static void check_lists(const struct resource *r, json_t *findings)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        size_t n = json_array_size(js_arr(r->body, lists[i].path));
        if (strcmp(lists[i].kind, r->kind->name) != 0)
            continue;
        if (lists[i].max && n > lists[i].max)
            finding(findings, "error", lists[i].path, "has %zu entries, Zoho allows %zu (%s)", n, lists[i].max,
                    lists[i].source);
        if (n < lists[i].min)
            finding(findings, "error", lists[i].path, "needs at least %zu entry (%s)", lists[i].min, lists[i].source);
    }
}

static void check_words(const struct resource *r, const json_t *want, json_t *findings)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *written = js_str(r->body, words[i].key), *word = js_str(want, words[i].key);
        if (strcmp(words[i].kind, r->kind->name) != 0 || !word)
            continue;
        AUTO_FREE char *padded = mem_printf(" %s ", word);
        if (!strstr(words[i].words, padded))
            finding(findings, "error", words[i].key, "'%s' is not one of:%s(%s)", written, words[i].words,
                    words[i].source);
    }
}

static bool all_are(const json_t *list, bool (*is)(const json_t *))
{
    json_t *one;
    size_t i;
    json_array_foreach (list, i, one)
        if (!is(one))
            return false;
    return json_is_array(list);
}

static bool is_object(const json_t *j)
{
    return json_is_object(j);
}

static bool is_text(const json_t *j)
{
    return json_is_string(j) || json_is_number(j) || json_is_boolean(j);
}

static bool is_name(const json_t *j)
{
    return ref_name(j) != NULL;
}

static const char *wrong_shape(const json_t *value, enum prop_shape shape)
{
    switch (shape) {
    case SHAPE_TEXT:
        return is_text(value) ? NULL : "a text, a number, true or false";
    case SHAPE_LIST:
        return all_are(value, is_text) ? NULL : "a list of texts";
    case SHAPE_OBJECT:
        return json_is_object(value) ? NULL : "an object {key: value}";
    case SHAPE_OBJECTS:
        return all_are(value, is_object) ? NULL : "a list of objects {key: value}";
    case SHAPE_NAME:
        return is_name(value) ? NULL : "a name, or an object with name or api_name";
    case SHAPE_NAMES:
        return all_are(value, is_name) ? NULL : "a list of names, or of objects with name or api_name";
    case SHAPE_ANY:
        break;
    }
    return NULL;
}

static void check_shapes(const struct resource *r, json_t *findings)
{
    for (size_t i = 0; i < r->kind->spec->props_n; i++) {
        const struct prop *p = &r->kind->spec->props[i];
        const json_t *value = json_object_get(r->body, p->key);
        const char *wanted = value && !json_is_null(value) ? wrong_shape(value, p->type->shape) : NULL;
        if (wanted)
            finding(findings, "error", p->key, "must be %s", wanted);
    }
}

static bool knows(const struct kind_spec *spec, const char *key)
{
    for (size_t i = 0; i < spec->props_n; i++)
        if (!strcmp(spec->props[i].key, key))
            return true;
    return !spec->props_n; /* kinds without a table take what they are given */
}

/* A misspelt key would be sent, ignored by Zoho without a word, and found missing by the read-back. */
static void check_keys(const struct resource *r, json_t *findings)
{
    const struct kind_spec *spec = r->kind->spec;
    const char **known = mem_grow(NULL, spec->props_n + 1, sizeof *known), *key;
    json_t *value;
    for (size_t i = 0; i < spec->props_n; i++)
        known[i] = spec->props[i].key;
    json_object_foreach (r->body, key, value) {
        if (knows(spec, key))
            continue;
        const char *near = text_nearest(key, known, spec->props_n);
        finding(findings, "warning", key, "is no property of a %s that zagent knows%s%s; it is sent as it stands",
                r->kind->title, near ? ", did you mean " : "", near ? near : "");
    }
    free(known);
}

void check_limits(const struct kind_view *v, const struct resource *r, json_t *findings)
{
    AUTO_JSON json_t *want = r->kind->normalise(v, r, NULL);
    check_shapes(r, findings);
    check_keys(r, findings);
    check_texts(r, findings);
    check_lists(r, findings);
    check_words(r, want, findings);
    check_kind(v, r, findings);
}
