/*
 * What this org lets its API write: __apis (path, method), __features, the edition. Evidence, strong but not absolute
 * (zoho.com/crm/developer/docs/api/v8: __apis may leave out settings paths that work): a path that is not listed is "unknown", one listed
 * without the method is "no", a feature said to be off or with a limit of 0 is "no".
 */
#include <strings.h>

#include "zoho/crm/crm.h"
#include "zoho/crm/kinds.h"

/* Features whose absence says no; the names are those of __features (unproven: taken from the documentation's examples). */
static const struct {
    const char *kind, *feature;
} features[] = {{"blueprint", "blueprint"}, {"function", "functions"}, {"function_wrapper", "functions"}};

/*
 * Segments equal, or "{…}" in both. A "{…}" fits no word: {module}/{id}/{related_list} says nothing of settings/automation/functions,
 * and org nothing of {module}.
 */
static bool same_path(const char *listed, const char *ours)
{
    static const char base[] = "/crm/v8";
    listed += strncmp(listed, base, sizeof base - 1) == 0 ? sizeof base - 1 : 0;
    ours += strncmp(ours, base, sizeof base - 1) == 0 ? sizeof base - 1 : 0;
    while (*listed && *ours) {
        size_t nl = strcspn(listed + 1, "/");
        size_t no = strcspn(ours + 1, "/");
        bool open = listed[1] == '{' && ours[1] == '{';
        if (*listed != '/' || *ours != '/' || (!open && (nl != no || strncmp(listed + 1, ours + 1, nl) != 0)))
            return false;
        listed += nl + 1;
        ours += no + 1;
    }
    return *listed == *ours;
}

static const json_t *operation(const json_t *apis, const char *path, const char *method, bool *listed)
{
    size_t i;
    size_t k;
    const json_t *api;
    const json_t *op;
    *listed = false;
    json_array_foreach (apis, i, api) {
        if (!same_path(js_str_or(api, "path", ""), path))
            continue;
        *listed = true;
        json_array_foreach (js_arr(api, "operation_types"), k, op)
            if (strcmp(js_str_or(op, "method", ""), method) == 0)
                return op;
    }
    return NULL;
}

static bool feature_off(const json_t *list, const char *kind)
{
    size_t i;
    const json_t *f;
    for (size_t row = 0; row < sizeof features / sizeof *features; row++)
        json_array_foreach (list, i, f)
            if (strcmp(features[row].kind, kind) == 0 &&
                strcasecmp(features[row].feature, js_str_or(f, "api_name", "")) == 0) {
                const json_t *total = js_path(f, "details.limits.total");
                return json_is_integer(total) && json_integer_value(total) == 0;
            }
    return false;
}

static json_t *judge(const struct crm_kind *k, const struct snapshot *s)
{
    bool listed;
    const json_t *apis = snapshot_get(s, "apis");
    json_t *a = json_object();
    js_set_strf(a, "path", "%s %s", k->ask_method, k->ask_path);
    const char *answer = "unknown";
    if (feature_off(snapshot_get(s, "features"), k->name)) {
        answer = "no";
        js_set_str(a, "why", "this edition has none (__features says a limit of 0)");
    } else if (!apis) {
        js_set_str(a, "why", "the org does not show __apis to this user");
    } else if (operation(apis, k->ask_path, k->ask_method, &listed)) {
        answer = "yes";
        js_set_str(a, "why", "listed in __apis");
    } else if (listed) {
        answer = "no";
        js_set_strf(a, "why", "__apis lists the path, but not %s", k->ask_method);
    } else {
        js_set_str(a, "why", "not listed in __apis, which does not list everything");
    }
    js_set_str(a, "answer", answer);
    return a;
}

int crm_capabilities(struct zoho *z, json_t **caps, struct err *e)
{
    *caps = NULL;
    struct strset names = {0};
    struct snapshot s;
    snapshot_init(&s);
    strset_add(&names, "apis");
    strset_add(&names, "features");
    int rc = crm_read(z, &names, NULL, &s, e);
    if (rc == 0) {
        *caps = json_object();
        for (size_t i = 0; i < crm_kinds_n; i++)
            js_set(*caps, crm_kinds[i].name, judge(&crm_kinds[i], &s));
    }
    strset_release(&names);
    snapshot_release(&s);
    return rc;
}
