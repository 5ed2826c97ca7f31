#include "deluge/completion.h"

#include "base/mem.h"
#include "deluge/crm_task.h"
#include "deluge/words.h"

struct asking {
    const struct dg_script *s;
    const struct dg_name_source *names;
    dg_offer_sink sink;
    void *to;
    enum dg_offer_kind kind;
};

/* ── Where the cursor is ── */

/* The bracket around token i that makes it an argument: '(' of the call, or '{' of a map inside such a call. */
struct place {
    size_t open; /* the '(' */
    int arg;
    bool key; /* key of a map in that argument */
};

/* The nearest unclosed bracket before i; *commas counts those on its level. SIZE_MAX at the statement's begin. */
static size_t unclosed(const struct dg_script *s, size_t i, int *commas)
{
    size_t depth = 0;
    *commas = 0;
    while ((i = dg_word_before(s, i)) != SIZE_MAX) {
        enum dg_token_kind k = s->token[i].kind;
        if (k == DG_T_RPAREN || k == DG_T_RBRACE || k == DG_T_RBRACKET) {
            depth++;
        } else if (k == DG_T_LPAREN || k == DG_T_LBRACE || k == DG_T_LBRACKET) {
            if (depth-- == 0)
                return i;
        } else if (depth == 0 && k == DG_T_SEMI) {
            break;
        } else if (depth == 0 && k == DG_T_COMMA) {
            ++*commas;
        }
    }
    return SIZE_MAX;
}

static bool place_of(const struct dg_script *s, size_t i, struct place *p)
{
    size_t before = dg_word_before(s, i), open = unclosed(s, i, &p->arg);
    p->key = false;
    if (open != SIZE_MAX && s->token[open].kind == DG_T_LBRACE) {
        if (s->token[before].kind != DG_T_LBRACE && s->token[before].kind != DG_T_COMMA)
            return false; /* a value */
        p->key = true;
        open = unclosed(s, open, &p->arg);
    }
    p->open = open;
    return open != SIZE_MAX && s->token[open].kind == DG_T_LPAREN;
}

/* ── Which module a variable holds records of ── */

static bool is_name(const struct dg_script *s, size_t i, const struct dg_name *name)
{
    return i < s->n_tokens && s->token[i].kind == DG_T_NAME && s->token[i].name == name;
}

/* The '(' of the zoho.crm task that begins at token i, SIZE_MAX when none does. */
static size_t task_at(const struct dg_script *s, size_t i)
{
    if (i >= s->n_tokens || !dg_is(s->token[i].name, "zoho"))
        return SIZE_MAX;
    while (i < s->n_tokens && (s->token[i].kind == DG_T_NAME || s->token[i].kind == DG_T_DOT))
        i++;
    return i < s->n_tokens && s->token[i].kind == DG_T_LPAREN ? i : SIZE_MAX;
}

/* What the value beginning at token i came from: a task's module, or another variable. */
static const char *origin(const struct dg_script *s, size_t i, const struct dg_name **other, char *buf, size_t size)
{
    size_t open = task_at(s, i);
    if (open != SIZE_MAX)
        return dg_word_module(s, open, buf, size);
    if (i + 1 < s->n_tokens && s->token[i].kind == DG_T_NAME) {
        /* of.get(0) is a record of the list; of.get("Owner") is something else */
        bool first = i + 4 < s->n_tokens && s->token[i + 1].kind == DG_T_DOT && dg_is(s->token[i + 2].name, "get") &&
                     s->token[i + 3].kind == DG_T_LPAREN && s->token[i + 4].kind == DG_T_INT;
        if (first || s->token[i + 1].kind != DG_T_DOT)
            *other = s->token[i].name;
    }
    return NULL;
}

/* createRecord("M", name): what is written into it are fields of M. */
static const char *written_to(const struct dg_script *s, size_t open, const struct dg_name *name, char *buf,
                              size_t size)
{
    char path[DG_PATH_MAX];
    const struct dg_crm_task *task = dg_words_before(s, open, path, sizeof path) ? dg_crm_task(path) : NULL;
    if (!task || task->map < 0 || !is_name(s, dg_word_argument(s, open, task->map), name))
        return NULL;
    return dg_word_module(s, open, buf, size);
}

enum { HOPS = 3 };

static const char *module_of(const struct dg_script *s, const struct dg_name *name, size_t before, char *buf,
                             size_t size)
{
    const char *found = NULL;
    for (int hop = 0; name && !found && hop < HOPS; hop++) {
        const struct dg_name *other = NULL;
        for (size_t i = 0; i + 2 < s->n_tokens; i++) {
            const char *m = NULL;
            bool defined =
                is_name(s, i, name) && (s->token[i + 1].kind == DG_T_ASSIGN ||
                                        (s->token[i].role == DG_R_LOOP_VAR && dg_is(s->token[i + 1].name, "in")));
            if (defined && i < before)
                m = origin(s, i + 2, &other, buf, size);
            else if (s->token[i].kind == DG_T_LPAREN)
                m = written_to(s, i, name, buf, size);
            found = m ? m : found;
        }
        name = other;
    }
    return found;
}

/* ── Offers ── */

static void offer_name(void *to, const char *api_name, const char *label)
{
    struct asking *a = to;
    a->sink(a->to, &(struct dg_offer){a->kind, api_name, label ? label : "", NULL});
}

static void offer_names(struct asking *a, const char *module)
{
    a->kind = module ? DG_OFFER_FIELD : DG_OFFER_MODULE;
    if (a->names)
        a->names->each(a->names->ctx, module, offer_name, a);
}

static void in_text(struct asking *a, size_t i)
{
    static const char *const keyed[] = {"get", "put", "containkey", "containskey", "remove", "getjson"};
    char path[DG_PATH_MAX], module[DG_PATH_MAX];
    struct place p;
    if (!place_of(a->s, i, &p) || !dg_words_before(a->s, p.open, path, sizeof path))
        return;
    const struct dg_crm_task *task = dg_crm_task(path);
    if (task) {
        if (p.key && p.arg == task->map && dg_word_module(a->s, p.open, module, sizeof module))
            offer_names(a, module);
        else if (!p.key && p.arg == task->module)
            offer_names(a, NULL);
        return;
    }
    size_t method = dg_word_before(a->s, p.open), dot = dg_word_before(a->s, method);
    size_t on = dot == SIZE_MAX ? SIZE_MAX : dg_word_before(a->s, dot);
    if (p.key || p.arg != 0 || on == SIZE_MAX || a->s->token[dot].kind != DG_T_DOT || a->s->token[on].kind != DG_T_NAME)
        return;
    for (size_t k = 0; k < sizeof keyed / sizeof *keyed; k++)
        if (dg_is(a->s->token[method].name, keyed[k]) &&
            module_of(a->s, a->s->token[on].name, i, module, sizeof module))
            offer_names(a, module);
}

/* The part of "zoho.crm.upsert" after the prefix "zoho.": a space when more parts follow. */
static void below_zoho(struct asking *a, const char *prefix)
{
    size_t n = strlen(prefix), last = 0;
    char part[DG_PATH_MAX], shown[DG_PATH_MAX] = "";
    for (size_t i = 0; i < dg_docs_n; i++) {
        const char *rest = dg_docs[i].name + n, *dot;
        if (strncmp(dg_docs[i].name, prefix, n) != 0)
            continue;
        dot = strchr(rest, '.');
        size_t len = dot ? (size_t)(dot - rest) : strlen(rest);
        if (dot && len == last && strncmp(shown, rest, len) == 0)
            continue; /* rows of one space stand together */
        memcpy(part, rest, len);
        part[len] = '\0';
        bool function = strchr(dg_docs[i].signature, '(') != NULL;
        enum dg_offer_kind kind = dot ? DG_OFFER_SPACE : function ? DG_OFFER_FUNCTION : DG_OFFER_VARIABLE;
        a->sink(a->to, &(struct dg_offer){kind, part, "", dot ? NULL : &dg_docs[i]});
        if (dot) {
            memcpy(shown, part, len + 1);
            last = len;
        }
    }
}

static void built_ins(struct asking *a)
{
    for (size_t i = 0; i < dg_docs_n; i++)
        if (!strchr(dg_docs[i].name, '.'))
            a->sink(a->to, &(struct dg_offer){DG_OFFER_FUNCTION, dg_docs[i].name, "", &dg_docs[i]});
}

/* After the word or dot that ends at token `end` (one past it). */
static void in_code(struct asking *a, size_t end)
{
    char path[DG_PATH_MAX];
    size_t last = dg_word_before(a->s, end);
    if (last != SIZE_MAX && a->s->token[last].kind == DG_T_NAME)
        last = dg_word_before(a->s, last);
    if (last == SIZE_MAX || a->s->token[last].kind != DG_T_DOT) {
        built_ins(a);
        return;
    }
    if (dg_words_before(a->s, last, path, sizeof path - 1)) {
        char *v8 = strstr(path, ".v8");
        if (v8 && !v8[3])
            *v8 = '\0';
        size_t n = strlen(path);
        memcpy(path + n, ".", 2);
        if (strncmp(path, "zoho.", 5) == 0) {
            below_zoho(a, path);
            return;
        }
    }
    built_ins(a);
}

void dg_complete(const struct dg_script *s, size_t off, const struct dg_name_source *names, dg_offer_sink sink,
                 void *to)
{
    struct asking a = {s, names, sink, to, DG_OFFER_MODULE};
    size_t i = 0;
    off = off > s->len ? s->len : off;
    for (; i < s->n_tokens && s->token[i].kind != DG_T_EOF && s->token[i].span.off < off; i++) {
        const struct dg_token *t = &s->token[i];
        bool inside = off < t->span.end || (off == t->span.end && t->broken);
        bool line = t->kind == DG_T_COMMENT && s->text[t->span.off + 1] == '/';
        if (t->kind == DG_T_COMMENT && (inside || (line && off == t->span.end)))
            return;
        if ((t->kind == DG_T_TEXT || t->kind == DG_T_QUOTED) && inside) {
            in_text(&a, i);
            return;
        }
    }
    in_code(&a, i);
}
