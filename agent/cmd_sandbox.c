/* agent/cmd_sandbox.c — sandbox start, reset, status, ui. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "agent/interrupt.h"
#include "agent/plans.h"
#include "agent/session.h"
#include "sandbox/sandbox.h"

/* The start line is for whoever runs the sandbox on purpose: its made-up secrets are the one thing that may be printed,
 * so it is written here and not through app_print. */
static void print_ready(struct app *a, const json_t *info)
{
    if (!a->json) {
        printf("Sandbox ready at %s  (Ctrl-C stops it)\n", js_str_or(info, "api_url", "?"));
        fflush(stdout);
        return;
    }
    AUTO_JSON json_t *env = json_object();
    js_set_str(env, "schema", "zagent.envelope/1");
    js_set_bool(env, "ok", true);
    js_set_str(env, "command", "sandbox start");
    json_object_set(env, "data", (json_t *)(uintptr_t)info);
    js_set(env, "warnings", json_array());
    js_set(env, "error", json_null());
    js_set(env, "meta", json_object());
    AUTO_FREE char *line = js_canonical(env, NULL);
    puts(line ? line : "{}");
    fflush(stdout);
}

/* .zagent/sandbox.json tells other commands where to find the running one. */
static int leave_note(struct app *a, json_t *info, struct err *e)
{
    js_set_int(info, "pid", getpid());
    AUTO_FREE char *text = js_pretty(info, e);
    return text ? fs_write_in(&a->project->zagent, "sandbox.json", text, strlen(text), 0600, e) : -1;
}

/* What runs without a project (a test, another tool) keeps its store where --db says, or in memory. */
static int open_standalone(struct app *a, struct sandbox **sb, struct err *e)
{
    struct sandbox_options so = {.db_path = app_text(a, "db", NULL),
                                 .record_path = app_text(a, "record", NULL),
                                 .port = (int)app_int(a, "port", 0),
                                 .edition = app_text(a, "edition", NULL),
                                 .refuse = app_text(a, "refuse", NULL),
                                 .clock = a->clock};
    if (sandbox_open(sb, &so, e) < 0)
        return -1;
    return sandbox_serve(*sb, e);
}

static int open_for_project(struct app *a, struct sandbox **sb, struct err *e)
{
    AUTO_JSON json_t *row = json_object();
    json_t *org;
    const char *name;
    json_object_foreach (js_obj(a->project->conf.root, "orgs"), name, org) {
        if (js_bool(org, "sandbox", false))
            json_object_update_missing(row, org);
    }
    if (app_text(a, "edition", NULL))
        js_set_str(row, "edition", app_text(a, "edition", NULL));
    if (app_text(a, "refuse", NULL))
        js_set_str(row, "refuse", app_text(a, "refuse", NULL));
    return org_sandbox_open(a, row, (int)app_int(a, "port", 0), app_text(a, "record", NULL), app_text(a, "db", NULL),
                            sb, e);
}

int cmd_sandbox_start(struct app *a, struct err *e)
{
    struct sandbox *sb = NULL;
    AUTO_JSON json_t *running = a->project ? org_sandbox_note(a->project) : NULL;
    if (running && !app_text(a, "db", NULL)) {
        err_set(e, ERR_LOCKED, "a sandbox of this project is running already (pid %lld, %s)",
                (long long)js_int(running, "pid", 0), js_str_or(running, "api_url", "?"));
        return err_fix(e, "stop it with Ctrl-C where it runs, or give this one its own --db");
    }
    int rc = a->project ? open_for_project(a, &sb, e) : open_standalone(a, &sb, e);
    if (rc < 0) {
        sandbox_close(sb);
        return -1;
    }
    AUTO_JSON json_t *info = sandbox_info(sb);
    if (a->project && !app_text(a, "db", NULL))
        rc = leave_note(a, info, e);
    if (rc == 0) {
        json_object_del(info, "pid");
        print_ready(a, info);
        a->json = false; /* the envelope has been printed */
        while (!interrupt_asked())
            pause();
    }
    if (a->project && !app_text(a, "db", NULL))
        fs_remove_in(&a->project->zagent, "sandbox.json", NULL);
    sandbox_close(sb);
    return rc;
}

static int refuse_while_running(struct app *a, struct err *e)
{
    AUTO_JSON json_t *running = org_sandbox_note(a->project);
    if (!running)
        return 0;
    err_set(e, ERR_LOCKED, "the sandbox is running (pid %lld)", (long long)js_int(running, "pid", 0));
    return err_fix(e, "stop it first");
}

/* The state belongs to the org that is being thrown away, so it goes too; BUILD_LOG.md stays. */
int cmd_sandbox_reset(struct app *a, struct err *e)
{
    static const char *const files[] = {"sandbox.db", "sandbox.db-wal", "sandbox.db-shm",
                                        "state.db",   "state.db-wal",   "state.db-shm"};
    if (refuse_while_running(a, e) < 0)
        return -1;
    if (!app_flag(a, "yes") &&
        app_confirm(a, "This throws away the sandbox's org and the state of this project.", NULL, e) < 0)
        return -1;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (fs_remove_in(&a->project->zagent, files[i], e) < 0)
            return -1;
    struct sandbox *sb = NULL;
    if (open_for_project(a, &sb, e) < 0)
        return -1;
    AUTO_JSON json_t *info = sandbox_info(sb);
    js_set_str(a->data, "zgid", js_str_or(info, "zgid", ""));
    js_set_str(a->data, "edition", js_str_or(info, "edition", ""));
    app_print(a, "A fresh org: %s edition, zgid %s.\n", js_str_or(info, "edition", "?"), js_str_or(info, "zgid", "?"));
    sandbox_close(sb);
    return 0;
}

int cmd_sandbox_status(struct app *a, struct err *e)
{
    AUTO_JSON json_t *running = org_sandbox_note(a->project);
    struct sandbox *sb = NULL;
    if (open_for_project(a, &sb, e) < 0)
        return -1;
    json_decref(a->data);
    a->data = sandbox_status(sb);
    js_set_bool(a->data, "running", running != NULL);
    app_print(a, "Sandbox %s, %s edition: %lld requests, %lld credits used.\n", running ? "running" : "not running",
              js_str_or(a->data, "edition", "?"), (long long)js_int(a->data, "requests", 0),
              (long long)js_int(a->data, "credits", 0));
    json_t *unknown = js_obj(a->data, "unknown"), *n;
    const char *path;
    json_object_foreach (unknown, path, n)
        app_print(a, "  %lld calls to something this sandbox does not have: %s\n", (long long)json_integer_value(n),
                  path);
    sandbox_close(sb);
    return 0;
}

/* ---- ui: plays the person who clicks in Setup ---- */

static bool chosen(const struct app *a, const json_t *step)
{
    if (!a->n_args)
        return true;
    for (int i = 0; i < a->n_args; i++)
        if (!strcmp(a->args[i], js_str_or(step, "id", "")) || !strcmp(a->args[i], js_str_or(step, "address", "")))
            return true;
    return false;
}

/* The body as a person reads it; for a function wrapper also the rules and Blueprints in which to pick it. */
static json_t *read_by_person(const json_t *plan, const json_t *step, const struct resource *r)
{
    json_t *in = js_arr(js_obj(step, "hand"), "associate_in"), *v, *body = json_deep_copy(r->body);
    size_t i;
    if (!json_array_size(in))
        return body;
    json_t *places = json_array();
    json_array_foreach (in, i, v) {
        json_t *declared = js_obj(plan_step(plan, json_string_value(v)), "declared");
        json_array_append_new(places, json_pack("{s:O,s:O?}", "address", v, "body", declared));
    }
    js_set(body, "associate_in", places);
    return body;
}

static int click(struct app *a, struct session *s, struct sandbox *sb, const json_t *plan, const json_t *step,
                 struct err *e)
{
    struct resource r = {0};
    int rc = plan_step_resource(step, &r, e);
    AUTO_JSON json_t *body = rc == 0 ? read_by_person(plan, step, &r) : NULL;
    if (rc == 0 && !strcmp(js_str_or(step, "channel", ""), "attest")) {
        char want[65];
        rc = js_digest(json_object_get(step, "want"), want, e);
        if (rc == 0)
            rc = state_attest_put(s->st, s->org->zgid, r.address, session_actor(), "sandbox ui", want, e);
    } else if (rc == 0) {
        rc = sandbox_ui(sb, r.kind->name, r.module, r.name, body, js_str(r.artifact, "source"), app_flag(a, "undo"), e);
    }
    if (rc == 0) {
        js_push_str(js_arr(a->data, "done"), r.address);
        app_print(a, "  %s %s\n", app_flag(a, "undo") ? "undone" : "done", r.address);
    }
    resource_release(&r);
    return rc;
}

/* Hand steps of the plan, those that the org refused by API included. */
static int click_all(struct app *a, struct session *s, struct sandbox *sb, const json_t *plan, struct err *e)
{
    AUTO_JSON json_t *known = state_steps(s->st, e);
    json_t *step;
    size_t i;
    if (!known)
        return -1;
    js_set(a->data, "done", json_array());
    json_array_foreach (js_arr(plan, "steps"), i, step) {
        const char *o = js_str_or(json_object_get(known, js_str_or(step, "address", "")), "outcome", "");
        bool hand = strcmp(js_str_or(step, "channel", ""), "api") != 0 || !strcmp(o, step_outcome_name(STEP_REFUSED)) ||
                    !strcmp(o, step_outcome_name(STEP_HAND));
        bool done = !strcmp(o, step_outcome_name(STEP_VERIFIED)) || !strcmp(o, step_outcome_name(STEP_ATTESTED)) ||
                    !strcmp(js_str_or(step, "action", ""), "none");
        if (hand && done == app_flag(a, "undo") && chosen(a, step) && click(a, s, sb, plan, step, e) < 0)
            return -1;
    }
    return 0;
}

int cmd_sandbox_ui(struct app *a, struct err *e)
{
    struct session s;
    char digest[65];
    AUTO_JSON json_t *plan = NULL;
    struct sandbox *sb = NULL;
    int rc = session_open(&s, a, SESSION_READER | SESSION_LOCK, e);
    if (rc == 0 && !s.org->embedded) {
        err_set(e, ERR_REFUSED, "org '%s' is not the sandbox: there a person clicks", s.org->name);
        rc = err_fix(e, "hand over %s/*/guide.html", a->project->out_name);
    }
    if (rc == 0)
        rc = plans_load(a->project, s.st, app_text(a, "plan", NULL), &plan, digest, e);
    /* A running server shares the store's file, so the click shows there at once. */
    if (rc == 0)
        rc = open_for_project(a, &sb, e);
    if (rc == 0)
        rc = click_all(a, &s, sb, plan, e);
    sandbox_close(sb);
    session_close(&s);
    return rc;
}
