/* What people write by habit or paste by mistake: the message names it and says what Deluge writes instead. One row a
 * habit, looked up where the parser would otherwise only say what it expected. */
#include <strings.h>

#include "base/mem.h"
#include "deluge/parser.h"

struct advice {
    const char *before, *found, *next; /* texts of three tokens in a row, "" = any; `found` is the one in the way */
    const char *rule, *message, *fix;
};

static const struct advice rows[] = {
    {"==", "=", "", "DL000", "Deluge has no '==='", "write =="},
    {"!=", "=", "", "DL000", "Deluge has no '!=='", "write !="},
    {"<", ">", "", "DL000", "Deluge has no '<>'", "write !="},
    {"", ":", "=", "DL000", "Deluge has no ':='", "write = alone"},
    {"", "and", "", "DL000", "Deluge has no 'and'", "write &&"},
    {"", "or", "", "DL000", "Deluge has no 'or'", "write ||"},
    {"not", "", "", "DL000", "Deluge has no 'not' here", "write ! before the condition"},
    {"", "&", "", "DL000", "Deluge has no '&'", "write && between conditions, + between texts"},
    {"", "|", "", "DL000", "Deluge has no '|'", "write || between conditions"},
    {"", "is", "not", "DL000", "'is not' stands only in criteria", "write != null"},
    {"", "is", "", "DL000", "'is' stands only in criteria", "write == null"},
    {"new", "", "", "DL000", "Deluge has no 'new'", "write Map() or List() alone"},
    {"", "`", "`", "DL000", "this line belongs to Markdown, not to the script", "remove it"},
    {"", "`", "", "DL000", "a text stands between two \", not between `", "write \"…\" and join the parts with +"},
    {"", "$", "", "DL000", "no name begins with '$'",
     "remove it; a field like $se_module is a text: .get(\"$se_module\")"},
    {"", "#", "", "DL000", "'#' begins no comment", "write //"},
    {"", ".", ".", "DL000", "'...' stands for something that is missing", "write it out"},
    {".", ".", "", "DL000", "two dots in a row", "remove one"},
    {".", ";", "", "DL000", "nothing stands after this '.'",
     "write the name of a field or function, or remove the '.'"},
    {",", ",", "", "DL000", "nothing stands between these two commas", "remove one"},
    {",", ")", "", "DL000", "nothing stands after this ','", "remove the ','"},
    {",", "}", "", "DL000", "nothing stands after this ','", "remove the ','"},
    {",", "]", "", "DL000", "nothing stands after this ','", "remove the ','"},
    {"(", ",", "", "DL000", "nothing stands before this ','", "remove the ','"},
};

static bool text_is(struct dg_parser *p, const struct dg_token *t, const char *wanted)
{
    size_t n = t->span.end - t->span.off;
    return !*wanted || (strlen(wanted) == n && strncasecmp(p->s->text + t->span.off, wanted, n) == 0);
}

/* A token that is a value of its own. */
static bool literal(const struct dg_token *t)
{
    return t->kind == DG_T_TEXT || t->kind == DG_T_QUOTED || t->kind == DG_T_NAME || t->kind == DG_T_INT;
}

/* An operator or '=' before the cursor that waits for its right side. */
static bool operator_before(const struct dg_token *t)
{
    return t && t->role == DG_R_BINARY && t->kind != DG_T_NAME;
}

static bool ends_here(const struct dg_token *t)
{
    return t->line_start || t->kind == DG_T_SEMI || t->kind == DG_T_RPAREN || t->kind == DG_T_RBRACE ||
           t->kind == DG_T_RBRACKET || t->kind == DG_T_COMMA || t->kind == DG_T_EOF;
}

static bool bracket_open(struct dg_parser *p, enum dg_token_kind closer)
{
    for (size_t i = p->n_open; i > p->stmt_open; i--)
        if (p->open[i - 1].kind == (closer == DG_T_RPAREN ? DG_T_LPAREN : DG_T_LBRACKET))
            return true;
    return false;
}

static struct dg_span both(struct dg_span from, struct dg_span to)
{
    from.end = to.end;
    from.end_line = to.end_line;
    from.end_col = to.end_col;
    return from;
}

static const struct advice *row_here(struct dg_parser *p, const struct dg_token *before)
{
    const struct dg_token *found = dg_p_tok(p, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct advice *a = &rows[i];
        if (text_is(p, found, a->found) && text_is(p, dg_p_tok(p, 1), a->next) &&
            (!*a->before || (before && text_is(p, before, a->before))))
            return a;
    }
    return NULL;
}

static void say(struct dg_parser *p, const char *rule, struct dg_span at, const char *message, const char *fix)
{
    struct dg_diag *g = dg_p_error(p, rule, at, "%s", message);
    if (g)
        dg_diag_fix(g, "%s", fix);
}

bool dg_p_advise(struct dg_parser *p, const char *wanted)
{
    const struct dg_token *before = p->at ? p->tok[p->at - 1] : NULL, *found = dg_p_tok(p, 0);
    enum dg_token_kind kind = (enum dg_token_kind)found->kind;
    bool value = strcmp(wanted, "a value") == 0;
    if (value && operator_before(before) && ends_here(found)) {
        dg_p_error(p, "DL000", before->span, "nothing stands after this '%s'",
                   dg_token_text((enum dg_token_kind)before->kind));
        return true;
    }
    const struct advice *a = row_here(p, before);
    if (a) {
        say(p, a->rule, before && *a->before ? both(before->span, found->span) : found->span, a->message, a->fix);
        return true;
    }
    if ((kind == DG_T_RPAREN || kind == DG_T_RBRACKET) && !bracket_open(p, kind)) {
        AUTO_FREE char *message = mem_printf("this '%s' closes nothing", dg_token_text(kind));
        say(p, "DL003", found->span, message, "remove it, or open the bracket it belongs to");
        return true;
    }
    if (value && kind == DG_T_LT && dg_p_tok(p, 1)->kind == DG_T_NAME) {
        say(p, "DL000", found->span, "no value begins with '<'", "replace a placeholder <…> by the value itself");
        return true;
    }
    return false;
}

const char *dg_p_advice_between(struct dg_parser *p, const char *wanted)
{
    const struct dg_token *before = p->at ? p->tok[p->at - 1] : NULL, *found = dg_p_tok(p, 0);
    if (!before || found->line_start || !literal(before) || !literal(found))
        return NULL;
    if (strncmp(wanted, "','", 3) == 0)
        return "put ',' between the two parts, or + to join them";
    if (before->kind == DG_T_NAME && found->kind == DG_T_NAME)
        return "put an operator or ';' between the two; words of a text stand in \"…\"";
    return before->kind == DG_T_INT ? "put an operator or ';' between the two"
                                    : "put + between the two; a \" inside a text is written \\\"";
}
