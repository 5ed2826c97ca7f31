#include "agent/rollback.h"

#include "agent/plans.h"
#include "agent/rollback_parts.h"
#include "agent/rows.h"

/* ---- which run, and what it did ---- */

static int find_run(struct back *b, const char *text, struct err *e)
{
    AUTO_JSON json_t *runs = state_runs(b->s->st, e);
    json_t *one;
    size_t i;
    char *end = NULL;
    long long n = strtoll(*text == 'R' || *text == 'r' ? text + 1 : text, &end, 10);
    if (!runs)
        return -1;
    json_array_foreach (runs, i, one)
        if (end && !*end && js_int(one, "run", 0) == n)
            b->row = json_incref(one);
    b->run = n;
    if (b->row)
        return 0;
    err_set(e, ERR_NOT_FOUND, "there is no run '%s'", text);
    return err_fix(e, "zagent log shows the runs: R1, R2, …");
}

static int check_run(struct back *b, struct err *e)
{
    const char *command = js_str_or(b->row, "command", ""), *zgid = js_str_or(js_obj(b->row, "facts"), "zgid", "");
    const char *org = js_str_or(js_obj(b->row, "facts"), "org", "?");
    AUTO_FREE char *key = mem_printf("rolled_back/R%lld", (long long)b->run);
    AUTO_JSON json_t *by = state_fact_get(b->s->st, key, NULL);
    if (strcmp(zgid, b->s->org->zgid) != 0) {
        err_set(e, ERR_REFUSED, "R%lld was in org '%s', this is '%s'", (long long)b->run, org, b->s->org->name);
        return err_fix(e, "zagent rollback R%lld --org %s", (long long)b->run, org);
    }
    if (by) {
        err_set(e, ERR_REFUSED, "R%lld was taken back by R%lld already", (long long)b->run,
                (long long)json_integer_value(by));
        return err_fix(e, "zagent rollback R%lld brings it back", (long long)json_integer_value(by));
    }
    if (!strcmp(command, "apply") || !strcmp(command, "rollback"))
        return 0;
    err_set(e, ERR_REFUSED, "R%lld is a run of '%s', and only apply and rollback are taken back", (long long)b->run,
            command);
    return err_fix(e, "off is taken back by zagent on PLAYBOOK, on by zagent off PLAYBOOK");
}

static int load_forward(struct back *b, struct err *e)
{
    char digest[65];
    const char *which = js_str_or(b->row, "plan", "");
    if (plans_load(b->s->app->project, b->s->st, which, &b->forward, digest, e) == 0)
        return 0;
    return err_fix(e, "without the run's own plan nothing can be taken back by zagent; its before-images are in "
                      ".zagent/state.db");
}

static bool wrote(const char *outcome, const json_t *detail)
{
    return !strcmp(outcome, "verified") || !strcmp(outcome, "done") || js_bool(detail, "sent", false);
}

/* The last word of the run on each address that it sent something for; an intent alone is a write nobody knows the end of. */
static int gather(struct back *b, struct err *e)
{
    AUTO_JSON json_t *events = state_events(b->s->st, b->run, e);
    AUTO_JSON json_t *open = events ? state_open_intents(b->s->st, b->run, e) : NULL;
    AUTO_JSON json_t *intents = json_object();
    json_t *ev;
    size_t i;
    if (!open)
        return -1;
    json_array_foreach (events, i, ev) {
        const char *address = js_str_or(ev, "address", ""), *outcome = js_str(ev, "outcome");
        const json_t *step = plan_step(b->forward, address), *detail = js_obj(ev, "detail");
        if (!outcome)
            js_set_bool(intents, address, true);
        if (!outcome || !step || !strcmp(outcome, "rolled_back")) /* what became of it beside */
            continue;
        json_object_del(b->touched, address);
        if (!json_object_get(intents, address) && !strcmp(outcome, "verified") &&
            strcmp(js_str_or(step, "channel", ""), "api") != 0)
            js_array_add_unique(b->by_hand, address);
        if (!json_object_get(intents, address) || !wrote(outcome, detail))
            continue;
        json_t *t = json_object();
        js_set_str(t, "outcome", outcome);
        js_set_str(t, "left", js_str_or(detail, "left", ""));
        js_set(b->touched, address, t);
        if (!strcmp(outcome, "unknown"))
            json_array_append(open, ev);
    }
    if (!json_array_size(open))
        return 0;
    err_set(e, ERR_UNKNOWN, "R%lld has a write whose outcome nobody knows: %s", (long long)b->run,
            js_str_or(json_array_get(open, 0), "address", "?"));
    return err_fix(e, "zagent resume settles it by reading; then roll back");
}

static int load_words(struct back *b, struct err *e)
{
    AUTO_FREE char *dir = project_data_dir();
    AUTO_FREE char *path = mem_printf("%s/templates/_new/en/strings.yaml", dir ? dir : "");
    if (yaml_load(&b->y, path, path, e) < 0)
        return -1;
    b->words = b->y.root;
    return 0;
}

static int refuse_moved(const struct back *b, struct err *e)
{
    size_t n = json_array_size(b->moved);
    const json_t *first = json_array_get(b->moved, 0);
    if (!n)
        return 0;
    err_set(e, ERR_STALE, "%zu thing%s moved since R%lld: %s: %s", n, n == 1 ? "" : "s", (long long)b->run,
            js_str_or(first, "address", ""), js_str_or(first, "text", ""));
    err_at(e, "%s", js_str_or(first, "address", ""));
    return err_fix(e, "look at it; --skip '%s' leaves it as it is", js_str_or(first, "address", ""));
}

/* ---- reading and planning ---- */

static int read_touched(struct back *b, struct err *e)
{
    AUTO_JSON json_t *steps = json_array();
    AUTO_JSON json_t *part = json_object();
    const char *address;
    json_t *t;
    json_object_foreach (b->touched, address, t) {
        json_t *step = (json_t *)(uintptr_t)plan_step(b->forward, address);
        bool by_query = !strcmp(js_str_or(step, "kind", ""), "records") && !js_str(js_obj(step, "declared"), "key");
        if (!by_query) /* what a query finds may be other rows now: asked for by their ids later */
            json_array_append(steps, step);
    }
    js_set(part, "steps", json_incref(steps));
    if (draft_read_plan(b->s->org, part, b->names, &b->snapshot, e) < 0)
        return -1;
    struct strset lists = {0};
    strset_add(&lists, "modules");
    json_object_foreach (b->touched, address, t) {
        const char *module = js_str(js_obj(plan_step(b->forward, address), "declared"), "module");
        if (!strncmp(address, "records/", 8) && module)
            strset_addf(&lists, "fields/%s", module);
    }
    int rc = crm_read(b->s->org->zoho, &lists, NULL, &b->snapshot, e);
    strset_release(&lists);
    return rc;
}

/* Values of a field that is deleted need not be given back first. */
static bool goes_with_its_field(const struct back *b, const struct resource *r)
{
    const char *field;
    json_t *v;
    size_t left = 0;
    json_object_foreach (js_obj(r->body, "set"), field, v) {
        AUTO_FREE char *address = address_make("field", js_str_or(r->body, "module", ""), field);
        const struct resource *grave = desired_find(&b->d, address);
        left += !grave || !grave->tombstone;
    }
    return !strcmp(r->kind->name, "records") && !left;
}

static int leave_out(struct back *b, struct err *e)
{
    struct desired kept = {0};
    int rc = 0;
    for (size_t i = 0; i < b->d.n && rc == 0; i++) {
        struct resource copy;
        if (goes_with_its_field(b, &b->d.r[i]))
            continue;
        resource_copy(&copy, &b->d.r[i]);
        rc = desired_add(&kept, &copy, e);
    }
    desired_release(&b->d);
    b->d = kept;
    return rc;
}

static int read_wanted(struct back *b, struct err *e)
{
    struct strset reads = {0}, first = {0};
    plan_reads(&b->d, b->names, &reads);
    for (size_t i = 0; i < reads.n; i++)
        if (strncmp(reads.item[i], "records/", 8) != 0)
            strset_add(&first, reads.item[i]);
    int rc = crm_read(b->s->org->zoho, &first, NULL, &b->snapshot, e);
    if (rc == 0) {
        AUTO_JSON json_t *queries = plan_queries(&b->d, b->names, &b->snapshot);
        AUTO_JSON json_t *rows = plan_rows(&b->d, b->names, &b->snapshot);
        rc = rows_read(b->s->org, queries, rows, &b->snapshot, e);
    }
    strset_release(&reads);
    strset_release(&first);
    draft_losses(b->s->org, &b->d, b->names, &b->snapshot, b->checks);
    return rc;
}

/* Known only when the fields were counted. */
static void data_lost(struct back *b)
{
    const char *address;
    json_t *check;
    json_object_foreach (b->checks, address, check)
        if (js_int(check, "values", 0) != 0)
            back_say(b->lost, address, "export the values first", "%s", js_str_or(check, "text", ""));
}

static void describe(const struct back *b, json_t *plan)
{
    json_t *o = json_object(), *step;
    size_t i;
    js_set_strf(o, "run", "R%lld", (long long)b->run);
    js_set_str(o, "command", js_str_or(b->row, "command", ""));
    json_object_set(o, "playbooks", js_arr(b->forward, "playbooks"));
    json_object_set(o, "skipped", b->skipped);
    json_object_set(o, "lost", b->lost);
    json_object_set(o, "stays", b->stays);
    if (js_obj(b->forward, "rollback"))
        json_object_set(o, "of", json_object_get(js_obj(b->forward, "rollback"), "run"));
    js_set(plan, "rollback", o);
    json_array_foreach (js_arr(plan, "steps"), i, step) {
        const json_t *then = plan_step(b->forward, js_str_or(step, "address", ""));
        js_set_bool(step, "undoes", !js_bool(then, "undoes", false));
    }
}

static int build(struct back *b, json_t **plan, struct err *e)
{
    AUTO_JSON json_t *none = json_object();
    AUTO_JSON json_t *inputs = json_object();
    AUTO_JSON json_t *caps = NULL;
    js_set_strf(inputs, "rollback", "R%lld", (long long)b->run);
    if (crm_capabilities(b->s->org->zoho, &caps, e) < 0)
        return -1;
    struct plan_input in = {.desired = &b->d,
                            .snapshot = &b->snapshot,
                            .names = b->names,
                            .capabilities = caps,
                            .attested = none,
                            .checks = b->checks,
                            .org = b->s->org->info,
                            .inputs = inputs,
                            .backwards = true};
    return plan_build(&in, plan, e);
}

static int make(struct back *b, json_t **plan, struct err *e)
{
    const char *address;
    json_t *t;
    b->names = js_obj(b->forward, "names") ? json_deep_copy(js_obj(b->forward, "names")) : json_object();
    b->view = (struct kind_view){.snapshot = &b->snapshot, .desired = &b->d, .names = b->names};
    if (gather(b, e) < 0 || read_touched(b, e) < 0)
        return -1;
    json_object_foreach (b->touched, address, t)
        if (back_step(b, plan_step(b->forward, address), t, e) < 0)
            return -1;
    back_done_by_people(b);
    if (back_bury(b, e) < 0 || leave_out(b, e) < 0 || refuse_moved(b, e) < 0 || read_wanted(b, e) < 0 ||
        build(b, plan, e) < 0)
        return -1;
    back_records_moved(b, *plan);
    data_lost(b);
    describe(b, *plan);
    return refuse_moved(b, e);
}

int rollback_plan(struct session *s, const char *run, const struct rollback_how *how, json_t **plan, struct err *e)
{
    struct back b = {.s = s, .how = how};
    json_t **lists[] = {&b.graves, &b.by_hand, &b.lost, &b.stays, &b.skipped, &b.moved};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        *lists[i] = json_array();
    b.touched = json_object();
    b.checks = json_object();
    snapshot_init(&b.snapshot);
    *plan = NULL;
    int rc = find_run(&b, run, e);
    if (rc == 0 && (check_run(&b, e) < 0 || load_forward(&b, e) < 0 || load_words(&b, e) < 0 || make(&b, plan, e) < 0))
        rc = -1;
    if (rc < 0) {
        json_decref(*plan);
        *plan = NULL;
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        json_decref(*lists[i]);
    json_decref(b.touched);
    json_decref(b.checks);
    json_decref(b.names);
    json_decref(b.row);
    json_decref(b.forward);
    yaml_release(&b.y);
    desired_release(&b.d);
    snapshot_release(&b.snapshot);
    return rc;
}
