#include "deluge/format.h"

#include "base/text.h"

struct printer {
    const struct dg_script *s;
    struct sb *out;
    int depth;         /* blocks and task blocks around */
    bool fresh;        /* at the beginning of a line */
    bool in_statement; /* a line that begins here goes on with a statement */
    const struct dg_token *last;
};

static void newline(struct printer *p)
{
    if (!p->fresh)
        sb_addc(p->out, '\n');
    p->fresh = true;
}

static void indent(struct printer *p, int depth)
{
    for (int i = 0; i < depth; i++)
        sb_addc(p->out, '\t');
    p->fresh = false;
}

/* The bytes of a token; CRLF inside a comment becomes LF, and white space at the end of its lines goes. */
static void verbatim(struct printer *p, const struct dg_token *t)
{
    const char *from = p->s->text + t->span.off, *end = p->s->text + t->span.end;
    if (t->kind != DG_T_COMMENT) {
        sb_addn(p->out, from, (size_t)(end - from));
        return;
    }
    while (from < end) {
        const char *stop = from;
        while (stop < end && *stop != '\n' && *stop != '\r')
            stop++;
        const char *kept = stop;
        while (kept > from && (kept[-1] == ' ' || kept[-1] == '\t'))
            kept--;
        sb_addn(p->out, from, (size_t)(kept - from));
        if (stop < end)
            sb_addc(p->out, '\n');
        from = stop + (stop < end) + (stop + 1 < end && stop[0] == '\r' && stop[1] == '\n');
    }
}

static bool line_comment(const struct printer *p, const struct dg_token *t)
{
    return t->kind == DG_T_COMMENT && p->s->text[t->span.off + 1] == '/';
}

static bool begins_line(const struct dg_token *t)
{
    return t->role == DG_R_STMT || t->role == DG_R_CLAUSE || t->role == DG_R_BLOCK_OPEN ||
           t->role == DG_R_BLOCK_CLOSE || t->role == DG_R_TASK_OPEN || t->role == DG_R_TASK_CLOSE ||
           t->role == DG_R_KEY || t->role == DG_R_FIELD;
}

/* After these a line ends, unless a comment follows on the same one. */
static bool ends_line(const struct dg_token *t)
{
    return t->role == DG_R_STMT_END || t->role == DG_R_BLOCK_OPEN || t->role == DG_R_BLOCK_CLOSE ||
           t->role == DG_R_TASK_OPEN;
}

/* ── Space between two tokens of one line ── */

static bool wordish(const struct dg_token *t)
{
    return t->kind == DG_T_NAME || t->kind == DG_T_INT || t->kind == DG_T_DECIMAL || t->kind == DG_T_TEXT ||
           t->kind == DG_T_QUOTED;
}

/* The editor writes "url :x" but "connection:x". */
static bool spaced_key(const struct dg_token *key)
{
    static const char *const keys[] = {"url",     "type",        "from",    "to",  "subject",
                                       "message", "attachments", "service", "path"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (key->role == DG_R_KEY && dg_is(key->name, keys[i]))
            return true;
    return false;
}

static int spaces_between(const struct dg_token *a, const struct dg_token *b)
{
    if (b->role == DG_R_LOOP_VAR)
        return 2;
    if (a->kind == DG_T_COMMENT || b->kind == DG_T_COMMENT)
        return 1;
    if (b->role == DG_R_KEY_COLON)
        return spaced_key(a);
    if (b->role == DG_R_KEY_MORE)
        return a->kind == DG_T_NAME && b->kind == DG_T_NAME;
    if (a->role == DG_R_BINARY || b->role == DG_R_BINARY || a->role == DG_R_WORD || b->role == DG_R_WORD)
        return 1;
    if (a->role == DG_R_UNARY && a->kind == DG_T_MINUS && b->kind == DG_T_MINUS)
        return 1; /* - -a is no --a */
    if (b->role == DG_R_HEAD && b->kind == DG_T_LPAREN)
        return 1;
    if (wordish(a) && (wordish(b) || b->role == DG_R_UNARY))
        return 1;
    if (a->role == DG_R_STMT && a->kind == DG_T_NAME && (b->kind == DG_T_LBRACE || b->kind == DG_T_LBRACKET))
        return b->kind == DG_T_LBRACE; /* return {…} */
    return 0;
}

/* ── Lines ── */

static void comment(struct printer *p, const struct dg_token *t)
{
    if (t->line_start || !p->last) {
        newline(p);
        indent(p, p->depth + p->in_statement);
    } else if (!p->fresh) {
        sb_addc(p->out, ' ');
    }
    verbatim(p, t);
    p->fresh = false;
}

static bool must_break(const struct printer *p, const struct dg_token *t)
{
    const struct dg_token *last = p->last;
    if (!last || begins_line(t) || line_comment(p, last) || last->role == DG_R_BLOCK_OPEN ||
        last->role == DG_R_TASK_OPEN || last->role == DG_R_BLOCK_CLOSE)
        return true;
    return last->kind == DG_T_COMMENT && last->line_start;
}

static void code(struct printer *p, const struct dg_token *t)
{
    if (t->role == DG_R_BLOCK_CLOSE || t->role == DG_R_TASK_CLOSE)
        p->depth--;
    if (must_break(p, t)) {
        newline(p);
        indent(p, p->depth + (p->in_statement && !begins_line(t)));
    } else {
        for (int n = spaces_between(p->last, t); n > 0; n--)
            sb_addc(p->out, ' ');
    }
    verbatim(p, t);
    if (t->role == DG_R_BLOCK_OPEN || t->role == DG_R_TASK_OPEN)
        p->depth++;
    p->in_statement = !ends_line(t) && t->role != DG_R_TASK_CLOSE;
}

int dg_format(const struct dg_script *s, struct sb *out, struct err *e)
{
    struct printer p = {.s = s, .out = out, .fresh = true};
    for (size_t i = 0; i + 1 < s->n_tokens; i++) {
        const struct dg_token *t = &s->token[i];
        if (t->broken || t->kind == DG_T_OTHER) {
            err_set(e, ERR_PARSE, "a script with mistakes cannot be formatted");
            err_at(e, "%s:%u:%u", s->file, t->span.line, t->span.col);
            return err_fix(e, "run 'zagent deluge check %s' and mend what it reports", s->file);
        }
        if (t->kind == DG_T_COMMENT)
            comment(&p, t);
        else
            code(&p, t);
        p.last = t;
    }
    newline(&p);
    return sb_check(out, s->file, e);
}
