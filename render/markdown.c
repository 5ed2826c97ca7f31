/* Backslashes where a backslash works, entities where a parser would eat or move the character. The rules are CommonMark
 * 0.29's (backslash escapes, entity references) and GFM's for tables; what cannot open markup stays readable. */
#include "render/escape.h"

#include "base/text.h"

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool word(char c)
{
    return digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'z') || (c & 0x80);
}

/* Blanks at the ends are trimmed by tables and paragraphs, and four of them begin a code block. */
static bool edge_blank(const char *s, size_t n, size_t i)
{
    return s[i] == ' ' && (i == 0 || i == n - 1);
}

/* An underscore inside a word opens nothing: API names stay readable. */
static bool inner_underscore(const char *s, size_t n, size_t i)
{
    return i > 0 && i + 1 < n && word(s[i - 1]) && word(s[i + 1]);
}

static bool may_be_entity(const char *s, size_t n, size_t i)
{
    size_t j = i + 1;
    while (j < n && (word(s[j]) || s[j] == '#'))
        j++;
    return j == n || s[j] == ';';
}

/* "12." and "12)" at the start begin a list. */
static bool list_number(const char *s, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (!digit(s[j]))
            return false;
    return i < 11;
}

/* GFM makes links of https://x and www.x; with a backslash inside they are text. (Of a@b.c it always makes a link.) */
static bool address(const char *s, size_t i)
{
    return s[i] == '/' ? i > 0 && s[i - 1] == ':' : i >= 3 && strncasecmp(s + i - 3, "www", 3) == 0;
}

static bool needs_backslash(const char *s, size_t n, size_t i)
{
    switch (s[i]) {
    case '\\':
    case '`':
    case '*':
    case '[':
    case ']':
    case '<':
    case '>':
    case '#':
    case '|':
    case '~':
        return true;
    case '_':
        return !inner_underscore(s, n, i);
    case '&':
        return may_be_entity(s, n, i);
    case '!':
        return i == n - 1;
    case '.':
        return list_number(s, i) || address(s, i);
    case '/':
        return address(s, i);
    case ')':
        return list_number(s, i);
    case '-':
    case '+':
    case '=':
    case ':':
    case '(':
        return i == 0;
    default:
        return false;
    }
}

/* Controls and marks that turn the direction of text would act on whoever prints the file. */
static size_t hidden(const char *s, size_t n, unsigned *code)
{
    const unsigned char *u = (const unsigned char *)s;
    *code = u[0];
    if (u[0] < 0x20 || u[0] == 0x7F)
        return 1;
    if (n >= 2 && u[0] == 0xC2 && u[1] < 0xA0) {
        *code = u[1];
        return 2;
    }
    if (n < 3 || u[0] != 0xE2)
        return 0;
    *code = 0x2000U | (u[1] & 0x3FU) << 6 | (u[2] & 0x3FU);
    bool turns = (*code >= 0x200B && *code <= 0x200F) || (*code >= 0x2028 && *code <= 0x202E) ||
                 (*code >= 0x2060 && *code <= 0x2069);
    return turns ? 3 : 0;
}

void escape_markdown(struct sb *out, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned code;
        size_t bytes = edge_blank(s, n, i) ? 1 : hidden(s + i, n - i, &code);
        if (edge_blank(s, n, i))
            code = ' ';
        if (bytes > 0) {
            sb_addf(out, "&#%u;", code);
            i += bytes - 1;
            continue;
        }
        if (needs_backslash(s, n, i))
            sb_addc(out, '\\');
        sb_addc(out, s[i]);
    }
}
