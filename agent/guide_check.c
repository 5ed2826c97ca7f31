/* agent/guide_check.c — the contract of a guide (zoho-people-and-tools 3.14), read back from guide.md itself. */
#include <cmark-gfm.h>

#include "agent/guide_marks.h"
#include "agent/guide_parts.h"
#include "base/secret.h"
#include "plan/plan.h"

/* The parts that no step may lack. */
static const char *const parts[] = {"tick", "actions", "expected", "negative", "verify", "undo", "signoff"};
enum { PARTS = sizeof parts / sizeof *parts };

struct seen {
    char id[9];
    int line, times;
    bool has[PARTS];
};

struct check {
    struct guide *g;
    json_t *findings;
    struct seen *step;
    size_t n, cap;
    int head_lines; /* lines of front matter before what cmark saw */
};

__attribute__((format(printf, 4, 5))) static void found(struct check *c, const char *level, int line, const char *text,
                                                        ...)
{
    va_list ap;
    va_start(ap, text);
    AUTO_FREE char *said = mem_vprintf(text, ap);
    va_end(ap);
    json_t *f = json_object();
    js_set_str(f, "level", level);
    js_set_int(f, "line", line);
    js_set_str(f, "text", said);
    json_array_append_new(c->findings, f);
}

static int lines(const char *from, const char *to)
{
    int n = 0;
    for (; from < to; from++)
        n += *from == '\n';
    return n;
}

/* ---- steps and their parts ---- */

static struct seen *step_seen(struct check *c, const char *id, int line)
{
    for (size_t i = 0; i < c->n; i++) {
        if (!strcmp(c->step[i].id, id)) {
            c->step[i].times++;
            return &c->step[i];
        }
    }
    struct seen s = {.line = line, .times = 1};
    snprintf(s.id, sizeof s.id, "%s", id);
    VEC_PUSH(c->step, c->n, c->cap, s);
    return &c->step[c->n - 1];
}

static int part_of(const char *name)
{
    for (int i = 0; i < PARTS; i++)
        if (!strcmp(parts[i], name))
            return i;
    return -1;
}

static void read_steps(struct check *c, const char *body)
{
    cmark_node *doc = guide_marks_parse(body);
    struct seen *step = NULL;
    int depth = 0, step_depth = 0, part = -1, part_depth = 0;
    for (cmark_node *n = cmark_node_first_child(doc); n; n = cmark_node_next(n)) {
        struct guide_mark_text t;
        enum guide_mark m = guide_mark_of(n, &t);
        if (m == GUIDE_BEGIN) {
            depth++;
            if (!strcmp(t.name, "step")) {
                step = step_seen(c, t.id, cmark_node_get_start_line(n) + c->head_lines);
                step_depth = depth;
            } else if (step && part_of(t.name) >= 0) {
                part = part_of(t.name);
                part_depth = depth;
            }
        } else if (m == GUIDE_END) {
            if (depth == part_depth)
                part = -1;
            if (depth == step_depth)
                step = NULL;
            depth--;
        } else if (step && part >= 0 && cmark_node_get_type(n) != CMARK_NODE_HEADING) {
            step->has[part] = true;
        }
    }
    cmark_node_free(doc);
}

static void check_steps(struct check *c)
{
    size_t i;
    json_t *step;
    json_array_foreach (c->g->hand, i, step) {
        const char *id = js_str_or(step, "id", ""), *title = js_str_or(step, "title", "");
        const struct seen *s = NULL;
        for (size_t k = 0; k < c->n; k++)
            s = strcmp(c->step[k].id, id) ? s : &c->step[k];
        if (!s) {
            found(c, "error", 1, "hand step %s (%s) of the plan is missing", id, title);
            continue;
        }
        if (s->times > 1)
            found(c, "error", s->line, "step %s (%s) appears %d times", id, title, s->times);
        for (int p = 0; p < PARTS; p++)
            if (!s->has[p])
                found(c, "error", s->line, "step %s (%s) has nothing under '%s'", id, title, parts[p]);
    }
    for (size_t k = 0; k < c->n; k++) {
        const json_t *known = plan_step(c->g->in->plan, c->step[k].id);
        if (!known || !guide_step_by_hand(c->g, known))
            found(c, "error", c->step[k].line, "step %s is no hand step of this plan", c->step[k].id);
    }
}

/* ---- text ---- */

static void check_lines(struct check *c, const char *md)
{
    const char *note = guide_check_note(c->g);
    int line = 1;
    for (const char *at = md; *at; line++) {
        size_t len = strcspn(at, "\n");
        AUTO_FREE char *text = mem_dupn(at, len);
        AUTO_FREE char *safe = secret_redact(text);
        if (strcmp(safe, text) != 0)
            found(c, "error", line, "the line holds something that looks like a secret");
        for (const char *mark = text; (mark = strstr(mark, "[?]")); mark++) {
            if (!*note || strncmp(mark, note, strlen(note)) != 0)
                found(c, "error", line, "an unproven menu path has no note to check the label");
        }
        at += len + (at[len] == '\n');
    }
}

static void check_front(struct check *c, const char *md, size_t len)
{
    static const char *const keys[] = {"schema",  "id",   "plan",    "org",     "edition",     "generated", "owner",
                                       "minutes", "risk", "modules", "layouts", "permissions", "steps"};
    if (len < 4) {
        found(c, "error", 1, "there is no front matter");
        return;
    }
    struct yaml y = {0};
    struct err e = {0};
    if (yaml_parse(&y, md + 4, len - 4, "guide.md", &e) < 0) {
        found(c, "error", 1, "the front matter cannot be read: %s", e.what);
        return;
    }
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!json_object_get(y.root, keys[i]))
            found(c, "error", 1, "the front matter has no '%s'", keys[i]);
    char digest[65];
    if (plan_digest(c->g->in->plan, digest, &e) == 0 && strcmp(js_str_or(y.root, "plan", ""), digest) != 0)
        found(c, "error", 1, "the guide was written for another plan");
    yaml_release(&y);
}

/* ---- fields ---- */

static int check_fields(struct check *c, struct err *e)
{
    size_t i;
    json_t *step, *f;
    json_array_foreach (c->g->hand, i, step) {
        AUTO_JSON json_t *data = guide_step_data(c->g, step, (int64_t)i + 1, e);
        if (!data)
            return -1;
    }
    const char *key;
    json_object_foreach (c->g->fields, key, f) {
        if (strcmp(js_str_or(f, "from", ""), "none") != 0)
            continue;
        AUTO_FREE char *resource = mem_printf("fields/%s", js_str_or(f, "module_api_name", ""));
        bool read = c->g->in->snapshot && snapshot_get(c->g->in->snapshot, resource);
        found(c, read ? "error" : "warning", 1, "field %s %s", key,
              read ? "exists neither in the org nor in the plan"
                   : "could not be checked: the fields of its module were not read");
    }
    return 0;
}

int guide_check(const struct guide_input *in, const char *md, json_t *findings, struct err *e)
{
    struct guide g;
    if (guide_open(&g, in, e) < 0) {
        guide_close(&g);
        return -1;
    }
    size_t front;
    const char *body = guide_marks_body(md, &front);
    struct check c = {.g = &g, .findings = findings, .head_lines = lines(md, body)};
    read_steps(&c, body);
    check_front(&c, md, front);
    check_steps(&c);
    check_lines(&c, md);
    int rc = check_fields(&c, e);
    free(c.step);
    guide_close(&g);
    return rc;
}
