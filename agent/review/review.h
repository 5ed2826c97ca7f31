/*
 * agent/review/review.h — decisions that people make about many records, one by one: proposed by rules, kept in a file, written by plan.
 *
 * A review     a row of `reviews:` in playbook.yaml (docs/PLAYBOOKS.md, Reviews), with its tables taken from the inputs:
 *              {playbook, id, title, module, where, key, field, done, show[], values[], hints{value: text}, rules[], reviewers[], first,
 *              decisions, deadline, holidays[], batch, separator}; labels are put in once the org was read.
 * Call order   review_list → review_read (the org, read only) → queue_build → batches_* → sheet_* ; or take_file → decisions_add.
 * Never        is anything changed in the org from here, nor decided by a rule: a proposal becomes a decision only in a file that a
 *              person filled in. Decided rows become records of a plan (plan/records_table.h) like any others.
 * Decisions    context/FILE.csv, columns of decisions_header: one line a decided record, appended, never rewritten. To decide anew a
 *              person takes the line out; version control keeps it.
 * Purity       rules, queue, batches, taking and progress are pure; reading and writing are agent/cmd_review.c's and read.c's.
 */
#ifndef AGENT_REVIEW_REVIEW_H
#define AGENT_REVIEW_REVIEW_H
#include "agent/playbook.h"
#include "agent/session.h"

/* The reviews of a loaded playbook (after playbook_data). New array; NULL with e: a name that is no input, a column that is not
 * there, a pattern that is none. */
json_t *review_list(const struct playbook *pb, struct err *e);
/* Pattern and table mistakes as findings of `playbook check`. */
void review_check(const struct playbook *pb, json_t *findings);

/* ---- rules (rules.c) ---- */

struct rules;
/* Rows {field, pattern (PCRE2, any case), value, confidence high|medium|low, reason, reviewer?}. A row without value is a remark. NULL
 * with ERR_CONFIG naming the row. */
struct rules *rules_new(const json_t *rows, struct err *e);
void rules_free(struct rules *r);
/* What the rules say of a record {column: text}: {value, confidence, reason, reviewer?, remarks[]}; value null when none fits.
 * Rules of the highest confidence that contradict each other propose nothing. New reference. */
json_t *rules_propose(const struct rules *r, const json_t *shown);

/* ---- what the org holds (read.c) ---- */

/* {rows: [{id, column: value}], uses: {id: number of open records it stands on}, labels {column: what people call it}}. New reference. */
json_t *review_read(struct session *s, const json_t *review, struct err *e);

/* ---- the queue (queue.c) ---- */

/* Items in the order in which they should be decided: [{id, key, now, shown{}, uses, value, confidence, reason, remarks[], reviewer,
 * state open|decided|written|stuck, why?, check}]. decisions: rows of the file. Pure. New reference. */
json_t *queue_build(const json_t *review, const json_t *org, const json_t *decisions, struct err *e);

/* ---- batches (batch.c) ---- */

/* register: {next, batches: {ID: {reviewer, at, rows: [{id, key, check, proposed}]}}}. Takes rows that are decided out of it, and
 * batches that have none left; then makes up to `n` new batches a reviewer of open items that are in none. Returns the ids of those
 * to write: new ones, and old ones with rows that changed since. New reference. */
json_t *batches_next(json_t *reg, const json_t *review, const json_t *queue, int n, int64_t now);

/* ---- worksheets (sheet.c) ---- */

/* The text of a batch as a sheet; caller frees. */
char *sheet_csv(const json_t *review, const json_t *reg, const char *batch, const json_t *queue);
/* As a page; words is strings.yaml's words.review. */
char *sheet_html(const char *wording, const json_t *review, const json_t *reg, const char *batch, const json_t *queue,
                 const json_t *org, struct err *e);

/* ---- what came back (take.c) ---- */

/* A sheet (comma, semicolon or tab) or a page's text: {lines: [{line, batch, row (from 1), check, value, by, remark}]}. New reference. */
json_t *take_parse(const char *text, size_t len, const json_t *org, const json_t *review, struct err *e);
/* Held against the register and the queue as it is now: {decisions: [{key, id, value, by, proposed, agreed, batch, remark}], same,
 * empty, refused: [{line, key, why}]}. Pure. New reference. */
json_t *take_check(const json_t *lines, const json_t *review, const json_t *reg, const json_t *queue,
                   const json_t *decisions);

extern const char decisions_header[];
/* A line of the file; caller frees. */
char *decisions_line(const json_t *decision, const char *day);

/* ---- progress (progress.c) ---- */

/* {total, open, first, decided, written, stuck, pace (per working day, text)|null, finish|null, deadline|null, days_left|null,
 * needed (text)|null, late, reviewers: [{reviewer, open}]}. today: a day of base/civil.h. Pure. New reference. */
json_t *progress_of(const json_t *review, const json_t *queue, const json_t *decisions, int64_t today);
#endif
