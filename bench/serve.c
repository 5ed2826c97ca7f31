/*
 * bench/serve.c — serve DIR DELAY_MS : the embedded org of the project DIR behind a line with that delay, until SIGTERM.
 *
 * Zagent finds it by DIR/.zagent/sandbox.json as it finds 'zagent sandbox start'. Each request waits DELAY_MS before it goes on, each
 * connection by itself, as on a long line: requests at the same time wait at the same time, which the sandbox's own delay cannot show.
 * At the end DIR/counts.json holds what reached the org: {"reads","requests","credits","mints","connections"}.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "sandbox/sandbox.h"

static struct {
    long delay_ms;
    int listener, org_port;
    char org[32], own[32]; /* "127.0.0.1:PORT", as long as each other */
    int64_t connections;   /* touched by the accepting thread alone until it has ended */
} line;

static struct sockaddr_in loopback(int port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
}

static bool pass_on(int fd, const char *data, size_t n)
{
    while (n > 0) {
        ssize_t sent = write(fd, data, n);
        if (sent <= 0)
            return false;
        data += sent;
        n -= (size_t)sent;
    }
    return true;
}

/* The token answer names the org's own port: to the caller this line is the org. */
static void rename_org(char *data, size_t n)
{
    size_t len = strlen(line.org);
    for (char *at = data; (at = memmem(at, n - (size_t)(at - data), line.org, len)); at += len)
        memcpy(at, line.own, len);
}

static void relay(int client, int org)
{
    static const int on = 1;
    struct pollfd p[2] = {{.fd = client, .events = POLLIN}, {.fd = org, .events = POLLIN}};
    char data[64 << 10];
    bool answering = true;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(org, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    while (poll(p, 2, -1) > 0) {
        int from = p[1].revents ? 1 : 0;
        ssize_t n = read(p[from].fd, data, sizeof data);
        if (n <= 0)
            return;
        if (from == 0 && answering) /* the first bytes after an answer are a new request */
            poll(NULL, 0, (int)line.delay_ms);
        answering = from == 1;
        if (answering)
            rename_org(data, (size_t)n);
        if (!pass_on(p[!from].fd, data, (size_t)n))
            return;
    }
}

static void *connection(void *ctx)
{
    int client = (int)(intptr_t)ctx;
    struct sockaddr_in a = loopback(line.org_port);
    int org = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (org >= 0 && connect(org, (struct sockaddr *)&a, sizeof a) == 0)
        relay(client, org);
    close(client);
    close(org);
    return NULL;
}

static void *accepting(void *ctx)
{
    (void)ctx;
    int client;
    while ((client = accept4(line.listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        pthread_t t;
        line.connections++;
        if (pthread_create(&t, NULL, connection, (void *)(intptr_t)client) == 0)
            pthread_detach(t);
    }
    return NULL;
}

/* Another port with as many digits as the org's. */
static int listen_like(int org_port)
{
    for (int i = 0; i < 1000; i++) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        struct sockaddr_in a = loopback(20000 + (org_port + i) % 20000);
        if (fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof a) == 0 && listen(fd, 64) == 0) {
            snprintf(line.own, sizeof line.own, "127.0.0.1:%d", ntohs(a.sin_port));
            return fd;
        }
        close(fd);
    }
    return -1;
}

/* By method and path as the sandbox counts them; a COQL query reads, too. */
static int64_t reads_of(const json_t *status)
{
    const char *path;
    json_t *n;
    int64_t sum = 0;
    json_object_foreach (js_obj(status, "by_path"), path, n)
        sum += strncmp(path, "GET ", 4) == 0 || strstr(path, "/coql") ? json_integer_value(n) : 0;
    return sum;
}

static int write_json(const char *dir, const char *name, const json_t *j)
{
    AUTO_FREE char *path = mem_printf("%s/%s", dir, name);
    AUTO_FREE char *part = mem_printf("%s.part", path);
    if (json_dump_file(j, part, JSON_COMPACT) < 0 || chmod(part, 0600) < 0 || rename(part, path) < 0)
        return perror(path), -1;
    return 0;
}

static int serve(struct sandbox *sb, const char *dir)
{
    AUTO_JSON json_t *info = sandbox_info(sb);
    AUTO_JSON json_t *before = sandbox_status(sb);
    pthread_t t;
    int sig;
    sigset_t set;
    line.org_port = (int)js_int(info, "port", 0);
    snprintf(line.org, sizeof line.org, "127.0.0.1:%d", line.org_port);
    line.listener = listen_like(line.org_port);
    if (line.listener < 0 || strlen(line.org) != strlen(line.own))
        return -1;
    js_set_strf(info, "api_url", "http://%s", line.own);
    js_set_strf(info, "accounts_url", "http://%s", line.own);
    js_set_int(info, "pid", getpid());
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    /* Who serves holds this lock (agent/org.h, ORG_SERVING): without it the note counts as left by a killed server. */
    AUTO_FREE char *home = mem_printf("%s/.zagent", dir);
    struct fs_root root;
    struct fs_lock serving = {0};
    struct err e = {0};
    if (fs_root_open(&root, home, true, 0700, &e) < 0 ||
        fs_lock(&serving, &root, "sandbox.lock", "bench", 1000, &e) < 0)
        return fprintf(stderr, "%s (%s)\n", e.what, e.where), -1;
    if (pthread_create(&t, NULL, accepting, NULL) != 0 || write_json(dir, ".zagent/sandbox.json", info) < 0)
        return -1;
    sigwait(&set, &sig);
    shutdown(line.listener, SHUT_RDWR);
    pthread_join(t, NULL);
    AUTO_FREE char *note = mem_printf("%s/.zagent/sandbox.json", dir);
    unlink(note);
    fs_unlock(&serving);
    fs_root_close(&root);
    AUTO_JSON json_t *after = sandbox_status(sb);
    AUTO_JSON json_t *counts = json_object();
    static const char *const same[] = {"requests", "credits", "mints"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        js_set_int(counts, same[i], js_int(after, same[i], 0) - js_int(before, same[i], 0));
    js_set_int(counts, "reads", reads_of(after) - reads_of(before));
    js_set_int(counts, "connections", line.connections);
    return write_json(dir, "counts.json", counts);
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    line.delay_ms = strtol(argv[2], NULL, 10);
    AUTO_FREE char *db = mem_printf("%s/.zagent/sandbox.db", argv[1]);
    AUTO_FREE char *seed = mem_printf("%s/context/sandbox", argv[1]);
    struct sandbox_options o = {.db_path = db, .seed_dir = seed, .clock = clock_system()};
    struct sandbox *sb = NULL;
    struct err e = {0};
    int rc = sandbox_open(&sb, &o, &e);
    if (rc == 0)
        rc = sandbox_serve(sb, &e);
    if (rc == 0)
        rc = serve(sb, argv[1]);
    if (rc < 0)
        fprintf(stderr, "serve: %s %s\n", e.what, e.where);
    sandbox_close(sb);
    return rc < 0;
}
