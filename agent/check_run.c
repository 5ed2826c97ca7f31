/* agent/check_run.c — running the cases of checks: in trials that leave nothing, or as a story in the org itself. */
#include "agent/check_parts.h"

void check_differs(struct check_case *c, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    AUTO_FREE char *text = mem_vprintf(fmt, args);
    va_end(args);
    js_push_str(c->differences, text);
}

static void put_given(struct check_case *c, const json_t *one)
{
    const char *path = json_object_iter_key(json_object_iter((json_t *)(uintptr_t)one)), *slash = strchr(path, '/');
    AUTO_FREE char *module = mem_dupn(path, (size_t)(slash - path));
    AUTO_FREE char *url = mem_printf("/crm/v8/%s", check_module(c, module));
    AUTO_JSON json_t *body = json_object(), *answer = NULL;
    json_t *rows = json_array();
    json_array_append_new(rows, check_values(c, module, js_obj(one, path)));
    js_set(body, "data", rows);
    js_set(body, "trigger", json_array());
    sandbox_call(c->sb, NULL, "POST", url, body, &answer);
    const json_t *r = js_path(answer, "data[0]") ? js_path(answer, "data[0]") : answer;
    const char *id = js_str(js_obj(r, "details"), "id");
    if (id)
        js_set(c->keys, slash + 1, json_pack("{s:s,s:s}", "module", module, "id", id));
    else
        check_differs(c, "the given %s cannot be made: %s (%s %s)", path, js_str_or(r, "message", "no answer"),
                      js_str_or(r, "code", "?"), js_str_or(js_obj(r, "details"), "api_name", ""));
}

/* What automation could not do, since the case began. */
static void note_failures(struct check_case *c)
{
    AUTO_JSON json_t *now = sandbox_happenings(c->sb);
    const json_t *v, *list = js_arr(now, "failed");
    for (size_t i = json_array_size(js_arr(c->before, "failed")); i < json_array_size(list); i++) {
        v = json_array_get(list, i);
        const json_t *error = json_object_get(v, "error");
        check_differs(c, "an action failed: %s %s", js_str_or(js_obj(v, "action"), "name", js_str_or(v, "module", "?")),
                      json_is_string(error) ? json_string_value(error) : js_str_or(error, "message", ""));
    }
    list = js_arr(now, "function");
    for (size_t i = json_array_size(js_arr(c->before, "function")); i < json_array_size(list); i++) {
        v = json_array_get(list, i);
        if (!strcmp(js_str_or(v, "status", ""), "failure"))
            check_differs(c, "the function %s failed: %s", js_str_or(v, "function", "?"), js_str_or(v, "error", ""));
    }
}

static void run_steps(struct check_case *c, const json_t *list)
{
    size_t i;
    json_t *step;
    json_array_foreach (list, i, step) {
        const struct check_verb *v = check_verb_of(check_steps, check_steps_n, step);
        if (v && !json_array_size(c->differences)) /* what follows a difference stands on it */
            v->run(c, step);
    }
}

/* The case in hand: its records stay in c->keys, what it differed in and showed is taken into the result. */
static json_t *run_case(struct check_case *c, const json_t *one)
{
    size_t i;
    json_t *given;
    c->differences = json_array();
    c->shown = json_array();
    c->before = sandbox_happenings(c->sb);
    json_array_foreach (js_arr(one, "given"), i, given)
        put_given(c, given);
    run_steps(c, js_arr(one, "do"));
    if (!json_array_size(c->differences))
        check_expect_all(c, js_arr(one, "expect"));
    note_failures(c);
    json_decref(c->before);
    return json_pack("{s:s,s:s,s:b,s:o,s:o}", "name", js_str_or(one, "name", ""), "where", js_str_or(one, "where", ""),
                     "ok", json_array_size(c->differences) == 0, "differences", c->differences, "shown", c->shown);
}

/* Each in a trial of its own, or all in one when they follow each other. */
int checks_run(struct sandbox *sb, const json_t *rendered, const json_t *names, json_t *results)
{
    bool follow = js_bool(rendered, "follow", false);
    int bad = 0;
    size_t i;
    json_t *one;
    struct check_case c = {.sb = sb, .profiles = js_obj(rendered, "profiles"), .names = names, .keys = json_object()};
    if (follow)
        sandbox_trial_begin(sb);
    json_array_foreach (js_arr(rendered, "cases"), i, one) {
        if (!follow) {
            json_object_clear(c.keys);
            sandbox_trial_begin(sb);
        }
        json_t *r = run_case(&c, one);
        if (!follow)
            sandbox_trial_end(sb);
        bad += !js_bool(r, "ok", false);
        json_array_append_new(results, r);
    }
    if (follow)
        sandbox_trial_end(sb);
    json_decref(c.keys);
    return bad;
}

int checks_play(struct sandbox *sb, const json_t *rendered, const json_t *names, json_t *results)
{
    size_t i;
    json_t *one;
    struct check_case c = {.sb = sb, .profiles = js_obj(rendered, "profiles"), .names = names, .keys = json_object()};
    bool ok = true;
    json_array_foreach (js_arr(rendered, "cases"), i, one) {
        json_t *r = ok ? run_case(&c, one) : NULL;
        ok = ok && js_bool(r, "ok", false);
        if (r)
            json_array_append_new(results, r);
    }
    json_decref(c.keys);
    return ok ? 0 : 1;
}
