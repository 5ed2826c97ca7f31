/* sandbox/criteria.c — criteria trees against records; one table of comparators for each family of data types. */
#include "sandbox/criteria.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "sandbox/check.h"

enum family { TEXTS, NUMBERS, TIMES, BOOLEANS, REFERENCES, LISTS, ROWS };
static const struct {
    const char *types;
    enum family family;
} families[] = {
    {"text|textarea|email|phone|website|picklist|autonumber|profileimage", TEXTS},
    {"integer|bigint|double|currency|percent|formula|rollup_summary", NUMBERS},
    {"date|datetime", TIMES},
    {"boolean", BOOLEANS},
    {"lookup|ownerlookup|userlookup", REFERENCES},
    {"multiselectpicklist|tag|multiselectlookup|multiuserlookup", LISTS},
    {"subform", ROWS},
};

bool criteria_empty(const json_t *v)
{
    return !v || json_is_null(v) || (json_is_string(v) && *json_string_value(v) == '\0') ||
           (json_is_array(v) && json_array_size(v) == 0) || (json_is_object(v) && json_object_size(v) == 0);
}

static enum family family_of(const json_t *field, const json_t *v)
{
    const char *type = js_str(field, "data_type");
    for (size_t i = 0; type && i < sizeof families / sizeof *families; i++) {
        if (one_of(families[i].types, type)) {
            return families[i].family;
        }
    }
    return json_is_number(v)    ? NUMBERS
           : json_is_boolean(v) ? BOOLEANS
           : json_is_object(v)  ? REFERENCES
           : json_is_array(v)   ? LISTS
                                : TEXTS;
}

/* ---- one value against one value ---- */

static const char *id_of(const json_t *v)
{
    return json_is_object(v) ? js_str(v, "id") : json_string_value(v);
}

static const char *name_of(const json_t *v)
{
    return json_is_object(v) ? js_str(v, "name") : json_string_value(v);
}

static bool is_id(const char *t)
{
    return t && *t && t[strspn(t, "0123456789")] == '\0';
}

static bool number_of(const json_t *v, double *out)
{
    const char *t = json_string_value(v);
    char *end = NULL;
    *out = t ? strtod(t, &end) : json_number_value(v);
    return t ? end != t && *end == '\0' : json_is_number(v);
}

/* <0, 0, >0; false when one of them is no value of the family. */
static bool compare(enum family f, const json_t *a, const json_t *b, int *out)
{
    if (f == NUMBERS) {
        double x, y;
        bool ok = number_of(a, &x) && number_of(b, &y);
        *out = ok ? (x > y) - (x < y) : 0;
        return ok;
    }
    if (f == TIMES) {
        int64_t x, y;
        const char *s = json_string_value(a), *t = json_string_value(b);
        bool ok = s && t && clock_parse(s, &x, NULL) == 0 && clock_parse(t, &y, NULL) == 0;
        *out = ok ? (x > y) - (x < y) : 0;
        return ok;
    }
    bool by_id = f == REFERENCES && is_id(id_of(b));
    const char *s = by_id ? id_of(a) : name_of(a), *t = by_id ? id_of(b) : name_of(b);
    *out = s && t ? text_casecmp(s, t) : 0;
    return s && t;
}

static bool same(enum family f, const json_t *a, const json_t *b)
{
    int order;
    if (f == BOOLEANS) {
        bool y = json_is_true(b) || text_casecmp(json_is_string(b) ? json_string_value(b) : "", "true") == 0;
        return json_is_true(a) == y;
    }
    return compare(f, a, b, &order) && order == 0;
}

static bool has_text(const json_t *a, const json_t *b)
{
    const char *s = name_of(a), *t = name_of(b);
    return s && t && strcasestr(s, t);
}

static bool starts(const json_t *a, const json_t *b)
{
    const char *s = name_of(a), *t = name_of(b);
    return s && t && strncasecmp(s, t, strlen(t)) == 0;
}

static bool ends(const json_t *a, const json_t *b)
{
    const char *s = name_of(a), *t = name_of(b);
    size_t n = s ? strlen(s) : 0, k = t ? strlen(t) : 0;
    return s && t && n >= k && text_casecmp(s + n - k, t) == 0;
}

/* ---- a field's value against what the leaf says ---- */

/* The nth of one or many. */
static const json_t *nth(const json_t *wanted, size_t i)
{
    return json_is_array(wanted) ? json_array_get(wanted, i) : i == 0 ? wanted : NULL;
}

static bool equal_any(enum family f, const json_t *v, const json_t *wanted)
{
    const json_t *w;
    for (size_t i = 0; (w = nth(wanted, i)); i++) {
        if (same(f, v, w)) {
            return true;
        }
    }
    return false;
}

static bool text_any(bool (*test)(const json_t *, const json_t *), const json_t *v, const json_t *wanted)
{
    const json_t *w;
    for (size_t i = 0; (w = nth(wanted, i)); i++) {
        if (test(v, w)) {
            return true;
        }
    }
    return false;
}

static bool list_holds(const json_t *list, const json_t *w)
{
    size_t i;
    json_t *v;
    json_array_foreach (list, i, v) {
        if (same(TEXTS, v, w)) {
            return true;
        }
    }
    return false;
}

/* How many of the wanted values the list holds; *n = how many are wanted. */
static size_t held(const json_t *list, const json_t *wanted, size_t *n)
{
    const json_t *w;
    size_t hits = 0;
    for (*n = 0; (w = nth(wanted, *n)); ++*n) {
        hits += list_holds(list, w);
    }
    return hits;
}

static bool between(enum family f, const json_t *v, const json_t *wanted)
{
    int low, high;
    return compare(f, v, nth(wanted, 0), &low) && compare(f, v, nth(wanted, 1), &high) && low >= 0 && high <= 0;
}

enum verb { EQUAL, HOLDS, STARTS, ENDS, ALL, ANY_OF, MORE, LESS, BETWEEN };
static const struct {
    const char *comparator;
    enum verb verb;
    bool negated; /* also met by an empty field */
    bool or_equal;
} comparators[] = {
    {"equal", EQUAL, false, false},        {"not_equal", EQUAL, true, false},     {"like", HOLDS, false, false},
    {"not_like", HOLDS, true, false},      {"contains", HOLDS, false, false},     {"not_contains", HOLDS, true, false},
    {"starts_with", STARTS, false, false}, {"ends_with", ENDS, false, false},     {"include_all", ALL, false, false},
    {"exclude_all", ALL, true, false},     {"include_any", ANY_OF, false, false}, {"exclude_any", ANY_OF, true, false},
    {"greater_than", MORE, false, false},  {"greater_equal", MORE, false, true},  {"less_than", LESS, false, false},
    {"less_equal", LESS, false, true},     {"between", BETWEEN, false, false},    {"not_between", BETWEEN, true, false},
};

static bool list_meets(enum verb verb, const json_t *v, const json_t *wanted)
{
    size_t n = 0, hits = held(v, wanted, &n);
    switch (verb) {
    case EQUAL:
        return hits == n && json_array_size(v) == n;
    case ALL:
        return hits == n;
    case HOLDS:
    case ANY_OF:
        return hits > 0;
    case STARTS:
    case ENDS:
    case MORE:
    case LESS:
    case BETWEEN:
        break;
    }
    return false;
}

static bool meets(enum verb verb, bool or_equal, enum family f, const json_t *v, const json_t *wanted)
{
    int order = 0;
    if (f == LISTS || f == ROWS) {
        return list_meets(verb, v, wanted);
    }
    switch (verb) {
    case EQUAL:
    case ALL:
    case ANY_OF:
        return equal_any(f, v, wanted);
    case HOLDS:
        return text_any(has_text, v, wanted);
    case STARTS:
        return text_any(starts, v, wanted);
    case ENDS:
        return text_any(ends, v, wanted);
    case BETWEEN:
        return between(f, v, wanted);
    case MORE:
    case LESS:
        break;
    }
    bool known = compare(f, v, nth(wanted, 0), &order);
    return known && ((or_equal && order == 0) || (verb == MORE ? order > 0 : order < 0));
}

/* ---- a leaf ---- */

/* "${!Quotes.Amount}" or "${Quotes.Amount}" → Amount; others as they are. Caller frees. */
static char *field_named(const json_t *value)
{
    const char *t = json_is_object(value) ? js_str_or(value, "api_name", "") : json_string_value(value);
    if (!t || strncmp(t, "${", 2) != 0) {
        return mem_dup(t ? t : "");
    }
    const char *dot = strchr(t, '.'), *end = strchr(t, '}');
    return dot && end && dot < end ? mem_dupn(dot + 1, (size_t)(end - dot - 1)) : mem_dup("");
}

/* What a token stands for; NULL when the value is no token that stands for another value. New reference. */
static json_t *token(const char *t, const json_t *field, const struct criteria_env *env)
{
    if (strcmp(t, "${CURRENTTIME}") == 0) {
        char now[CLOCK_TEXT];
        clock_rfc3339(env->now_s, now);
        bool date = strcmp(js_str_or(field, "data_type", ""), "date") == 0;
        return date && env->today ? json_string(env->today) : json_string(now);
    }
    if (strcmp(t, "${CURRENTUSER}") == 0) {
        return json_string(env->user ? env->user : "");
    }
    return strcmp(t, "${CURRENTUSERROLE}") == 0 ? json_string(env->role ? env->role : "") : NULL;
}

static json_t *wanted_of(const json_t *leaf, const json_t *field, const json_t *record, const struct criteria_env *env)
{
    json_t *value = json_object_get(leaf, "value"), *out = NULL;
    if (one_of("field|merge_field", js_str_or(leaf, "type", "value"))) {
        AUTO_FREE char *name = field_named(value);
        json_t *other = json_object_get(record, name);
        return other ? json_incref(other) : json_null();
    }
    if (json_is_string(value)) {
        out = token(json_string_value(value), field, env);
    }
    return out ? out : json_incref(value);
}

/* The leaf's field in this record: *field borrowed metadata. New reference, NULL when it has no value. */
static json_t *value_of(const json_t *leaf, const json_t *record, const struct criteria_env *env, const json_t **field)
{
    const char *api = js_str_or(js_obj(leaf, "field"), "api_name", "");
    const char *dot = strchr(api, '.');
    AUTO_FREE char *first = mem_dupn(api, dot ? (size_t)(dot - api) : strlen(api));
    json_t *v = json_object_get(record, first), *f = json_object_get(env->fields, first);
    *field = dot ? NULL : f;
    if (!dot) {
        return v ? json_incref(v) : NULL;
    }
    AUTO_JSON json_t *behind = env->related && v ? env->related(env->ctx, f, v) : NULL;
    json_t *there = json_object_get(behind, dot + 1);
    return there ? json_incref(there) : NULL;
}

static bool leaf_match(const json_t *leaf, const json_t *record, const struct criteria_env *env)
{
    const json_t *field = NULL;
    AUTO_JSON json_t *v = value_of(leaf, record, env, &field);
    AUTO_JSON json_t *wanted = wanted_of(leaf, field, record, env);
    const char *cmp = js_str_or(leaf, "comparator", ""), *t = json_is_string(wanted) ? json_string_value(wanted) : "";
    size_t i = 0, n = sizeof comparators / sizeof *comparators;
    while (i < n && strcmp(cmp, comparators[i].comparator) != 0) {
        i++;
    }
    if (i == n) {
        return false;
    }
    bool negated = comparators[i].negated, empty = criteria_empty(v);
    if (strcmp(t, "${ANYVALUE}") == 0) {
        return true;
    }
    if (strcmp(t, "${NOTEMPTY}") == 0) {
        return empty == negated;
    }
    enum family f = family_of(field, v);
    if (strcmp(t, "${EMPTY}") == 0 || (criteria_empty(wanted) && f != BOOLEANS)) {
        return empty != negated;
    }
    if (empty && f != BOOLEANS) { /* a check box never ticked is false */
        return negated;
    }
    return meets(comparators[i].verb, comparators[i].or_equal, f, v, wanted) != negated;
}

/* ---- trees ---- */

struct change {
    const json_t *before;
    bool on; /* false: the plain question */
    bool all;
};

/* 5 is 5.0, and a check box never ticked is false. */
static bool untouched(const json_t *was, const json_t *is)
{
    bool was_unset = criteria_empty(was) || json_is_false(was), is_unset = criteria_empty(is) || json_is_false(is);
    bool numbers = json_is_number(was) && json_is_number(is);
    return (was_unset && is_unset) || (numbers && same(NUMBERS, was, is)) || (was && is && json_equal(was, is));
}

static bool leaf_changed(const json_t *leaf, const struct change *ch, const json_t *after,
                         const struct criteria_env *env)
{
    const json_t *field = NULL;
    AUTO_JSON json_t *was = value_of(leaf, ch->before, env, &field);
    AUTO_JSON json_t *is = value_of(leaf, after, env, &field);
    return !untouched(was, is) && leaf_match(leaf, after, env);
}

static bool tree_match(const json_t *tree, const struct change *ch, const json_t *record,
                       const struct criteria_env *env)
{
    const json_t *group = js_arr(tree, "group");
    if (!group) {
        return ch->on ? leaf_changed(tree, ch, record, env) : leaf_match(tree, record, env);
    }
    bool all = ch->all || text_casecmp(js_str_or(tree, "group_operator", "AND"), "AND") == 0;
    for (size_t i = 0; i < json_array_size(group); i++) {
        if (tree_match(json_array_get(group, i), ch, record, env) != all) {
            return !all;
        }
    }
    return all;
}

bool criteria_match(const json_t *tree, const json_t *record, const struct criteria_env *env)
{
    struct change plain = {0};
    return json_object_size(tree) == 0 || tree_match(tree, &plain, record, env);
}

bool criteria_changed(const json_t *tree, bool all, const json_t *before, const json_t *after,
                      const struct criteria_env *env)
{
    struct change ch = {before, true, all};
    return json_object_size(tree) > 0 && tree_match(tree, &ch, after, env);
}
