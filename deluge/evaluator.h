/*
 * deluge/evaluator.h — shared by the files of the interpreter only (eval*, builtin*, task*).
 *
 * Convention  a function that can fail returns false after dg_fail; its out value is then not to be read.
 */
#ifndef DELUGE_EVALUATOR_H
#define DELUGE_EVALUATOR_H
#include "deluge/run.h"

/* Of what dg_eval and dg_exec only sometimes need: inlined, it would make every evaluation prepare its large stack frame. */
#define ASIDE __attribute__((noinline))

struct dg_builtin;
/* The rows of one name, as they stand in the index of built-ins: up to and with the one that is `last`. */
struct dg_row {
    const struct dg_builtin *row;
    bool last;
};

/* What a run remembers of one script, looked up once. */
struct dg_unit {
    const struct dg_script *script;
    bool reads_input;          /* the word input stands in it */
    const struct dg_row **row; /* by name index; dg_no_rows: not looked up yet, NULL: no built-in */
    struct dg_target *target;  /* by expression id: the function a call means; NULL until one is called */
    struct dec *literal; /* by expression id: decimals, all bits zero before they are read; NULL until there is one */
};
extern const struct dg_row dg_no_rows;
struct dg_target {
    struct dg_unit *unit;
    const struct dg_function *function;
};

struct dg_frame {
    struct dg_run *run;
    const struct dg_script *script;
    const struct dg_function *function; /* NULL in a bare body */
    struct dv *slot;                    /* by name index */
    bool *set;
    struct dv inputs; /* what input.NAME reads */
    struct dv result;
    const struct dg_span *at; /* where the interpreter stands: the place of an error; NULL at the start */
    struct dg_unit *unit;     /* of script */
    struct dg_frame *caller;
};

enum dg_flow { DG_GO, DG_LEAVE, DG_NEXT, DG_DONE, DG_FAULT };

/* Sets the error at the frame's place, once. Always false. */
bool dg_fail(struct dg_frame *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool dg_fail_limit(struct dg_frame *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* What an answer took; false past the limit. */
bool dg_pass_time(struct dg_frame *f, uint64_t milliseconds);
/* arena.used has passed limit.memory. Statements, calls and joined texts look: between them little can be allocated. */
bool dg_fail_memory(struct dg_frame *f);

bool dg_eval(struct dg_frame *f, const struct dg_expr *e, struct dv *out);
/* A condition: must be BOOLEAN. Counted as a branch. */
bool dg_eval_test(struct dg_frame *f, const struct dg_expr *e, bool *out);
bool dg_eval_binary(struct dg_frame *f, enum dg_binary_op op, struct dv a, struct dv b, struct dv *out);
enum dg_flow dg_exec(struct dg_frame *f, const struct dg_block *b);

/* eval.c: what the run remembers of the script, made at first sight. */
struct dg_unit *dg_unit_of(struct dg_run *r, const struct dg_script *s);
bool dg_invoke(struct dg_frame *f, struct dg_unit *u, const struct dg_function *fn, const struct dv *arg, size_t n,
               struct dv *out);

/* eval_call.c */
bool dg_eval_call(struct dg_frame *f, const struct dg_expr *e, struct dv *out);
/* zoho.currentdate …; false in *known when the path is none. */
bool dg_system_variable(struct dg_frame *f, const char *path, struct dv *out, bool *known);

/* convert.c: to a declared type (lower case), as arguments and typed lists need it. */
bool dg_convert(struct dg_frame *f, struct dv v, const char *type, struct dv *out);
bool dg_to_int(struct dg_frame *f, struct dv v, int64_t *out);
bool dg_to_number(struct dg_frame *f, struct dv v, struct dv *out);
bool dg_to_time(struct dg_frame *f, struct dv v, struct dv *out); /* DATE or DATE-TIME, from text too */
struct dv dg_text(struct dg_frame *f, struct dv v);
struct dv dg_take(struct dg_frame *f, struct sb *b); /* the builder's text as a value */
/* A text in the trace of calls: its first bytes, whole characters, then "…" when there are more. */
enum { DG_TRACE_SHOWN = 200 };
void dg_trace_add(struct sb *b, const char *text);
/* Assignment by the switch `assign`. */
struct dv dg_share(struct dg_frame *f, struct dv v);

/* task.c, task_url.c */
bool dg_task_call(struct dg_frame *f, const char *path, const struct dv *arg, size_t n, struct dv *out, bool *known);
bool dg_task_block(struct dg_frame *f, const struct dg_task *t, struct dv *out);
bool dg_http_call(struct dg_frame *f, const struct dg_http *q, bool detailed, struct dv *out);
#endif
