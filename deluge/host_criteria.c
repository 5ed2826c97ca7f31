/* deluge/host_criteria.c — criteria of searchRecords: (Field:op:value) joined by and, or, brackets.
 * Source: zoho.com/crm/developer/docs/api/v8/search-records. `and` and `or` of one level bind alike, from the left (unproven). */
#include <string.h>
#include <strings.h>

#include "base/sb.h"
#include "deluge/host_select.h"

struct reader {
    const char *p;
    struct dv record;
    bool bad;
    int depth, pairs;
};
enum { MAX_DEPTH = 30, MAX_PAIRS = 10 }; /* ten criteria: deluge-integ-tasks */

static int order(struct dv v, const char *text, size_t n)
{
    struct dec d;
    if (dv_is_number(v) && dec_parse(text, n, &d))
        return dec_cmp(dv_decimal(v), d);
    AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
    if (dv_is_map(v))
        v = dv_get(v, "id").kind == DV_NULL ? dv_get(v, "name") : dv_get(v, "id");
    dv_print(&b, v, NULL);
    int r = strncasecmp(b.buf, text, b.len < n ? b.len : n);
    return r ? r : (b.len > n) - (b.len < n);
}

/* "low,high", both ends included. */
static bool between(struct dv v, const char *value, size_t n)
{
    const char *comma = memchr(value, ',', n);
    if (!comma)
        return false;
    size_t low = (size_t)(comma - value);
    return order(v, value, low) >= 0 && order(v, comma + 1, n - low - 1) <= 0;
}

static bool one(struct reader *r, const char *field, const char *op, const char *value, size_t n)
{
    static const char *const ops[] = {"equals",        "not_equal", "in",         "starts_with", "greater_than",
                                      "greater_equal", "less_than", "less_equal", "between"};
    struct dv v = dv_get(r->record, field);
    bool known = false;
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        known |= !strcmp(op, ops[i]);
    if (!known || ++r->pairs > MAX_PAIRS) {
        r->bad = true;
        return false;
    }
    if (!strcmp(op, "in")) {
        for (const char *p = value; p <= value + n;) {
            const char *comma = memchr(p, ',', (size_t)(value + n - p)), *end = comma ? comma : value + n;
            if (v.kind != DV_NULL && order(v, p, (size_t)(end - p)) == 0)
                return true;
            p = end + 1;
        }
        return false;
    }
    if (v.kind == DV_NULL)
        return !strcmp(op, "not_equal") || (!strcmp(op, "equals") && n == 4 && !strncmp(value, "null", 4));
    if (!strcmp(op, "starts_with")) {
        AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
        dv_print(&b, v, NULL);
        return b.len >= n && !strncasecmp(b.buf, value, n);
    }
    if (!strcmp(op, "between"))
        return between(v, value, n);
    int c = order(v, value, n);
    if (!strcmp(op, "equals"))
        return c == 0;
    if (!strcmp(op, "not_equal"))
        return c != 0;
    if (!strcmp(op, "greater_than"))
        return c > 0;
    if (!strcmp(op, "greater_equal"))
        return c >= 0;
    if (!strcmp(op, "less_than"))
        return c < 0;
    return c <= 0; /* less_equal */
}

static bool group(struct reader *r);

static bool pair(struct reader *r)
{
    char field[80], op[20];
    const char *colon = strchr(r->p, ':'), *second = colon ? strchr(colon + 1, ':') : NULL;
    const char *close = second;
    while (close && *close && *close != ')')
        close += *close == '\\' && close[1] ? 2 : 1;
    if (!close || !*close || (size_t)(colon - r->p) >= sizeof field || (size_t)(second - colon - 1) >= sizeof op) {
        r->bad = true;
        return false;
    }
    memcpy(field, r->p, (size_t)(colon - r->p));
    field[colon - r->p] = '\0';
    memcpy(op, colon + 1, (size_t)(second - colon - 1));
    op[second - colon - 1] = '\0';
    AUTO_SB struct sb value = SB_INIT(DV_MAX_TEXT);
    for (const char *p = second + 1; p < close; p++)
        if (*p != '\\')
            sb_addc(&value, *p);
    r->p = close;
    return one(r, field, op, value.buf, value.len);
}

static bool item(struct reader *r)
{
    bool yes;
    if (r->bad || *r->p != '(' || ++r->depth > MAX_DEPTH) {
        r->bad = true;
        return false;
    }
    r->p++;
    yes = *r->p == '(' ? group(r) : pair(r);
    if (!r->bad && *r->p++ != ')')
        r->bad = true;
    r->depth--;
    return yes;
}

static bool group(struct reader *r)
{
    bool yes = item(r);
    while (!r->bad) {
        while (*r->p == ' ')
            r->p++;
        bool both = !strncasecmp(r->p, "and", 3), either = !strncasecmp(r->p, "or", 2);
        if (!both && !either)
            break;
        r->p += both ? 3 : 2;
        while (*r->p == ' ')
            r->p++;
        bool next = item(r);
        yes = both ? yes && next : yes || next;
    }
    return yes;
}

static bool run(struct reader *r)
{
    bool yes = group(r);
    while (*r->p == ' ')
        r->p++;
    r->bad |= *r->p != '\0';
    return yes && !r->bad;
}

bool dg_criteria_valid(const char *criteria)
{
    struct reader r = {.p = criteria};
    run(&r);
    return !r.bad;
}

bool dg_criteria_match(const char *criteria, struct dv record)
{
    struct reader r = {.p = criteria, .record = record};
    return run(&r);
}
