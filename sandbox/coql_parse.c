/* sandbox/coql_parse.c — COQL text to struct coql: one pass, recursive descent. */
#include <ctype.h>

#include "base/sb.h"
#include "base/text.h"
#include "sandbox/coql.h"

enum { DEPTH = 60 };

struct scan {
    struct coql *q;
    const char *text, *p; /* p: the current token's start */
    size_t len;           /* of the current token; 0 at the end */
    int depth;
};

static int fail(struct scan *s, const char *code, const char *message, json_t *details)
{
    if (!s->q->error) {
        s->q->error = json_pack("{s:s,s:s,s:o}", "code", code, "message", message, "details", details);
    } else {
        json_decref(details);
    }
    return -1;
}

static int syntax(struct scan *s)
{
    AUTO_FREE char *near = mem_dupn(s->p, s->len);
    return fail(s, "SYNTAX_ERROR", "the query cannot be read here",
                json_pack("{s:i,s:i,s:s}", "line", 1, "column", (int)(s->p - s->text) + 1, "near", near));
}

static int too_many(struct scan *s, const char *what, int limit)
{
    return fail(s, "LIMIT_EXCEEDED", "too many in this clause", json_pack("{s:s,s:i}", "clause", what, "limit", limit));
}

static bool word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '$' || c == '-' || c == ':' || c == '+';
}

/* Moves to the next token: a word or number, a quoted text, an operator, one sign. */
static void next(struct scan *s)
{
    s->p += s->len;
    while (isspace((unsigned char)*s->p)) {
        s->p++;
    }
    const char *e = s->p;
    if (*e == '\'') {
        for (e++; *e && *e != '\''; e++) {
            e += *e == '\\' && e[1];
        }
        e += *e == '\'';
    } else if (word_char(*e)) {
        while (word_char(*e)) {
            e++;
        }
    } else if (*e && strchr("<>!", *e) && e[1] == '=') {
        e += 2;
    } else if (*e) {
        e++;
    }
    s->len = (size_t)(e - s->p);
}

static bool is(const struct scan *s, const char *word)
{
    AUTO_FREE char *t = mem_dupn(s->p, s->len);
    return text_casecmp(t, word) == 0;
}

static bool take(struct scan *s, const char *word)
{
    if (s->len > 0 && is(s, word)) {
        next(s);
        return true;
    }
    return false;
}

static int expect(struct scan *s, const char *word)
{
    return take(s, word) ? 0 : syntax(s);
}

/* A name may stand in quotes: one that is a reserved word, or 'What_Id->Deals.Stage'. */
static int name(struct scan *s, char out[COQL_NAME])
{
    size_t quote = s->len > 2 && *s->p == '\'' && s->p[s->len - 1] == '\'';
    const char *from = s->p + quote;
    if (s->len == 0 || s->len >= COQL_NAME || !(isalpha((unsigned char)*from) || *from == '$')) {
        return syntax(s);
    }
    snprintf(out, COQL_NAME, "%.*s", (int)(s->len - 2 * quote), from);
    next(s);
    return 0;
}

static bool function_name(const char *t)
{
    static const char *const functions[] = {"count", "sum", "min", "max", "avg"};
    for (size_t i = 0; i < 5; i++) {
        if (text_casecmp(t, functions[i]) == 0) {
            return true;
        }
    }
    return false;
}

static int column(struct scan *s, struct coql_column *c)
{
    char path[COQL_NAME], function[8] = "";
    if (name(s, path)) {
        return -1;
    }
    if (function_name(path) && take(s, "(")) {
        snprintf(function, sizeof function, "%.7s", path);
        if (name(s, path) || expect(s, ")")) {
            return -1;
        }
        if (++s->q->n_aggregate > LIM_COQL_AGGREGATES) {
            return too_many(s, "select", LIM_COQL_AGGREGATES);
        }
    }
    snprintf(c->path, sizeof c->path, "%s", path);
    snprintf(c->function, sizeof c->function, "%s", function);
    if (*function) {
        snprintf(c->shown, sizeof c->shown, "%s(%.140s)", function, path);
    } else {
        snprintf(c->shown, sizeof c->shown, "%s", path);
    }
    if (take(s, "as")) {
        c->named = true;
        return name(s, c->shown);
    }
    return 0;
}

static int columns(struct scan *s)
{
    do {
        if (s->q->n_column == LIM_COQL_COLUMNS) {
            return too_many(s, "select", LIM_COQL_COLUMNS);
        }
        if (column(s, &s->q->column[s->q->n_column++])) {
            return -1;
        }
    } while (take(s, ","));
    return 0;
}

static json_t *quoted(const struct scan *s)
{
    AUTO_SB struct sb b = SB_INIT(100000);
    for (size_t i = 1; i + 1 < s->len; i++) {
        i += s->p[i] == '\\' && i + 2 < s->len;
        sb_addc(&b, s->p[i]);
    }
    return json_string(b.buf);
}

static int value(struct scan *s, json_t **out)
{
    AUTO_FREE char *t = mem_dupn(s->p, s->len);
    char *end = NULL;
    if (s->len >= 2 && *t == '\'' && t[s->len - 1] == '\'') {
        *out = quoted(s);
    } else if (is(s, "true") || is(s, "false")) {
        *out = json_boolean(is(s, "true"));
    } else if (s->len > 0 && (isdigit((unsigned char)*t) || *t == '-')) {
        long long n = strtoll(t, &end, 10);
        *out = *end ? NULL : json_integer(n);
        if (!*out) {
            double d = strtod(t, &end);
            *out = *end ? NULL : json_real(d);
        }
    }
    if (!*out) {
        return syntax(s);
    }
    next(s);
    return 0;
}

static int list(struct scan *s, json_t *into)
{
    if (expect(s, "(")) {
        return -1;
    }
    do {
        json_t *v = NULL;
        if (value(s, &v)) {
            return -1;
        }
        json_array_append_new(into, v);
    } while (take(s, ","));
    return json_array_size(into) > LIM_COQL_IN ? too_many(s, "in", LIM_COQL_IN) : expect(s, ")");
}

static int between(struct scan *s, struct coql_cond *c)
{
    json_t *low = NULL, *high = NULL;
    if (value(s, &low) || expect(s, "and") || value(s, &high)) {
        json_decref(low);
        return -1;
    }
    c->value = json_pack("[o,o]", low, high);
    return 0;
}

static int is_null(struct scan *s, struct coql_cond *c)
{
    snprintf(c->op, sizeof c->op, take(s, "not") ? "is not null" : "is null");
    return expect(s, "null");
}

static int test(struct scan *s, int *index)
{
    static const char *const signs[] = {"=", "!=", "<", ">", "<=", ">=", "like"};
    struct coql *q = s->q;
    if (++q->n_test > LIM_COQL_CRITERIA) {
        return too_many(s, "where", LIM_COQL_CRITERIA);
    }
    *index = q->n_cond;
    struct coql_cond *c = &q->cond[q->n_cond++];
    if (name(s, c->path)) {
        return -1;
    }
    if (take(s, "is")) {
        return is_null(s, c);
    }
    bool negated = take(s, "not");
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if ((!negated || i == 6) && take(s, signs[i])) {
            snprintf(c->op, sizeof c->op, "%s%s", negated ? "not " : "", signs[i]);
            return value(s, &c->value);
        }
    }
    if (take(s, "in")) {
        snprintf(c->op, sizeof c->op, negated ? "not in" : "in");
        c->value = json_array();
        return list(s, c->value);
    }
    if (take(s, "between")) {
        snprintf(c->op, sizeof c->op, negated ? "not between" : "between");
        return between(s, c);
    }
    return syntax(s);
}

static int condition(struct scan *s, int *index);

static int term(struct scan *s, int *index)
{
    if (!take(s, "(")) {
        return test(s, index);
    }
    return condition(s, index) || expect(s, ")") ? -1 : 0;
}

/* Two conditions at most on one level (zoho-api.md 2.3). */
static int condition(struct scan *s, int *index)
{
    int left = -1, right = -1;
    if (++s->depth > DEPTH || term(s, &left)) {
        return s->depth > DEPTH ? syntax(s) : -1;
    }
    *index = left;
    bool both = is(s, "and");
    if (s->len > 0 && (both || is(s, "or"))) {
        next(s);
        if (term(s, &right)) {
            return -1;
        }
        *index = s->q->n_cond;
        s->q->cond[s->q->n_cond++] =
            (struct coql_cond){.kind = both ? COQL_AND : COQL_OR, .left = left, .right = right};
        if (s->len > 0 && (is(s, "and") || is(s, "or"))) {
            return syntax(s);
        }
    }
    s->depth--;
    return 0;
}

static int group_by(struct scan *s)
{
    if (expect(s, "by")) {
        return -1;
    }
    do {
        if (s->q->n_group == LIM_COQL_GROUP) {
            return too_many(s, "group by", LIM_COQL_GROUP);
        }
        if (name(s, s->q->group[s->q->n_group++].path)) {
            return -1;
        }
    } while (take(s, ","));
    return 0;
}

static int order_by(struct scan *s)
{
    if (expect(s, "by")) {
        return -1;
    }
    do {
        if (s->q->n_order == LIM_COQL_ORDER) {
            return too_many(s, "order by", LIM_COQL_ORDER);
        }
        struct coql_column *c = &s->q->order[s->q->n_order++];
        if (name(s, c->path)) {
            return -1;
        }
        c->descending = take(s, "desc");
        if (!c->descending) {
            take(s, "asc");
        }
    } while (take(s, ","));
    return 0;
}

static int number(struct scan *s, int64_t *out)
{
    AUTO_FREE char *t = mem_dupn(s->p, s->len);
    char *end = NULL;
    *out = strtoll(t, &end, 10);
    if (end == t || *end || *out < 0) {
        return syntax(s);
    }
    next(s);
    return 0;
}

static int tail(struct scan *s)
{
    struct coql *q = s->q;
    if (take(s, "limit")) {
        if (number(s, &q->limit)) {
            return -1;
        }
        if (take(s, ",")) {
            q->offset = q->limit;
            if (number(s, &q->limit)) {
                return -1;
            }
        }
    }
    if (take(s, "offset") && number(s, &q->offset)) {
        return -1;
    }
    if (s->len > 0) {
        return syntax(s);
    }
    if (q->limit > LIM_COQL_ROWS) {
        return too_many(s, "limit", LIM_COQL_ROWS);
    }
    return q->limit + q->offset > LIM_COQL_REACH ? too_many(s, "offset", LIM_COQL_REACH) : 0;
}

int coql_parse(struct coql *q, const char *text)
{
    *q = (struct coql){.limit = LIM_COQL_DEFAULT_ROWS, .where = -1};
    struct scan s = {.q = q, .text = text, .p = text};
    next(&s);
    if (expect(&s, "select") || columns(&s) || expect(&s, "from") || name(&s, q->module) ||
        (take(&s, "where") && condition(&s, &q->where)) || (take(&s, "group") && group_by(&s)) ||
        (take(&s, "order") && order_by(&s))) {
        return -1;
    }
    return tail(&s);
}

void coql_release(struct coql *q)
{
    for (int i = 0; i < q->n_cond; i++) {
        json_decref(q->cond[i].value);
    }
    json_decref(q->error);
    *q = (struct coql){0};
}
