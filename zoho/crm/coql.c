#include "zoho/crm/coql.h"

#include <ctype.h>
#include <stdbool.h>
#include <strings.h>

#include "base/mem.h"

/* Offset of a keyword outside quotes, with white space on both sides (or the end after it); the text's length when absent. */
static size_t find_word(const char *q, const char *word)
{
    size_t n = strlen(word);
    bool quoted = false;
    for (size_t i = 0; q[i]; i++) {
        if (quoted && q[i] == '\\' && q[i + 1]) {
            i++;
        } else if (q[i] == '\'') {
            quoted = !quoted;
        } else if (!quoted && i > 0 && isspace((unsigned char)q[i - 1]) && strncasecmp(q + i, word, n) == 0 &&
                   (q[i + n] == '\0' || isspace((unsigned char)q[i + n]))) {
            return i;
        }
    }
    return strlen(q);
}

static char *trimmed(const char *s, size_t n)
{
    while (n > 0 && isspace((unsigned char)*s)) {
        s++;
        n--;
    }
    while (n > 0 && isspace((unsigned char)s[n - 1]))
        n--;
    return mem_dupn(s, n);
}

/* "order by id asc" and nothing more. */
static bool is_by_id(const char *tail)
{
    static const char *const word[] = {"order", "by", "id", "asc"};
    for (size_t i = 0; i < 4; i++) {
        tail += strspn(tail, " \t\r\n");
        size_t n = strlen(word[i]);
        if (*tail == '\0' && i == 3)
            return true;
        if (strncasecmp(tail, word[i], n) != 0 || (tail[n] && !isspace((unsigned char)tail[n])))
            return false;
        tail += n;
    }
    return tail[strspn(tail, " \t\r\n")] == '\0';
}

char *coql_page(const char *query, const char *after, struct err *e)
{
    size_t end = strlen(query);
    size_t order = find_word(query, "order");
    size_t where = find_word(query, "where");
    if (find_word(query, "limit") < end || (order < end && !is_by_id(query + order))) {
        err_set(e, ERR_CONFIG, "a query with its own order or limit: '%.120s'", query);
        err_fix(e, "leave both out: rows are read page by page in the order of id");
        return NULL;
    }
    if (where > order)
        where = order;
    AUTO_FREE char *head = trimmed(query, where);
    AUTO_FREE char *cond = where < order ? trimmed(query + where + 5, order - where - 5) : mem_dup("");
    const char *tail = "order by id asc limit 0, 2000";
    if (*cond && after)
        return mem_printf("%s where ((%s) and id > %s) %s", head, cond, after, tail);
    if (after)
        return mem_printf("%s where id > %s %s", head, after, tail);
    if (*cond)
        return mem_printf("%s where %s %s", head, cond, tail);
    /* Whether a query may go without a condition is unproven; Zoho's own samples say this (COQL-Limitations, v7). */
    return mem_printf("%s where id is not null %s", head, tail);
}
