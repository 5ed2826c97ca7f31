#include "agent/context_read.h"
#include "base/digest.h"
#include "base/fs.h"
#include "base/secret.h"
#include "base/text.h"

#include <sys/stat.h>

static const char *const level_names[] = {"error", "warning", "note"};

void context_find(struct context_file *f, enum context_level level, size_t line, size_t col, const char *fix,
                  const char *text, ...)
{
    size_t n = json_array_size(f->c->findings);
    if (n > CONTEXT_MAX_FINDINGS)
        return;
    va_list ap;
    va_start(ap, text);
    AUTO_FREE char *what = mem_vprintf(text, ap);
    va_end(ap);
    AUTO_FREE char *clean = text_clean(what, false);
    json_t *j = json_object();
    /* An error, since one may be among those that are not listed. */
    bool last = n == CONTEXT_MAX_FINDINGS;
    js_set_str(j, "level", last ? "error" : level_names[level]);
    js_set_str(j, "file", f->path + strlen("context/"));
    js_set_int(j, "line", (int64_t)line);
    js_set_int(j, "col", (int64_t)col);
    js_set_str(j, "text", last ? "further findings are not listed" : clean);
    js_set_str(j, "fix", last ? "mend those above first" : fix);
    json_array_append_new(f->c->findings, j);
}

size_t context_columns(const char *s, size_t n)
{
    size_t cols = 0;
    for (size_t i = 0; i < n; i++)
        cols += ((unsigned char)s[i] & 0xC0) != 0x80;
    return cols;
}

struct context_lines context_split(const char *text, size_t len)
{
    struct context_lines l = {0};
    for (size_t at = 0; at < len;) {
        size_t end = at;
        while (end < len && text[end] != '\n' && text[end] != '\r')
            end++;
        VEC_PUSH(l.start, l.n, l.cap, at);
        VEC_PUSH(l.end, l.end_n, l.end_cap, end);
        at = end + 1 + (end + 1 < len && text[end] == '\r' && text[end + 1] == '\n');
    }
    return l;
}

void context_lines_release(struct context_lines *l)
{
    free(l->start);
    free(l->end);
    *l = (struct context_lines){0};
}

static void place(const char *text, size_t at, size_t *line, size_t *col)
{
    size_t from = 0;
    *line = 1;
    for (size_t i = 0; i < at; i++)
        if (text[i] == '\n' || (text[i] == '\r' && text[i + 1] != '\n')) {
            ++*line;
            from = i + 1;
        }
    *col = context_columns(text + from, at - from) + 1;
}

/* False when the bytes are not UTF-8 text: then the file is not read at all, rather than read wrongly. */
static bool check_encoding(struct context_file *f)
{
    const unsigned char *u = (const unsigned char *)f->text;
    size_t bad, line, col;
    if (f->len >= 2 && ((u[0] == 0xFF && u[1] == 0xFE) || (u[0] == 0xFE && u[1] == 0xFF))) {
        context_find(f, CONTEXT_ERROR, 1, 1, "save it again with the encoding UTF-8", "the file is UTF-16, not UTF-8");
        return false;
    }
    if (text_utf8_valid(f->text, f->len, &bad))
        return true;
    place(f->text, bad, &line, &col);
    if (u[bad] == 0)
        context_find(f, CONTEXT_ERROR, line, col, "save it again as UTF-8 text",
                     "a zero byte: this is not a text file");
    else
        context_find(f, CONTEXT_ERROR, line, col, "save it again with the encoding UTF-8 (it looks like Windows-1252)",
                     "byte 0x%02X is not UTF-8", (unsigned)u[bad]);
    return false;
}

/* What stands in context ends in plans, guides and the org, so a credential must not stand here. Its value is not repeated. */
static void check_secret(struct context_file *f, const char *s, size_t n, size_t line)
{
    AUTO_FREE char *text = mem_dupn(s, n);
    size_t at;
    if (secret_found(text, &at))
        context_find(f, CONTEXT_ERROR, line, context_columns(text, at) + 1, SECRET_FIX, SECRET_FOUND);
}

/* One finding of each sort a line. */
static void check_line(struct context_file *f, const char *s, size_t n, size_t line, bool lone_cr)
{
    if (n > CONTEXT_LINE_LONG)
        context_find(f, CONTEXT_WARNING, line, 1, "break it up, if it is meant to be read by people",
                     "the line is %zu bytes long", n);
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if ((c >= 0x20 && c != 0x7F) || c == '\t')
            continue;
        context_find(f, CONTEXT_ERROR, line, context_columns(s, i) + 1, "delete the invisible character",
                     "a control character (code %u)%s", (unsigned)c, c == 0x1B ? ", as terminals obey" : "");
        break;
    }
    if (lone_cr)
        context_find(f, CONTEXT_WARNING, line, context_columns(s, n) + 1, "save the file with LF line ends",
                     "a carriage return without line feed ends this line");
    check_secret(f, s, n, line);
}

static void check_lines(struct context_file *f)
{
    struct context_lines l = context_split(f->text, f->len);
    for (size_t i = 0; i < l.n; i++) {
        const char *end = f->text + l.end[i];
        check_line(f, f->text + l.start[i], l.end[i] - l.start[i], i + 1, end[0] == '\r' && end[1] != '\n');
    }
    context_lines_release(&l);
}

static const struct format {
    const char *suffix, *kind;
    void (*read)(struct context_file *f);
} formats[] = {
    {".md", "markdown", context_read_markdown},
    {".csv", "csv", context_read_csv},
    {".json", "json", context_read_json},
};

static const struct format *format_of(const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        size_t k = strlen(formats[i].suffix);
        if (name[0] != '.' && n > k && !text_casecmp(name + n - k, formats[i].suffix))
            return &formats[i];
    }
    return NULL;
}

static void read_file(struct context *c, const char *dir, const char *name, const struct format *format,
                      struct digest *d)
{
    AUTO_FREE char *path = mem_printf("context/%s", name), *disk = mem_printf("%s/%s", dir, name);
    AUTO_FREE char *bytes = NULL;
    struct context_file f = {.c = c, .path = path, .json = json_object()};
    struct err e = {0};
    size_t len = 0;
    js_set_str(f.json, "name", name);
    js_set_str(f.json, "path", path);
    js_set_str(f.json, "kind", format->kind);
    js_set(f.json, "sections", json_array());
    json_array_append_new(js_arr(c->doc, "files"), f.json);
    digest_feed(d, name, strlen(name) + 1);
    if (fs_read(disk, CONTEXT_FILE_MAX, &bytes, &len, &e) < 0) {
        context_find(&f, CONTEXT_ERROR, 1, 1, e.fix[0] ? e.fix : "make it an ordinary readable file", "%s", e.what);
        js_set_bool(f.json, "unreadable", true);
        return;
    }
    char hex[65];
    digest_sha256(bytes, len, hex);
    digest_feed(d, hex, 64);
    size_t bom = len >= 3 && !memcmp(bytes, "\xEF\xBB\xBF", 3) ? 3 : 0;
    f.text = bytes + bom;
    f.len = len - bom;
    if (!check_encoding(&f)) {
        js_set_bool(f.json, "unreadable", true);
        return;
    }
    check_lines(&f);
    f.seen = json_object();
    format->read(&f);
    json_decref(f.seen);
}

int context_load(struct context *c, const char *dir, struct err *e)
{
    *c = (struct context){0};
    char **names;
    size_t n;
    if (fs_list(dir, &names, &n, e) < 0)
        return err_fix(e, "run 'zagent init' to make the folder");
    c->dir = mem_dup(dir);
    c->doc = json_object();
    c->findings = json_array();
    js_set(c->doc, "files", json_array());
    struct digest *d = digest_new();
    for (size_t i = 0; i < n; i++) {
        AUTO_FREE char *path = mem_printf("%s/%s", dir, names[i]);
        const struct format *format = format_of(names[i]);
        struct stat st;
        if (format && (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)))
            read_file(c, dir, names[i], format, d);
    }
    fs_list_free(names, n);
    char hex[65];
    digest_finish(d, hex);
    js_set_str(c->doc, "digest", hex);
    return 0;
}

void context_release(struct context *c)
{
    free(c->dir);
    json_decref(c->doc);
    json_decref(c->findings);
    *c = (struct context){0};
}

int context_digest(const struct context *c, char hex[65], struct err *e)
{
    const char *digest = js_str(c->doc, "digest");
    if (!digest)
        return err_set(e, ERR_BUG, "the context was not loaded");
    snprintf(hex, 65, "%s", digest);
    return 0;
}
