#include "tests/fuzz/fuzz_deluge_run.c"

#include "tests/fuzz/replay.h"

int main(void)
{
    return replay("deluge/fuzz_deluge_run", "tests/fuzz/corpus/deluge_run");
}
