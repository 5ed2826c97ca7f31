/* agent/guide_html.c — guide.md as one self-contained page. Markdown is read by cmark-gfm in safe mode; only our shell is raw HTML. */
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include "agent/guide.h"
#include "agent/guide_marks.h"
#include "base/fs.h"
#include "base/sb.h"
#include "render/render.h"

enum { PAGE_MAX = 16 << 20, WORDING_MAX = 1 << 20, TICK_DEPTH = 16 };

/* ---- markers and parsing, shared with guide_check ---- */

const char *guide_marks_body(const char *md, size_t *front_len)
{
    *front_len = 0;
    if (strncmp(md, "---\n", 4) != 0)
        return md;
    const char *end = strstr(md + 4, "\n---\n");
    if (!end)
        return md;
    *front_len = (size_t)(end - md) + 1;
    return end + 5;
}

static void attach(cmark_parser *parser, const char *name)
{
    cmark_syntax_extension *x = cmark_find_syntax_extension(name);
    if (x)
        cmark_parser_attach_syntax_extension(parser, x);
}

cmark_node *guide_marks_parse(const char *md)
{
    cmark_gfm_core_extensions_ensure_registered();
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_DEFAULT);
    attach(parser, "table");
    attach(parser, "tasklist");
    cmark_parser_feed(parser, md, strlen(md));
    cmark_node *doc = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    return doc;
}

enum guide_mark guide_mark_of(cmark_node *node, struct guide_mark_text *t)
{
    *t = (struct guide_mark_text){0};
    if (cmark_node_get_type(node) != CMARK_NODE_HTML_BLOCK)
        return GUIDE_NO_MARK;
    const char *text = cmark_node_get_literal(node);
    if (!strcmp(text, "<!-- zagent:end -->\n"))
        return GUIDE_END;
    int used = 0;
    if (sscanf(text, "<!-- zagent:begin %23[a-z] %8[0-9a-f] -->\n%n", t->name, t->id, &used) == 2 && used &&
        !text[used])
        return GUIDE_BEGIN;
    t->id[0] = 0;
    used = 0;
    if (sscanf(text, "<!-- zagent:begin %23[a-z] -->\n%n", t->name, &used) == 1 && used && !text[used])
        return GUIDE_BEGIN;
    return GUIDE_NO_MARK;
}

/* ---- the page ---- */

struct page {
    struct sb out;
    const json_t *svg;
    char step[16], diagram[16];
    char names[TICK_DEPTH][24];
    int depth, ticks;
};

static bool inside(const struct page *p, const char *name)
{
    for (int i = 0; i < p->depth; i++)
        if (!strcmp(p->names[i], name))
            return true;
    return false;
}

/* The boxes cmark draws are dead; ours can be ticked and are remembered by the page's script under a stable id. */
static void add_ticks(struct page *p, const char *html)
{
    static const char *const box[] = {"<input type=\"checkbox\" disabled=\"\" />",
                                      "<input type=\"checkbox\" checked=\"\" disabled=\"\" />"};
    for (;;) {
        const char *open = strstr(html, box[0]), *checked = strstr(html, box[1]);
        const char *at = open && (!checked || open < checked) ? open : checked;
        if (!at) {
            sb_add(&p->out, html);
            return;
        }
        bool on = at == checked;
        sb_addn(&p->out, html, (size_t)(at - html));
        sb_addf(&p->out, "<input type=\"checkbox\" data-tick=\"%s",
                *p->step   ? p->step
                : p->depth ? p->names[0]
                           : "page");
        if (!inside(p, "tick"))
            sb_addf(&p->out, ".%d", ++p->ticks);
        sb_addf(&p->out, "\"%s>", on ? " checked" : "");
        html = at + strlen(box[on]);
    }
}

static void add_node(struct page *p, cmark_node *node)
{
    const char *svg = js_str(p->svg, p->diagram);
    if (svg && cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK &&
        !strcmp(cmark_node_get_fence_info(node), "mermaid")) {
        sb_addf(&p->out, "<div class=\"scroll\">%s</div>\n", svg);
        return;
    }
    bool table = !strcmp(cmark_node_get_type_string(node), "table");
    char *html = cmark_render_html(node, CMARK_OPT_DEFAULT, NULL);
    sb_add(&p->out, table ? "<div class=\"scroll\">" : "");
    add_ticks(p, html);
    sb_add(&p->out, table ? "</div>\n" : "");
    cmark_get_default_mem_allocator()->free(html);
}

static int begin(struct page *p, const struct guide_mark_text *t, struct err *e)
{
    if (p->depth == TICK_DEPTH)
        return err_set(e, ERR_CONFIG, "markers are nested more than %d deep at '%s'", TICK_DEPTH, t->name);
    snprintf(p->names[p->depth++], sizeof p->names[0], "%s", t->name);
    sb_addf(&p->out, "<section class=\"%s\"", t->name);
    if (p->depth == 1)
        p->ticks = 0;
    if (!strcmp(t->name, "step")) {
        snprintf(p->step, sizeof p->step, "%s", t->id);
        p->ticks = 0;
        sb_addf(&p->out, " id=\"step-%s\"", t->id);
    } else if (!strcmp(t->name, "diagram")) {
        snprintf(p->diagram, sizeof p->diagram, "%s", t->id);
    }
    sb_add(&p->out, ">\n");
    return 0;
}

static int end(struct page *p, struct err *e)
{
    if (p->depth == 0)
        return err_set(e, ERR_CONFIG, "the wording has an end marker without its begin");
    const char *name = p->names[--p->depth];
    if (!strcmp(name, "step"))
        p->step[0] = 0;
    if (!strcmp(name, "diagram"))
        p->diagram[0] = 0;
    sb_add(&p->out, "</section>\n");
    return 0;
}

/* No picture from elsewhere: the page refers to nothing outside itself. */
static void drop_images(cmark_node *doc)
{
    cmark_iter *it = cmark_iter_new(doc);
    for (cmark_event_type ev; (ev = cmark_iter_next(it)) != CMARK_EVENT_DONE;)
        if (ev == CMARK_EVENT_ENTER && cmark_node_get_type(cmark_iter_get_node(it)) == CMARK_NODE_IMAGE)
            cmark_node_set_url(cmark_iter_get_node(it), "");
    cmark_iter_free(it);
}

static int body_html(struct page *p, const char *md, struct err *e)
{
    size_t front;
    cmark_node *doc = guide_marks_parse(guide_marks_body(md, &front));
    drop_images(doc);
    int rc = 0;
    for (cmark_node *n = cmark_node_first_child(doc); n && rc == 0; n = cmark_node_next(n)) {
        struct guide_mark_text t;
        enum guide_mark m = guide_mark_of(n, &t);
        if (m == GUIDE_NO_MARK)
            add_node(p, n);
        else
            rc = m == GUIDE_BEGIN ? begin(p, &t, e) : end(p, e);
    }
    cmark_node_free(doc);
    if (rc == 0 && p->depth)
        rc = err_set(e, ERR_CONFIG, "the wording has no end marker for '%s'", p->names[p->depth - 1]);
    return rc < 0 ? err_at(e, "guide.md") : sb_check(&p->out, "guide.html", e);
}

static int load(const char *templates, const char *name, char **out, struct err *e)
{
    AUTO_FREE char *path = mem_printf("%s/%s", templates, name);
    size_t len;
    return fs_read(path, WORDING_MAX, out, &len, e);
}

int guide_html(const char *templates, const char *md, const json_t *svg, const json_t *page, char **html, struct err *e)
{
    AUTO_FREE char *shell = NULL;
    AUTO_FREE char *css = NULL;
    AUTO_FREE char *js = NULL;
    AUTO_FREE char *sha256 = NULL;
    if (load(templates, "page.html.mustache", &shell, e) < 0 || load(templates, "page.css", &css, e) < 0 ||
        load(templates, "sha256.js", &sha256, e) < 0 || load(templates, "page.js", &js, e) < 0)
        return -1;
    struct page p = {.out = SB_INIT(PAGE_MAX), .svg = svg};
    if (body_html(&p, md, e) < 0) {
        sb_release(&p.out);
        return -1;
    }
    AUTO_JSON json_t *data = json_deep_copy(page);
    js_set_str(data, "css", css);
    js_set_strf(data, "js", "%s%s", sha256, js);
    js_set_str(data, "content", p.out.buf);
    sb_release(&p.out);
    AUTO_FREE char *name = mem_printf("%s/page.html.mustache", templates);
    struct render_options o = {.target = RENDER_HTML, .strict = true, .raw_ok = true};
    *html = render(name, shell, strlen(shell), data, &o, e);
    return *html ? 0 : -1;
}
