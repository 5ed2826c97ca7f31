/* plan/records_value.c — see records_value.h. */
#include "plan/records_value.h"

#include <ctype.h>

#include "base/clock.h"
#include "base/mem.h"
#include "plan/spec.h"

enum value_class { VALUE_TEXT, VALUE_NUMBER, VALUE_BOOL, VALUE_LIST, VALUE_DATE, VALUE_MOMENT, VALUE_NONE };

static const struct {
    const char *type;
    enum value_class cls;
} classes[] = {
    {"integer", VALUE_NUMBER},
    {"bigint", VALUE_NUMBER},
    {"double", VALUE_NUMBER},
    {"currency", VALUE_NUMBER},
    {"percent", VALUE_NUMBER},
    {"boolean", VALUE_BOOL},
    {"multiselectpicklist", VALUE_LIST},
    {"date", VALUE_DATE},
    {"datetime", VALUE_MOMENT},
    {"lookup", VALUE_NONE},
    {"userlookup", VALUE_NONE},
    {"ownerlookup", VALUE_NONE},
    {"multiselectlookup", VALUE_NONE},
    {"multiuserlookup", VALUE_NONE},
    {"formula", VALUE_NONE},
    {"rollup_summary", VALUE_NONE},
    {"autonumber", VALUE_NONE},
    {"fileupload", VALUE_NONE},
    {"imageupload", VALUE_NONE},
    {"profileimage", VALUE_NONE},
};

static enum value_class class_of(const char *type)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (!strcmp(type, classes[i].type))
            return classes[i].cls;
    return VALUE_TEXT;
}

const char *value_hint(const char *data_type)
{
    static const char *const hint[] = {[VALUE_TEXT] = "a text",
                                       [VALUE_NUMBER] = "a number like 12.50, without unit and thousands mark",
                                       [VALUE_BOOL] = "true or false",
                                       [VALUE_LIST] = "values with ; between them",
                                       [VALUE_DATE] = "a day like 2026-10-05",
                                       [VALUE_MOMENT] = "a moment like 2026-10-05T09:00:00+02:00",
                                       [VALUE_NONE] = NULL};
    return hint[class_of(data_type)];
}

/* Without blanks at its ends. Caller frees. */
static char *trimmed(const char *s)
{
    s += strspn(s, " \t\r\n");
    size_t n = strlen(s);
    while (n && isspace((unsigned char)s[n - 1]))
        n--;
    return mem_dupn(s, n);
}

/* "007.50" → "7.5", "-0" → "0"; NULL when it is no plain decimal number. */
static json_t *number(const char *s)
{
    bool minus = *s == '-';
    s += minus;
    size_t whole = strspn(s, "0123456789"), part = s[whole] == '.' ? strspn(s + whole + 1, "0123456789") : 0;
    if (!whole || s[whole + (part ? part + 1 : 0)] != '\0')
        return NULL;
    while (whole > 1 && *s == '0') {
        s++;
        whole--;
    }
    while (part && s[whole + part] == '0')
        part--;
    AUTO_FREE char *digits = mem_dupn(s, part ? whole + 1 + part : whole);
    bool zero = !strcmp(digits, "0");
    AUTO_FREE char *text = mem_printf("%s%s", minus && !zero ? "-" : "", digits);
    return json_string(text);
}

static json_t *list(const char *s)
{
    json_t *out = json_array();
    while (*s) {
        size_t n = strcspn(s, ";");
        AUTO_FREE char *raw = mem_dupn(s, n), *one = trimmed(raw);
        if (*one)
            js_array_add_unique(out, one);
        s += n + (s[n] == ';');
    }
    js_array_sort(out, NULL);
    return out;
}

static bool is_day(const char *s)
{
    for (const char *p = "9999-99-99"; *p; p++, s++)
        if (*p == '9' ? !isdigit((unsigned char)*s) : *s != *p)
            return false;
    return *s == '\0';
}

static json_t *moment(const char *s)
{
    int64_t at;
    char text[CLOCK_TEXT];
    if (!strchr(s, 'T') || clock_parse(s, &at, NULL) < 0)
        return NULL;
    clock_rfc3339(at, text);
    return json_string(text);
}

json_t *value_comparable(const char *data_type, const json_t *value)
{
    if (json_is_array(value))
        return canon(value);
    AUTO_JSON json_t *scalar = json_is_object(value) ? json_null() : scalar_text(value);
    AUTO_FREE char *s = trimmed(json_is_string(scalar) ? json_string_value(scalar) : "");
    if (!*s)
        return json_null();
    switch (class_of(data_type)) {
    case VALUE_TEXT:
        return json_string(s);
    case VALUE_NUMBER:
        return number(s);
    case VALUE_BOOL:
        return !strcmp(s, "true") || !strcmp(s, "false") ? json_string(s) : NULL;
    case VALUE_LIST:
        return list(s);
    case VALUE_DATE:
        return is_day(s) ? json_string(s) : NULL;
    case VALUE_MOMENT:
        return moment(s);
    case VALUE_NONE:
        break;
    }
    return NULL;
}

json_t *value_to_send(const char *data_type, const json_t *comparable)
{
    const char *s = json_string_value(comparable);
    enum value_class cls = class_of(data_type);
    if (s && cls == VALUE_BOOL)
        return json_boolean(!strcmp(s, "true"));
    if (s && cls == VALUE_MOMENT) { /* the documented form has an offset, not Z */
        AUTO_FREE char *text = mem_printf("%.*s+00:00", (int)strcspn(s, "Z"), s);
        return json_string(text);
    }
    if (!s || cls != VALUE_NUMBER)
        return json_deep_copy(comparable);
    if (!strchr(s, '.') && strlen(s) < 16) /* ids and the like pass what a double holds; no amount does */
        return json_integer(strtoll(s, NULL, 10));
    return json_pack("{s:s}", "@decimal", s);
}
