/* agent/playbook_inputs.c — inputs of a playbook, resolved from the context into what its templates may name. */
#include "agent/playbook.h"

static const char *const input_types[] = {"text", "integer", "decimal", "boolean", "date", "time", "list", "table"};

static int check_input(const struct playbook *pb, const char *name, const json_t *decl, const char *at, struct err *e)
{
    const char *type = js_str_or(decl, "type", "text");
    for (size_t i = 0; i < sizeof input_types / sizeof *input_types; i++)
        if (!strcmp(type, input_types[i]))
            return 0;
    yaml_err(e, &pb->y, at, ERR_CONFIG, "input '%s' has unknown type '%s'", name, type);
    return err_fix(e, "one of text, integer, decimal, boolean, date, time, list, table");
}

static int note_missing(const struct playbook *pb, const char *name, const json_t *decl, const char *text,
                        const char *at, json_t *missing, struct err *e)
{
    const char *ref = js_str(decl, "from");
    if (!missing) {
        yaml_err(e, &pb->y, at, ERR_CONFIG, "input '%s' has no value: %s", name, text);
        return err_fix(e, "write it in context/%s", ref ? ref : "");
    }
    json_t *row = json_object();
    js_set_str(row, "playbook", pb->name);
    js_set_str(row, "input", name);
    js_set_str(row, "ref", ref ? ref : "");
    js_set_str(row, "text", text);
    js_set_str(row, "row", js_str_or(decl, "row", ""));
    js_set_str(row, "help", js_str_or(decl, "help", ""));
    json_array_append_new(missing, row);
    return 0;
}

/* rows keyed by one of their columns. */
static int rows_to_map(json_t **rows, const char *key, const struct playbook *pb, const char *at, struct err *e)
{
    json_t *map = json_object(), *row;
    size_t i;
    json_array_foreach (*rows, i, row) {
        const char *k = js_str(row, key);
        if (!k || json_object_get(map, k)) {
            yaml_err(e, &pb->y, at, ERR_CONFIG, k ? "two rows have the key '%s'" : "a row has no column '%s'",
                     k ? k : key);
            json_decref(map);
            return -1;
        }
        json_object_set(map, k, row);
    }
    json_decref(*rows);
    *rows = map;
    return 0;
}

/* columns: {max_days: integer}: cells are text; a column that goes into a body as something else says what it is. */
static int convert_columns(const json_t *decl, json_t *rows, struct err *e)
{
    const char *column, *ref = js_str_or(decl, "from", ""), *heading = strchr(ref, '#');
    AUTO_FREE char *file = mem_printf("context/%.*s", (int)(heading ? heading - ref : 0), ref);
    json_t *type, *row;
    size_t i;
    json_object_foreach (js_obj(decl, "columns"), column, type)
        json_array_foreach (rows, i, row) {
            const char *text = js_str(row, column);
            json_t *v = NULL;
            if (!json_object_get(row, column))
                return err_set(e, ERR_CONFIG, "%s has no column '%s'", ref, column);
            if (!text || !*text)
                v = json_null();
            else if (context_convert(text, json_string_value(type), file, (int)js_int(row, "@line", 0), 1, &v, e) < 0)
                return -1;
            js_set(row, column, v);
        }
    return 0;
}

/* The row of the other table; where it has none its columns are there without a value, so that a template can ask for them. */
static int join_table(const struct context *c, const json_t *join, json_t *rows, struct err *e)
{
    const char *key = js_str_or(join, "key", ""), *on = js_str_or(join, "on", ""), *column;
    AUTO_JSON json_t *other = context_table(c, js_str_or(join, "from", ""), e), *by = json_object();
    json_t *row, *v, *found;
    size_t i;
    if (!other)
        return -1;
    json_array_foreach (other, i, row) {
        if (!js_str(row, on))
            return err_set(e, ERR_CONFIG, "%s has no column '%s'", js_str_or(join, "from", ""), on);
        if (json_object_get(by, js_str(row, on)))
            return err_set(e, ERR_CONFIG, "%s has '%s' twice", js_str_or(join, "from", ""), js_str(row, on));
        json_object_set(by, js_str(row, on), row);
    }
    json_array_foreach (rows, i, row) {
        found = json_object_get(by, js_str_or(row, key, ""));
        json_object_foreach (json_array_get(other, 0), column, v)
            if (*column != '@' && !json_object_get(row, column))
                js_set(row, column, found ? json_incref(json_object_get(found, column)) : json_null());
    }
    return 0;
}

static int table_input(const struct playbook *pb, const struct context *c, const json_t *decl, const char *at,
                       json_t **out, struct err *e)
{
    *out = context_table(c, js_str(decl, "from"), e);
    if (!*out || (js_obj(decl, "join") && join_table(c, js_obj(decl, "join"), *out, e) < 0) ||
        convert_columns(decl, *out, e) < 0)
        return -1;
    if (!strcmp(js_str_or(decl, "as", ""), "map"))
        return rows_to_map(out, js_str_or(decl, "key", ""), pb, at, e);
    return 0;
}

static int scalar_input(const struct context *c, const json_t *decl, json_t **out, struct err *e)
{
    const char *file = NULL, *text;
    int line = 0, col = 0;
    text = context_value(c, js_str(decl, "from"), js_str_or(decl, "row", ""), &file, &line, &col, e);
    if (!text)
        return -1;
    return context_convert(text, js_str_or(decl, "type", "text"), file, line, col, out, e);
}

static int resolve_input(const struct playbook *pb, const struct context *c, const char *name, const json_t *decl,
                         json_t *data, json_t *missing, struct err *e)
{
    AUTO_FREE char *at = mem_printf("/inputs/%s", name);
    json_t *v = NULL, *def = json_object_get(decl, "default");
    const char *ref = js_str(decl, "from");
    if (check_input(pb, name, decl, at, e) < 0)
        return -1;
    if (ref) {
        struct err local = {0};
        bool table = !strcmp(js_str_or(decl, "type", "text"), "table");
        int rc = table ? table_input(pb, c, decl, at, &v, &local) : scalar_input(c, decl, &v, &local);
        if (rc < 0) { /* a table half converted is none */
            json_decref(v);
            v = NULL;
        }
        if (rc < 0 && local.kind != ERR_CONFIG && local.kind != ERR_NOT_FOUND) {
            *e = local;
            return -1;
        }
        AUTO_FREE char *why =
            mem_printf("%s%s%s%s", local.what, *local.where ? " (" : "", local.where, *local.where ? ")" : "");
        if (rc < 0 && !def && note_missing(pb, name, decl, why, at, missing, e) < 0)
            return -1;
    } else if (!def && note_missing(pb, name, decl, "no 'from' and no 'default'", at, missing, e) < 0) {
        return -1;
    }
    js_set(data, name, v ? v : def ? json_incref(def) : json_null());
    return 0;
}

/* field/Quotes.BOM_Status → names.Quotes.BOM_Status; module/BOMs → modules.BOMs. */
static int add_names(struct playbook *pb, const json_t *names, json_t *data, struct err *e)
{
    json_t *fields = json_object(), *modules = json_object(), *resource;
    size_t i;
    js_set(data, "names", fields);
    js_set(data, "modules", modules);
    json_array_foreach (js_arr(pb->y.root, "resources"), i, resource) {
        const char *address = js_str(resource, "address");
        if (!address || (strncmp(address, "field/", 6) != 0 && strncmp(address, "module/", 7) != 0))
            continue;
        const struct kind *kind;
        char *module, *name;
        if (address_parse(address, &kind, &module, &name, e) < 0) {
            AUTO_FREE char *at = mem_printf("/resources/%zu/address", i);
            int line, col;
            yaml_where(&pb->y, at, &line, &col);
            return err_at(e, "%s:%d:%d", pb->file, line, col);
        }
        const char *real = js_str_or(names, address, name);
        if (!module) {
            js_set_str(modules, name, real);
        } else {
            if (!json_object_get(fields, module))
                js_set(fields, module, json_object());
            js_set_str(json_object_get(fields, module), name, real);
        }
        free(module);
        free(name);
    }
    return 0;
}

int playbook_because(const struct playbook *pb, const struct context *c, const json_t *ids, const char *at,
                     json_t **out, struct err *e)
{
    AUTO_JSON json_t *points = context_pain_points(c);
    json_t *id;
    size_t i, k;
    *out = json_array();
    json_array_foreach (ids, i, id) {
        json_t *row = NULL, *p;
        json_array_foreach (points, k, p)
            if (!strcmp(js_str_or(p, "id", ""), json_string_value(id) ? json_string_value(id) : ""))
                row = p;
        if (!row) {
            AUTO_FREE char *here = mem_printf("%s/%zu", at, i);
            json_decref(*out);
            *out = NULL;
            yaml_err(e, &pb->y, here, ERR_CONFIG, "no pain point '%s'",
                     json_string_value(id) ? json_string_value(id) : "?");
            return err_fix(e, "add a row with that id to the table in context/pain-points.md");
        }
        json_t *b = json_object();
        js_set_str(b, "id", js_str(row, "id"));
        js_set_str(b, "text", js_str_or(row, "title", ""));
        js_set_strf(b, "where", "context/pain-points.md:%d", (int)js_int(row, "@line", 0));
        json_array_append_new(*out, b);
    }
    return 0;
}

int playbook_data(struct playbook *pb, const struct context *c, const json_t *names, const json_t *org, json_t *missing,
                  struct err *e)
{
    json_t *data = json_object(), *inputs = js_obj(pb->y.root, "inputs"), *decl;
    json_decref(pb->data);
    pb->data = data;
    const char *name;
    json_object_foreach (inputs, name, decl) {
        if (resolve_input(pb, c, name, decl, data, missing, e) < 0)
            return -1;
    }
    json_t *self = json_object(), *o = json_object();
    js_set_str(self, "name", pb->name);
    js_set_str(self, "title", js_str_or(pb->y.root, "title", pb->name));
    js_set(data, "playbook", self);
    js_set_str(o, "name", js_str_or(org, "name", ""));
    js_set_str(o, "time_zone", js_str_or(org, "time_zone", ""));
    js_set(data, "org", o);
    json_decref(pb->because);
    pb->because = NULL;
    if (playbook_because(pb, c, js_arr(pb->y.root, "solves"), "/solves", &pb->because, e) < 0)
        return -1;
    return add_names(pb, names, data, e);
}
