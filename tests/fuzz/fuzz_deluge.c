/* Any bytes as a Deluge script: no crash, no leak, bounded work; what parses is checked, formats to the same tree, and
 * formatting that changes nothing more. Run by libFuzzer (-fsanitize=fuzzer) and over the corpus by tests/deluge. */
#include "deluge/check.h"
#include "deluge/dump.h"
#include "deluge/format.h"
#include "deluge/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void round_trip(const struct dg_script *s)
{
    struct sb once = SB_INIT(1 << 24), twice = SB_INIT(1 << 24);
    struct dg_script again;
    struct dg_diags d = {0};
    if (dg_format(s, &once, NULL) < 0 || !dg_parse(&again, "again", once.buf, once.len, &d) || !dg_same(s, &again) ||
        dg_format(&again, &twice, NULL) < 0 || once.len != twice.len || memcmp(once.buf, twice.buf, once.len) != 0)
        abort();
    dg_script_release(&again);
    dg_diags_release(&d);
    sb_release(&once);
    sb_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dg_script s;
    struct dg_diags d = {0};
    struct sb text = SB_INIT(1 << 20);
    bool sound = dg_parse(&s, "fuzz", (const char *)data, size, &d);
    if (sound != (d.errors == 0))
        abort();
    if (sound) {
        dg_check(&s, NULL, &d);
        round_trip(&s);
    }
    for (size_t i = 0; i < d.n; i++)
        dg_diag_render(&s, &d.item[i], &text);
    sb_release(&text);
    dg_script_release(&s);
    dg_diags_release(&d);
    return 0;
}
