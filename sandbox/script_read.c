/* sandbox/script_read.c — one record or many, as a script reads them. */
#include "sandbox/script.h"

#include "sandbox/record.h"

struct dv script_select(struct call *c, struct dg_arena *a, const struct dg_request *q, const char *module,
                        const char *field)
{
    struct record_module m;
    if (!record_module_open(c->st, module, &m)) {
        return dv_box_new(a, DV_LIST);
    }
    struct dg_arena scratch = {0};
    struct dv found = dv_box_new(&scratch, DV_LIST);
    sqlite3_stmt *st =
        store_q(c->st, "SELECT id,body FROM record WHERE module=?1 AND deleted IS NULL ORDER BY id", "s", m.api);
    while (store_row(c->st, st)) {
        AUTO_JSON json_t *body = store_json(st, 1);
        if (field && strcmp(js_str_or(js_obj(body, field), "id", ""), q->id) != 0) {
            continue;
        }
        js_set_str(body, "id", store_text(st, 0));
        AUTO_JSON json_t *shown = record_show(&m, body, NULL);
        struct dv row = script_dv(&scratch, shown);
        if (!q->criteria || dg_criteria_match(q->criteria, row)) {
            dv_add(&scratch, found, row);
        }
    }
    struct dv out = script_moved(a, dg_select_page(&scratch, found, q));
    dg_arena_release(&scratch);
    record_module_close(&m);
    return out;
}

struct dv script_get(struct call *c, struct dg_arena *a, const struct dg_request *q)
{
    struct record_module m;
    AUTO_JSON json_t *stored = record_get(c->st, q->module, q->id);
    if (!stored || !record_module_open(c->st, q->module, &m)) {
        return dv_null();
    }
    AUTO_JSON json_t *shown = record_show(&m, stored, NULL);
    record_module_close(&m);
    struct dg_arena scratch = {0};
    struct dv out = script_moved(a, dg_select_fields(&scratch, script_dv(&scratch, shown), q->options));
    dg_arena_release(&scratch);
    return out;
}
