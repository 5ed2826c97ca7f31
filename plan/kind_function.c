/*
 * plan/kind_function.c — Deluge functions, and the wrappers through which rules call them.
 * Source: zoho-api.md 1.12 (zoho.com/crm/developer/docs/api/v8/create-function) and 1.13 (undocumented).
 */
#include <ctype.h>

#include "base/digest.h"
#include "base/mem.h"
#include "plan/adopting.h"
#include "plan/kinds.h"

/* "Validation Rule", "validation_rule": the catalogue answers with titles, playbooks write identifiers. */
static json_t *category_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    (void)c, (void)want;
    AUTO_FREE char *s = mem_dup(json_is_string(value) ? json_string_value(value) : "");
    for (char *p = s; *p; p++)
        *p = *p == ' ' ? '_' : (char)tolower((unsigned char)*p);
    return *s ? json_string(s) : json_null();
}
static json_t *category_adopt(const struct prop_ctx *c, const json_t *live)
{
    return category_norm(c, live, NULL);
}
static const struct prop_type PROP_CATEGORY = {SHAPE_TEXT, category_norm, NULL, NULL, category_adopt};

static const struct prop props[] = {
    {"name", &PROP_TEXT, 0, NULL},
    {"api_name", &PROP_TEXT, PROP_CREATE, NULL},
    {"category", &PROP_CATEGORY, PROP_FIXED, NULL}, /* cannot be changed afterwards: …/update-function */
    {"language", &PROP_WORD, PROP_CREATE, NULL},
    {"runtime", &PROP_TEXT, PROP_CREATE, NULL},
    {"description", &PROP_TEXT, 0, NULL},
};
const struct kind_spec spec_function = {.list = "functions",
                                        .whole = true,
                                        .key = "api_name",
                                        .label = "name",
                                        PROPS(props),
                                        .offer = offer_function,
                                        .own = " display_name config rest_api associated_place "};

static char *code_list(const struct kind_view *v, const struct resource *r)
{
    return mem_printf("function_code/%s", kind_real_name(v, r->address, r->name));
}

void function_reads(const struct kind_view *v, const struct resource *r, struct strset *out)
{
    AUTO_FREE char *code = code_list(v, r);
    spec_reads(v, r, out);
    strset_add(out, code);
}

/* Line ends as LF and none at the end: what an editor or a server adds there is no change. */
static char *plain(const char *source)
{
    char *out = mem_dup(source), *to = out;
    for (const char *p = source; *p; p++)
        if (*p != '\r')
            *to++ = *p;
        else if (p[1] != '\n')
            *to++ = '\n';
    while (to > out && (to[-1] == '\n' || to[-1] == ' '))
        to--;
    *to = '\0';
    return out;
}

/* A plan says which source, not the source: "58 lines, sha256 3f1c…". */
static json_t *source_line(const char *source)
{
    char hex[65];
    size_t lines = 1;
    if (!source || !*source)
        return json_null();
    AUTO_FREE char *text = plain(source);
    for (const char *p = text; *p; p++)
        lines += *p == '\n';
    digest_sha256(text, strlen(text), hex);
    AUTO_FREE char *line = mem_printf("%zu lines, sha256 %.16s", lines, hex);
    return json_string(line);
}

json_t *function_normalise(const struct kind_view *v, const struct resource *r, const json_t *live)
{
    json_t *out = spec_normalise(v, r, live);
    const char *wanted = js_str(r->artifact, "source");
    if (!wanted)
        return out;
    AUTO_FREE char *list = code_list(v, r);
    json_t *code = snapshot_get(v->snapshot, list);
    const char *have = js_str(json_array_get(code, 0), "code");
    js_set(out, "source", source_line(live ? have : wanted));
    return out;
}

static const struct prop wrapper_props[] = {
    {"name", &PROP_TEXT, 0, NULL},
    {"module", &PROP_MODULE, PROP_IMPLIED, NULL},
    {"function", &PROP_REF, 0, "function"},
    {"arguments", &PROP_ANY, 0, NULL},
    {"language", &PROP_WORD, PROP_CREATE | PROP_IMPLIED, NULL},
    {"feature_type", &PROP_WORD, PROP_CREATE | PROP_IMPLIED, NULL},
};

static void wrapper_finish(const struct kind_view *v, const struct resource *r, const json_t *live, json_t *body)
{
    (void)v, (void)live;
    js_set(body, "module", ref_module(r->module));
    js_set_str(body, "feature_type", "workflow");
    js_set_str(body, "language", js_str_or(r->body, "language", "deluge"));
}

const struct kind_spec spec_function_wrapper = {.list = "function_wrappers",
                                                .has_module = true,
                                                .whole = true,
                                                .sparse = true,
                                                .key = "name",
                                                .label = "name",
                                                PROPS(wrapper_props),
                                                .finish = wrapper_finish,
                                                .offer = offer_named};

void wrapper_reads(const struct kind_view *v, const struct resource *r, struct strset *out)
{
    spec_reads(v, r, out);
    strset_add(out, "workflow_rules");
}

static json_t *function_action(const json_t *actions, const char *name, const char *api_name)
{
    json_t *action;
    size_t i;
    json_array_foreach (actions, i, action) {
        const char *shown = js_str_or(action, "name", "");
        if (!strcmp(js_str_or(action, "type", ""), "functions") &&
            (!strcmp(shown, name) || (api_name && !strcmp(shown, api_name))))
            return action;
    }
    return NULL;
}

/* Where the list of wrappers is refused, a function that a person associated still shows as an action of a rule. */
json_t *wrapper_find(const struct kind_view *v, const struct resource *r)
{
    json_t *found = spec_find(v, r), *rule, *condition;
    const char *name = js_str_or(r->body, "name", r->name);
    const char *api_name = ref_name(json_object_get(r->body, "function"));
    size_t i, k;
    if (found)
        return found;
    json_array_foreach (snapshot_get(v->snapshot, "workflow_rules"), i, rule) {
        const char *module = ref_name(json_object_get(rule, "module"));
        if (!module || strcmp(module, real_module(v, r->module)) != 0)
            continue;
        json_array_foreach (js_arr(rule, "conditions"), k, condition) {
            found = function_action(js_arr(js_obj(condition, "instant_actions"), "actions"), name, api_name);
            if (found)
                return found;
        }
    }
    return NULL;
}
