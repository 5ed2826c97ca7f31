/*
 * bench/org.c — org DIR RECORDS [NAME] : the embedded org with that many records, beside a bare libmicrohttpd that answers "{}".
 *
 * The store is made first unless DIR has one (not timed), then opened by a process of its own, as 'zagent sandbox start' opens it. One client on one
 * connection, as zagent is; each figure is a line "NAME P50 P99 PER_SECOND CPU": milliseconds, requests, the server's own CPU
 * milliseconds a request (what a busy machine does not change); memory (MiB) and start (ms) last. What is asked is
 * the same in each run; the clock is the machine's. NAME: that figure alone, for a profiler.
 */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/sb.h"
#include "bench/bench.h"
#include "sandbox/sandbox.h"

enum { PER_FILE = 10000, UPSERT = 100, RULES = 20, WARM = 20 };

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1000.0 + (double)t.tv_nsec / 1e6;
}

static _Noreturn void die(const char *what, const struct err *e)
{
    fprintf(stderr, "org: %s: %s %s\n", what, e ? e->what : "", e ? e->where : "");
    exit(1);
}

/* ---- the org ---- */

static void one_record(FILE *f, long i)
{
    static const char *const units[] = {"Each", "Box", "Pack", "M"};
    fprintf(f,
            "{\"Product_Name\": \"Item %06ld\", \"Product_Code\": \"C-%06ld\", \"Usage_Unit\": \"%s\", \"Unit_Price\": "
            "%ld.5, \"Qty_in_Stock\": %ld, \"Taxable\": %s, \"Description\": \"Made for measuring, number %ld\"}",
            i, i, units[i % 4], i % 997, i % 50, i % 2 ? "true" : "false", i);
}

static void write_seeds(const char *dir, long records)
{
    for (long from = 0; from < records; from += PER_FILE) {
        AUTO_FREE char *path = mem_printf("%s/seed/%03ld.json", dir, from / PER_FILE);
        FILE *f = fopen(path, "we");
        if (!f)
            die(path, NULL);
        fprintf(f, "{\"schema\": \"zagent.sandbox-seed/1\", \"records\": [{\"module\": \"Products\", \"rows\": [");
        for (long i = from; i < records && i < from + PER_FILE; i++) {
            fprintf(f, "%s\n ", i > from ? "," : "");
            one_record(f, i);
        }
        fprintf(f, "]}]}\n");
        fclose(f);
    }
}

static struct sandbox *open_org(const char *dir, bool fresh)
{
    AUTO_FREE char *db = mem_printf("%s/org.db", dir), *seed = mem_printf("%s/seed", dir);
    struct sandbox_options o = {.db_path = db, .seed_dir = fresh ? seed : NULL, .clock = clock_system()};
    struct sandbox *s = NULL;
    struct err e = {0};
    if (sandbox_open(&s, &o, &e) < 0)
        die("the org does not open", &e);
    return s;
}

static void click(struct sandbox *s, const char *kind, const char *name, const char *body, const char *source)
{
    struct err e = {0};
    AUTO_JSON json_t *b = json_loads(body, 0, NULL);
    if (!b || sandbox_ui(s, kind, strcmp(kind, "function") ? "Products" : NULL, name, b, source, false, &e) < 0)
        die(name, &e);
}

/* RULES active rules, of which one is met by a new record and calls a function that reads the record and writes a field. */
static void add_rules(struct sandbox *s)
{
    click(s, "function", "mark", "{\"category\": \"Automation\"}",
          "void mark(String id)\n{\np = zoho.crm.getRecordById(\"Products\", id);\n"
          "m = Map();\nm.put(\"Description\", p.get(\"Product_Name\") + \" seen\");\n"
          "r = zoho.crm.updateRecord(\"Products\", id, m);\n}\n");
    click(
        s, "function_wrapper", "Mark",
        "{\"function\": {\"name\": \"mark\"}, \"language\": \"deluge\", \"arguments\": [{\"name\": \"id\", \"value\": "
        "\"${!Products.id}\"}]}",
        NULL);
    for (int i = 0; i < RULES; i++) {
        AUTO_FREE char *name = mem_printf("Rule %d", i);
        AUTO_FREE char *body = mem_printf(
            "{\"execute_when\": {\"type\": \"create\", \"details\": {\"trigger_module\": {\"api_name\": \"Products\"}, "
            "\"repeat\": true}}, \"conditions\": [{\"sequence_number\": 1, \"criteria_details\": {\"criteria\": "
            "{\"field\": {\"api_name\": \"Usage_Unit\"}, \"comparator\": \"equal\", \"value\": \"%s\"}}, "
            "\"instant_actions\": {\"actions\": [{\"type\": \"functions\", \"name\": \"Mark\"}]}}]}",
            i == 0 ? "Each" : "Box");
        click(s, "workflow_rule", name, body, NULL);
    }
}

static void make_org(const char *dir, long records)
{
    AUTO_FREE char *seed = mem_printf("%s/seed", dir);
    mkdir(seed, 0755);
    write_seeds(dir, records);
    struct sandbox *s = open_org(dir, true);
    add_rules(s);
    sandbox_close(s);
}

/* ---- the servers, each a process; the pipe tells where it listens and how long it took ---- */

struct ready {
    char url[64], client_id[64], client_secret[80], refresh_token[128];
    double start_ms;
};

static void serve_org(const char *dir, int out)
{
    double begin = now_ms();
    struct sandbox *s = open_org(dir, false);
    struct err e = {0};
    if (sandbox_serve(s, &e) < 0)
        die("the org does not serve", &e);
    struct ready r = {.start_ms = now_ms() - begin};
    AUTO_JSON json_t *info = sandbox_info(s);
    snprintf(r.url, sizeof r.url, "%s", js_str_or(info, "api_url", ""));
    snprintf(r.client_id, sizeof r.client_id, "%s", js_str_or(info, "client_id", ""));
    snprintf(r.client_secret, sizeof r.client_secret, "%s", js_str_or(info, "client_secret", ""));
    snprintf(r.refresh_token, sizeof r.refresh_token, "%s", js_str_or(info, "refresh_token", ""));
    if (write(out, &r, sizeof r) == (ssize_t)sizeof r)
        pause();
}

static enum MHD_Result echo(void *cls, struct MHD_Connection *c, const char *path, const char *method,
                            const char *version, const char *data, size_t *n, void **state)
{
    static int seen;
    static char body[] = "{}";
    (void)cls, (void)path, (void)method, (void)version, (void)data;
    if (*state == NULL || *n) {
        *n = 0;
        *state = &seen;
        return MHD_YES;
    }
    struct MHD_Response *r = MHD_create_response_from_buffer(2, body, MHD_RESPMEM_PERSISTENT);
    enum MHD_Result ok = MHD_queue_response(c, 200, r);
    MHD_destroy_response(r);
    return ok;
}

static void serve_echo(const char *dir, int out)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    (void)dir;
    struct MHD_Daemon *d = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO, 0, NULL, NULL, echo, NULL,
                                            MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&a, MHD_OPTION_END);
    struct ready r = {.start_ms = 0};
    if (!d)
        die("the echo does not serve", NULL);
    snprintf(r.url, sizeof r.url, "http://127.0.0.1:%d", MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port);
    if (write(out, &r, sizeof r) == (ssize_t)sizeof r)
        pause();
}

static pid_t begin(void (*serve)(const char *, int), const char *dir, struct ready *r)
{
    int fd[2];
    if (pipe(fd) < 0)
        die("no pipe", NULL);
    pid_t child = fork();
    if (child == 0) {
        close(fd[0]);
        serve(dir, fd[1]);
        _exit(1);
    }
    close(fd[1]);
    if (read(fd[0], r, sizeof *r) != (ssize_t)sizeof *r)
        die("no server", NULL);
    close(fd[0]);
    return child;
}

static double end(pid_t child)
{
    int status;
    struct rusage u = {0};
    kill(child, SIGKILL);
    wait4(child, &status, 0, &u);
    return (double)u.ru_maxrss / 1024.0;
}

/* ---- the client ---- */

struct client {
    CURL *curl;
    const char *url;
    struct curl_slist *headers;
    struct sb got;
};

static size_t keep(char *p, size_t n, size_t m, void *sb)
{
    sb_addn(sb, p, n * m);
    return n * m;
}

static long ask(struct client *c, const char *method, const char *path, const char *body)
{
    AUTO_FREE char *url = mem_printf("%s%s", c->url, path);
    long status = 0;
    sb_clear(&c->got);
    curl_easy_setopt(c->curl, CURLOPT_URL, url);
    curl_easy_setopt(c->curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, c->headers);
    curl_easy_setopt(c->curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, &c->got);
    curl_easy_setopt(c->curl, CURLOPT_HTTPGET, 1L);
    if (body) {
        curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, body);
        curl_easy_setopt(c->curl, CURLOPT_POSTFIELDSIZE, (long)strlen(body));
    }
    curl_easy_setopt(c->curl, CURLOPT_CUSTOMREQUEST, method);
    if (curl_easy_perform(c->curl) != CURLE_OK)
        die(path, NULL);
    curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

static void client_open(struct client *c, const struct ready *r)
{
    *c = (struct client){.curl = curl_easy_init(), .url = r->url, .got = SB_INIT(16 << 20)};
    c->headers = curl_slist_append(curl_slist_append(NULL, "Expect:"), "Content-Type: application/json");
    if (!*r->client_id)
        return;
    AUTO_FREE char *path =
        mem_printf("/oauth/v2/token?grant_type=refresh_token&client_id=%s&client_secret=%s&refresh_token=%s",
                   r->client_id, r->client_secret, r->refresh_token);
    ask(c, "POST", path, "");
    AUTO_JSON json_t *a = json_loads(c->got.buf, 0, NULL);
    AUTO_FREE char *auth = mem_printf("Authorization: Zoho-oauthtoken %s", js_str_or(a, "access_token", ""));
    c->headers = curl_slist_append(c->headers, auth);
}

static void client_close(struct client *c)
{
    curl_slist_free_all(c->headers);
    curl_easy_cleanup(c->curl);
    sb_release(&c->got);
}

/* CPU of the server so far. */
static double server_cpu_ms(pid_t server)
{
    clockid_t clock;
    struct timespec t = {0};
    if (clock_getcpuclockid(server, &clock) == 0)
        clock_gettime(clock, &t);
    return (double)t.tv_sec * 1000.0 + (double)t.tv_nsec / 1e6;
}

/* ---- what is asked ---- */

static char *no_body(long i)
{
    (void)i;
    return NULL;
}

/* Half of the rows are there, half are new. */
static char *upsert_body(long i)
{
    struct sb b = SB_INIT(1 << 20);
    sb_add(&b, "{\"data\":[");
    for (long k = 0; k < UPSERT; k++)
        sb_addf(&b, "%s{\"Product_Name\":\"Item %06ld\",\"Product_Code\":\"U-%ld\",\"Unit_Price\":%ld}", k ? "," : "",
                k % 2 ? 900000 + i * UPSERT + k : (i * 37 + k * 101) % 9000, i, k);
    sb_add(&b, "],\"trigger\":[]}");
    char *text = mem_dup(b.buf);
    sb_release(&b);
    return text;
}

static char *coql_by_id(long i)
{
    return mem_printf(
        "{\"select_query\":\"select Product_Name, Unit_Price, Usage_Unit from Products where id > %lld and "
        "Taxable = true order by id asc limit 200\"}",
        5725767000000100000LL + i * 211 % 80000);
}

static char *coql_by_name(long i)
{
    return mem_printf("{\"select_query\":\"select Product_Name, Unit_Price from Products where Product_Name = 'Item "
                      "%06ld' limit 200\"}",
                      i * 397 % 9000);
}

static char *insert_body(long i)
{
    return mem_printf("{\"data\":[{\"Product_Name\":\"New %ld\",\"Usage_Unit\":\"Each\"}]}", i);
}

static const struct {
    const char *name, *method, *path;
    char *(*body)(long i);
    long times;
    enum { ECHO, ORG, SERVERS } where;
} asked[] = {
    {"echo", "GET", "/", no_body, 2000, ECHO},
    {"record", "GET", "/crm/v8/Products?fields=Product_Name,Unit_Price&per_page=1", no_body, 2000, ORG},
    {"list", "GET", "/crm/v8/Products?fields=Product_Name,Unit_Price,Usage_Unit&per_page=200", no_body, 200, ORG},
    {"coql", "POST", "/crm/v8/coql", coql_by_id, 200, ORG},
    {"coql-name", "POST", "/crm/v8/coql", coql_by_name, 100, ORG},
    {"upsert", "POST", "/crm/v8/Products/upsert", upsert_body, 200, ORG},
    {"automation", "POST", "/crm/v8/Products", insert_body, 300, ORG},
};

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void measure(struct client *c, pid_t server, size_t row)
{
    long n = asked[row].times;
    AUTO_FREE double *ms = mem_grow(NULL, (size_t)n, sizeof *ms);
    double sum = 0, cpu = 0;
    for (long i = -WARM; i < n; i++) {
        AUTO_FREE char *body = asked[row].body(i + WARM);
        if (i == 0)
            cpu = server_cpu_ms(server);
        double from = now_ms();
        long status = ask(c, asked[row].method, asked[row].path, body);
        double took = now_ms() - from;
        if (status / 100 != 2)
            die(c->got.buf, NULL);
        if (i >= 0) {
            ms[i] = took;
            sum += took;
        }
    }
    cpu = (server_cpu_ms(server) - cpu) / (double)n;
    qsort(ms, (size_t)n, sizeof *ms, by_value);
    printf("%s %.3f %.3f %.0f %.3f\n", asked[row].name, ms[n / 2], ms[n * 99 / 100], (double)n * 1000.0 / sum, cpu);
    fflush(stdout);
}

static void measure_all(const char *dir, int where, const char *only)
{
    struct ready r;
    struct client c;
    pid_t child = begin(where == ECHO ? serve_echo : serve_org, dir, &r);
    client_open(&c, &r);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        if ((int)asked[i].where == where && (!only || strcmp(only, asked[i].name) == 0))
            measure(&c, child, i);
    client_close(&c);
    double mib = end(child);
    if (where == ORG)
        printf("memory %.0f\nstart %.0f\n", mib, r.start_ms);
}

int main(int argc, char **argv)
{
    if (argc != 3 && argc != 4)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    mem_init();
    AUTO_FREE char *db = mem_printf("%s/org.db", argv[1]);
    if (access(db, R_OK) < 0)
        make_org(argv[1], strtol(argv[2], NULL, 10));
    for (int where = ECHO; where < SERVERS; where++)
        measure_all(argv[1], where, argv[3]);
    return 0;
}
