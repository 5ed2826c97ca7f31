/* Replays the corpus of fuzz_js: what once was found stays found. */
#include "tests/fuzz/fuzz_js.c"
#include "tests/fuzz/replay.h"

int main(void)
{
    return replay("base/fuzz_js", "tests/fuzz/corpus/js");
}
