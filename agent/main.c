/* agent/main.c — parse, satisfy what the command needs, run, print the error or the envelope, exit by the table. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/interrupt.h"
#include "agent/options.h"
#include "agent/project.h"
#include "agent/version.h"
#include "base/secret.h"
#include "base/text.h"

/* Secrets must not end in a core file, and a full disk or a closed pipe must come back as an error, not a signal. */
static void harden(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
#ifndef ZAGENT_CRASH
    prctl(PR_SET_DUMPABLE, 0);
#endif
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    umask(022);
    for (int fd = 0; fd < 3; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd ? O_WRONLY : O_RDONLY) < 0)
            _exit(1);
}

/* What nobody nearer to it knew better. */
static void fix_of_kind(const struct app *a, struct err *e)
{
    if (e->kind == ERR_USAGE)
        err_fix(e, "zagent help%s%s", a->cmd ? " " : "", a->cmd ? a->cmd->name : "");
    else if (e->kind == ERR_NOT_FOUND && e->where[0])
        err_fix(e, "look at the name; a path is taken from the folder zagent runs in, or from the project");
    else if (e->kind == ERR_IO)
        err_fix(e, "mend what the system says, then run the same command again; after an apply: zagent resume");
    else if (e->kind == ERR_BUG)
        err_fix(e, "this is a defect of zagent: report it with the command and 'zagent version'");
}

static void print_error(struct app *a, const struct err *e)
{
    a->quiet = false; /* an error is no talk */
    app_say(a, "%szagent:%s %s\n", app_paint(a, "red"), app_paint(a, NULL), e->what);
    if (e->where[0])
        app_say(a, "  where: %s\n", e->where);
    if (e->code[0])
        app_say(a, "  code:  %s\n", e->code);
    if (e->fix[0])
        app_say(a, "  fix:   %s\n", e->fix);
}

static json_t *error_json(const struct err *e)
{
    json_t *o = json_object();
    js_set_str(o, "code", e->code[0] ? e->code : err_kind_name(e->kind));
    js_set_str(o, "kind", err_kind_name(e->kind));
    js_set_str(o, "message", e->what);
    js_set_str(o, "where", e->where);
    js_set_str(o, "remediation", e->fix);
    js_set_bool(o, "retryable", e->retryable || err_kind_retryable(e->kind));
    js_set_str(o, "side_effects", err_side_effects(e->kind));
    js_set_int(o, "exit_code", err_exit_code(e->kind));
    return o;
}

static void print_envelope(struct app *a, int64_t started_ms, const struct err *failed)
{
    json_t *env = json_object();
    js_set_str(env, "schema", "zagent.envelope/1");
    js_set_bool(env, "ok", !failed);
    js_set_str(env, "command", a->cmd ? a->cmd->name : "");
    js_set(env, "data", json_incref(a->data));
    js_set(env, "warnings", json_incref(a->warnings));
    js_set(env, "error", failed ? error_json(failed) : json_null());
    js_set_str(a->meta, "version", ZAGENT_VERSION);
    js_set_int(a->meta, "duration_ms", a->clock.mono_ms(a->clock.ctx) - started_ms);
    js_set(env, "meta", json_incref(a->meta));
    AUTO_FREE char *text = js_canonical(env, NULL);
    AUTO_FREE char *safe = secret_redact(text ? text : "{}");
    puts(safe);
    json_decref(env);
}

static int run(struct app *a, int argc, char **argv, struct err *e)
{
    if (options_parse(a, argc, argv, e) < 0)
        return -1;
    const char *dir = app_text(a, "directory", ".");
    if (chdir(dir) < 0) {
        err_errno(e, errno, dir, "cannot work in this folder");
        e->kind = ERR_USAGE;
        return err_fix(e, "-C names a folder that exists; 'zagent init DIR' makes one");
    }
    if (a->cmd->needs & (NEEDS_PROJECT | MAY_PROJECT))
        if (project_open(&a->project, ".", !(a->cmd->needs & NEEDS_PROJECT), e) < 0)
            return -1;
    interrupt_arm();
    return a->cmd->run(a, e);
}

int main(int argc, char **argv)
{
    harden();
    mem_init();
    setlocale(LC_CTYPE, "");
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    struct app a = {.opts = json_object(),
                    .data = json_object(),
                    .warnings = json_array(),
                    .meta = json_object(),
                    .clock = clock_system()};
    a.color =
        isatty(STDOUT_FILENO) && isatty(STDERR_FILENO) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
    int64_t started_ms = a.clock.mono_ms(a.clock.ctx);
    struct err e = {0};
    int rc = run(&a, argc, argv, &e), code = 0;
    if (rc < 0 && e.kind == ERR_NONE)
        err_set(&e, ERR_BUG, "the command failed without saying why");
    fix_of_kind(&a, &e);
    if (a.json)
        print_envelope(&a, started_ms, rc < 0 ? &e : NULL);
    else if (rc < 0) {
        fflush(stdout);
        print_error(&a, &e);
    }
    code = rc < 0 ? err_exit_code(e.kind) : 0;
    /* A full disk behind stdout must not look like success; a reader that left early is its own choice. */
    if ((fflush(stdout) != 0 || ferror(stdout)) && errno != EPIPE && code == 0) {
        fprintf(stderr, "zagent: standard output could not be written: %s\n", strerror(errno));
        code = err_exit_code(ERR_IO);
    }
    project_close(a.project);
    free(a.args);
    json_decref(a.opts);
    json_decref(a.data);
    json_decref(a.warnings);
    json_decref(a.meta);
    return code;
}
