/* Characters that come from documents, chat windows and web pages, not from a keyboard. */
#include "deluge/lexer.h"

enum pasted { PASTED_NONE, PASTED_SPACE, PASTED_QUOTE, PASTED_MARK };
struct dg_pasted {
    const char *utf8, *name;
    enum pasted what;
    enum dg_token_kind kind; /* of PASTED_MARK: what was meant */
    const char *instead;
};
static const struct dg_pasted pasted_rows[] = {
    {"\xC2\xA0", "a no-break space", PASTED_SPACE, DG_T_OTHER, "a plain space"},
    {"\xE2\x80\x8B", "a zero-width space", PASTED_SPACE, DG_T_OTHER, "nothing"},
    {"\xE2\x80\x8C", "a zero-width mark", PASTED_SPACE, DG_T_OTHER, "nothing"},
    {"\xE2\x80\x8D", "a zero-width mark", PASTED_SPACE, DG_T_OTHER, "nothing"},
    {"\xE2\x80\xAF", "a narrow no-break space", PASTED_SPACE, DG_T_OTHER, "a plain space"},
    {"\xE3\x80\x80", "a full-width space", PASTED_SPACE, DG_T_OTHER, "a plain space"},
    {"\xEF\xBB\xBF", "a byte order mark", PASTED_SPACE, DG_T_OTHER, "nothing"},
    {"\xE2\x80\x9C", "a typographic quote", PASTED_QUOTE, DG_T_TEXT, "\""},
    {"\xE2\x80\x9D", "a typographic quote", PASTED_QUOTE, DG_T_TEXT, "\""},
    {"\xE2\x80\x9E", "a typographic quote", PASTED_QUOTE, DG_T_TEXT, "\""},
    {"\xE2\x80\x98", "a typographic quote", PASTED_QUOTE, DG_T_QUOTED, "'"},
    {"\xE2\x80\x99", "a typographic quote", PASTED_QUOTE, DG_T_QUOTED, "'"},
    {"\xEF\xBC\x9B", "a full-width ';'", PASTED_MARK, DG_T_SEMI, ";"},
    {"\xEF\xBC\x8C", "a full-width ','", PASTED_MARK, DG_T_COMMA, ","},
    {"\xEF\xBC\x88", "a full-width '('", PASTED_MARK, DG_T_LPAREN, "("},
    {"\xEF\xBC\x89", "a full-width ')'", PASTED_MARK, DG_T_RPAREN, ")"},
    {"\xEF\xBC\x9A", "a full-width ':'", PASTED_MARK, DG_T_COLON, ":"},
    {"\xE2\x80\x93", "a typographic dash", PASTED_MARK, DG_T_MINUS, "-"},
    {"\xE2\x80\x94", "a typographic dash", PASTED_MARK, DG_T_MINUS, "-"},
    {"&amp;&amp;", "'&amp;&amp;' of HTML", PASTED_MARK, DG_T_AND, "&&"},
    {"&amp;", "'&amp;' of HTML", PASTED_MARK, DG_T_AND, "&&"},
    {"&lt;=", "'&lt;=' of HTML", PASTED_MARK, DG_T_LE, "<="},
    {"&lt;", "'&lt;' of HTML", PASTED_MARK, DG_T_LT, "<"},
    {"&gt;=", "'&gt;=' of HTML", PASTED_MARK, DG_T_GE, ">="},
    {"&gt;", "'&gt;' of HTML", PASTED_MARK, DG_T_GT, ">"},
    {"&quot;", "'&quot;' of HTML", PASTED_QUOTE, DG_T_TEXT, "\""},
    {"&#39;", "'&#39;' of HTML", PASTED_QUOTE, DG_T_QUOTED, "'"},
    {"&nbsp;", "'&nbsp;' of HTML", PASTED_SPACE, DG_T_OTHER, "a plain space"},
    {"\xE2\x80\xA6", "a typographic ellipsis", PASTED_MARK, DG_T_OTHER, "the values it stands for"},
};

const struct dg_pasted *dg_x_pasted_here(const struct lexer *x)
{
    unsigned char c = (unsigned char)dg_x_look(x, 0);
    if (c < 0x80 && c != '&')
        return NULL;
    for (size_t i = 0; i < sizeof pasted_rows / sizeof *pasted_rows; i++) {
        size_t n = strlen(pasted_rows[i].utf8);
        if (x->s->len - x->at >= n && memcmp(x->s->text + x->at, pasted_rows[i].utf8, n) == 0)
            return &pasted_rows[i];
    }
    return NULL;
}

/* key :”word” with nothing but a word inside: the live editor has let it pass as a name (a published sample has it). */
static bool pasted_word(const struct lexer *x, const struct dg_span *span)
{
    const struct dg_token *last = x->s->n_tokens >= 2 ? &x->s->token[x->s->n_tokens - 1] : NULL;
    if (!last || last->kind != DG_T_COLON || last[-1].kind != DG_T_NAME || !last[-1].line_start)
        return false;
    for (size_t i = span->off; i < x->at; i++) {
        unsigned char c = (unsigned char)x->s->text[i];
        if (!(c == '_' || c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
            return false;
    }
    return true;
}

/* “text” and ‘text’ become text, ； becomes ;: the parser goes on as if the right mark stood there. */
void dg_x_pasted(struct lexer *x, const struct dg_pasted *row)
{
    struct dg_span span = dg_x_here(x);
    bool fresh = x->fresh;
    dg_x_steps(x, strlen(row->utf8));
    if (row->what == PASTED_QUOTE) {
        const struct dg_pasted *close = NULL;
        while (!dg_x_ends_line(x) && dg_x_look(x, 0) != '"') {
            close = dg_x_pasted_here(x);
            if (close && close->what == PASTED_QUOTE)
                break;
            close = NULL;
            dg_x_step(x);
        }
        if (close)
            dg_x_steps(x, strlen(close->utf8));
        else if (dg_x_look(x, 0) == '"')
            dg_x_step(x);
    }
    bool word = row->what == PASTED_QUOTE && pasted_word(x, &span);
    if (row->what != PASTED_SPACE) {
        x->fresh = false;
        dg_x_put(x, row->kind, span, fresh)->broken = (row->what == PASTED_QUOTE && !word) || row->kind == DG_T_OTHER;
    }
    dg_x_close_span(x, &span);
    if (x->pasted_line == span.line || dg_x_enough(x))
        return;
    if (!word) /* a warning must not hide the error that a broken token needs */
        x->pasted_line = span.line;
    struct dg_diag *g = dg_diag_add(x->d, "DL005", word ? DG_WARNING : DG_ERROR, span,
                                    "%s: Deluge does not know this character", row->name);
    dg_diag_fix(g, "write %s instead (a document, chat window or web page changed it)", row->instead);
}
