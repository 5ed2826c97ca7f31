#include "tests/fuzz/fuzz_deluge.c"

#include "tests/fuzz/replay.h"

int main(void)
{
    return replay("deluge/fuzz_deluge", "tests/fuzz/corpus/deluge");
}
