#include "agent/keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/tool.h"
#include "base/mem.h"

extern char **environ;

enum { ANSWER_MAX = 64 << 10 };

bool keyring_present(void)
{
    AUTO_FREE char *file = tool_find("secret-tool");
    return file != NULL;
}

static bool write_all(int fd, const char *text)
{
    for (size_t left = strlen(text); left > 0;) {
        ssize_t k = write(fd, text, left);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return false;
        text += k;
        left -= (size_t)k;
    }
    return true;
}

static void read_all(int fd, struct secret *out)
{
    char *text = mem_zalloc(ANSWER_MAX + 1);
    size_t len = 0;
    ssize_t k;
    while (len < ANSWER_MAX && ((k = read(fd, text + len, ANSWER_MAX - len)) > 0 || (k < 0 && errno == EINTR)))
        len += k > 0 ? (size_t)k : 0;
    if (len > 0 && strlen(text) == len)
        secret_set(out, text);
    explicit_bzero(text, ANSWER_MAX);
    free(text);
}

static int unusable(struct err *e, const char *what)
{
    err_set(e, ERR_AUTH, "%s", what);
    return err_fix(e, "unlock the keyring, or sign in with --keep passphrase");
}

/* Runs secret-tool with these words; input goes in, what it prints comes out (out may be NULL). */
static int run(const char *const *word, const char *input, struct secret *out, struct err *e)
{
    AUTO_FREE char *file = tool_find("secret-tool");
    int in[2];
    int from[2];
    if (!file)
        return unusable(e, "there is no secret-tool on this machine (package libsecret-tools)");
    if (pipe2(in, O_CLOEXEC) < 0)
        return err_errno(e, errno, "secret-tool", "no pipe");
    if (pipe2(from, O_CLOEXEC) < 0) {
        close(in[0]);
        close(in[1]);
        return err_errno(e, errno, "secret-tool", "no pipe");
    }
    posix_spawn_file_actions_t act;
    posix_spawn_file_actions_init(&act);
    posix_spawn_file_actions_adddup2(&act, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&act, from[1], STDOUT_FILENO);
    pid_t pid;
    int rc = posix_spawn(&pid, file, &act, NULL, (char *const *)(uintptr_t)word, environ);
    posix_spawn_file_actions_destroy(&act);
    close(in[0]);
    close(from[1]);
    bool written = rc == 0 && write_all(in[1], input ? input : "");
    close(in[1]);
    struct secret answer = {0};
    if (rc == 0)
        read_all(from[0], &answer);
    close(from[0]);
    int st = -1;
    while (rc == 0 && waitpid(pid, &st, 0) < 0 && errno == EINTR)
        ;
    bool fine = rc == 0 && written && WIFEXITED(st) && WEXITSTATUS(st) == 0 && (!out || answer.p);
    if (fine && out)
        secret_set(out, answer.p);
    secret_release(&answer);
    return fine ? 0 : unusable(e, "the keyring did not do it (secret-tool)");
}

int keyring_store(const char *org, const char *role, const char *text, struct err *e)
{
    AUTO_FREE char *label = mem_printf("--label=zagent %s %s", org, role);
    const char *const word[] = {"secret-tool", "store", label, "service", "zagent", "org", org, "role", role, NULL};
    return run(word, text, NULL, e);
}

int keyring_lookup(const char *org, const char *role, struct secret *out, struct err *e)
{
    const char *const word[] = {"secret-tool", "lookup", "service", "zagent", "org", org, "role", role, NULL};
    return run(word, NULL, out, e);
}

int keyring_clear(const char *org, const char *role, struct err *e)
{
    const char *const word[] = {"secret-tool", "clear", "service", "zagent", "org", org, "role", role, NULL};
    return run(word, NULL, NULL, e);
}
