/* deluge/eval.c — runs, frames, functions and errors. */
#include "deluge/evaluator.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

struct dg_limits dg_limits_crm(void)
{
    return (struct dg_limits){.statements = 200000, .calls = 75, .mails = 1000, .http = 1000, .memory = 256u << 20};
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
    memset(r, 0, sizeof *r);
}

static void fill_stack(struct dg_fault *e, const struct dg_frame *f)
{
    e->n = 0;
    for (; f && f->script && e->n < DG_STACK; f = f->caller)
        e->stack[e->n++] =
            (struct dg_place){f->function ? f->function->name->s : "", f->script->file, f->at.line, f->at.col};
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

/* A void function gives null; a text function gives text whatever it returned, as Zoho serialises it. */
static bool returned(struct dg_frame *f, struct dv *out)
{
    const struct dg_function *fn = f->function;
    *out = f->result;
    if (!fn || !fn->type || out->kind == DV_NULL)
        return true;
    f->at = fn->type_span;
    if (dg_is(fn->type, "void"))
        return true;
    if (dg_is(fn->type, "map") && !dv_is_map(*out))
        return dg_fail(f, "Invalid return Type: '%s' returns MAP, this is %s", fn->name->s, dv_type(*out));
    if (dg_is(fn->type, "string"))
        *out = dg_text(f, *out);
    return true;
}

bool dg_invoke(struct dg_frame *caller, const struct dg_script *s, const struct dg_function *fn, const struct dv *arg,
               size_t n, struct dv *out)
{
    struct dg_run *r = caller->run;
    if (++r->count.calls > r->limit.calls)
        return dg_fail_limit(caller, "Number of function calls exceeds the limit of %llu",
                             (unsigned long long)r->limit.calls);
    if (n != fn->n)
        return dg_fail(caller, "No. of arguments mismatches for the function %s: it takes %zu, not %zu", fn->name->s,
                       fn->n, n);
    struct dg_frame f = {.run = r,
                         .script = s,
                         .function = fn,
                         .slot = dg_arena_alloc(&r->arena, (s->n_names + 1) * sizeof(struct dv)),
                         .set = dg_arena_alloc(&r->arena, s->n_names + 1),
                         .inputs = dv_box_new(&r->arena, DV_MAP),
                         .at = fn->head,
                         .caller = caller->script ? caller : NULL};
    for (size_t i = 0; i < n; i++) {
        const struct dg_param *p = &fn->param[i];
        f.at = p->span;
        if (!dg_convert(&f, arg[i], p->type ? p->type->lower : "", &f.slot[p->name->index]))
            return false;
        f.set[p->name->index] = true;
        dv_puts(&r->arena, f.inputs, p->name->s, f.slot[p->name->index]);
    }
    return dg_exec(&f, &fn->body) != DG_FAULT && returned(&f, out);
}

static const struct dg_function *named(const struct dg_script *s, const char *name)
{
    for (size_t i = 0; i < s->n_functions; i++)
        if (!name || !strcmp(s->function[i]->name->s, name))
            return s->function[i];
    return NULL;
}

/* A script without signature: its inputs are variables and input.NAME. */
static bool call_body(struct dg_frame *outside, const struct dg_script *s, struct dv inputs, struct dv *result)
{
    struct dg_run *r = outside->run;
    struct dg_frame f = {.run = r,
                         .script = s,
                         .slot = dg_arena_alloc(&r->arena, (s->n_names + 1) * sizeof(struct dv)),
                         .set = dg_arena_alloc(&r->arena, s->n_names + 1),
                         .inputs = inputs};
    for (size_t i = 0; i < s->n_names; i++) {
        long at = dv_find(inputs, s->name[i]->s, s->name[i]->len);
        if (at >= 0) {
            f.slot[i] = inputs.box->item[at];
            f.set[i] = true;
        }
    }
    bool ok = dg_exec(&f, &s->body) != DG_FAULT;
    *result = f.result;
    return ok;
}

bool dg_run_call(struct dg_run *r, const struct dg_script *s, const char *name, struct dv inputs, struct dv *result)
{
    struct dg_frame outside = {.run = r};
    struct dg_place nowhere = {"", s->file, 0, 0};
    *result = dv_null();
    const struct dg_function *fn = named(s, name);
    r->error = (struct dg_fault){.stack = {nowhere}};
    if (!fn)
        return name ? dg_fail(&outside, "Not able to find '%s' function", name)
                    : call_body(&outside, s, inputs, result);
    struct dv *arg = dg_arena_alloc(&r->arena, (fn->n + 1) * sizeof *arg);
    for (size_t i = 0; i < fn->n; i++) {
        long at = dv_find(inputs, fn->param[i].name->s, fn->param[i].name->len);
        if (at < 0)
            return dg_fail(&outside, "Number of Arguments mismatches: no value was given for '%s'",
                           fn->param[i].name->s);
        arg[i] = inputs.box->item[at];
    }
    for (size_t i = 0; i < inputs.box->n; i++) {
        bool known = false;
        for (size_t k = 0; k < fn->n; k++)
            known |= dv_is_text(inputs.box->key[i], fn->param[k].name->s);
        if (!known)
            return dg_fail(&outside, "Number of Arguments mismatches: '%s' has no argument '%s'", fn->name->s,
                           inputs.box->key[i].t.s);
    }
    return dg_invoke(&outside, s, fn, arg, fn->n, result);
}
