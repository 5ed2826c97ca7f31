/* plan/build.c — desired minus live, in order: the passes of plan/work.h one after the other. */
#include "base/digest.h"
#include "base/mem.h"
#include "plan/order.h"
#include "plan/work.h"

/* Deletions come last, and what stands on others goes before them; what takes a run back goes its way backwards. */
static int rank_of(const struct work *w, const struct resource *r)
{
    enum { AFTER_ALL = 1000 };
    if (r->tombstone)
        return AFTER_ALL - r->kind->rank;
    return w->in->backwards ? -r->kind->rank : r->kind->rank;
}

static int in_order(const struct work *w, size_t *order, struct err *e)
{
    struct order_node *node = mem_zalloc((w->n + 1) * sizeof *node);
    for (size_t i = 0; i < w->n; i++)
        node[i] =
            (struct order_node){w->item[i].r->address, rank_of(w, w->item[i].r), w->item[i].needs, w->item[i].needs_n};
    int rc = order_sort(node, w->n, order, e);
    free(node);
    return rc;
}

static json_t *playbooks(const struct work *w)
{
    struct strset names = {0};
    json_t *out = json_array();
    for (size_t i = 0; i < w->n; i++)
        if (w->item[i].r->playbook)
            strset_add(&names, w->item[i].r->playbook);
    for (size_t i = 0; i < names.n; i++)
        js_push_str(out, names.item[i]);
    strset_release(&names);
    return out;
}

static json_t *org_part(const json_t *org)
{
    static const char *const kept[] = {"name", "zgid", "edition", "time_zone", "credits_per_day"};
    json_t *out = json_object();
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (json_object_get(org, kept[i]))
            json_object_set(out, kept[i], json_object_get(org, kept[i]));
    return out;
}

/* One digest over everything of the org that the steps were planned against. */
static json_t *inputs_part(const json_t *given, const json_t *steps)
{
    json_t *out = json_is_object(given) ? json_deep_copy(given) : json_object(), *step;
    struct digest *d = digest_new();
    char hex[65];
    size_t i;
    json_array_foreach (steps, i, step) {
        const char *address = js_str_or(step, "address", ""), *before = js_str_or(step, "before", "");
        digest_feed(d, address, strlen(address) + 1);
        digest_feed(d, before, strlen(before) + 1);
    }
    digest_finish(d, hex);
    js_set_str(out, "snapshot", hex);
    return out;
}

static json_t *assemble(const struct work *w, json_t *steps)
{
    json_t *plan = json_object();
    js_array_sort(w->proposals, "address");
    js_set_str(plan, "schema", "zagent.plan/1");
    js_set(plan, "playbooks", playbooks(w));
    js_set(plan, "org", org_part(w->in->org));
    js_set(plan, "names", w->in->names ? json_deep_copy(w->in->names) : json_object());
    js_set(plan, "inputs", inputs_part(w->in->inputs, steps));
    js_set(plan, "steps", steps);
    js_set(plan, "summary", summary_make(steps, w->in));
    js_set(plan, "problems", json_incref(w->problems));
    js_set(plan, "proposals", json_incref(w->proposals));
    return plan;
}

static int build(struct work *w, json_t **plan, struct err *e)
{
    if (work_expand(w, e) < 0)
        return -1;
    work_compare(w);
    work_unlock(w);
    if (work_connect(w, e) < 0)
        return -1;
    if (work_select(w, e) < 0)
        return -1;
    work_judge(w);
    size_t *order = mem_zalloc((w->n + 1) * sizeof *order);
    int rc = in_order(w, order, e);
    json_t *steps = rc == 0 ? json_array() : NULL;
    for (size_t i = 0; rc == 0 && i < w->n; i++) {
        struct item *it = &w->item[order[i]];
        item_settle(w, it);
        if (it->selected)
            json_array_append_new(steps, step_make(w, it));
    }
    free(order);
    if (rc == 0)
        *plan = assemble(w, steps);
    return rc;
}

int plan_build(const struct plan_input *in, json_t **plan, struct err *e)
{
    struct work w = {.in = in, .problems = json_array(), .proposals = json_array()};
    *plan = NULL;
    int rc = build(&w, plan, e);
    work_release(&w);
    return rc;
}
