/* Tables of the context, the same for Markdown and CSV. */
#include "agent/context_read.h"
#include "base/text.h"

json_t *context_section(struct context_file *f, const char *heading, size_t line)
{
    AUTO_FREE char *slug = text_slug(heading);
    json_t *s = json_object();
    int first = (int)js_int(f->seen, slug, 0);
    if (slug[0] && first)
        context_find(f, CONTEXT_WARNING, line, 1, "give it a heading of its own: only the first one is read",
                     "the heading '%s' stands on line %d already", heading, first);
    else
        js_set_int(f->seen, slug, (int64_t)line);
    js_set_str(s, "heading", heading);
    js_set_str(s, "slug", slug);
    js_set_int(s, "line", (int64_t)line);
    js_set_str(s, "text", "");
    js_set(s, "items", json_array());
    js_set(s, "table", json_null());
    json_array_append_new(js_arr(f->json, "sections"), s);
    return s;
}

json_t *context_add_table(struct context_file *f, json_t *section, size_t line)
{
    if (js_obj(section, "table")) {
        context_find(f, CONTEXT_WARNING, line, 1, "put a heading above it", "a second table under '%s' is not read",
                     js_str_or(section, "heading", ""));
        return NULL;
    }
    json_t *t = json_object();
    js_set_int(t, "line", (int64_t)line);
    js_set(t, "columns", json_array());
    js_set(t, "rows", json_array());
    js_set(section, "table", t);
    return t;
}

void context_add_column(struct context_file *f, json_t *table, const char *name, size_t line, size_t col)
{
    json_t *columns = js_arr(table, "columns");
    AUTO_FREE char *slug = text_slug(name);
    if (!slug[0])
        context_find(f, CONTEXT_ERROR, line, col, "write a name into the first row", "a column without a name");
    else if (js_array_has(columns, slug))
        context_find(f, CONTEXT_ERROR, line, col, "rename one of the two",
                     "a second column is called '%s' (read as %s)", name, slug);
    else {
        js_push_str(columns, slug);
        return;
    }
    json_array_append_new(columns, json_null());
}

json_t *context_add_row(json_t *table, size_t line)
{
    json_t *row = json_object();
    js_set_int(row, "@line", (int64_t)line);
    js_set(row, "@col", json_object());
    json_array_append_new(js_arr(table, "rows"), row);
    return row;
}

bool context_take_assumed(char *text)
{
    static const char mark[] = "(assumed)";
    size_t n = strlen(text), k = sizeof mark - 1;
    if (n < k || strcmp(text + n - k, mark) != 0)
        return false;
    n -= k;
    while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'))
        n--;
    text[n] = '\0';
    return true;
}

void context_cell(json_t *table, json_t *row, size_t i, const char *text, size_t col)
{
    const char *column = json_string_value(json_array_get(js_arr(table, "columns"), i));
    if (!column)
        return;
    AUTO_FREE char *clean = text_clean(text, true);
    bool assumed = context_take_assumed(clean);
    if (!strcmp(column, "assumed"))
        assumed = assumed || !text_casecmp(clean, "yes") || !text_casecmp(clean, "true");
    js_set_str(row, column, clean);
    js_set_int(js_obj(row, "@col"), column, (int64_t)col);
    if (assumed)
        js_set_bool(row, "@assumed", true);
}

void context_end_row(struct context_file *f, json_t *table, json_t *row, size_t n, size_t line, size_t col)
{
    json_t *columns = js_arr(table, "columns"), *column;
    size_t i, want = json_array_size(columns);
    if (n > want)
        context_find(f, CONTEXT_ERROR, line, col, "delete the surplus cell, or add a column to the first row",
                     "the row has %zu cells, the table has %zu columns", n, want);
    else if (n < want)
        context_find(f, CONTEXT_ERROR, line, col, "add the missing cells; an empty cell is fine",
                     "the row has %zu cells, the table has %zu columns", n, want);
    json_array_foreach (columns, i, column)
        if (json_is_string(column) && !json_object_get(row, json_string_value(column))) {
            js_set_str(row, json_string_value(column), "");
            js_set_int(js_obj(row, "@col"), json_string_value(column), (int64_t)col);
        }
}
