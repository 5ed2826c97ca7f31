#include "agent/draft.h"

#include "agent/artifact_check.h"
#include "agent/compose.h"
#include "agent/fed.h"
#include "agent/rows.h"
#include "base/digest.h"
#include "base/text.h"

/* A row of org-map.csv counts once somebody's name stands beside it. */
static int names_from_map(struct draft *w, struct err *e)
{
    struct err quiet = {0};
    AUTO_JSON json_t *rows = context_table(&w->context, "org-map.csv", &quiet);
    json_t *row;
    size_t i;
    json_array_foreach (rows, i, row) {
        const char *address = js_str_or(row, "address", ""), *api = js_str_or(row, "api_name", "");
        const struct kind *kind;
        char *module, *name;
        if (!*address || !*api || !*js_str_or(row, "confirmed_by", ""))
            continue;
        if (address_parse(address, &kind, &module, &name, e) < 0)
            return err_at(e, "context/org-map.csv:%d", (int)js_int(row, "@line", 0));
        free(module);
        free(name);
        js_set_str(w->names, address, api);
    }
    return 0;
}

static int names_from_state(struct draft *w, struct state *st, const struct org *org, struct err *e)
{
    if (!st || !org)
        return 0;
    AUTO_JSON json_t *made = state_names(st, org->zgid, e);
    const char *address;
    json_t *v;
    if (!made)
        return -1;
    json_object_foreach (made, address, v) {
        if (js_str(v, "api_name") && !json_object_get(w->names, address))
            js_set_str(w->names, address, js_str(v, "api_name"));
    }
    return 0;
}

/* "where" of each row, for messages of rooms that do not know the context. */
static void add_places(json_t *rows, const char *file)
{
    json_t *row;
    size_t i;
    json_array_foreach (rows, i, row)
        js_set_strf(row, "where", "context/%s:%d", file, (int)js_int(row, "@line", 0));
}

/* Malformed context would plan from half the facts: its first error stops us, with its place. */
static int check_context(const struct draft *w, struct err *e)
{
    json_t *f;
    size_t i;
    json_array_foreach (w->context.findings, i, f) {
        if (strcmp(js_str_or(f, "level", ""), "error") != 0)
            continue;
        err_set(e, ERR_CONFIG, "%s", js_str_or(f, "text", "malformed context"));
        err_at(e, "context/%s:%d:%d", js_str_or(f, "file", "?"), (int)js_int(f, "line", 1), (int)js_int(f, "col", 1));
        return err_fix(e, "%s", js_str_or(f, "fix", "see 'zagent context check'"));
    }
    return 0;
}

/* ---- playbooks, and what others did to the same org ---- */

/* Playbooks of the apply runs on this org that still have their folder; the others go to w->gone. */
static int applied(struct draft *w, struct app *a, struct state *st, const struct org *org, struct strset *out,
                   struct err *e)
{
    AUTO_JSON json_t *runs = state_runs(st, e);
    json_t *run, *name;
    size_t i, k;
    if (!runs)
        return -1;
    json_array_foreach (runs, i, run) {
        const json_t *facts = js_obj(run, "facts");
        if (strcmp(js_str_or(run, "command", ""), "apply") != 0 || strcmp(js_str_or(facts, "zgid", ""), org->zgid) != 0)
            continue;
        json_array_foreach (js_arr(facts, "playbooks"), k, name) {
            AUTO_FREE char *rel = mem_printf("templates/%s/playbook.yaml", json_string_value(name));
            AUTO_FREE char *file = project_path(a->project, rel);
            if (fs_exists(file))
                strset_add(out, json_string_value(name));
            else
                js_array_add_unique(w->gone, json_string_value(name));
        }
    }
    return 0;
}

static int named_ones(struct app *a, char **names, int n_names, struct strset *out, struct err *e)
{
    char **all;
    size_t n;
    for (int i = 0; i < n_names; i++)
        strset_add(out, names[i]);
    if (n_names)
        return 0;
    if (playbook_list(a->project, &all, &n, e) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        strset_add(out, all[i]);
    fs_list_free(all, n);
    if (n)
        return 0;
    err_set(e, ERR_NOT_FOUND, "this project has no playbook");
    err_at(e, "templates/");
    return err_fix(e, "zagent playbook new NAME starts one; docs/PLAYBOOKS.md is the reference");
}

static int load_playbook(struct draft *w, struct app *a, const struct org *org, const char *name, bool named,
                         struct desired *out, struct err *e)
{
    struct playbook pb, *mine;
    int rc = playbook_load(&pb, a->project, name, e);
    if (named) {
        VEC_PUSH(w->pb, w->n, w->cap, pb);
        mine = &w->pb[w->n - 1];
    } else {
        VEC_PUSH(w->shared_by, w->shared_n, w->shared_cap, pb);
        mine = &w->shared_by[w->shared_n - 1];
    }
    if (rc == 0)
        rc = playbook_data(mine, &w->context, w->names, org ? org->info : NULL, w->missing, e);
    return rc < 0 ? -1 : playbook_desire(mine, &w->context, out, NULL, e);
}

/* What somebody else's part waited for was there when his playbook was applied; alone it may not even be declared here. */
static void drop_needs(struct resource *r, const struct strset *wanted)
{
    struct strset kept = {0};
    for (size_t i = 0; i < r->needs.n; i++)
        if (strset_has(wanted, r->needs.item[i]))
            strset_add(&kept, r->needs.item[i]);
    strset_release(&r->needs);
    r->needs = kept;
}

/* In the order of their names, whoever is planned: what is put together then never depends on who comes first. */
static int put_together(struct draft *w, const struct desired *part, const struct strset *all,
                        const struct strset *named, const struct strset *wanted, struct err *e)
{
    for (size_t i = 0; i < all->n; i++)
        for (size_t k = 0; k < part[i].n; k++) {
            struct resource copy;
            if (!strset_has(wanted, part[i].r[k].address))
                continue;
            resource_copy(&copy, &part[i].r[k]);
            if (!strset_has(named, all->item[i]))
                drop_needs(&copy, wanted);
            if (compose_add(&w->desired, &copy, e) < 0)
                return -1;
        }
    return 0;
}

/* A step is told under a playbook of this plan, also where another one's name comes first. */
static void own_shared(struct draft *w, const struct strset *named)
{
    for (size_t i = 0; i < w->desired.n; i++) {
        struct resource *r = &w->desired.r[i];
        for (size_t k = 0; k < r->also.n && !strset_has(named, r->playbook); k++) {
            if (!strset_has(named, r->also.item[k]))
                continue;
            char *first = r->playbook;
            r->playbook = r->also.item[k];
            r->also.item[k] = first;
        }
    }
}

static int load_all(struct draft *w, struct app *a, const struct org *org, const struct strset *named,
                    const struct strset *all, struct err *e)
{
    struct desired *part = mem_zalloc((all->n + 1) * sizeof *part);
    struct strset wanted = {0};
    int rc = 0;
    for (size_t i = 0; i < all->n && rc == 0; i++) {
        bool mine = strset_has(named, all->item[i]);
        rc = load_playbook(w, a, org, all->item[i], mine, &part[i], e);
        for (size_t k = 0; mine && k < part[i].n; k++)
            strset_add(&wanted, part[i].r[k].address);
    }
    if (rc == 0)
        rc = put_together(w, part, all, named, &wanted, e);
    if (rc == 0)
        own_shared(w, named);
    for (size_t i = 0; i < all->n; i++)
        desired_release(&part[i]);
    free(part);
    strset_release(&wanted);
    return rc < 0 || compose_order(&w->desired, e) < 0 ? -1 : compose_check(&w->desired, e);
}

/* What is different in this org only. */
static int lay_over(struct draft *w, struct app *a, const struct org *org, struct err *e)
{
    const char *rel = org ? js_str(org->row, "context") : NULL;
    AUTO_FREE char *dir = rel ? project_path(a->project, rel) : NULL;
    return dir ? context_overlay(&w->context, dir, rel, e) : 0;
}

/* Playbooks nobody named that this context does not feed. What was applied stays: left out, its part would be taken back. */
static int leave_out(struct draft *w, struct app *a, const struct strset *applied, struct strset *named, struct err *e)
{
    struct strset kept = {0};
    int rc = 0;
    for (size_t i = 0; i < named->n && rc == 0; i++) {
        const char *name = named->item[i];
        AUTO_JSON json_t *lacks = json_array();
        if (!strset_has(applied, name))
            rc = fed_lacks(a->project, &w->context, name, lacks, e);
        if (json_array_size(lacks))
            json_array_append_new(w->left_out, json_pack("{ssso}", "playbook", name, "lacks", json_incref(lacks)));
        else
            strset_add(&kept, name);
    }
    /* With none left, the first one refuses and says what it wants. */
    if (rc == 0 && kept.n) {
        strset_release(named);
        *named = kept;
        return 0;
    }
    strset_release(&kept);
    return rc;
}

int draft_load(struct draft *w, struct app *a, struct state *st, const struct org *org, char **names, int n_names,
               struct err *e)
{
    AUTO_FREE char *dir = project_path(a->project, "context");
    w->names = json_object();
    w->checks = json_object();
    snapshot_init(&w->snapshot);
    if (context_load(&w->context, dir, e) < 0)
        return -1;
    w->context_loaded = true;
    if (lay_over(w, a, org, e) < 0)
        return -1;
    if ((!w->missing && check_context(w, e) < 0) || names_from_map(w, e) < 0 || names_from_state(w, st, org, e) < 0)
        return -1;
    struct err quiet = {0};
    w->standards = context_table(&w->context, "zoho-standards.md#Rules", &quiet);
    add_places(w->standards, "zoho-standards.md");
    struct strset named = {0}, all = {0};
    w->gone = json_array();
    w->left_out = json_array();
    int rc = named_ones(a, names, n_names, &named, e);
    if (rc == 0 && st && org)
        rc = applied(w, a, st, org, &all, e);
    if (rc == 0 && !n_names && !w->missing && !w->strict)
        rc = leave_out(w, a, &all, &named, e);
    strset_merge(&all, &named);
    if (rc == 0)
        rc = load_all(w, a, org, &named, &all, e);
    strset_release(&named);
    strset_release(&all);
    return rc;
}

/* What this org answered before overrides what it says of itself. */
int draft_capabilities(struct draft *w, struct state *st, struct org *org, struct err *e)
{
    if (crm_capabilities(org->zoho, &w->capabilities, e) < 0)
        return -1;
    AUTO_JSON json_t *learnt = state_capabilities(st, org->zgid, e);
    if (!learnt)
        return -1;
    json_object_update(w->capabilities, learnt);
    return 0;
}

/* The third: what the functions name, once it is known which modules there are. */
static int read_for_checks(const struct draft *w, struct zoho *z, struct snapshot *s, struct err *e)
{
    struct strset more = {0};
    artifact_reads(&w->desired, s, &more);
    int rc = more.n ? crm_read(z, &more, NULL, s, e) : 0;
    strset_release(&more);
    return rc;
}

struct counting {
    const char *field; /* NULL: every row counts */
    int64_t n;
};

static int count_row(void *ctx, const char *name, const json_t *row, struct err *e)
{
    struct counting *c = ctx;
    const json_t *v = c->field ? json_object_get(row, c->field) : row;
    (void)name, (void)e;
    c->n += v && !json_is_null(v) && !(json_is_string(v) && !*json_string_value(v));
    return 0;
}

static int64_t count_rows(const struct org *org, const char *query, const char *field)
{
    struct strset names = {0};
    struct snapshot s;
    struct err quiet = {0};
    struct counting c = {.field = field};
    struct crm_rows rows = {count_row, &c};
    AUTO_JSON json_t *queries = json_object();
    js_set_str(queries, "records/values", query);
    strset_add(&names, "records/values");
    snapshot_init(&s);
    if (crm_read_rows(org->zoho, &names, queries, &rows, &s, &quiet) < 0 || snapshot_refused(&s, "records/values"))
        c.n = -1;
    snapshot_release(&s);
    strset_release(&names);
    return c.n;
}

/* Long texts cannot be asked for in criteria (zoho-api.md 2.3): then all rows are looked at. */
int64_t draft_values(const struct org *org, const char *module, const char *field)
{
    AUTO_FREE char *asked = mem_printf("select id from %s where %s is not null", module, field);
    AUTO_FREE char *all = mem_printf("select id, %s from %s where id is not null", field, module);
    int64_t n = count_rows(org, asked, NULL);
    return n < 0 ? count_rows(org, all, field) : n;
}

void draft_losses(const struct org *org, const struct desired *d, const json_t *names, const struct snapshot *s,
                  json_t *checks)
{
    const struct kind_view v = {.snapshot = s, .desired = d, .names = names};
    for (size_t i = 0; i < d->n; i++) {
        const struct resource *r = &d->r[i];
        if (!r->tombstone || strcmp(r->kind->name, "field") != 0 || !r->kind->find(&v, r))
            continue;
        AUTO_FREE char *module_address = address_make("module", NULL, r->module);
        const char *module = kind_real_name(&v, module_address, r->module);
        int64_t n = draft_values(org, module, kind_real_name(&v, r->address, r->name));
        json_t *check = json_object();
        if (n < 0)
            js_set_str(check, "text", "how many records hold a value cannot be read: they are lost");
        else
            js_set_strf(check, "text", n ? "%lld record%s hold%s a value: lost with it" : "no record holds a value",
                        (long long)n, n == 1 ? "" : "s", n == 1 ? "s" : "");
        js_set_int(check, "values", n);
        js_set(checks, r->address, check);
    }
}

int draft_read(struct draft *w, struct state *st, struct org *org, struct err *e)
{
    struct strset reads = {0};
    plan_reads(&w->desired, w->names, &reads);
    int rc = draft_capabilities(w, st, org, e);
    struct strset first = {0};
    for (size_t i = 0; i < reads.n; i++)
        if (strncmp(reads.item[i], "records/", 8) != 0)
            strset_add(&first, reads.item[i]);
    if (rc == 0)
        rc = crm_read(org->zoho, &first, NULL, &w->snapshot, e);
    if (rc == 0) {
        /* The second round: which fields a query may select is known only when the fields have been read. */
        AUTO_JSON json_t *queries = plan_queries(&w->desired, w->names, &w->snapshot);
        AUTO_JSON json_t *rows = plan_rows(&w->desired, w->names, &w->snapshot);
        rc = rows_read(org, queries, rows, &w->snapshot, e);
    }
    strset_release(&reads);
    if (rc == 0)
        rc = read_for_checks(w, org->zoho, &w->snapshot, e);
    strset_release(&first);
    if (rc == 0)
        draft_losses(org, &w->desired, w->names, &w->snapshot, w->checks);
    return rc < 0 ? -1 : artifact_check_all(&w->desired, &w->snapshot, w->names, w->checks, e);
}

static int input_digests(const struct draft *w, json_t *inputs, struct err *e)
{
    char hex[65], all[65];
    struct digest *d = digest_new();
    if (context_digest(&w->context, hex, e) < 0) {
        digest_finish(d, all);
        return -1;
    }
    js_set_str(inputs, "context", hex);
    if (js_str(w->context.doc, "overlay"))
        js_set_str(inputs, "overlay", js_str(w->context.doc, "overlay"));
    int rc = 0;
    for (size_t i = 0; i < w->n && rc == 0; i++) {
        rc = playbook_digest(&w->pb[i], hex, e);
        digest_feed(d, hex, 64);
    }
    for (size_t i = 0; i < w->shared_n && rc == 0; i++) {
        rc = playbook_digest(&w->shared_by[i], hex, e);
        digest_feed(d, hex, 64);
    }
    digest_finish(d, all);
    js_set_str(inputs, "templates", all);
    return rc;
}

static void to_set(const json_t *list, struct strset *out)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        strset_add(out, json_string_value(json_array_get(list, i)));
}

int draft_plan(struct draft *w, struct state *st, const struct org *org, const json_t *target, const json_t *exclude,
               json_t **plan, struct err *e)
{
    struct strset want = {0}, drop = {0};
    AUTO_JSON json_t *inputs = json_object();
    AUTO_JSON json_t *attested = state_attested(st, org->zgid, e);
    if (!attested || input_digests(w, inputs, e) < 0)
        return -1;
    to_set(target, &want);
    to_set(exclude, &drop);
    struct plan_input in = {.desired = &w->desired,
                            .snapshot = &w->snapshot,
                            .names = w->names,
                            .capabilities = w->capabilities,
                            .attested = attested,
                            .checks = w->checks,
                            .org = org->info,
                            .inputs = inputs,
                            .standards = w->standards,
                            .target = want.n ? &want : NULL,
                            .exclude = drop.n ? &drop : NULL};
    int rc = plan_build(&in, plan, e);
    strset_release(&want);
    strset_release(&drop);
    return rc;
}

void draft_release(struct draft *w)
{
    for (size_t i = 0; i < w->n; i++)
        playbook_release(&w->pb[i]);
    free(w->pb);
    for (size_t i = 0; i < w->shared_n; i++)
        playbook_release(&w->shared_by[i]);
    free(w->shared_by);
    json_decref(w->gone);
    json_decref(w->left_out);
    desired_release(&w->desired);
    if (w->context_loaded)
        context_release(&w->context);
    snapshot_release(&w->snapshot);
    json_decref(w->names);
    json_decref(w->standards);
    json_decref(w->capabilities);
    json_decref(w->checks);
    memset(w, 0, sizeof *w);
}

/* Names for the first round; true when the list names a query. */
static bool add_all(const json_t *names, struct strset *out)
{
    json_t *name;
    size_t i;
    bool query = false;
    json_array_foreach (names, i, name) {
        if (!strncmp(json_string_value(name), "records/", 8))
            query = true;
        else
            strset_add(out, json_string_value(name));
    }
    return query;
}

static int read_saved(const struct org *org, const json_t *plan, const json_t *names, struct snapshot *s, struct err *e)
{
    AUTO_JSON json_t *queries = plan_saved_queries(plan, names, s);
    AUTO_JSON json_t *rows = plan_saved_rows(plan, names, s);
    return rows_read(org, queries, rows, s, e);
}

int draft_read_plan(const struct org *org, const json_t *plan, const json_t *names, struct snapshot *s, struct err *e)
{
    struct strset lists = {0};
    json_t *step;
    size_t i;
    json_array_foreach (js_arr(plan, "steps"), i, step) {
        add_all(js_arr(step, "reads"), &lists);
        add_all(js_arr(step, "resolves"), &lists);
    }
    int rc = crm_read(org->zoho, &lists, NULL, s, e);
    strset_release(&lists);
    return rc == 0 ? read_saved(org, plan, names, s, e) : -1;
}

int draft_read_step(const struct org *org, const json_t *plan, const json_t *step, const json_t *names,
                    struct snapshot *s, struct err *e)
{
    struct strset lists = {0};
    bool query = add_all(js_arr(step, "reads"), &lists);
    int rc = lists.n ? crm_read(org->zoho, &lists, NULL, s, e) : 0;
    strset_release(&lists);
    return rc == 0 && query ? read_saved(org, plan, names, s, e) : rc;
}

int draft_read_resolves(const struct org *org, const json_t *step, struct snapshot *s, struct err *e)
{
    struct strset lists = {0};
    add_all(js_arr(step, "resolves"), &lists);
    int rc = lists.n ? crm_read(org->zoho, &lists, NULL, s, e) : 0;
    strset_release(&lists);
    return rc;
}
