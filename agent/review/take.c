/* agent/review/take.c — what came back from people: a sheet as their program saved it, or the text a page made. */
#include <csv.h>

#include "agent/marked.h"
#include "agent/review/review.h"
#include "base/text.h"
#include "render/render.h"

enum { NAME_MAX_ = 80, REMARK_MAX = 300 };

const char decisions_header[] = "Key,Value,Decided by,Decided on,Proposed,Agreed,Batch,Remark,Id\n";

/* ---- a sheet ---- */

static const char *const wanted[] = {"Row", "Decision", "Decided by", "Remark", "Check"};
enum { ROW, DECISION, BY, REMARK, CHECK, WANTED };

struct sheet {
    json_t *lines, *cells;
    size_t line;
    int column[WANTED]; /* where each stands; -1 = not there */
    bool header;
};

static void on_cell(void *text, size_t n, void *ctx)
{
    struct sheet *s = ctx;
    AUTO_FREE char *raw = n ? mem_dupn(text, n) : mem_dup("");
    AUTO_FREE char *plain = text_nfc(raw);
    js_push_str(s->cells, plain);
}

/* Without the mark that keeps a spreadsheet from computing. */
static const char *cell(const struct sheet *s, int which)
{
    const char *text =
        s->column[which] < 0 ? "" : json_string_value(json_array_get(s->cells, (size_t)s->column[which]));
    text = text ? text : "";
    return text + (*text == '\'');
}

static void take_header(struct sheet *s)
{
    json_t *name;
    size_t i;
    json_array_foreach (s->cells, i, name)
        for (int k = 0; k < WANTED; k++)
            if (!text_casecmp(json_string_value(name), wanted[k]) && (k != ROW || s->column[k] < 0))
                s->column[k] =
                    (int)i; /* ours stand last, but for the first: a field of the org may be called the same */
    s->header = false;
}

static char *trimmed(const char *text)
{
    size_t n = strlen(text + strspn(text, " \t\r\n"));
    text += strspn(text, " \t\r\n");
    while (n && strchr(" \t\r\n", text[n - 1]))
        n--;
    char *out = mem_dupn(text, n);
    for (char *p = out; *p; p++) /* one line each: a decision is a line of a file */
        if ((unsigned char)*p < ' ')
            *p = ' ';
    return out;
}

static void push(json_t *lines, size_t line, const char *batch, const char *row, const char *check, const char *value,
                 const char *by, const char *remark)
{
    AUTO_FREE char *v = trimmed(value), *who = trimmed(by), *why = trimmed(remark);
    json_t *o = json_object();
    js_set_int(o, "line", (int64_t)line);
    js_set_str(o, "batch", batch);
    js_set_int(o, "row", strspn(row, "0123456789") == strlen(row) && strlen(row) < 9 ? strtoll(row, NULL, 10) : 0);
    js_set_str(o, "check", check);
    js_set_str(o, "value", v);
    js_set_str(o, "by", who);
    js_set_str(o, "remark", why);
    json_array_append_new(lines, o);
}

static void on_row(int c, void *ctx)
{
    struct sheet *s = ctx;
    (void)c;
    s->line++;
    if (s->header) {
        take_header(s);
    } else if (*cell(s, ROW) || *cell(s, DECISION)) {
        const char *ref = cell(s, ROW), *slash = strrchr(ref, '/');
        AUTO_FREE char *batch = mem_dupn(ref, slash ? (size_t)(slash - ref) : strlen(ref));
        push(s->lines, s->line, batch, slash ? slash + 1 : "", cell(s, CHECK), cell(s, DECISION), cell(s, BY),
             cell(s, REMARK));
    }
    json_array_clear(s->cells);
}

/* What stands between the first two names: people's programs choose it by their language. */
static unsigned char separator_of(const char *text)
{
    size_t n = strcspn(text, "\r\n"), best = 0;
    unsigned char sep = ',';
    for (const char *p = ",;\t"; *p; p++) {
        size_t many = 0;
        for (size_t i = 0; i < n; i++)
            many += text[i] == *p;
        if (many > best) {
            best = many;
            sep = (unsigned char)*p;
        }
    }
    return sep;
}

static int parse_sheet(const char *text, size_t len, json_t *lines, struct err *e)
{
    AUTO_JSON json_t *cells = json_array();
    struct sheet s = {.lines = lines, .cells = cells, .column = {-1, -1, -1, -1, -1}, .header = true};
    struct csv_parser p;
    if (len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
        text += 3;
        len -= 3;
    }
    if (csv_init(&p, 0) != 0)
        return err_set(e, ERR_BUG, "the sheet cannot be read");
    csv_set_delim(&p, separator_of(text));
    csv_parse(&p, text, len, on_cell, on_row, &s);
    csv_fini(&p, on_cell, on_row, &s);
    csv_free(&p);
    for (int k = 0; k < WANTED; k++)
        if (s.column[k] < 0 && k != REMARK) {
            err_set(e, ERR_PARSE, "the sheet has no column '%s'", wanted[k]);
            return err_fix(
                e, "hand back the sheet as zagent wrote it, with only Decision, Decided by and Remark filled in");
        }
    return 0;
}

/* ---- a page ---- */

struct page {
    char *head[6];
    json_t *lines;
};
static const char *const heads[] = {"playbook", "review", "org", "batch", "by", "date"};
enum { PLAYBOOK, REVIEW, ORG, BATCH, PAGE_BY, DATE };

static int page_row(struct page *p, const char *rest, size_t line, struct err *e)
{
    const char *check = strchr(rest, ' '), *value = check ? strchr(check + 1, ' ') : NULL;
    if (!value)
        return err_set(e, ERR_PARSE, "'row: %.60s' is no line of a decided page", rest);
    AUTO_FREE char *row = mem_dupn(rest, (size_t)(check - rest));
    AUTO_FREE char *sum = mem_dupn(check + 1, (size_t)(value - check - 1));
    push(p->lines, line, p->head[BATCH] ? p->head[BATCH] : "", row, sum, value + 1,
         p->head[PAGE_BY] ? p->head[PAGE_BY] : "", "");
    return 0;
}

/* "N TEXT" for the row that came before. */
static int page_remark(struct page *p, const char *rest, struct err *e)
{
    json_t *last = json_array_get(p->lines, json_array_size(p->lines) - 1);
    char *text = NULL;
    int64_t row = strtoll(rest, &text, 10);
    if (!last || *text != ' ' || row != js_int(last, "row", 0))
        return err_set(e, ERR_PARSE, "'remark: %.60s' follows no row", rest);
    js_set_str(last, "remark", text + 1);
    return 0;
}

static int page_line(struct page *p, const char *line, size_t n, struct err *e)
{
    const char *colon = strstr(line, ": ");
    AUTO_FREE char *key = colon ? mem_dupn(line, (size_t)(colon - line)) : mem_dup("");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (!strcmp(key, heads[i])) {
            free(p->head[i]);
            p->head[i] = mem_dup(colon + 2);
            return 0;
        }
    if (!strcmp(key, "row"))
        return page_row(p, colon + 2, n, e);
    if (!strcmp(key, "remark"))
        return page_remark(p, colon + 2, e);
    return err_set(e, ERR_PARSE, "'%.60s' is no line of a decided page", line);
}

static int belongs(const struct page *p, const json_t *org, const json_t *review, struct err *e)
{
    const char *const ours[] = {js_str_or(review, "playbook", ""), js_str_or(review, "id", ""),
                                js_str_or(org, "zgid", "")};
    for (size_t i = 0; i < 3; i++)
        if (!p->head[i] || strcmp(p->head[i], ours[i]) != 0) {
            err_set(e, ERR_REFUSED, "the decisions are of another %s: %.80s, here it is %.80s", heads[i],
                    p->head[i] ? p->head[i] : "not said", ours[i]);
            return err_fix(e, "look at which page was filled in; 'zagent review %s' writes the ones that count",
                           ours[0]);
        }
    return 0;
}

static int parse_page(const char *text, json_t *lines, const json_t *org, const json_t *review, struct err *e)
{
    AUTO_FREE char *plain = marked_text(text, "DECISIONS", "decisions", e);
    struct page p = {.lines = lines};
    int rc = plain ? 0 : -1;
    size_t n = 0;
    for (const char *at = plain; rc == 0 && *at;) {
        AUTO_FREE char *line = marked_line(&at);
        rc = page_line(&p, line, ++n, e);
    }
    if (rc == 0)
        rc = belongs(&p, org, review, e);
    for (size_t i = 0; i < sizeof p.head / sizeof *p.head; i++)
        free(p.head[i]);
    return rc;
}

json_t *take_parse(const char *text, size_t len, const json_t *org, const json_t *review, struct err *e)
{
    json_t *out = json_object(), *lines = json_array();
    size_t bad;
    int rc = 0;
    js_set(out, "lines", lines);
    if (!text_utf8_valid(text, len, &bad)) {
        err_set(e, ERR_PARSE, "the file is not UTF-8 (byte %zu)", bad + 1);
        rc = err_fix(e, "save it once more as \"CSV UTF-8\"; in the usual CSV letters like ä are lost");
    } else if (strstr(text, "-----BEGIN ZAGENT ")) {
        rc = parse_page(text, lines, org, review, e);
    } else {
        rc = parse_sheet(text, len, lines, e);
    }
    if (rc == 0)
        return out;
    json_decref(out);
    return NULL;
}

/* ---- held against what was handed out and what the org holds now ---- */

struct taking {
    const json_t *review, *reg;
    json_t *items;   /* key → item of the queue */
    json_t *decided; /* key → decision, those of this file included */
    json_t *out;
    const json_t *line;
};

static void refuse(struct taking *t, const char *key, const char *why, ...) __attribute__((format(printf, 3, 4)));
static void refuse(struct taking *t, const char *key, const char *why, ...)
{
    va_list ap;
    va_start(ap, why);
    AUTO_FREE char *text = mem_vprintf(why, ap);
    va_end(ap);
    json_t *o = json_object();
    js_set_int(o, "line", js_int(t->line, "line", 0));
    js_set_str(o, "key", key);
    js_set_str(o, "why", text);
    json_array_append_new(js_arr(t->out, "refused"), o);
}

static void count(json_t *out, const char *key)
{
    js_set_int(out, key, js_int(out, key, 0) + 1);
}

/* Somebody decided this key before, in the file or in this sheet. True when that settles it. */
static bool decided_before(struct taking *t, const char *key, const char *value)
{
    const json_t *old = js_obj(t->decided, key);
    if (!old)
        return false;
    if (!strcmp(js_str_or(old, "value", ""), value))
        count(t->out, "same");
    else
        refuse(t, key,
               "was decided as '%s' by %s on %s, now as '%s'; to decide it anew take its line out of context/%s",
               js_str_or(old, "value", ""), js_str_or(old, "decided_by", "?"),
               js_str_or(old, "decided_on", "this sheet"), value, js_str_or(t->review, "decisions", "?"));
    return true;
}

/* Whoever decides says so; a batch is decided by the one who has it. */
static bool right_person(struct taking *t, const char *key, const char *by, const char *owner)
{
    if (!*by || strlen(by) > NAME_MAX_) {
        refuse(t, key, *by ? "the name of who decided is too long" : "nobody says to have decided it");
        return false;
    }
    if (strcmp(by, owner) != 0 && js_array_has(js_arr(t->review, "reviewers"), by)) {
        refuse(t, key, "is on a sheet of %s, and %s decided it", owner, by);
        return false;
    }
    return true;
}

static void accept(struct taking *t, const json_t *row, const json_t *item, const char *value, const char *by)
{
    const char *key = js_str_or(row, "key", ""), *proposed = js_str_or(item, "value", "");
    json_t *d = json_object();
    js_set_str(d, "key", key);
    js_set_str(d, "id", js_str(item, "id"));
    js_set_str(d, "value", value);
    js_set_str(d, "decided_by", by);
    js_set_str(d, "proposed", proposed);
    js_set_str(d, "agreed", !*proposed ? "no proposal" : strcmp(proposed, value) ? "changed" : "agreed");
    js_set_str(d, "batch", js_str(t->line, "batch"));
    js_set_strf(d, "remark", "%.*s", REMARK_MAX, js_str_or(t->line, "remark", ""));
    json_object_set(t->decided, key, d);
    json_array_append_new(js_arr(t->out, "decisions"), d);
}

/* The value as the table writes it: nobody is sent back for a capital letter. The text itself when none is the same. */
static const char *as_written(const json_t *review, const char *text)
{
    AUTO_FREE char *folded = text_fold(text);
    json_t *v;
    size_t i;
    json_array_foreach (js_arr(review, "values"), i, v) {
        AUTO_FREE char *one = text_fold(json_string_value(v));
        if (!strcmp(one, folded))
            return json_string_value(v);
    }
    return text;
}

static void take_line(struct taking *t)
{
    const char *batch = js_str_or(t->line, "batch", ""),
               *value = as_written(t->review, js_str_or(t->line, "value", ""));
    const json_t *b = js_obj(js_obj(t->reg, "batches"), batch);
    int64_t n = js_int(t->line, "row", 0);
    const json_t *row = n > 0 ? json_array_get(js_arr(b, "rows"), (size_t)n - 1) : NULL;
    const char *key = js_str_or(row, "key", ""), *by = js_str_or(t->line, "by", "");
    const json_t *item = row ? js_obj(t->items, key) : NULL;
    if (!*value) {
        count(t->out, "empty");
        return;
    }
    if (!row) {
        refuse(t, batch,
               b ? "the sheet has no such row"
                 : "no open sheet is called so: is it decided already, or of another project?");
        return;
    }
    if (!js_array_has(js_arr(t->review, "values"), value))
        refuse(t, key, "'%.60s' is none of the values", value);
    else if (!right_person(t, key, by, js_str_or(b, "reviewer", "")) || decided_before(t, key, value))
        return;
    else if (!item)
        refuse(t, key, "is no longer among the records of this review");
    else if (!strcmp(js_str_or(item, "state", ""), "stuck"))
        refuse(t, key, "cannot be decided: %s", js_str_or(item, "why", ""));
    else if (strcmp(js_str_or(t->line, "check", ""), js_str_or(item, "check", "")) != 0)
        refuse(t, key, "has changed since the sheet was written; look at it again on a new one");
    else
        accept(t, row, item, value, by);
}

json_t *take_check(const json_t *lines, const json_t *review, const json_t *reg, const json_t *queue,
                   const json_t *decisions)
{
    AUTO_JSON json_t *items = json_object(), *decided = json_object();
    struct taking t = {.review = review, .reg = reg, .items = items, .decided = decided, .out = json_object()};
    json_t *o;
    size_t i;
    json_array_foreach (queue, i, o)
        json_object_set(items, js_str_or(o, "key", ""), o);
    json_array_foreach (decisions, i, o)
        json_object_set(decided, js_str_or(o, "key", ""), o);
    js_set(t.out, "decisions", json_array());
    js_set(t.out, "refused", json_array());
    js_set_int(t.out, "same", 0);
    js_set_int(t.out, "empty", 0);
    json_array_foreach (lines, i, o) {
        t.line = o;
        take_line(&t);
    }
    return t.out;
}

char *decisions_line(const json_t *d, const char *day)
{
    const char *const cells[] = {js_str_or(d, "key", ""),        js_str_or(d, "value", ""),
                                 js_str_or(d, "decided_by", ""), day,
                                 js_str_or(d, "proposed", ""),   js_str_or(d, "agreed", ""),
                                 js_str_or(d, "batch", ""),      js_str_or(d, "remark", "")};
    AUTO_SB struct sb b = SB_INIT(1 << 16);
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        /* key and value are compared later: neither begins like a formula (queue.c; the values are the business's own) */
        AUTO_FREE char *safe = render_escape(i < 2 ? RENDER_CSV : RENDER_CSV_SHEET, cells[i]);
        sb_addf(&b, "%s,", safe);
    }
    sb_addf(&b, "r%s\n", js_str_or(d, "id", "")); /* the letter keeps a spreadsheet from rounding the id */
    return sb_take(&b, "decision", NULL);
}
