/* Any bytes as a Deluge script that is run: no crash, no leak, bounded statements and memory, the same end twice.
 * Run by libFuzzer (-fsanitize=fuzzer) and over the corpus by tests/deluge. */
#include "deluge/host_memory.h"
#include "deluge/parse.h"
#include "deluge/run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a run says in the end: its error, or its result, and what it printed. */
static void run(const struct dg_script *s, struct sb *said)
{
    struct dg_memory m;
    struct deluge_host h = {.now = 1796889600, .zone = "+01:00", .user = "user@example.org"};
    struct dg_run r;
    struct dv result;
    dg_memory_init(&m);
    dg_memory_attach(&m, &h);
    dg_run_init(&r, &h);
    r.limit.statements = 2000;
    r.limit.memory = 8 << 20;
    struct dv in = dv_box_new(&r.arena, DV_MAP);
    for (size_t i = 0; s->n_functions && i < s->function[0]->n; i++)
        dv_puts(&r.arena, in, s->function[0]->param[i].name->s, dv_int((int64_t)i));
    if (dg_run_call(&r, s, NULL, in, &result))
        dv_json(said, result, &r.zone);
    else
        dg_fault_print(&r.error, said);
    dv_json(said, r.infos, &r.zone);
    dv_json(said, r.writes, &r.zone);
    dg_run_release(&r);
    dg_memory_release(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dg_script s;
    struct dg_diags d = {0};
    struct sb once = SB_INIT(1 << 24), twice = SB_INIT(1 << 24);
    if (size < 1 << 16 && dg_parse(&s, "fuzz", (const char *)data, size, &d)) {
        run(&s, &once);
        run(&s, &twice);
        if (once.len != twice.len || memcmp(once.buf, twice.buf, once.len) != 0)
            abort();
    } else if (size >= 1 << 16) {
        return 0;
    }
    dg_script_release(&s);
    dg_diags_release(&d);
    sb_release(&once);
    sb_release(&twice);
    return 0;
}
