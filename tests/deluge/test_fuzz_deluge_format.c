#include "tests/fuzz/fuzz_deluge_format.c"

#include "tests/fuzz/replay.h"

int main(void)
{
    return replay("deluge/fuzz_deluge_format", "tests/fuzz/corpus/deluge_format");
}
