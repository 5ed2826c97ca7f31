/* Looking things up in the context by "FILE.md#Heading". */
#include "agent/context.h"
#include "base/strset.h"
#include "base/text.h"

static int no_such(struct err *e, struct strset *names, const char *want, const char *where, const char *what)
{
    const char *near = text_nearest(want, (const char *const *)names->item, names->n);
    err_set(e, ERR_CONFIG, "%s", what);
    err_at(e, "%s", where);
    if (near)
        err_fix(e, "did you mean '%s'?", near);
    else
        err_fix(e, "add it, or correct the reference; 'zagent context show' lists what is there");
    strset_release(names);
    return -1;
}

static json_t *find_file(const struct context *c, const char *name, struct err *e)
{
    json_t *files = js_arr(c->doc, "files"), *f;
    struct strset names = {0};
    size_t i;
    json_array_foreach (files, i, f) {
        if (strcmp(js_str_or(f, "name", ""), name) != 0) {
            strset_add(&names, js_str_or(f, "name", ""));
            continue;
        }
        strset_release(&names);
        if (!js_bool(f, "unreadable", false))
            return f;
        err_set(e, ERR_CONFIG, "the file could not be read");
        err_at(e, "context/%s", name);
        err_fix(e, "run 'zagent context check': it names the line");
        return NULL;
    }
    AUTO_FREE char *what = mem_printf("there is no file '%s' in context/", name);
    AUTO_FREE char *where = mem_printf("context/%s", name);
    no_such(e, &names, name, where, what);
    return NULL;
}

static json_t *find_heading(json_t *file, const char *heading, struct err *e)
{
    AUTO_FREE char *slug = text_slug(heading);
    json_t *s, *sections = js_arr(file, "sections");
    struct strset names = {0};
    size_t i;
    json_array_foreach (sections, i, s) {
        if (!strcmp(js_str_or(s, "slug", ""), slug)) {
            strset_release(&names);
            return s;
        }
        if (js_str_or(s, "heading", "")[0])
            strset_add(&names, js_str(s, "heading"));
    }
    AUTO_FREE char *what = mem_printf("there is no heading '%s'", heading);
    AUTO_FREE char *where = mem_printf("context/%s", js_str_or(file, "name", ""));
    no_such(e, &names, heading, where, what);
    return NULL;
}

static json_t *find_section(const struct context *c, const char *ref, struct err *e)
{
    if (!ref || !ref[0]) {
        err_set(e, ERR_CONFIG, "a reference to the context is empty");
        err_fix(e, "write FILE.md#Heading or FILE.csv");
        return NULL;
    }
    const char *hash = strchr(ref, '#');
    AUTO_FREE char *name = hash ? mem_dupn(ref, (size_t)(hash - ref)) : mem_dup(ref);
    json_t *file = find_file(c, name, e);
    return file ? find_heading(file, hash ? hash + 1 : "", e) : NULL;
}

static json_t *find_table(const struct context *c, const char *ref, struct err *e)
{
    json_t *s = find_section(c, ref, e);
    if (!s)
        return NULL;
    json_t *table = js_obj(s, "table");
    if (table)
        return table;
    size_t name = strcspn(ref, "#");
    err_set(e, ERR_CONFIG, "there is no table under '%s'", ref);
    err_at(e, "context/%.*s:%d", (int)name, ref, (int)js_int(s, "line", 1));
    err_fix(e, ref[name] ? "add the table there" : "name the heading above the table: %s#Heading", ref);
    return NULL;
}

json_t *context_table(const struct context *c, const char *ref, struct err *e)
{
    json_t *table = find_table(c, ref, e);
    return table ? json_deep_copy(js_arr(table, "rows")) : NULL;
}

const char *context_section_text(const struct context *c, const char *ref, struct err *e)
{
    json_t *s = find_section(c, ref, e);
    return s ? js_str_or(s, "text", "") : NULL;
}

/* The row whose first column is `want`; the first of several. */
static json_t *find_row(json_t *table, const char *want, const char *where, struct err *e)
{
    const char *key = json_string_value(json_array_get(js_arr(table, "columns"), 0));
    AUTO_FREE char *slug = text_slug(want);
    struct strset names = {0};
    json_t *row;
    size_t i;
    json_array_foreach (js_arr(table, "rows"), i, row) {
        const char *text = key ? js_str_or(row, key, "") : "";
        AUTO_FREE char *have = text_slug(text);
        if (!strcmp(have, slug) && slug[0]) {
            strset_release(&names);
            return row;
        }
        strset_add(&names, text);
    }
    AUTO_FREE char *what = mem_printf("there is no row '%s'", want);
    no_such(e, &names, want, where, what);
    return NULL;
}

/* "context/NAME" of a reference, borrowed from the document's own texts. */
static const char *path_of(const struct context *c, const char *ref)
{
    json_t *f;
    size_t i, n = strcspn(ref, "#");
    json_array_foreach (js_arr(c->doc, "files"), i, f)
        if (strlen(js_str_or(f, "name", "")) == n && !strncmp(js_str(f, "name"), ref, n))
            return js_str_or(f, "path", "context");
    return "context";
}

const char *context_value(const struct context *c, const char *ref, const char *row, const char **file, int *line,
                          int *col, struct err *e)
{
    json_t *table = find_table(c, ref, e);
    if (!table)
        return NULL;
    const char *path = path_of(c, ref);
    AUTO_FREE char *where = mem_printf("%s:%d", path, (int)js_int(table, "line", 1));
    if (!js_array_has(js_arr(table, "columns"), "value")) {
        err_set(e, ERR_CONFIG, "the table under '%s' has no column 'value'", ref);
        err_at(e, "%s", where);
        err_fix(e, "call the column with the values 'Value'");
        return NULL;
    }
    json_t *found = find_row(table, row, where, e);
    if (!found)
        return NULL;
    *file = js_str_or(found, "@file", path);
    *line = (int)js_int(found, "@line", 1);
    *col = (int)js_int(js_obj(found, "@col"), "value", 1);
    const char *text = js_str_or(found, "value", "");
    if (text[0])
        return text;
    err_set(e, ERR_CONFIG, "'%s' has no value yet", row);
    err_at(e, "%s:%d:%d", path, *line, *col);
    err_fix(e, "write it into the column 'value'");
    return NULL;
}

json_t *context_pain_points(const struct context *c)
{
    struct err quiet = {0};
    json_t *file = find_file(c, "pain-points.md", &quiet), *s;
    size_t i;
    json_array_foreach (js_arr(file, "sections"), i, s) {
        json_t *table = js_obj(s, "table"), *columns = table ? js_arr(table, "columns") : NULL;
        if (js_array_has(columns, "id") && js_array_has(columns, "title"))
            return json_deep_copy(js_arr(table, "rows"));
    }
    return json_array();
}
