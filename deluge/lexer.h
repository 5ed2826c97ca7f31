/*
 * deluge/lexer.h — what the lex_*.c files share: the place in the text, and the tokens put down so far.
 *
 * Files       lex.c names, numbers, the outermost loop · lex_text.c texts and comments · lex_mark.c operators and brackets ·
 *             lex_pasted.c characters that come from documents and web pages
 */
#ifndef DELUGE_LEXER_H
#define DELUGE_LEXER_H
#include "deluge/lex.h"
#include "deluge/lex_name.h"
#include "deluge/parse.h"

struct lexer {
    struct dg_script *s;
    struct dg_diags *d;
    struct dg_name_table names;
    size_t at;
    uint32_t line, col;
    size_t cap;
    bool fresh;           /* nothing but space since the line began */
    size_t before;        /* errors the caller had already */
    uint32_t pasted_line; /* the line of the last DL005, so that one line gives one message */
};

/* The byte at the cursor or behind it; '\0' past the end. */
static inline char dg_x_look(const struct lexer *x, size_t ahead)
{
    return x->at + ahead < x->s->len ? x->s->text[x->at + ahead] : '\0';
}

static inline bool dg_x_ends_line(const struct lexer *x)
{
    return x->at >= x->s->len || x->s->text[x->at] == '\n' || x->s->text[x->at] == '\r';
}

void dg_x_step(struct lexer *x);
void dg_x_steps(struct lexer *x, size_t n);
/* Over bytes of this line that are neither `stop` nor a backslash nor a line's end. */
void dg_x_run(struct lexer *x, char stop);
struct dg_span dg_x_here(const struct lexer *x);
void dg_x_close_span(const struct lexer *x, struct dg_span *span);
/* So many mistakes that the next one need not be said. */
bool dg_x_enough(const struct lexer *x);
/* A token from `span` to the cursor; `fresh`: the first of its line. Borrowed until the next one. */
struct dg_token *dg_x_put(struct lexer *x, enum dg_token_kind kind, struct dg_span span, bool fresh);

/* A row of the table in lex_pasted.c when such a character stands here. */
const struct dg_pasted *dg_x_pasted_here(const struct lexer *x);
void dg_x_pasted(struct lexer *x, const struct dg_pasted *row);
void dg_x_text(struct lexer *x, char quote);
void dg_x_line_comment(struct lexer *x);
void dg_x_block_comment(struct lexer *x);
void dg_x_mark(struct lexer *x);
#endif
