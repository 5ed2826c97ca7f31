/* plan/prop.c — the types of properties: comparable form, references, form to send. */
#include <ctype.h>

#include "base/mem.h"
#include "plan/adopting.h"
#include "plan/criteria.h"
#include "plan/spec.h"

static json_t *text_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    (void)c, (void)want;
    return scalar_text(value);
}
const struct prop_type PROP_TEXT = {SHAPE_TEXT, text_norm, NULL, NULL, adopt_scalar};

static json_t *word_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    (void)c, (void)want;
    AUTO_JSON json_t *text = scalar_text(value);
    if (json_is_null(text))
        return json_null();
    AUTO_FREE char *s = mem_dup(json_string_value(text));
    for (char *p = s; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return json_string(s);
}
const struct prop_type PROP_WORD = {SHAPE_TEXT, word_norm, NULL, NULL, adopt_scalar};

static json_t *words_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    json_t *out = json_array(), *item;
    size_t i;
    json_array_foreach (value, i, item) {
        AUTO_JSON json_t *word = word_norm(c, item, want);
        if (!json_is_null(word))
            js_array_add_unique(out, json_string_value(word));
    }
    js_array_sort(out, NULL);
    return json_array_size(out) ? out : (json_decref(out), json_null());
}
const struct prop_type PROP_WORDS = {SHAPE_LIST, words_norm, NULL, NULL, adopt_value};

static json_t *bool_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    (void)c, (void)want;
    const char *text = json_string_value(value);
    return json_boolean(json_is_true(value) || (text && !strcmp(text, "true")));
}
const struct prop_type PROP_BOOL = {SHAPE_TEXT, bool_norm, NULL, NULL, adopt_scalar};

static json_t *number_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    (void)c, (void)want;
    AUTO_JSON json_t *text = scalar_text(value);
    if (json_is_null(text))
        return json_null();
    AUTO_FREE char *s = mem_dup(json_string_value(text));
    if (strchr(s, '.')) {
        size_t n = strlen(s);
        while (s[n - 1] == '0')
            s[--n] = '\0';
        if (s[n - 1] == '.')
            s[n - 1] = '\0';
    }
    return json_string(s);
}
const struct prop_type PROP_NUMBER = {SHAPE_TEXT, number_norm, NULL, NULL, adopt_scalar};

static json_t *any_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    return c->live ? project(value, want) : canon(value);
}
const struct prop_type PROP_ANY = {SHAPE_ANY, any_norm, NULL, NULL, adopt_value};

static json_t *criteria_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    (void)want;
    return criteria_line(c->v, c->r->module, value, c->live);
}
static void criteria_refs(const struct prop_ctx *c, const json_t *value, struct strset *out)
{
    criteria_needs(c->r->module, value, out);
}
static void criteria_send(const struct prop_ctx *c, const json_t *value, const json_t *live, bool create, json_t *body)
{
    (void)live, (void)create;
    js_set(body, c->prop->key, criteria_body(c->r->module, value));
}
const struct prop_type PROP_CRITERIA = {SHAPE_OBJECT, criteria_norm, criteria_refs, criteria_send, adopt_value};

static json_t *field_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    (void)want;
    const char *name = ref_name(value);
    if (c->live && !name && js_str(value, "id")) {
        AUTO_FREE char *list = mem_printf("fields/%s", real_module(c->v, c->r->module));
        name = js_str(snapshot_find(c->v->snapshot, list, "id", js_str(value, "id"), false), "api_name");
    }
    if (!name)
        return json_null();
    return json_string(c->live ? name : real_field(c->v, c->r->module, name));
}
static void field_refs(const struct prop_ctx *c, const json_t *value, struct strset *out)
{
    AUTO_FREE char *address = ref_name(value) ? address_make("field", c->r->module, ref_name(value)) : NULL;
    if (address)
        strset_add(out, address);
}
static void field_send(const struct prop_ctx *c, const json_t *value, const json_t *live, bool create, json_t *body)
{
    (void)live, (void)create;
    js_set(body, c->prop->key, ref_name(value) ? ref_field(c->r->module, ref_name(value)) : json_null());
}
static json_t *field_adopt(const struct prop_ctx *c, const json_t *live)
{
    AUTO_JSON json_t *name = field_norm(c, live, NULL);
    return json_is_string(name) ? adopt_named("api_name", json_string_value(name)) : json_null();
}
const struct prop_type PROP_FIELD = {SHAPE_NAME, field_norm, field_refs, field_send, field_adopt};

static json_t *fields_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    json_t *out = json_array(), *item;
    size_t i;
    json_array_foreach (value, i, item)
        json_array_append_new(out, field_norm(c, item, want));
    return json_array_size(out) ? out : (json_decref(out), json_null());
}
static void fields_refs(const struct prop_ctx *c, const json_t *value, struct strset *out)
{
    json_t *item;
    size_t i;
    json_array_foreach (value, i, item)
        field_refs(c, item, out);
}
static void fields_send(const struct prop_ctx *c, const json_t *value, const json_t *live, bool create, json_t *body)
{
    (void)live, (void)create;
    json_t *out = json_array(), *item;
    size_t i;
    json_array_foreach (value, i, item)
        if (ref_name(item))
            json_array_append_new(out, ref_field(c->r->module, ref_name(item)));
    js_set(body, c->prop->key, out);
}
static json_t *fields_adopt(const struct prop_ctx *c, const json_t *live)
{
    return adopt_list(c, live, field_adopt);
}
const struct prop_type PROP_FIELDS = {SHAPE_NAMES, fields_norm, fields_refs, fields_send, fields_adopt};

static json_t *field_set_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    json_t *out = fields_norm(c, value, want);
    if (json_is_array(out))
        js_array_sort(out, NULL);
    return out;
}
const struct prop_type PROP_FIELD_SET = {SHAPE_NAMES, field_set_norm, fields_refs, fields_send, fields_adopt};

static json_t *module_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    (void)want;
    const char *name = ref_name(value);
    if (!name)
        return json_null();
    return json_string(c->live ? name : real_module(c->v, name));
}
static void module_refs(const struct prop_ctx *c, const json_t *value, struct strset *out)
{
    (void)c;
    if (ref_name(value))
        strset_addf(out, "module/%s", ref_name(value));
}
static void module_send(const struct prop_ctx *c, const json_t *value, const json_t *live, bool create, json_t *body)
{
    (void)live, (void)create;
    js_set(body, c->prop->key, ref_name(value) ? ref_module(ref_name(value)) : json_null());
}
const struct prop_type PROP_MODULE = {SHAPE_NAME, module_norm, module_refs, module_send, adopt_value};

static char *named_address(const struct prop_ctx *c, const char *name)
{
    const struct kind *k = kind_find(c->prop->arg);
    return address_make(k->name, k->in_module ? c->r->module : NULL, name);
}

/* Servers answer {"id"} alone in places: the name is then looked up in the list of that kind. */
static const char *live_name(const struct prop_ctx *c, const json_t *value)
{
    const struct kind *k = kind_find(c->prop->arg);
    const char *name = js_str(value, k->spec->key), *id = js_str(value, "id");
    if (name || !id)
        return name ? name : ref_name(value);
    AUTO_FREE char *list = k->spec->per_module ? mem_printf("%s/%s", k->spec->list, real_module(c->v, c->r->module))
                                               : mem_dup(k->spec->list);
    name = js_str(snapshot_find(c->v->snapshot, list, "id", id, false), k->spec->key);
    return name ? name : ref_name(value);
}

/* A wanted name stands as written, except where it is an api_name that this org chose; a live thing that the org map names
 * for the wanted one counts as that. */
static json_t *ref_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    const char *wanted = ref_name(want);
    AUTO_FREE char *address = wanted ? named_address(c, wanted) : NULL;
    const char *real = address ? kind_real_name(c->v, address, wanted) : NULL;
    bool api_name = !strcmp(kind_find(c->prop->arg)->spec->key, "api_name");
    const char *name = c->live ? live_name(c, value) : api_name ? real : wanted;
    if (c->live && !api_name && name && real && !strcmp(name, real))
        name = wanted;
    return name ? json_string(name) : json_null();
}
static void ref_refs(const struct prop_ctx *c, const json_t *value, struct strset *out)
{
    AUTO_FREE char *address = ref_name(value) ? named_address(c, ref_name(value)) : NULL;
    if (address)
        strset_add(out, address);
}
static json_t *ref_sent(const struct prop_ctx *c, const json_t *value)
{
    const struct kind *k = kind_find(c->prop->arg);
    return ref_name(value) ? ref_named(k->name, k->in_module ? c->r->module : NULL, ref_name(value)) : json_null();
}
static void ref_send(const struct prop_ctx *c, const json_t *value, const json_t *live, bool create, json_t *body)
{
    (void)live, (void)create;
    js_set(body, c->prop->key, ref_sent(c, value));
}
static json_t *ref_adopt(const struct prop_ctx *c, const json_t *live)
{
    const char *name = live_name(c, live), *key = kind_find(c->prop->arg)->spec->key;
    return name ? adopt_named(!strcmp(key, "api_name") ? key : "name", name) : json_null();
}
const struct prop_type PROP_REF = {SHAPE_NAME, ref_norm, ref_refs, ref_send, ref_adopt};

static json_t *refs_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    json_t *out = json_array(), *item;
    size_t i;
    (void)want;
    json_array_foreach (value, i, item) {
        AUTO_FREE char *address = !c->live && ref_name(item) ? named_address(c, ref_name(item)) : NULL;
        const char *name = c->live   ? live_name(c, item)
                           : address ? kind_real_name(c->v, address, ref_name(item))
                                     : NULL;
        if (name)
            js_array_add_unique(out, name);
    }
    js_array_sort(out, NULL);
    return json_array_size(out) ? out : (json_decref(out), json_null());
}
static void refs_refs(const struct prop_ctx *c, const json_t *value, struct strset *out)
{
    json_t *item;
    size_t i;
    json_array_foreach (value, i, item)
        ref_refs(c, item, out);
}
static void refs_send(const struct prop_ctx *c, const json_t *value, const json_t *live, bool create, json_t *body)
{
    (void)live, (void)create;
    json_t *out = json_array(), *item;
    size_t i;
    json_array_foreach (value, i, item) {
        json_t *sent = ref_sent(c, item); /* lists of references are ids alone (zoho-api.md 1.4, 1.16) */
        json_object_del(sent, "name");
        json_array_append_new(out, sent);
    }
    js_set(body, c->prop->key, out);
}
static json_t *refs_adopt(const struct prop_ctx *c, const json_t *live)
{
    return adopt_list(c, live, ref_adopt);
}
const struct prop_type PROP_REFS = {SHAPE_NAMES, refs_norm, refs_refs, refs_send, refs_adopt};
