/* Any bytes as a sheet: read or refused by name; each row good or with a defect; what is taken is exact and leaves as CSV unchanged. */
#include "agent/cell.h"
#include "agent/import.h"
#include "tests/agent/sheet_spec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

/* The table as CSV, read again, has the same cells. */
static void same_again(const json_t *spec, const json_t *result)
{
    struct sheet s;
    struct err e = {0};
    const char *column;
    json_t *row, *c;
    size_t i;
    AUTO_FREE char *csv = import_csv(spec, result, "fuzz");
    check(sheet_read(&s, csv, strlen(csv), "again", &e) == 0);
    check(s.n == json_array_size(js_arr(result, "table")) + 1);
    json_array_foreach (js_arr(result, "table"), i, row) {
        size_t k = 0;
        json_object_foreach (js_obj(spec, "columns"), column, c)
            check(!strcmp(s.row[i + 1].cell[k++], js_str(row, column)));
    }
    sheet_release(&s);
}

static void judge(const json_t *spec, const json_t *result)
{
    json_t *row, *d;
    size_t i;
    struct dec v, zero = dec_int(0);
    check(js_int(result, "good", -1) <= js_int(result, "rows", -2));
    json_array_foreach (js_arr(result, "table"), i, row) {
        const char *cost = js_str(row, "cost");
        check(cost && dec_parse(cost, strlen(cost), &v) && dec_cmp(v, zero) > 0);
        check(dec_cmp(v, dec_round(v, 4, DEC_DOWN)) == 0);
        check(*js_str(row, "code") && *js_str(row, "basis"));
    }
    json_array_foreach (js_arr(result, "defects"), i, d)
        check(js_int(d, "line", 0) > 0 && *js_str(d, "text") && *js_str(d, "fix"));
    same_again(spec, result);
    AUTO_FREE char *bad = import_defects_csv(result);
    check(bad != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sheet s;
    struct err e = {0};
    AUTO_FREE char *text = mem_dupn((const char *)data, size);
    AUTO_JSON json_t *spec = json_loads(sheet_spec, 0, NULL), *result = NULL;
    if (sheet_read(&s, text, size, "fuzz", &e) < 0) {
        check(e.what[0] && e.where[0]);
        return 0;
    }
    for (size_t i = 0; i < s.n; i++)
        for (size_t k = 0; k < s.row[i].n; k++) {
            unsigned did = 0, again = 0;
            AUTO_FREE char *clean = cell_clean(s.row[i].cell[k], &did);
            AUTO_FREE char *twice = cell_clean(clean, &again);
            check(!strcmp(clean, twice) && again == 0);
        }
    if (import_run(spec, size % 3 == 0 ? "comma" : NULL, &s, "fuzz", &result, &e) == 0)
        judge(spec, result);
    else
        check(e.what[0] && e.fix[0]);
    sheet_release(&s);
    return 0;
}
