/* Text of a cell → the type a playbook asks for. */
#include <ctype.h>
#include <errno.h>

#include "agent/context.h"
#include "base/civil.h"
#include "base/text.h"

static bool is_integer(const char *s)
{
    s += *s == '-' || *s == '+';
    return *s && s[strspn(s, "0123456789")] == '\0';
}

static bool is_decimal(const char *s)
{
    s += *s == '-' || *s == '+';
    size_t whole = strspn(s, "0123456789");
    if (whole == 0 || s[whole] != '.')
        return whole > 0 && s[whole] == '\0';
    size_t part = strspn(s + whole + 1, "0123456789");
    return part > 0 && s[whole + 1 + part] == '\0';
}

static const char *number_fix(const char *s)
{
    if (strchr(s, ','))
        return "write the decimal mark as a point and no thousands mark: 12500.50";
    for (; *s; s++)
        if (isalpha((unsigned char)*s) || *s == '%' || (*s & 0x80))
            return "write the number alone; the unit belongs in a column of its own";
    return "write digits, and a point where there is a fraction: 12500.50";
}

static json_t *to_integer(const char *s, const char **fix)
{
    errno = 0;
    long long v = is_integer(s) ? strtoll(s, NULL, 10) : 0;
    if (is_integer(s) && errno == 0)
        return json_integer(v);
    *fix = errno ? "the number is too large for 64 bits" : is_decimal(s) ? "write a whole number" : number_fix(s);
    return NULL;
}

static json_t *to_decimal(const char *s, const char **fix)
{
    *fix = number_fix(s);
    return is_decimal(s) ? json_string(s) : NULL;
}

static json_t *to_boolean(const char *s, const char **fix)
{
    *fix = "write yes or no";
    if (!text_casecmp(s, "yes") || !text_casecmp(s, "true"))
        return json_true();
    return !text_casecmp(s, "no") || !text_casecmp(s, "false") ? json_false() : NULL;
}

static json_t *to_date(const char *s, const char **fix)
{
    *fix = "write it as YYYY-MM-DD: 2026-12-07";
    if (strlen(s) != 10 || s[4] != '-' || s[7] != '-' || strspn(s, "0123456789-") != 10)
        return NULL;
    int y = civil_digits(s, 4), m = civil_digits(s + 5, 2), d = civil_digits(s + 8, 2);
    if (m >= 1 && m <= 12 && d >= 1 && d <= civil_month_days(y, m))
        return json_string(s);
    *fix = "there is no such day";
    return NULL;
}

static json_t *to_time(const char *s, const char **fix)
{
    *fix = "write it as HH:MM, from 00:00 to 23:59";
    bool shaped = strlen(s) == 5 && s[2] == ':' && strspn(s, "0123456789:") == 5 && s[0] != ':' && s[1] != ':' &&
                  s[3] != ':' && s[4] != ':';
    return shaped && civil_digits(s, 2) < 24 && civil_digits(s + 3, 2) < 60 ? json_string(s) : NULL;
}

static json_t *to_list(const char *s, const char **fix)
{
    json_t *list = json_array();
    *fix = "write the items with commas between them";
    while (*s) {
        size_t n = strcspn(s, ",");
        const char *from = s, *to = s + n;
        while (from < to && isspace((unsigned char)*from))
            from++;
        while (to > from && isspace((unsigned char)to[-1]))
            to--;
        if (from < to)
            json_array_append_new(list, json_stringn(from, (size_t)(to - from)));
        s += n + (s[n] == ',');
    }
    return list;
}

static json_t *to_text(const char *s, const char **fix)
{
    *fix = "";
    return json_string(s);
}

static const struct {
    const char *name, *noun;
    json_t *(*convert)(const char *s, const char **fix);
} types[] = {
    {"text", "text", to_text},           {"integer", "a whole number", to_integer},
    {"decimal", "a number", to_decimal}, {"boolean", "yes or no", to_boolean},
    {"date", "a date", to_date},         {"time", "a time of day", to_time},
    {"list", "a list", to_list},
};

int context_convert(const char *text, const char *type, const char *file, int line, int col, json_t **out,
                    struct err *e)
{
    const char *fix = "";
    *out = NULL;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].name, type) != 0)
            continue;
        *out = types[i].convert(text, &fix);
        if (*out)
            return 0;
        err_set(e, ERR_CONFIG, "'%.100s' is not %s", text, types[i].noun);
        err_at(e, "%s:%d:%d", file, line, col);
        return err_fix(e, "%s", fix);
    }
    err_set(e, ERR_CONFIG, "there is no type '%s'", type);
    return err_fix(e, "one of text, integer, decimal, boolean, date, time, list");
}
