#include "tests/fuzz/fuzz_sheet.c"

#include "tests/fuzz/replay.h"

int main(void)
{
    return replay("agent/fuzz_sheet", "tests/fuzz/corpus/sheet");
}
