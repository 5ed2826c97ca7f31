/* COQL in a text: DL061. Only in a script that speaks of COQL; other SQL (Analytics, a database) has other rules. */
#include <ctype.h>
#include <strings.h>

#include "base/mem.h"
#include "base/sb.h"
#include "deluge/checker.h"

/* zoho.com/crm/developer/docs/api/v8/Get-Records-through-COQL-Query: rows a call, columns. */
enum { MAX_ROWS = 2000, MAX_COLUMNS = 50, HOLE = 1 };

struct coql {
    bool spoken;             /* something is called coql or select_query */
    unsigned char *extended; /* by name index: more text is joined to this variable */
};

static bool speaks(const char *s)
{
    for (; (s = strpbrk(s, "cCsS")); s++)
        if (strncasecmp(s, "coql", 4) == 0 || strncasecmp(s, "select_query", 12) == 0)
            return true;
    return false;
}

static void note(struct dg_checker *c, struct dg_expr *e, const struct dg_place *at, void *ctx)
{
    (void)c, (void)at;
    struct coql *q = ctx;
    if (e->kind == DG_TEXT)
        q->spoken = q->spoken || speaks(e->text.s);
    if (e->kind == DG_CALL)
        q->spoken = q->spoken || speaks(e->call.name->s);
    if (e->kind == DG_BINARY && e->binary.op == DG_OP_ADD && e->binary.left->kind == DG_NAME)
        q->extended[e->binary.left->name->index] = 1;
}

/* The text as it will be, each value that is not known here a HOLE. */
static void flatten(const struct dg_expr *e, struct sb *out)
{
    if (e->kind == DG_PAREN) {
        flatten(e->inner, out);
    } else if (e->kind == DG_BINARY && e->binary.op == DG_OP_ADD) {
        flatten(e->binary.left, out);
        flatten(e->binary.right, out);
    } else if (e->kind == DG_TEXT) {
        sb_add(out, e->text.s);
    } else {
        sb_addc(out, HOLE);
    }
}

static bool word_at(const char *s, const char *p, const char *word)
{
    size_t n = strlen(word);
    bool before = p == s || !(isalnum((unsigned char)p[-1]) || p[-1] == '_');
    return before && strncasecmp(p, word, n) == 0 && !(isalnum((unsigned char)p[n]) || p[n] == '_');
}

/* The next such word outside '…', NULL when there is none. */
static const char *find_word(const char *s, const char *from, const char *word)
{
    bool quoted = false;
    for (const char *p = from; *p; p++) {
        quoted = quoted != (*p == '\'');
        if (!quoted && word_at(s, p, word))
            return p;
    }
    return NULL;
}

static void check_limit(struct dg_checker *c, const struct dg_expr *e, const char *s, const char *where)
{
    const char *p = find_word(s, where, "limit");
    if (!p)
        return;
    char *end;
    long rows = strtol(p + 5, &end, 10);
    while (*end == ' ')
        end++;
    if (*end == ',') /* offset, rows */
        rows = strtol(end + 1, &end, 10);
    if (rows > MAX_ROWS && *end != HOLE) {
        struct dg_diag *g = dg_c_find(c, "DL061", e->span, "limit %ld: a call gives %d rows at most", rows, MAX_ROWS);
        dg_diag_fix(g, "ask in steps: … and id > (the last id) order by id limit %d", MAX_ROWS);
    }
}

struct level {
    int joins;    /* and, or */
    bool between; /* the next "and" belongs to it */
};

/* More than two conditions in a row of one bracket level. Deeper than MAX_LEVELS nothing is said. */
static bool crowded(const char *s, const char *where)
{
    enum { MAX_LEVELS = 32 };
    struct level level[MAX_LEVELS] = {{0}};
    size_t at = 0;
    bool quoted = false;
    for (const char *p = where; *p; p++) {
        quoted = quoted != (*p == '\'');
        if (quoted)
            continue;
        if (at == 0 && (word_at(s, p, "order") || word_at(s, p, "group") || word_at(s, p, "limit")))
            return false;
        if (*p == '(' && ++at == MAX_LEVELS)
            return false;
        if (*p == '(')
            level[at] = (struct level){0};
        else if (*p == ')' && at > 0)
            at--;
        else if (word_at(s, p, "between"))
            level[at].between = true;
        else if (word_at(s, p, "and") && level[at].between)
            level[at].between = false;
        else if ((word_at(s, p, "and") || word_at(s, p, "or")) && ++level[at].joins > 1)
            return true;
    }
    return false;
}

static void check_query(struct dg_checker *c, const struct dg_expr *e, const char *s, bool whole)
{
    const char *from = find_word(s, s, "from"), *where = from ? find_word(s, from, "where") : NULL;
    int columns = 1;
    for (const char *p = s; from && p < from; p++)
        columns += *p == ',';
    if (!from)
        return;
    if (columns > MAX_COLUMNS)
        dg_c_find(c, "DL061", e->span, "%d columns: a query takes %d at most", columns, MAX_COLUMNS);
    if (!where && whole && !strchr(from, HOLE)) {
        struct dg_diag *g = dg_c_find(c, "DL061", e->span, "COQL wants a 'where'");
        dg_diag_fix(g, "write where id is not null when every record is meant");
    }
    check_limit(c, e, s, from);
    if (where && crowded(s, where)) {
        struct dg_diag *g = dg_c_find(c, "DL061", e->span, "three conditions in a row: COQL wants them in pairs");
        dg_diag_fix(g, "write ((a and b) and c)");
    }
}

static bool begins_query(const struct dg_expr *e)
{
    while (e->kind == DG_PAREN || (e->kind == DG_BINARY && e->binary.op == DG_OP_ADD))
        e = e->kind == DG_PAREN ? e->inner : e->binary.left;
    const char *s = dg_c_text(e);
    return s && strncasecmp(s + strspn(s, " "), "select ", 7) == 0;
}

/* Each place where a whole text stands: a value that is assigned, an argument, a value of a map. */
static void check_text(struct dg_checker *c, const struct coql *q, const struct dg_expr *e, const struct dg_name *kept)
{
    if (!begins_query(e))
        return;
    AUTO_SB struct sb b = SB_INIT(1 << 16);
    flatten(e, &b);
    if (!b.bad)
        check_query(c, e, b.buf, !kept || !q->extended[kept->index]);
}

static void check_expr(struct dg_checker *c, struct dg_expr *e, const struct dg_place *at, void *ctx)
{
    (void)at;
    for (size_t i = 0; e->kind == DG_CALL && i < e->call.n; i++)
        check_text(c, ctx, e->call.arg[i], NULL);
    for (size_t i = 0; e->kind == DG_MAP && i < e->map.n; i++)
        check_text(c, ctx, e->map.entry[i].value, NULL);
}

static void check_stmt(struct dg_checker *c, const struct dg_stmt *s, const struct dg_place *at, void *ctx)
{
    (void)at;
    if (s->kind == DG_S_ASSIGN && s->assign.target->kind == DG_NAME)
        check_text(c, ctx, s->assign.value, s->assign.target->name);
}

void dg_c_coql(struct dg_checker *c, const struct dg_function *f)
{
    struct coql q = {.extended = mem_zalloc(c->s->n_names + 1)};
    dg_c_walk_in(c, f, NULL, note, &q);
    if (q.spoken)
        dg_c_walk_in(c, f, check_stmt, check_expr, &q);
    free(q.extended);
}
