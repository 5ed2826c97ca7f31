/* deluge/eval.c — a run: limits, counters, errors. */
#include "deluge/evaluator.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

struct dg_limits dg_limits_crm(void)
{
    return (struct dg_limits){
        .statements = 200000, .calls = 75, .mails = 1000, .http = 1000, .memory = 256u << 20, .milliseconds = 60000};
}

void dg_cover_init(struct dg_cover *c, const struct dg_script *s)
{
    c->script = s;
    c->stmt = mem_zalloc((s->n_stmts + 1) * sizeof *c->stmt);
    c->yes = mem_zalloc((s->n_exprs + 1) * sizeof *c->yes);
    c->no = mem_zalloc((s->n_exprs + 1) * sizeof *c->no);
}

void dg_cover_release(struct dg_cover *c)
{
    free(c->stmt);
    free(c->yes);
    free(c->no);
    memset(c, 0, sizeof *c);
}

void dg_run_init(struct dg_run *r, const struct deluge_host *host)
{
    memset(r, 0, sizeof *r);
    r->host = host;
    r->limit = dg_limits_crm();
    r->seed = 1;
    zone_set(&r->zone, host->zone ? host->zone : "UTC");
    struct dv *const lists[] = {&r->writes, &r->mails, &r->https, &r->infos, &r->opened, &r->calls};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        *lists[i] = dv_box_new(&r->arena, DV_LIST);
}

void dg_run_library(struct dg_run *r, const struct dg_script *s)
{
    VEC_PUSH(r->library, r->n_library, r->cap_library, s);
}

void dg_run_release(struct dg_run *r)
{
    dg_arena_release(&r->arena);
    free(r->library);
    free(r->unit);
    memset(r, 0, sizeof *r);
}

static void fill_stack(struct dg_fault *e, const struct dg_frame *f)
{
    e->n = 0;
    for (; f && f->script && e->n < DG_STACK; f = f->caller)
        e->stack[e->n++] = (struct dg_place){f->function ? f->function->name->s : "", f->script->file,
                                             f->at ? f->at->line : 0, f->at ? f->at->col : 0};
}

static bool fail(struct dg_frame *f, bool final, const char *fmt, va_list ap)
{
    struct dg_fault *e = &f->run->error;
    if (e->message)
        return false;
    char buf[512];
    vsnprintf(buf, sizeof buf, fmt, ap);
    e->message = dg_arena_dupn(&f->run->arena, buf, strlen(buf));
    e->final = final;
    fill_stack(e, f);
    return false;
}

bool dg_fail(struct dg_frame *f, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fail(f, false, fmt, ap);
    va_end(ap);
    return false;
}

bool dg_fail_limit(struct dg_frame *f, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fail(f, true, fmt, ap);
    va_end(ap);
    return false;
}

bool dg_pass_time(struct dg_frame *f, uint64_t milliseconds)
{
    struct dg_run *r = f->run;
    r->count.milliseconds += milliseconds;
    return r->count.milliseconds <= r->limit.milliseconds
               ? true
               : dg_fail_limit(f, "The function takes longer than %llu seconds",
                               (unsigned long long)r->limit.milliseconds / 1000);
}

bool dg_fail_memory(struct dg_frame *f)
{
    return dg_fail_limit(f, "The values of this run need more than %zu MB", f->run->limit.memory >> 20);
}

void dg_fault_print(const struct dg_fault *e, struct sb *out)
{
    const struct dg_place *top = &e->stack[0];
    if (e->n && top->line)
        sb_addf(out, "%s:%u:%u: ", top->file, top->line, top->col);
    sb_add(out, e->message);
    for (size_t i = 0; i < e->n && e->stack[0].line; i++)
        sb_addf(out, "\n    in %s (%s:%u:%u)", *e->stack[i].function ? e->stack[i].function : "the script",
                e->stack[i].file, e->stack[i].line, e->stack[i].col);
}
