/* Where a broken statement ends, and where the next one could begin. */
#include "base/mem.h"
#include "deluge/parser.h"

bool dg_p_statement_word(const struct dg_name *n)
{
    static const char *const words[] = {"if",      "for",       "try",    "return", "info",  "break", "continue",
                                        "throw",   "sendmail",  "insert", "delete", "alert", "else",  "catch",
                                        "cancel",  "sendsms",   "while",  "switch", "hide",  "show",  "enable",
                                        "disable", "invokeurl", "void",   "throws"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (dg_is(n, words[i]))
            return true;
    return false;
}

/* After these a line goes on. */
static bool continues(const struct dg_token *t)
{
    switch (t->kind) {
    case DG_T_SEMI:
    case DG_T_RBRACE:
    case DG_T_LBRACE:
    case DG_T_RPAREN:
    case DG_T_RBRACKET:
    case DG_T_NAME:
    case DG_T_INT:
    case DG_T_DECIMAL:
    case DG_T_TEXT:
    case DG_T_QUOTED:
    case DG_T_INC:
    case DG_T_DEC:
    case DG_T_OTHER:
        return false;
    default:
        return true;
    }
}

bool dg_p_begins_statement(struct dg_parser *p, size_t index)
{
    const struct dg_token *t = p->tok[index];
    if (!t->line_start || t->kind != DG_T_NAME || (index && continues(p->tok[index - 1])))
        return false;
    if (index + 1 >= p->n)
        return false;
    const struct dg_token *next = p->tok[index + 1];
    if (dg_p_statement_word(t->name))
        return next->kind != DG_T_COLON && next->kind != DG_T_COMMA;
    return next->kind == DG_T_ASSIGN || next->kind == DG_T_DOT || next->kind == DG_T_LPAREN ||
           (next->kind >= DG_T_PLUS_ASSIGN && next->kind <= DG_T_DEC);
}

/* A { that opens a block rather than a map: first or last on its line, with a statement or } after it. */
static bool opens_block(struct dg_parser *p, size_t index)
{
    return p->tok[index]->kind == DG_T_LBRACE && index + 1 < p->n && p->tok[index + 1]->line_start &&
           (p->tok[index + 1]->kind == DG_T_RBRACE || dg_p_begins_statement(p, index + 1));
}

/* Takes a closing bracket off the stack of the statement; false when nothing there fits. */
static bool unwind(struct dg_parser *p, uint8_t closer)
{
    uint8_t opener = closer == DG_T_RPAREN ? DG_T_LPAREN : closer == DG_T_RBRACE ? DG_T_LBRACE : DG_T_LBRACKET;
    for (size_t i = p->n_open; i > p->stmt_open; i--)
        if (p->open[i - 1].kind == opener) {
            p->n_open = i - 1;
            return true;
        }
    return false;
}

void dg_p_sync(struct dg_parser *p, size_t start)
{
    for (;;) {
        struct dg_token *t = p->tok[p->at];
        if (t->kind == DG_T_EOF)
            break;
        bool moved = p->at > start;
        if (moved && (dg_p_begins_statement(p, p->at) || opens_block(p, p->at)))
            break;
        if (t->kind == DG_T_RBRACE && !unwind(p, t->kind))
            break;
        if (t->kind == DG_T_RPAREN || t->kind == DG_T_RBRACKET)
            unwind(p, t->kind);
        if (t->kind == DG_T_LPAREN || t->kind == DG_T_LBRACE || t->kind == DG_T_LBRACKET) {
            struct dg_open o = {t->kind, t->span};
            VEC_PUSH(p->open, p->n_open, p->cap_open, o);
        }
        p->at++;
        if (t->kind == DG_T_SEMI)
            break;
    }
    p->n_open = p->stmt_open;
    p->panic = false;
}
