#include "agent/diagram.h"

#include <graphviz/gvc.h>

#include "base/sb.h"

/* Linked in by name: nothing is searched for or loaded at run time, so no plugin with fonts can come in. */
extern gvplugin_library_t gvplugin_core_LTX_library, gvplugin_dot_layout_LTX_library;
static lt_symlist_t plugins[] = {{"gvplugin_core_LTX_library", &gvplugin_core_LTX_library},
                                 {"gvplugin_dot_layout_LTX_library", &gvplugin_dot_layout_LTX_library},
                                 {NULL, NULL}};

static int bounded(const json_t *d, struct err *e)
{
    if (json_array_size(js_arr(d, "states")) <= DIAGRAM_MAX_STATES &&
        json_array_size(js_arr(d, "arrows")) <= DIAGRAM_MAX_ARROWS)
        return 0;
    return err_set(e, ERR_LIMIT, "a diagram takes %d states and %d transitions at most", DIAGRAM_MAX_STATES,
                   DIAGRAM_MAX_ARROWS);
}

/* Position of a state by its label, -1 when it is none. */
static int state_at(const json_t *d, const char *label)
{
    size_t i;
    json_t *s;
    json_array_foreach (js_arr(d, "states"), i, s) {
        if (label && !strcmp(json_string_value(s), label))
            return (int)i;
    }
    return -1;
}

/* Mermaid reads ; : " # and brackets as its own: written as #code; they stay text. */
static void add_mermaid(struct sb *b, const char *text)
{
    for (; *text; text++) {
        if (strchr(";:\"#<>{}[]()%`|\\", *text))
            sb_addf(b, "#%d;", (unsigned char)*text);
        else
            sb_addc(b, *text == '\n' || *text == '\r' ? ' ' : *text);
    }
}

char *diagram_mermaid(const json_t *d, struct err *e)
{
    if (bounded(d, e) < 0)
        return NULL;
    AUTO_SB struct sb b = SB_INIT(DIAGRAM_MAX_BYTES);
    sb_add(&b, "stateDiagram-v2\n");
    size_t i;
    json_t *v;
    json_array_foreach (js_arr(d, "states"), i, v) {
        sb_add(&b, "    state \"");
        add_mermaid(&b, json_string_value(v));
        sb_addf(&b, "\" as s%zu\n", i + 1);
    }
    int start = state_at(d, js_str(d, "start"));
    if (start >= 0)
        sb_addf(&b, "    [*] --> s%d\n", start + 1);
    json_array_foreach (js_arr(d, "arrows"), i, v) {
        int from = state_at(d, js_str(v, "from")), to = state_at(d, js_str(v, "to"));
        if (from < 0 || to < 0)
            continue;
        sb_addf(&b, "    s%d --> s%d: ", from + 1, to + 1);
        add_mermaid(&b, js_str_or(v, "label", ""));
        sb_addc(&b, '\n');
    }
    return sb_take(&b, "diagram", e);
}

/* ---- SVG ---- */

static void set(void *object, const char *name, const char *value)
{
    agsafeset(object, (char *)(uintptr_t)name, (char *)(uintptr_t)value, (char *)(uintptr_t) "");
}

/* In dot a backslash begins an escape such as \N. */
static void set_label(void *object, const char *text)
{
    AUTO_SB struct sb b = SB_INIT(1 << 16);
    for (; *text; text++)
        sb_add(&b, *text == '\\' ? "\\\\" : (char[]){*text, 0});
    set(object, "label", b.buf);
}

static Agnode_t *node(Agraph_t *g, int number)
{
    char name[16];
    snprintf(name, sizeof name, "s%d", number);
    return agnode(g, name, 1);
}

/* dot 2.43 loses memory when it turns the edges that close a cycle; so they are found here and given to it turned. */
struct walk {
    const json_t *diagram;
    enum { NEW, OPEN, DONE } state[DIAGRAM_MAX_STATES];
    bool turned[DIAGRAM_MAX_ARROWS];
};

static void walk_from(struct walk *w, int at)
{
    w->state[at] = OPEN;
    size_t i;
    json_t *v;
    json_array_foreach (js_arr(w->diagram, "arrows"), i, v) {
        int to = state_at(w->diagram, js_str(v, "to"));
        if (state_at(w->diagram, js_str(v, "from")) != at || to < 0 || to == at)
            continue;
        w->turned[i] = w->state[to] == OPEN;
        if (w->state[to] == NEW)
            walk_from(w, to);
    }
    w->state[at] = DONE;
}

static void draw(Agraph_t *g, const json_t *d)
{
    struct walk w = {.diagram = d};

    static const char *const graph_look[][2] = {
        {"rankdir", "TB"}, {"nodesep", "0.5"}, {"ranksep", "0.45"}, {"bgcolor", "transparent"}, {"pad", "0.1"}};
    for (size_t i = 0; i < sizeof graph_look / sizeof *graph_look; i++)
        set(g, graph_look[i][0], graph_look[i][1]);
    size_t i;
    json_t *v;
    json_array_foreach (js_arr(d, "states"), i, v) {
        Agnode_t *n = node(g, (int)i);
        set(n, "shape", "box");
        set(n, "style", js_array_has(js_arr(d, "dashed"), json_string_value(v)) ? "rounded,dashed" : "rounded");
        set(n, "margin", "0.25,0.1");
        set_label(n, json_string_value(v));
    }
    int start = state_at(d, js_str(d, "start"));
    if (start >= 0) {
        Agnode_t *n = agnode(g, (char *)(uintptr_t) "start", 1);
        set(n, "shape", "point");
        set(n, "width", "0.15");
        agedge(g, n, node(g, start), NULL, 1);
    }
    for (size_t n = 0; n < json_array_size(js_arr(d, "states")); n++)
        if (w.state[n] == NEW)
            walk_from(&w, (int)n);
    json_array_foreach (js_arr(d, "arrows"), i, v) {
        int from = state_at(d, js_str(v, "from")), to = state_at(d, js_str(v, "to"));
        if (from < 0 || to < 0)
            continue;
        AUTO_FREE char *key = mem_printf("e%zu", i);
        Agedge_t *arrow = agedge(g, node(g, w.turned[i] ? to : from), node(g, w.turned[i] ? from : to), key, 1);
        set(arrow, "dir", w.turned[i] ? "back" : "forward");
        /* Room at both ends: the estimated width is not the width of the font that a browser takes. */
        AUTO_FREE char *label = mem_printf("  %s  ", js_str_or(v, "label", ""));
        set_label(arrow, label);
        set(arrow, "fontsize", "12");
    }
}

/* Drops what carries a version, an address or an id: comments, titles, id="…"; the rest is the drawing. */
static void add_clean(struct sb *b, const char *svg)
{
    static const struct {
        const char *from, *to;
    } drop[] = {{"<!--", "-->\n"}, {"<title>", "</title>\n"}, {" id=\"", "\""}};
    while (*svg) {
        size_t i = 0, n = sizeof drop / sizeof *drop;
        for (; i < n && strncmp(svg, drop[i].from, strlen(drop[i].from)) != 0; i++)
            ;
        const char *end = i < n ? strstr(svg + strlen(drop[i].from), drop[i].to) : NULL;
        if (end)
            svg = end + strlen(drop[i].to);
        else
            sb_addc(b, *svg++);
    }
}

static char *wrap(const char *svg, struct err *e)
{
    const char *view = strstr(svg, "viewBox=\""), *body = strstr(svg, "<g id=\"graph");
    const char *view_end = view ? strchr(view + strlen("viewBox=\""), '"') : NULL;
    if (!view_end || !body) {
        err_set(e, ERR_BUG, "the diagram could not be drawn");
        return NULL;
    }
    AUTO_SB struct sb b = SB_INIT(DIAGRAM_MAX_BYTES);
    /* viewBox="x y width height": dot always puts the corner at 0 0. */
    const char *third = view + strlen("viewBox=\"0.00 0.00 ");
    double width = third < view_end ? strtod(third, NULL) : 0;
    sb_addf(&b, "<svg class=\"states\" role=\"img\" width=\"%.0f\" ", width * 4 / 3);
    sb_addn(&b, view, (size_t)(view_end - view) + 1);
    sb_add(&b, ">\n");
    add_clean(&b, body);
    return sb_take(&b, "diagram", e);
}

char *diagram_svg(const json_t *d, struct err *e)
{
    if (bounded(d, e) < 0)
        return NULL;
    GVC_t *gvc = gvContextPlugins(plugins, 0);
    Agraph_t *g = agopen((char *)(uintptr_t) "g", Agdirected, NULL);
    char *svg = NULL, *out = NULL;
    unsigned len = 0;
    draw(g, d);
    if (gvLayout(gvc, g, "dot") == 0 && gvRenderData(gvc, g, "svg", &svg, &len) == 0)
        out = wrap(svg, e);
    else
        err_set(e, ERR_BUG, "the diagram could not be laid out");
    gvFreeRenderData(svg);
    gvFreeLayout(gvc, g);
    agclose(g);
    gvFreeContext(gvc);
    return out;
}
