/* context/ as people really write it: every defect is named at its file, line and column, and nothing is lost silently. */
#include "agent/context.h"
#include "base/fs.h"
#include "tests/test.h"

struct world {
    char dir[64];
    struct context c;
};

static int setup(void **s)
{
    struct world *w = mem_zalloc(sizeof *w);
    snprintf(w->dir, sizeof w->dir, "/tmp/zagent-context-XXXXXX");
    *s = w;
    return mkdtemp(w->dir) ? 0 : -1;
}

static int teardown(void **s)
{
    struct world *w = *s;
    struct err e = {0};
    char **names;
    size_t n;
    context_release(&w->c);
    assert_int_equal(fs_list(w->dir, &names, &n, &e), 0);
    for (size_t i = 0; i < n; i++) {
        AUTO_FREE char *path = mem_printf("%s/%s", w->dir, names[i]);
        remove(path);
    }
    fs_list_free(names, n);
    remove(w->dir);
    free(w);
    return 0;
}

static void put(struct world *w, const char *name, const void *data, size_t n)
{
    struct err e = {0};
    struct fs_root root;
    assert_int_equal(fs_root_open(&root, w->dir, false, 0755, &e), 0);
    assert_int_equal(fs_write_in(&root, name, data, n, 0644, &e), 0);
    fs_root_close(&root);
}

static void load(struct world *w, const char *name, const char *text)
{
    struct err e = {0};
    if (name)
        put(w, name, text, strlen(text));
    assert_int_equal(context_load(&w->c, w->dir, &e), 0);
}

/* "level file:line:col text" of every finding, joined by LF. */
static char *findings(const struct world *w)
{
    struct sb b = SB_INIT(1 << 20);
    const json_t *f;
    size_t i;
    json_array_foreach (w->c.findings, i, f) {
        sb_addf(&b, "%s%s context/%s:%d:%d %s", i ? "\n" : "", js_str(f, "level"), js_str(f, "file"),
                (int)js_int(f, "line", 0), (int)js_int(f, "col", 0), js_str(f, "text"));
        assert_true(js_str(f, "fix")[0]);
    }
    return sb_take(&b, "findings", NULL);
}

/* One file with exactly these findings. */
struct defect {
    const char *name, *text, *found;
};

static void check_defect(struct world *w, const struct defect *d)
{
    load(w, d->name, d->text);
    AUTO_FREE char *found = findings(w);
    assert_string_equal(found, d->found);
    context_release(&w->c);
    AUTO_FREE char *path = mem_printf("%s/%s", w->dir, d->name);
    remove(path);
}

static const struct defect defects[] = {
    {"a.md", "# A\n\n| X | Y |\n| --- | --- |\n| 1 | 2 | 33 |\n",
     "error context/a.md:5:11 the row has 3 cells, the table has 2 columns"},
    {"a.md", "# A\n\n| X | Y |\n| --- | --- |\n| 1 |\n| a \\| b | c |\n",
     "error context/a.md:5:6 the row has 1 cells, the table has 2 columns"},
    {"a.md", "| É | Y | É |\n| --- | --- | --- |\n",
     "error context/a.md:1:11 a second column is called 'É' (read as e)"},
    {"a.md", "| X | |\n| --- | --- |\n", "error context/a.md:1:7 a column without a name"},
    {"a.md", "text\n\n| X | Y |\n| --- |\n| 1 | 2 |\n",
     "error context/a.md:4:1 no table: the line of dashes has 1 cells, the line above it 2"},
    {"a.md", "# A\n\n| X | Y |\n| 1 | 2 |\n", "error context/a.md:3:1 this looks like a table, but is none"},
    {"a.md", "---\nowner: x\n---\n# A\n| X |\n| --- |\n| 1 | 2 |\n",
     "warning context/a.md:1:1 front matter is not read\nerror context/a.md:7:7 the row has 2 cells, the table has 1 "
     "columns"},
    {"a.md", "# A\n\n| X |\n| --- |\n\n| Y |\n| --- |\n",
     "warning context/a.md:6:1 a second table under 'A' is not read"},
    {"a.md", "# A\n## B\n## b\n", "warning context/a.md:3:1 the heading 'b' stands on line 2 already"},
    {"a.md", "- x\n\n  | X |\n  | --- |\n", "warning context/a.md:3:1 a table inside a list or a quote is not read"},
    {"a.md", "\xEF\xBB\xBF| X | Y |\r\n| --- | --- |\r\n| 1 | 2 | 3 |\r\n",
     "error context/a.md:3:11 the row has 3 cells, the table has 2 columns"},
    {"a.md", "# A\rtext\n\n| X |\n| --- |\n| 1 | 2 |\n",
     "warning context/a.md:1:4 a carriage return without line feed ends this line\n"
     "error context/a.md:6:7 the row has 2 cells, the table has 1 columns"},
    {"a.md", "# A\n\n| X |\n| --- |\n| é\x1b[31m |\n",
     "error context/a.md:5:4 a control character (code 27), as terminals obey"},
    {"a.md", "caf\xE9\n", "error context/a.md:1:4 byte 0xE9 is not UTF-8"},
    {"a.csv", "x,y\n1,2\n\n3\n4,5,6\n",
     "error context/a.csv:4:2 the row has 1 cells, the table has 2 columns\n"
     "error context/a.csv:5:5 the row has 3 cells, the table has 2 columns"},
    {"a.csv", "\xEF\xBB\xBFx,y\r\n\"a\r\nb\",2\r\n3,\"é\"\"\",4\r\n",
     "error context/a.csv:4:9 the row has 3 cells, the table has 2 columns"},
    {"a.csv", "x,y\n1,\"open\n2,3\n", "error context/a.csv:2:3 the quote that opens here is never closed"},
    {"a.csv", "x,y\n1,a \"b\" c\n",
     "error context/a.csv:2:5 a quote where none may stand; the file is read up to here"},
    {"a.csv", "x,Y,y\n", "error context/a.csv:1:5 a second column is called 'y' (read as y)"},
    {"a.csv", "x,,y\n", "error context/a.csv:1:3 a column without a name"},
    {"a.csv", "", "error context/a.csv:1:1 the file has no header row"},
    {"a.csv", "x;y\n1;2\n", "error context/a.csv:1:1 the cells are separated by semicolons"},
    {"a.csv", "x,y\r1,2,3\r",
     "warning context/a.csv:1:4 a carriage return without line feed ends this line\n"
     "warning context/a.csv:2:6 a carriage return without line feed ends this line\n"
     "error context/a.csv:2:5 the row has 3 cells, the table has 2 columns"},
};

static void every_defect_is_named_at_its_place(void **s)
{
    for (size_t i = 0; i < sizeof defects / sizeof *defects; i++)
        check_defect(*s, &defects[i]);
}

static void utf16_and_zero_bytes_are_refused_by_name(void **s)
{
    struct world *w = *s;
    put(w, "a.md", "\xFF\xFE#\0 \0A\0", 8);
    put(w, "b.md", "# A\nx\0y", 7);
    load(w, NULL, NULL);
    AUTO_FREE char *found = findings(w);
    assert_string_equal(found, "error context/a.md:1:1 the file is UTF-16, not UTF-8\n"
                               "error context/b.md:2:2 a zero byte: this is not a text file");
    struct err e = {0};
    assert_null(context_table(&w->c, "a.md#A", &e));
    assert_string_equal(e.what, "the file could not be read");
}

static void broken_json_is_named_at_its_line(void **s)
{
    struct world *w = *s;
    load(w, "a.json", "{\n \"a\": 1,\n \"a\" 2}\n");
    const json_t *f = json_array_get(w->c.findings, 0);
    assert_int_equal(json_array_size(w->c.findings), 1);
    assert_string_equal(js_str(f, "file"), "a.json");
    assert_int_equal(js_int(f, "line", 0), 3);
}

static void a_line_of_two_megabytes_is_read_and_mentioned(void **s)
{
    struct world *w = *s;
    size_t n = 2 << 20;
    AUTO_FREE char *text = mem_alloc(n + 1);
    memset(text, 'x', n);
    text[n] = '\0';
    for (size_t i = 0; i < n; i += 7)
        text[i] = '|';
    load(w, "a.md", text);
    AUTO_FREE char *found = findings(w);
    assert_non_null(strstr(found, "warning context/a.md:1:1 the line is 2097152 bytes long"));
}

static void many_findings_end_with_one_that_says_so(void **s)
{
    struct world *w = *s;
    AUTO_SB struct sb b = SB_INIT(1 << 20);
    for (int i = 0; i < 3000; i++)
        sb_add(&b, "# a\n");
    load(w, "a.md", b.buf);
    const json_t *last = json_array_get(w->c.findings, json_array_size(w->c.findings) - 1);
    assert_int_equal(json_array_size(w->c.findings), 1001);
    assert_string_equal(js_str(last, "level"), "error");
    assert_string_equal(js_str(last, "text"), "further findings are not listed");
}

static void control_characters_never_reach_a_value(void **s)
{
    struct world *w = *s;
    struct err e = {0};
    load(w, "a.md", "# A\n\n| X |\n| --- |\n| a\x1b]52;c\x07 \xE2\x80\xAE |\n");
    AUTO_JSON json_t *rows = context_table(&w->c, "a.md#A", &e);
    const char *x = js_str(json_array_get(rows, 0), "x");
    assert_non_null(x);
    assert_null(strpbrk(x, "\x1b\x07"));
    assert_null(strstr(x, "\xE2\x80\xAE"));
}

static const char business[] = "# Settings\n"
                               "\n"
                               "What we *know*.\n"
                               "\n"
                               "| Name | Value | Note |\n"
                               "| --- | --- | --- |\n"
                               "| Cutover day | 2026-12-07 | planned (assumed) |\n"
                               "| tolerance | 0.5 | `kW` |\n"
                               "| contact | | |\n"
                               "\n"
                               "## People (all)\n"
                               "\n"
                               "- one\n"
                               "- two (assumed)\n"
                               "\n"
                               "| Rating (W) | Assumed |\n"
                               "|---|---|\n"
                               "410 | yes\n"
                               "| a \\| b | no |\n";

static void tables_keep_lines_columns_and_assumptions(void **s)
{
    struct world *w = *s;
    struct err e = {0};
    load(w, "b.md", business);
    assert_int_equal(json_array_size(w->c.findings), 0);
    AUTO_JSON json_t *rows = context_table(&w->c, "b.md#settings", &e);
    json_t *row = json_array_get(rows, 0);
    assert_int_equal(json_array_size(rows), 3);
    assert_string_equal(js_str(row, "name"), "Cutover day");
    assert_string_equal(js_str(row, "note"), "planned");
    assert_int_equal(js_int(row, "@line", 0), 7);
    assert_int_equal(js_int(js_obj(row, "@col"), "value", 0), 17);
    assert_true(js_bool(row, "@assumed", false));
    assert_false(js_bool(json_array_get(rows, 1), "@assumed", false));
    assert_string_equal(js_str(json_array_get(rows, 1), "note"), "kW");
    AUTO_JSON json_t *people = context_table(&w->c, "b.md#People (all)", &e);
    assert_string_equal(js_str(json_array_get(people, 0), "rating_w"), "410");
    assert_true(js_bool(json_array_get(people, 0), "@assumed", false));
    assert_int_equal(js_int(json_array_get(people, 0), "@line", 0), 18);
    assert_string_equal(js_str(json_array_get(people, 1), "rating_w"), "a | b");
}

static void a_value_comes_with_its_place(void **s)
{
    struct world *w = *s;
    struct err e = {0};
    const char *file;
    int line, col;
    load(w, "b.md", business);
    assert_string_equal(context_value(&w->c, "b.md#Settings", "cutover_day", &file, &line, &col, &e), "2026-12-07");
    assert_string_equal(file, "context/b.md");
    assert_int_equal(line, 7);
    assert_int_equal(col, 17);
    assert_null(context_value(&w->c, "b.md#Settings", "contact", &file, &line, &col, &e));
    assert_string_equal(e.what, "'contact' has no value yet");
    assert_string_equal(e.where, "context/b.md:9:13");
}

static void unknown_references_name_the_nearest(void **s)
{
    struct world *w = *s;
    static const struct {
        const char *ref, *what, *fix;
    } row[] = {
        {"c.md#Settings", "there is no file 'c.md' in context/", "did you mean 'b.md'?"},
        {"b.md#Setings", "there is no heading 'Setings'", "did you mean 'Settings'?"},
        {"b.md", "there is no table under 'b.md'", "name the heading above the table: b.md#Heading"},
    };
    load(w, "b.md", business);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct err e = {0};
        assert_null(context_table(&w->c, row[i].ref, &e));
        assert_int_equal(e.kind, ERR_CONFIG);
        assert_string_equal(e.what, row[i].what);
        assert_string_equal(e.fix, row[i].fix);
    }
    struct err e = {0};
    const char *file;
    int line, col;
    assert_null(context_value(&w->c, "b.md#Settings", "tolerence", &file, &line, &col, &e));
    assert_string_equal(e.fix, "did you mean 'tolerance'?");
}

static void the_text_under_a_heading_is_markdown(void **s)
{
    struct world *w = *s;
    struct err e = {0};
    load(w, "b.md", "# A\n\nfirst *line*\n\nsecond\n\n# B\n# C\nend");
    assert_string_equal(context_section_text(&w->c, "b.md#A", &e), "first *line*\n\nsecond");
    assert_string_equal(context_section_text(&w->c, "b.md#B", &e), "");
    assert_string_equal(context_section_text(&w->c, "b.md#C", &e), "end");
}

static void csv_rows_keep_their_first_line(void **s)
{
    struct world *w = *s;
    struct err e = {0};
    load(w, "m.csv", "address,api name\n\"a\nb\",\"x, \"\"y\"\"\"\n\nlast,z (assumed)");
    assert_int_equal(json_array_size(w->c.findings), 0);
    AUTO_JSON json_t *rows = context_table(&w->c, "m.csv", &e);
    assert_int_equal(json_array_size(rows), 2);
    assert_string_equal(js_str(json_array_get(rows, 0), "address"), "a\nb");
    assert_string_equal(js_str(json_array_get(rows, 0), "api_name"), "x, \"y\"");
    assert_int_equal(js_int(json_array_get(rows, 0), "@line", 0), 2);
    assert_int_equal(js_int(json_array_get(rows, 1), "@line", 0), 5);
    assert_string_equal(js_str(json_array_get(rows, 1), "api_name"), "z");
    assert_true(js_bool(json_array_get(rows, 1), "@assumed", false));
}

static void pain_points_carry_their_line(void **s)
{
    struct world *w = *s;
    load(w, "pain-points.md", "# Pain\n\n## Points\n\n| Id | Title |\n| --- | --- |\n| P1 | Slow |\n");
    AUTO_JSON json_t *rows = context_pain_points(&w->c);
    assert_int_equal(json_array_size(rows), 1);
    assert_int_equal(js_int(json_array_get(rows, 0), "@line", 0), 7);
    assert_string_equal(js_str(json_array_get(rows, 0), "id"), "P1");
}

static void the_digest_follows_names_and_bytes(void **s)
{
    struct world *w = *s;
    struct err e = {0};
    char one[65], two[65];
    load(w, "a.md", "# A\n");
    assert_int_equal(context_digest(&w->c, one, &e), 0);
    context_release(&w->c);
    load(w, "ignored.txt", "x");
    assert_int_equal(context_digest(&w->c, two, &e), 0);
    assert_string_equal(one, two);
    context_release(&w->c);
    load(w, "a.md", "# B\n");
    assert_int_equal(context_digest(&w->c, two, &e), 0);
    assert_string_not_equal(one, two);
}

static void text_is_converted_or_refused_with_advice(void **s)
{
    (void)s;
    static const struct {
        const char *type, *text, *json, *fix; /* json "" = refused */
    } row[] = {
        {"text", "a, b", "\"a, b\"", ""},
        {"integer", "-12", "-12", ""},
        {"integer", "12.5", "", "write a whole number"},
        {"integer", "99999999999999999999", "", "the number is too large for 64 bits"},
        {"integer", "12 kW", "", "write the number alone; the unit belongs in a column of its own"},
        {"decimal", "12500.50", "\"12500.50\"", ""},
        {"decimal", "12,500.50", "", "write the decimal mark as a point and no thousands mark: 12500.50"},
        {"decimal", "5 %", "", "write the number alone; the unit belongs in a column of its own"},
        {"decimal", ".5", "", "write digits, and a point where there is a fraction: 12500.50"},
        {"decimal", "1.", "", "write digits, and a point where there is a fraction: 12500.50"},
        {"boolean", "Yes", "true", ""},
        {"boolean", "false", "false", ""},
        {"boolean", "maybe", "", "write yes or no"},
        {"date", "2028-02-29", "\"2028-02-29\"", ""},
        {"date", "2027-02-29", "", "there is no such day"},
        {"date", "7.12.2026", "", "write it as YYYY-MM-DD: 2026-12-07"},
        {"time", "09:05", "\"09:05\"", ""},
        {"time", "9:05", "", "write it as HH:MM, from 00:00 to 23:59"},
        {"time", "24:00", "", "write it as HH:MM, from 00:00 to 23:59"},
        {"time", "09:6:", "", "write it as HH:MM, from 00:00 to 23:59"},
        {"list", " a, b ,,c", "[\"a\",\"b\",\"c\"]", ""},
        {"list", "", "[]", ""},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        AUTO_JSON json_t *out = NULL;
        struct err e = {0};
        int rc = context_convert(row[i].text, row[i].type, "context/a.md", 4, 2, &out, &e);
        assert_int_equal(rc, row[i].json[0] ? 0 : -1);
        AUTO_FREE char *json = out ? json_dumps(out, JSON_ENCODE_ANY | JSON_COMPACT) : mem_dup("");
        assert_string_equal(json, row[i].json);
        assert_string_equal(e.fix, row[i].fix);
        assert_string_equal(e.where, row[i].json[0] ? "" : "context/a.md:4:2");
    }
}

static void the_report_counts_and_names(void **s)
{
    struct world *w = *s;
    load(w, "b.md", business);
    put(w, "broken.md", "caf\xE9", 4);
    context_release(&w->c);
    load(w, NULL, NULL);
    AUTO_SB struct sb out = SB_INIT(1 << 16);
    AUTO_JSON json_t *missing =
        json_loads("[{\"playbook\":\"p\",\"input\":\"i\",\"ref\":\"b.md#X\",\"text\":\"no heading\"}]", 0, NULL);
    context_check_text(&w->c, missing, &out);
    assert_string_equal(out.buf, "context                       tables    rows   items  assumed\n"
                                 "  b.md                             2       5       2        3\n"
                                 "  broken.md                  not read\n"
                                 "  together                         2       5       2        3\n"
                                 "\n"
                                 "3 facts are assumed until a person confirms them:\n"
                                 "  context/b.md:7  Settings: Cutover day\n"
                                 "  context/b.md:18  People (all): 410\n"
                                 "  context/b.md:14  two\n"
                                 "\n"
                                 "context/broken.md:1:4: error: byte 0xE9 is not UTF-8\n"
                                 "  fix: save it again with the encoding UTF-8 (it looks like Windows-1252)\n"
                                 "\n"
                                 "playbook p, input i: no heading (b.md#X)\n");
    sb_clear(&out);
    context_show_text(&w->c, &out);
    assert_non_null(strstr(out.buf, "    line 7   assumed\n      name               Cutover day\n"));
}

#define IN_A_FOLDER(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(every_defect_is_named_at_its_place),
        IN_A_FOLDER(utf16_and_zero_bytes_are_refused_by_name),
        IN_A_FOLDER(broken_json_is_named_at_its_line),
        IN_A_FOLDER(a_line_of_two_megabytes_is_read_and_mentioned),
        IN_A_FOLDER(many_findings_end_with_one_that_says_so),
        IN_A_FOLDER(control_characters_never_reach_a_value),
        IN_A_FOLDER(tables_keep_lines_columns_and_assumptions),
        IN_A_FOLDER(a_value_comes_with_its_place),
        IN_A_FOLDER(unknown_references_name_the_nearest),
        IN_A_FOLDER(the_text_under_a_heading_is_markdown),
        IN_A_FOLDER(csv_rows_keep_their_first_line),
        IN_A_FOLDER(pain_points_carry_their_line),
        IN_A_FOLDER(the_digest_follows_names_and_bytes),
        cmocka_unit_test(text_is_converted_or_refused_with_advice),
        IN_A_FOLDER(the_report_counts_and_names),
    };
    return cmocka_run_group_tests_name("agent/context", tests, NULL, NULL);
}
