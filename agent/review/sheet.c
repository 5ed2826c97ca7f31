/* agent/review/sheet.c — a batch as a sheet to open in a spreadsheet, and as a page. */
#include "agent/review/review.h"
#include "render/render.h"

enum { WORDING_MAX = 1 << 20, SHEET_MAX = 8 << 20 };

static const json_t *item_of(const json_t *queue, const char *key)
{
    json_t *item;
    size_t i;
    json_array_foreach (queue, i, item)
        if (!strcmp(js_str_or(item, "key", ""), key) && !strcmp(js_str_or(item, "state", ""), "open"))
            return item;
    return NULL;
}

static void add_cell(struct sb *b, const json_t *review, const char *text)
{
    AUTO_FREE char *safe = render_escape(RENDER_CSV_SHEET, text);
    if (b->len && b->buf[b->len - 1] != '\n')
        sb_addc(b, *js_str_or(review, "separator", ","));
    sb_add(b, safe);
}

/* What the org calls a field. */
static const char *label(const json_t *review, const char *field)
{
    return js_str_or(js_obj(review, "labels"), field, field);
}

static char *remarks_of(const json_t *item)
{
    AUTO_SB struct sb b = SB_INIT(1 << 16);
    json_t *text;
    size_t i;
    json_array_foreach (js_arr(item, "remarks"), i, text)
        sb_addf(&b, "%s%s", i ? "; " : "", json_string_value(text));
    return sb_take(&b, "remarks", NULL);
}

static void add_row(struct sb *b, const json_t *review, const char *batch, const json_t *row, const json_t *item,
                    size_t n, const char *reviewer)
{
    AUTO_FREE char *ref = mem_printf("%s/%zu", batch, n);
    AUTO_FREE char *uses = mem_printf("%lld", (long long)js_int(item, "uses", 0));
    AUTO_FREE char *remarks = remarks_of(item);
    json_t *column;
    size_t i;
    add_cell(b, review, ref);
    add_cell(b, review, js_str_or(row, "key", ""));
    json_array_foreach (js_arr(review, "show"), i, column)
        add_cell(b, review, js_str_or(js_obj(item, "shown"), json_string_value(column), ""));
    if (js_obj(review, "first"))
        add_cell(b, review, uses);
    add_cell(b, review, js_str_or(item, "now", ""));
    add_cell(b, review, js_str_or(item, "value", ""));
    add_cell(b, review, js_str_or(item, "confidence", ""));
    add_cell(b, review, js_str_or(item, "reason", ""));
    add_cell(b, review, remarks);
    add_cell(b, review, "");
    add_cell(b, review, reviewer);
    add_cell(b, review, "");
    add_cell(b, review, js_str_or(row, "check", ""));
    sb_add(b, "\r\n");
}

/* Begins with the byte order mark, by which spreadsheets know UTF-8; no "sep=" line, which would undo that. */
char *sheet_csv(const json_t *review, const json_t *reg, const char *batch, const json_t *queue)
{
    static const char *const before[] = {"Now",      "Proposed",   "Confidence", "Why",  "Look",
                                         "Decision", "Decided by", "Remark",     "Check"};
    const json_t *b = js_obj(js_obj(reg, "batches"), batch);
    AUTO_SB struct sb out = SB_INIT(SHEET_MAX);
    json_t *row, *column;
    size_t i;
    sb_add(&out, "\xef\xbb\xbfRow");
    add_cell(&out, review, label(review, js_str_or(review, "key", "")));
    json_array_foreach (js_arr(review, "show"), i, column)
        add_cell(&out, review, label(review, json_string_value(column)));
    if (js_obj(review, "first"))
        add_cell(&out, review, "In use");
    for (i = 0; i < sizeof before / sizeof *before; i++)
        add_cell(&out, review, before[i]);
    sb_add(&out, "\r\n");
    json_array_foreach (js_arr(b, "rows"), i, row) {
        const json_t *item = item_of(queue, js_str_or(row, "key", ""));
        if (item)
            add_row(&out, review, batch, row, item, i + 1, js_str_or(b, "reviewer", ""));
    }
    return sb_take(&out, "sheet", NULL);
}

/* ---- the page ---- */

static json_t *choices(const json_t *review)
{
    json_t *out = json_array(), *value;
    size_t i;
    json_array_foreach (js_arr(review, "values"), i, value) {
        const char *text = json_string_value(value);
        json_t *o = json_object();
        js_set_str(o, "text", text);
        js_set(o, "digit", i < 9 ? json_integer((json_int_t)i + 1) : json_null());
        json_array_append_new(out, o);
    }
    return out;
}

static json_t *page_row(const json_t *review, const json_t *row, const json_t *item, size_t n)
{
    json_t *o = json_object(), *facts = json_array(), *column;
    size_t i;
    js_set_int(o, "n", (int64_t)n);
    js_set_str(o, "check", js_str(row, "check"));
    js_set_str(o, "key", js_str(item, "key"));
    js_set_str(o, "title", "");
    json_array_foreach (js_arr(review, "show"), i, column) {
        const char *name = json_string_value(column), *text = js_str_or(js_obj(item, "shown"), name, "");
        if (i == 0)
            js_set_str(o, "title", text);
        else if (*text)
            json_array_append_new(facts, json_pack("{s:s,s:s}", "name", label(review, name), "text", text));
    }
    js_set(o, "facts", facts);
    js_set_str(o, "in", js_str_or(js_obj(review, "first"), "module", ""));
    js_set(o, "uses", js_int(item, "uses", 0) > 0 ? json_integer(js_int(item, "uses", 0)) : json_null());
    js_set_str(o, "now", *js_str_or(item, "now", "") ? js_str(item, "now") : NULL);
    js_set_str(o, "proposed", js_str(item, "value"));
    js_set_str(o, "confidence", js_str(item, "confidence"));
    js_set_str(o, "reason", js_str(item, "reason"));
    js_set(o, "remarks", json_deep_copy(js_arr(item, "remarks")));
    js_set(o, "choices", choices(review));
    return o;
}

static json_t *page_data(const json_t *review, const json_t *reg, const char *batch, const json_t *queue,
                         const json_t *org)
{
    const json_t *b = js_obj(js_obj(reg, "batches"), batch);
    json_t *o = json_object(), *rows = json_array(), *values = json_array(), *row, *value;
    size_t i;
    json_array_foreach (js_arr(b, "rows"), i, row) {
        const json_t *item = item_of(queue, js_str_or(row, "key", ""));
        if (item)
            json_array_append_new(rows, page_row(review, row, item, i + 1));
    }
    json_array_foreach (js_arr(review, "values"), i, value)
        json_array_append_new(values, json_pack("{s:O,s:s}", "text", value, "hint",
                                                js_str_or(js_obj(review, "hints"), json_string_value(value), "")));
    js_set_int(o, "count", (int64_t)json_array_size(rows));
    js_set(o, "rows", rows);
    js_set(o, "values", values);
    js_set_str(o, "batch", batch);
    js_set_str(o, "title", js_str_or(review, "title", ""));
    js_set_str(o, "playbook", js_str_or(review, "playbook", ""));
    js_set_str(o, "review", js_str_or(review, "id", ""));
    js_set_str(o, "reviewer", js_str_or(b, "reviewer", ""));
    js_set_str(o, "deadline", js_str(review, "deadline"));
    js_set(o, "org", json_pack("{s:s,s:s}", "name", js_str_or(org, "name", ""), "zgid", js_str_or(org, "zgid", "")));
    return o;
}

static int add_file(json_t *data, const char *key, const char *wording, const char *name, struct err *e)
{
    AUTO_FREE char *path = mem_printf("%s/%s", wording, name);
    AUTO_FREE char *text = NULL;
    size_t len;
    if (fs_read(path, WORDING_MAX, &text, &len, e) < 0)
        return -1;
    js_set_str(data, key, text);
    return 0;
}

char *sheet_html(const char *wording, const json_t *review, const json_t *reg, const char *batch, const json_t *queue,
                 const json_t *org, struct err *e)
{
    AUTO_JSON json_t *data = page_data(review, reg, batch, queue, org);
    AUTO_FREE char *path = mem_printf("%s/review.html.mustache", wording);
    AUTO_FREE char *shell = NULL;
    size_t len;
    if (fs_read(path, WORDING_MAX, &shell, &len, e) < 0 || add_file(data, "css", wording, "page.css", e) < 0 ||
        add_file(data, "review_css", wording, "review.css", e) < 0 ||
        add_file(data, "sha256", wording, "sha256.js", e) < 0 || add_file(data, "js", wording, "review.js", e) < 0)
        return NULL;
    struct render_options o = {.target = RENDER_HTML, .strict = true, .raw_ok = true};
    return render(path, shell, len, data, &o, e);
}
