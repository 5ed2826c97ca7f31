/* agent/check_do.c — what a check may do: save, delete, press a button, let time pass. */
#include "agent/check_parts.h"
#include "agent/duration.h"
#include "base/text.h"
#include "plan/resource.h"

const char *check_module(const struct check_case *c, const char *module)
{
    AUTO_FREE char *address = address_make("module", NULL, module);
    const json_t *v = json_object_get(c->names, address);
    return json_is_string(v) ? json_string_value(v) : js_str_or(v, "api_name", module);
}

static const char *field_name(const struct check_case *c, const char *module, const char *field)
{
    AUTO_FREE char *address = address_make("field", module, field);
    const json_t *v = json_object_get(c->names, address);
    return json_is_string(v) ? json_string_value(v) : js_str_or(v, "api_name", field);
}

const json_t *check_key(struct check_case *c, const char *key)
{
    const json_t *k = js_obj(c->keys, key);
    if (!k)
        check_differs(c, "the check made no record '%s'", key);
    return k;
}

static json_t *value_of(struct check_case *c, const json_t *v)
{
    const char *text = json_string_value(v);
    size_t i;
    json_t *one;
    if (text && text[0] == '$' && js_obj(c->keys, text + 1))
        return json_pack("{s:s}", "id", js_str(js_obj(c->keys, text + 1), "id"));
    if (json_is_array(v)) {
        json_t *out = json_array();
        json_array_foreach (v, i, one)
            json_array_append_new(out, value_of(c, one));
        return out;
    }
    if (json_is_object(v)) {
        json_t *out = json_object();
        const char *key;
        json_object_foreach ((json_t *)(uintptr_t)v, key, one)
            js_set(out, key, value_of(c, one));
        return out;
    }
    return json_deep_copy(v);
}

json_t *check_values(struct check_case *c, const char *module, const json_t *values)
{
    json_t *out = json_object(), *v;
    const char *key;
    json_object_foreach ((json_t *)(uintptr_t)values, key, v)
        js_set(out, field_name(c, module, key), value_of(c, v));
    return out;
}

char *check_user(struct check_case *c, const json_t *step)
{
    const char *role = js_str(step, "by");
    if (!role)
        return NULL;
    const json_t *who = js_obj(c->profiles, role);
    const char *profile = js_str(who, "profile"), *zoho_role = js_str(who, "zoho_role");
    AUTO_FREE char *slug = fs_slug(role);
    char *email = mem_printf("check-%s@example.org", slug);
    if (profile && sandbox_user_with_profile(c->sb, email, profile, zoho_role))
        return email;
    free(email);
    check_differs(c, "no role '%s' with a permission profile of this org", role);
    return NULL;
}

/* ---- a step is done, or refused as it should be ---- */

static void judge(struct check_case *c, const json_t *step, const char *what, const json_t *result)
{
    const char *wanted = js_str(step, "refused"), *message = js_str_or(result, "message", "no answer");
    bool done = !strcmp(js_str_or(result, "status", ""), "success");
    if (done && wanted)
        check_differs(c, "%s was not refused; expected: %s", what, wanted);
    else if (!done && !wanted)
        check_differs(c, "%s was refused: %s (%s)", what, message, js_str_or(result, "code", "?"));
    else if (!done && !strstr(message, wanted))
        check_differs(c, "%s was refused with \"%s\"; expected: %s", what, message, wanted);
}

static json_t *through_api(struct check_case *c, const char *user, const char *module, const char *id,
                           const json_t *values, bool silent)
{
    AUTO_FREE char *url = mem_printf("/crm/v8/%s%s%s", module, id ? "/" : "", id ? id : "");
    AUTO_JSON json_t *body = json_pack("{s:[O]}", "data", values), *answer = NULL;
    if (silent)
        js_set(body, "trigger", json_array());
    sandbox_call(c->sb, user, id ? "PUT" : "POST", url, body, &answer);
    json_t *r = js_path(answer, "data[0]");
    return json_incref(r ? r : answer);
}

/* save: Module/key makes a record, save: key edits one. */
static void save(struct check_case *c, const json_t *step)
{
    const char *what = js_str_or(step, "save", ""), *slash = strchr(what, '/'), *as = js_str_or(step, "as", "form");
    const json_t *old = slash ? NULL : check_key(c, what);
    if (!slash && !old)
        return;
    AUTO_FREE char *module = slash ? mem_dupn(what, (size_t)(slash - what)) : mem_dup(js_str_or(old, "module", ""));
    AUTO_FREE char *user = check_user(c, step);
    AUTO_JSON json_t *values = check_values(c, module, js_obj(step, "set"));
    const char *real = check_module(c, module), *id = js_str(old, "id");
    AUTO_JSON json_t *r = strcmp(as, "form") == 0 ? sandbox_form(c->sb, user, real, id, values)
                                                  : through_api(c, user, real, id, values, strcmp(as, "silent") == 0);
    AUTO_FREE char *deed = mem_printf("saving %s", what);
    judge(c, step, deed, r);
    const char *made = js_str(js_obj(r, "details"), "id");
    if (slash && made && !strcmp(js_str_or(r, "status", ""), "success"))
        js_set(c->keys, slash + 1, json_pack("{s:s,s:s}", "module", module, "id", made));
}

static void remove_record(struct check_case *c, const json_t *step)
{
    const char *what = js_str_or(step, "delete", "");
    const json_t *key = check_key(c, what);
    if (!key)
        return;
    AUTO_FREE char *user = check_user(c, step);
    AUTO_JSON json_t *r =
        sandbox_form(c->sb, user, check_module(c, js_str_or(key, "module", "")), js_str(key, "id"), NULL);
    AUTO_FREE char *deed = mem_printf("deleting %s", what);
    judge(c, step, deed, r);
}

/* ---- Blueprint ---- */

static char *process_url(struct check_case *c, const json_t *key)
{
    return mem_printf("/crm/v8/%s/%s/actions/blueprint", check_module(c, js_str_or(key, "module", "")),
                      js_str_or(key, "id", ""));
}

json_t *check_buttons(struct check_case *c, const json_t *key, const char *user)
{
    AUTO_FREE char *url = process_url(c, key);
    AUTO_JSON json_t *answer = NULL;
    sandbox_call(c->sb, user, "GET", url, NULL, &answer);
    json_t *list = js_arr(js_obj(answer, "blueprint"), "transitions");
    return list ? json_incref(list) : json_array();
}

/* A custom button, whose function answers; false when that person sees none. */
static bool press_custom(struct check_case *c, const json_t *step, const json_t *key, const char *user,
                         const char *deed)
{
    AUTO_JSON json_t *r = sandbox_press(c->sb, user, check_module(c, js_str_or(key, "module", "")),
                                        js_str_or(key, "id", ""), js_str_or(step, "button", ""));
    const char *wanted = js_str(step, "answers"), *said = js_str_or(r, "message", "");
    if (!r)
        return false;
    judge(c, step, deed, r);
    if (wanted && !strstr(said, wanted))
        check_differs(c, "%s answered \"%s\"; expected: %s", deed, said, wanted);
    return true;
}

static void press(struct check_case *c, const json_t *step)
{
    const char *what = js_str_or(step, "press", ""), *button = js_str_or(step, "button", "");
    const json_t *key = check_key(c, what), *found = NULL;
    json_t *t;
    size_t i;
    if (!key)
        return;
    AUTO_FREE char *user = check_user(c, step);
    AUTO_JSON json_t *ways = check_buttons(c, key, user);
    json_array_foreach (ways, i, t)
        if (!strcmp(js_str_or(t, "name", ""), button))
            found = t;
    AUTO_FREE char *url = process_url(c, key);
    AUTO_FREE char *deed = mem_printf("pressing '%s' on %s", button, what);
    if (!found && press_custom(c, step, key, user, deed))
        return;
    if (!found) {
        static const char none[] = "there is no such button";
        if (!strstr(none, js_str_or(step, "refused", "?")))
            check_differs(c, "%s: %s for that person in its state", deed, none);
        return;
    }
    AUTO_JSON json_t *answer = NULL;
    AUTO_JSON json_t *body = json_pack("{s:[{s:s,s:o}]}", "blueprint", "transition_id", js_str_or(found, "id", ""),
                                       "data", check_values(c, js_str_or(key, "module", ""), js_obj(step, "set")));
    sandbox_call(c->sb, user, "PUT", url, body, &answer);
    judge(c, step, deed, answer);
}

/* ---- time ---- */

static void pass_time(struct check_case *c, const json_t *step)
{
    const char *text = js_str_or(step, "wait", "");
    int64_t s = duration_seconds(text);
    struct err e = {0};
    if (s < 0)
        check_differs(c, "'%s' is no time to wait: write +3d, +2h, +90m or +1w", text);
    else if (sandbox_clock_advance(c->sb, s, &e) < 0)
        check_differs(c, "%s", e.what);
}

static void expect(struct check_case *c, const json_t *step)
{
    check_expect_all(c, js_arr(step, "expect"));
}

/* Values to look at, in the report of whoever runs it; nothing is expected of them. */
static void show(struct check_case *c, const json_t *step)
{
    const char *name = js_str_or(step, "show", "");
    const json_t *key = check_key(c, name);
    json_t *field;
    size_t i;
    if (!key)
        return;
    AUTO_FREE char *user = check_user(c, step);
    AUTO_JSON json_t *have = check_read(c, key, user);
    json_t *values = json_object();
    json_array_foreach (js_arr(step, "fields"), i, field) {
        const char *asked = json_string_value(field) ? json_string_value(field) : "";
        AUTO_FREE char *text = check_text(json_object_get(have, field_name(c, js_str_or(key, "module", ""), asked)));
        js_set_str(values, asked, text);
    }
    json_array_append_new(c->shown, json_pack("{s:s,s:o}", "record", name, "values", values));
}

const struct check_verb check_steps[] = {
    {"save", "set|as|by|refused", save},
    {"delete", "by|refused", remove_record},
    {"press", "button|set|by|refused|answers", press},
    {"wait", "", pass_time},
    {"show", "fields|by", show},
    {"expect", "", expect},
};
const size_t check_steps_n = sizeof check_steps / sizeof *check_steps;
