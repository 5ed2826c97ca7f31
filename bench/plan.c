/*
 * bench/plan.c — plans against an org of 50 modules with 100 fields each: a playbook that wants 40 fields in every module,
 * ten of them new. Prints: CPU ms of plan_build and plan_digest, peak MiB, resources asked of the org, steps.
 */
#include <stdio.h>

#include "base/mem.h"
#include "bench/bench.h"
#include "plan/plan.h"

enum { MODULES = 50, FIELDS = 100, WANTED = 40 };

static json_t *live_field(int module, int i)
{
    json_t *f = json_object();
    js_set_strf(f, "id", "70000000%02d%04d", module, i);
    js_set_strf(f, "api_name", "Field_%d", i);
    js_set_strf(f, "field_label", "Field %d", i);
    js_set_str(f, "data_type", i % 3 ? "text" : "picklist");
    js_set_int(f, "length", 50 + i);
    js_set_bool(f, "custom_field", true);
    json_t *values = json_array();
    for (int v = 0; i % 3 == 0 && v < 12; v++)
        json_array_append_new(values, json_pack("{s:s, s:s}", "actual_value", v ? "B" : "A", "display_value", "A"));
    js_set(f, "pick_list_values", values);
    return f;
}

static void fill(struct snapshot *s)
{
    json_t *modules = json_array();
    for (int m = 0; m < MODULES; m++) {
        json_t *module = json_object(), *fields = json_array();
        js_set_strf(module, "id", "7000000000%02d", m);
        js_set_strf(module, "api_name", "Module%d", m);
        json_array_append_new(modules, module);
        for (int i = 0; i < FIELDS; i++)
            json_array_append_new(fields, live_field(m, i));
        AUTO_FREE char *name = mem_printf("fields/Module%d", m);
        snapshot_put(s, name, fields);
    }
    snapshot_put(s, "modules", modules);
}

static int want(struct desired *d, struct err *e)
{
    for (int m = 0; m < MODULES; m++) {
        for (int i = FIELDS - WANTED + 10; i < FIELDS + 10; i++) {
            struct resource r = {.address = mem_printf("field/Module%d.Field_%d", m, i), .body = json_object()};
            js_set_strf(r.body, "field_label", "Field %d", i);
            js_set_str(r.body, "data_type", "text");
            js_set_int(r.body, "length", 50 + i);
            if (desired_add(d, &r, e) < 0)
                return -1;
        }
    }
    return 0;
}

static int measure(struct snapshot *s, struct desired *d, struct err *e)
{
    struct strset reads = {0};
    plan_reads(d, NULL, &reads);
    size_t asked = reads.n;
    strset_release(&reads);
    double begin = bench_cpu_ms();
    json_t *plan = NULL;
    struct plan_input in = {.desired = d, .snapshot = s};
    char digest[65];
    if (plan_build(&in, &plan, e) < 0 || plan_digest(plan, digest, e) < 0)
        return -1;
    printf("%.1f %.1f %zu %zu\n", bench_cpu_ms() - begin, bench_peak_mib(), asked,
           json_array_size(js_arr(plan, "steps")));
    json_decref(plan);
    return 0;
}

int main(void)
{
    mem_init();
    struct err e = {0};
    struct snapshot s;
    struct desired d = {0};
    snapshot_init(&s);
    fill(&s);
    int rc = want(&d, &e) < 0 ? -1 : measure(&s, &d, &e);
    if (rc < 0)
        fprintf(stderr, "%s\n", e.what);
    desired_release(&d);
    snapshot_release(&s);
    return rc < 0;
}
