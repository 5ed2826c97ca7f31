/* agent/context_look.c — finding facts by reference, and turning their text into typed values. */
#include "agent/context.h"
#include "base/clock.h"
#include "base/text.h"

static const json_t *find_file(const struct context *c, const char *name)
{
    json_t *file;
    size_t i;
    json_array_foreach (js_arr(c->doc, "files"), i, file) {
        if (!strcmp(name, js_str_or(file, "name", "")))
            return file;
    }
    return NULL;
}

/* The nearest of the strings at `key` in an array of objects. */
static const char *nearest_of(const json_t *rows, const char *key, const char *want)
{
    const char *names[200];
    size_t n = 0, i;
    json_t *row;
    json_array_foreach (rows, i, row) {
        if (n < 200 && js_str(row, key))
            names[n++] = js_str(row, key);
    }
    return text_nearest(want, names, n);
}

/* "FILE.md#Heading" → the section; *where = "context/FILE.md". Caller frees *name. */
static const json_t *find_section(const struct context *c, const char *ref, char **name, struct err *e)
{
    const char *hash = strchr(ref, '#');
    *name = hash ? mem_dupn(ref, (size_t)(hash - ref)) : mem_dup(ref);
    const json_t *file = find_file(c, *name);
    if (!file) {
        const char *near = nearest_of(js_arr(c->doc, "files"), "name", *name);
        err_set(e, ERR_CONFIG, "no file '%s' in context/", *name);
        err_at(e, "context/%s", ref);
        if (near)
            err_fix(e, "did you mean '%s'?", near);
        else
            err_fix(e, "write context/%s", *name);
        return NULL;
    }
    AUTO_FREE char *slug = text_slug(hash ? hash + 1 : "");
    json_t *section;
    size_t i;
    json_array_foreach (js_arr(file, "sections"), i, section) {
        if (!strcmp(slug, js_str_or(section, "slug", "")))
            return section;
    }
    const char *near = nearest_of(js_arr(file, "sections"), "heading", hash ? hash + 1 : "");
    err_set(e, ERR_CONFIG, "no heading '%s' in context/%s", hash ? hash + 1 : "", *name);
    err_at(e, "context/%s", *name);
    if (near)
        err_fix(e, "did you mean '%s'?", near);
    else
        err_fix(e, "add the heading with its table");
    return NULL;
}

static const json_t *find_table(const struct context *c, const char *ref, char **name, struct err *e)
{
    const json_t *section = find_section(c, ref, name, e);
    if (!section)
        return NULL;
    const json_t *table = js_obj(section, "table");
    if (!table) {
        err_set(e, ERR_CONFIG, "there is no table under '%s'", js_str_or(section, "heading", ref));
        err_at(e, "context/%s:%d", *name, (int)js_int(section, "line", 1));
        err_fix(e, "write a Markdown table there: a header line, a line of dashes, one line a row");
    }
    return table;
}

json_t *context_table(const struct context *c, const char *ref, struct err *e)
{
    AUTO_FREE char *name = NULL;
    const json_t *table = find_table(c, ref ? ref : "", &name, e);
    return table ? json_deep_copy(js_arr(table, "rows")) : NULL;
}

const char *context_value(const struct context *c, const char *ref, const char *row, const char **file, int *line,
                          int *col, struct err *e)
{
    AUTO_FREE char *name = NULL;
    AUTO_FREE char *want = text_slug(row);
    const json_t *table = find_table(c, ref ? ref : "", &name, e);
    if (!table)
        return NULL;
    const char *key = js_str_or(json_array_get(js_arr(table, "columns"), 0), "slug", "");
    json_t *r;
    size_t i;
    json_array_foreach (js_arr(table, "rows"), i, r) {
        AUTO_FREE char *slug = text_slug(js_str_or(r, key, ""));
        if (strcmp(slug, want) != 0)
            continue;
        if (!js_str(r, "value") || !*js_str(r, "value"))
            break;
        *line = (int)js_int(r, "@line", 0);
        *col = (int)js_int(js_obj(r, "@col"), "value", 1);
        *file = js_str(find_file(c, name), "name");
        return js_str(r, "value");
    }
    err_set(e, ERR_CONFIG, "the table under '%s' has no value for '%s'", ref, row);
    err_at(e, "context/%s:%d", name, (int)js_int(table, "line", 1));
    err_fix(e, "add a row '%s' with a cell in the column 'value'", row);
    return NULL;
}

const char *context_section_text(const struct context *c, const char *ref, struct err *e)
{
    AUTO_FREE char *name = NULL;
    const json_t *section = find_section(c, ref, &name, e);
    return section ? js_str_or(section, "text", "") : NULL;
}

json_t *context_pain_points(const struct context *c)
{
    const json_t *file = find_file(c, "pain-points.md");
    json_t *section;
    size_t i;
    json_array_foreach (js_arr(file, "sections"), i, section) {
        const json_t *table = js_obj(section, "table");
        bool id = false, title = false;
        json_t *col;
        size_t k;
        json_array_foreach (js_arr(table, "columns"), k, col) {
            id |= !strcmp(js_str_or(col, "slug", ""), "id");
            title |= !strcmp(js_str_or(col, "slug", ""), "title");
        }
        if (id && title)
            return json_deep_copy(js_arr(table, "rows"));
    }
    return json_array();
}

/* ---- typed values ---- */

static json_t *to_integer(const char *t)
{
    char *end;
    long long n = strtoll(t, &end, 10);
    return *t && !*end && strlen(t) < 19 ? json_integer(n) : NULL;
}

static json_t *to_decimal(const char *t)
{
    size_t i = *t == '-' ? 1 : 0, digits = strspn(t + i, "0123456789");
    size_t point = t[i + digits] == '.' ? 1 : 0, more = point ? strspn(t + i + digits + 1, "0123456789") : 0;
    return digits && (!point || more) && !t[i + digits + point + more] ? json_string(t) : NULL;
}

static json_t *to_boolean(const char *t)
{
    if (!text_casecmp(t, "yes") || !text_casecmp(t, "true"))
        return json_true();
    return !text_casecmp(t, "no") || !text_casecmp(t, "false") ? json_false() : NULL;
}

static json_t *to_date(const char *t)
{
    int64_t when;
    struct err quiet = {0};
    return strlen(t) == 10 && clock_parse(t, &when, &quiet) == 0 ? json_string(t) : NULL;
}

static json_t *to_list(const char *t)
{
    json_t *list = json_array();
    while (*t) {
        size_t n = strcspn(t, ","), a = strspn(t, " "), b = n;
        while (b > a && t[b - 1] == ' ')
            b--;
        AUTO_FREE char *item = mem_dupn(t + (a < n ? a : n), b > a ? b - a : 0);
        if (*item)
            js_push_str(list, item);
        t += n + (t[n] == ',');
    }
    return list;
}

static const struct {
    const char *type;
    json_t *(*convert)(const char *text);
    const char *form;
} types[] = {
    {"integer", to_integer, "a whole number without thousands mark or unit, like 1200"},
    {"decimal", to_decimal, "a number with '.' and without thousands mark or unit, like 1200.5"},
    {"boolean", to_boolean, "yes or no"},
    {"date", to_date, "a day like 2026-03-31"},
    {"list", to_list, "words separated by commas"},
    {"text", json_string, "text"},
};

int context_convert(const char *text, const char *type, const char *file, int line, int col, json_t **out,
                    struct err *e)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(type, types[i].type) != 0)
            continue;
        *out = types[i].convert(text);
        if (*out)
            return 0;
        err_set(e, ERR_PARSE, "'%s' is not %s", text, types[i].form);
        err_at(e, "context/%s:%d:%d", file, line, col);
        return err_fix(e, "write %s; put a unit into a column of its own", types[i].form);
    }
    return err_set(e, ERR_BUG, "unknown type '%s'", type);
}
