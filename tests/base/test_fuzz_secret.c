/* Replays the corpus of fuzz_secret: what once was found stays found. */
#include "tests/fuzz/fuzz_secret.c"
#include "tests/fuzz/replay.h"

int main(void)
{
    return replay("base/fuzz_secret", "tests/fuzz/corpus/secret");
}
