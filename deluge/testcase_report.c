/* deluge/testcase_report.c — coverage of a script, and results as lcov and JUnit XML. */
#include "deluge/testcase.h"

struct walk {
    struct dg_results *r;
    const struct dg_cover *c;
};

static void add_branch(struct walk *w, const struct dg_expr *test)
{
    struct dg_branch_hits b = {test->span.line, test->span.col, w->c->yes[test->id], w->c->no[test->id]};
    VEC_PUSH(w->r->branch, w->r->n_branches, w->r->cap_branches, b);
}

static void visit_expr(struct dg_expr *e, void *ctx)
{
    if (e->kind == DG_COND)
        add_branch(ctx, e->cond.test);
    dg_each_child(e, visit_expr, ctx);
}

static void visit_block(const struct dg_block *b, void *ctx)
{
    struct walk *w = ctx;
    for (size_t i = 0; i < b->n; i++) {
        const struct dg_stmt *s = b->stmt[i];
        struct dg_line_hits row = {s->span.line, w->c->stmt[s->id]};
        struct dg_line_hits *last = w->r->n_lines ? &w->r->line[w->r->n_lines - 1] : NULL;
        if (s->kind != DG_FUNCTION && last && last->line == row.line)
            last->hits = last->hits > row.hits ? last->hits : row.hits;
        else if (s->kind != DG_FUNCTION)
            VEC_PUSH(w->r->line, w->r->n_lines, w->r->cap_lines, row);
        for (size_t k = 0; s->kind == DG_S_IF && k < s->cond.n; k++)
            if (s->cond.branch[k].test)
                add_branch(w, s->cond.branch[k].test);
        dg_each_stmt_expr(s, visit_expr, w);
        dg_each_stmt_block(s, visit_block, w);
    }
}

void dg_results_cover(struct dg_results *r, const struct dg_cover *c)
{
    struct walk w = {r, c};
    visit_block(&c->script->body, &w);
}

static int percent(size_t hit, size_t all)
{
    return all ? (int)(hit * 100 / all) : 100;
}

static size_t branches_hit(const struct dg_results *r)
{
    size_t hit = 0;
    for (size_t i = 0; i < r->n_branches; i++)
        hit += (r->branch[i].yes ? 1u : 0u) + (r->branch[i].no ? 1u : 0u);
    return hit;
}

static size_t lines_hit(const struct dg_results *r)
{
    size_t hit = 0;
    for (size_t i = 0; i < r->n_lines; i++)
        hit += r->line[i].hits > 0;
    return hit;
}

int dg_results_branch_percent(const struct dg_results *r)
{
    return percent(branches_hit(r), r->n_branches * 2);
}
int dg_results_line_percent(const struct dg_results *r)
{
    return percent(lines_hit(r), r->n_lines);
}

void dg_results_lcov(const struct dg_results *r, struct sb *out)
{
    sb_addf(out, "TN:\nSF:%s\n", r->file);
    for (size_t i = 0; i < r->n_branches; i++) {
        const struct dg_branch_hits *b = &r->branch[i];
        bool reached = b->yes || b->no;
        for (unsigned k = 0; k < 2; k++) {
            sb_addf(out, "BRDA:%u,%zu,%u,", b->line, i, k);
            if (reached)
                sb_addf(out, "%llu\n", (unsigned long long)(k ? b->no : b->yes));
            else
                sb_add(out, "-\n");
        }
    }
    sb_addf(out, "BRF:%zu\nBRH:%zu\n", r->n_branches * 2, branches_hit(r));
    for (size_t i = 0; i < r->n_lines; i++)
        sb_addf(out, "DA:%u,%llu\n", r->line[i].line, (unsigned long long)r->line[i].hits);
    sb_addf(out, "LF:%zu\nLH:%zu\nend_of_record\n", r->n_lines, lines_hit(r));
}

static void xml(struct sb *out, const char *s)
{
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '&' || c == '<' || c == '>' || c == '"')
            sb_addf(out, "&#%d;", c);
        else
            sb_addc(out, c < 0x20 && c != '\n' && c != '\t' ? '?' : *s);
    }
}

void dg_results_junit(const struct dg_results *r, struct sb *out)
{
    sb_add(out, "  <testsuite name=\"");
    xml(out, r->file);
    sb_addf(out, "\" tests=\"%zu\" failures=\"%zu\">\n", r->n, r->n - r->passed);
    for (size_t i = 0; i < r->n; i++) {
        sb_add(out, "    <testcase classname=\"");
        xml(out, r->file);
        sb_add(out, "\" name=\"");
        xml(out, r->item[i].name);
        if (!r->item[i].why) {
            sb_add(out, "\"/>\n");
            continue;
        }
        sb_add(out, "\">\n      <failure>");
        xml(out, r->item[i].why);
        sb_add(out, "</failure>\n    </testcase>\n");
    }
    sb_add(out, "  </testsuite>\n");
}
