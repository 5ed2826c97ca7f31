#include "deluge/hover.h"

#include "base/mem.h"
#include "deluge/words.h"

static const struct dg_token *word_at(const struct dg_script *s, size_t off, size_t *index)
{
    for (size_t i = 0; i < s->n_tokens; i++) {
        const struct dg_token *t = &s->token[i];
        if (t->span.off > off)
            break;
        if (t->kind == DG_T_NAME && off <= t->span.end) {
            *index = i;
            return t;
        }
    }
    return NULL;
}

const struct dg_doc *dg_hover(const struct dg_script *s, size_t off, struct dg_span *at)
{
    char path[DG_PATH_MAX];
    size_t i;
    const struct dg_token *t = word_at(s, off, &i);
    if (!t)
        return NULL;
    *at = t->span;
    if (dg_words_before(s, i + 1, path, sizeof path) && strncmp(path, "zoho.", 5) == 0) {
        /* zoho.crm.v8.x is zoho.crm.x of a later version */
        char *v8 = strstr(path, ".v8.");
        if (v8)
            memmove(v8, v8 + 3, strlen(v8 + 3) + 1);
        return dg_doc_find(path);
    }
    size_t next = i + 1;
    while (next < s->n_tokens && s->token[next].kind == DG_T_COMMENT)
        next++;
    bool called = next < s->n_tokens && s->token[next].kind == DG_T_LPAREN;
    return called ? dg_doc_find(t->name->s) : NULL;
}
