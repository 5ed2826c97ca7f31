/* agent/context_report.c — the context for people: what was read, what is assumed, what is missing, what is malformed. */
#include "agent/context.h"

static void count_file(const json_t *file, size_t *tables, size_t *rows, size_t *assumed)
{
    json_t *section, *row;
    size_t i, k;
    *tables = *rows = 0;
    *assumed = json_array_size(js_arr(file, "assumed"));
    json_array_foreach (js_arr(file, "sections"), i, section) {
        const json_t *table = js_obj(section, "table");
        *tables += table != NULL;
        *rows += json_array_size(js_arr(table, "rows"));
        json_array_foreach (js_arr(table, "rows"), k, row) {
            *assumed += js_bool(row, "@assumed", false);
        }
    }
}

/* The first cell names a row well enough. */
static const char *row_name(const json_t *table, const json_t *row)
{
    return js_str_or(row, js_str_or(json_array_get(js_arr(table, "columns"), 0), "slug", ""), "");
}

enum { ASSUMED_ROWS_SHOWN = 3 };

/* A few rows by name, many as a count: a wall of lines is not read. */
static void list_assumed_rows(const char *name, const json_t *section, struct sb *out)
{
    const json_t *table = js_obj(section, "table");
    json_t *row;
    size_t i, n = 0;
    int64_t first = 0, last = 0;
    json_array_foreach (js_arr(table, "rows"), i, row) {
        if (!js_bool(row, "@assumed", false))
            continue;
        last = js_int(row, "@line", 0);
        first = n++ ? first : last;
    }
    if (n > ASSUMED_ROWS_SHOWN) {
        sb_addf(out, "  assumed  context/%s:%lld  %s: %zu rows, to line %lld\n", name, (long long)first,
                js_str_or(section, "heading", ""), n, (long long)last);
        return;
    }
    json_array_foreach (js_arr(table, "rows"), i, row) {
        if (js_bool(row, "@assumed", false))
            sb_addf(out, "  assumed  context/%s:%d  %s: %s\n", name, (int)js_int(row, "@line", 0),
                    js_str_or(section, "heading", ""), row_name(table, row));
    }
}

static void list_assumed(const json_t *file, struct sb *out)
{
    json_t *section, *fact;
    size_t i;
    const char *name = js_str_or(file, "name", "");
    json_array_foreach (js_arr(file, "sections"), i, section)
        list_assumed_rows(name, section, out);
    json_array_foreach (js_arr(file, "assumed"), i, fact)
        sb_addf(out, "  assumed  context/%s:%d  %.90s\n", name, (int)js_int(fact, "line", 0),
                js_str_or(fact, "text", ""));
}

void context_check_text(const struct context *c, const json_t *missing, struct sb *out)
{
    json_t *file, *f, *m;
    size_t i, assumed_all = 0;
    json_array_foreach (js_arr(c->doc, "files"), i, file) {
        size_t tables, rows, assumed;
        count_file(file, &tables, &rows, &assumed);
        assumed_all += assumed;
        sb_addf(out, "  read     context/%-28s %zu table%s, %zu row%s%s\n", js_str_or(file, "name", ""), tables,
                tables == 1 ? "" : "s", rows, rows == 1 ? "" : "s", assumed ? "" : ", nothing assumed");
    }
    json_array_foreach (js_arr(c->doc, "files"), i, file)
        list_assumed(file, out);
    json_array_foreach (missing, i, m) {
        const char *input = js_str_or(m, "input", "");
        if (*input)
            sb_addf(out, "  missing  for playbook %s: input '%s' from %s: %s\n", js_str_or(m, "playbook", ""), input,
                    js_str_or(m, "ref", ""), js_str_or(m, "text", ""));
        else
            sb_addf(out, "  broken   playbook %s: %s (%s)\n", js_str_or(m, "playbook", ""), js_str_or(m, "text", ""),
                    js_str_or(m, "ref", ""));
    }
    json_array_foreach (c->findings, i, f)
        sb_addf(out, "  %-8s context/%s:%d:%d  %s\n           fix: %s\n", js_str_or(f, "level", ""),
                js_str_or(f, "file", ""), (int)js_int(f, "line", 1), (int)js_int(f, "col", 1), js_str_or(f, "text", ""),
                js_str_or(f, "fix", ""));
    sb_addf(out, "\n%zu files read, %zu facts assumed until a person confirms them, %zu findings, %zu missing.\n",
            json_array_size(js_arr(c->doc, "files")), assumed_all, json_array_size(c->findings),
            json_array_size(missing));
}

json_t *context_show(const struct context *c)
{
    return json_deep_copy(c->doc);
}

static void show_table(const json_t *table, struct sb *out)
{
    json_t *row, *col;
    size_t i, k;
    json_array_foreach (js_arr(table, "rows"), i, row) {
        sb_addf(out, "    %d:", (int)js_int(row, "@line", 0));
        json_array_foreach (js_arr(table, "columns"), k, col) {
            const char *slug = js_str_or(col, "slug", "");
            if (*js_str_or(row, slug, ""))
                sb_addf(out, "  %s=%s", slug, js_str_or(row, slug, ""));
        }
        sb_add(out, js_bool(row, "@assumed", false) ? "  (assumed)\n" : "\n");
    }
}

void context_show_text(const struct context *c, struct sb *out)
{
    json_t *file, *section;
    size_t i, k;
    json_array_foreach (js_arr(c->doc, "files"), i, file) {
        sb_addf(out, "context/%s\n", js_str_or(file, "name", ""));
        json_array_foreach (js_arr(file, "sections"), k, section) {
            if (!js_obj(section, "table"))
                continue;
            sb_addf(out, "  %s\n", *js_str_or(section, "heading", "") ? js_str(section, "heading") : "(no heading)");
            show_table(js_obj(section, "table"), out);
        }
    }
}
