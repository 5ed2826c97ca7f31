#include "render/escape.h"

#include "base/mem.h"
#include "base/text.h"

static void plain(struct sb *out, const char *s, size_t n)
{
    sb_addn(out, s, n);
}

static void html(struct sb *out, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        switch (s[i]) {
        case '&':
            sb_add(out, "&amp;");
            break;
        case '<':
            sb_add(out, "&lt;");
            break;
        case '>':
            sb_add(out, "&gt;");
            break;
        case '"':
            sb_add(out, "&quot;");
            break;
        case '\'':
            sb_add(out, "&#39;");
            break;
        default:
            sb_addc(out, s[i]);
        }
}

/* Inside "…" Deluge knows \" \\ \n \r; another escape keeps its backslash, and a raw line break is refused by the editor.
 * Source: measured on 266 published scripts, and deluge/help/datatypes (zoho.com). */
static void deluge(struct sb *out, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        switch (s[i]) {
        case '"':
        case '\\':
            sb_addc(out, '\\');
            sb_addc(out, s[i]);
            break;
        case '\n':
            sb_add(out, "\\n");
            break;
        case '\r':
            sb_add(out, "\\r");
            break;
        default:
            sb_addc(out, s[i]);
        }
}

/* RFC 8259, section 7: the quote, the backslash and controls. */
static void json(struct sb *out, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c == '"' || c == '\\') {
            sb_addc(out, '\\');
            sb_addc(out, s[i]);
        } else if (c == '\n') {
            sb_add(out, "\\n");
        } else if (c < 0x20 || c == 0x7F) {
            sb_addf(out, "\\u%04x", (unsigned)c);
        } else {
            sb_addc(out, s[i]);
        }
    }
}

static void quoted(struct sb *out, const char *lead, const char *s, size_t n)
{
    sb_addc(out, '"');
    sb_add(out, lead);
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '"')
            sb_addc(out, '"');
        sb_addc(out, s[i]);
    }
    sb_addc(out, '"');
}

/* RFC 4180; ';' and tab too, because spreadsheets of some languages split there, and outer blanks, which readers trim. */
static void csv(struct sb *out, const char *s, size_t n)
{
    bool need = n > 0 && (s[0] == ' ' || s[n - 1] == ' ');
    for (size_t i = 0; i < n && !need; i++)
        need = memchr(",;\"\n\r\t", s[i], 6) != NULL;
    if (need)
        quoted(out, "", s, n);
    else
        sb_addn(out, s, n);
}

static bool plain_number(const char *s, size_t n)
{
    size_t i = n > 0 && (s[0] == '-' || s[0] == '+'), digits = 0, marks = 0;
    for (; i < n; i++) {
        if (s[i] == '.' && digits > 0 && i + 1 < n)
            marks++;
        else if (s[i] >= '0' && s[i] <= '9')
            digits++;
        else
            return false;
    }
    return digits > 0 && marks <= 1;
}

/* Characters that make a spreadsheet compute: OWASP "CSV Injection", also in their full-width forms, and after blanks or
 * quotes, which some programs drop on import. A plain number is no formula. */
static bool formula(const char *s, size_t n)
{
    static const char *const wide[] = {"\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"}; /* = + - @ */
    if (n == 0 || plain_number(s, n))
        return false;
    if (memchr("\t\r\n", s[0], 3))
        return true;
    size_t i = 0;
    while (i < n && memchr(" \t\r\n\"'", s[i], 6))
        i++;
    if (i < n && memchr("=+-@", s[i], 4))
        return true;
    for (size_t w = 0; w < sizeof wide / sizeof *wide; w++)
        if (n - i >= 3 && memcmp(s + i, wide[w], 3) == 0)
            return true;
    return false;
}

static void csv_sheet(struct sb *out, const char *s, size_t n)
{
    if (formula(s, n))
        quoted(out, "'", s, n);
    else
        csv(out, s, n);
}

static const struct {
    const char *name;
    void (*write)(struct sb *out, const char *s, size_t n);
    const char *suffix[3]; /* of file names, without .mustache */
} targets[RENDER_TARGET__MAX] = {
    [RENDER_PLAIN] = {"plain", plain, {0}},
    [RENDER_HTML] = {"html", html, {".html", ".htm"}},
    [RENDER_MARKDOWN] = {"markdown", escape_markdown, {".md"}},
    [RENDER_DELUGE] = {"deluge", deluge, {".dg", ".deluge", ".ds"}},
    [RENDER_JSON] = {"json", json, {".json"}},
    [RENDER_CSV] = {"csv", csv, {".csv"}},
    [RENDER_CSV_SHEET] = {"csv-sheet", csv_sheet, {0}},
};

const char *render_target_name(enum render_target t)
{
    return targets[t].name;
}

static bool ends_with(const char *s, size_t n, const char *suffix)
{
    size_t k = strlen(suffix);
    return n >= k && strncasecmp(s + n - k, suffix, k) == 0;
}

enum render_target render_target_for(const char *file)
{
    size_t n = strlen(file);
    if (ends_with(file, n, ".mustache"))
        n -= strlen(".mustache");
    for (int t = 0; t < RENDER_TARGET__MAX; t++)
        for (size_t i = 0; i < 3 && targets[t].suffix[i]; i++)
            if (ends_with(file, n, targets[t].suffix[i]))
                return (enum render_target)t;
    return RENDER_PLAIN;
}

void escape_to(struct sb *out, enum render_target t, const char *value, size_t n)
{
    targets[t].write(out, value, n);
}

char *render_escape(enum render_target t, const char *value)
{
    AUTO_SB struct sb out = SB_INIT(SIZE_MAX / 2);
    escape_to(&out, t, value, strlen(value));
    return sb_take(&out, "an escaped value", NULL);
}
