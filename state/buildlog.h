/*
 * state/buildlog.h — BUILD_LOG.md: the journal as people read it, chained.
 *
 * Shape       one section a run: heading, three plain sentences (what is different; what is open and with whom; how to switch it off),
 *             a table of steps, then <!-- zagent:log/1 run=R3 journal=ID prev=SHA256 sha256=SHA256 -->.
 *             sha256 covers prev and every byte of the section above the comment. Tamper-evident, not tamper-proof.
 * Append      one write() of a complete section under the project lock, fsync'd. A torn tail (section without its comment)
 *             is moved to BUILD_LOG.torn-XXXXXXXX.md with a notice (caller frees) at the next append.
 * Segments    where the journal is absent or another one, check verifies the chain alone and says so; a new run opens a segment
 *             that continues the old hash.
 * Text        values from outside are escaped for Markdown and cleaned; secrets are redacted.
 */
#ifndef STATE_BUILDLOG_H
#define STATE_BUILDLOG_H
#include "state/state.h"

struct buildlog_run {
    int64_t run;
    const char *command, *org, *edition, *actor, *zone;
    int64_t at;
    const char *sentence[3];
    const json_t *rows; /* [{address,title,outcome,detail,by,at (epoch seconds, may be absent)}] */
};
int buildlog_append(const struct fs_root *project, const struct buildlog_run *r, const char *journal_id, char **notice,
                    struct err *e);
/* Whether an append would find the file fit to be read and open to writing: asked before the org is changed. Leaves nothing. */
int buildlog_writable(const struct fs_root *project, struct err *e);
/* What no chain can show is that whole sections are missing at the end: compare info.last_sha256 and info.runs with what the journal knows.
 * Findings: [{line,text}]; empty = intact. info: {runs, segments, last_sha256, journal: "same"|"absent"|"other"}. */
int buildlog_check(const char *text, size_t len, const char *journal_id, json_t *findings, json_t *info, struct err *e);
/* A stable id of this journal: a digest of its first run, so a reproducible run gives a reproducible log. 32 zeros before that. */
int state_journal_id(struct state *s, char id[33], struct err *e);
#endif
