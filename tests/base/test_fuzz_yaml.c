/* Replays the corpus of fuzz_yaml: what once was found stays found. */
#include "tests/fuzz/fuzz_yaml.c"
#include "tests/fuzz/replay.h"

int main(void)
{
    return replay("base/fuzz_yaml", "tests/fuzz/corpus/yaml");
}
