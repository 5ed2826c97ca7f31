/*
 * state/chain.h — inside this room: the closing line of a BUILD_LOG section, and the hash chain it carries.
 *
 * Line    <!-- zagent:log/1 run=R3 journal=32HEX prev=64HEX sha256=64HEX -->
 * Hash    SHA-256 over the section's bytes followed by the line up to and without " sha256=": so run, journal and prev are covered.
 *         prev of the first section is 64 zeros; the file's own heading belongs to the first section.
 */
#ifndef STATE_CHAIN_H
#define STATE_CHAIN_H
#include <stddef.h>
#include <stdint.h>

#include "base/sb.h"

enum { BUILDLOG_MAX_BYTES = 64 << 20 };
#define CHAIN_ZERO  "0000000000000000000000000000000000000000000000000000000000000000"
#define CHAIN_START ((struct chain_link){.sha256 = CHAIN_ZERO})

struct chain_link {
    int64_t run;
    char journal[33], prev[65], sha256[65];
};

/* Fills sha256 from the other members and the section's bytes. */
void chain_seal(struct chain_link *l, const char *section, size_t len);
void chain_print(const struct chain_link *l, struct sb *b);
/* Reads a line (without its newline); false when it is not exactly what chain_print writes. */
bool chain_parse(const char *line, size_t len, struct chain_link *l);
/* Bytes up to and with the last closing line, and that line in *last; 0 when there is none. */
size_t chain_end(const char *text, size_t len, struct chain_link *last);
#endif
