/* agent/sheet.h, cell.h, import.h: dirt of real spreadsheets is read without doubt or named, never guessed. */
#include "agent/cell.h"
#include "agent/import.h"
#include "base/sb.h"
#include "tests/agent/sheet_spec.h"
#include "tests/test.h"

#define HEAD "Item,Description,Group,Sold by,Load,Buying price,Price,VAT\n"

static json_t *spec(void)
{
    json_t *j = json_loads(sheet_spec, 0, NULL);
    assert_non_null(j);
    return j;
}

/* The result of a text, or the error's "what" in *why. */
static json_t *imported(const char *numbers, const char *text, char why[280])
{
    struct sheet s;
    struct err e = {0};
    json_t *result = NULL;
    AUTO_JSON json_t *d = spec();
    if (sheet_read(&s, text, strlen(text), "s.csv", &e) == 0) {
        if (import_run(d, numbers, &s, "s.csv", &result, &e) < 0)
            result = NULL;
        sheet_release(&s);
    }
    if (why)
        memcpy(why, e.what, sizeof e.what);
    else if (!result)
        fail_msg("%s: %s", e.where, e.what);
    return result;
}

static const char *cell_of(const json_t *result, size_t row, const char *column)
{
    return js_str_or(json_array_get(js_arr(result, "table"), row), column, "(none)");
}

/* Imports HEAD and one row; the text of its only defect, "" when it is good. */
static void says(const char *numbers, const char *row, const char *wanted)
{
    AUTO_FREE char *text = mem_printf("%s%s\n", HEAD, row);
    AUTO_JSON json_t *r = imported(numbers, text, NULL);
    const json_t *defects = js_arr(r, "defects");
    const char *have = js_str_or(json_array_get(defects, 0), "text", "");
    if (json_array_size(defects) != (*wanted ? 1u : 0u) || !strstr(have, wanted)) {
        AUTO_FREE char *all = json_dumps(defects, JSON_COMPACT);
        fail_msg("%s\n wanted: %s\n have: %s", row, wanted, all);
    }
    if (*wanted)
        assert_int_equal(js_int(json_array_get(defects, 0), "line", 0), 2);
    assert_int_equal(js_int(r, "good", -1), *wanted ? 0 : 1);
}

static void reads_numbers_exactly_or_says_why_not(void **state)
{
    static const struct {
        const char *cell, *value, *other, *wrong;
    } rows[] = {
        {"0.2412", "0.2412", NULL, NULL},
        {"0,2412", "0.2412", NULL, NULL},
        {"1.234,56", "1234.56", NULL, NULL},
        {"1,234.56", "1234.56", NULL, NULL},
        {"1 234,56", "1234.56", NULL, NULL},
        {"1'234.50", "1234.5", NULL, NULL},
        {"1,234,567", "1234567", NULL, NULL},
        {"1.234", "1.234", "1234", NULL},
        {"12,345", "12.345", "12345", NULL},
        {"0,123", "0.123", NULL, NULL},
        {"1234,567", "1234.567", NULL, NULL},
        {"£ 12.50 / m", "12.5", NULL, NULL},
        {"-3.5", "-3.5", NULL, NULL},
        {"-£3.5", "-3.5", NULL, NULL},
        {".5", "0.5", NULL, NULL},
        {"0.1", "0.1", NULL, NULL},
        {"123456789012345678901234567.8901", "123456789012345678901234567.8901", NULL, "more digits"},
        {"12345678901234567890.0001", "12345678901234567890.0001", NULL, NULL},
        {"tbd", NULL, NULL, "no number"},
        {"1.2E-4", NULL, NULL, "scientific"},
        {"12.05.2026", NULL, NULL, "a date"},
        {"2026-05-12", NULL, NULL, "a date"},
        {"1/2", NULL, NULL, "a date or a fraction"},
        {"12.50-", NULL, NULL, "bookkeeping"},
        {"(12.50)", NULL, NULL, "bookkeeping"},
        {"3 x 16", NULL, NULL, "more than one number"},
        {"12,34,56", NULL, NULL, "groups of three"},
        {"1,2345,678", NULL, NULL, "groups of three"},
        {"0,160.5", NULL, NULL, "groups of three"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct cell_number n;
        char text[DEC_TEXT];
        const char *wrong = cell_number(rows[i].cell, &n);
        if ((wrong != NULL) != (rows[i].wrong != NULL) || (wrong && !strstr(wrong, rows[i].wrong)))
            fail_msg("%s: %s", rows[i].cell, wrong ? wrong : "read");
        if (wrong)
            continue;
        assert_string_equal(cell_plain(n.value, text), rows[i].value);
        assert_int_equal(n.ambiguous, rows[i].other != NULL);
        if (rows[i].other)
            assert_string_equal(cell_plain(n.other, text), rows[i].other);
    }
}

static void names_each_kind_of_dirt(void **state)
{
    static const struct {
        const char *row, *wanted;
    } rows[] = {
        {"R1,Rope 8,Rope,m,500,0.2412,0.48,20", ""},
        {",Rope 8,Rope,m,500,0.24,0.48,20", "empty"},
        {"R1,Rope 8,Rope,m,500,,0.48,20", "empty"},
        {"R1,Rope 8,Roep,m,500,0.24,0.48,20", "not a word for kind"},
        {"R1,Rope 8,Rope,furlong,500,0.24,0.48,20", "not a word for basis"},
        {"R1,Rope 8,Rope,m,500,=F1*2,0.48,20", "a formula"},
        {"R1,Rope 8,Rope,m,500,#REF!,0.48,20", "spreadsheet error"},
        {"R1,Rope 8,Rope,m,500,#BEZUG!,0.48,20", "spreadsheet error"},
        {"R1,Rope 8,Rope,m,500,#####,0.48,20", "too narrow"},
        {"R1,Rope 8,Rope,m,500,\"1,234\",1300,20", "can be 1.234 or 1234"},
        {"R1,Rope 8,Rope,m,500,$0.24,0.48,20", "neither the currency nor a unit"},
        {"R1,Rope 8,Rope,m,500,0.24 EUR,0.48,20", "neither the currency nor a unit"},
        {"R1,Rope 8,Rope,m,500,-0.24,0.48,20", "negative"},
        {"R1,Rope 8,Rope,m,500,24 %,0.48,20", "neither the currency nor a unit"},
        {"R1,Rope 8,Rope,m,500,0.24125,0.48,20", "more than 4 decimal places"},
        {"R1,Rope 8,Rope,m,500,0,0.48,20", "outside 0.0001"},
        {"R1,Rope 8,Rope,m,500 lb,0.24,0.48,20", "no unit of this column"},
        {"R1,Rope 8,Rope,m,0.5,0.24,0.48,20", "below 1"},
        {"R1,Rope 8,Rope,m,500,0.24,0.48,45", "above 30"},
        {"R1,Rope 8,Rope,m,500,0.24,0.20,20", "too few times cost"},
        {"R1,Rope 8,Rope,m,500,0.24,240,20", "too many times cost"},
        {"R1,Rope 8,Rope,each,500,0.24,0.48,20", "priced per piece, but such an item is priced per metre"},
        {"H1,Hook,Hook,pc,500,0.01,0.02,20", "less than such an item can"},
        {"H1,Hook,Hook,pc,500,5 per m,9,20", "a price per metre where per piece is meant"},
        {"R1,Rope 8,Rope,m,500,0.24,0.48,20,surplus", "9 cells where the header has 8"},
        {"R1234567890123456789012,Rope,Rope,m,500,0.24,0.48,20", "longer than 20"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        says(NULL, rows[i].row, rows[i].wanted);
}

static void turns_units_it_was_told_of_and_says_so(void **state)
{
    (void)state;
    AUTO_JSON json_t *r = imported(NULL,
                                   HEAD "R1,Rope 8,Rope,m,0.5 t,£ 241.2 / reel,\"0,48 £/m\",\"20,5 %\"\n"
                                        "R2,Rope 9,cordage,reel,500,300,600,20\n"
                                        "H1,Hook,Hook,dozen,1.5t,120,180,20\n",
                                   NULL);
    assert_int_equal(json_array_size(js_arr(r, "defects")), 0);
    assert_string_equal(cell_of(r, 0, "cost"), "0.2412");
    assert_string_equal(cell_of(r, 0, "price"), "0.48");
    assert_string_equal(cell_of(r, 0, "load_kg"), "500");
    assert_string_equal(cell_of(r, 0, "vat"), "20.5");
    assert_string_equal(cell_of(r, 1, "kind"), "Rope");
    assert_string_equal(cell_of(r, 1, "basis"), "per metre");
    assert_string_equal(cell_of(r, 1, "cost"), "0.3");
    assert_string_equal(cell_of(r, 1, "price"), "0.6");
    assert_string_equal(cell_of(r, 2, "basis"), "per dozen");
    assert_string_equal(cell_of(r, 2, "load_kg"), "1500");
    assert_true(json_array_size(js_arr(r, "notes")) >= 2);
}

static void a_conversion_that_does_not_come_out_is_named(void **state)
{
    (void)state;
    says(NULL, "R1,Rope 8,Rope,m,500,241.23 / reel,0.48,20", "0.24123 per metre has more than 4 decimal places");
}

static void the_header_may_name_the_unit(void **state)
{
    (void)state;
    AUTO_JSON json_t *r =
        imported(NULL,
                 "Price list 2026;;;;;\r\n\r\nItem no.;Description;Group;Sold by;Load (t);Buying price "
                 "[£/reel];Remarks\r\nR1;Rope 8;Rope;m;0,5;241,2;x\r\n",
                 NULL);
    assert_int_equal(js_int(r, "header", 0), 3);
    assert_string_equal(cell_of(r, 0, "cost"), "0.2412");
    assert_string_equal(cell_of(r, 0, "load_kg"), "500");
    assert_string_equal(json_string_value(json_array_get(js_arr(r, "unread"), 0)), "Remarks");
}

static void commas_in_numbers_are_no_delimiters(void **state)
{
    (void)state;
    AUTO_JSON json_t *r = imported(NULL,
                                   "Item;Description;Group;Sold by;Load;Buying price;Price;VAT\n"
                                   "R1;Rope 8;Rope;m;500,5;0,24;0,48;20,5\nR2;Rope 9;Rope;m;500,5;0,25;0,48;20,5\n"
                                   "R3;Rope 9;Rope;m;1500,5;0,25;0,48;20,5\n",
                                   NULL);
    assert_string_equal(js_str(r, "delimiter"), ";");
    assert_int_equal(js_int(r, "good", -1), 3);
}

static void a_header_in_another_currency_is_no_price(void **state)
{
    char why[280];
    (void)state;
    assert_null(imported(NULL, "Item,Description,Group,Sold by,Buying price ($)\nR1,Rope,Rope,m,1\n", why));
    assert_string_equal(why, "the sheet has no column for 'cost'");
    assert_null(imported(NULL, "Item,Description,Group,Sold by,Buying price,cost\nR1,Rope,Rope,m,1,2\n", why));
    assert_string_equal(why, "two columns of the sheet can be 'cost'");
}

static void what_is_said_of_the_marks_settles_unless_the_column_says_otherwise(void **state)
{
    (void)state;
    says("comma", "R1,Rope 8,Rope,m,500,\"1.234\",\"1.300\",20", "");
    AUTO_JSON json_t *said = imported("comma", HEAD "R1,Rope 8,Rope,m,500,\"1.234\",\"1.300,00\",20\n", NULL);
    assert_string_equal(cell_of(said, 0, "cost"), "1234");
    AUTO_JSON json_t *mixed =
        imported("comma", HEAD "R1,Rope 8,Rope,m,500,1.234,,20\nR2,Rope 9,Rope,m,500,0.24,,20\n", NULL);
    assert_int_equal(js_int(mixed, "good", -1), 1);
    assert_string_equal(js_str(json_array_get(js_arr(mixed, "defects"), 0), "text"), "can be 1.234 or 1234");
}

static void blanks_and_marks_nobody_sees_change_nothing(void **state)
{
    (void)state;
    AUTO_JSON json_t *r =
        imported(NULL,
                 "\xEF\xBB\xBF" HEAD "R\xE2\x80\x8B"
                 "1\xC2\xA0,Rope\xC2\xA0\xC2\xA0"
                 "8,\xE3\x80\x80Rope,m,500,\xEF\xBC\x90\xEF\xBC\x8E\xEF\xBC\x92\xEF\xBC\x94,0.48,20\n",
                 NULL);
    assert_int_equal(json_array_size(js_arr(r, "defects")), 0);
    assert_string_equal(cell_of(r, 0, "code"), "R1");
    assert_string_equal(cell_of(r, 0, "name"), "Rope 8");
    assert_string_equal(cell_of(r, 0, "cost"), "0.24");
    assert_int_equal(json_array_size(js_arr(r, "notes")), 3);
}

static void equal_rows_count_once_and_differing_ones_not_at_all(void **state)
{
    (void)state;
    AUTO_JSON json_t *r = imported(NULL,
                                   HEAD "R1,Rope 8,Rope,m,500,0.24,0.48,20\n"
                                        "r1 ,Rope 8,Rope,m,500,0.24,0.48,20\n"
                                        "R1,Rope 8,Rope,m,500,0.24,0.48,20\n"
                                        "R2,Rope 9,Rope,m,500,0.24,0.48,20\n"
                                        "R2,Rope 9,Rope,m,500,0.25,0.48,20\n",
                                   NULL);
    /* "r1" is written otherwise, so the rows are not equal: a person says which spelling counts. */
    assert_int_equal(js_int(r, "good", -1), 0);
    assert_int_equal(json_array_size(js_arr(r, "defects")), 5);
    AUTO_JSON json_t *same =
        imported(NULL, HEAD "R1,Rope 8,Rope,m,500,0.24,0.48,20\nR1,Rope  8,ropes,m,500,\"0,24\",0.480,20\n", NULL);
    assert_int_equal(js_int(same, "good", -1), 1);
    assert_int_equal(js_int(same, "same", -1), 1);
}

static void a_price_of_another_unit_stands_out_among_its_neighbours(void **state)
{
    struct sb b = SB_INIT(1 << 16);
    (void)state;
    sb_add(&b, HEAD);
    for (int i = 0; i < 9; i++)
        sb_addf(&b, "R%d,Rope %d,Rope,m,500,0.2%d,,20\n", i, i, i);
    sb_add(&b, "R9,Rope 9,Rope,m,500,240,,20\n");
    AUTO_JSON json_t *r = imported(NULL, b.buf, NULL);
    sb_release(&b);
    const json_t *d = json_array_get(js_arr(r, "defects"), 0);
    assert_int_equal(js_int(r, "good", -1), 9);
    assert_int_equal(js_int(d, "line", 0), 11);
    assert_non_null(strstr(js_str(d, "text"), "times more than the middle of 10 like it (0.25; Rope, per metre)"));
    assert_non_null(strstr(js_str(d, "fix"), "reads like a price per reel"));
}

static void names_files_that_are_no_utf8_table(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        const char *what;
    } rows[] = {
        {"\xFF\xFEI\0t\0", 6, "UTF-16"},     {"I\0t\0e\0", 6, "UTF-16"},
        {"PK\003\004....", 8, "workbook"},   {"\xD0\xCF\x11\xE0....", 8, "old workbook"},
        {"<html><table>", 13, "web page"},   {"Item,K\xF6nig\n", 11, "not UTF-8"},
        {"a,\"b\nc,d\n", 9, "never closed"}, {"a,b\"c\"d\n", 8, "a quote where none may stand"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sheet s;
        struct err e = {0};
        AUTO_FREE char *exact = mem_dupn(rows[i].bytes, rows[i].n);
        assert_int_equal(sheet_read(&s, exact, rows[i].n, "s.csv", &e), -1);
        if (!strstr(e.what, rows[i].what) || !e.fix[0] || strncmp(e.where, "s.csv:", 6) != 0)
            fail_msg("%zu: %s / %s / %s", i, e.what, e.where, e.fix);
    }
}

static void what_leaves_as_csv_is_read_again_as_it_was(void **state)
{
    (void)state;
    AUTO_JSON json_t *d = spec(), *r = imported(NULL,
                                                HEAD "R1,\"Rope, \"\"blue\"\"\",Rope,m,500,0.24,0.48,20\n"
                                                     "=R2,-x,Rope,m,500,0.24,0.48,20\n",
                                                NULL);
    AUTO_FREE char *csv = import_csv(d, r, "s.csv"), *bad = import_defects_csv(r);
    assert_string_equal(csv, "code,name,kind,basis,load_kg,cost,price,vat,Source\n"
                             "R1,\"Rope, \"\"blue\"\"\",Rope,per metre,500,0.24,0.48,20,s.csv:2\n");
    assert_non_null(strstr(bad, "3,Item,\"'=R2\",a formula instead of its value"));
}

struct count {
    size_t n;
};

static void counted(void *ctx, const char *pointer, const char *text, const char *fix)
{
    struct count *c = ctx;
    assert_true(pointer[0] == '/' && text[0] && fix[0]);
    c->n++;
}

static void a_description_that_points_nowhere_is_refused(void **state)
{
    (void)state;
    struct count c = {0};
    AUTO_JSON json_t *good = spec();
    assert_int_equal(import_check(good, counted, &c), 0);
    AUTO_JSON json_t *bad =
        json_loads("{\"table\":\"../x.csv\",\"key\":[\"nope\"],\"columns\":{\"a\":{\"type\":\"choice\"},"
                   "\"b\":{\"type\":\"money\",\"per\":\"a\",\"min\":1},\"c\":{\"type\":\"basis\"}},"
                   "\"bases\":[{\"word\":\"x\"}],\"rules\":[{\"rule\":\"magic\",\"column\":\"z\"},"
                   "{\"rule\":\"ratio\",\"column\":\"a\",\"of\":\"q\",\"where\":{\"q\":\"1\"}}]}",
                   0, NULL);
    assert_int_equal(import_check(bad, counted, &c), 10);
    assert_int_equal(c.n, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_numbers_exactly_or_says_why_not),
        cmocka_unit_test(names_each_kind_of_dirt),
        cmocka_unit_test(turns_units_it_was_told_of_and_says_so),
        cmocka_unit_test(a_conversion_that_does_not_come_out_is_named),
        cmocka_unit_test(the_header_may_name_the_unit),
        cmocka_unit_test(commas_in_numbers_are_no_delimiters),
        cmocka_unit_test(a_header_in_another_currency_is_no_price),
        cmocka_unit_test(what_is_said_of_the_marks_settles_unless_the_column_says_otherwise),
        cmocka_unit_test(blanks_and_marks_nobody_sees_change_nothing),
        cmocka_unit_test(equal_rows_count_once_and_differing_ones_not_at_all),
        cmocka_unit_test(a_price_of_another_unit_stands_out_among_its_neighbours),
        cmocka_unit_test(names_files_that_are_no_utf8_table),
        cmocka_unit_test(what_leaves_as_csv_is_read_again_as_it_was),
        cmocka_unit_test(a_description_that_points_nowhere_is_refused),
    };
    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
