/* agent/fed.c — whether the context has what a playbook needs. */
#include "agent/fed.h"

static void lack_points(const struct playbook *pb, const struct context *c, json_t *lacks)
{
    AUTO_JSON json_t *points = context_pain_points(c);
    const json_t *id, *point;
    size_t i, k;
    json_array_foreach (js_arr(pb->y.root, "solves"), i, id) {
        bool known = false;
        json_array_foreach (points, k, point)
            known = known || !strcmp(js_str_or(point, "id", ""), json_string_value(id) ? json_string_value(id) : "");
        if (!known && json_is_string(id))
            json_array_append_new(lacks, json_sprintf("pain point %s", json_string_value(id)));
    }
}

static bool absent(const struct context *c, const json_t *decl)
{
    struct err quiet = {0};
    const char *ref = js_str(decl, "from"), *file;
    int line, col;
    if (json_object_get(decl, "default") || !ref)
        return false;
    if (strcmp(js_str_or(decl, "type", "text"), "table") != 0)
        return !context_value(c, ref, js_str_or(decl, "row", ""), &file, &line, &col, &quiet);
    AUTO_JSON json_t *rows = context_table(c, ref, &quiet);
    return !rows;
}

/* The table when it is absent, else the row of it. */
static void add_lack(const struct context *c, const json_t *decl, json_t *lacks)
{
    struct err quiet = {0};
    const char *ref = js_str_or(decl, "from", "");
    AUTO_JSON json_t *rows = context_table(c, ref, &quiet);
    AUTO_FREE char *row = mem_printf("%s %s", ref, js_str_or(decl, "row", ""));
    js_array_add_unique(lacks, rows ? row : ref);
}

int fed_lacks(const struct project *p, const struct context *c, const char *name, json_t *lacks, struct err *e)
{
    struct playbook pb;
    const char *input;
    json_t *decl;
    int rc = playbook_load(&pb, p, name, e);
    if (rc == 0) {
        lack_points(&pb, c, lacks);
        json_object_foreach (js_obj(pb.y.root, "inputs"), input, decl)
            if (absent(c, decl))
                add_lack(c, decl, lacks);
    }
    playbook_release(&pb);
    return rc;
}
