#include "render/scope.h"

#include "base/sb.h"
#include "base/strset.h"
#include "base/text.h"

enum { SHOWN = 60 }; /* bytes of a foreign name in a message */

static int shown(struct slice s)
{
    return s.n > SHOWN ? SHOWN : (int)s.n;
}

static void add_keys(struct strset *names, const json_t *o)
{
    const char *key;
    json_t *value;
    if (json_is_object(o))
        json_object_foreach ((json_t *)(uintptr_t)o, key, value)
            if (key[0] != '@')
                strset_add(names, key);
}

/* Nearest name, else the names themselves when they are few. */
static int suggest(struct strset *names, struct slice want, const char *prefix, struct err *e)
{
    AUTO_FREE char *text = mem_dupn(want.s, want.n);
    const char *near = text_nearest(text, (const char *const *)names->item, names->n);
    if (near)
        err_fix(e, "did you mean '%s%s'? Otherwise declare '%s%.*s'", prefix, near, prefix, shown(want), want.s);
    else if (names->n > 0 && names->n <= 8) {
        AUTO_SB struct sb list = SB_INIT(200);
        for (size_t i = 0; i < names->n; i++)
            sb_addf(&list, "%s%s", i ? ", " : "", names->item[i]);
        err_fix(e, "declared here: %s", list.buf);
    } else {
        err_fix(e, "declare '%s%.*s', or correct the name", prefix, shown(want), want.s);
    }
    strset_release(names);
    return -1;
}

static int unknown_first(const struct scope *s, struct slice part, const struct source *src, size_t at, struct err *e)
{
    struct strset names = {0};
    for (; s; s = s->up)
        add_keys(&names, s->value);
    tag_err(e, src, at, ERR_CONFIG, "'%.*s' is not declared", shown(part), part.s);
    return suggest(&names, part, "", e);
}

static const char *noun(const json_t *v)
{
    return json_is_array(v) ? "a table" : json_is_string(v) ? "text" : json_is_boolean(v) ? "yes or no" : "a number";
}

static int unknown_inner(const json_t *in, struct slice before, struct slice part, const struct source *src, size_t at,
                         struct err *e)
{
    if (!json_is_object(in)) {
        tag_err(e, src, at, ERR_CONFIG, "'%.*s' is %s, so it has no '%.*s'", shown(before), before.s, noun(in),
                shown(part), part.s);
        if (json_is_array(in))
            return err_fix(e, "go through its rows: {{#%.*s}}{{%.*s}}{{/%.*s}}", shown(before), before.s, shown(part),
                           part.s, shown(before), before.s);
        return err_fix(e, "write {{%.*s}}", shown(before), before.s);
    }
    struct strset names = {0};
    add_keys(&names, in);
    tag_err(e, src, at, ERR_CONFIG, "'%.*s' has no '%.*s'", shown(before), before.s, shown(part), part.s);
    AUTO_FREE char *prefix = mem_printf("%.*s.", shown(before), before.s);
    return suggest(&names, part, prefix, e);
}

static struct slice first_part(struct slice name)
{
    const char *dot = memchr(name.s, '.', name.n);
    return (struct slice){name.s, dot ? (size_t)(dot - name.s) : name.n};
}

int scope_find(const json_t **out, const struct scope *s, struct slice name, bool strict, const struct source *src,
               size_t at, struct err *e)
{
    *out = s->value;
    if (name.n == 1 && name.s[0] == '.')
        return 0;
    struct slice part = first_part(name);
    const json_t *v = NULL;
    for (const struct scope *i = s; i && !v; i = i->up)
        v = json_object_getn(i->value, part.s, part.n);
    if (!v && strict)
        return unknown_first(s, part, src, at, e);
    const char *end = name.s + name.n;
    while (v && !json_is_null(v) && part.s + part.n < end) {
        struct slice before = {name.s, (size_t)(part.s + part.n - name.s)};
        const char *next = part.s + part.n + 1;
        part = first_part((struct slice){next, (size_t)(end - next)});
        const json_t *inner = json_object_getn(v, part.s, part.n);
        if (!inner && strict)
            return unknown_inner(v, before, part, src, at, e);
        v = inner;
    }
    *out = v;
    return 0;
}

bool scope_truthy(const json_t *v)
{
    if (json_is_array(v))
        return json_array_size(v) > 0;
    if (json_is_string(v))
        return json_string_length(v) > 0;
    return v && !json_is_null(v) && !json_is_false(v);
}

const char *scope_unprintable(const json_t *v)
{
    return json_is_array(v) ? "a table" : json_is_object(v) ? "a group of values" : NULL;
}
