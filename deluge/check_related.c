/*
 * The XML of a custom related list: DL034. Its functions are known by their namespace, or by the elements in their texts.
 * Shape: <record><row no='1'><FL val='Column'>value</FL></row></record>, or <error><message>…</message></error>.
 */
#include "deluge/checker.h"

enum { N_ELEMENTS = 5 };
static const char *const opens[N_ELEMENTS] = {"<record", "<row", "<FL", "<error", "<message"};
static const char *const closes[N_ELEMENTS] = {"</record>", "</row>", "</FL>", "</error>", "</message>"};

struct related {
    size_t open[N_ELEMENTS], close[N_ELEMENTS];
    const struct dg_expr *first[N_ELEMENTS]; /* text with the first one */
    bool escapes;                            /* somewhere & or < is replaced, or CDATA stands around values */
    const struct dg_expr *raw;               /* first value joined into an FL as it is */
    const struct dg_kinds *k;
};

static size_t count(const char *s, const char *what)
{
    size_t n = 0;
    for (const char *p = strstr(s, what); p; p = strstr(p + 1, what))
        n++;
    return n;
}

static void note_text(struct related *r, const struct dg_expr *e)
{
    for (size_t i = 0; i < N_ELEMENTS; i++) {
        r->open[i] += count(e->text.s, opens[i]);
        r->close[i] += count(e->text.s, closes[i]);
        if (!r->first[i] && count(e->text.s, opens[i]))
            r->first[i] = e;
    }
    r->escapes = r->escapes || strstr(e->text.s, "CDATA") || strstr(e->text.s, "&amp;") || strstr(e->text.s, "&lt;");
}

/* … + "<FL val='Name'>" + value: a text of the org that may hold & or <. */
static void note_join(struct related *r, const struct dg_expr *e)
{
    const struct dg_expr *value = e->binary.right, *left = e->binary.left;
    const struct dg_expr *before = left->kind == DG_BINARY && left->binary.op == DG_OP_ADD ? left->binary.right : left;
    const char *s = dg_c_text(before);
    size_t n = s ? strlen(s) : 0;
    bool field = value->kind == DG_CALL && value->call.on && dg_is(value->call.name, "get") && value->call.n == 1;
    bool id = field && dg_c_text(value->call.arg[0]) && strcmp(dg_c_text(value->call.arg[0]), "id") == 0;
    if (!r->raw && n && s[n - 1] == '>' && strstr(s, "<FL") && field && !id)
        r->raw = value;
}

static void note(struct dg_checker *c, struct dg_expr *e, const struct dg_place *at, void *ctx)
{
    (void)c, (void)at;
    struct related *r = ctx;
    if (e->kind == DG_TEXT)
        note_text(r, e);
    if (e->kind == DG_BINARY && e->binary.op == DG_OP_ADD)
        note_join(r, e);
    if (e->kind == DG_CALL && (dg_is(e->call.name, "toxml") || dg_is(e->call.name, "encodeurl")))
        r->escapes = true;
}

static void check_stmt(struct dg_checker *c, const struct dg_stmt *s, const struct dg_place *at, void *ctx)
{
    (void)ctx;
    const char *text = s->kind == DG_S_RETURN && s->expr ? dg_c_text(s->expr) : NULL;
    if (!text || !at->function || !dg_is(at->function->space, "related_list") || *text == '<')
        return;
    struct dg_diag *g = dg_c_find(c, "DL034", s->expr->span, "a related list shows XML; this text leaves it empty");
    dg_diag_fix(g, "return \"<error><message>…</message></error>\"");
}

void dg_c_related(struct dg_checker *c, const struct dg_function *f)
{
    struct related r = {.raw = NULL};
    dg_c_walk_in(c, f, check_stmt, note, &r);
    if (!r.open[0] || !r.open[1]) /* no rows of a record: other XML */
        return;
    for (size_t i = 0; i < N_ELEMENTS; i++)
        if (r.open[i] && !r.close[i]) {
            struct dg_diag *g =
                dg_c_find(c, "DL034", r.first[i]->span, "'%s' is opened and nowhere closed", opens[i] + 1);
            dg_diag_fix(g, "add \"%s\"", closes[i]);
        }
    if (r.raw && !r.escapes) {
        struct dg_diag *g = dg_c_find(c, "DL034", r.raw->span, "a value with & or < in it empties the whole list");
        dg_diag_fix(g, "add .replaceAll(\"&\",\"&amp;\").replaceAll(\"<\",\"&lt;\")");
    }
}
