#include "agent/rehearse.h"

#include "agent/apply.h"
#include "agent/check.h"
#include "agent/click.h"
#include "agent/rehearse_records.h"
#include "agent/rows.h"
#include "agent/samples.h"
#include "sandbox/inside.h"
#include "sandbox/load.h"

enum { ROUNDS = 6 };

struct rehearsal {
    struct app quiet; /* nothing of it is printed, its clock does not wait */
    struct clock real;
    const struct org *like;
    struct sandbox *sb;
    struct org *org;
    struct state *st;
    json_t *plan;
    const struct snapshot *snapshot;
    json_t *samples, *report, *names;
};

/* ---- a clock that does not wait ---- */

static int64_t now_s(void *ctx)
{
    const struct rehearsal *r = ctx;
    return r->real.now_s(r->real.ctx);
}

static int64_t mono_ms(void *ctx)
{
    const struct rehearsal *r = ctx;
    return r->real.mono_ms(r->real.ctx);
}

static void no_sleep(void *ctx, int64_t ms)
{
    (void)ctx;
    (void)ms;
}

/* ---- the copy ---- */

/* GET /org's object as far as the plan knows the org. */
static json_t *org_facts(const struct org *like)
{
    const json_t *i = like->info;
    json_t *o = json_object(), *licence = json_object();
    AUTO_FREE char *type = mem_dup(js_str_or(i, "edition", "Enterprise"));
    for (char *p = type; *p; p++)
        *p = (char)(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p);
    js_set_str(licence, "paid_type", type);
    js_set_str(o, "zgid", like->zgid);
    js_set_str(o, "company_name", js_str_or(i, "name", "?"));
    js_set_str(o, "time_zone", js_str_or(i, "time_zone", "UTC"));
    js_set(o, "license_details", licence);
    return o;
}

static int copy_org(struct rehearsal *r, struct err *e)
{
    AUTO_JSON json_t *all = json_copy(r->snapshot->res);
    json_t *records = json_object(), *sample;
    size_t i;
    js_set(all, "org", json_pack("[o]", org_facts(r->like)));
    struct sandbox_options so = {.clock = r->quiet.clock};
    if (sandbox_open(&r->sb, &so, e) < 0 || sandbox_load(r->sb, all, e) < 0)
        return -1;
    json_t *copy = json_object();
    js_set(r->report, "copy", copy);
    js_set_int(copy, "resources", (int64_t)json_object_size(r->snapshot->res));
    js_set(copy, "records", records);
    json_array_foreach (r->samples, i, sample) {
        const char *module = js_str_or(sample, "module", "");
        struct err missing = {0};
        if (sandbox_load_records(r->sb, module, js_arr(sample, "rows"), &missing) < 0)
            continue; /* a module that the plan did not read is of no use to it */
        js_set_int(records, module, (int64_t)json_array_size(js_arr(sample, "rows")));
    }
    return 0;
}

static bool is_kind(const json_t *step, const char *kind)
{
    return !strcmp(js_str_or(step, "kind", ""), kind);
}

struct settling {
    struct rehearsal *r;
    const char *module; /* as the org calls it */
    const json_t *set;
};

/* Those of these rows that are samples. */
static int settle_rows(void *ctx, const json_t *ids, struct err *e)
{
    const struct settling *s = ctx;
    AUTO_JSON json_t *rows = json_array();
    json_t *id;
    size_t i;
    json_array_foreach (ids, i, id) {
        const char *text = json_is_string(id) ? json_string_value(id) : js_str(id, "id");
        if (text && sandbox_has(s->r->sb, text)) {
            AUTO_FREE char *own =
                json_is_object(id) ? js_wire(id, NULL) : NULL; /* decimals as the org would get them */
            json_t *row = own ? json_loads(own, 0, NULL) : json_copy((json_t *)(uintptr_t)s->set);
            js_set_str(row, "id", text);
            json_array_append_new(rows, row);
        }
    }
    return json_array_size(rows) ? sandbox_load_records(s->r->sb, s->module, rows, e) : 0;
}

/* The rows that a records step changes are in the plan or on its list; those that are samples are changed now, and the step is in
 * place. */
static int settle_records(struct rehearsal *r, json_t *step, struct err *e)
{
    const json_t *declared = js_obj(step, "declared");
    const char *module = js_str_or(declared, "module", ""), *list = js_str(declared, "rows");
    AUTO_FREE char *address = address_make("module", NULL, module);
    const json_t *real = json_object_get(js_obj(r->plan, "names"), address);
    struct settling s = {r, json_is_string(real) ? json_string_value(real) : module, js_obj(declared, "set")};
    js_set_str(step, "action", "none");
    if (js_str(declared, "key")) /* rows with values of their own are in the body */
        return settle_rows(&s, js_arr(js_obj(step, "body"), "updates"), e);
    return list ? rows_each(r->like, declared, settle_rows, &s, e) : settle_rows(&s, js_arr(declared, "rows"), e);
}

static int prepare_plan(struct rehearsal *r, const json_t *plan, struct err *e)
{
    json_t *step;
    size_t i;
    r->plan = json_deep_copy(plan);
    json_array_foreach (js_arr(r->plan, "steps"), i, step)
        if (is_kind(step, "records") && settle_records(r, step, e) < 0)
            return -1;
    return 0;
}

/* ---- apply, click, apply … ---- */

static size_t open_steps(const struct apply *ap)
{
    size_t n = 0, i;
    json_t *step;
    json_array_foreach (js_arr(ap->plan, "steps"), i, step) {
        enum step_outcome o = apply_outcome(ap, js_str_or(step, "address", ""));
        n += o != STEP_VERIFIED && o != STEP_ATTESTED && strcmp(js_str_or(step, "action", ""), "none") != 0;
    }
    return n;
}

static void report_steps(struct rehearsal *r, const struct apply *ap)
{
    json_t *o = json_object(), *open = json_array(), *step;
    size_t i, planned = 0, done = 0;
    json_array_foreach (js_arr(ap->plan, "steps"), i, step) {
        const char *address = js_str_or(step, "address", "");
        enum step_outcome outcome = apply_outcome(ap, address);
        if (!strcmp(js_str_or(step, "action", ""), "none"))
            continue;
        planned++;
        if (outcome == STEP_VERIFIED || outcome == STEP_ATTESTED) {
            done++;
            continue;
        }
        const json_t *result = json_object_get(ap->results, address);
        json_array_append_new(open,
                              json_pack("{s:s,s:s,s:s}", "address", address, "outcome",
                                        js_str_or(result, "outcome", "open"), "text", js_str_or(result, "text", "")));
    }
    js_set_int(o, "planned", (int64_t)planned);
    js_set_int(o, "in_place", (int64_t)done);
    js_set(o, "open", open);
    js_set(r->report, "steps", o);
    json_decref(r->names);
    r->names = json_deep_copy(ap->names);
}

/* One run and the clicks after it. *left: what is still open. */
static int one_round(struct rehearsal *r, const char *digest, size_t *left, struct err *e)
{
    struct apply ap;
    int rc = apply_open(&ap, &r->quiet, r->st, r->org, r->plan, digest, NULL, e);
    if (rc == 0 && !ap.nothing_to_do)
        rc = apply_run(&ap, e);
    *left = rc == 0 && !ap.nothing_to_do ? open_steps(&ap) : 0;
    if (rc == 0) {
        report_steps(r, &ap);
    }
    apply_release(&ap);
    struct clicking c = {.app = &r->quiet, .st = r->st, .org = r->org, .sb = r->sb, .plan = r->plan};
    return rc == 0 && *left ? click_all(&c, e) : rc;
}

static int perform(struct rehearsal *r, struct err *e)
{
    char digest[65];
    size_t before = SIZE_MAX, left = SIZE_MAX - 1;
    if (plan_digest(r->plan, digest, e) < 0)
        return -1;
    for (int i = 0; i < ROUNDS && left && left < before; i++) {
        before = left;
        if (one_round(r, digest, &left, e) < 0)
            return -1;
    }
    return 0;
}

/* ---- what came of it ---- */

static void report_functions(struct rehearsal *r)
{
    json_t *out = json_array(), *step;
    size_t i;
    json_array_foreach (js_arr(r->plan, "steps"), i, step)
        if (is_kind(step, "function") && js_str(step, "check"))
            json_array_append_new(out, json_pack("{s:s,s:s,s:b}", "address", js_str_or(step, "address", ""), "text",
                                                 js_str(step, "check"), "ok",
                                                 strcmp(js_str_or(step, "state", ""), "blocked") != 0));
    js_set(r->report, "functions", out);
}

static void run_checks(struct rehearsal *r)
{
    json_t *out = json_array(), *one, *row;
    const char *playbook;
    size_t i;
    json_object_foreach (js_obj(r->plan, "rendered"), playbook, one) {
        AUTO_JSON json_t *rows = json_array();
        checks_run(r->sb, js_obj(one, "checks"), r->names, rows);
        json_array_foreach (rows, i, row) {
            js_set_str(row, "playbook", playbook);
            json_array_append(out, row);
        }
    }
    js_set(r->report, "checks", out);
}

/* Modules that the plan's steps stand in, in this org's names. */
static void touched(const struct rehearsal *r, struct strset *out)
{
    json_t *step;
    size_t i;
    json_array_foreach (js_arr(r->plan, "steps"), i, step) {
        struct resource res = {0};
        struct err quiet = {0};
        if (plan_step_resource(step, &res, &quiet) == 0 && res.module) {
            AUTO_FREE char *address = address_make("module", NULL, res.module);
            const json_t *real = json_object_get(r->names, address);
            strset_add(out, json_is_string(real) ? json_string_value(real) : res.module);
        }
        resource_release(&res);
    }
}

static void report_records(struct rehearsal *r)
{
    struct strset modules = {0};
    touched(r, &modules);
    js_set(r->report, "records", rehearse_records(r->sb, r->samples, &modules));
    strset_release(&modules);
}

static bool all_well(const json_t *report)
{
    json_t *v;
    size_t i;
    bool ok = json_array_size(js_arr(js_obj(report, "steps"), "open")) == 0;
    json_array_foreach (js_arr(report, "checks"), i, v)
        ok = ok && js_bool(v, "ok", false);
    return ok;
}

static int run_all(struct rehearsal *r, const json_t *plan, struct err *e)
{
    if (copy_org(r, e) < 0 || prepare_plan(r, plan, e) < 0 || sandbox_serve(r->sb, e) < 0 ||
        state_open(&r->st, NULL, &r->quiet.clock, e) < 0)
        return -1;
    if (org_throwaway(&r->org, &r->quiet, r->like->name, r->sb, e) < 0 || perform(r, e) < 0)
        return -1;
    report_functions(r);
    run_checks(r);
    report_records(r);
    js_set_bool(r->report, "ok", all_well(r->report));
    return 0;
}

int rehearse(struct app *a, const struct org *org, const json_t *plan, const struct snapshot *s, json_t **report,
             struct err *e)
{
    struct rehearsal r = {.quiet = *a, .real = a->clock, .like = org, .snapshot = s, .report = json_object()};
    r.quiet.clock = (struct clock){now_s, mono_ms, no_sleep, &r};
    r.quiet.json = r.quiet.quiet = true;
    r.quiet.data = json_object();
    r.quiet.meta = json_object();
    r.quiet.warnings = json_array();
    r.samples = samples_of(a, org, e);
    int rc = r.samples ? run_all(&r, plan, e) : -1;
    org_close(r.org);
    sandbox_close(r.sb);
    state_close(r.st);
    json_decref(r.plan);
    json_decref(r.samples);
    json_decref(r.names);
    json_decref(r.quiet.data);
    json_decref(r.quiet.meta);
    json_decref(r.quiet.warnings);
    *report = r.report;
    if (rc < 0) {
        json_decref(r.report);
        *report = NULL;
    }
    return rc;
}
