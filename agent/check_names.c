/* agent/check_names.c — does a case speak only of records it has, roles there are and times one can wait? Before it runs. */
#include "agent/check_parts.h"
#include "agent/duration.h"

struct naming {
    const struct playbook *pb;
    const json_t *profiles;
    struct strset *known; /* records of the case so far */
    const char *at;       /* JSON pointer of the case */
    struct err *e;
};

static int unknown_record(struct naming *n, const char *key)
{
    AUTO_SB struct sb all = SB_INIT(200);
    for (size_t i = 0; i < n->known->n; i++)
        sb_addf(&all, "%s%s", i ? ", " : "", n->known->item[i]);
    yaml_err(n->e, &n->pb->y, n->at, ERR_CONFIG, "the check speaks of a record '%s' that it has not made", key);
    return err_fix(n->e, "give it before, or save it as Module/%s; made so far: %s", key, all.len ? all.buf : "none");
}

static int known_record(struct naming *n, const char *key)
{
    return strset_has(n->known, key) ? 0 : unknown_record(n, key);
}

/* "$key", where key is a word; "$any" and "$empty" say something else, "$10 off" and "${…}" are texts. */
static const char *reference(const char *text)
{
    static const char word[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    if (!text || text[0] != '$' || !text[1] || (text[1] >= '0' && text[1] <= '9') || text[1 + strspn(text + 1, word)])
        return NULL;
    return strcmp(text, "$any") != 0 && strcmp(text, "$empty") != 0 ? text + 1 : NULL;
}

static int references(struct naming *n, const json_t *v)
{
    const char *name = reference(json_string_value(v)), *key;
    json_t *one;
    size_t i;
    if (name)
        return known_record(n, name);
    json_array_foreach (v, i, one)
        if (references(n, one) < 0)
            return -1;
    json_object_foreach ((json_t *)(uintptr_t)v, key, one)
        if (references(n, one) < 0)
            return -1;
    return 0;
}

static int role(struct naming *n, const json_t *step)
{
    const char *name = js_str(step, "by"), *key;
    json_t *v;
    if (!name || js_obj(n->profiles, name))
        return 0;
    AUTO_SB struct sb all = SB_INIT(200);
    json_object_foreach ((json_t *)(uintptr_t)n->profiles, key, v)
        sb_addf(&all, "%s%s", all.len ? ", " : "", key);
    yaml_err(n->e, &n->pb->y, n->at, ERR_CONFIG, "the check acts as a role '%s' that the context does not know", name);
    return err_fix(n->e, "roles with a permission profile (access: roles): %s", all.len ? all.buf : "none");
}

static int given(struct naming *n, const json_t *list)
{
    size_t i;
    json_t *one;
    json_array_foreach (list, i, one) {
        const char *key = json_object_iter_key(json_object_iter(one)), *slash = key ? strchr(key, '/') : NULL;
        if (references(n, one) < 0)
            return -1;
        if (slash)
            strset_add(n->known, slash + 1);
    }
    return 0;
}

static int expectations(struct naming *n, const json_t *list)
{
    size_t i;
    json_t *x;
    json_array_foreach (list, i, x) {
        const char *key = js_str(x, "record") ? js_str(x, "record") : js_str(x, "buttons");
        if (key && known_record(n, key) < 0)
            return -1;
        if (references(n, x) < 0 || role(n, x) < 0)
            return -1;
    }
    return 0;
}

static int step(struct naming *n, const json_t *s)
{
    const char *save = js_str(s, "save"), *slash = save ? strchr(save, '/') : NULL, *wait = js_str(s, "wait");
    const char *existing = save && !slash        ? save
                           : js_str(s, "delete") ? js_str(s, "delete")
                           : js_str(s, "press")  ? js_str(s, "press")
                                                 : js_str(s, "show");
    if (wait && duration_seconds(wait) < 0) {
        yaml_err(n->e, &n->pb->y, n->at, ERR_CONFIG, "'%s' is no time to wait", wait);
        return err_fix(n->e, "write +3d, +2h, +90m or +1w");
    }
    if ((existing && known_record(n, existing) < 0) || role(n, s) < 0)
        return -1;
    if (js_arr(s, "expect"))
        return expectations(n, js_arr(s, "expect"));
    if (references(n, s) < 0)
        return -1;
    if (slash)
        strset_add(n->known, slash + 1);
    return 0;
}

int check_names(const struct playbook *pb, const json_t *rendered, struct err *e)
{
    size_t i, k;
    json_t *one, *s;
    struct strset known = {0};
    int rc = 0;
    json_array_foreach (js_arr(rendered, "cases"), i, one) {
        AUTO_FREE char *at = mem_printf("/checks/cases/%zu", i);
        if (!js_bool(rendered, "follow", false))
            strset_release(&known);
        struct naming n = {pb, js_obj(rendered, "profiles"), &known, at, e};
        rc = rc < 0 ? rc : given(&n, js_arr(one, "given"));
        json_array_foreach (js_arr(one, "do"), k, s)
            if (rc == 0)
                rc = step(&n, s);
        if (rc == 0)
            rc = expectations(&n, js_arr(one, "expect"));
    }
    strset_release(&known);
    return rc;
}
