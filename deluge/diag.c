#include "deluge/diag.h"

#include "base/mem.h"
#include "base/text.h"

struct dg_diag *dg_diag_add(struct dg_diags *d, const char *rule, enum dg_level level, struct dg_span span,
                            const char *message, ...)
{
    va_list ap;
    va_start(ap, message);
    struct dg_diag g = {.rule = rule, .level = level, .span = span, .message = mem_vprintf(message, ap)};
    va_end(ap);
    if (level == DG_ERROR)
        d->errors++;
    else if (level == DG_WARNING)
        d->warnings++;
    else
        d->notes++;
    VEC_PUSH(d->item, d->n, d->cap, g);
    return &d->item[d->n - 1];
}

void dg_diag_fix(struct dg_diag *g, const char *fix, ...)
{
    va_list ap;
    va_start(ap, fix);
    free(g->fix);
    g->fix = mem_vprintf(fix, ap);
    va_end(ap);
}

static int by_place(const void *a, const void *b)
{
    const struct dg_diag *x = a, *y = b;
    if (x->span.off != y->span.off)
        return x->span.off < y->span.off ? -1 : 1;
    int rule = strcmp(x->rule, y->rule);
    return rule ? rule : (x->span.end > y->span.end) - (x->span.end < y->span.end);
}

void dg_diags_sort(struct dg_diags *d)
{
    if (d->n)
        qsort(d->item, d->n, sizeof *d->item, by_place);
}

void dg_diags_release(struct dg_diags *d)
{
    for (size_t i = 0; i < d->n; i++) {
        free(d->item[i].message);
        free(d->item[i].fix);
    }
    free(d->item);
    *d = (struct dg_diags){0};
}

const char *dg_level_name(enum dg_level level)
{
    static const char *const name[] = {"note", "warning", "error"};
    return name[level];
}

enum { LINE_BYTES = 160 }; /* of a long source line, shown around the place */

/* The source line of a place with a caret line under it; tabs become one space each so that the caret fits. */
static void render_line(const struct dg_script *s, const struct dg_span *at, struct sb *out)
{
    if (!at->line || at->line > s->n_lines)
        return;
    size_t from = s->line[at->line - 1];
    size_t end = at->line < s->n_lines ? s->line[at->line] : s->len;
    while (end > from && (s->text[end - 1] == '\n' || s->text[end - 1] == '\r'))
        end--;
    size_t place = at->off < from ? from : at->off > end ? end : at->off;
    size_t stop = at->end > end || at->end < place ? end : at->end;
    const char *before = "", *after = "";
    if (end - from > LINE_BYTES && place - from > LINE_BYTES / 2) {
        from = place - LINE_BYTES / 2;
        while (from < place && ((unsigned char)s->text[from] & 0xC0u) == 0x80u)
            from++;
        before = "…";
    }
    if (end - from > LINE_BYTES) {
        end = from + LINE_BYTES;
        while (end > place && ((unsigned char)s->text[end] & 0xC0u) == 0x80u)
            end--;
        after = "…";
    }
    if (stop > end)
        stop = end;
    AUTO_FREE char *lead = mem_dupn(s->text + from, place - from);
    AUTO_FREE char *rest = mem_dupn(s->text + place, end - place);
    AUTO_FREE char *mark = mem_dupn(s->text + place, stop - place);
    for (char *const *p = (char *[]){lead, rest, mark, NULL}; *p; p++)
        for (char *c = *p; *c; c++)
            *c = *c == '\t' ? ' ' : *c;
    AUTO_FREE char *lead_clean = text_clean(lead, false);
    AUTO_FREE char *rest_clean = text_clean(rest, false);
    AUTO_FREE char *mark_clean = text_clean(mark, false);
    sb_addf(out, "%6u | %s%s%s%s\n       | ", at->line, before, lead_clean, rest_clean, after);
    size_t pad = text_width(before) + text_width(lead_clean), width = text_width(mark_clean);
    for (size_t i = 0; i < pad; i++)
        sb_addc(out, ' ');
    sb_addc(out, '^');
    for (size_t i = 1; i < width; i++)
        sb_addc(out, '~');
    sb_addc(out, '\n');
}

void dg_diag_render(const struct dg_script *s, const struct dg_diag *g, struct sb *out)
{
    AUTO_FREE char *file = text_clean(s->file, false);
    AUTO_FREE char *message = text_clean(g->message, false);
    sb_addf(out, "%s:%u:%u: %s %s: %s\n", file, g->span.line, g->span.col, dg_level_name(g->level), g->rule, message);
    render_line(s, &g->span, out);
    if (g->other_text) {
        sb_addf(out, "%s:%u:%u: %s\n", file, g->other.line, g->other.col, g->other_text);
        render_line(s, &g->other, out);
    }
    if (g->fix) {
        AUTO_FREE char *fix = text_clean(g->fix, false);
        sb_addf(out, "  fix: %s\n", fix);
    }
}
