/* agent/cmd_review.c — review PLAYBOOK: worksheets out, decisions in, how far it is. */
#include "agent/artifacts.h"
#include "agent/command_review.h"
#include "agent/draft.h"
#include "agent/review/review.h"
#include "base/civil.h"

enum { IMPORT_MAX = 16 << 20, DECISIONS_MAX = 64 << 20, BATCHES_MAX = 1000 };

const struct opt review_opts[] = {
    {"org", 0, OPT_TEXT, "NAME", "an org of zagent.yaml instead of its default"},
    {"review", 0, OPT_TEXT, "ID", "which review, when the playbook has several"},
    {"batches", 0, OPT_INT, "N", "so many new worksheets for each reviewer (default 1)"},
    {"import", 0, OPT_TEXT, "FILE", "take a filled sheet, or what a page saved"},
    {"status", 0, OPT_FLAG, NULL, "only say how far it is"},
    {NULL, 0, OPT_FLAG, NULL, NULL},
};

struct reviewing {
    struct app *a;
    struct session s;
    struct draft w;
    json_t *list, *review, *org, *decisions, *queue, *reg;
    int64_t now;
};

/* ---- loading ---- */

static int choose(struct reviewing *r, struct err *e)
{
    const char *want = app_text(r->a, "review", NULL);
    json_t *one;
    size_t i;
    json_array_foreach (r->list, i, one)
        if (!want || !strcmp(want, js_str_or(one, "id", ""))) {
            r->review = one;
            if (want || json_array_size(r->list) == 1)
                return 0;
        }
    if (!json_array_size(r->list))
        err_set(e, ERR_CONFIG, "%s has nothing to review", r->a->args[0]);
    else if (want)
        err_set(e, ERR_NOT_FOUND, "%s has no review '%s'", r->a->args[0], want);
    else
        err_set(e, ERR_USAGE, "%s has %zu reviews", r->a->args[0], json_array_size(r->list));
    return err_fix(e, "docs/PLAYBOOKS.md, Reviews; --review ID names one");
}

static char *fact_key(const struct reviewing *r, const char *what)
{
    return mem_printf("review/%s/%s/%s/%s", r->s.org->zgid, js_str_or(r->review, "playbook", ""),
                      js_str_or(r->review, "id", ""), what);
}

static int load_decisions(struct reviewing *r, struct err *e)
{
    const char *file = js_str_or(r->review, "decisions", "");
    AUTO_FREE char *path = mem_printf("%s/%s", r->w.context.dir, file);
    if (!fs_exists(path)) {
        r->decisions = json_array();
        return 0;
    }
    r->decisions = context_table(&r->w.context, file, e);
    return r->decisions ? 0 : -1;
}

static int load(struct reviewing *r, struct err *e)
{
    if (draft_load(&r->w, r->a, r->s.st, r->s.org, r->a->args, 1, e) < 0)
        return -1;
    r->list = review_list(&r->w.pb[0], e);
    if (!r->list || choose(r, e) < 0 || load_decisions(r, e) < 0)
        return -1;
    AUTO_FREE char *key = fact_key(r, "batches");
    r->reg = state_fact_get(r->s.st, key, NULL);
    if (!json_is_object(r->reg)) {
        json_decref(r->reg);
        r->reg = json_object();
    }
    r->org = review_read(&r->s, r->review, e);
    if (r->org)
        js_set(r->review, "labels", json_incref(js_obj(r->org, "labels")));
    r->queue = r->org ? queue_build(r->review, r->org, r->decisions, e) : NULL;
    return r->queue ? 0 : -1;
}

static int keep(struct reviewing *r, const char *what, const json_t *value, struct err *e)
{
    AUTO_FREE char *key = fact_key(r, what);
    return state_fact_put(r->s.st, key, value, e);
}

/* ---- how far ---- */

static void print_stuck(struct reviewing *r)
{
    json_t *item, *column = json_array_get(js_arr(r->review, "show"), 0);
    size_t i, n = 0;
    json_array_foreach (r->queue, i, item) {
        if (strcmp(js_str_or(item, "state", ""), "stuck") != 0)
            continue;
        if (++n <= 10)
            app_print(r->a, "  cannot be decided: %s (%s) %s\n",
                      js_str_or(js_obj(item, "shown"), column ? json_string_value(column) : "", "?"),
                      js_str_or(item, "id", ""), js_str_or(item, "why", ""));
    }
    if (n > 10)
        app_print(r->a, "  … and %zu more; mend them in the org, by the list in --json\n", n - 10);
}

static void print_pace(struct reviewing *r, const json_t *p)
{
    const char *pace = js_str(p, "pace"), *deadline = js_str(p, "deadline");
    if (!js_int(p, "open", 0))
        return;
    if (pace)
        app_print(r->a, "  %s a working day lately: done on %s at this pace\n", pace,
                  js_str_or(p, "finish", "no day in sight"));
    else
        app_print(r->a, "  no decision in the last two weeks: no day of finishing can be told\n");
    if (deadline)
        app_print(r->a, "  deadline %s: %lld working day%s left%s%s%s%s\n", deadline,
                  (long long)js_int(p, "days_left", 0), js_int(p, "days_left", 0) == 1 ? "" : "s",
                  js_str(p, "needed") ? ", " : "", js_str_or(p, "needed", ""),
                  js_str(p, "needed") ? " a day needed" : "", js_bool(p, "late", false) ? "; it will be LATE" : "");
}

static size_t open_batches(const struct reviewing *r, const char *reviewer, const char **one)
{
    const char *id;
    json_t *b;
    size_t n = 0;
    json_object_foreach (js_obj(r->reg, "batches"), id, b)
        if (!strcmp(js_str_or(b, "reviewer", ""), reviewer)) {
            n++;
            *one = id;
        }
    return n;
}

/* The day it is where the org is: a decision of this evening is not of tomorrow. */
static int64_t today(const struct reviewing *r, char text[CLOCK_TEXT])
{
    clock_local(r->now, js_str(r->s.org->info, "time_zone"), 0, text);
    text[10] = '\0';
    return civil_days(civil_digits(text, 4), civil_digits(text + 5, 2), civil_digits(text + 8, 2));
}

static int report(struct reviewing *r, struct err *e)
{
    char day[CLOCK_TEXT];
    json_t *p = progress_of(r->review, r->queue, r->decisions, today(r, day)), *who, *stuck = json_array(), *item;
    size_t i;
    js_set(r->a->data, "progress", p);
    json_array_foreach (r->queue, i, item)
        if (!strcmp(js_str_or(item, "state", ""), "stuck"))
            json_array_append(stuck, item);
    js_set(r->a->data, "stuck", stuck);
    app_print(r->a, "%s   org %s\n", js_str_or(r->review, "title", ""), js_str_or(r->s.org->info, "name", "?"));
    app_print(r->a,
              "  %lld records: %lld in the org as decided, %lld decided and not written yet, %lld open, %lld stuck\n",
              (long long)js_int(p, "total", 0), (long long)js_int(p, "written", 0), (long long)js_int(p, "decided", 0),
              (long long)js_int(p, "open", 0), (long long)js_int(p, "stuck", 0));
    if (js_obj(r->review, "first"))
        app_print(r->a, "  %lld of those without a decision are in use on open %s\n", (long long)js_int(p, "first", 0),
                  js_str_or(js_obj(r->review, "first"), "module", "records"));
    print_stuck(r);
    print_pace(r, p);
    json_array_foreach (js_arr(p, "reviewers"), i, who) {
        const char *name = js_str_or(who, "reviewer", ""), *one = "";
        size_t n = open_batches(r, name, &one);
        if (js_int(who, "open", 0))
            app_print(r->a, "  %s: %lld to decide, %zu worksheet%s handed out%s%s\n", name,
                      (long long)js_int(who, "open", 0), n, n == 1 ? "" : "s", n == 1 ? ", " : "", n == 1 ? one : "");
    }
    if (js_int(p, "decided", 0))
        app_print(r->a, "  decided rows are written by: zagent plan %s\n", r->a->args[0]);
    AUTO_JSON json_t *seen =
        json_pack("{s:I,s:I,s:I,s:I,s:s}", "at", (json_int_t)r->now, "open", (json_int_t)js_int(p, "open", 0), "first",
                  (json_int_t)js_int(p, "first", 0), "stuck", (json_int_t)js_int(p, "stuck", 0), "title",
                  js_str_or(r->review, "title", ""));
    return keep(r, "seen", seen, e);
}

/* ---- out ---- */

static char *file_of(const struct reviewing *r, const char *batch, const char *end)
{
    return mem_printf("%s/review/%s.%s", js_str_or(r->review, "playbook", ""), batch, end);
}

static int write_batch(struct reviewing *r, const char *wording, const char *batch, json_t *files, struct err *e)
{
    AUTO_FREE char *csv = sheet_csv(r->review, r->reg, batch, r->queue);
    AUTO_FREE char *html = sheet_html(wording, r->review, r->reg, batch, r->queue, r->s.org->info, e);
    AUTO_FREE char *csv_file = file_of(r, batch, "csv"), *html_file = file_of(r, batch, "html");
    const json_t *b = js_obj(js_obj(r->reg, "batches"), batch);
    const char *out = r->a->project->out_name;
    if (!html || fs_write_in(&r->a->project->out, csv_file, csv, strlen(csv), 0644, e) < 0 ||
        fs_write_in(&r->a->project->out, html_file, html, strlen(html), 0644, e) < 0)
        return -1;
    json_t *o = json_object();
    js_set_str(o, "batch", batch);
    js_set_str(o, "reviewer", js_str(b, "reviewer"));
    js_set_int(o, "rows", (int64_t)json_array_size(js_arr(b, "rows")));
    js_set_strf(o, "sheet", "%s/%s", out, csv_file);
    js_set_strf(o, "page", "%s/%s", out, html_file);
    json_array_append_new(files, o);
    app_print(r->a, "  %s for %s: %s/%s and .csv\n", batch, js_str_or(b, "reviewer", "?"), out, html_file);
    return 0;
}

/* New ones, those whose records changed, and those whose file somebody took away. */
static int hand_out(struct reviewing *r, struct err *e)
{
    int64_t n = app_int(r->a, "batches", 1);
    json_t *files = json_array(), *b;
    const char *id;
    js_set(r->a->data, "worksheets", files);
    if (n < 0 || n > BATCHES_MAX) {
        err_set(e, ERR_USAGE, "--batches is 0 to %d", BATCHES_MAX);
        return err_fix(e, "0 writes only what was handed out before");
    }
    AUTO_JSON json_t *write = batches_next(r->reg, r->review, r->queue, (int)n, r->now);
    AUTO_FREE char *wording = artifacts_wording(r->a);
    if (!wording)
        return err_set(e, ERR_NOT_FOUND, "the wording of the pages is not installed (templates/_guide/en)");
    if (keep(r, "batches", r->reg, e) < 0)
        return -1;
    json_object_foreach (js_obj(r->reg, "batches"), id, b) {
        AUTO_FREE char *file = file_of(r, id, "html"), *path = mem_printf("%s/%s", r->a->project->out.path, file);
        if ((js_array_has(write, id) || !fs_exists(path)) && write_batch(r, wording, id, files, e) < 0)
            return -1;
    }
    if (!json_array_size(files))
        app_print(r->a, "  nothing new to hand out\n");
    return 0;
}

/* ---- back ---- */

static int add_decisions(struct reviewing *r, const json_t *new, struct err *e)
{
    AUTO_FREE char *file = mem_printf("context/%s", js_str_or(r->review, "decisions", ""));
    AUTO_FREE char *old = NULL;
    AUTO_SB struct sb b = SB_INIT(DECISIONS_MAX);
    char day[CLOCK_TEXT];
    size_t len = 0, i;
    json_t *d;
    struct err none = {0};
    today(r, day);
    if (fs_read_in(&r->a->project->root, file, DECISIONS_MAX, &old, &len, &none) < 0 && none.kind != ERR_NOT_FOUND) {
        *e = none;
        return -1;
    }
    sb_add(&b, len ? old : decisions_header);
    if (b.buf[b.len - 1] != '\n')
        sb_addc(&b, '\n');
    json_array_foreach (new, i, d) {
        AUTO_FREE char *line = decisions_line(d, day);
        sb_add(&b, line);
        js_set_str(d, "decided_on", day);
        json_array_append(r->decisions, d);
    }
    if (sb_check(&b, file, e) < 0)
        return -1;
    return json_array_size(new) ? fs_write_in(&r->a->project->root, file, b.buf, b.len, 0644, e) : 0;
}

static void print_taken(struct reviewing *r, const json_t *taken)
{
    json_t *o;
    size_t i, agreed = 0, changed = 0;
    json_array_foreach (js_arr(taken, "decisions"), i, o) {
        agreed += !strcmp(js_str_or(o, "agreed", ""), "agreed");
        changed += !strcmp(js_str_or(o, "agreed", ""), "changed");
    }
    app_print(r->a, "%zu decisions added to context/%s: %zu as proposed, %zu otherwise, %zu without a proposal.\n",
              json_array_size(js_arr(taken, "decisions")), js_str_or(r->review, "decisions", "?"), agreed, changed,
              json_array_size(js_arr(taken, "decisions")) - agreed - changed);
    if (js_int(taken, "same", 0) || js_int(taken, "empty", 0))
        app_print(r->a, "%lld rows were decided the same before, %lld are not decided yet.\n",
                  (long long)js_int(taken, "same", 0), (long long)js_int(taken, "empty", 0));
    json_array_foreach (js_arr(taken, "refused"), i, o)
        app_print(r->a, "  refused  line %lld: %s %s\n", (long long)js_int(o, "line", 0), js_str_or(o, "key", ""),
                  js_str_or(o, "why", ""));
}

static int take_in(struct reviewing *r, const char *file, struct err *e)
{
    AUTO_FREE char *text = NULL;
    size_t len;
    if (fs_read(file, IMPORT_MAX, &text, &len, e) < 0)
        return -1;
    AUTO_JSON json_t *parsed = take_parse(text, len, r->s.org->info, r->review, e);
    if (!parsed)
        return err_at(e, "%s", file);
    json_t *taken = take_check(js_arr(parsed, "lines"), r->review, r->reg, r->queue, r->decisions);
    js_set(r->a->data, "taken", taken);
    if (add_decisions(r, js_arr(taken, "decisions"), e) < 0)
        return -1;
    print_taken(r, taken);
    json_decref(r->queue);
    r->queue = queue_build(r->review, r->org, r->decisions, e);
    if (!r->queue || report(r, e) < 0)
        return -1;
    size_t bad = json_array_size(js_arr(taken, "refused"));
    if (!bad)
        return 0;
    err_set(e, ERR_FINDINGS, "%zu row%s of %s were refused", bad, bad == 1 ? "" : "s", file);
    return err_fix(e, "mend them in the sheet and import it again: what was taken counts once");
}

int cmd_review(struct app *a, struct err *e)
{
    struct reviewing r = {.a = a, .now = a->clock.now_s(a->clock.ctx)};
    const char *file = app_text(a, "import", NULL);
    int rc = session_open(&r.s, a, SESSION_READER | SESSION_LOCK, e);
    if (rc == 0)
        rc = load(&r, e);
    if (rc == 0 && file)
        rc = take_in(&r, file, e);
    else if (rc == 0) {
        rc = app_flag(a, "status") ? 0 : hand_out(&r, e);
        rc = rc == 0 ? report(&r, e) : rc;
    }
    json_decref(r.list);
    json_decref(r.org);
    json_decref(r.decisions);
    json_decref(r.queue);
    json_decref(r.reg);
    draft_release(&r.w);
    session_close(&r.s);
    return rc;
}

/* ---- for status ---- */

void review_status(struct app *a, struct session *s, const char *playbook, json_t *row)
{
    struct playbook pb = {0};
    struct err none = {0};
    json_t *decl, *list = json_array();
    size_t i;
    int rc = playbook_load(&pb, a->project, playbook, &none);
    json_array_foreach (rc == 0 ? js_arr(pb.y.root, "reviews") : NULL, i, decl) {
        AUTO_FREE char *key = mem_printf("review/%s/%s/%s/seen", s->org->zgid, playbook, js_str_or(decl, "id", ""));
        AUTO_JSON json_t *seen = state_fact_get(s->st, key, NULL);
        char at[CLOCK_TEXT];
        if (!json_is_object(seen))
            continue;
        clock_local(js_int(seen, "at", 0), js_str(s->org->info, "time_zone"), 0, at);
        app_print(a, "  %s: %lld open, %lld stuck, %lld of them in use; counted on %s: zagent review %s --status\n",
                  js_str_or(seen, "title", ""), (long long)js_int(seen, "open", 0), (long long)js_int(seen, "stuck", 0),
                  (long long)js_int(seen, "first", 0), at, playbook);
        json_array_append(list, seen);
    }
    js_set(row, "reviews", list);
    playbook_release(&pb);
}

/* ---- what others cannot judge meanwhile ---- */

static void warn_one(struct app *a, struct session *s, const struct playbook *pb, const char *what)
{
    AUTO_FREE char *key = mem_printf("review/%s/%s/seen", s->org->zgid, what);
    AUTO_JSON json_t *seen = state_fact_get(s->st, key, NULL);
    AUTO_FREE char *of = mem_dupn(what, strcspn(what, "/"));
    char at[CLOCK_TEXT];
    clock_local(js_int(seen, "at", 0), js_str(s->org->info, "time_zone"), 0, at);
    int64_t undecided = js_int(seen, "open", 0) + js_int(seen, "stuck", 0);
    if (!json_is_object(seen))
        app_warn(a, "%s stands on decisions of %s that nobody counted yet: zagent review %s --status", pb->name, what,
                 of);
    else if (undecided)
        app_warn(a,
                 "%s cannot judge %lld records without a decision (%s), %lld of them in use now; counted on %s: zagent "
                 "review %s",
                 pb->name, (long long)undecided, js_str_or(seen, "title", what), (long long)js_int(seen, "first", 0),
                 at, of);
}

void review_warn(struct app *a, struct session *s, const struct draft *w)
{
    json_t *what;
    size_t i;
    for (size_t k = 0; k < w->n; k++)
        json_array_foreach (js_arr(w->pb[k].y.root, "awaits"), i, what)
            if (json_is_string(what))
                warn_one(a, s, &w->pb[k], json_string_value(what));
}
