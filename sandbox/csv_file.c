/* sandbox/csv_file.c — rows from libcsv's callbacks, and lines. */
#include "sandbox/csv_file.h"

#include <csv.h>

struct reading {
    json_t *rows, *row;
};

static void on_cell(void *text, size_t len, void *ctx)
{
    struct reading *r = ctx;
    json_array_append_new(r->row, json_stringn(text ? text : "", text ? len : 0));
}

static void on_row(int end, void *ctx)
{
    struct reading *r = ctx;
    (void)end;
    json_array_append_new(r->rows, r->row);
    r->row = json_array();
}

static char delimiter(const char *data, size_t len)
{
    static const char known[] = ",;:|";
    size_t line = 0, most = 0;
    char best = ',';
    while (line < len && data[line] != '\n') {
        line++;
    }
    for (const char *d = known; *d; d++) {
        size_t n = 0;
        for (size_t i = 0; i < line; i++) {
            n += data[i] == *d;
        }
        if (n > most) {
            most = n;
            best = *d;
        }
    }
    return best;
}

json_t *csv_rows(const char *data, size_t len)
{
    struct csv_parser p;
    struct reading r = {json_array(), json_array()};
    size_t bom = len >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    csv_init(&p, CSV_APPEND_NULL);
    csv_set_delim(&p, (unsigned char)delimiter(data + bom, len - bom));
    bool ok = csv_parse(&p, data + bom, len - bom, on_cell, on_row, &r) == len - bom;
    csv_fini(&p, on_cell, on_row, &r);
    csv_free(&p);
    json_decref(r.row);
    if (!ok || json_array_size(r.rows) == 0) {
        json_decref(r.rows);
        return NULL;
    }
    return r.rows;
}

static char *cell_text(const json_t *v)
{
    return json_is_string(v)    ? mem_dup(json_string_value(v))
           : json_is_integer(v) ? mem_printf("%" JSON_INTEGER_FORMAT, json_integer_value(v))
           : json_is_real(v)    ? mem_printf("%.15g", json_real_value(v))
           : json_is_boolean(v) ? mem_dup(json_is_true(v) ? "true" : "false")
           : json_is_object(v)  ? mem_dup(js_str_or(v, "id", ""))
           : json_is_array(v)   ? json_dumps(v, JSON_COMPACT)
                                : mem_dup("");
}

void csv_line(struct sb *b, const json_t *values)
{
    size_t i;
    json_t *v;
    json_array_foreach (values, i, v) {
        AUTO_FREE char *text = cell_text(v);
        if (i > 0) {
            sb_add(b, ",");
        }
        if (strpbrk(text, ",\"\r\n")) {
            size_t n = csv_write(NULL, 0, text, strlen(text));
            AUTO_FREE char *quoted = mem_zalloc(n + 1);
            csv_write(quoted, n, text, strlen(text));
            sb_addn(b, quoted, n);
        } else {
            sb_add(b, text);
        }
    }
    sb_add(b, "\n");
}
