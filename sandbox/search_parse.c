/* sandbox/search_parse.c — the criteria parameter of a search, by recursive descent, into a criteria tree. */
#include <ctype.h>

#include "base/sb.h"
#include "sandbox/check.h"
#include "sandbox/limits.h"
#include "sandbox/selection.h"

enum { DEPTH = 20, VALUE_BYTES = 4096 };

struct scan {
    const struct record_module *m;
    const char *p;
    int depth, leaves;
    json_t *why;
};

static json_t *refuse(struct scan *s, const char *key, const char *value, const char *reason)
{
    if (!s->why) {
        s->why = json_pack("{s:s}", "reason", reason);
        if (key) {
            js_set_str(s->why, key, value);
        }
    }
    return NULL;
}

/* Operators as a search spells them, and which data types have them. */
static const struct {
    const char *name, *comparator;
    bool order, text;
} operators[] = {
    {"equals", "equal", false, false},
    {"not_equal", "not_equal", false, false},
    {"in", "equal", false, false},
    {"starts_with", "starts_with", false, true},
    {"greater_than", "greater_than", true, false},
    {"greater_equal", "greater_equal", true, false},
    {"less_than", "less_than", true, false},
    {"less_equal", "less_equal", true, false},
    {"between", "between", true, false},
};

/* -1 = none of ours, or not for this type. */
static int operator_of(const char *name, const char *data_type)
{
    static const char ordered[] =
        "integer|bigint|double|currency|percent|date|datetime|formula|rollup_summary|autonumber";
    static const char textual[] = "text|email|phone|website|picklist|multiselectpicklist|autonumber|textarea";
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (strcmp(operators[i].name, name) == 0) {
            bool fits = (!operators[i].order || one_of(ordered, data_type)) &&
                        (!operators[i].text || one_of(textual, data_type));
            return fits ? (int)i : -1;
        }
    }
    return -1;
}

/* Up to `stop` or the closing parenthesis; false when the text ends before. */
static bool word(struct scan *s, char stop, struct sb *out)
{
    for (; *s->p && *s->p != stop && *s->p != ')'; s->p++) {
        s->p += *s->p == '\\' && s->p[1];
        sb_addc(out, *s->p);
    }
    return *s->p != '\0' && !out->bad;
}

/* A number for numbers and check boxes, else the text. */
static json_t *typed(const char *data_type, const char *text)
{
    char *end = NULL;
    if (strcmp(data_type, "boolean") == 0) {
        return json_boolean(strcmp(text, "true") == 0);
    }
    double d = strtod(text, &end);
    return one_of("integer|double|currency|percent", data_type) && *text && *end == '\0' ? json_real(d)
                                                                                         : json_string(text);
}

static bool suits(const char *data_type, const json_t *v)
{
    const char *t = json_string_value(v);
    int64_t at_s;
    if (t && strncmp(t, "${", 2) == 0) {
        return true;
    }
    return one_of("integer|double|currency|percent", data_type) ? json_is_real(v)
           : one_of("date|datetime", data_type)                 ? t && clock_parse(t, &at_s, NULL) == 0
                                                                : true;
}

static json_t *values(struct scan *s, const char *data_type)
{
    json_t *out = json_array();
    do {
        AUTO_SB struct sb b = SB_INIT(VALUE_BYTES);
        s->p += *s->p == ',';
        if (!word(s, ',', &b)) {
            refuse(s, NULL, NULL, "a closing parenthesis is missing");
        }
        json_t *v = typed(data_type, b.buf ? b.buf : "");
        if (!suits(data_type, v)) {
            refuse(s, "expected_data_type", data_type, "the value does not suit the field");
        }
        json_array_append_new(out, v);
    } while (!s->why && *s->p == ',');
    return out;
}

static json_t *leaf(struct scan *s)
{
    AUTO_SB struct sb name = SB_INIT(VALUE_BYTES), op = SB_INIT(VALUE_BYTES);
    if (!word(s, ':', &name) || *s->p != ':') {
        return refuse(s, NULL, NULL, "a comparison reads (field:operator:value)");
    }
    s->p++;
    if (!word(s, ':', &op) || *s->p != ':') {
        return refuse(s, NULL, NULL, "a comparison reads (field:operator:value)");
    }
    s->p++;
    const json_t *f = record_hides(s->m->limits, name.buf) ? NULL : json_object_get(s->m->by_api, name.buf);
    const char *type = strcmp(name.buf, "id") == 0 ? "bigint" : js_str(f, "data_type");
    if (!type) {
        return refuse(s, NULL, NULL, "the field is not available for search");
    }
    int i = operator_of(op.buf, type);
    if (i < 0) {
        return refuse(s, "operator", op.buf, "the operator is not one of this field's data type");
    }
    if (++s->leaves > LIM_SEARCH_CRITERIA) {
        return refuse(s, NULL, NULL, "too many criteria");
    }
    AUTO_JSON json_t *v = values(s, type);
    bool many = one_of("in|between", operators[i].name);
    if (s->why || (!many && json_array_size(v) != 1) ||
        (strcmp(operators[i].name, "between") == 0 && json_array_size(v) != 2) || json_array_size(v) > LIM_SEARCH_IN) {
        return refuse(s, "operator", op.buf, "the operator takes another number of values");
    }
    return json_pack("{s:s,s:{s:s},s:O}", "comparator", operators[i].comparator, "field", "api_name", name.buf, "value",
                     many ? v : json_array_get(v, 0));
}

static json_t *chain(struct scan *s);

static json_t *term(struct scan *s)
{
    if (*s->p != '(' || ++s->depth > DEPTH) {
        return refuse(s, NULL, NULL, "an opening parenthesis is missing");
    }
    s->p++;
    json_t *inner = *s->p == '(' ? chain(s) : leaf(s);
    if (inner && *s->p != ')') {
        json_decref(inner);
        return refuse(s, NULL, NULL, "a closing parenthesis is missing");
    }
    s->p += inner != NULL;
    s->depth--;
    return inner;
}

static const char *joined(struct scan *s)
{
    const char *op = strncasecmp(s->p, "and", 3) == 0 ? "AND" : strncasecmp(s->p, "or", 2) == 0 ? "OR" : NULL;
    s->p += op ? strlen(op) : 0;
    return op;
}

static json_t *chain(struct scan *s)
{
    json_t *left = term(s);
    const char *op;
    while (left && (op = joined(s))) {
        json_t *right = term(s);
        if (!right) {
            json_decref(left);
            return NULL;
        }
        left = json_pack("{s:s,s:[o,o]}", "group_operator", op, "group", left, right);
    }
    return left;
}

json_t *search_parse(const struct record_module *m, const char *text, json_t **why)
{
    struct scan s = {.m = m, .p = text};
    json_t *tree = chain(&s);
    if (tree && *s.p) {
        json_decref(tree);
        tree = refuse(&s, NULL, NULL, "there is more text after the criteria");
    }
    *why = s.why;
    return tree;
}
