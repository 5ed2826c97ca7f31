/* Blocks: { statements }, and what is said when a brace is missing or one too many. */
#include "base/mem.h"
#include "deluge/parser.h"

/* Remembers the first block whose } stands further left or right than the line of its head: a brace is probably
 * missing inside it, and the end of the script would be a useless place to say so. */
static void note_indent(struct dg_parser *p, struct dg_span head, struct dg_span open, const struct dg_token *close)
{
    if (!p->doubt && close->line_start && close->span.line != head.line && close->span.col != head.col &&
        close->span.col != open.col) {
        p->doubt = true;
        p->doubt_span = open;
    }
}

static void unclosed_block(struct dg_parser *p, struct dg_span open)
{
    struct dg_span at = p->doubt ? p->doubt_span : open;
    struct dg_diag *g = dg_p_error(p, "DL003", at, "a '{' is never closed%s",
                                   p->doubt ? "; by the indentation it is this one" : ": this one");
    if (g)
        dg_diag_fix(g, "put '}' where the block of line %u ends", at.line);
}

/* `head` is the place of the word the block belongs to, `what` names it. False when there is no block. */
bool dg_p_block(struct dg_parser *p, struct dg_block *b, struct dg_span head, const char *what)
{
    if (p->panic)
        return false;
    struct dg_token *open = dg_p_tok(p, 0);
    b->span = open->span;
    if (open->kind != DG_T_LBRACE) {
        AUTO_FREE char *wanted = mem_printf("'{' after %s", what);
        dg_p_unexpected(p, wanted);
        return false;
    }
    size_t outer = p->stmt_open;
    dg_p_open(p, DG_T_LBRACE, DG_R_BLOCK_OPEN);
    size_t mine = p->n_open;
    if (dg_p_enter(p))
        dg_p_stmts(p, b, false);
    dg_p_leave(p);
    p->n_open = mine - 1;
    p->stmt_open = outer;
    if (p->panic)
        return false;
    struct dg_token *close = dg_p_tok(p, 0);
    if (dg_p_take(p, DG_T_RBRACE, DG_R_BLOCK_CLOSE))
        note_indent(p, head, open->span, close);
    else
        unclosed_block(p, open->span);
    b->span = dg_p_from(p, b->span);
    return true;
}

static void stray_close(struct dg_parser *p)
{
    const struct dg_token *t = dg_p_tok(p, 0);
    struct dg_diag *g = dg_p_mistake(p, "DL003", t->span, "this '}' closes nothing");
    if (g && p->doubt) {
        g->other = p->doubt_span;
        g->other_text = "by the indentation, this block was closed too early";
    }
    if (g)
        dg_diag_fix(g, "remove it, or open the block it belongs to");
    dg_p_next(p, DG_R_NONE);
}

/* x = 1;; and }; — no source says that the live editor refuses them: a note, unless the block was no Deluge anyway. */
static void empty_statement(struct dg_parser *p)
{
    struct dg_span at = dg_p_next(p, DG_R_STMT_END)->span;
    if (p->d->errors == p->before)
        dg_diag_fix(dg_diag_add(p->d, "DL004", DG_NOTE, at, "nothing stands before this ';'"), "remove it");
}

void dg_p_stmts(struct dg_parser *p, struct dg_block *b, bool outermost)
{
    struct dg_stmt **list = NULL;
    size_t n = 0, cap = 0;
    while (!dg_p_at(p, DG_T_EOF) && !dg_p_given_up(p)) {
        if (dg_p_at(p, DG_T_RBRACE)) {
            if (!outermost)
                break;
            stray_close(p);
            continue;
        }
        if (p->at && dg_p_at(p, DG_T_SEMI) &&
            (p->tok[p->at - 1]->kind == DG_T_SEMI || p->tok[p->at - 1]->kind == DG_T_RBRACE)) {
            empty_statement(p);
            continue;
        }
        size_t start = p->at;
        p->stmt_open = p->n_open;
        struct dg_stmt *s = outermost && dg_p_function_here(p) ? dg_p_function(p) : dg_p_stmt(p);
        VEC_PUSH(list, n, cap, s);
        if (p->panic)
            dg_p_sync(p, start);
    }
    b->n = n;
    b->stmt = dg_p_keep(p, list, n, sizeof *list);
}
