#include "agent/marked.h"

#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "base/sb.h"

enum { MARKED_MAX = 1 << 20, CHECK_DIGITS = 16 };

char *marked_line(const char **at)
{
    const char *p = *at, *end = strchr(p, '\n');
    size_t n = end ? (size_t)(end - p) : strlen(p);
    *at = end ? end + 1 : p + n;
    while (n && (*p == '>' || *p == ' ')) {
        p++;
        n--;
    }
    while (n && (p[n - 1] == '\r' || p[n - 1] == ' '))
        n--;
    return mem_dupn(p, n);
}

static int check_sum(const char *lines, const char *given, const char *what, struct err *e)
{
    char hex[65];
    digest_sha256(lines, strlen(lines), hex);
    if (given && strlen(given) == CHECK_DIGITS && !strncmp(given, hex, CHECK_DIGITS))
        return 0;
    err_set(e, ERR_REFUSED, given ? "the %s were changed after the page made them" : "the %s are cut off", what);
    return err_fix(e, "ask for the file itself, as an attachment: mail programs break lines of pasted text");
}

char *marked_text(const char *text, const char *name, const char *what, struct err *e)
{
    AUTO_FREE char *begin = mem_printf("-----BEGIN ZAGENT %s-----", name);
    AUTO_FREE char *end = mem_printf("-----END ZAGENT %s-----", name);
    AUTO_FREE char *check = NULL;
    AUTO_SB struct sb lines = SB_INIT(MARKED_MAX);
    const char *at = strstr(text, begin);
    bool ended = false;
    if (!at) {
        err_set(e, ERR_PARSE, "there are no %s of a page in it", what);
        err_fix(e, "the page's button 'Save as file' makes the file that is wanted here");
        return NULL;
    }
    at += strlen(begin);
    while (*at && !ended) {
        AUTO_FREE char *line = marked_line(&at);
        ended = !strcmp(line, end);
        if (ended || !*line)
            continue;
        if (!strncmp(line, "check: ", 7)) {
            free(check);
            check = mem_dup(line + 7);
            continue;
        }
        sb_addf(&lines, "%s%s", lines.len ? "\n" : "", line);
    }
    if (sb_check(&lines, what, e) < 0 || check_sum(lines.buf, ended ? check : NULL, what, e) < 0)
        return NULL;
    return sb_take(&lines, what, e);
}
