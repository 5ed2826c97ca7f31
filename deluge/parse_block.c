/* Task blocks: key :value pairs without separators, and the fields of insert into. */
#include "base/mem.h"
#include "deluge/parser.h"

static const struct {
    const char *word;
    enum dg_task_kind kind;
} tasks[] = {
    {"invokeurl", DG_INVOKEURL}, {"invokeapi", DG_INVOKEAPI}, {"sendmail", DG_SENDMAIL}, {"sendsms", DG_SENDSMS}};

bool dg_p_task_here(struct dg_parser *p, enum dg_task_kind *kind)
{
    if (dg_p_at_word(p, 0, "insert") && dg_p_at_word(p, 1, "into")) {
        *kind = DG_INSERT;
        return true;
    }
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++)
        if (dg_p_at_word(p, 0, tasks[i].word) && dg_p_tok(p, 1)->kind == DG_T_LBRACKET) {
            *kind = tasks[i].kind;
            return true;
        }
    return false;
}

bool dg_p_task_in_wrong_brackets(struct dg_parser *p)
{
    const struct dg_token *open = dg_p_tok(p, 1);
    bool pairs = dg_p_tok(p, 2)->kind == DG_T_NAME && dg_p_tok(p, 3)->kind == DG_T_COLON;
    bool task = false;
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++)
        task = task || dg_p_at_word(p, 0, tasks[i].word);
    if (!task || !pairs || (open->kind != DG_T_LPAREN && open->kind != DG_T_LBRACE))
        return false;
    struct dg_diag *g = dg_p_error(p, "DL015", open->span, "the block of '%s' stands in [ ]", dg_p_tok(p, 0)->name->s);
    if (g)
        dg_diag_fix(g, "write [ and ] instead of %s", open->kind == DG_T_LPAREN ? "( and )" : "{ and }");
    p->at++;
    if (open->kind == DG_T_LBRACE)
        dg_p_skip_braces(p);
    return true;
}

/* Tokens of a key at the cursor: content-type, reply to, url; 0 when no "key :" stands here. */
static size_t key_tokens(struct dg_parser *p)
{
    size_t n = 0;
    if (dg_p_tok(p, n++)->kind != DG_T_NAME)
        return 0;
    while (n < 6) {
        const struct dg_token *t = dg_p_tok(p, n);
        if (t->kind == DG_T_COLON)
            return n;
        if (t->kind == DG_T_MINUS && dg_p_tok(p, n + 1)->kind == DG_T_NAME)
            n += 2;
        else if (t->kind == DG_T_NAME && !t->line_start)
            n++;
        else
            return 0;
    }
    return 0;
}

static const char *key_text(struct dg_parser *p, size_t n)
{
    AUTO_SB struct sb b = SB_INIT(400);
    for (size_t i = 0; i < n; i++) {
        const struct dg_token *t = dg_p_tok(p, i);
        bool after_word = i && dg_p_tok(p, i - 1)->kind == DG_T_NAME;
        if (t->kind == DG_T_NAME)
            sb_addf(&b, "%s%s", after_word ? " " : "", t->name->lower);
        else
            sb_addc(&b, '-');
    }
    return dg_arena_dupn(&p->s->arena, b.buf, b.len);
}

/* Keys whose value may be a bare word. */
static bool word_key(const char *key)
{
    static const char *const keys[] = {
        "type", "service", "content type", "content-type", "response-format", "response-decoding", "responseformat"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

static bool attachment_here(struct dg_parser *p)
{
    return dg_p_tok(p, 1)->kind == DG_T_COLON &&
           (dg_p_at_word(p, 0, "file") || dg_p_at_word(p, 0, "view") || dg_p_at_word(p, 0, "template"));
}

/* file:value; of Creator also view:Name and template:Name:record, `as PDF` behind (seen in public scripts). The tree keeps
 * the last value: nothing but a live org can send them. */
static struct dg_expr *attachment(struct dg_parser *p)
{
    struct dg_expr *e = dg_p_expr_new(p, DG_FILE, dg_p_next(p, DG_R_NONE)->span);
    do {
        dg_p_next(p, DG_R_NONE);
        e->inner = dg_p_expr(p);
    } while (!p->panic && dg_p_at(p, DG_T_COLON));
    if (!p->panic && dg_p_at_word(p, 0, "as")) {
        dg_p_next(p, DG_R_WORD);
        dg_p_expr(p);
    }
    return dg_p_expr_done(p, e);
}

static struct dg_expr *one_value(struct dg_parser *p, const char *key)
{
    if (attachment_here(p))
        return attachment(p);
    struct dg_expr *e = dg_p_expr(p);
    if (word_key(key) && e->kind == DG_NAME)
        e->kind = DG_WORD;
    return e;
}

static void separator_mistake(struct dg_parser *p, const char *rule)
{
    const struct dg_token *t = dg_p_tok(p, 0);
    struct dg_diag *g = dg_p_mistake(p, rule, t->span, "no '%s' stands between the parts of this block",
                                     dg_token_text((enum dg_token_kind)t->kind));
    if (g)
        dg_diag_fix(g, "remove it; each part begins on a line of its own");
}

/* url = "…": the parts of a block are pairs. One message a block. */
static void equals_mistake(struct dg_parser *p)
{
    struct dg_diag *g = dg_p_error(p, "DL015", dg_p_tok(p, 1)->span, "the parts of this block are written key :value");
    if (g)
        dg_diag_fix(g, "write ':' instead of '='");
}

static void pair(struct dg_parser *p, struct dg_field *f)
{
    size_t n = key_tokens(p), cap = 0;
    if (!n && dg_p_at(p, DG_T_NAME) && dg_p_tok(p, 1)->kind == DG_T_ASSIGN) {
        equals_mistake(p);
        return;
    }
    if (!n) {
        dg_p_unexpected(p, "'key :value' or ']'");
        return;
    }
    f->key = key_text(p, n);
    struct dg_span start = dg_p_tok(p, 0)->span;
    for (size_t i = 0; i < n; i++)
        dg_p_next(p, i ? DG_R_KEY_MORE : DG_R_KEY);
    f->key_span = dg_p_from(p, start);
    dg_p_next(p, DG_R_KEY_COLON);
    struct dg_expr **value = NULL;
    do {
        struct dg_expr *e = one_value(p, f->key);
        VEC_PUSH(value, f->n, cap, e);
        if (!p->panic && dg_p_at(p, DG_T_COMMA)) {
            p->at++;
            size_t words = key_tokens(p);
            bool next_key = (words == 1 || (words && dg_p_tok(p, 0)->line_start)) && !attachment_here(p) &&
                            !dg_p_typed_list_here(p);
            p->at--;
            if (next_key || dg_p_tok(p, 1)->kind == DG_T_RBRACKET) {
                separator_mistake(p, "DL015");
                dg_p_next(p, DG_R_NONE);
                break;
            }
        }
    } while (dg_p_take(p, DG_T_COMMA, DG_R_NONE));
    f->value = dg_p_keep(p, value, f->n, sizeof *value);
    if (!p->panic && dg_p_at(p, DG_T_SEMI) &&
        (dg_p_tok(p, 1)->kind == DG_T_RBRACKET || dg_p_tok(p, 1)->kind == DG_T_NAME)) {
        separator_mistake(p, "DL015");
        dg_p_next(p, DG_R_NONE);
    }
}

/* Tokens of Field or Address.city (zoho.com/deluge/help/composite-fields-usage) before a '=' at the cursor, or 0. */
static size_t field_tokens(struct dg_parser *p)
{
    size_t n = 1;
    while (dg_p_tok(p, n)->kind == DG_T_DOT && dg_p_tok(p, n + 1)->kind == DG_T_NAME)
        n += 2;
    return dg_p_at(p, DG_T_NAME) && dg_p_tok(p, n)->kind == DG_T_ASSIGN ? n : 0;
}

static void insert_field(struct dg_parser *p, struct dg_field *f)
{
    struct dg_token *t = dg_p_tok(p, 0);
    size_t n = field_tokens(p);
    if (!n) {
        dg_p_unexpected(p, "'Field = value' or ']'");
        return;
    }
    for (size_t i = 0; i < n; i++)
        dg_p_next(p, i ? DG_R_NONE : DG_R_FIELD);
    f->key_span = dg_p_from(p, t->span);
    f->key = n == 1 ? t->name->s : dg_arena_dupn(&p->s->arena, p->s->text + t->span.off, f->key_span.end - t->span.off);
    dg_p_next(p, DG_R_NONE);
    f->value = dg_arena_alloc(&p->s->arena, sizeof *f->value);
    f->value[0] = dg_p_expr(p);
    f->n = 1;
    if (!p->panic && (dg_p_at(p, DG_T_COMMA) || dg_p_at(p, DG_T_SEMI))) {
        separator_mistake(p, "DL019");
        dg_p_next(p, DG_R_NONE);
    }
}

enum { NEAR_TOKENS = 2000 };

/* After a mistake inside the block: to its ], so that what follows is read again; stays put when there is none near. */
static void skip_to_bracket(struct dg_parser *p)
{
    size_t depth = 0;
    for (size_t i = p->at; i < p->n && i < p->at + NEAR_TOKENS; i++) {
        const struct dg_token *t = p->tok[i];
        bool other = dg_p_begins_statement(p, i) && p->tok[i + 1]->kind != DG_T_ASSIGN;
        if (t->kind == DG_T_EOF || (depth == 0 && t->kind == DG_T_RBRACE) || other)
            return;
        if (t->kind == DG_T_LPAREN || t->kind == DG_T_LBRACKET || t->kind == DG_T_LBRACE)
            depth++;
        else if (depth && (t->kind == DG_T_RPAREN || t->kind == DG_T_RBRACKET || t->kind == DG_T_RBRACE))
            depth--;
        else if (t->kind == DG_T_RBRACKET) {
            p->at = i + 1;
            return;
        }
    }
}

static void close_task(struct dg_parser *p, struct dg_task *t)
{
    if (dg_p_take(p, DG_T_RBRACKET, DG_R_TASK_CLOSE)) {
        p->n_open--;
        return;
    }
    if (p->panic) {
        skip_to_bracket(p);
        return;
    }
    struct dg_span found = dg_p_tok(p, 0)->span;
    struct dg_diag *g = dg_p_error(p, "DL018", t->open, "this '[' is never closed");
    if (g) {
        g->other = found;
        g->other_text = "the script goes on here without ']'";
        dg_diag_fix(g, "put ']' before line %u", found.line);
    }
}

static bool block_ends(struct dg_parser *p, enum dg_task_kind kind)
{
    const struct dg_token *t = dg_p_tok(p, 0), *next = dg_p_tok(p, 1);
    bool goes_on =
        next->kind == DG_T_NAME || next->kind == DG_T_ASSIGN || next->kind == DG_T_DOT || next->kind == DG_T_LPAREN;
    if (kind != DG_INSERT && t->line_start && t->kind == DG_T_NAME && goes_on && !key_tokens(p))
        return true; /* a statement: the ] is missing */
    return t->kind == DG_T_RBRACKET || t->kind == DG_T_EOF || t->kind == DG_T_RBRACE || t->kind == DG_T_SEMI;
}

void dg_p_task(struct dg_parser *p, enum dg_task_kind kind, struct dg_task *t)
{
    struct dg_field *field = NULL;
    size_t n = 0, cap = 0;
    t->kind = kind;
    dg_p_next(p, DG_R_NONE);
    if (kind == DG_INSERT) {
        dg_p_next(p, DG_R_NONE);
        t->form = dg_p_tok(p, 0)->name;
        if (!dg_p_expect(p, DG_T_NAME, DG_R_NONE))
            return;
        if (dg_p_take(p, DG_T_DOT, DG_R_NONE)) { /* application.Form, as in a query */
            t->form = dg_p_tok(p, 0)->name;
            if (!dg_p_expect(p, DG_T_NAME, DG_R_NONE))
                return;
        }
    }
    t->open = dg_p_tok(p, 0)->span;
    if (!dg_p_open(p, DG_T_LBRACKET, DG_R_TASK_OPEN))
        return;
    bool equals = kind != DG_INSERT && dg_p_at(p, DG_T_NAME) && dg_p_tok(p, 1)->kind == DG_T_ASSIGN;
    while (!p->panic && (equals || !block_ends(p, kind))) {
        struct dg_field f = {.key = ""};
        if (kind == DG_INSERT)
            insert_field(p, &f);
        else
            pair(p, &f);
        if (f.n)
            VEC_PUSH(field, n, cap, f);
    }
    t->n = n;
    t->field = dg_p_keep(p, field, n, sizeof *field);
    close_task(p, t);
}
