#include "base/mem.h"
#include "base/sb.h"
#include "render/escape.h"
#include "render/scope.h"
#include "render/tree.h"

enum { MAX_PARTIALS = 256, MAX_INDENT = 1024 };

struct run {
    const struct render_options *o;
    struct sb out;
    struct err *e;
    struct template **partial; /* in order of first use; text NULL when there is none of that name */
    size_t n, cap, bytes;
    long steps;
    int depth;
    bool mid_line; /* the next line of a block continues a line that has its indentation */
};
/* The blocks given to one parent, while it is evaluated. */
struct frame {
    const struct template *t;
    size_t parent; /* node */
    const struct frame *up;
};
/* What changes from one call to the next: lives on the C stack, bounded by RENDER_MAX_DEPTH. */
struct place {
    const struct template *t;
    const struct scope *scope;
    const struct frame *frame;
    struct slice indent; /* before each line */
    size_t strip;        /* blanks that each line loses first */
};

static int eval(struct run *r, const struct place *p, size_t from, size_t to);

static int too_much(struct run *r, const struct place *p, size_t at, const char *what, int max)
{
    tag_err(r->e, &p->t->src, at, ERR_LIMIT, "rendering passes %d %s", max, what);
    return err_fix(r->e, "look for partials that include themselves or each other, or split the template");
}

static int count(struct run *r, const struct place *p, size_t at, size_t steps)
{
    r->steps += (long)steps;
    if (r->steps > RENDER_MAX_STEPS)
        return too_much(r, p, at, "steps", RENDER_MAX_STEPS);
    if (r->out.bad)
        return too_much(r, p, at, "bytes of output", RENDER_MAX_OUTPUT);
    return 0;
}

static size_t blanks(const char *s, size_t n, size_t max)
{
    size_t i = 0;
    while (i < n && i < max && (s[i] == ' ' || s[i] == '\t'))
        i++;
    return i;
}

static void begin_line(struct run *r, const struct place *p, bool empty)
{
    if (!r->mid_line && !empty)
        sb_addn(&r->out, p->indent.s, p->indent.n);
    r->mid_line = false;
}

static void add_lines(struct run *r, const struct place *p, const struct node *n)
{
    const char *s = n->text.s, *end = s + n->text.n;
    bool bol = n->bol;
    if (s == end && bol)
        begin_line(r, p, false);
    for (; s < end; bol = true) {
        const char *nl = memchr(s, '\n', (size_t)(end - s));
        const char *next = nl ? nl + 1 : end;
        if (bol) {
            s += blanks(s, (size_t)(next - s), p->strip);
            begin_line(r, p, *s == '\n' || (*s == '\r' && s + 1 == nl));
        }
        r->mid_line = false;
        sb_addn(&r->out, s, (size_t)(next - s));
        s = next;
    }
}

/* Enough digits to read the same number back. */
static void add_real(struct sb *out, double v)
{
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, v);
        if (strtod(text, NULL) >= v && strtod(text, NULL) <= v)
            break;
    }
    sb_add(out, text);
}

static int add_value(struct run *r, const struct place *p, const struct node *n)
{
    const json_t *v;
    if (scope_find(&v, p->scope, n->text, r->o->strict, &p->t->src, n->at, r->e) < 0)
        return -1;
    if (r->o->strict && scope_unprintable(v)) {
        int len = (int)(n->text.n > 60 ? 60 : n->text.n);
        tag_err(r->e, &p->t->src, n->at, ERR_CONFIG, "'%.*s' is %s, which cannot be written as one value", len,
                n->text.s, scope_unprintable(v));
        return err_fix(r->e, "open it: {{#%.*s}}…{{/%.*s}}", len, n->text.s, len, n->text.s);
    }
    if (json_is_string(v))
        escape_to(&r->out, n->kind == NODE_RAW ? RENDER_PLAIN : r->o->target, json_string_value(v),
                  json_string_length(v));
    else if (json_is_integer(v))
        sb_addf(&r->out, "%lld", (long long)json_integer_value(v));
    else if (json_is_real(v))
        add_real(&r->out, json_real_value(v));
    else if (json_is_boolean(v))
        sb_add(&r->out, json_is_true(v) ? "true" : "false");
    return 0;
}

static int eval_section(struct run *r, const struct place *p, size_t i)
{
    const struct node *n = &p->t->node[i];
    const json_t *v;
    if (scope_find(&v, p->scope, n->text, r->o->strict, &p->t->src, n->at, r->e) < 0)
        return -1;
    if (scope_truthy(v) == (n->kind == NODE_INVERTED))
        return 0;
    struct place in = *p;
    if (n->kind == NODE_INVERTED)
        return eval(r, &in, i + 1, n->end);
    size_t rows = json_is_array(v) ? json_array_size(v) : 1;
    for (size_t row = 0; row < rows; row++) {
        struct scope s = {json_is_array(v) ? json_array_get(v, row) : v, p->scope};
        in.scope = &s;
        if (count(r, p, n->at, 1) < 0 || eval(r, &in, i + 1, n->end) < 0)
            return -1;
    }
    return 0;
}

static int missing_partial(struct run *r, const struct place *p, const struct node *n)
{
    int len = (int)(n->text.n > 60 ? 60 : n->text.n);
    tag_err(r->e, &p->t->src, n->at, ERR_CONFIG, "there is no partial '%.*s'", len, n->text.s);
    return err_fix(r->e, "add the file, or correct the name");
}

static int load_partial(struct run *r, const struct place *p, struct node *n)
{
    if (r->n == MAX_PARTIALS)
        return too_much(r, p, n->at, "different partials", MAX_PARTIALS);
    AUTO_FREE char *name = mem_dupn(n->text.s, n->text.n);
    size_t len = 0;
    const char *text = r->o->partial ? r->o->partial(r->o->ctx, name, &len) : NULL;
    if (!text && r->o->strict)
        return missing_partial(r, p, n);
    if (!text)
        len = 0;
    struct template *t = mem_zalloc(sizeof *t);
    VEC_PUSH(r->partial, r->n, r->cap, t);
    n->target = t;
    if ((r->bytes += len) > RENDER_MAX_OUTPUT)
        return too_much(r, p, n->at, "bytes of partials", RENDER_MAX_OUTPUT);
    return template_parse(t, name, text ? text : "", len, r->o->raw_ok || !r->o->strict, r->e);
}

static int find_partial(struct run *r, const struct place *p, struct node *n)
{
    for (size_t i = 0; i < r->n && !n->target; i++)
        if (strlen(r->partial[i]->src.name) == n->text.n && memcmp(r->partial[i]->src.name, n->text.s, n->text.n) == 0)
            n->target = r->partial[i];
    return n->target ? 0 : load_partial(r, p, n);
}

/* The indentation of lines that land at `add`, a blank prefix of the template's line. */
static int join_indent(struct run *r, const struct place *p, const struct node *n, struct sb *joined)
{
    size_t skip = n->indent.n < p->strip ? n->indent.n : p->strip;
    sb_addn(joined, p->indent.s, p->indent.n);
    sb_addn(joined, n->indent.s + skip, n->indent.n - skip);
    return joined->bad ? too_much(r, p, n->at, "blanks of indentation", MAX_INDENT) : 0;
}

static int eval_partial(struct run *r, const struct place *p, size_t i)
{
    struct node *n = &p->t->node[i];
    if (!n->target && find_partial(r, p, n) < 0)
        return -1;
    AUTO_SB struct sb indent = SB_INIT(MAX_INDENT);
    if (n->own_lines && join_indent(r, p, n, &indent) < 0)
        return -1;
    struct frame f = {p->t, i, p->frame};
    struct place in = {n->target, p->scope, n->kind == NODE_PARENT ? &f : p->frame, {indent.buf, indent.len}, 0};
    return eval(r, &in, 0, n->target->n);
}

/* The block that replaces `n`: of the outermost frame that has one, since that template is the most specific. */
static int find_override(struct run *r, const struct place *p, const struct node *n, const struct frame **frame,
                         size_t *block)
{
    *frame = NULL;
    for (const struct frame *f = p->frame; f; f = f->up) {
        const struct node *node = f->t->node;
        for (size_t i = f->parent + 1; i < node[f->parent].end; i = node[i].end) {
            if (count(r, p, n->at, 1) < 0)
                return -1;
            if (node[i].kind == NODE_BLOCK && node[i].text.n == n->text.n &&
                memcmp(node[i].text.s, n->text.s, n->text.n) == 0) {
                *frame = f;
                *block = i;
                break;
            }
        }
    }
    return 0;
}

static int eval_block(struct run *r, const struct place *p, size_t i)
{
    const struct node *n = &p->t->node[i];
    const struct frame *f;
    size_t block = 0;
    if (find_override(r, p, n, &f, &block) < 0)
        return -1;
    if (!f)
        return eval(r, p, i + 1, n->end);
    AUTO_SB struct sb indent = SB_INIT(MAX_INDENT);
    if (join_indent(r, p, n, &indent) < 0)
        return -1;
    const struct node *given = &f->t->node[block];
    /* f->up: what a template gives can be replaced only by those that build on it. */
    struct place in = {f->t, p->scope, f->up, {indent.buf, indent.len}, given->inner.n};
    if (n->own_lines && !given->own_lines)
        begin_line(r, &in, false);
    r->mid_line = !n->own_lines;
    int rc = eval(r, &in, block + 1, given->end);
    r->mid_line = false;
    return rc;
}

static int eval_node(struct run *r, const struct place *p, size_t i)
{
    const struct node *n = &p->t->node[i];
    switch (n->kind) {
    case NODE_TEXT:
        add_lines(r, p, n);
        return 0;
    case NODE_VALUE:
    case NODE_RAW:
        return add_value(r, p, n);
    case NODE_SECTION:
    case NODE_INVERTED:
        return eval_section(r, p, i);
    case NODE_PARTIAL:
    case NODE_PARENT:
        return eval_partial(r, p, i);
    case NODE_BLOCK:
        return eval_block(r, p, i);
    }
    return 0;
}

static int eval(struct run *r, const struct place *p, size_t from, size_t to)
{
    if (r->depth == RENDER_MAX_DEPTH)
        return too_much(r, p, p->t->n ? p->t->node[from < p->t->n ? from : 0].at : 0, "nested sections and partials",
                        RENDER_MAX_DEPTH);
    r->depth++;
    for (size_t i = from; i < to; i = p->t->node[i].end)
        if (count(r, p, p->t->node[i].at, 1) < 0 || eval_node(r, p, i) < 0)
            return -1;
    r->depth--;
    return 0;
}

char *render(const char *name, const char *text, size_t len, const json_t *data, const struct render_options *o,
             struct err *e)
{
    struct run r = {.o = o, .e = e, .out = SB_INIT(RENDER_MAX_OUTPUT)};
    struct template t;
    struct scope top = {data, NULL};
    struct place p = {&t, &top, NULL, {"", 0}, 0};
    char *out = NULL;
    if (template_parse(&t, name, text, len, o->raw_ok || !o->strict, e) == 0 && eval(&r, &p, 0, t.n) == 0 &&
        count(&r, &p, 0, 0) == 0)
        out = sb_take(&r.out, name, e);
    sb_release(&r.out);
    for (size_t i = 0; i < r.n; i++) {
        template_release(r.partial[i]);
        free(r.partial[i]);
    }
    free(r.partial);
    template_release(&t);
    return out;
}
