#include "base/mem.h"
#include "deluge/parser.h"

struct dg_stmt *dg_p_stmt_new(struct dg_parser *p, enum dg_stmt_kind kind)
{
    struct dg_stmt *s = dg_arena_alloc(&p->s->arena, sizeof *s);
    s->kind = kind;
    s->id = p->s->n_stmts++;
    s->span = dg_p_tok(p, 0)->span;
    dg_p_tok(p, 0)->role = DG_R_STMT;
    return s;
}

struct dg_stmt *dg_p_stmt_done(struct dg_parser *p, struct dg_stmt *s)
{
    s->span = dg_p_from(p, s->span);
    if (p->panic)
        s->kind = s->kind == DG_S_EXPR || s->kind == DG_S_ASSIGN || s->kind == DG_S_RETURN ? DG_S_BAD : s->kind;
    return s;
}

/* The ; of a statement; `optional` after a task block and where the live editor wants none. */
void dg_p_end_statement(struct dg_parser *p, bool optional)
{
    if (p->panic || dg_p_take(p, DG_T_SEMI, DG_R_STMT_END) || optional)
        return;
    const struct dg_token *t = dg_p_tok(p, 0);
    if (t->broken || !(t->line_start || t->kind == DG_T_RBRACE || t->kind == DG_T_EOF)) {
        dg_p_unexpected(p, "';'");
        return;
    }
    struct dg_span at = dg_p_behind(p);
    struct dg_diag *g = dg_p_mistake(p, "DL004", at, "missing ';' after the statement");
    if (g)
        dg_diag_fix(g, "put ';' at the end of line %u", at.line);
}

/* ── One-word statements ── */

static struct dg_stmt *word_expr(struct dg_parser *p, enum dg_stmt_kind kind, bool optional)
{
    struct dg_stmt *s = dg_p_stmt_new(p, kind);
    dg_p_next(p, DG_R_NONE);
    struct dg_token *t = dg_p_tok(p, 0);
    if (t->kind == DG_T_LPAREN)
        t->role = DG_R_HEAD;
    if (!optional || !(t->kind == DG_T_SEMI || t->kind == DG_T_RBRACE || t->kind == DG_T_EOF || t->line_start))
        s->expr = dg_p_expr(p);
    dg_p_end_statement(p, false);
    return dg_p_stmt_done(p, s);
}

static struct dg_stmt *word_only(struct dg_parser *p, enum dg_stmt_kind kind, int words)
{
    struct dg_stmt *s = dg_p_stmt_new(p, kind);
    while (words--)
        dg_p_next(p, DG_R_NONE);
    dg_p_end_statement(p, false);
    return dg_p_stmt_done(p, s);
}

static struct dg_stmt *mail_stmt(struct dg_parser *p, enum dg_task_kind kind)
{
    struct dg_stmt *s = dg_p_stmt_new(p, DG_S_MAIL);
    dg_p_task(p, kind, &s->task);
    dg_p_end_statement(p, true);
    return dg_p_stmt_done(p, s);
}

static struct dg_stmt *delete_stmt(struct dg_parser *p)
{
    struct dg_stmt *s = dg_p_stmt_new(p, DG_S_DELETE);
    dg_p_next(p, DG_R_NONE);
    dg_p_next(p, DG_R_NONE);
    s->expr = dg_p_expr(p);
    dg_p_end_statement(p, false);
    return dg_p_stmt_done(p, s);
}

static struct dg_stmt *form_stmt(struct dg_parser *p)
{
    struct dg_stmt *s = dg_p_stmt_new(p, DG_S_FORM);
    struct dg_expr **path = NULL;
    size_t cap = 0;
    s->form.verb = dg_p_next(p, DG_R_NONE)->name;
    while (!dg_p_at(p, DG_T_SEMI)) { /* reload; alone reloads the form */
        struct dg_expr *e = dg_p_unary(p);
        VEC_PUSH(path, s->form.n, cap, e);
        if (!dg_p_take(p, DG_T_COMMA, DG_R_NONE))
            break;
    }
    s->form.path = dg_p_keep(p, path, s->form.n, sizeof *path);
    dg_p_end_statement(p, false);
    return dg_p_stmt_done(p, s);
}

/* ── Assignments and calls ── */

static bool assign_op(struct dg_parser *p)
{
    enum dg_token_kind k = (enum dg_token_kind)dg_p_tok(p, 0)->kind;
    return k == DG_T_ASSIGN || (k >= DG_T_PLUS_ASSIGN && k <= DG_T_PERCENT_ASSIGN);
}

static bool statement_worthy(const struct dg_expr *e)
{
    return e->kind == DG_CALL || e->kind == DG_TASK || e->kind == DG_COND || e->kind == DG_BAD;
}

/* `e` begins the statement and has been read. */
struct dg_stmt *dg_p_simple_rest(struct dg_parser *p, struct dg_stmt *s, struct dg_expr *e)
{
    s->kind = DG_S_EXPR;
    if (!p->panic && assign_op(p)) {
        s->kind = DG_S_ASSIGN;
        s->assign.target = e;
        s->assign.op = (enum dg_token_kind)dg_p_tok(p, 0)->kind;
        s->assign.op_span = dg_p_next(p, DG_R_BINARY)->span;
        if (e->kind != DG_NAME && e->kind != DG_MEMBER && e->kind != DG_ASPECT && e->kind != DG_BAD)
            dg_p_mistake(p, "DL000", e->span, "a value can only be given to a variable or a field");
        s->assign.value = dg_p_expr(p);
        dg_p_end_statement(p, false);
        return dg_p_stmt_done(p, s);
    }
    bool stepped = p->at && (p->tok[p->at - 1]->kind == DG_T_INC || p->tok[p->at - 1]->kind == DG_T_DEC);
    s->expr = e = dg_p_binary_from(p, e, 1);
    const struct dg_token *t = dg_p_tok(p, 0);
    bool ends = t->kind == DG_T_SEMI || t->kind == DG_T_RBRACE || t->kind == DG_T_EOF || t->line_start;
    if (ends && !p->panic && !stepped && !statement_worthy(e)) {
        struct dg_diag *g = dg_p_mistake(p, "DL000", e->span, "a value alone is no statement");
        if (g)
            dg_diag_fix(g, "give it to a variable, or remove it");
        dg_p_take(p, DG_T_SEMI, DG_R_STMT_END);
    } else {
        dg_p_end_statement(p, e->kind == DG_TASK);
    }
    return dg_p_stmt_done(p, s);
}

static struct dg_stmt *simple(struct dg_parser *p)
{
    struct dg_stmt *s = dg_p_stmt_new(p, DG_S_EXPR);
    return dg_p_simple_rest(p, s, dg_p_unary(p));
}

/* ── Which statement is it? A word is a keyword only where what follows fits, so `info`, `list`, `delete` stay names.
 * ── */

static bool name_goes_on(const struct dg_token *t)
{
    return t->kind == DG_T_ASSIGN || t->kind == DG_T_DOT || t->kind == DG_T_LPAREN || t->kind == DG_T_LBRACKET ||
           (t->kind >= DG_T_PLUS_ASSIGN && t->kind <= DG_T_DEC);
}

static bool form_verb(struct dg_parser *p)
{
    static const char *const verbs[] = {"hide", "show", "enable", "disable", "clear", "reload"};
    if (dg_p_at_word(p, 0, "reload") && dg_p_tok(p, 1)->kind == DG_T_SEMI)
        return true;
    if (dg_p_tok(p, 1)->kind != DG_T_NAME || dg_p_tok(p, 1)->line_start)
        return false;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (dg_p_at_word(p, 0, verbs[i]))
            return true;
    return false;
}

static struct dg_stmt *word_stmt(struct dg_parser *p)
{
    static const struct {
        const char *word;
        enum dg_stmt_kind kind;
    } words[] = {{"info", DG_S_INFO},   {"return", DG_S_RETURN},     {"throw", DG_S_THROW}, {"throws", DG_S_THROW},
                 {"break", DG_S_BREAK}, {"continue", DG_S_CONTINUE}, {"alert", DG_S_ALERT}};
    const struct dg_token *next = dg_p_tok(p, 1);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!dg_p_at_word(p, 0, words[i].word))
            continue;
        enum dg_stmt_kind kind = words[i].kind;
        if (kind == DG_S_BREAK || kind == DG_S_CONTINUE)
            return name_goes_on(next) ? NULL : word_only(p, kind, 1);
        bool bracket =
            next->kind == DG_T_LPAREN && kind != DG_S_ALERT; /* info(x), return (x); alert(Field, x) is a call */
        bool list = next->kind == DG_T_LBRACKET && kind != DG_S_ALERT;
        if (name_goes_on(next) && !bracket && !list)
            return NULL;
        return word_expr(p, kind, kind == DG_S_RETURN);
    }
    return NULL;
}

/* foreach(x in list) */
static bool foreach_in_brackets(struct dg_parser *p)
{
    return dg_p_at_word(p, 0, "foreach") && dg_p_tok(p, 1)->kind == DG_T_LPAREN && dg_p_at_word(p, 3, "in");
}

struct dg_stmt *dg_p_stmt(struct dg_parser *p)
{
    const struct dg_token *next = dg_p_tok(p, 1);
    enum dg_task_kind kind;
    struct dg_stmt *s;
    if (dg_p_at(p, DG_T_LBRACE)) {
        s = dg_p_stmt_new(p, DG_S_BLOCK);
        dg_p_block(p, &s->block, s->span, "");
        return dg_p_stmt_done(p, s);
    }
    if (!dg_p_at(p, DG_T_NAME))
        return simple(p);
    if (dg_p_at_word(p, 0, "if") && (next->kind == DG_T_LPAREN || (next->kind == DG_T_NAME && !next->line_start)))
        return dg_p_if(p);
    if (dg_p_clause_here(p) && !name_goes_on(next))
        return dg_p_else_alone(p);
    if (dg_p_clause_here(p) && next->kind == DG_T_LPAREN)
        return dg_p_else_alone(p);
    if ((dg_p_at_word(p, 0, "for") && dg_p_at_word(p, 1, "each")) ||
        (dg_p_at_word(p, 0, "foreach") && !name_goes_on(next)) || foreach_in_brackets(p))
        return dg_p_for_each(p);
    if (dg_p_at_word(p, 0, "try") && next->kind == DG_T_LBRACE)
        return dg_p_try(p);
    if (dg_p_at_word(p, 0, "cancel") && dg_p_at_word(p, 1, "submit"))
        return word_only(p, DG_S_CANCEL_SUBMIT, 2);
    if (dg_p_at_word(p, 0, "delete") && dg_p_at_word(p, 1, "from"))
        return delete_stmt(p);
    if (dg_p_task_here(p, &kind) && (kind == DG_SENDMAIL || kind == DG_SENDSMS))
        return mail_stmt(p, kind);
    if (form_verb(p))
        return form_stmt(p);
    s = word_stmt(p);
    if (!s)
        s = dg_p_wrong_stmt(p);
    return s ? s : simple(p);
}
