/* agent/cmd_sandbox.c — sandbox start, reset, status, ui. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "agent/click.h"
#include "agent/command_sandbox.h"
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
    printf("Look into it:    %s\n", js_str_or(info, "page_url", "?"));
    if (js_str(info, "ca_file"))
        printf("Clients trust it by %s\n", js_str(info, "ca_file"));
    fflush(stdout);
}

/* .zagent/sandbox.json tells other commands where to find the running one. */
static int leave_note(struct app *a, json_t *info, struct err *e)
{
    AUTO_FREE char *base = project_sandbox(a->project, org_sandbox_chosen(a));
    AUTO_FREE char *rel = mem_printf("%s.json", base);
    js_set_int(info, "pid", getpid());
    AUTO_FREE char *text = js_pretty(info, e);
    return text ? fs_write_in(&a->project->zagent, rel, text, strlen(text), 0600, e) : -1;
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

int sandbox_project_open(struct app *a, const struct sandbox_options *o, struct sandbox **sb, struct err *e)
{
    const char *name = org_sandbox_chosen(a);
    json_t *said = name ? js_obj(js_obj(a->project->conf.root, "orgs"), name) : NULL;
    AUTO_JSON json_t *row = said ? json_copy(said) : json_object();
    if (o && o->edition)
        js_set_str(row, "edition", o->edition);
    if (o && o->refuse)
        js_set_str(row, "refuse", o->refuse);
    return org_sandbox_open(a, name, row, o, sb, e);
}

static int open_to_serve(struct app *a, struct sandbox **sb, struct err *e)
{
    AUTO_FREE char *tls = app_flag(a, "tls") ? tls_dir(a) : NULL;
    struct sandbox_options so = {.db_path = app_text(a, "db", NULL),
                                 .record_path = app_text(a, "record", NULL),
                                 .fault = app_text(a, "fault", NULL),
                                 .tls_dir = tls,
                                 .dc = app_text(a, "dc", NULL),
                                 .chaos = app_text(a, "chaos", NULL),
                                 .edition = app_text(a, "edition", NULL),
                                 .refuse = app_text(a, "refuse", NULL),
                                 .port = (int)app_int(a, "port", 0)};
    return a->project ? sandbox_project_open(a, &so, sb, e) : open_standalone(a, &so, sb, e);
}

int cmd_sandbox_start(struct app *a, struct err *e)
{
    struct sandbox *sb = NULL;
    AUTO_JSON json_t *running = a->project ? org_sandbox_note(a->project, org_sandbox_chosen(a)) : NULL;
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
    struct fs_lock serving = {0};
    bool noted = a->project && !app_text(a, "db", NULL);
    AUTO_FREE char *base = noted ? project_sandbox(a->project, org_sandbox_chosen(a)) : mem_dup("");
    AUTO_FREE char *lock = mem_printf("%s.lock", base);
    AUTO_FREE char *note = mem_printf("%s.json", base);
    if (noted)
        rc = fs_lock(&serving, &a->project->zagent, lock, "sandbox start", 1000, e) < 0 ? -1 : leave_note(a, info, e);
    if (rc == 0) {
        json_object_del(info, "pid");
        print_ready(a, info);
        a->json = false; /* the envelope has been printed */
        while (!interrupt_asked())
            pause();
    }
    if (noted && rc == 0)
        fs_remove_in(&a->project->zagent, note, NULL);
    fs_unlock(&serving);
    sandbox_close(sb);
    return rc;
}

int cmd_sandbox_code(struct app *a, struct err *e)
{
    struct sandbox *sb = NULL;
    AUTO_FREE char *code = NULL;
    const char *scope =
        app_text(a, "scope", "ZohoCRM.settings.ALL,ZohoCRM.modules.ALL,ZohoCRM.users.READ,ZohoCRM.org.READ");
    if (sandbox_project_open(a, NULL, &sb, e) < 0)
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

int sandbox_refuse_running(struct app *a, struct err *e)
{
    AUTO_JSON json_t *running = org_sandbox_note(a->project, org_sandbox_chosen(a));
    if (!running)
        return 0;
    err_set(e, ERR_LOCKED, "the sandbox is running (pid %lld)", (long long)js_int(running, "pid", 0));
    return err_fix(e, "stop it with Ctrl-C where it runs, or: kill %lld", (long long)js_int(running, "pid", 0));
}

/* The stores of all sandboxes, because the state that goes with them is one. */
int sandbox_throw_away(struct app *a, struct err *e)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    json_t *row;
    const char *name;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        AUTO_FREE char *state = mem_printf("state.db%s", ends[i]);
        if (fs_remove_in(&a->project->zagent, state, e) < 0)
            return -1;
        json_object_foreach (js_obj(a->project->conf.root, "orgs"), name, row) {
            AUTO_FREE char *base = project_sandbox(a->project, name);
            AUTO_FREE char *store = mem_printf("%s.db%s", base, ends[i]);
            if (js_bool(row, "sandbox", false) && fs_remove_in(&a->project->zagent, store, e) < 0)
                return -1;
        }
    }
    return 0;
}

int cmd_sandbox_reset(struct app *a, struct err *e)
{
    if (sandbox_refuse_running(a, e) < 0)
        return -1;
    if (!app_flag(a, "yes") &&
        app_confirm(a, "This throws away the sandbox's org and the state of this project.", NULL, e) < 0)
        return -1;
    if (sandbox_throw_away(a, e) < 0)
        return -1;
    struct sandbox *sb = NULL;
    struct sandbox_options so = {.edition = app_text(a, "edition", NULL), .refuse = app_text(a, "refuse", NULL)};
    if (sandbox_project_open(a, &so, &sb, e) < 0)
        return -1;
    AUTO_JSON json_t *info = sandbox_info(sb);
    js_set_str(a->data, "zgid", js_str_or(info, "zgid", ""));
    js_set_str(a->data, "edition", js_str_or(info, "edition", ""));
    app_print(a, "A fresh org: %s edition, zgid %s.\n", js_str_or(info, "edition", "?"), js_str_or(info, "zgid", "?"));
    sandbox_close(sb);
    return 0;
}

static void print_happened(struct app *a)
{
    static const struct {
        const char *kind, *text;
    } rows[] = {{"ran", "times a rule's condition was met"},
                {"mail", "mails in the outbox"},
                {"webhook", "webhooks captured"},
                {"function", "functions run"},
                {"failed", "actions failed"},
                {"scheduled", "actions waiting for their time"},
                {"process", "records in a Blueprint"}};
    const json_t *n = js_obj(a->data, "happened");
    app_print(a, "  its time is %s\n", js_str_or(a->data, "clock", "?"));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (js_int(n, rows[i].kind, 0))
            app_print(a, "  %lld %s\n", (long long)js_int(n, rows[i].kind, 0), rows[i].text);
}

int cmd_sandbox_status(struct app *a, struct err *e)
{
    AUTO_JSON json_t *running = org_sandbox_note(a->project, org_sandbox_chosen(a));
    struct sandbox *sb = NULL;
    if (sandbox_project_open(a, NULL, &sb, e) < 0)
        return -1;
    json_decref(a->data);
    a->data = sandbox_status(sb);
    js_set_bool(a->data, "running", running != NULL);
    app_print(a, "Sandbox %s, %s edition: %lld requests, %lld credits used.\n", running ? "running" : "not running",
              js_str_or(a->data, "edition", "?"), (long long)js_int(a->data, "requests", 0),
              (long long)js_int(a->data, "credits", 0));
    print_happened(a);
    json_t *unknown = js_obj(a->data, "unknown"), *n;
    const char *path;
    json_object_foreach (unknown, path, n)
        app_print(a, "  %lld calls to something this sandbox does not have: %s\n", (long long)json_integer_value(n),
                  path);
    sandbox_close(sb);
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
        rc = sandbox_project_open(a, NULL, &sb, e);
    struct clicking c = {.app = a,
                         .st = s.st,
                         .org = s.org,
                         .sb = sb,
                         .plan = plan,
                         .only = a->n_args ? a->args : NULL,
                         .n_only = a->n_args,
                         .undo = app_flag(a, "undo")};
    if (rc == 0)
        rc = click_all(&c, e);
    sandbox_close(sb);
    session_close(&s);
    return rc;
}
