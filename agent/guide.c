#include "agent/guide.h"

#include "agent/diagram.h"
#include "agent/guide_parts.h"
#include "base/fs.h"
#include "base/sb.h"
#include "plan/plan.h"
#include "render/render.h"

enum { WORDING_MAX = 1 << 20, GUIDE_MAX = 16 << 20 };

struct wording {
    const char *folder;
    char *partial; /* the last one given out */
};

static const char *partial(void *ctx, const char *name, size_t *len)
{
    struct wording *w = ctx;
    AUTO_FREE char *path = mem_printf("%s/%s.md.mustache", w->folder, name);
    free(w->partial);
    w->partial = NULL;
    struct err absent = {0};
    return !strchr(name, '/') && fs_read(path, WORDING_MAX, &w->partial, len, &absent) == 0 ? w->partial : NULL;
}

static char *word(const struct guide *g, const char *name, const json_t *data, struct err *e)
{
    AUTO_FREE char *path = mem_printf("%s/%s.md.mustache", g->in->templates, name);
    AUTO_FREE char *text = NULL;
    size_t len;
    struct err why = {0};
    if (fs_read(path, WORDING_MAX, &text, &len, &why) < 0) {
        err_set(e, ERR_CONFIG, "there is no wording for '%s': %s", name, why.what);
        err_at(e, "%s", path);
        err_fix(e, "write %s (agent/guide.h names its data)", path);
        return NULL;
    }
    struct wording w = {.folder = g->in->templates};
    struct render_options o = {
        .target = RENDER_MARKDOWN, .strict = true, .raw_ok = true, .partial = partial, .ctx = &w};
    char *out = render(path, text, len, data, &o, e);
    free(w.partial);
    return out;
}

/* Is this line inside, opening or closing a fenced block? *open is the length of its fence, 0 outside: a longer fence holds shorter ones. */
static bool in_fence(const char *line, size_t *open)
{
    size_t ticks = strspn(line, "`");
    if (*open == 0) {
        *open = ticks >= 3 ? ticks : 0;
        return *open > 0;
    }
    if (ticks >= *open && (line[ticks] == '\n' || !line[ticks]))
        *open = 0;
    return true;
}

/* Wording writes every action as "1. [ ]": a table between two of them ends the list, so the numbers are set here. */
static char *number_actions(const char *text, struct err *e)
{
    static const char item[] = "1. [ ] ";
    AUTO_SB struct sb b = SB_INIT(GUIDE_MAX);
    int n = 0;
    size_t fence = 0;
    while (*text) {
        const char *nl = strchr(text, '\n');
        size_t len = nl ? (size_t)(nl - text) + 1 : strlen(text);
        bool fenced = in_fence(text, &fence);
        bool action = !fenced && !strncmp(text, item, sizeof item - 1);
        if (action)
            sb_addf(&b, "%d%.*s", ++n, (int)len - 1, text + 1);
        else
            sb_addn(&b, text, len);
        text += len;
    }
    return sb_take(&b, "guide.md", e);
}

/* Blank lines are collapsed outside code: optional parts leave gaps, and a gap inside a table would end it. */
static char *tidy(const char *text, struct err *e)
{
    AUTO_SB struct sb b = SB_INIT(GUIDE_MAX);
    bool row_before = false;
    size_t blank = 0, fence = 0;
    while (*text) {
        const char *nl = strchr(text, '\n');
        size_t len = nl ? (size_t)(nl - text) + 1 : strlen(text);
        bool fenced = in_fence(text, &fence);
        if (!fenced && strspn(text, " \t") + 1 >= len && nl) {
            blank++;
        } else {
            bool row = !fenced && *text == '|';
            if (blank && !(row && row_before))
                sb_addc(&b, '\n');
            blank = 0;
            row_before = row;
            sb_addn(&b, text, len);
        }
        text += len;
    }
    return sb_take(&b, "guide.md", e);
}

static int add_steps(struct guide *g, json_t *doc, struct err *e)
{
    json_t *list = json_array(), *step;
    json_object_set_new(doc, "hand", list);
    size_t i;
    json_array_foreach (g->hand, i, step) {
        AUTO_JSON json_t *data = guide_step_data(g, step, guide_step_number(g, js_str_or(step, "address", "")), e);
        if (!data)
            return -1;
        AUTO_FREE char *raw = word(g, js_str_or(step, "kind", ""), data, e);
        AUTO_FREE char *text = raw ? number_actions(raw, e) : NULL;
        if (!text)
            return -1;
        json_t *facts = json_deep_copy(js_obj(data, "step"));
        js_set_str(facts, "text", text);
        json_array_append_new(list, facts);
    }
    return 0;
}

static void add_front_list(struct sb *b, const char *key, const struct strset *set)
{
    sb_addf(b, "%s: [", key);
    for (size_t i = 0; i < set->n; i++) {
        AUTO_JSON json_t *text = json_string(set->item[i]);
        AUTO_FREE char *quoted = json_dumps(text, JSON_ENCODE_ANY);
        sb_addf(b, "%s%s", i ? ", " : "", quoted ? quoted : "\"\"");
    }
    sb_add(b, "]\n");
}

static void add_front(struct sb *b, const char *key, const char *value)
{
    AUTO_JSON json_t *text = json_string(value);
    AUTO_FREE char *quoted = json_dumps(text, JSON_ENCODE_ANY);
    sb_addf(b, "%s: %s\n", key, quoted ? quoted : "\"\"");
}

/* The machine's part of the contract: which plan, which steps, what they touch. JSON texts are YAML texts. */
static char *front_matter(const struct guide *g, const json_t *doc, struct err *e)
{
    AUTO_SB struct sb b = SB_INIT(1 << 20);
    struct strset modules = {0}, layouts = {0}, permissions = {0}, ids = {0};
    static const char *const risks[] = {"low", "medium", "high"};
    size_t i, worst = 0;
    json_t *step;
    json_array_foreach (g->hand, i, step) {
        AUTO_FREE char *module = guide_step_module(step, NULL);
        const char *kind = js_str_or(step, "kind", ""),
                   *layout = js_str(js_obj(guide_step_body(g, step), "layout"), "name");
        const char *permission = guide_kind_word(g, kind, "permission"), *risk = guide_kind_word(g, kind, "risk");
        if (module)
            strset_add(&modules, module);
        if (layout)
            strset_add(&layouts, layout);
        if (permission)
            strset_add(&permissions, permission);
        strset_add(&ids, js_str_or(step, "id", ""));
        for (size_t r = worst; risk && r < 3; r++)
            worst = strcmp(risks[r], risk) ? worst : r;
    }
    const json_t *count = js_obj(doc, "guide");
    sb_add(&b, "---\nschema: zagent.guide/1\n");
    add_front(&b, "id", g->playbook);
    add_front(&b, "plan", js_str_or(count, "plan", ""));
    add_front(&b, "org", js_str_or(g->in->org, "name", ""));
    add_front(&b, "zgid", js_str_or(g->in->org, "zgid", ""));
    add_front(&b, "edition", js_str_or(g->in->org, "edition", ""));
    add_front(&b, "generated", js_str_or(count, "date_utc", ""));
    add_front(&b, "owner", js_str_or(count, "owner", ""));
    sb_addf(&b, "minutes: %lld\nrisk: %s\n", (long long)js_int(count, "minutes", 0), risks[worst]);
    add_front_list(&b, "modules", &modules);
    add_front_list(&b, "layouts", &layouts);
    add_front_list(&b, "permissions", &permissions);
    add_front_list(&b, "steps", &ids);
    sb_add(&b, "---\n");
    strset_release(&modules);
    strset_release(&layouts);
    strset_release(&permissions);
    strset_release(&ids);
    return sb_take(&b, "guide.md", e);
}

static char *make_md(struct guide *g, json_t **doc, struct err *e)
{
    AUTO_JSON json_t *steps = json_object();
    if (add_steps(g, steps, e) < 0) /* first: it learns which fields the steps name */
        return NULL;
    *doc = guide_document_data(g, e);
    if (!*doc)
        return NULL;
    json_object_update(*doc, steps);
    js_set_bool(*doc, "has_hand", json_array_size(g->hand) > 0);
    AUTO_FREE char *front = front_matter(g, *doc, e);
    AUTO_FREE char *text = front ? word(g, "guide", *doc, e) : NULL;
    AUTO_FREE char *tidied = text ? tidy(text, e) : NULL;
    return tidied ? mem_printf("%s\n%s", front, tidied) : NULL;
}

static json_t *drawings(const json_t *doc, struct err *e)
{
    AUTO_JSON json_t *all = json_object();
    size_t i;
    json_t *b;
    json_array_foreach (js_arr(doc, "blueprints"), i, b) {
        AUTO_JSON json_t *d = guide_blueprint_diagram(b);
        AUTO_FREE char *svg = diagram_svg(d, e);
        if (!svg)
            return NULL;
        js_set_str(all, js_str_or(b, "id", ""), svg);
    }
    return json_incref(all);
}

static int build(struct guide *g, char **md, char **html, json_t *findings, struct err *e)
{
    size_t i, own = 0;
    json_t *step;
    json_array_foreach (js_arr(g->in->plan, "steps"), i, step)
        own += plan_step_of(step, g->playbook);
    if (own == 0) {
        err_set(e, ERR_NOT_FOUND, "the plan has no step of playbook '%s'", g->playbook);
        return err_fix(e, "run zagent plan %s", g->playbook);
    }
    AUTO_JSON json_t *doc = NULL;
    AUTO_FREE char *text = make_md(g, &doc, e);
    if (!text || guide_check(g->in, text, findings, e) < 0)
        return -1;
    AUTO_JSON json_t *svg = drawings(doc, e);
    if (!svg)
        return -1;
    json_object_set(doc, "words", js_obj(js_obj(g->strings.root, "words"), "page"));
    if (guide_html(g->in->templates, text, svg, doc, html, e) < 0)
        return -1;
    *md = mem_dup(text);
    return 0;
}

int guide_build(const struct guide_input *in, char **md, char **html, json_t *findings, struct err *e)
{
    struct guide g;
    *md = *html = NULL;
    int rc = guide_open(&g, in, e);
    if (rc == 0)
        rc = build(&g, md, html, findings, e);
    guide_close(&g);
    return rc;
}
