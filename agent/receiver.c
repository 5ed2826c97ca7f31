#include "agent/receiver.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

enum { HEAD_MAX = 8 << 10, HEAD_MS = 5000, SLICE_MS = 200 };
static const char path[] = "/callback";

int receiver_open(struct receiver *r, int port, struct err *e)
{
    *r = (struct receiver){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    struct sockaddr_in a = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    int on = 1;
    if (r->fd >= 0)
        setsockopt(r->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (r->fd < 0 || bind(r->fd, (struct sockaddr *)&a, n) < 0 || listen(r->fd, 4) < 0 ||
        getsockname(r->fd, (struct sockaddr *)&a, &n) < 0) {
        err_set(e, ERR_IO, "port %d of this machine cannot be listened on: %s", port, strerror(errno));
        receiver_close(r);
        return err_fix(e, "close what uses it, or take another with --port N and register that redirect URI");
    }
    r->port = ntohs(a.sin_port);
    return 0;
}

void receiver_close(struct receiver *r)
{
    if (r->fd >= 0)
        close(r->fd);
    r->fd = -1;
}

/* Waits for fd to be readable; false when time is up. Slept in slices, so that Ctrl-C is heard. */
static bool readable(int fd, const struct clock *clock, int64_t until_ms, bool (*stop)(void))
{
    for (;;) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int k = poll(&p, 1, SLICE_MS);
        if (k > 0)
            return true;
        if ((k < 0 && errno != EINTR) || (stop && stop()) || clock->mono_ms(clock->ctx) >= until_ms)
            return false;
    }
}

/* The request's head up to the empty line, NUL-terminated; false when it is too long, too slow or cut. */
static bool read_head(int fd, const struct clock *clock, char head[HEAD_MAX], bool (*stop)(void))
{
    size_t n = 0;
    int64_t until = clock->mono_ms(clock->ctx) + HEAD_MS;
    while (n + 1 < HEAD_MAX && readable(fd, clock, until, stop)) {
        ssize_t k = recv(fd, head + n, HEAD_MAX - 1 - n, 0);
        if (k <= 0)
            return false;
        n += (size_t)k;
        head[n] = '\0';
        if (strlen(head) != n) /* a NUL byte hides what follows */
            return false;
        if (strstr(head, "\r\n\r\n"))
            return true;
    }
    return false;
}

static bool host_is_ours(const char *head, int port)
{
    static const char *const hosts[] = {"127.0.0.1", "localhost"};
    bool found = false;
    for (const char *line = strstr(head, "\r\n"); line && line[2] != '\r'; line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, "host:", 5) != 0)
            continue;
        const char *value = line + 7 + strspn(line + 7, " \t");
        AUTO_FREE char *host = mem_dupn(value, strcspn(value, "\r \t"));
        bool ours = false;
        for (size_t i = 0; i < 2; i++) {
            AUTO_FREE char *want = mem_printf("%s:%d", hosts[i], port);
            ours = ours || strcasecmp(host, want) == 0;
        }
        if (!ours || found)
            return false;
        found = true;
    }
    return found;
}

static void reply(int fd, int status, const char *say)
{
    AUTO_FREE char *body =
        mem_printf("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>zagent</title><p>%s</p>\n", say);
    AUTO_FREE char *text = mem_printf(
        "HTTP/1.1 %d %s\r\nContent-Type: text/html;charset=UTF-8\r\nContent-Length: %zu\r\nConnection: close\r\n"
        "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'\r\n"
        "X-Content-Type-Options: nosniff\r\n\r\n%s",
        status, status == 200 ? "OK" : "Refused", strlen(body), body);
    size_t len = strlen(text);
    if (send(fd, text, len, MSG_NOSIGNAL) == (ssize_t)len)
        shutdown(fd, SHUT_WR);
}

/* True when this connection brought the one request that counts. */
static bool serve(const struct receiver *r, int fd, const struct clock *clock, bool (*stop)(void), struct secret *query)
{
    char head[HEAD_MAX] = {0};
    size_t k = sizeof path - 1;
    bool whole = read_head(fd, clock, head, stop);
    bool get = strncmp(head, "GET ", 4) == 0;
    bool here = get && strncmp(head + 4, path, k) == 0 && head[4 + k] == '?';
    size_t end = strcspn(head, " \r\n") + 1;
    end += strcspn(head + end, " \r\n");
    bool taken = false;
    if (!whole)
        reply(fd, 400, "This request cannot be read.");
    else if (!host_is_ours(head, r->port))
        reply(fd, 403, "This address serves one sign-in on this machine only.");
    else if (!get)
        reply(fd, 405, "Only the consent page's answer is taken here.");
    else if (!here)
        reply(fd, 404, "Nothing is here but the consent page's answer.");
    else {
        head[end] = '\0';
        secret_set(query, head + 4 + k + 1);
        taken = true;
        reply(fd, 200, "The answer has arrived. Close this page and go on in the terminal.");
    }
    explicit_bzero(head, sizeof head);
    return taken;
}

int receiver_wait(struct receiver *r, const struct clock *clock, int64_t wait_ms, bool (*stop)(void),
                  struct secret *query, struct err *e)
{
    int64_t until = clock->mono_ms(clock->ctx) + wait_ms;
    while (readable(r->fd, clock, until, stop)) {
        int fd = accept4(r->fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0)
            continue;
        bool taken = serve(r, fd, clock, stop, query);
        close(fd);
        if (taken) {
            receiver_close(r);
            return 0;
        }
    }
    receiver_close(r);
    if (stop && stop())
        return err_set(e, ERR_INTERRUPTED, "interrupted: nothing was changed");
    err_set(e, ERR_AUTH, "nobody came back from the consent page in time");
    return err_fix(e, "run 'zagent auth login' again and open its link; where no browser can reach this machine use "
                      "--flow device or --flow self-client");
}
