/* deluge/eval_function.c — functions: frames, arguments, what may be returned. */
#include <string.h>

#include "base/mem.h"
#include "deluge/evaluator.h"

enum { SCHEDULE_MS = 15 * 60 * 1000 };

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
    struct dv status = dv_is_map(v) ? dv_get(v, "status") : dv_null();
    bool refuses = dv_is_text(status, "error");
    if (!refuses && !dv_is_text(status, "success"))
        return dg_fail(f,
                       "Invalid return Type: a validation rule returns a map whose status is \"success\" or \"error\"");
    struct dv message = dv_get(v, "message");
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

/* An input that is no argument is a mistake of who calls; said before a missing one, which may be the same under a wrong name. */
static bool only_its_arguments(struct dg_frame *f, const struct dg_function *fn, struct dv inputs)
{
    AUTO_SB struct sb names = SB_INIT(400);
    for (size_t i = 0; i < fn->n; i++)
        sb_addf(&names, "%s%s", i ? ", " : "", fn->param[i].name->s);
    for (size_t i = 0; i < inputs.box->n; i++) {
        bool known = false;
        for (size_t k = 0; k < fn->n; k++)
            known |= dv_is_text(inputs.box->key[i], fn->param[k].name->s);
        if (!known)
            return dg_fail(f, "Number of Arguments mismatches: '%s' has no argument '%s', it takes %s", fn->name->s,
                           inputs.box->key[i].t.s, fn->n ? names.buf : "none");
    }
    return true;
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
    if (!only_its_arguments(&outside, fn, inputs))
        return false;
    for (size_t i = 0; i < fn->n; i++) {
        long at = dv_find(inputs, fn->param[i].name->s, fn->param[i].name->len);
        if (at < 0)
            return dg_fail(&outside, "Number of Arguments mismatches: no value was given for '%s'",
                           fn->param[i].name->s);
        arg[i] = inputs.box->item[at];
    }
    return dg_invoke(&outside, dg_unit_of(r, s), fn, arg, fn->n, result);
}
