/* agent/cmd_sandbox.c — sandbox start, reset, status, ui. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "agent/draft.h"
#include "agent/interrupt.h"
#include "agent/plans.h"
#include "agent/session.h"
#include "sandbox/sandbox.h"

/* The start line is for whoever runs the sandbox on purpose: its made-up secrets are the one thing that may be printed,
 * so it is written here and not through app_print. */
static void print_unveiled(const char *command, const json_t *data)
{
    AUTO_JSON json_t *env = json_object();
    js_set_str(env, "schema", "zagent.envelope/1");
    js_set_bool(env, "ok", true);
    js_set_str(env, "command", command);
    json_object_set(env, "data", (json_t *)(uintptr_t)data);
    js_set(env, "warnings", json_array());
    js_set(env, "error", json_null());
    js_set(env, "meta", json_object());
    AUTO_FREE char *line = js_canonical(env, NULL);
    puts(line ? line : "{}");
    fflush(stdout);
}

static void print_ready(struct app *a, const json_t *info)
{
    if (a->json) {
        print_unveiled("sandbox start", info);
        return;
    }
    printf("Sandbox ready at %s  (Ctrl-C stops it)\n", js_str_or(info, "api_url", "?"));
    if (js_str(info, "ca_file"))
        printf("Clients trust it by %s\n", js_str(info, "ca_file"));
    fflush(stdout);
}

/* .zagent/sandbox.json tells other commands where to find the running one. */
static int leave_note(struct app *a, json_t *info, struct err *e)
{
    js_set_int(info, "pid", getpid());
    AUTO_FREE char *text = js_pretty(info, e);
    return text ? fs_write_in(&a->project->zagent, "sandbox.json", text, strlen(text), 0600, e) : -1;
}

/* Where the authority of --tls is kept: .zagent of the project, else the user's state folder. Caller frees. */
static char *tls_dir(const struct app *a)
{
    const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    return a->project             ? project_path(a->project, ".zagent")
           : xdg && xdg[0] == '/' ? mem_printf("%s/zagent", xdg)
                                  : mem_printf("%s/.local/state/zagent", home ? home : "/nonexistent");
}

/* What runs without a project (a test, another tool) keeps its store where --db says, or in memory. */
static int open_standalone(struct app *a, const struct sandbox_options *o, struct sandbox **sb, struct err *e)
{
    struct sandbox_options so = *o;
    so.clock = a->clock;
    if (sandbox_open(sb, &so, e) < 0)
        return -1;
    return sandbox_serve(*sb, e);
}

/* The project's store. A new one is made as zagent.yaml says, unless edition or refuse say otherwise. */
static int open_for_project(struct app *a, const struct sandbox_options *o, struct sandbox **sb, struct err *e)
{
    AUTO_JSON json_t *row = json_object();
    json_t *org;
    const char *name;
    json_object_foreach (js_obj(a->project->conf.root, "orgs"), name, org) {
        if (js_bool(org, "sandbox", false))
            json_object_update_missing(row, org);
    }
    if (o && o->edition)
        js_set_str(row, "edition", o->edition);
    if (o && o->refuse)
        js_set_str(row, "refuse", o->refuse);
    return org_sandbox_open(a, row, o, sb, e);
}

static int open_to_serve(struct app *a, struct sandbox **sb, struct err *e)
{
    AUTO_FREE char *tls = app_flag(a, "tls") ? tls_dir(a) : NULL;
    struct sandbox_options so = {.db_path = app_text(a, "db", NULL),
                                 .record_path = app_text(a, "record", NULL),
                                 .fault = app_text(a, "fault", NULL),
                                 .tls_dir = tls,
                                 .dc = app_text(a, "dc", NULL),
                                 .edition = app_text(a, "edition", NULL),
                                 .refuse = app_text(a, "refuse", NULL),
                                 .port = (int)app_int(a, "port", 0)};
    return a->project ? open_for_project(a, &so, sb, e) : open_standalone(a, &so, sb, e);
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
    int rc = open_to_serve(a, &sb, e);
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

int cmd_sandbox_code(struct app *a, struct err *e)
{
    struct sandbox *sb = NULL;
    AUTO_FREE char *code = NULL;
    const char *scope =
        app_text(a, "scope", "ZohoCRM.settings.ALL,ZohoCRM.modules.ALL,ZohoCRM.users.READ,ZohoCRM.org.READ");
    if (open_for_project(a, NULL, &sb, e) < 0)
        return -1;
    int rc = sandbox_self_client(sb, scope, app_text(a, "user", NULL), (int)app_int(a, "minutes", 3), &code, e);
    if (rc == 0 && a->json) {
        AUTO_JSON json_t *data = json_pack("{s:s,s:s}", "code", code, "scope", scope);
        print_unveiled("sandbox code", data);
        a->json = false; /* the envelope has been printed */
    } else if (rc == 0) {
        puts(code);
    }
    sandbox_close(sb);
    return rc;
}

static int refuse_while_running(struct app *a, struct err *e)
{
    AUTO_JSON json_t *running = org_sandbox_note(a->project);
    if (!running)
        return 0;
    err_set(e, ERR_LOCKED, "the sandbox is running (pid %lld)", (long long)js_int(running, "pid", 0));
    return err_fix(e, "stop it with Ctrl-C where it runs, or: kill %lld", (long long)js_int(running, "pid", 0));
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
    struct sandbox_options so = {.edition = app_text(a, "edition", NULL), .refuse = app_text(a, "refuse", NULL)};
    if (open_for_project(a, &so, &sb, e) < 0)
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
    if (open_for_project(a, NULL, &sb, e) < 0)
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

struct clicking {
    struct app *a;
    struct session *s;
    struct sandbox *sb;
    const json_t *plan;
    struct snapshot snapshot;
    json_t *names;
};

/* A wrapper that only a person can make is of no use until the rules and Blueprints name it: the plan knows which. */
static void add_places(const json_t *plan, const json_t *step, json_t *body)
{
    json_t *in = js_arr(js_obj(step, "hand"), "associate_in"), *v, *places = json_array();
    size_t i;
    json_array_foreach (in, i, v) {
        json_t *declared = js_obj(plan_step(plan, json_string_value(v)), "declared");
        json_array_append_new(places, json_pack("{s:O,s:O?}", "address", v, "body", declared));
    }
    js_set(body, "associate_in", places);
}

/* What the person sees on the screen: the playbook's body, in the names this org uses. */
static json_t *body_on_screen(struct clicking *c, const json_t *step, const struct resource *r)
{
    struct desired nothing = {0};
    struct kind_view v = {.snapshot = &c->snapshot, .desired = &nothing, .names = c->names};
    struct err quiet = {0};
    json_t *body = NULL;
    const json_t *refs = json_object_get(step, "body");
    if (!refs || kind_resolve(&v, refs, &body, &quiet) < 0)
        body = json_deep_copy(r->body);
    if (json_array_size(js_arr(js_obj(step, "hand"), "associate_in")))
        add_places(c->plan, step, body);
    return body;
}

static int click(struct clicking *c, const json_t *step, struct err *e)
{
    struct app *a = c->a;
    struct resource r = {0};
    int rc = plan_step_resource(step, &r, e);
    /* What no answer shows is done all the same, and then attested. */
    if (rc == 0 && r.kind->cls != KIND_ATTEST) {
        AUTO_JSON json_t *body = body_on_screen(c, step, &r);
        rc = sandbox_ui(c->sb, r.kind->name, r.module, r.name, body, js_str(r.artifact, "source"), app_flag(a, "undo"),
                        e);
    }
    if (rc == 0 && !strcmp(js_str_or(step, "channel", ""), "attest")) {
        char want[65];
        rc = js_digest(json_object_get(step, "want"), want, e);
        if (rc == 0)
            rc = state_attest_put(c->s->st, c->s->org->zgid, r.address, session_actor(), "sandbox ui", want, e);
    }
    if (rc == 0) {
        AUTO_FREE char *name = address_for_people(r.address);
        js_push_str(js_arr(a->data, "done"), r.address);
        app_print(a, "  %s  %s\n", app_flag(a, "undo") ? "undone" : "done", name);
    }
    resource_release(&r);
    return rc;
}

static int names_now(struct clicking *c, struct err *e)
{
    AUTO_JSON json_t *made = state_names(c->s->st, c->s->org->zgid, e);
    const char *address;
    json_t *v;
    if (!made)
        return -1;
    c->names = js_obj(c->plan, "names") ? json_deep_copy(js_obj(c->plan, "names")) : json_object();
    json_object_foreach (made, address, v)
        if (js_str(v, "api_name"))
            js_set_str(c->names, address, js_str(v, "api_name"));
    return 0;
}

/* Each click may be what the next one needs to see, so the org is read before each. */
static int click_all(struct clicking *c, struct err *e)
{
    AUTO_JSON json_t *known = state_steps(c->s->st, e);
    json_t *step;
    size_t i;
    bool undo = app_flag(c->a, "undo");
    if (!known || names_now(c, e) < 0)
        return -1;
    js_set(c->a->data, "done", json_array());
    json_array_foreach (js_arr(c->plan, "steps"), i, step) {
        const char *o = js_str_or(json_object_get(known, js_str_or(step, "address", "")), "outcome", "");
        bool waits = !strcmp(o, step_outcome_name(STEP_HAND)) || !strcmp(o, step_outcome_name(STEP_REFUSED)) ||
                     !strcmp(o, step_outcome_name(STEP_UNDONE));
        bool by_hand = strcmp(js_str_or(step, "channel", ""), "api") != 0;
        /* A step asked for by name is done whatever the journal says of it. */
        if (!chosen(c->a, step) || !(c->a->n_args ? by_hand || waits : undo ? by_hand && !waits : waits))
            continue;
        if (draft_read_plan(c->s->org->zoho, c->plan, c->names, &c->snapshot, e) < 0 || click(c, step, e) < 0)
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
        rc = open_for_project(a, NULL, &sb, e);
    struct clicking c = {.a = a, .s = &s, .sb = sb, .plan = plan};
    snapshot_init(&c.snapshot);
    if (rc == 0)
        rc = click_all(&c, e);
    snapshot_release(&c.snapshot);
    json_decref(c.names);
    sandbox_close(sb);
    session_close(&s);
    return rc;
}
