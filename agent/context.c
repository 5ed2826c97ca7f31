#include "agent/context.h"

#include <sys/stat.h>

#include "agent/context_parse.h"
#include "base/digest.h"
#include "base/fs.h"
#include "base/text.h"

enum { CONTEXT_FILE_MAX = 8 << 20 };

void context_finding(struct context_source *s, const char *level, int line, int col, const char *fix, const char *text,
                     ...)
{
    va_list ap;
    va_start(ap, text);
    AUTO_FREE char *what = mem_vprintf(text, ap);
    va_end(ap);
    json_t *f = json_object();
    js_set_str(f, "level", level);
    js_set_str(f, "file", s->name);
    js_set_int(f, "line", line);
    js_set_int(f, "col", col);
    js_set_str(f, "text", what);
    js_set_str(f, "fix", fix);
    json_array_append_new(s->findings, f);
}

bool context_take_assumed(char *text)
{
    static const char mark[] = "(assumed)";
    size_t n = strlen(text), m = sizeof mark - 1;
    if (n < m || strcmp(text + n - m, mark) != 0)
        return false;
    for (n -= m; n && text[n - 1] == ' ';)
        n--;
    text[n] = '\0';
    return true;
}

json_t *context_columns(struct context_source *s, const json_t *labels, int line)
{
    json_t *table = json_object(), *columns = json_array();
    js_set_int(table, "line", line);
    js_set(table, "columns", columns);
    js_set(table, "rows", json_array());
    for (size_t i = 0; i < json_array_size(labels); i++) {
        const char *label = json_string_value(json_array_get(labels, i));
        AUTO_FREE char *slug = text_slug(label);
        json_t *col = json_object();
        if (!*slug)
            context_finding(s, "error", line, 1, "give the column a name", "column %zu has no name", i + 1);
        for (size_t k = 0; k < i; k++)
            if (*slug && !strcmp(slug, js_str_or(json_array_get(columns, k), "slug", "")))
                context_finding(s, "error", line, 1, "rename one of them", "two columns are called '%s'", label);
        js_set_str(col, "slug", slug);
        js_set_str(col, "label", label);
        json_array_append_new(columns, col);
    }
    return table;
}

void context_row(json_t *table, const json_t *cells, const int *cell_col, int line)
{
    json_t *row = json_object(), *cols = json_object(), *columns = js_arr(table, "columns");
    bool assumed = false;
    for (size_t i = 0; i < json_array_size(columns); i++) {
        const char *slug = js_str_or(json_array_get(columns, i), "slug", "");
        AUTO_FREE char *cell = mem_dup(i < json_array_size(cells) ? json_string_value(json_array_get(cells, i)) : "");
        assumed |= context_take_assumed(cell);
        if (!strcmp(slug, "assumed") && !strcmp(cell, "yes"))
            assumed = true;
        js_set_str(row, slug, cell);
        js_set_int(cols, slug, cell_col[i]);
    }
    js_set_int(row, "@line", line);
    js_set(row, "@col", cols);
    if (assumed)
        js_set_bool(row, "@assumed", true);
    json_array_append_new(js_arr(table, "rows"), row);
}

/* ---- reading the folder ---- */

static void place_of(const char *text, size_t off, int *line, int *col)
{
    *line = *col = 1;
    for (size_t i = 0; i < off; i++) {
        if (text[i] == '\n') {
            ++*line;
            *col = 1;
        } else if (((unsigned char)text[i] & 0xC0) != 0x80) {
            ++*col;
        }
    }
}

/* BOM off, CRLF and lone CR to LF; false when the bytes are no UTF-8 (a finding says where). */
static bool clean_source(struct context_source *s, char *text, size_t *len)
{
    size_t bad, out = 0, n = *len;
    int line, col;
    if (n >= 2 && ((text[0] == '\xff' && text[1] == '\xfe') || (text[0] == '\xfe' && text[1] == '\xff'))) {
        context_finding(s, "error", 1, 1, "save it as UTF-8", "the file is UTF-16");
        return false;
    }
    if (!text_utf8_valid(text, n, &bad)) {
        place_of(text, bad, &line, &col);
        context_finding(s, "error", line, col, "save it as UTF-8", "byte 0x%02x is not UTF-8",
                        (unsigned char)text[bad]);
        return false;
    }
    size_t in = n >= 3 && !memcmp(text, "\xef\xbb\xbf", 3) ? 3 : 0;
    bool lone = false;
    for (; in < n; in++) {
        if (text[in] != '\r') {
            text[out++] = text[in];
            continue;
        }
        if (in + 1 < n && text[in + 1] == '\n')
            continue;
        lone = true;
        text[out++] = '\n';
    }
    text[out] = '\0';
    *len = out;
    if (lone)
        context_finding(s, "warning", 1, 1, "save it with ordinary line ends",
                        "the file has lone carriage returns; each was read as a line end");
    return true;
}

static const char *ending(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && dot != name ? dot : "";
}

static void parse_file(struct context *c, const char *name, char *text, size_t len)
{
    json_t *file = json_object();
    struct context_source s = {.name = name, .text = text, .file = file, .findings = c->findings};
    const char *end = ending(name);
    js_set_str(file, "name", name);
    js_set_str(file, "kind", !strcmp(end, ".md") ? "markdown" : end + 1);
    js_set(file, "sections", json_array());
    js_set(file, "assumed", json_array());
    json_array_append_new(js_arr(c->doc, "files"), file);
    if (!clean_source(&s, text, &len))
        return;
    s.len = len;
    if (!strcmp(end, ".md")) {
        context_markdown(&s);
    } else if (!strcmp(end, ".csv")) {
        context_csv(&s);
    } else {
        struct err e = {0};
        json_t *v = js_parse(text, len, name, &e);
        if (!v)
            context_finding(&s, "error", 1, 1, "mend the JSON", "%s (%s)", e.what, e.where);
        js_set(file, "value", v ? v : json_null());
    }
}

static int load_file(struct context *c, const char *name, struct err *e)
{
    AUTO_FREE char *path = mem_printf("%s/%s", c->dir, name);
    AUTO_FREE char *text = NULL;
    size_t len;
    struct stat st;
    if (lstat(path, &st) < 0 || !S_ISREG(st.st_mode))
        return 0;
    if (fs_read(path, CONTEXT_FILE_MAX, &text, &len, e) < 0)
        return -1;
    parse_file(c, name, text, len);
    return 0;
}

static bool is_context_file(const char *name)
{
    const char *end = ending(name);
    return *name != '.' && (!strcmp(end, ".md") || !strcmp(end, ".csv") || !strcmp(end, ".json"));
}

int context_load(struct context *c, const char *dir, struct err *e)
{
    char **names;
    size_t n;
    memset(c, 0, sizeof *c);
    if (fs_list(dir, &names, &n, e) < 0)
        return err_fix(e, "make the folder context/ and write down what the business knows; 'zagent init' starts one");
    c->dir = mem_dup(dir);
    c->doc = json_object();
    c->findings = json_array();
    js_set(c->doc, "files", json_array());
    int rc = 0;
    for (size_t i = 0; i < n && rc == 0; i++)
        if (is_context_file(names[i]))
            rc = load_file(c, names[i], e);
    fs_list_free(names, n);
    if (rc < 0)
        context_release(c);
    return rc;
}

void context_release(struct context *c)
{
    free(c->dir);
    json_decref(c->doc);
    json_decref(c->findings);
    memset(c, 0, sizeof *c);
}

int context_digest(const struct context *c, char hex[65], struct err *e)
{
    struct digest *d = digest_new();
    json_t *file;
    size_t i;
    int rc = 0;
    json_array_foreach (js_arr(c->doc, "files"), i, file) {
        AUTO_FREE char *path = mem_printf("%s/%s", c->dir, js_str(file, "name"));
        AUTO_FREE char *text = NULL;
        size_t len = 0;
        if (rc == 0)
            rc = fs_read(path, CONTEXT_FILE_MAX, &text, &len, e);
        digest_feed(d, js_str(file, "name"), strlen(js_str(file, "name")) + 1);
        digest_feed(d, &len, sizeof len);
        digest_feed(d, text ? text : "", len);
    }
    digest_finish(d, hex);
    return rc;
}
