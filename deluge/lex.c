#include "deluge/lex.h"

#include "base/mem.h"
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

static char look(const struct lexer *x, size_t ahead)
{
    return x->at + ahead < x->s->len ? x->s->text[x->at + ahead] : '\0';
}

static bool ends_line(const struct lexer *x)
{
    return x->at >= x->s->len || x->s->text[x->at] == '\n' || x->s->text[x->at] == '\r';
}

static void step(struct lexer *x)
{
    unsigned char c = (unsigned char)x->s->text[x->at++];
    if (c == '\n' || (c == '\r' && look(x, 0) != '\n')) {
        x->line++;
        x->col = 1;
        x->fresh = true;
    } else if (c != '\r' && (c & 0xC0u) != 0x80u) {
        x->col++;
    }
}

static void steps(struct lexer *x, size_t n)
{
    while (n-- && x->at < x->s->len)
        step(x);
}

static struct dg_span here(const struct lexer *x)
{
    return (struct dg_span){(uint32_t)x->at, (uint32_t)x->at, x->line, x->col, x->line, x->col};
}

static void close_span(const struct lexer *x, struct dg_span *span)
{
    span->end = (uint32_t)x->at;
    span->end_line = x->line;
    span->end_col = x->col;
}

/* The parser stops at DG_MAX_ERRORS and says so; beyond that the lexer only counts one more. */
static bool enough(const struct lexer *x)
{
    return x->d->errors - x->before > DG_MAX_ERRORS;
}

static struct dg_token *put(struct lexer *x, enum dg_token_kind kind, struct dg_span span, bool fresh)
{
    struct dg_token t = {.kind = (uint8_t)kind, .line_start = fresh, .span = span};
    close_span(x, &t.span);
    if (kind == DG_T_NAME)
        t.name = dg_name_get(&x->names, &x->s->arena, x->s->text + span.off, t.span.end - t.span.off);
    VEC_PUSH(x->s->token, x->s->n_tokens, x->cap, t);
    return &x->s->token[x->s->n_tokens - 1];
}

/* ── Characters that come from documents and chat windows, not from a keyboard ── */

enum pasted { PASTED_NONE, PASTED_SPACE, PASTED_QUOTE, PASTED_MARK };
struct pasted_row {
    const char *utf8, *name;
    enum pasted what;
    enum dg_token_kind kind; /* of PASTED_MARK: what was meant */
    const char *instead;
};
static const struct pasted_row pasted_rows[] = {
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
    {"\xE2\x80\xA6", "a typographic ellipsis", PASTED_MARK, DG_T_OTHER, "the values it stands for"},
};

static const struct pasted_row *pasted_here(const struct lexer *x)
{
    unsigned char c = (unsigned char)look(x, 0);
    if (c < 0x80)
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
static void lex_pasted(struct lexer *x, const struct pasted_row *row)
{
    struct dg_span span = here(x);
    bool fresh = x->fresh;
    steps(x, strlen(row->utf8));
    if (row->what == PASTED_QUOTE) {
        const struct pasted_row *close = NULL;
        while (!ends_line(x) && look(x, 0) != '"') {
            close = pasted_here(x);
            if (close && close->what == PASTED_QUOTE)
                break;
            close = NULL;
            step(x);
        }
        if (close)
            steps(x, strlen(close->utf8));
        else if (look(x, 0) == '"')
            step(x);
    }
    bool word = row->what == PASTED_QUOTE && pasted_word(x, &span);
    if (row->what != PASTED_SPACE) {
        x->fresh = false;
        put(x, row->kind, span, fresh)->broken = (row->what == PASTED_QUOTE && !word) || row->kind == DG_T_OTHER;
    }
    close_span(x, &span);
    if (x->pasted_line == span.line || enough(x))
        return;
    if (!word) /* a warning must not hide the error that a broken token needs */
        x->pasted_line = span.line;
    struct dg_diag *g = dg_diag_add(x->d, "DL005", word ? DG_WARNING : DG_ERROR, span,
                                    "%s: Deluge does not know this character", row->name);
    dg_diag_fix(g, "write %s instead (a document or chat window changed it)", row->instead);
}

/* ── Text and comments ── */

/* An unclosed text that ends on a later line, as HTML pasted over lines does: the place after its closing quote, or 0.
 * A quote that opens the next text is no such end: after an end comes an operator or a mark. */
static size_t text_end_on_later_line(const struct lexer *x, char quote)
{
    const char *t = x->s->text;
    size_t n = x->s->len, stop = x->at + 65536 < n ? x->at + 65536 : n;
    for (size_t i = x->at; i < stop; i++) {
        if (t[i] == '\\') {
            i++;
            continue;
        }
        if (t[i] != quote)
            continue;
        size_t k = i + 1;
        while (k < n && (t[k] == ' ' || t[k] == '\t'))
            k++;
        return k < n && strchr(";),+.}]:", t[k]) && t[k] ? i + 1 : 0;
    }
    return 0;
}

static void lex_text(struct lexer *x, char quote)
{
    struct dg_span span = here(x);
    bool fresh = x->fresh;
    x->fresh = false;
    step(x);
    while (!ends_line(x) && look(x, 0) != quote) {
        if (look(x, 0) == '\\' && x->at + 1 < x->s->len && look(x, 1) != '\n' && look(x, 1) != '\r')
            step(x);
        step(x);
    }
    enum dg_token_kind kind = quote == '"' ? DG_T_TEXT : DG_T_QUOTED;
    if (!ends_line(x)) {
        step(x);
        put(x, kind, span, fresh);
        return;
    }
    struct dg_span line = span;
    close_span(x, &line);
    size_t end = text_end_on_later_line(x, quote);
    if (end) {
        while (x->at < end)
            step(x);
        x->fresh = false;
    }
    put(x, kind, span, fresh)->broken = true;
    if (enough(x))
        return;
    if (end) {
        struct dg_diag *g = dg_diag_add(x->d, "DL001", DG_ERROR, line, "the text runs over the end of its line");
        dg_diag_fix(g, "end the text on line %u and join the lines with + \"\\n\" +", line.line);
    } else {
        struct dg_diag *g = dg_diag_add(x->d, "DL001", DG_ERROR, line, "the text has no closing %c", quote);
        dg_diag_fix(g, "put %c where the text ends; a %c inside it is written \\%c", quote, quote, quote);
    }
}

static void lex_line_comment(struct lexer *x)
{
    struct dg_span span = here(x);
    bool fresh = x->fresh;
    while (!ends_line(x))
        step(x);
    put(x, DG_T_COMMENT, span, fresh);
}

static void lex_block_comment(struct lexer *x)
{
    struct dg_span span = here(x);
    bool fresh = x->fresh;
    steps(x, 2);
    while (x->at < x->s->len && !(look(x, 0) == '*' && look(x, 1) == '/'))
        step(x);
    if (x->at < x->s->len) {
        steps(x, 2);
        x->fresh = false;
        put(x, DG_T_COMMENT, span, fresh);
        return;
    }
    put(x, DG_T_COMMENT, span, fresh)->broken = true;
    span.end = span.off + 2;
    struct dg_diag *g = dg_diag_add(x->d, "DL002", DG_ERROR, span, "the comment opened here is never closed");
    dg_diag_fix(g, "put */ where the comment ends");
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

static void lex_name(struct lexer *x)
{
    struct dg_span span = here(x);
    bool fresh = x->fresh;
    x->fresh = false;
    do
        step(x);
    while ((name_start((unsigned char)look(x, 0)) || digit(look(x, 0))) && !pasted_here(x));
    put(x, DG_T_NAME, span, fresh);
}

static void lex_number(struct lexer *x)
{
    struct dg_span span = here(x);
    bool fresh = x->fresh;
    x->fresh = false;
    uint64_t value = 0;
    bool big = false;
    for (; digit(look(x, 0)); step(x)) {
        unsigned d = (unsigned)(look(x, 0) - '0');
        big = big || value > ((uint64_t)INT64_MAX - d) / 10;
        value = value * 10 + d;
    }
    if (look(x, 0) == '.' && digit(look(x, 1))) {
        step(x);
        while (digit(look(x, 0)))
            step(x);
        put(x, DG_T_DECIMAL, span, fresh);
        return;
    }
    struct dg_token *t = put(x, DG_T_INT, span, fresh);
    if (!big)
        return;
    t->broken = true;
    if (enough(x))
        return;
    struct dg_diag *g = dg_diag_add(x->d, "DL000", DG_ERROR, t->span, "the number does not fit 64 bits");
    dg_diag_fix(g, "write a long id as text: \"…\"");
}

static void lex_mark(struct lexer *x)
{
    static const struct {
        char text[3];
        uint8_t kind;
    } marks[] = {
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
        {"(", DG_T_LPAREN},
        {")", DG_T_RPAREN},
        {"{", DG_T_LBRACE},
        {"}", DG_T_RBRACE},
        {"[", DG_T_LBRACKET},
        {"]", DG_T_RBRACKET},
        {",", DG_T_COMMA},
        {";", DG_T_SEMI},
        {":", DG_T_COLON},
        {".", DG_T_DOT},
        {"=", DG_T_ASSIGN},
        {"<", DG_T_LT},
        {">", DG_T_GT},
        {"+", DG_T_PLUS},
        {"-", DG_T_MINUS},
        {"*", DG_T_STAR},
        {"/", DG_T_SLASH},
        {"%", DG_T_PERCENT},
        {"!", DG_T_NOT},
        {"?", DG_T_QUESTION},
    };
    struct dg_span span = here(x);
    bool fresh = x->fresh;
    x->fresh = false;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const char *m = marks[i].text;
        if (look(x, 0) != m[0] || (m[1] && look(x, 1) != m[1]))
            continue;
        steps(x, strlen(m));
        put(x, (enum dg_token_kind)marks[i].kind, span, fresh);
        return;
    }
    step(x);
    put(x, DG_T_OTHER, span, fresh);
}

static void lex_one(struct lexer *x)
{
    char c = look(x, 0);
    const struct pasted_row *row = pasted_here(x);
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v')
        step(x);
    else if (row)
        lex_pasted(x, row);
    else if (c == '/' && look(x, 1) == '/')
        lex_line_comment(x);
    else if (c == '/' && look(x, 1) == '*')
        lex_block_comment(x);
    else if (c == '"' || c == '\'')
        lex_text(x, c);
    else if (name_start((unsigned char)c))
        lex_name(x);
    else if (digit(c))
        lex_number(x);
    else
        lex_mark(x);
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
    put(&x, DG_T_EOF, here(&x), true);
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
