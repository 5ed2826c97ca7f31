#include "tests/agent/shell.h"

#include <limits.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/test.h"

const char *shell_root(void)
{
    static char root[PATH_MAX];
    if (root[0])
        return root;
    ssize_t n = readlink("/proc/self/exe", root, sizeof root - 1);
    assert_true(n > 0);
    root[n] = '\0';
    /* ROOT/build/test/tests/agent/test_x */
    for (int i = 0; i < 5; i++)
        *strrchr(root, '/') = '\0';
    return root;
}

void shell_enter(const char *name)
{
    const char *root = shell_root();
    AUTO_FREE char *dir = mem_printf("%s/build/test-output/%s", root, name);
    AUTO_FREE char *cmd = mem_printf("chmod -R u+w '%s' 2>/dev/null; rm -rf '%s' && mkdir -p '%s/home'", dir, dir, dir);
    AUTO_FREE char *path = mem_printf("%s/build/test:/usr/sbin:/usr/bin:/sbin:/bin", root);
    AUTO_FREE char *home = mem_printf("%s/home", dir);
    AUTO_FREE char *state = mem_printf("%s/home/state", dir);
    FILE *p = popen(cmd, "r");
    assert_non_null(p);
    assert_int_equal(pclose(p), 0);
    assert_int_equal(chdir(dir), 0);
    setenv("PATH", path, 1);
    setenv("HOME", home, 1);
    setenv("XDG_STATE_HOME", state, 1);
    setenv("NO_COLOR", "1", 1);
    setenv("TZ", "UTC", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("SOURCE_DATE_EPOCH", "1795255200", 1);
    setenv("ZAGENT_ACTOR", "CRM admin", 1);
    setenv("ROOT", shell_root(), 1);
    unsetenv("ZAGENT_CRASH");
    unsetenv("ZAGENT_FAULT");
}

static char *slurp(const char *path)
{
    char *text = NULL;
    size_t len;
    struct err e = {0};
    if (fs_read(path, 64 << 20, &text, &len, &e) < 0)
        return mem_dup("");
    return text;
}

static struct run run_sh(const char *cmd)
{
    AUTO_FREE char *full = mem_printf("{ %s\n} >.out 2>.err </dev/null", cmd);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        execl("/bin/sh", "sh", "-c", full, (char *)NULL);
        _exit(127);
    }
    int st;
    assert_int_equal(waitpid(pid, &st, 0), pid);
    return (struct run){
        .status = WIFEXITED(st) ? WEXITSTATUS(st) : 128 + WTERMSIG(st), .out = slurp(".out"), .err = slurp(".err")};
}

struct run shell(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *cmd = mem_vprintf(fmt, ap);
    va_end(ap);
    return run_sh(cmd);
}

void run_release(struct run *r)
{
    free(r->out);
    free(r->err);
    r->out = r->err = NULL;
}

json_t *shell_json(int status, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *args = mem_vprintf(fmt, ap);
    va_end(ap);
    AUTO_FREE char *cmd = mem_printf("zagent %s --json", args);
    struct run r = run_sh(cmd);
    if (r.status != status)
        print_error("%s: exit %d\n%s\n%s\n", cmd, r.status, r.out, r.err);
    assert_int_equal(r.status, status);
    struct err e = {0};
    json_t *env = js_parse(r.out, strlen(r.out), cmd, &e);
    if (!env)
        print_error("%s: %s\n%s\n", cmd, e.what, r.out);
    assert_non_null(env);
    run_release(&r);
    return env;
}

void shell_project(void)
{
    struct run r =
        shell("cp -r '%s/context' '%s/templates' . && printf 'format: 1\\norgs:\\n  embedded: {sandbox: true}\\n"
              "default_org: embedded\\n' > zagent.yaml",
              shell_root(), shell_root());
    if (r.status)
        print_error("%s\n", r.err);
    assert_int_equal(r.status, 0);
    run_release(&r);
}

void shell_small_project(void)
{
    struct run r = shell("mkdir -p context templates/small && cp -r '%s/templates/_guide' templates/ && cp "
                         "'%s'/tests/agent/crash/* context/ && mv context/playbook.yaml templates/small/ && printf "
                         "'format: 1\norgs:\n  embedded: {sandbox: true}\n' > zagent.yaml",
                         shell_root(), shell_root());
    if (r.status)
        print_error("%s\n", r.err);
    assert_int_equal(r.status, 0);
    run_release(&r);
}

pid_t shell_spawn(const char *cmd)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        /* A test that fails leaves by longjmp: what it started must end with it all the same. */
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        AUTO_FREE char *line = mem_printf("exec %s", cmd);
        execl("/bin/sh", "sh", "-c", line, (char *)NULL);
        _exit(127);
    }
    return pid;
}

int shell_wait(pid_t pid)
{
    int st;
    assert_int_equal(waitpid(pid, &st, 0), pid);
    return WIFEXITED(st) ? WEXITSTATUS(st) : 128 + WTERMSIG(st);
}

static pid_t sandbox_pid;
static void start_sandbox(const char *cmd);

void shell_sandbox(const char *fault)
{
    if (fault)
        setenv("ZAGENT_FAULT", fault, 1);
    start_sandbox("zagent sandbox start --record exchanges.jsonl >sandbox.out 2>&1");
    unsetenv("ZAGENT_FAULT");
}

void shell_sandbox_with(const char *options)
{
    AUTO_FREE char *cmd = mem_printf(
        "env -u SOURCE_DATE_EPOCH zagent sandbox start --record exchanges.jsonl %s >sandbox.out 2>&1", options);
    start_sandbox(cmd);
}

static void start_sandbox(const char *cmd)
{
    if (sandbox_pid > 0)
        shell_sandbox_stop();
    sandbox_pid = shell_spawn(cmd);
    for (int i = 0; i < 1000 && access(".zagent/sandbox.json", F_OK) != 0; i++)
        usleep(10000);
    assert_int_equal(access(".zagent/sandbox.json", F_OK), 0);
}

void shell_sandbox_stop(void)
{
    kill(sandbox_pid, SIGTERM);
    int rc = shell_wait(sandbox_pid);
    sandbox_pid = 0;
    assert_int_equal(rc, 0);
}

char *shell_file(const char *path)
{
    char *text = NULL;
    size_t len;
    struct err e = {0};
    if (fs_read(path, 64 << 20, &text, &len, &e) < 0)
        fail_msg("%s: %s", path, e.what);
    return text;
}

void shell_write(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

json_t *shell_exchanges(void)
{
    json_t *all = json_array();
    AUTO_FREE char *text = shell_file("exchanges.jsonl");
    for (char *line = text, *end; *line; line = end) {
        end = line + strcspn(line, "\n");
        json_t *one = json_loadb(line, (size_t)(end - line), 0, NULL);
        assert_non_null(one);
        json_array_append_new(all, one);
        end += *end == '\n';
    }
    return all;
}
