/*
 * bench/deluge.c FOLDER — parses, checks and formats every script below FOLDER for about a second each. Prints: files, MB,
 * MB/s of parsing alone, of parsing and checking, of parsing and formatting; processor ms for all three over the whole
 * folder once; MiB that all trees need at once, per MB of source. Scripts that cannot be read count as parsed only.
 */
#include <ftw.h>
#include <stdio.h>

#include "base/fs.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "deluge/check.h"
#include "deluge/format.h"
#include "deluge/parse.h"

struct file {
    char *text;
    size_t len;
};
static struct files {
    struct file *item;
    size_t n, cap, bytes;
} files;

enum work { PARSE, CHECK, FORMAT, ALL };

static int collect(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    static const char *const kinds[] = {".dg", ".deluge", ".ds", ".zs", ".ts", ".js", ".txt"};
    const char *dot = strrchr(path + at->base, '.');
    bool script = !dot;
    struct file f = {0};
    (void)st;
    for (size_t i = 0; dot && i < sizeof kinds / sizeof *kinds; i++)
        script = script || strcmp(dot, kinds[i]) == 0;
    if (kind == FTW_F && script && fs_read(path, DG_MAX_SOURCE, &f.text, &f.len, NULL) == 0) {
        VEC_PUSH(files.item, files.n, files.cap, f);
        files.bytes += f.len;
    }
    return 0;
}

static void one(const struct file *f, enum work work)
{
    struct dg_script s;
    struct dg_diags d = {0};
    bool sound = dg_parse(&s, "bench", f->text, f->len, &d);
    if (sound && (work == CHECK || work == ALL))
        dg_check(&s, NULL, &d);
    if (sound && (work == FORMAT || work == ALL)) {
        struct sb out = SB_INIT((size_t)DG_MAX_SOURCE * 4);
        dg_format(&s, &out, NULL);
        sb_release(&out);
    }
    dg_script_release(&s);
    dg_diags_release(&d);
}

/* Processor ms of one round over all files; rounds go on for a second. */
static double measure(enum work work)
{
    double begin = bench_cpu_ms(), now = begin;
    int rounds = 0;
    while (now - begin < 1000) {
        for (size_t i = 0; i < files.n; i++)
            one(&files.item[i], work);
        rounds++;
        now = bench_cpu_ms();
    }
    return (now - begin) / rounds;
}

/* MiB of all trees at once. */
static double trees(void)
{
    struct dg_script *s = mem_zalloc(files.n * sizeof *s);
    double before = bench_peak_mib();
    for (size_t i = 0; i < files.n; i++) {
        struct dg_diags d = {0};
        dg_parse(&s[i], "bench", files.item[i].text, files.item[i].len, &d);
        dg_diags_release(&d);
    }
    double after = bench_peak_mib();
    for (size_t i = 0; i < files.n; i++)
        dg_script_release(&s[i]);
    free(s);
    return after - before;
}

int main(int argc, char **argv)
{
    mem_init();
    if (argc != 2 || nftw(argv[1], collect, 16, FTW_PHYS) < 0 || !files.n)
        return 2;
    double mb = (double)files.bytes / 1e6, memory = trees();
    double parse = measure(PARSE), check = measure(CHECK), format = measure(FORMAT), all = measure(ALL);
    printf("%zu %.2f %.1f %.1f %.1f %.0f %.1f\n", files.n, mb, mb / parse * 1000, mb / check * 1000, mb / format * 1000,
           all, memory / mb);
    for (size_t i = 0; i < files.n; i++)
        free(files.item[i].text);
    free(files.item);
    return 0;
}
