/* bench/deluge_run SCRIPT N — CPU milliseconds, executed statements and the result of the script's run(n), without limits. */
#include <stdio.h>

#include "base/fs.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "deluge/host_memory.h"
#include "deluge/parse.h"
#include "deluge/run.h"

int main(int argc, char **argv)
{
    struct err e = {0};
    AUTO_FREE char *text = NULL;
    size_t len;
    struct dg_script s;
    struct dg_diags d = {0};
    struct dg_memory m;
    struct deluge_host host = {.now = 1796889600, .zone = "UTC"};
    struct dg_run r;
    struct dv result;
    if (argc != 3 || fs_read(argv[1], DG_MAX_SOURCE, &text, &len, &e) < 0 || !dg_parse(&s, argv[1], text, len, &d)) {
        fprintf(stderr, "usage: deluge_run SCRIPT N\n");
        return 2;
    }
    dg_memory_init(&m);
    dg_memory_attach(&m, &host);
    dg_run_init(&r, &host);
    r.limit = (struct dg_limits){
        .statements = UINT64_MAX, .calls = UINT64_MAX, .memory = (size_t)2 << 30, .milliseconds = UINT64_MAX};
    struct dv in = dv_box_new(&r.arena, DV_MAP);
    dv_puts(&r.arena, in, "n", dv_text(&r.arena, argv[2]));
    double before = bench_cpu_ms();
    bool ok = dg_run_call(&r, &s, NULL, in, &result);
    double ms = bench_cpu_ms() - before;
    AUTO_SB struct sb out = SB_INIT(1 << 20);
    if (ok)
        dv_print(&out, result, &r.zone);
    else
        dg_fault_print(&r.error, &out);
    printf("%.1f %llu %s\n", ms, (unsigned long long)r.count.statements, out.buf);
    dg_run_release(&r);
    dg_memory_release(&m);
    dg_script_release(&s);
    dg_diags_release(&d);
    return ok ? 0 : 1;
}
