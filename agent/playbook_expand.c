/* agent/playbook_expand.c — a parsed YAML value with each scalar rendered, and $each turned into arrays. */
#include "agent/playbook.h"
#include "render/render.h"

enum { EXPAND_MAX_DEPTH = 40, EXPAND_MAX_ITEMS = 400000 };

struct expansion {
    const struct playbook *pb;
    size_t items;
    int depth;
};

static json_t *expand(struct expansion *x, const json_t *value, const json_t *data, const char *at, struct err *e);

/* "{{ a.b }}" and nothing else: the path, so that the value keeps its type. Caller frees; NULL otherwise. */
static char *only_tag(const char *s)
{
    size_t n = strlen(s);
    if (n < 5 || strncmp(s, "{{", 2) != 0 || strcmp(s + n - 2, "}}") != 0)
        return NULL;
    const char *a = s + 2, *b = s + n - 2;
    while (a < b && *a == ' ')
        a++;
    while (b > a && b[-1] == ' ')
        b--;
    for (const char *p = a; p < b; p++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.@", *p))
            return NULL;
    return a < b ? mem_dupn(a, (size_t)(b - a)) : NULL;
}

static const json_t *look_up(const json_t *data, char *path)
{
    for (char *part = path; part && data;) {
        char *dot = strchr(part, '.');
        if (dot)
            *dot++ = '\0';
        data = json_object_get(data, part);
        part = dot;
    }
    return data;
}

static int at_pointer(struct err *e, const struct playbook *pb, const char *at)
{
    int line, col;
    yaml_where(&pb->y, at, &line, &col);
    /* The renderer's own place is inside the scalar; the reader wants the line of the playbook. */
    snprintf(e->where, sizeof e->where, "%s:%d:%d", pb->file, line, col);
    return -1;
}

static json_t *scalar(struct expansion *x, const char *text, const json_t *data, const char *at, struct err *e)
{
    if (!strstr(text, "{{"))
        return json_string(text);
    char *path = only_tag(text);
    if (path) {
        const json_t *v = look_up(data, path);
        free(path);
        if (v)
            return json_deep_copy(v);
    }
    struct render_options o = {.target = RENDER_PLAIN, .strict = true, .raw_ok = true};
    AUTO_FREE char *out = render(x->pb->file, text, strlen(text), data, &o, e);
    if (!out) {
        at_pointer(e, x->pb, at);
        return NULL;
    }
    return json_string(out);
}

/* A cell as text, for $where: yes/no and numbers may have lost their spelling. */
static char *cell_text(const json_t *v)
{
    return json_is_string(v) ? mem_dup(json_string_value(v)) : v ? json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
}

/* wanted: a text, or a list of which one must be the cell, or {not: either}. */
static bool cell_is(const json_t *cell, const json_t *wanted)
{
    if (json_is_object(wanted))
        return !cell_is(cell, json_object_get(wanted, "not"));
    AUTO_FREE char *have = cell_text(cell);
    const size_t n = json_is_array(wanted) ? json_array_size(wanted) : 1;
    for (size_t i = 0; have && i < n; i++) {
        AUTO_FREE char *want = cell_text(json_is_array(wanted) ? json_array_get(wanted, i) : wanted);
        if (want && !strcmp(have, want))
            return true;
    }
    return false;
}

static bool row_is(const json_t *row, const json_t *where)
{
    const char *column;
    json_t *wanted;
    json_object_foreach ((json_t *)(uintptr_t)where, column, wanted)
        if (!cell_is(json_object_get(row, column), wanted))
            return false;
    return true;
}

/* The data of each row taken: the row's columns on top of the other names, @row = its number among them. */
static json_t *rows_taken(const json_t *rows, const json_t *where, const json_t *data)
{
    json_t *out = json_array();
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        if (!row_is(row, where))
            continue;
        json_t *top = json_copy((json_t *)(uintptr_t)data);
        if (json_is_object(row))
            json_object_update(top, (json_t *)(uintptr_t)row);
        else
            json_object_set(top, "item", (json_t *)(uintptr_t)row);
        js_set_int(top, "@row", (int64_t)json_array_size(out) + 1);
        json_array_append_new(out, top);
    }
    return out;
}

/* A column in $where that no row has is a slip of the pen, not an empty result. */
static const char *unknown_column(const json_t *rows, const json_t *where)
{
    const char *column;
    json_t *wanted;
    json_object_foreach ((json_t *)(uintptr_t)where, column, wanted)
        if (json_array_size(rows) && !json_object_get(json_array_get(rows, 0), column))
            return column;
    return NULL;
}

static json_t *each_rows(struct expansion *x, const json_t *node, const json_t *data, const char *at, struct err *e)
{
    const char *name = js_str_or(node, "$each", "");
    const json_t *decl = json_object_get(node, "$where");
    AUTO_FREE char *path = mem_dup(name), *at_where = mem_printf("%s/$where", at);
    const json_t *rows = look_up(data, path);
    AUTO_JSON json_t *where = decl ? expand(x, decl, data, at_where, e) : json_object();
    if (!where)
        return NULL;
    const char *unknown = json_is_array(rows) ? unknown_column(rows, where) : NULL;
    if (!json_is_array(rows) || !json_object_get(node, "$item"))
        err_set(e, ERR_CONFIG, json_is_array(rows) ? "$each '%s' has no $item" : "$each: '%s' is not a table or list",
                name);
    else if (unknown)
        err_set(e, ERR_CONFIG, "$where: '%s' has no column '%s'", name, unknown);
    else
        return rows_taken(rows, where, data);
    at_pointer(e, x->pb, at);
    return NULL;
}

/* What a {$each} became is added row by row, anything else as it is. Takes `made`. */
static void add_item(json_t *out, const json_t *item, json_t *made)
{
    if (json_is_object(item) && json_object_get(item, "$each")) {
        json_array_extend(out, made);
        json_decref(made);
    } else {
        json_array_append_new(out, made);
    }
}

static json_t *each(struct expansion *x, const json_t *node, const json_t *data, const char *at, struct err *e)
{
    AUTO_JSON json_t *rows = each_rows(x, node, data, at, e);
    if (!rows)
        return NULL;
    json_t *out = json_array(), *row;
    AUTO_FREE char *below = mem_printf("%s/$item", at);
    size_t i;
    const json_t *item = json_object_get(node, "$item");
    json_array_foreach (rows, i, row) {
        json_t *v = expand(x, item, row, below, e);
        if (!v) {
            json_decref(out);
            return NULL;
        }
        add_item(out, item, v);
    }
    return out;
}

static json_t *object(struct expansion *x, const json_t *value, const json_t *data, const char *at, struct err *e)
{
    if (json_object_get(value, "$each"))
        return each(x, value, data, at, e);
    json_t *out = json_object(), *v;
    const char *key;
    json_object_foreach ((json_t *)(uintptr_t)value, key, v) {
        AUTO_FREE char *below = mem_printf("%s/%s", at, key);
        json_t *r = expand(x, v, data, below, e);
        if (!r) {
            json_decref(out);
            return NULL;
        }
        json_object_set_new(out, key, r);
    }
    return out;
}

static json_t *array(struct expansion *x, const json_t *value, const json_t *data, const char *at, struct err *e)
{
    json_t *out = json_array();
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *v = json_array_get(value, i);
        AUTO_FREE char *below = mem_printf("%s/%zu", at, i);
        json_t *r = expand(x, v, data, below, e);
        if (!r) {
            json_decref(out);
            return NULL;
        }
        add_item(out, v, r);
    }
    return out;
}

static json_t *expand(struct expansion *x, const json_t *value, const json_t *data, const char *at, struct err *e)
{
    json_t *out;
    if (++x->items > EXPAND_MAX_ITEMS || x->depth >= EXPAND_MAX_DEPTH) {
        err_set(e, ERR_LIMIT, "the playbook grows past %d values or %d levels", EXPAND_MAX_ITEMS, EXPAND_MAX_DEPTH);
        at_pointer(e, x->pb, at);
        return NULL;
    }
    x->depth++;
    if (json_is_string(value))
        out = scalar(x, json_string_value(value), data, at, e);
    else if (json_is_object(value))
        out = object(x, value, data, at, e);
    else if (json_is_array(value))
        out = array(x, value, data, at, e);
    else
        out = json_deep_copy(value);
    x->depth--;
    return out;
}

json_t *playbook_expand(const struct playbook *pb, const json_t *value, const json_t *data, const char *at,
                        struct err *e)
{
    struct expansion x = {.pb = pb};
    return expand(&x, value, data, at, e);
}

json_t *playbook_each(const struct playbook *pb, const json_t *node, const json_t *data, const char *at, struct err *e)
{
    struct expansion x = {.pb = pb};
    return each_rows(&x, node, data, at, e);
}
