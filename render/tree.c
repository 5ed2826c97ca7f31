#include "render/tree.h"

#include "base/mem.h"
#include "render/render.h"

struct parser {
    struct template *t;
    struct delims d;
    struct err *e;
    bool raw_ok;
    size_t text_from;              /* bytes before this are in nodes already */
    size_t open[RENDER_MAX_DEPTH]; /* nodes that wait for their end tag */
    int depth;
};

static struct node *add(struct parser *p, struct node n)
{
    struct template *t = p->t;
    n.end = t->n + 1;
    VEC_PUSH(t->node, t->n, t->cap, n);
    return &t->node[t->n - 1];
}

static bool line_begins(const struct parser *p, size_t at)
{
    return at == 0 || p->t->src.text[at - 1] == '\n';
}

/* The text up to `to`. Where a tag begins its line, an empty text marks the place for indentation. */
static void add_text(struct parser *p, size_t to, bool tag_follows)
{
    size_t from = p->text_from;
    const char *s = p->t->src.text;
    if (to > from)
        add(p,
            (struct node){.kind = NODE_TEXT, .at = from, .bol = line_begins(p, from), .text = {s + from, to - from}});
    if (tag_follows && line_begins(p, to))
        add(p, (struct node){.kind = NODE_TEXT, .at = to, .bol = true, .text = {s + to, 0}});
    p->text_from = to;
}

static struct node *container(struct parser *p)
{
    return p->depth > 0 ? &p->t->node[p->open[p->depth - 1]] : NULL;
}

static int push(struct parser *p, const struct tag *tag)
{
    if (p->depth == RENDER_MAX_DEPTH) {
        tag_err(p->e, &p->t->src, tag->at, ERR_LIMIT, "sections nest deeper than %d", RENDER_MAX_DEPTH);
        return err_fix(p->e, "move the inner part into a partial");
    }
    p->open[p->depth++] = p->t->n - 1;
    return 0;
}

/* A tag that leaves nothing behind when it stands alone: the text before it, and where text goes on after it. */
static bool swallow_line(struct parser *p, const struct tag *tag)
{
    size_t start, next;
    bool alone = tag_blank_before(&p->t->src, tag->at, &start) && tag_blank_after(&p->t->src, tag->end, &next);
    add_text(p, alone ? start : tag->at, !alone);
    p->text_from = alone ? next : tag->end;
    return alone;
}

static struct slice blanks_before(const struct parser *p, size_t at)
{
    size_t start;
    return tag_blank_before(&p->t->src, at, &start) ? (struct slice){p->t->src.text + start, at - start}
                                                    : (struct slice){"", 0};
}

static int open_section(struct parser *p, const struct tag *tag)
{
    swallow_line(p, tag);
    add(p, (struct node){.kind = tag->sigil == '#' ? NODE_SECTION : NODE_INVERTED, .at = tag->at, .text = tag->name});
    return push(p, tag);
}

/* Whether a parent stands alone is known at its end tag only: see close_parent. */
static int open_parent(struct parser *p, const struct tag *tag)
{
    add_text(p, tag->at, true);
    p->text_from = tag->end;
    add(p, (struct node){.kind = NODE_PARENT, .at = tag->at, .text = tag->name, .indent = blanks_before(p, tag->at)});
    return push(p, tag);
}

static int open_block(struct parser *p, const struct tag *tag)
{
    const struct source *src = &p->t->src;
    const struct node *around = container(p);
    struct node n = {.kind = NODE_BLOCK, .at = tag->at, .text = tag->name, .indent = blanks_before(p, tag->at)};
    size_t next;
    if (around && around->kind == NODE_PARENT) {
        /* What surrounds a block in a parent is ignored, so only the rest of the line decides. */
        n.own_lines = tag_blank_after(src, tag->end, &next);
        p->text_from = n.own_lines ? next : tag->end;
    } else {
        n.own_lines = swallow_line(p, tag);
    }
    if (n.own_lines)
        n.inner = tag_first_indent(src, p->text_from);
    add(p, n);
    return push(p, tag);
}

static void close_parent(struct parser *p, const struct tag *tag, size_t index)
{
    struct node *n = &p->t->node[index];
    size_t start, next;
    p->text_from = tag->end;
    if (!tag_blank_before(&p->t->src, n->at, &start) || !tag_blank_after(&p->t->src, tag->end, &next))
        return;
    n->own_lines = true;
    p->text_from = next;
    if (index > 0 && p->t->node[index - 1].kind == NODE_TEXT) {
        struct node *before = &p->t->node[index - 1];
        before->text.n -= n->indent.n;
        before->bol = before->bol && before->text.n > 0;
    }
}

static void close_block(struct parser *p, const struct tag *tag, size_t index)
{
    const struct node *around = p->depth > 0 ? container(p) : NULL;
    if (around && around->kind == NODE_PARENT) {
        size_t start;
        bool alone = tag_blank_before(&p->t->src, tag->at, &start);
        add_text(p, alone ? start : tag->at, false);
        p->text_from = tag->end;
    } else {
        swallow_line(p, tag);
    }
    struct node *n = &p->t->node[index];
    if (n->own_lines && p->t->n > index + 1)
        n->indent = n->inner;
}

static int unexpected_end(struct parser *p, const struct tag *tag)
{
    const struct node *open = container(p);
    int n = (int)(tag->name.n > 60 ? 60 : tag->name.n);
    tag_err(p->e, &p->t->src, tag->at, ERR_PARSE, "'%.*s' is closed here but is not open", n, tag->name.s);
    if (!open)
        return err_fix(p->e, "delete this tag, or add {{#%.*s}} before it", n, tag->name.s);
    return err_fix(p->e, "'%.*s' of line %zu is open: close it first", (int)(open->text.n > 60 ? 60 : open->text.n),
                   open->text.s, tag_line(&p->t->src, open->at));
}

static int close_tag(struct parser *p, const struct tag *tag)
{
    const struct node *open = container(p);
    if (!open || open->text.n != tag->name.n || memcmp(open->text.s, tag->name.s, tag->name.n) != 0)
        return unexpected_end(p, tag);
    size_t index = p->open[--p->depth];
    if (open->kind == NODE_PARENT)
        close_parent(p, tag, index);
    else if (open->kind == NODE_BLOCK)
        close_block(p, tag, index);
    else
        swallow_line(p, tag);
    p->t->node[index].end = p->t->n;
    return 0;
}

static int add_value(struct parser *p, const struct tag *tag)
{
    bool raw = tag->sigil != '\0';
    if (raw && !p->raw_ok) {
        tag_err(p->e, &p->t->src, tag->at, ERR_CONFIG, "'%.*s' would be written without escaping",
                (int)(tag->name.n > 60 ? 60 : tag->name.n), tag->name.s);
        return err_fix(p->e, "use two braces: {{%.*s}}", (int)(tag->name.n > 60 ? 60 : tag->name.n), tag->name.s);
    }
    add_text(p, tag->at, true);
    p->text_from = tag->end;
    add(p, (struct node){.kind = raw ? NODE_RAW : NODE_VALUE, .at = tag->at, .text = tag->name});
    return 0;
}

static void add_partial(struct parser *p, const struct tag *tag)
{
    bool alone = swallow_line(p, tag);
    struct slice indent = blanks_before(p, tag->at);
    add(p, (struct node){.kind = NODE_PARTIAL, .at = tag->at, .text = tag->name, .own_lines = alone, .indent = indent});
}

static int take(struct parser *p, const struct tag *tag)
{
    switch (tag->sigil) {
    case '#':
    case '^':
        return open_section(p, tag);
    case '/':
        return close_tag(p, tag);
    case '<':
        return open_parent(p, tag);
    case '$':
        return open_block(p, tag);
    case '>':
        add_partial(p, tag);
        return 0;
    case '!':
    case '=':
        swallow_line(p, tag);
        return 0;
    default:
        return add_value(p, tag);
    }
}

static int parse(struct parser *p)
{
    const struct source *src = &p->t->src;
    struct tag tag;
    int found;
    for (size_t from = 0; (found = tag_next(&tag, src, from, &p->d, p->e)) > 0; from = tag.end)
        if (take(p, &tag) < 0)
            return -1;
    if (found < 0)
        return -1;
    const struct node *open = container(p);
    if (open) {
        int n = (int)(open->text.n > 60 ? 60 : open->text.n);
        tag_err(p->e, src, open->at, ERR_PARSE, "'%.*s' is opened here and never closed", n, open->text.s);
        return err_fix(p->e, "add {{/%.*s}} where it should end", n, open->text.s);
    }
    add_text(p, src->len, false);
    return 0;
}

int template_parse(struct template *t, const char *name, const char *text, size_t len, bool raw_ok, struct err *e)
{
    *t = (struct template){0};
    if (len > RENDER_MAX_TEMPLATE) {
        err_set(e, ERR_LIMIT, "the template is larger than %d bytes", RENDER_MAX_TEMPLATE);
        err_fix(e, "split it into partials");
        return err_at(e, "%s", name);
    }
    t->owned_name = mem_dup(name);
    t->owned_text = mem_dupn(text, len);
    t->src = (struct source){t->owned_name, t->owned_text, len};
    struct parser p = {.t = t, .d = tag_default_delims, .e = e, .raw_ok = raw_ok};
    return parse(&p);
}

void template_release(struct template *t)
{
    free(t->node);
    free(t->owned_name);
    free(t->owned_text);
    *t = (struct template){0};
}
