/* sandbox/page/parts.c — times, tables, values, criteria in words. */
#include "sandbox/page/parts.h"

#include "base/text.h"
#include "sandbox/module.h"

enum { CRITERIA_DEPTH = 8 };

void page_title(struct page *p, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    free(p->title);
    p->title = mem_vprintf(format, ap);
    va_end(ap);
}

void page_error(struct page *p, const char *name, const char *text)
{
    if (!json_object_get(p->errors, name)) {
        js_set_str(p->errors, name, text);
    }
}

void page_go(struct page *p, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    free(p->go);
    p->go = mem_vprintf(format, ap);
    va_end(ap);
}

int64_t page_number(const struct page *p)
{
    const char *n = call_query(p->c, "n");
    int64_t v = n ? strtoll(n, NULL, 10) : 1;
    return v < 1 ? 1 : v > 1000000 ? 1000000 : v;
}

void page_turn(struct page *p, int64_t n, bool more, const char *query)
{
    if (n == 1 && !more) {
        return;
    }
    sb_add(&p->out, "<p class=\"turn\">");
    if (n > 1) {
        html(&p->out, "<a rel=\"prev\" href=\"?n=%lld%s\">Newer</a> ", (long long)n - 1, query);
    }
    html(&p->out, "<span>Page %lld</span>", (long long)n);
    if (more) {
        html(&p->out, " <a rel=\"next\" href=\"?n=%lld%s\">Older</a>", (long long)n + 1, query);
    }
    sb_add(&p->out, "</p>");
}

void page_time(const struct page *p, struct sb *out, int64_t at)
{
    char exact[CLOCK_TEXT], local[CLOCK_TEXT];
    clock_rfc3339(at, exact);
    clock_local(at, js_str_or(org_object(p->c->s), "time_zone", "UTC"), 0, local);
    html(out, "<time datetime=\"%s\">%s</time>", exact, local);
}

void page_at(struct page *p, int64_t at)
{
    page_time(p, &p->out, at);
}

void page_empty(struct page *p, const char *text)
{
    html(&p->out, "<p class=\"empty\">%s</p>", text);
}

void page_table(struct page *p, const char *caption, const char *headings)
{
    html(&p->out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\"><table><thead><tr>", caption);
    for (const char *h = headings; *h;) {
        size_t n = strcspn(h, "|");
        bool number = n > 0 && h[n - 1] == '#';
        AUTO_FREE char *one = mem_dupn(h, number ? n - 1 : n);
        sb_add(&p->out, number ? "<th scope=\"col\" class=\"number\">" : "<th scope=\"col\">");
        html(&p->out, "%s</th>", one);
        h += n + (h[n] == '|');
    }
    sb_add(&p->out, "</tr></thead><tbody>");
}

void page_table_end(struct page *p)
{
    sb_add(&p->out, "</tbody></table></div>");
}

void page_tag(struct page *p, const char *kind, const char *text)
{
    html(&p->out, "<span class=\"tag %s\">%s</span>", kind, text);
}

/* ---- values ---- */

static void one_value(struct page *p, const char *module, const json_t *v, bool link)
{
    if (json_is_object(v)) {
        const char *id = js_str_or(v, "id", ""), *name = js_str_or(v, "name", id);
        if (link && module && *id) {
            html(&p->out, "<a href=\"/page/record/%s/%s\">%s</a>", module, id, *name ? name : id);
        } else {
            html_text(&p->out, name);
        }
    } else if (json_is_string(v)) {
        html_text(&p->out, json_string_value(v));
    } else if (json_is_boolean(v)) {
        sb_add(&p->out, json_is_true(v) ? "yes" : "no");
    } else if (json_is_integer(v)) {
        html(&p->out, "%lld", (long long)json_integer_value(v));
    } else if (json_is_real(v)) {
        AUTO_FREE char *text = mem_printf("%.15g", json_real_value(v));
        html_text(&p->out, text);
    }
}

void page_value(struct page *p, const json_t *field, const json_t *value, bool link)
{
    const char *module = js_str(js_obj(js_obj(field, "lookup"), "module"), "api_name");
    size_t i;
    json_t *v;
    int64_t at = 0;
    if (json_is_string(value) && strcmp(js_str_or(field, "data_type", ""), "datetime") == 0 &&
        clock_parse(json_string_value(value), &at, NULL) == 0) {
        page_at(p, at);
        return;
    }
    if (!json_is_array(value)) {
        one_value(p, module, value, link);
        return;
    }
    json_array_foreach (value, i, v) {
        sb_add(&p->out, i ? ", " : "");
        one_value(p, module, v, link);
    }
}

const char *page_label(const json_t *by_api, const char *api_name)
{
    return js_str_or(json_object_get(by_api, api_name), "field_label", api_name);
}

void page_module_label(struct page *p, const char *api_name)
{
    AUTO_JSON json_t *m = api_name ? config_by_api(p->st, "modules", NULL, api_name) : NULL;
    html_text(&p->out, js_str_or(m, "plural_label", api_name));
}

void page_words(struct page *p, const char *api_word)
{
    AUTO_FREE char *text = mem_dup(api_word);
    for (char *c = text; *c; c++) {
        *c = *c == '_' ? ' ' : *c;
    }
    html_text(&p->out, text);
}

/* ---- criteria ---- */

static void leaf(struct page *p, const json_t *tree, const json_t *by_api)
{
    static const char *const tokens[][2] = {{"${EMPTY}", "empty"},
                                            {"${NOTEMPTY}", "not empty"},
                                            {"${ANYVALUE}", "any value"},
                                            {"${CURRENTTIME}", "now"},
                                            {"${CURRENTUSER}", "the current user"}};
    const char *comparator = js_str_or(tree, "comparator", "?");
    const json_t *value = json_object_get(tree, "value");
    html(&p->out, "<b>%s</b> ", page_label(by_api, js_str_or(js_obj(tree, "field"), "api_name", "?")));
    page_words(p, strcmp(comparator, "equal") == 0       ? "is"
                  : strcmp(comparator, "not_equal") == 0 ? "is_not"
                                                         : comparator);
    sb_add(&p->out, " ");
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        if (json_is_string(value) && strcmp(json_string_value(value), tokens[i][0]) == 0) {
            html_text(&p->out, tokens[i][1]);
            return;
        }
    }
    sb_add(&p->out, "<q>");
    page_value(p, NULL, value, false);
    sb_add(&p->out, "</q>");
}

static void tree_words(struct page *p, const json_t *tree, const json_t *by_api, int depth)
{
    const char *op = js_str_or(tree, "group_operator", "and");
    size_t i;
    json_t *one;
    if (!js_arr(tree, "group")) {
        leaf(p, tree, by_api);
        return;
    }
    sb_add(&p->out, depth ? "(" : "");
    json_array_foreach (js_arr(tree, "group"), i, one) {
        sb_add(&p->out, !i ? "" : text_casecmp(op, "or") == 0 ? " or " : " and ");
        if (depth < CRITERIA_DEPTH) {
            tree_words(p, one, by_api, depth + 1);
        }
    }
    sb_add(&p->out, depth ? ")" : "");
}

void page_criteria(struct page *p, const json_t *tree, const json_t *by_api)
{
    if (json_object_size(tree) == 0) {
        sb_add(&p->out, "every record");
    } else {
        tree_words(p, tree, by_api, 0);
    }
}

/* ---- records ---- */

char *page_record_name(const struct record_module *m, const json_t *record)
{
    const char *name = js_str_or(record, module_display_field(m->module), "");
    return *name ? mem_dup(name)
                 : mem_printf("%s %s", js_str_or(m->module, "singular_label", "Record"), js_str_or(record, "id", ""));
}

void page_record_link(struct page *p, const char *module, const char *id)
{
    struct record_module m;
    if (!module || !record_module_open(p->st, module, &m)) {
        return;
    }
    AUTO_JSON json_t *r = record_get(p->st, m.api, id);
    if (r) {
        AUTO_FREE char *name = page_record_name(&m, r);
        html(&p->out, "<a href=\"/page/record/%s/%s\">%s</a>", m.api, id, name);
    } else {
        html(&p->out, "<span class=\"quiet\">a deleted %s</span>", js_str_or(m.module, "singular_label", "record"));
    }
    record_module_close(&m);
}

void page_json(struct page *p, const json_t *value)
{
    AUTO_FREE char *text = json_dumps(value, JSON_INDENT(2) | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    html(&p->out, "<pre tabindex=\"0\">%s</pre>", text);
}

int64_t page_count(struct page *p, sqlite3_stmt *q)
{
    int64_t n = 0;
    while (store_row(p->st, q)) {
        n = sqlite3_column_int64(q, 0);
    }
    return n;
}
