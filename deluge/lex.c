#include "deluge/lex.h"

#include "base/mem.h"
#include "deluge/lexer.h"

void dg_x_step(struct lexer *x)
{
    unsigned char c = (unsigned char)x->s->text[x->at++];
    if (c == '\n' || (c == '\r' && dg_x_look(x, 0) != '\n')) {
        x->line++;
        x->col = 1;
        x->fresh = true;
    } else if (c != '\r' && (c & 0xC0u) != 0x80u) {
        x->col++;
    }
}

void dg_x_steps(struct lexer *x, size_t n)
{
    while (n-- && x->at < x->s->len)
        dg_x_step(x);
}

void dg_x_run(struct lexer *x, char stop)
{
    const char *t = x->s->text;
    size_t at = x->at;
    for (; at < x->s->len && t[at] != stop && t[at] != '\\' && t[at] != '\n' && t[at] != '\r'; at++)
        x->col += ((unsigned char)t[at] & 0xC0u) != 0x80u;
    x->at = at;
}

struct dg_span dg_x_here(const struct lexer *x)
{
    return (struct dg_span){(uint32_t)x->at, (uint32_t)x->at, x->line, x->col, x->line, x->col};
}

void dg_x_close_span(const struct lexer *x, struct dg_span *span)
{
    span->end = (uint32_t)x->at;
    span->end_line = x->line;
    span->end_col = x->col;
}

/* The parser stops at DG_MAX_ERRORS and says so; beyond that the lexer only counts one more. */
bool dg_x_enough(const struct lexer *x)
{
    return x->d->errors - x->before > DG_MAX_ERRORS;
}

struct dg_token *dg_x_put(struct lexer *x, enum dg_token_kind kind, struct dg_span span, bool fresh)
{
    struct dg_token t = {.kind = (uint8_t)kind, .line_start = fresh, .span = span};
    dg_x_close_span(x, &t.span);
    if (kind == DG_T_NAME)
        t.name = dg_name_get(&x->names, &x->s->arena, x->s->text + span.off, t.span.end - t.span.off);
    VEC_PUSH(x->s->token, x->s->n_tokens, x->cap, t);
    return &x->s->token[x->s->n_tokens - 1];
}

/* ── Names, numbers, marks ── */

static bool name_start(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool plain_name(unsigned char c)
{
    return (name_start(c) && c < 0x80) || digit((char)c);
}

static void lex_name(struct lexer *x)
{
    struct dg_span span = dg_x_here(x);
    bool fresh = x->fresh;
    x->fresh = false;
    do {
        dg_x_step(x);
        size_t begin = x->at;
        while (plain_name((unsigned char)dg_x_look(x, 0)))
            x->at++;
        x->col += (uint32_t)(x->at - begin);
    } while ((unsigned char)dg_x_look(x, 0) >= 0x80 && !dg_x_pasted_here(x));
    dg_x_put(x, DG_T_NAME, span, fresh);
}

static void lex_number(struct lexer *x)
{
    struct dg_span span = dg_x_here(x);
    bool fresh = x->fresh;
    x->fresh = false;
    uint64_t value = 0;
    bool big = false;
    for (; digit(dg_x_look(x, 0)); dg_x_step(x)) {
        unsigned d = (unsigned)(dg_x_look(x, 0) - '0');
        big = big || value > ((uint64_t)INT64_MAX - d) / 10;
        value = value * 10 + d;
    }
    if (dg_x_look(x, 0) == '.' && digit(dg_x_look(x, 1))) {
        dg_x_step(x);
        while (digit(dg_x_look(x, 0)))
            dg_x_step(x);
        dg_x_put(x, DG_T_DECIMAL, span, fresh);
        return;
    }
    struct dg_token *t = dg_x_put(x, DG_T_INT, span, fresh);
    if (!big)
        return;
    t->broken = true;
    if (dg_x_enough(x))
        return;
    struct dg_diag *g = dg_diag_add(x->d, "DL000", DG_ERROR, t->span, "the number does not fit 64 bits");
    dg_diag_fix(g, "write a long id as text: \"…\"");
}

static void lex_one(struct lexer *x)
{
    char c = dg_x_look(x, 0);
    const struct dg_pasted *row;
    if (c == ' ' || c == '\t') {
        x->at++;
        x->col++;
    } else if (c == '\n' || c == '\r' || c == '\f' || c == '\v')
        dg_x_step(x);
    else if ((row = dg_x_pasted_here(x)))
        dg_x_pasted(x, row);
    else if (c == '/' && dg_x_look(x, 1) == '/')
        dg_x_line_comment(x);
    else if (c == '/' && dg_x_look(x, 1) == '*')
        dg_x_block_comment(x);
    else if (c == '"' || c == '\'')
        dg_x_text(x, c);
    else if (name_start((unsigned char)c))
        lex_name(x);
    else if (digit(c))
        lex_number(x);
    else
        dg_x_mark(x);
}

static void find_lines(struct dg_script *s)
{
    size_t cap = 0;
    VEC_PUSH(s->line, s->n_lines, cap, 0);
    for (size_t i = 0; i < s->len; i++)
        if (s->text[i] == '\n' || (s->text[i] == '\r' && s->text[i + 1] != '\n'))
            VEC_PUSH(s->line, s->n_lines, cap, (uint32_t)(i + 1));
}

void dg_lex(struct dg_script *s, const char *text, size_t len, struct dg_diags *d)
{
    s->text = dg_arena_dupn(&s->arena, text, len);
    s->len = len;
    find_lines(s);
    struct lexer x = {.s = s, .d = d, .before = d->errors, .line = 1, .col = 1, .fresh = true};
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        s->bom = true;
        x.at = 3;
    }
    while (x.at < s->len)
        lex_one(&x);
    dg_x_put(&x, DG_T_EOF, dg_x_here(&x), true);
    s->n_names = x.names.n;
    s->name = dg_name_table_take(&x.names);
}

/* Known escapes are resolved; an unknown one keeps its backslash: "\d+" is a regex (facts measured on accepted
 * scripts). */
const char *dg_lex_decode(struct dg_script *s, const struct dg_token *t, size_t *len)
{
    const char *p = s->text + t->span.off, *end = s->text + t->span.end;
    char quote = t->kind == DG_T_TEXT ? '"' : '\'';
    if (p < end && *p == quote)
        p++;
    if (p < end && end[-1] == quote)
        end--;
    char *out = dg_arena_alloc(&s->arena, (size_t)(end - p) + 1);
    size_t n = 0;
    for (; p < end; p++) {
        static const char from[] = "\"'\\nrt", to[] = "\"'\\\n\r\t";
        const char *known = *p == '\\' && p + 1 < end ? memchr(from, p[1], sizeof from - 1) : NULL;
        out[n++] = known ? to[known - from] : *p;
        if (known)
            p++;
    }
    out[n] = '\0';
    *len = n;
    return out;
}
