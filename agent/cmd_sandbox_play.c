/* agent/cmd_sandbox_play.c — a story on the sandbox's org: people and programs do things, and what came of it is shown. */
#include "agent/check.h"
#include "agent/command_sandbox.h"
#include "agent/plans.h"
#include "sandbox/sandbox.h"

/* The names this org chose, from the latest plan; {} before there is one. New reference. */
static json_t *names_of(struct app *a, struct err *e)
{
    struct state *st = NULL;
    char digest[65];
    json_t *plan = NULL;
    struct err none = {0};
    if (state_open(&st, &a->project->zagent, &a->clock, e) < 0)
        return NULL;
    json_t *names = plans_load(a->project, st, NULL, &plan, digest, &none) == 0 && js_obj(plan, "names")
                        ? json_deep_copy(js_obj(plan, "names"))
                        : json_object();
    json_decref(plan);
    state_close(st);
    return names;
}

/* A story is written like the checks of a playbook; who is who comes from the same table. New reference. */
static json_t *read_story(struct app *a, const char *path, struct err *e)
{
    struct context c;
    json_t *rendered = NULL;
    struct playbook story = {.name = (char *)(uintptr_t) "story", .file = (char *)(uintptr_t)path};
    AUTO_FREE char *dir = project_path(a->project, "context");
    if (yaml_load(&story.y, path, path, e) < 0)
        return NULL;
    story.data = json_object();
    if (context_load(&c, dir, e) == 0) {
        checks_render(&story, &c, &rendered, e);
        context_release(&c);
    }
    json_decref(story.data);
    yaml_release(&story.y);
    if (rendered && !json_is_object(rendered)) {
        json_decref(rendered);
        rendered = NULL;
        err_set(e, ERR_CONFIG, "the story has no 'checks'");
        err_at(e, "%s", path);
        err_fix(e, "write 'checks: {follow: true, cases: […]}' as in a playbook (docs/PLAYBOOKS.md, Checks)");
    }
    return rendered;
}

static void print_shown(struct app *a, const json_t *shown)
{
    const char *field;
    json_t *text;
    json_object_foreach (js_obj(shown, "values"), field, text) {
        AUTO_SB struct sb b = SB_INIT(8192);
        add_column(&b, field, 22);
        const char *line = json_string_value(text);
        for (size_t n; line && *line; line += n + (line[n] == '\n')) {
            n = strcspn(line, "\n");
            app_print(a, "      %s%.*s\n", b.buf, (int)n, line);
            b.len = 0;
            add_column(&b, "", 22);
        }
    }
}

static void print_scenes(struct app *a, const json_t *results)
{
    size_t i, k;
    json_t *scene, *one;
    json_array_foreach (results, i, scene) {
        bool ok = js_bool(scene, "ok", false);
        app_print(a, "  %s%-6s%s  %s\n", app_paint(a, ok ? "green" : "red"), ok ? "ok" : "FAILED", app_paint(a, NULL),
                  js_str_or(scene, "name", ""));
        json_array_foreach (js_arr(scene, "shown"), k, one)
            print_shown(a, one);
        json_array_foreach (js_arr(scene, "differences"), k, one)
            app_print(a, "      %s\n", json_string_value(one));
    }
}

int cmd_sandbox_play(struct app *a, struct err *e)
{
    struct sandbox *sb = NULL;
    AUTO_JSON json_t *story = read_story(a, a->args[0], e);
    AUTO_JSON json_t *names = story ? names_of(a, e) : NULL;
    if (!names || sandbox_project_open(a, NULL, &sb, e) < 0)
        return -1;
    json_t *results = json_array();
    js_set(a->data, "scenes", results);
    int bad = checks_play(sb, story, names, results);
    sandbox_close(sb);
    print_scenes(a, results);
    if (!bad)
        return 0;
    const json_t *last = json_array_get(results, json_array_size(results) - 1);
    err_set(e, ERR_FINDINGS, "the story ends at '%s'", js_str_or(last, "name", ""));
    err_at(e, "%s", js_str_or(last, "where", a->args[0]));
    return err_fix(e, "apply the plan it stands on first; 'zagent sandbox reset' takes back what it did");
}
