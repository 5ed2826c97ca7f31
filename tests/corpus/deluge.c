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

enum { MAX_RULES = 128, CHILD_SECONDS = 600 };

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
    clock_gettime(CLOCK_MONOTONIC, &t);
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

/* False when the child died or ran out of time. */
static bool in_child(const char *path, size_t n_prefixes, struct result *r)
{
    int ends[2], status;
    fflush(stdout);
    if (pipe(ends) < 0)
        return false;
    pid_t child = fork();
    if (child == 0) {
        alarm(CHILD_SECONDS);
        examine(path, n_prefixes, r);
        fflush(stdout);
        _exit(write(ends[1], r, sizeof *r) == (ssize_t)sizeof *r ? 0 : 1);
    }
    close(ends[1]);
    bool whole = read(ends[0], r, sizeof *r) == (ssize_t)sizeof *r;
    close(ends[0]);
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0 && whole;
}

static void print_rules(const struct result *sum, const size_t *files)
{
    printf("\nrule   level    hits  files  title\n");
    for (size_t k = 0; k < dg_rules_n; k++)
        printf("%s  %-7s %5zu  %5zu  %s\n", dg_rules[k].id, dg_level_name(dg_rules[k].level), sum->hits[k], files[k],
               dg_rules[k].title);
}

int main(int argc, char **argv)
{
    struct result sum = {0};
    size_t crashed = 0, broken = 0, trips = 0, unstable = 0, files[MAX_RULES] = {0};
    size_t n_prefixes = argc > 2 ? strtoul(argv[2], NULL, 10) : 100;
    if (argc < 2 || nftw(argv[1], collect, 16, FTW_PHYS) < 0 || dg_rules_n > MAX_RULES) {
        fprintf(stderr, "usage: %s FOLDER [PREFIXES]\n", argv[0]);
        return 2;
    }
    if (paths.n)
        qsort(paths.item, paths.n, sizeof *paths.item, by_bytes);
    for (size_t i = 0; i < paths.n; i++) {
        struct result r = {0};
        if (!in_child(paths.item[i], n_prefixes, &r)) {
            printf("%s crashed or ran over %d seconds\n", paths.item[i], CHILD_SECONDS);
            crashed++;
        } else {
            if (r.round_trip_failed || r.unstable)
                printf("%s %s\n", paths.item[i],
                       r.unstable ? "formatting is not stable" : "another tree after formatting");
            broken += r.broken;
            trips += r.round_trip_failed;
            unstable += r.unstable;
            sum.bytes += r.bytes;
            sum.seconds += r.seconds;
            for (size_t k = 0; k < dg_rules_n; k++) {
                sum.hits[k] += r.hits[k];
                files[k] += r.hits[k] > 0;
            }
        }
        free(paths.item[i]);
    }
    free(paths.item);
    print_rules(&sum, files);
    printf("\nfiles %zu, with syntax errors %zu, round trips failed %zu, unstable %zu, crashed %zu\n", paths.n, broken,
           trips, unstable, crashed);
    printf("%.1f MB parsed, checked and formatted in %.3f s (%.1f MB/s)\n", (double)sum.bytes / 1e6, sum.seconds,
           sum.seconds > 0 ? (double)sum.bytes / 1e6 / sum.seconds : 0);
    return crashed || trips || unstable;
}
