#include "deluge/library.h"

#include "base/js.h"
#include "base/mem.h"
#include "base/text.h"

/* ── Names ── */

static bool category(const char *path, size_t n)
{
    static const char *const spaces[] = {"automation",   "button",          "standalone", "schedule",
                                         "related_list", "validation_rule", "signals",    "circuits"};
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
        if (strlen(spaces[i]) == n && memcmp(path, spaces[i], n) == 0)
            return true;
    return false;
}

const char *dg_library_called(const struct dg_expr *e, char buf[DG_FUNCTION_NAME_MAX])
{
    const char *path = e->kind == DG_CALL && e->call.on ? dg_path(e, buf, DG_FUNCTION_NAME_MAX) : NULL;
    const char *dot = path ? strchr(path, '.') : NULL;
    if (!dot)
        return NULL;
    const char *second = strchr(dot + 1, '.');
    if (strncmp(path, "thisapp.", 8) == 0)
        return second && !strchr(second + 1, '.') ? dot + 1 : NULL;
    return !second && category(path, (size_t)(dot - path)) ? path : NULL;
}

const char *dg_library_declared(const struct dg_function *f, char buf[DG_FUNCTION_NAME_MAX])
{
    int n = f->space ? snprintf(buf, DG_FUNCTION_NAME_MAX, "%s.%s", f->space->lower, f->name->lower)
                     : snprintf(buf, DG_FUNCTION_NAME_MAX, "%s", f->name->lower);
    return n < DG_FUNCTION_NAME_MAX ? buf : NULL;
}

/* ── Adding ── */

static void note_calls(const struct dg_block *b, void *ctx);

static void note_call(struct dg_expr *e, void *ctx)
{
    char buf[DG_FUNCTION_NAME_MAX];
    const char *name = dg_library_called(e, buf);
    struct strset *calls = ctx;
    if (name)
        strset_add(calls, name);
    dg_each_child(e, note_call, calls);
}

static void note_calls(const struct dg_block *b, void *ctx)
{
    for (size_t i = 0; i < b->n; i++) {
        dg_each_stmt_expr(b->stmt[i], note_call, ctx);
        dg_each_stmt_block(b->stmt[i], note_calls, ctx);
    }
}

static void clear(struct dg_signature *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->param[i]);
    free(s->name);
    free(s->type);
    free(s->param);
    free(s->where);
    strset_release(&s->calls);
}

static bool same(const struct dg_signature *a, const struct dg_signature *b)
{
    bool equal = a->n == b->n && strcmp(a->type, b->type) == 0;
    for (size_t i = 0; equal && i < a->n; i++)
        equal = strcmp(a->param[i], b->param[i]) == 0;
    return equal;
}

static struct dg_signature *find(const struct dg_library *l, const char *name)
{
    const json_t *at = json_object_get(l->index, name);
    return at ? &l->item[json_integer_value(at)] : NULL;
}

static void add(struct dg_library *l, struct dg_signature one)
{
    struct dg_signature *there = find(l, one.name);
    if (there) {
        there->known = there->known && one.known && same(there, &one);
        strset_merge(&there->calls, &one.calls);
        clear(&one);
        return;
    }
    if (!l->index)
        l->index = json_object();
    js_set_int(l->index, one.name, (int64_t)l->n);
    VEC_PUSH(l->item, l->n, l->cap, one);
}

void dg_library_name(struct dg_library *l, const char *name)
{
    struct dg_signature one = {.name = mem_dup(name), .type = mem_dup("")};
    one.where = mem_dup("");
    add(l, one);
}

void dg_library_add(struct dg_library *l, const struct dg_script *s)
{
    for (size_t i = 0; i < s->n_functions; i++) {
        const struct dg_function *f = s->function[i];
        char buf[DG_FUNCTION_NAME_MAX];
        struct dg_signature one = {.known = true, .n = f->n};
        if (!dg_library_declared(f, buf))
            continue;
        one.name = mem_dup(buf);
        one.type = mem_dup(f->type ? f->type->lower : "void");
        one.where = mem_printf("%s:%u", s->file, f->head.line);
        one.param = mem_zalloc((f->n + 1) * sizeof *one.param);
        for (size_t k = 0; k < f->n; k++)
            one.param[k] = mem_dup(f->param[k].type ? f->param[k].type->lower : "");
        note_calls(&f->body, &one.calls);
        add(l, one);
    }
}

void dg_library_release(struct dg_library *l)
{
    for (size_t i = 0; i < l->n; i++)
        clear(&l->item[i]);
    free(l->item);
    json_decref(l->index);
    *l = (struct dg_library){0};
}

/* ── Asking ── */

const struct dg_signature *dg_library_find(const struct dg_library *l, const char *name)
{
    return find(l, name);
}

bool dg_library_reaches(const struct dg_library *l, const char *from, const char *to)
{
    AUTO_FREE unsigned char *seen = mem_zalloc(l->n + 1);
    AUTO_FREE const struct dg_signature **work = mem_grow(NULL, l->n + 1, sizeof *work);
    size_t n = 0;
    const struct dg_signature *next = find(l, from);
    if (next)
        work[n++] = next;
    while (n > 0) {
        const struct dg_signature *s = work[--n];
        if (strset_has(&s->calls, to))
            return true;
        for (size_t i = 0; i < s->calls.n; i++) {
            next = find(l, s->calls.item[i]);
            if (next && !seen[next - l->item]) {
                seen[next - l->item] = 1;
                work[n++] = next;
            }
        }
    }
    return false;
}

const char *dg_library_near(const struct dg_library *l, const char *name)
{
    if (!l->n)
        return NULL;
    AUTO_FREE const char **names = mem_grow(NULL, l->n, sizeof *names);
    for (size_t i = 0; i < l->n; i++)
        names[i] = l->item[i].name;
    return text_nearest(name, names, l->n);
}
