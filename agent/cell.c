/* agent/cell.c — cleaning, and what is no value. */
#include "agent/cell.h"

#include <ctype.h>
#include <string.h>

#include <utf8proc.h>

#include "base/mem.h"
#include "base/sb.h"

enum { CELL_BYTES = 1 << 20 };

static bool is_blank(utf8proc_int32_t c)
{
    return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0x3000 ||
           utf8proc_category(c) == UTF8PROC_CATEGORY_ZS || c == 0x2028 || c == 0x2029;
}

/* Nobody sees them, and they make two equal codes differ. */
static bool is_unseen(utf8proc_int32_t c)
{
    return c < 32 || c == 0x7F || c == 0xAD || (c >= 0x80 && c < 0xA0) ||
           utf8proc_category(c) == UTF8PROC_CATEGORY_CF || (c >= 0xFE00 && c <= 0xFE0F);
}

char *cell_clean(const char *raw, unsigned *did)
{
    struct sb b = SB_INIT(CELL_BYTES);
    bool gap = false;
    utf8proc_int32_t c;
    for (utf8proc_ssize_t n; *raw; raw += n) {
        n = utf8proc_iterate((const utf8proc_uint8_t *)raw, -1, &c);
        if (n <= 0) {
            n = 1;
            c = 0xFFFD;
        }
        if (is_blank(c)) {
            *did |= c == ' ' || c == '\n' || c == '\r' || c == '\t' ? 0 : CELL_BLANKS;
            gap = b.len > 0;
        } else if (is_unseen(c)) {
            *did |= CELL_UNSEEN;
        } else {
            if (gap)
                sb_addc(&b, ' ');
            gap = false;
            if (c >= 0xFF01 && c <= 0xFF5E) {
                *did |= CELL_WIDE;
                c -= 0xFEE0;
            }
            sb_add_utf8(&b, (unsigned)c);
        }
    }
    return b.len ? sb_take(&b, "a cell", NULL) : mem_dup("");
}

char *cell_fold(const char *clean)
{
    size_t n = 0;
    char *out = mem_alloc(strlen(clean) + 1);
    bool gap = false;
    for (; *clean; clean++) {
        unsigned char c = (unsigned char)*clean;
        if (isalnum(c) || c >= 0x80 || c == '/' || c == '%' || c == '$') {
            if (gap && n)
                out[n++] = ' ';
            gap = false;
            out[n++] = (char)tolower(c);
        } else {
            gap = true;
        }
    }
    out[n] = '\0';
    return out;
}

static bool is_error(const char *s) /* #REF!, #N/A, #DIV/0!, #BEZUG!, #NAME? */
{
    size_t n = strlen(s);
    if (n < 3 || n > 16 || s[0] != '#')
        return false;
    return s[n - 1] == '!' || s[n - 1] == '?' || !strcmp(s, "#N/A") || !strcmp(s, "#NV") || !strncmp(s, "#SPILL", 6);
}

const char *cell_trouble(const char *s, const char **fix)
{
    *fix = "copy the column and paste it as values, then save again";
    if (*s == '=' || (*s == '@' && isalpha((unsigned char)s[1])) || !strncmp(s, "+=", 2))
        return "a formula instead of its value";
    *fix = "mend the formula in the spreadsheet; the cell has no value";
    if (is_error(s))
        return "a spreadsheet error instead of a value";
    *fix = "make the column wider before saving: the value itself is not in the file";
    if (strlen(s) > 2 && s[strspn(s, "#")] == '\0')
        return "the column was too narrow to show the value";
    return NULL;
}

char *cell_plain(struct dec d, char out[DEC_TEXT])
{
    size_t n = dec_print(d, out);
    if (memchr(out, '.', n)) {
        while (n > 1 && out[n - 1] == '0')
            n--;
        n -= out[n - 1] == '.';
        out[n] = '\0';
    }
    return out;
}
