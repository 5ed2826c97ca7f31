#include "tests/fuzz/fuzz_lsp.c"

#include "tests/fuzz/replay.h"

int main(void)
{
    return replay("agent/fuzz_lsp", "tests/fuzz/corpus/lsp");
}
