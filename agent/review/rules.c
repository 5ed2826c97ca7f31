/* agent/review/rules.c — what patterns say of a record. A pattern has a limit of steps, so that none holds the program up. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "agent/review/review.h"
#include "base/text.h"

enum { MATCH_LIMIT = 100000, RULES_MAX = 2000 };

struct rule {
    const json_t *row;
    pcre2_code *re;
    int strength; /* 3 high … 1 low */
};
struct rules {
    json_t *rows;
    struct rule *rule;
    size_t n;
};

static int strength_of(const char *word)
{
    static const char *const words[] = {"", "low", "medium", "high"};
    for (int i = 1; i < 4; i++)
        if (!strcmp(word, words[i]))
            return i;
    return 0;
}

static int rule_err(struct err *e, const json_t *row, const char *what)
{
    err_set(e, ERR_CONFIG, "%s: '%.80s'", what, js_str_or(row, "pattern", ""));
    err_at(e, "table of rules, line %d", (int)js_int(row, "@line", 0));
    return err_fix(e,
                   "a rule has field, pattern (a regular expression), value, confidence (high, medium, low), reason");
}

static int compile(struct rule *r, const json_t *row, struct err *e)
{
    const char *pattern = js_str_or(row, "pattern", "");
    int code;
    size_t at;
    *r = (struct rule){.row = row, .strength = strength_of(js_str_or(row, "confidence", ""))};
    if (!*pattern || !*js_str_or(row, "field", ""))
        return rule_err(e, row, "a rule without field or pattern");
    if (!r->strength && *js_str_or(row, "value", ""))
        return rule_err(e, row, "a rule whose confidence is none of high, medium, low");
    r->re = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS, &code,
                          &at, NULL);
    return r->re ? 0 : rule_err(e, row, "a pattern that cannot be read");
}

struct rules *rules_new(const json_t *rows, struct err *e)
{
    struct rules *r = mem_zalloc(sizeof *r);
    size_t n = json_array_size(rows);
    r->rows = json_incref((json_t *)(uintptr_t)rows);
    r->rule = mem_zalloc((n + 1) * sizeof *r->rule);
    if (n > RULES_MAX)
        err_set(e, ERR_LIMIT, "%zu rules are more than %d", n, RULES_MAX);
    for (size_t i = 0; i < n && n <= RULES_MAX; i++) {
        if (compile(&r->rule[r->n++], json_array_get(rows, i), e) < 0)
            break;
        if (i + 1 == n)
            return r;
    }
    if (n == 0)
        return r;
    rules_free(r);
    return NULL;
}

void rules_free(struct rules *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->n; i++)
        pcre2_code_free(r->rule[i].re);
    json_decref(r->rows);
    free(r->rule);
    free(r);
}

static bool matches(const struct rule *r, const char *text)
{
    pcre2_match_data *m = pcre2_match_data_create_from_pattern(r->re, NULL);
    pcre2_match_context *limit = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(limit, MATCH_LIMIT);
    int rc = pcre2_match(r->re, (PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, 0, 0, m, limit);
    pcre2_match_context_free(limit);
    pcre2_match_data_free(m);
    return rc > 0; /* a pattern past its limit says nothing of this record */
}

/* Wide letters and digits read as plain ones, as a person reads them; blanks stay. */
static bool fits(const struct rule *r, const json_t *shown)
{
    const char *field = js_str_or(r->row, "field", ""), *column;
    json_t *value;
    json_object_foreach ((json_t *)(uintptr_t)shown, column, value) {
        const char *text = json_string_value(value);
        if (!text || (strcmp(field, "*") != 0 && strcmp(field, column) != 0))
            continue;
        AUTO_FREE char *plain = text_compat(text);
        if (matches(r, plain))
            return true;
    }
    return false;
}

static void take(const struct rule *r, json_t *out, int *best)
{
    const char *value = js_str_or(r->row, "value", ""), *reason = js_str_or(r->row, "reason", "");
    if (!*value) {
        js_array_add_unique(js_arr(out, "remarks"), reason);
        return;
    }
    if (r->strength > *best) {
        *best = r->strength;
        js_set_str(out, "value", value);
        js_set_str(out, "confidence", js_str_or(r->row, "confidence", ""));
        js_set_str(out, "reason", reason);
        json_object_del(out, "against");
    } else if (r->strength == *best && strcmp(js_str_or(out, "value", ""), value) != 0) {
        js_set_str(out, "against", value);
    }
    const char *reviewer = js_str_or(r->row, "reviewer", "");
    if (r->strength == *best && *reviewer)
        js_set_str(out, "reviewer", reviewer);
}

json_t *rules_propose(const struct rules *r, const json_t *shown)
{
    json_t *out = json_object();
    int best = 0;
    js_set(out, "value", json_null());
    js_set(out, "remarks", json_array());
    for (size_t i = 0; i < r->n; i++)
        if (fits(&r->rule[i], shown))
            take(&r->rule[i], out, &best);
    if (js_str(out, "against")) {
        js_set_strf(out, "reason", "the rules disagree: %s, or %s", js_str(out, "value"), js_str(out, "against"));
        js_set(out, "value", json_null());
        json_object_del(out, "confidence");
        json_object_del(out, "against");
    } else if (!best) {
        js_set_str(out, "reason", "no rule knows it");
    }
    return out;
}
