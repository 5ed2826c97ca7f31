/* agent/import_rows.c — rows with the same key, and the tables that leave: for context, for people. */
#include "agent/import_parts.h"
#include "base/sb.h"
#include "render/render.h"

enum { TABLE_BYTES = 64 << 20 };

/* The cells of the key columns, folded, so that "PV-410 " and "pv-410" are one item. NULL when one is empty. Caller frees. */
static char *key_of(const struct import *im, const json_t *row)
{
    struct sb b = SB_INIT(1 << 16);
    json_t *c;
    size_t i;
    json_array_foreach (js_arr(im->spec, "key"), i, c) {
        const char *v = js_str(row, json_string_value(c));
        AUTO_FREE char *folded = cell_fold(v ? v : "");
        if (!*folded) {
            sb_release(&b);
            return NULL;
        }
        sb_addf(&b, "%s%s", i ? "\n" : "", folded);
    }
    return b.len ? sb_take(&b, "a key", NULL) : NULL;
}

/* Names of the columns that differ, "a, b"; NULL when the rows are equal. Caller frees. */
static char *difference(const struct import *im, const json_t *a, const json_t *b)
{
    struct sb out = SB_INIT(1 << 16);
    for (size_t k = 0; k < im->columns; k++) {
        const char *name = im->column[k].name;
        if (strcmp(js_str_or(a, name, ""), js_str_or(b, name, "")) != 0)
            sb_addf(&out, "%s%s", out.len ? ", " : "", im->column[k].header ? im->column[k].header : name);
    }
    return out.len ? sb_take(&out, "a difference", NULL) : NULL;
}

/* Rows of one key: all defects when one differs, else all but the first are left out. */
static void judge(struct import *im, const json_t *group)
{
    json_t *first = json_array_get(group, 0), *row;
    const struct import_column *key = import_column(im, json_string_value(json_array_get(js_arr(im->spec, "key"), 0)));
    size_t i;
    bool differ = false;
    json_array_foreach (group, i, row) {
        AUTO_FREE char *why = difference(im, first, row);
        differ |= why != NULL;
    }
    json_array_foreach (group, i, row) {
        const json_t *other = i ? first : json_array_get(group, 1);
        AUTO_FREE char *why = difference(im, first, row);
        if (!differ && i) {
            import_note(im, (int)js_int(row, "@line", 0), js_str(row, key->name),
                        "a row that says the same as an earlier one left out");
            js_set_int(im->result, "same", js_int(im->result, "same", 0) + 1);
            js_set_bool(row, "@bad", true);
        } else if (differ) {
            import_defect(im, row, key, js_str(row, key->name), "keep the right row, take the others out",
                          "stands %zu times, also in line %d%s%s", json_array_size(group),
                          (int)js_int(other, "@line", 0), why ? ", with another " : "", why ? why : "");
        }
    }
}

void import_duplicates(struct import *im)
{
    AUTO_JSON json_t *groups = json_object();
    json_t *row, *group;
    const char *key;
    size_t i;
    json_array_foreach (im->rows, i, row) {
        AUTO_FREE char *k = key_of(im, row);
        if (!k)
            continue;
        group = json_object_get(groups, k);
        if (!group) {
            group = json_array();
            json_object_set_new(groups, k, group);
        }
        json_array_append(group, row);
    }
    json_object_foreach (groups, key, group)
        if (json_array_size(group) > 1)
            judge(im, group);
}

static void add_cell(struct sb *b, enum render_target how, const char *text, bool last)
{
    AUTO_FREE char *cell = render_escape(how, text ? text : "");
    sb_addf(b, "%s%s", cell, last ? "\n" : ",");
}

char *import_csv(const json_t *spec, const json_t *result, const char *name)
{
    struct sb b = SB_INIT(TABLE_BYTES);
    const char *column;
    json_t *c, *row;
    size_t i;
    json_object_foreach (js_obj(spec, "columns"), column, c)
        add_cell(&b, RENDER_CSV, column, false);
    add_cell(&b, RENDER_CSV, "Source", true);
    json_array_foreach (js_arr(result, "table"), i, row) {
        json_object_foreach (js_obj(spec, "columns"), column, c)
            add_cell(&b, RENDER_CSV, js_str(row, column), false);
        AUTO_FREE char *source = mem_printf("%s:%d", name, (int)js_int(row, "@line", 0));
        add_cell(&b, RENDER_CSV, source, true);
    }
    return sb_take(&b, "the table", NULL);
}

char *import_defects_csv(const json_t *result)
{
    static const char *const keys[] = {"header", "cell", "text", "fix"};
    struct sb b = SB_INIT(TABLE_BYTES);
    json_t *d;
    size_t i;
    sb_add(&b, "Line,Column,Cell,What is wrong,What to do\n");
    json_array_foreach (js_arr(result, "defects"), i, d) {
        sb_addf(&b, "%d,", (int)js_int(d, "line", 0));
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            add_cell(&b, RENDER_CSV_SHEET, js_str(d, keys[k]), k + 1 == sizeof keys / sizeof *keys);
    }
    return sb_take(&b, "the defects", NULL);
}
