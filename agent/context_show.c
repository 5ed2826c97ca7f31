/* What `zagent context show` and `context check` print. */
#include "agent/context.h"

struct counts {
    size_t tables, rows, items, assumed;
};

static void count_list(const json_t *list, size_t *n, size_t *assumed)
{
    const json_t *row;
    size_t i;
    *n += json_array_size(list);
    json_array_foreach (list, i, row)
        *assumed += js_bool(row, "@assumed", false);
}

static struct counts count_file(const json_t *file)
{
    struct counts c = {0};
    const json_t *s;
    size_t i;
    json_array_foreach (js_arr(file, "sections"), i, s) {
        json_t *table = js_obj(s, "table");
        c.tables += table != NULL;
        if (table)
            count_list(js_arr(table, "rows"), &c.rows, &c.assumed);
        count_list(js_arr(s, "items"), &c.items, &c.assumed);
    }
    return c;
}

json_t *context_show(const struct context *c)
{
    json_t *out = json_object();
    js_set(out, "files", json_incref(js_arr(c->doc, "files")));
    js_set(out, "findings", json_incref(c->findings));
    js_set_str(out, "digest", js_str(c->doc, "digest"));
    return out;
}

static void show_table(const json_t *table, struct sb *out)
{
    const json_t *row, *column;
    size_t i, k;
    json_array_foreach (js_arr(table, "rows"), i, row) {
        sb_addf(out, "    line %d%s\n", (int)js_int(row, "@line", 0),
                js_bool(row, "@assumed", false) ? "   assumed" : "");
        json_array_foreach (js_arr(table, "columns"), k, column) {
            const char *name = json_string_value(column), *text = name ? js_str_or(row, name, "") : "";
            if (text[0])
                sb_addf(out, "      %-18s %s\n", name, text);
        }
    }
}

void context_show_text(const struct context *c, struct sb *out)
{
    const json_t *f, *s, *item;
    size_t i, k, m;
    json_array_foreach (js_arr(c->doc, "files"), i, f) {
        sb_addf(out, "%scontext/%s\n", i ? "\n" : "", js_str_or(f, "name", ""));
        if (js_bool(f, "unreadable", false))
            sb_add(out, "  not read: see 'zagent context check'\n");
        json_array_foreach (js_arr(f, "sections"), k, s) {
            const char *heading = js_str_or(s, "heading", "");
            json_t *table = js_obj(s, "table");
            if (!table && !json_array_size(js_arr(s, "items")))
                continue;
            sb_addf(out, "  %s\n", heading[0] ? heading : "(no heading)");
            if (table)
                show_table(table, out);
            json_array_foreach (js_arr(s, "items"), m, item)
                sb_addf(out, "    - %s%s\n", js_str_or(item, "text", ""),
                        js_bool(item, "@assumed", false) ? "   assumed" : "");
        }
    }
}

enum { ASSUMED_ROWS_SHOWN = 3 };

/* A few rows by name, many as a count: a wall of lines is not read. */
static void add_assumed_rows(const char *name, const json_t *section, struct sb *out)
{
    const json_t *table = js_obj(section, "table"), *row;
    const char *key = json_string_value(json_array_get(js_arr(table, "columns"), 0));
    size_t i, n = 0;
    int first = 0, last = 0;
    json_array_foreach (js_arr(table, "rows"), i, row) {
        if (!js_bool(row, "@assumed", false))
            continue;
        last = (int)js_int(row, "@line", 0);
        first = n++ ? first : last;
    }
    if (n > ASSUMED_ROWS_SHOWN) {
        sb_addf(out, "  context/%s:%d  %s: %zu rows, to line %d\n", name, first, js_str_or(section, "heading", ""), n,
                last);
        return;
    }
    json_array_foreach (js_arr(table, "rows"), i, row)
        if (js_bool(row, "@assumed", false))
            sb_addf(out, "  context/%s:%d  %s: %s\n", name, (int)js_int(row, "@line", 0),
                    js_str_or(section, "heading", ""), key ? js_str_or(row, key, "") : "");
}

static void add_assumed(const struct context *c, size_t n, struct sb *out)
{
    const json_t *f, *s, *item;
    size_t i, k, m;
    sb_addf(out, "\n%zu fact%s assumed until a person confirms %s:\n", n, n == 1 ? " is" : "s are",
            n == 1 ? "it" : "them");
    json_array_foreach (js_arr(c->doc, "files"), i, f) {
        const char *name = js_str_or(f, "name", "");
        json_array_foreach (js_arr(f, "sections"), k, s) {
            add_assumed_rows(name, s, out);
            json_array_foreach (js_arr(s, "items"), m, item)
                if (js_bool(item, "@assumed", false))
                    sb_addf(out, "  context/%s:%d  %.90s\n", name, (int)js_int(item, "@line", 0),
                            js_str_or(item, "text", ""));
        }
    }
}

static void add_files(const struct context *c, struct sb *out)
{
    const json_t *f;
    size_t i;
    struct counts sum = {0};
    sb_addf(out, "%-28s %7s %7s %7s %8s\n", "context", "tables", "rows", "items", "assumed");
    json_array_foreach (js_arr(c->doc, "files"), i, f) {
        struct counts n = count_file(f);
        if (js_bool(f, "unreadable", false))
            sb_addf(out, "  %-26s not read\n", js_str_or(f, "name", ""));
        else
            sb_addf(out, "  %-26s %7zu %7zu %7zu %8zu\n", js_str_or(f, "name", ""), n.tables, n.rows, n.items,
                    n.assumed);
        sum.tables += n.tables, sum.rows += n.rows, sum.items += n.items, sum.assumed += n.assumed;
    }
    sb_addf(out, "  %-26s %7zu %7zu %7zu %8zu\n", "together", sum.tables, sum.rows, sum.items, sum.assumed);
    if (sum.assumed)
        add_assumed(c, sum.assumed, out);
}

static void add_findings(const struct context *c, struct sb *out)
{
    const json_t *f;
    size_t i;
    json_array_foreach (c->findings, i, f)
        sb_addf(out, "%scontext/%s:%d:%d: %s: %s\n  fix: %s\n", i ? "" : "\n", js_str_or(f, "file", ""),
                (int)js_int(f, "line", 0), (int)js_int(f, "col", 0), js_str_or(f, "level", ""),
                js_str_or(f, "text", ""), js_str_or(f, "fix", ""));
}

/* Several inputs that miss one file or heading are one thing to write. */
static size_t same_lack(const json_t *missing, size_t first)
{
    const json_t *m = json_array_get(missing, first);
    size_t n = 1;
    for (const json_t *next; (next = json_array_get(missing, first + n)); n++)
        if (strcmp(js_str_or(next, "playbook", ""), js_str_or(m, "playbook", "")) != 0 || !*js_str_or(m, "input", "") ||
            strcmp(js_str_or(next, "ref", ""), js_str_or(m, "ref", "")) != 0 ||
            strcmp(js_str_or(next, "text", ""), js_str_or(m, "text", "")) != 0)
            break;
    return n;
}

static void add_fix(const json_t *missing, size_t first, size_t n, struct sb *out)
{
    size_t rows = 0;
    for (size_t i = first; i < first + n; i++) {
        const json_t *m = json_array_get(missing, i);
        const char *row = js_str_or(m, "row", ""), *help = js_str_or(m, "help", "");
        if (*row)
            sb_addf(out, "%s%s", rows++ ? ", " : "  fix: rows of a table with the columns key and value: ", row);
        else if (*help)
            sb_addf(out, "  fix: a table, %s\n", help);
    }
    if (rows)
        sb_add(out, "\n");
}

static void add_missing(const json_t *missing, struct sb *out)
{
    size_t n;
    for (size_t i = 0; i < json_array_size(missing); i += n) {
        const json_t *m = json_array_get(missing, i);
        const char *ref = js_str_or(m, "ref", "");
        n = same_lack(missing, i);
        sb_addf(out, "%splaybook %s", i ? "" : "\n", js_str_or(m, "playbook", ""));
        for (size_t k = i; k < i + n && *js_str_or(m, "input", ""); k++)
            sb_addf(out, "%s%s",
                    k > i   ? ", "
                    : n > 1 ? ", inputs "
                            : ", input ",
                    js_str_or(json_array_get(missing, k), "input", ""));
        sb_addf(out, ": %s%s%s%s\n", js_str_or(m, "text", ""), *ref ? " (" : "", ref, *ref ? ")" : "");
        add_fix(missing, i, n, out);
    }
}

void context_check_text(const struct context *c, const json_t *missing, struct sb *out)
{
    add_files(c, out);
    add_findings(c, out);
    add_missing(missing, out);
    if (!json_array_size(c->findings) && !json_array_size(missing))
        sb_add(out, "\nEverything could be read, and no playbook misses anything.\n");
}
