#include "agent/tool.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"

extern char **environ;

char *tool_find(const char *name)
{
    const char *path = getenv("PATH");
    for (const char *p = path ? path : ""; *p; p += strcspn(p, ":"), p += *p == ':') {
        char *file = mem_printf("%.*s/%s", (int)strcspn(p, ":"), p, name);
        if (*file == '/' && access(file, X_OK) == 0)
            return file;
        free(file);
    }
    return NULL;
}

void tool_show_link(const char *url)
{
    const char *x = getenv("DISPLAY");
    const char *wayland = getenv("WAYLAND_DISPLAY");
    AUTO_FREE char *file = tool_find("xdg-open");
    if (!file || strncmp(url, "http", 4) != 0 || ((!x || !*x) && (!wayland || !*wayland)))
        return;
    const char *const word[] = {"xdg-open", url, NULL};
    posix_spawn_file_actions_t act;
    posix_spawn_file_actions_init(&act);
    for (int fd = 0; fd < 3; fd++) /* a browser's chatter is nobody's answer */
        posix_spawn_file_actions_addopen(&act, fd, "/dev/null", O_RDWR, 0);
    pid_t pid;
    int st;
    if (posix_spawn(&pid, file, &act, NULL, (char *const *)(uintptr_t)word, environ) == 0)
        waitpid(pid, &st, 0);
    posix_spawn_file_actions_destroy(&act);
}
