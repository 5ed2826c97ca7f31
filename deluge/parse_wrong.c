/* What people write from other languages: recognised, so that the message says what Deluge has instead. */
#include "deluge/parser.h"

bool dg_p_foreign_word(const struct dg_name *n)
{
    static const char *const words[] = {"while",    "do",  "foreach", "until", "unless", "elsif", "elseif", "elif",
                                        "function", "def", "func",    "fn",    "sub",    "case",  "finally"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (dg_is(n, words[i]))
            return true;
    return false;
}

/* Skips ( … ) at the cursor, whatever is in it. */
static void skip_brackets(struct dg_parser *p)
{
    int depth = 0;
    do {
        const struct dg_token *t = dg_p_tok(p, 0);
        if (t->kind == DG_T_EOF || t->kind == DG_T_RBRACE || t->kind == DG_T_LBRACE)
            return;
        depth += t->kind == DG_T_LPAREN;
        depth -= t->kind == DG_T_RPAREN;
        dg_p_next(p, DG_R_NONE);
    } while (depth > 0);
}

void dg_p_skip_braces(struct dg_parser *p)
{
    size_t depth = 0;
    for (size_t i = p->at; i < p->n && p->tok[i]->kind != DG_T_EOF; i++) {
        depth += p->tok[i]->kind == DG_T_LBRACE;
        if (depth == 0)
            return;
        if (p->tok[i]->kind == DG_T_RBRACE && --depth == 0) {
            p->at = i + 1;
            return;
        }
    }
}

/* while (…) {…}, for (…) {…}, switch (…) {…}, do {…}: one message, and the block is read as a block. */
static struct dg_stmt *loop(struct dg_parser *p)
{
    struct dg_token *word = dg_p_tok(p, 0);
    struct dg_stmt *s = dg_p_stmt_new(p, DG_S_BLOCK);
    bool is_switch = dg_p_at_word(p, 0, "switch");
    struct dg_diag *g = dg_p_mistake(p, "DL007", word->span, "Deluge has no '%s'", word->name->s);
    if (g)
        dg_diag_fix(
            g, "%s",
            is_switch ? "write if … else if … else"
                      : "write 'for each x in list'; a list of n: leftpad(\"1\",n).replaceAll(\" \",\"1,\").toList()");
    dg_p_next(p, DG_R_NONE);
    while (dg_p_at(p, DG_T_NAME) && !dg_p_tok(p, 0)->line_start && !p->panic)
        dg_p_next(p, DG_R_NONE); /* for x in list */
    if (dg_p_at(p, DG_T_LPAREN))
        skip_brackets(p);
    while (!dg_p_at(p, DG_T_LBRACE) && !dg_p_tok(p, 0)->line_start && !dg_p_at(p, DG_T_EOF))
        dg_p_next(p, DG_R_NONE);
    p->panic = false;
    if (is_switch)
        dg_p_skip_braces(p);
    else if (!dg_p_at(p, DG_T_LBRACE))
        p->panic = true;
    else
        dg_p_block(p, &s->block, word->span, word->name->s);
    return dg_p_stmt_done(p, s);
}

static bool type_word(const struct dg_name *n)
{
    static const char *const words[] = {"int",      "integer", "long", "float", "decimal", "double",
                                        "string",   "text",    "bool", "date",  "boolean", "list",
                                        "datetime", "map",     "var",  "let",   "const"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (dg_is(n, words[i]))
            return true;
    return false;
}

/* int n = 0; var n = 0; String s = ""; int n; */
static struct dg_stmt *typed_local(struct dg_parser *p)
{
    struct dg_token *type = dg_p_tok(p, 0);
    struct dg_diag *g = dg_p_mistake(p, "DL010", type->span, "a variable is not declared with '%s'", type->name->s);
    if (g)
        dg_diag_fix(g, "write %s = …; alone", dg_p_tok(p, 1)->name->s);
    dg_p_next(p, DG_R_NONE);
    if (dg_p_tok(p, 1)->kind != DG_T_SEMI)
        return dg_p_stmt(p);
    struct dg_stmt *s = dg_p_stmt_new(p, DG_S_BAD);
    dg_p_next(p, DG_R_NONE);
    dg_p_next(p, DG_R_STMT_END);
    return dg_p_stmt_done(p, s);
}

/* function f(a) {…} or  void f(a) {…}  inside a body. */
static struct dg_stmt *nested_function(struct dg_parser *p)
{
    struct dg_diag *g =
        dg_p_mistake(p, "DL011", dg_p_tok(p, 0)->span, "a function cannot stand inside a script's body");
    if (g)
        dg_diag_fix(g, "make it a function of its own in Setup and call it by namespace.name(…)");
    return dg_p_function(p);
}

struct dg_stmt *dg_p_wrong_stmt(struct dg_parser *p)
{
    static const char *const loops[] = {"while", "for", "switch", "do"};
    const struct dg_token *next = dg_p_tok(p, 1);
    bool called = next->kind == DG_T_LPAREN;
    for (size_t i = 0; i < sizeof loops / sizeof *loops; i++)
        if (dg_p_at_word(p, 0, loops[i]) && (called || next->kind == DG_T_LBRACE || next->kind == DG_T_NAME))
            return loop(p);
    if (next->kind != DG_T_NAME || next->line_start)
        return NULL;
    if (dg_p_function_here(p))
        return nested_function(p);
    enum dg_token_kind after = (enum dg_token_kind)dg_p_tok(p, 2)->kind;
    bool nothing = after == DG_T_SEMI && type_word(dg_p_tok(p, 0)->name);
    return after == DG_T_ASSIGN || nothing ? typed_local(p) : NULL;
}
