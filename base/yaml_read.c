#include "base/yaml_read.h"

#include <errno.h>
#include <libfyaml.h>
#include <stdio.h>
#include <string.h>

#include "base/sb.h"
#include "base/text.h"

/*
 * The event stream, not libfyaml's document tree: aliases then resolve here, where what they add up to is counted
 * before it exists, and every value's mark is at hand.
 */
struct reader {
    struct fy_parser *parser;
    struct fy_diag *diag;
    struct yaml *y;
    json_t *anchors; /* name → [value, nodes in it]; only complete values, so no alias can hold itself */
    json_int_t nodes;
    struct sb pointer;
    int depth;
    struct err *e;
};

/* Line and column, from 1. */
struct place {
    int line, col;
};

/* libfyaml marks a quoted text behind its quote; a person looks for the quote. */
static struct place place_of(struct fy_event *ev)
{
    const struct fy_mark *m = fy_event_start_mark(ev);
    if (!m)
        return (struct place){0, 0};
    enum fy_scalar_style style = FYSS_PLAIN;
    if (ev->type == FYET_SCALAR && ev->scalar.value)
        style = fy_token_scalar_style(ev->scalar.value);
    bool quoted = style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED;
    return (struct place){m->line + 1, m->column + (quoted ? 0 : 1)};
}

static int at(struct reader *r, struct place m)
{
    return err_at(r->e, "%s:%d:%d", r->y->name, m.line ? m.line : 1, m.line ? m.col : 1);
}

static void fail_at(struct reader *r, struct place m, const char *fix, const char *what)
{
    err_set(r->e, ERR_PARSE, "%s", what);
    at(r, m);
    if (fix)
        err_fix(r->e, "%s", fix);
}

static void add_pointer(struct sb *pointer, const char *key)
{
    sb_addc(pointer, '/');
    for (; *key; key++) {
        if (*key == '~')
            sb_add(pointer, "~0");
        else if (*key == '/')
            sb_add(pointer, "~1");
        else
            sb_addc(pointer, *key);
    }
}

static void note_place(struct reader *r, struct place m)
{
    if (m.line)
        js_set(r->y->pos, r->pointer.buf, json_pack("[i,i]", m.line, m.col));
}

/* -?(0|[1-9][0-9]*) that fits 64 bits. A leading zero or plus is a code or a telephone number: text. */
static bool as_integer(const char *s, json_int_t *v)
{
    const char *p = *s == '-' ? s + 1 : s;
    if (*p < '0' || *p > '9' || (*p == '0' && p[1] != '\0'))
        return false;
    if (p[strspn(p, "0123456789")] != '\0')
        return false;
    errno = 0;
    long long n = strtoll(s, NULL, 10);
    *v = n;
    return errno == 0 && !(n == 0 && *s == '-');
}

static bool one_of(const char *s, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(s, *list) == 0)
            return true;
    return false;
}

/* YAML 1.2.2 section 10.3.2, without its octal, hexadecimal and real numbers: those stay text. */
static json_t *plain_value(const char *s)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const trues[] = {"true", "True", "TRUE", NULL};
    static const char *const falses[] = {"false", "False", "FALSE", NULL};
    json_int_t v;
    if (one_of(s, nulls))
        return json_null();
    if (one_of(s, trues))
        return json_true();
    if (one_of(s, falses))
        return json_false();
    return as_integer(s, &v) ? json_integer(v) : json_string(s);
}

static bool tag_is_text(const char *tag)
{
    return strcmp(tag, "!") == 0 || strcmp(tag, "tag:yaml.org,2002:str") == 0;
}

static json_t *scalar(struct reader *r, struct fy_event *ev, struct place m)
{
    struct fy_token *t = ev->scalar.value;
    size_t n = 0;
    const char *raw = t ? fy_token_get_text(t, &n) : "";
    size_t bad;
    if (!raw || !text_utf8_valid(raw, n, &bad)) {
        fail_at(r, m, NULL, "text with a byte that is not UTF-8, or a NUL");
        return NULL;
    }
    AUTO_FREE char *s = mem_dupn(raw, n);
    if (ev->scalar.tag) {
        const char *tag = fy_token_get_text0(ev->scalar.tag);
        if (!tag || !tag_is_text(tag)) {
            fail_at(r, m, "remove the tag", "YAML tags other than !!str are not used here");
            return NULL;
        }
        return json_string(s);
    }
    bool plain = !t || fy_token_scalar_style(t) == FYSS_PLAIN;
    return plain ? plain_value(s) : json_string(s);
}

/* What libfyaml collected about a syntax error, in our words' shape. */
static void syntax_error(struct reader *r)
{
    void *it = NULL;
    struct fy_diag_error *first = fy_diag_errors_iterate(r->diag, &it);
    err_set(r->e, ERR_PARSE, "not valid YAML: %s", first && first->msg ? first->msg : "the text ends too early");
    err_at(r->e, "%s:%d:%d", r->y->name, first && first->line > 0 ? first->line : 1,
           first && first->column > 0 ? first->column : 1);
    err_fix(r->e,
            "look at this line and the one before: a value with ': ', ' #', or a leading {, [, *, & or %% goes in "
            "quotes; indent with spaces, alike within a list or map");
}

/* NULL with the error filled at a syntax error. */
static struct fy_event *next(struct reader *r)
{
    struct fy_event *ev = fy_parser_parse(r->parser);
    if (!ev)
        syntax_error(r);
    return ev;
}

static bool count(struct reader *r, json_int_t nodes, struct place m)
{
    r->nodes += nodes;
    if (r->nodes <= YAML_MAX_NODES)
        return true;
    err_set(r->e, ERR_LIMIT, "more than %d values", YAML_MAX_NODES);
    at(r, m);
    return false;
}

static json_t *alias(struct reader *r, struct fy_event *ev, struct place m)
{
    const char *name = fy_token_get_text0(ev->alias.anchor);
    json_t *known = name ? json_object_get(r->anchors, name) : NULL;
    if (!known) {
        fail_at(r, m, "define the anchor before its use, outside of itself", "an alias without a finished anchor");
        return NULL;
    }
    if (!count(r, json_integer_value(json_array_get(known, 1)), m))
        return NULL;
    return json_deep_copy(json_array_get(known, 0));
}

static json_t *value(struct reader *r, struct fy_event *ev);

static json_t *sequence(struct reader *r)
{
    json_t *list = json_array();
    size_t base = r->pointer.len;
    struct fy_event *ev;
    while ((ev = next(r)) && ev->type != FYET_SEQUENCE_END) {
        sb_addf(&r->pointer, "/%zu", json_array_size(list));
        json_t *item = value(r, ev);
        sb_truncate(&r->pointer, base);
        fy_parser_event_free(r->parser, ev);
        if (!item) {
            json_decref(list);
            return NULL;
        }
        json_array_append_new(list, item);
    }
    if (!ev) {
        json_decref(list);
        return NULL;
    }
    fy_parser_event_free(r->parser, ev);
    return list;
}

/* The key's text (caller frees), or NULL with an error. */
static char *key_text(struct reader *r, struct fy_event *ev, json_t *map)
{
    struct place m = place_of(ev);
    if (ev->type != FYET_SCALAR) {
        fail_at(r, m, NULL, "a key that is not text");
        return NULL;
    }
    AUTO_JSON json_t *key = scalar(r, ev, m);
    if (!key)
        return NULL;
    if (!json_is_string(key)) {
        fail_at(r, m, "put the key in quotes", "a key that is not text");
        return NULL;
    }
    if (json_object_get(map, json_string_value(key))) {
        AUTO_FREE char *what = mem_printf("the key '%s' stands here twice", json_string_value(key));
        fail_at(r, m, "remove one of the two", what);
        return NULL;
    }
    return mem_dup(json_string_value(key));
}

/* False when the map ended or failed; then *failed says which. */
static bool member(struct reader *r, json_t *map, bool *failed)
{
    *failed = true;
    struct fy_event *ev = next(r);
    if (!ev)
        return false;
    if (ev->type == FYET_MAPPING_END) {
        *failed = false;
        fy_parser_event_free(r->parser, ev);
        return false;
    }
    AUTO_FREE char *key = key_text(r, ev, map);
    size_t base = r->pointer.len;
    if (key) {
        add_pointer(&r->pointer, key);
        /* An empty value or a container has no mark of its own: then the key's stands. */
        note_place(r, place_of(ev));
    }
    fy_parser_event_free(r->parser, ev);
    ev = key ? next(r) : NULL;
    if (!ev)
        return false;
    json_t *v = value(r, ev);
    fy_parser_event_free(r->parser, ev);
    sb_truncate(&r->pointer, base);
    if (!v)
        return false;
    js_set(map, key, v);
    *failed = false;
    return true;
}

static json_t *mapping(struct reader *r)
{
    json_t *map = json_object();
    bool failed;
    while (member(r, map, &failed))
        continue;
    if (failed) {
        json_decref(map);
        return NULL;
    }
    return map;
}

static struct fy_token *anchor_of(struct fy_event *ev)
{
    if (ev->type == FYET_SCALAR)
        return ev->scalar.anchor;
    return ev->type == FYET_SEQUENCE_START ? ev->sequence_start.anchor : ev->mapping_start.anchor;
}

static json_t *container(struct reader *r, struct fy_event *ev, struct place m)
{
    bool list = ev->type == FYET_SEQUENCE_START;
    if (list ? ev->sequence_start.tag : ev->mapping_start.tag) {
        fail_at(r, m, "remove the tag", "YAML tags other than !!str are not used here");
        return NULL;
    }
    if (r->depth >= JS_MAX_DEPTH) {
        err_set(r->e, ERR_LIMIT, "YAML is nested more than %d deep", JS_MAX_DEPTH);
        at(r, m);
        return NULL;
    }
    r->depth++;
    json_t *v = list ? sequence(r) : mapping(r);
    r->depth--;
    return v;
}

static json_t *value(struct reader *r, struct fy_event *ev)
{
    struct place m = place_of(ev);
    json_int_t before = r->nodes;
    if (!count(r, 1, m))
        return NULL;
    note_place(r, m);
    if (ev->type == FYET_ALIAS)
        return alias(r, ev, m);
    json_t *v = ev->type == FYET_SCALAR ? scalar(r, ev, m) : container(r, ev, m);
    struct fy_token *anchor = anchor_of(ev);
    if (v && anchor)
        js_set(r->anchors, fy_token_get_text0(anchor), json_pack("[O,I]", v, r->nodes - before));
    return v;
}

/* Takes the stream apart: start, at most one document, end. */
static int stream(struct reader *r)
{
    for (int documents = 0;;) {
        struct fy_event *ev = next(r);
        if (!ev)
            return -1;
        enum fy_event_type type = ev->type;
        struct place m = place_of(ev);
        if (type == FYET_DOCUMENT_START && ++documents > 1)
            fail_at(r, m, "write it as a file of its own", "a second YAML document");
        else if (type == FYET_SCALAR || type == FYET_ALIAS || type == FYET_SEQUENCE_START || type == FYET_MAPPING_START)
            r->y->root = value(r, ev);
        bool failed = documents > 1 || (documents == 1 && type != FYET_DOCUMENT_START && !r->y->root);
        fy_parser_event_free(r->parser, ev);
        if (failed)
            return -1;
        if (type == FYET_STREAM_END)
            return 0;
    }
}

/* libfyaml would print what it finds; a library room never does. */
static void silent(struct fy_diag *diag, void *user, const char *buf, size_t len)
{
    (void)diag;
    (void)user;
    (void)buf;
    (void)len;
}

void yaml_read(struct yaml *y, const char *text, size_t len, struct err *e)
{
    struct fy_diag_cfg quiet;
    fy_diag_cfg_default(&quiet);
    quiet.fp = NULL;
    quiet.output_fn = silent;
    struct reader r = {.y = y, .anchors = json_object(), .pointer = SB_INIT(YAML_MAX_BYTES), .e = e};
    r.diag = fy_diag_create(&quiet);
    if (r.diag)
        fy_diag_set_collect_errors(r.diag, true);
    struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_JSON_NONE, .diag = r.diag};
    r.parser = r.diag ? fy_parser_create(&cfg) : NULL;
    if (!r.parser || fy_parser_set_string(r.parser, text, len) != 0)
        err_set(e, ERR_BUG, "libfyaml does not start");
    else if (stream(&r) == 0 && !y->root)
        y->root = json_null();
    if (r.parser)
        fy_parser_destroy(r.parser);
    if (r.diag)
        fy_diag_destroy(r.diag);
    json_decref(r.anchors);
    sb_release(&r.pointer);
}
