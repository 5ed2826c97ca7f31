/*
 * tests/corpus/deluge.c — every script below a folder through lexer, parser, checker and formatter; prints a table.
 *
 * Run         make corpus DIR=/somewhere [PREFIXES=n]   the folder is read, never written; nothing is fetched
 * Scripts     .dg .deluge .ds .zs .ts .js .txt and names without an extension
 * Per file    a child process with a time limit, so that a crash or hang is a row and not the end: syntax errors with
 *             their place; formatted text must have the same tree (round trip) and formatting it again must change
 *             nothing; PREFIXES byte prefixes (default 100, 0 = every one) must be survived.
 * Exit        1 when a round trip failed, formatting was not stable, or something crashed; syntax errors are figures.
 */
#include <ftw.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "deluge/check.h"
#include "deluge/dump.h"
#include "deluge/format.h"
#include "deluge/parse.h"
#include "deluge/rules.h"

enum { MAX_RULES = 128, CHILD_SECONDS = 3600, MAX_UNTOLD = 200 };

struct result {
    size_t bytes, syntax_errors, hits[MAX_RULES];
    bool broken, round_trip_failed, unstable;
    double seconds; /* parse, check and format once */
};

static struct paths {
    char **item;
    size_t n, cap;
} paths;

static int collect(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    static const char *const kinds[] = {".dg", ".deluge", ".ds", ".zs", ".ts", ".js", ".txt"};
    const char *dot = strrchr(path + at->base, '.');
    bool script = !dot;
    (void)st;
    for (size_t i = 0; dot && i < sizeof kinds / sizeof *kinds; i++)
        script = script || strcmp(dot, kinds[i]) == 0;
    if (kind == FTW_F && script)
        VEC_PUSH(paths.item, paths.n, paths.cap, mem_dup(path));
    return 0;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void count_rules(const struct dg_diags *d, struct result *r)
{
    for (size_t i = 0; i < d->n; i++)
        for (size_t k = 0; k < dg_rules_n; k++)
            r->hits[k] += dg_rules[k].id == d->item[i].rule || strcmp(dg_rules[k].id, d->item[i].rule) == 0;
}

static void print_errors(const struct dg_script *s, const struct dg_diags *d)
{
    for (size_t i = 0; i < d->n; i++)
        if (d->item[i].level == DG_ERROR)
            printf("%s:%u:%u %s %s\n", s->file, d->item[i].span.line, d->item[i].span.col, d->item[i].rule,
                   d->item[i].message);
}

static void format_twice(const struct dg_script *s, const char *path, struct result *r)
{
    AUTO_SB struct sb once = SB_INIT((size_t)DG_MAX_SOURCE * 4);
    AUTO_SB struct sb twice = SB_INIT((size_t)DG_MAX_SOURCE * 4);
    struct dg_script again;
    struct dg_diags d = {0};
    bool formatted = dg_format(s, &once, NULL) == 0;
    r->round_trip_failed = !formatted || !dg_parse(&again, path, once.buf, once.len, &d) || !dg_same(s, &again);
    if (formatted) {
        r->unstable =
            dg_format(&again, &twice, NULL) < 0 || once.len != twice.len || memcmp(once.buf, twice.buf, once.len) != 0;
        dg_script_release(&again);
    }
    dg_diags_release(&d);
}

static void prefixes(const char *path, const char *text, size_t len, size_t count)
{
    size_t step = count && len > count ? len / count : 1;
    for (size_t cut = 0; cut < len; cut += step) {
        AUTO_FREE char *exact = mem_dupn(text, cut);
        struct dg_script s;
        struct dg_diags d = {0};
        if (dg_parse(&s, path, exact, cut, &d))
            dg_check(&s, NULL, &d);
        dg_script_release(&s);
        dg_diags_release(&d);
    }
}

static void examine(const char *path, size_t n_prefixes, struct result *r)
{
    AUTO_FREE char *text = NULL;
    AUTO_SB struct sb out = SB_INIT((size_t)DG_MAX_SOURCE * 4);
    struct dg_script s;
    struct dg_diags d = {0};
    if (fs_read(path, DG_MAX_SOURCE, &text, &r->bytes, NULL) < 0)
        return;
    double start = now();
    r->broken = !dg_parse(&s, path, text, r->bytes, &d);
    r->syntax_errors = d.errors;
    if (r->broken) {
        print_errors(&s, &d);
    } else {
        dg_check(&s, NULL, &d);
        dg_format(&s, &out, NULL);
    }
    r->seconds = now() - start;
    count_rules(&d, r);
    if (!r->broken)
        format_twice(&s, path, r);
    prefixes(path, text, r->bytes, n_prefixes);
    dg_script_release(&s);
    dg_diags_release(&d);
}

/* ── Children: as many at a time as there are processors, each with a file for what it prints, told in order ── */

struct job {
    const char *path;
    pid_t child;
    int end; /* the result arrives here */
    FILE *said;
    bool over, whole;
    struct result r;
};

static void start(struct job *j, size_t n_prefixes)
{
    int ends[2];
    fflush(stdout);
    j->said = tmpfile();
    if (!j->said || pipe(ends) < 0)
        exit(2);
    j->child = fork();
    if (j->child == 0) {
        alarm(CHILD_SECONDS);
        dup2(fileno(j->said), STDOUT_FILENO);
        examine(j->path, n_prefixes, &j->r);
        fflush(stdout);
        _exit(write(ends[1], &j->r, sizeof j->r) == (ssize_t)sizeof j->r ? 0 : 1);
    }
    close(ends[1]);
    j->end = ends[0];
}

/* Waits for one child, whichever ends first. */
static void reap(struct job *job, size_t n)
{
    int status;
    pid_t child = waitpid(-1, &status, 0);
    for (size_t i = 0; i < n; i++) {
        if (job[i].child != child || job[i].over)
            continue;
        job[i].over = true;
        job[i].whole = read(job[i].end, &job[i].r, sizeof job[i].r) == (ssize_t)sizeof job[i].r && WIFEXITED(status) &&
                       WEXITSTATUS(status) == 0;
        close(job[i].end);
    }
}

static void tell(struct job *j)
{
    char text[4096];
    rewind(j->said);
    for (size_t n; (n = fread(text, 1, sizeof text, j->said)) > 0;)
        fwrite(text, 1, n, stdout);
    fclose(j->said);
    if (!j->whole)
        printf("%s crashed or ran over %d seconds\n", j->path, CHILD_SECONDS);
    else if (j->r.round_trip_failed || j->r.unstable)
        printf("%s %s\n", j->path, j->r.unstable ? "formatting is not stable" : "another tree after formatting");
}

/* The table adds up what the children found. */
struct sum {
    struct result all;
    size_t crashed, broken, trips, unstable, files[MAX_RULES];
};

static void add(struct sum *s, const struct job *j)
{
    if (!j->whole) {
        s->crashed++;
        return;
    }
    s->broken += j->r.broken;
    s->trips += j->r.round_trip_failed;
    s->unstable += j->r.unstable;
    s->all.bytes += j->r.bytes;
    s->all.seconds += j->r.seconds;
    for (size_t k = 0; k < dg_rules_n; k++) {
        s->all.hits[k] += j->r.hits[k];
        s->files[k] += j->r.hits[k] > 0;
    }
}

static void examine_all(struct sum *sum, size_t n_prefixes)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t at_once = processors > 1 ? (size_t)processors : 1, started = 0, told = 0, over = 0;
    struct job *job = mem_zalloc((paths.n + 1) * sizeof *job);
    while (told < paths.n) {
        for (; started < paths.n && started - over < at_once && started - told < MAX_UNTOLD; started++) {
            job[started].path = paths.item[started];
            start(&job[started], n_prefixes);
        }
        reap(job + told, started - told);
        over++;
        for (; told < started && job[told].over; told++) {
            tell(&job[told]);
            add(sum, &job[told]);
        }
    }
    free(job);
}

static void print_rules(const struct sum *s)
{
    printf("\nrule   level    hits  files  title\n");
    for (size_t k = 0; k < dg_rules_n; k++)
        printf("%s  %-7s %5zu  %5zu  %s\n", dg_rules[k].id, dg_level_name(dg_rules[k].level), s->all.hits[k],
               s->files[k], dg_rules[k].title);
}

int main(int argc, char **argv)
{
    struct sum s = {0};
    size_t n_prefixes = argc > 2 ? strtoul(argv[2], NULL, 10) : 100;
    if (argc < 2 || nftw(argv[1], collect, 16, FTW_PHYS) < 0 || dg_rules_n > MAX_RULES) {
        fprintf(stderr, "usage: %s FOLDER [PREFIXES]\n", argv[0]);
        return 2;
    }
    if (paths.n)
        qsort(paths.item, paths.n, sizeof *paths.item, by_bytes);
    examine_all(&s, n_prefixes);
    print_rules(&s);
    printf("\nfiles %zu, with syntax errors %zu, round trips failed %zu, unstable %zu, crashed %zu\n", paths.n,
           s.broken, s.trips, s.unstable, s.crashed);
    double mb = (double)s.all.bytes / 1e6, per = s.all.seconds > 0 ? 1 / s.all.seconds : 0;
    printf("%.1f MB parsed, checked and formatted in %.3f s of processor time (%.1f MB/s, %.0f files/s)\n", mb,
           s.all.seconds, mb * per, (double)paths.n * per);
    for (size_t i = 0; i < paths.n; i++)
        free(paths.item[i]);
    free(paths.item);
    return s.crashed || s.trips || s.unstable;
}
