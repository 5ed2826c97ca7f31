/* agent/playbook_measures.c — the measures of a manifest: what each way of counting needs, and their queries in this org's names. */
#include "agent/playbook_check.h"
#include "agent/playbook_keys.h"

/* `span`: made of the time between two columns instead of a column. */
static const struct {
    const char *value, *needs;
    bool column, span, whole;
} values[] = {
    {"count", "nothing but coql", false, false, false},
    {"sum", "of", true, false, false},
    {"average", "of, or from and to", true, true, false},
    {"median", "of, or from and to", true, true, false},
    {"share", "whole", false, false, true},
    {"incomplete", "of (the column that names a row) and requires", true, false, false},
};

static bool fits(const json_t *m, size_t i)
{
    bool of = js_str(m, "of"), from = js_str(m, "from"), to = js_str(m, "to"), whole = js_str(m, "whole");
    if (from != to || (of && from) || whole != values[i].whole)
        return false;
    if ((json_object_get(m, "requires") != NULL) != !strcmp(values[i].value, "incomplete"))
        return false;
    if (from)
        return values[i].span;
    return of == values[i].column;
}

/* Rows are counted here and read page by page in the order of id, so id is selected and nothing else orders or ends the query. */
static void check_query(const struct playbook *pb, const json_t *m, const char *key, const char *at, json_t *findings)
{
    const char *query = js_str(m, key);
    if (!query)
        return;
    AUTO_FREE char *below = mem_printf("%s/%s", at, key);
    if (strncmp(query, "select id", 9) != 0 || (query[9] != ' ' && query[9] != ','))
        playbook_finding(findings, &pb->y, below, "error",
                         "select id first, then the columns the value is made of; rows are counted by zagent",
                         "the query of measure '%s' does not begin with 'select id'", js_str_or(m, "id", ""));
    if (strstr(query, " limit ") || strstr(query, " order by "))
        playbook_finding(findings, &pb->y, below, "error",
                         "leave it out: rows are read page by page in the order of id",
                         "the query of measure '%s' orders or limits its rows", js_str_or(m, "id", ""));
}

json_t *playbook_measures(const struct playbook *pb, struct err *e)
{
    const json_t *list = js_arr(pb->y.root, "measures");
    AUTO_JSON json_t *data = json_copy(pb->data);
    js_set_str(data, "since", "{{since}}");
    js_set_str(data, "until", "{{until}}");
    return list ? playbook_expand(pb, list, data, "/measures", e) : json_array();
}

void playbook_check_measures(const struct playbook *pb, json_t *findings)
{
    AUTO_JSON json_t *seen = json_object();
    json_t *m;
    size_t i;
    json_array_foreach (js_arr(pb->y.root, "measures"), i, m) {
        const char *value = js_str_or(m, "value", "count"), *id = js_str_or(m, "id", "");
        AUTO_FREE char *at = mem_printf("/measures/%zu", i);
        if (json_object_get(seen, id))
            playbook_finding(findings, &pb->y, at, "error", "give it another id", "two measures are called '%s'", id);
        js_set_bool(seen, id, true);
        check_query(pb, m, "coql", at, findings);
        check_query(pb, m, "whole", at, findings);
        for (size_t k = 0; k < sizeof values / sizeof *values; k++)
            if (!strcmp(values[k].value, value) && !fits(m, k)) {
                AUTO_FREE char *fix = mem_printf("%s takes %s", value, values[k].needs);
                playbook_finding(findings, &pb->y, at, "error", fix, "measure '%s' does not say what its %s is made of",
                                 id, value);
            }
    }
}
