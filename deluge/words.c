#include "deluge/words.h"

#include "deluge/crm_task.h"

#include "base/mem.h"

size_t dg_word_before(const struct dg_script *s, size_t i)
{
    while (i > 0)
        if (s->token[--i].kind != DG_T_COMMENT)
            return i;
    return SIZE_MAX;
}

const char *dg_words_before(const struct dg_script *s, size_t end, char *buf, size_t size)
{
    size_t first = dg_word_before(s, end), used = 0;
    if (first == SIZE_MAX || s->token[first].kind != DG_T_NAME)
        return NULL;
    for (;;) {
        size_t dot = dg_word_before(s, first);
        size_t name = dot == SIZE_MAX || s->token[dot].kind != DG_T_DOT ? SIZE_MAX : dg_word_before(s, dot);
        if (name == SIZE_MAX || s->token[name].kind != DG_T_NAME)
            break;
        first = name;
    }
    for (size_t i = first; i < end; i++) {
        const struct dg_token *t = &s->token[i];
        const char *part = t->kind == DG_T_NAME ? t->name->lower : t->kind == DG_T_DOT ? "." : "";
        size_t n = strlen(part);
        if (used + n + 1 > size)
            return NULL;
        memcpy(buf + used, part, n);
        used += n;
    }
    buf[used] = '\0';
    return buf;
}

static int step(enum dg_token_kind kind)
{
    if (kind == DG_T_LPAREN || kind == DG_T_LBRACE || kind == DG_T_LBRACKET)
        return 1;
    return kind == DG_T_RPAREN || kind == DG_T_RBRACE || kind == DG_T_RBRACKET ? -1 : 0;
}

size_t dg_word_argument(const struct dg_script *s, size_t open, int k)
{
    size_t only = SIZE_MAX, count = 0;
    int depth = 0, arg = 0;
    for (size_t i = open + 1; i < s->n_tokens && arg <= k; i++) {
        enum dg_token_kind kind = s->token[i].kind;
        if (kind == DG_T_COMMENT)
            continue;
        bool ends = depth == 0 && (kind == DG_T_COMMA || kind == DG_T_RPAREN);
        if (ends && arg == k)
            return count == 1 ? only : SIZE_MAX;
        if (depth < 0 || kind == DG_T_EOF || kind == DG_T_SEMI || (ends && kind == DG_T_RPAREN))
            break;
        if (ends) {
            arg++;
        } else if (arg == k) {
            only = i;
            count++;
        }
        depth += step(kind);
    }
    return SIZE_MAX;
}

const char *dg_word_module(const struct dg_script *s, size_t open, char *buf, size_t size)
{
    char path[DG_PATH_MAX];
    const struct dg_crm_task *task = dg_words_before(s, open, path, sizeof path) ? dg_crm_task(path) : NULL;
    size_t i = task && task->module >= 0 ? dg_word_argument(s, open, task->module) : SIZE_MAX;
    if (i == SIZE_MAX || s->token[i].kind != DG_T_TEXT || s->token[i].broken)
        return NULL;
    size_t n = s->token[i].span.end - s->token[i].span.off;
    if (n < 3 || n - 1 > size)
        return NULL;
    memcpy(buf, s->text + s->token[i].span.off + 1, n - 2);
    buf[n - 2] = '\0';
    return buf;
}
