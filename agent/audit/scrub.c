/* agent/audit/scrub.c — which parts of which resource: what scrub_text.c does to texts, where they stand. */
#include "agent/audit/scrub.h"

#include <string.h>

#include "base/text.h"

/* What Zoho calls a person by (zoho.com/crm/developer/docs/api/v8/get-users). */
static const char *const person_keys[] = {"name",  "full_name", "first_name", "last_name", "alias",
                                          "email", "phone",     "mobile",     "fax",       "street",
                                          "city",  "zip",       "dob",        "website"};
/* Of a user: what says who may do what, and is the same tomorrow. */
static const char *const user_keys[] = {"id", "status", "confirm", "role", "profile", "type__s", "category"};
/* Objects that are users wherever they stand. */
static const char *const user_objects[] = {"created_by", "modified_by", "owner", "Owner", "user", "assigned_to"};
static const char *const org_people[] = {"primary_email", "phone", "mobile", "fax", "street", "zip", "city", "state"};
static const char *const unordered[] = {"profiles", "shared_to", "excluded_profiles", "lock_excluded_profiles"};

#define IN(key, list) in_list(key, list, sizeof(list) / sizeof *(list))
static bool in_list(const char *key, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(key, list[i]))
            return true;
    return false;
}

void scrub_learn(struct scrub *s, const json_t *users)
{
    const json_t *u;
    size_t i;
    json_array_foreach (users, i, u)
        if (js_str(u, "id"))
            strset_add(&s->users, js_str(u, "id"));
}

void scrub_release(struct scrub *s)
{
    strset_release(&s->users);
}

static json_t *scrubbed(const struct scrub *s, const char *resource, const char *key, const json_t *j);

static bool is_person(const struct scrub *s, const char *key, const json_t *o)
{
    const char *id = js_str(o, "id");
    return !s->people && ((key && IN(key, user_objects)) || (id && strset_has(&s->users, id)));
}

static json_t *text_of(const struct scrub *s, const char *resource, const char *key, const char *text)
{
    if (key && (!strcmp(key, "id") || !strcmp(key, "api_name"))) /* what others refer to */
        return json_string(text);
    bool url = key && (!strcmp(key, "url") || strstr(text, "://"));
    AUTO_FREE char *safe = !strncmp(resource, "function_code/", 14) && key && !strcmp(key, "code")
                               ? scrub_script(s, text)
                           : url && !strchr(text, ' ') ? scrub_url(s, text)
                                                       : scrub_text(s, text);
    return json_string(safe);
}

static json_t *object_of(const struct scrub *s, const char *resource, const char *key, const json_t *o)
{
    bool person = is_person(s, key, o), org = !s->people && !strcmp(resource, "org") && !key;
    json_t *out = json_object(), *v;
    const char *k;
    json_object_foreach ((json_t *)(uintptr_t)o, k, v)
        if (!(person && IN(k, person_keys)) && !(org && IN(k, org_people)))
            js_set(out, k, scrubbed(s, resource, k, v));
    /* {name: "api_key", value: "…"}: a variable, a parameter. */
    const char *name = js_str(o, "api_name") ? js_str(o, "api_name") : js_str(o, "name"), *value = js_str(o, "value");
    if (name && value && *value && *value != '$' && scrub_secret_name(name, strlen(name)))
        js_set_str(out, "value", SCRUB_SECRET);
    return out;
}

static json_t *scrubbed(const struct scrub *s, const char *resource, const char *key, const json_t *j)
{
    const json_t *v;
    size_t i;
    if (json_is_string(j))
        return text_of(s, resource, key, json_string_value(j));
    if (json_is_object(j))
        return object_of(s, resource, key, j);
    if (!json_is_array(j))
        return json_incref((json_t *)(uintptr_t)j);
    json_t *out = json_array();
    json_array_foreach (j, i, v)
        json_array_append_new(out, scrubbed(s, resource, NULL, v));
    if (key && IN(key, unordered) && js_str(json_array_get(out, 0), "id"))
        js_array_sort(out, "id");
    return out;
}

static json_t *user_of(const struct scrub *s, const json_t *u)
{
    json_t *out = json_object();
    for (size_t i = 0; i < sizeof user_keys / sizeof *user_keys; i++)
        if (json_object_get(u, user_keys[i]))
            json_object_set(out, user_keys[i], json_object_get(u, user_keys[i]));
    for (size_t i = 0; s->people && i < 4; i++) /* how they are called, and where they are written to */
        if (json_object_get(u, person_keys[i + 1]))
            json_object_set(out, person_keys[i + 1], json_object_get(u, person_keys[i + 1]));
    if (s->people && json_object_get(u, "email"))
        json_object_set(out, "email", json_object_get(u, "email"));
    return out;
}

json_t *scrub_resource(const struct scrub *s, const char *name, const json_t *array)
{
    json_t *out = json_array();
    const json_t *o;
    size_t i;
    json_array_foreach (array, i, o)
        json_array_append_new(out, !strcmp(name, "users") ? user_of(s, o) : scrubbed(s, name, NULL, o));
    return out;
}
