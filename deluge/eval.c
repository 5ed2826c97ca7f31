/* deluge/eval.c — runs, frames, functions and errors. */
#include "deluge/evaluator.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

enum { SCHEDULE_MS = 15 * 60 * 1000 };

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

static size_t characters(struct dv t)
{
    size_t n = 0;
    for (size_t i = 0; i < t.t.n; i++)
        n += ((unsigned char)t.t.s[i] & 0xc0) != 0x80;
    return n;
}

/* help.zoho.com, create-validation-rules-using-functions. */
static bool valid_answer(struct dg_frame *f, struct dv v)
{
    struct dv status = dv_is_map(v) ? dv_get(v, "status") : dv_null(), message = dv_null();
    bool refuses = dv_is_text(status, "error");
    if (!refuses && !dv_is_text(status, "success"))
        return dg_fail(f,
                       "Invalid return Type: a validation rule returns a map whose status is \"success\" or \"error\"");
    message = dv_get(v, "message");
    if (refuses && (message.kind != DV_TEXT || !message.t.n))
        return dg_fail(f, "Invalid return Type: a validation rule that refuses says why in message");
    if (message.kind == DV_TEXT && characters(message) > 100)
        return dg_fail(f, "Invalid return Type: the message of a validation rule has at most 100 characters, not %zu",
                       characters(message));
    return true;
}

/* A void function gives null; a text function gives text whatever it returned, as Zoho serialises it. */
static bool returned(struct dg_frame *f, struct dv *out)
{
    const struct dg_function *fn = f->function;
    *out = f->result;
    if (!fn || !fn->type || out->kind == DV_NULL)
        return true;
    f->at = &fn->type_span;
    if (dg_is(fn->type, "void"))
        return true;
    if (fn->space && dg_is(fn->space, "validation_rule"))
        return valid_answer(f, *out);
    if (dg_is(fn->type, "map") && !dv_is_map(*out))
        return dg_fail(f, "Invalid return Type: '%s' returns MAP, this is %s", fn->name->s, dv_type(*out));
    if (dg_is(fn->type, "string"))
        *out = dg_text(f, *out);
    return true;
}

struct dg_unit *dg_unit_of(struct dg_run *r, const struct dg_script *s)
{
    for (size_t i = 0; i < r->n_units; i++)
        if (r->unit[i]->script == s)
            return r->unit[i];
    struct dg_unit *u = dg_arena_alloc(&r->arena, sizeof *u);
    *u = (struct dg_unit){.script = s, .row = dg_arena_alloc(&r->arena, (s->n_names + 1) * sizeof *u->row)};
    for (size_t i = 0; i < s->n_names; i++) {
        u->row[i] = &dg_no_rows;
        u->reads_input |= dg_is(s->name[i], "input");
    }
    VEC_PUSH(r->unit, r->n_units, r->cap_units, u);
    return u;
}

/* Variables of a call, by name index; they go when it ends. */
static void *locals(const struct dg_script *s)
{
    return mem_zalloc((s->n_names + 1) * (sizeof(struct dv) + sizeof(bool)));
}

static bool call(struct dg_frame *f, const struct dv *arg, size_t n, struct dv *out)
{
    const struct dg_function *fn = f->function;
    if (f->unit->reads_input)
        f->inputs = dv_box_new(&f->run->arena, DV_MAP);
    for (size_t i = 0; i < n; i++) {
        const struct dg_param *p = &fn->param[i];
        f->at = &p->span;
        if (!dg_convert(f, arg[i], p->type ? p->type->lower : "", &f->slot[p->name->index]))
            return false;
        f->set[p->name->index] = true;
        if (f->unit->reads_input)
            dv_puts(&f->run->arena, f->inputs, p->name->s, f->slot[p->name->index]);
    }
    return dg_exec(f, &fn->body) != DG_FAULT && returned(f, out);
}

bool dg_invoke(struct dg_frame *caller, struct dg_unit *u, const struct dg_function *fn, const struct dv *arg, size_t n,
               struct dv *out)
{
    struct dg_run *r = caller->run;
    if (++r->count.calls > r->limit.calls)
        return dg_fail_limit(caller, "Number of function calls exceeds the limit of %llu",
                             (unsigned long long)r->limit.calls);
    if (n != fn->n)
        return dg_fail(caller, "No. of arguments mismatches for the function %s: it takes %zu, not %zu", fn->name->s,
                       fn->n, n);
    struct dv *slot = locals(u->script);
    struct dg_frame f = {.run = r,
                         .script = u->script,
                         .unit = u,
                         .function = fn,
                         .slot = slot,
                         .set = (bool *)(slot + u->script->n_names + 1),
                         .at = &fn->head,
                         .caller = caller->script ? caller : NULL};
    bool ok = call(&f, arg, n, out);
    free(slot);
    return ok;
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
    struct dv *slot = locals(s);
    struct dg_frame f = {.run = r,
                         .script = s,
                         .unit = dg_unit_of(r, s),
                         .slot = slot,
                         .set = (bool *)(slot + s->n_names + 1),
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
    free(slot);
    return ok;
}

bool dg_run_call(struct dg_run *r, const struct dg_script *s, const char *name, struct dv inputs, struct dv *result)
{
    struct dg_frame outside = {.run = r};
    struct dg_place nowhere = {"", s->file, 0, 0};
    *result = dv_null();
    const struct dg_function *fn = named(s, name);
    r->error = (struct dg_fault){.stack = {nowhere}};
    if (fn && fn->space && dg_is(fn->space, "schedule") && r->limit.milliseconds == dg_limits_crm().milliseconds)
        r->limit.milliseconds = SCHEDULE_MS;
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
    return dg_invoke(&outside, dg_unit_of(r, s), fn, arg, fn->n, result);
}
