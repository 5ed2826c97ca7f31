/* Operators and brackets. */
#include "deluge/lexer.h"

static const struct {
    char text[3];
    uint8_t kind;
} twos[] = {
    {"==", DG_T_EQ},
    {"!=", DG_T_NE},
    {"<=", DG_T_LE},
    {">=", DG_T_GE},
    {"&&", DG_T_AND},
    {"||", DG_T_OR},
    {"+=", DG_T_PLUS_ASSIGN},
    {"-=", DG_T_MINUS_ASSIGN},
    {"*=", DG_T_STAR_ASSIGN},
    {"/=", DG_T_SLASH_ASSIGN},
    {"%=", DG_T_PERCENT_ASSIGN},
    {"++", DG_T_INC},
    {"--", DG_T_DEC},
    {"->", DG_T_ARROW},
    {"=>", DG_T_FAT_ARROW},
};

static const uint8_t ones[128] = {
    ['('] = DG_T_LPAREN,   [')'] = DG_T_RPAREN, ['{'] = DG_T_LBRACE,  ['}'] = DG_T_RBRACE, ['['] = DG_T_LBRACKET,
    [']'] = DG_T_RBRACKET, [','] = DG_T_COMMA,  [';'] = DG_T_SEMI,    [':'] = DG_T_COLON,  ['.'] = DG_T_DOT,
    ['='] = DG_T_ASSIGN,   ['<'] = DG_T_LT,     ['>'] = DG_T_GT,      ['+'] = DG_T_PLUS,   ['-'] = DG_T_MINUS,
    ['*'] = DG_T_STAR,     ['/'] = DG_T_SLASH,  ['%'] = DG_T_PERCENT, ['!'] = DG_T_NOT,    ['?'] = DG_T_QUESTION,
};

/* 0 in `ones` is the kind of a mark nowhere (DG_TOKENS begins with another), so it stands for none. */
static enum dg_token_kind kind_here(const struct lexer *x, size_t *n)
{
    char c = dg_x_look(x, 0), next = dg_x_look(x, 1);
    *n = 2;
    if (next && strchr("=&|+->", next))
        for (size_t i = 0; i < sizeof twos / sizeof *twos; i++)
            if (twos[i].text[0] == c && twos[i].text[1] == next)
                return (enum dg_token_kind)twos[i].kind;
    *n = 1;
    uint8_t one = (unsigned char)c < 128 ? ones[(unsigned char)c] : 0;
    return one ? (enum dg_token_kind)one : DG_T_OTHER;
}

void dg_x_mark(struct lexer *x)
{
    struct dg_span span = dg_x_here(x);
    bool fresh = x->fresh;
    size_t n;
    enum dg_token_kind kind = kind_here(x, &n);
    x->fresh = false;
    dg_x_steps(x, n);
    dg_x_put(x, kind, span, fresh);
}
