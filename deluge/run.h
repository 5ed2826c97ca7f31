/*
 * deluge/run.h — executes a function of a parsed script against a host: result, trace, counts, coverage, or one error.
 *
 * Call order  dg_run_init → (dg_run_library) → dg_run_call → read result and trace → dg_run_release. One run, one call.
 * Purity      no I/O: records, mail, HTTP and clock come from struct deluge_host. random numbers repeat.
 * Scripts     must have parsed without error and must outlive the run.
 * Errors      false leaves error filled: Zoho's words (zoho.com/deluge/help/error-messages), the exact place, the stack.
 * Time        passes only while a host answers, as long as it says. A minute for a function of CRM, 15 for a schedule, 40 seconds for
 *             one invokeurl (crm/developer/docs/serverless-architecture/deluge-limits, deluge/help/deluge-invoke-url).
 * Limits      counted and enforced; the defaults are those of CRM (zoho.com/crm/developer/docs/serverless-architecture/deluge-limits,
 *             deluge/help/limitations). Memory is bounded too.
 */
#ifndef DELUGE_RUN_H
#define DELUGE_RUN_H
#include "deluge/ast.h"
#include "deluge/host.h"
#include "deluge/switches.h"
#include "deluge/zone.h"

struct dg_limits {
    uint64_t statements;   /* executed */
    uint64_t calls;        /* of functions, recursion included */
    uint64_t mails, http;  /* a run */
    uint64_t milliseconds; /* of the run's own time */
    size_t memory;         /* bytes of values */
};
struct dg_limits dg_limits_crm(void);

struct dg_counts {
    uint64_t statements, calls, api_calls, mails, http;
    uint64_t milliseconds; /* only what hosts say that answers took: the same on every machine */
};

/* Hits by statement id, and how often each test (by expression id) came out true and false. */
struct dg_cover {
    const struct dg_script *script;
    uint32_t *stmt;
    uint32_t *yes, *no;
};
void dg_cover_init(struct dg_cover *c, const struct dg_script *s);
void dg_cover_release(struct dg_cover *c);

struct dg_place {
    const char *function; /* "" outside of one */
    const char *file;
    uint32_t line, col;
};
enum { DG_STACK = 16 };
struct dg_fault {
    const char *message;             /* in the arena */
    struct dg_place stack[DG_STACK]; /* innermost first */
    size_t n;
    bool final; /* a limit: no catch may hold it */
};

struct dg_run {
    struct dg_arena arena;
    const struct deluge_host *host;
    struct dv_zone zone;
    struct dg_switches sw;
    struct dg_limits limit;
    struct dg_counts count;
    struct dg_cover *cover;                        /* may be NULL */
    struct dv writes, mails, https, infos, opened; /* lists: the trace, in order */
    struct dv calls;                               /* one text a task or request, for people */
    struct dg_fault error;
    const struct dg_script **library;
    size_t n_library, cap_library;
    uint64_t seed;         /* of randomNumber */
    uint64_t took_ms;      /* the host's last answer */
    size_t nesting;        /* of the interpreter's own recursion */
    struct dg_unit **unit; /* evaluator.h: what is remembered of each script */
    size_t n_units, cap_units;
};

void dg_run_init(struct dg_run *r, const struct deluge_host *host);
/* Another script whose functions may be called by name (standalone.f, automation.f, thisapp.ns.f). */
void dg_run_library(struct dg_run *r, const struct dg_script *s);
/* The function called `name` (NULL: the only one, or the bare body). inputs: map of argument name → value, converted to the
 * declared types. */
bool dg_run_call(struct dg_run *r, const struct dg_script *s, const char *name, struct dv inputs, struct dv *result);
void dg_run_release(struct dg_run *r);

/* "check.dg:12:9: Null value occurred …\n    in check_quote_bom (check.dg:12:9)\n …" */
void dg_fault_print(const struct dg_fault *f, struct sb *out);
#endif
