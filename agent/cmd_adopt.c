/*
 * agent/cmd_adopt.c — adopt: what an org has becomes a playbook that plans to nothing there.
 *
 * Order  other playbooks (what they want is theirs) → read and choose (plan/adopt.h), until nothing is unread → files → the proof:
 *        the written playbook, loaded as any other, planned against what was read, has no step.
 */
#include "agent/adopt.h"
#include "agent/artifact_check.h"
#include "agent/command_adopt.h"
#include "agent/draft.h"
#include "agent/org_map.h"
#include "agent/playbook_check.h"
#include "agent/session.h"
#include "plan/adopt.h"

enum { ADOPT_ROUNDS = 16, ADOPT_FILE_MAX = 4 << 20 };

const struct opt adopt_opts[] = {
    {"org", 0, OPT_TEXT, "NAME", "an org of zagent.yaml instead of its default"},
    {"module", 'm', OPT_LIST, "MODULE", "everything of this module"},
    {"from", 0, OPT_TEXT, "FOLDER", "from a snapshot that 'zagent audit' wrote, without asking the org"},
    {"replace", 0, OPT_FLAG, NULL, "write it anew, although the playbook was edited since"},
    {NULL, 0, OPT_FLAG, NULL, NULL},
};

struct adopting_run {
    struct app *a;
    struct session s;
    const char *name, *from;
    struct strset patterns;
    struct draft others; /* the project's other playbooks */
    bool has_others;
    json_t *missing; /* of their inputs */
    struct snapshot snapshot;
    json_t *adopted;
};

/* ---- what is asked for ---- */

/* People write blanks, addresses have %20. A glob keeps its marks. */
static char *as_pattern(const char *written)
{
    if (!strpbrk(written, "*?["))
        return strchr(written, '/') ? address_canonical(written, NULL) : mem_dup(written);
    AUTO_SB struct sb b = SB_INIT(SIZE_MAX);
    for (const char *p = written; *p; p++)
        if (*p == ' ')
            sb_add(&b, "%20");
        else
            sb_addc(&b, *p);
    return sb_take(&b, "pattern", NULL);
}

static int patterns(struct adopting_run *r, struct err *e)
{
    const json_t *modules = app_list(r->a, "module");
    json_t *m;
    size_t i;
    for (int k = 1; k < r->a->n_args; k++) {
        AUTO_FREE char *one = as_pattern(r->a->args[k]);
        if (!one)
            return address_canonical(r->a->args[k], e) ? 0 : -1;
        strset_add(&r->patterns, one);
    }
    json_array_foreach (modules, i, m)
        strset_addf(&r->patterns, "*/%s.*", json_string_value(m));
    if (r->patterns.n)
        return 0;
    err_set(e, ERR_USAGE, "nothing is named to adopt");
    return err_fix(e, "zagent adopt %s 'field/Quotes.*', or --module Quotes, or '*' for everything", r->name);
}

static int check_name(const char *name, struct err *e)
{
    if (playbook_name_good(name) && !playbook_name_reserved(name))
        return 0;
    err_set(e, ERR_USAGE, "'%s' cannot be a playbook's name", name);
    return err_fix(e, "small letters, digits and dashes, and no word of the command line: zagent adopt legacy …");
}

/* ---- the project's other playbooks ---- */

/* One that cannot be loaded must not hide what is to be adopted; it is said, because then nothing is known to be its own. */
static void load_others(struct adopting_run *r)
{
    char **all = NULL;
    size_t n = 0, kept = 0;
    struct err why = {0};
    if (playbook_list(r->a->project, &all, &n, &why) == 0) {
        char **names = mem_zalloc((n + 1) * sizeof *names);
        for (size_t i = 0; i < n; i++)
            if (strcmp(all[i], r->name) != 0)
                names[kept++] = all[i];
        r->others.missing = r->missing = json_array();
        r->has_others = kept && draft_load(&r->others, r->a, r->s.st, r->s.org, names, (int)kept, &why) == 0;
        free(names);
    }
    if (kept && !r->has_others)
        app_warn(r->a, "the other playbooks could not be loaded (%s): what they want is adopted as well", why.what);
    fs_list_free(all, n);
}

/* ---- reading ---- */

static int read_more(struct adopting_run *r, const struct strset *unread, struct err *e)
{
    if (!r->from)
        return crm_read(r->s.org->zoho, unread, NULL, &r->snapshot, e);
    for (size_t i = 0; i < unread->n; i++)
        snapshot_put_refused(&r->snapshot, unread->item[i], "not in the snapshot", 0);
    return 0;
}

static int choose(struct adopting_run *r, struct err *e)
{
    const struct adopt_wish wish = {&r->patterns, r->has_others ? &r->others.desired : NULL, r->others.names};
    for (int round = 0; round < ADOPT_ROUNDS; round++) {
        struct strset unread = {0};
        json_decref(r->adopted);
        r->adopted = NULL;
        int rc = plan_adopt(&r->snapshot, &wish, &unread, &r->adopted, e);
        bool more = unread.n > 0;
        if (rc == 0 && more)
            rc = read_more(r, &unread, e);
        strset_release(&unread);
        if (rc < 0 || !more)
            return rc;
    }
    return err_set(e, ERR_BUG, "what is needed for this goes deeper than %d rounds of reading", ADOPT_ROUNDS);
}

/* ---- writing ---- */

static bool same_bytes(const struct project *p, const char *rel, const char *text)
{
    AUTO_FREE char *have = NULL;
    size_t len = 0;
    struct err quiet = {0};
    return fs_read_in(&p->root, rel, ADOPT_FILE_MAX, &have, &len, &quiet) == 0 && !strcmp(have, text);
}

static int refuse_edited(struct adopting_run *r, const json_t *files, struct err *e)
{
    const char *file;
    json_t *text;
    AUTO_FREE char *dir = mem_printf("templates/%s", r->name);
    AUTO_FREE char *path = project_path(r->a->project, dir);
    if (!fs_exists(path) || app_flag(r->a, "replace"))
        return 0;
    json_object_foreach ((json_t *)(uintptr_t)files, file, text) {
        AUTO_FREE char *rel = mem_printf("%s/%s", dir, file);
        if (same_bytes(r->a->project, rel, json_string_value(text)))
            continue;
        err_set(e, ERR_REFUSED, "%s is there already and says something else", rel);
        return err_fix(e, "choose another name, or --replace to lose what it says");
    }
    return 0;
}

static int write_files(struct adopting_run *r, struct err *e)
{
    const char *org = r->s.org ? r->s.org->name : r->from, *file;
    json_t *text, *written = json_array();
    js_set(r->a->data, "files", written);
    AUTO_JSON json_t *files = adopt_files(r->adopted, r->name, org, e);
    if (!files || refuse_edited(r, files, e) < 0)
        return -1;
    json_object_foreach (files, file, text) {
        AUTO_FREE char *rel = mem_printf("templates/%s/%s", r->name, file);
        const char *t = json_string_value(text);
        if (!same_bytes(r->a->project, rel, t) && fs_write_in(&r->a->project->root, rel, t, strlen(t), 0644, e) < 0)
            return -1;
        js_push_str(written, rel);
    }
    return 0;
}

/* ---- the proof, and what other playbooks may have meant ---- */

/* A plan of desired resources against what was read, without asking anything else. */
static int plan_of(struct adopting_run *r, const struct draft *w, json_t **plan, struct err *e)
{
    const struct plan_input in = {.desired = &w->desired, .snapshot = &r->snapshot, .names = w->names};
    return plan_build(&in, plan, e);
}

/* Scripts that live in this org and that zagent would send to no other: what its checker says of them. */
static int check_scripts(struct adopting_run *r, const struct draft *w, struct err *e)
{
    struct strset more = {0};
    AUTO_JSON json_t *checks = json_object();
    json_t *stopped = json_array(), *check;
    const char *address;
    js_set(r->a->data, "stopped", stopped);
    artifact_reads(&w->desired, &r->snapshot, &more);
    int rc = more.n ? read_more(r, &more, e) : 0;
    strset_release(&more);
    if (rc < 0 || artifact_check_all(&w->desired, &r->snapshot, w->names, checks, e) < 0)
        return -1;
    json_object_foreach (checks, address, check) {
        json_t *why = json_object_get(check, "blocked");
        json_t *o = why && !json_is_false(why) && !json_is_null(why) ? json_object() : NULL;
        if (!o)
            continue;
        js_set_str(o, "address", address);
        js_set_str(o, "why",
                   json_is_string(why) ? json_string_value(why)
                                       : js_str_or(check, "text", "see 'zagent deluge check'"));
        json_array_append_new(stopped, o);
    }
    js_array_sort(stopped, "address");
    return 0;
}

static int prove(struct adopting_run *r, struct err *e)
{
    struct draft w = {0};
    AUTO_JSON json_t *plan = NULL;
    json_t *open = json_array(), *step;
    char *names[] = {(char *)(uintptr_t)r->name};
    size_t i;
    js_set(r->a->data, "open", open);
    int rc = draft_load(&w, r->a, r->s.st, r->s.org, names, 1, e);
    if (rc == 0)
        rc = plan_of(r, &w, &plan, e);
    if (rc == 0)
        rc = check_scripts(r, &w, e);
    json_array_foreach (js_arr(plan, "steps"), i, step)
        if (strcmp(js_str_or(step, "action", ""), "none") != 0)
            js_push_str(open, js_str_or(step, "address", ""));
    draft_release(&w);
    return rc;
}

/* Proposals count where the thing proposed is one that is adopted now. */
static bool adopted_now(const struct adopting_run *r, const json_t *proposal)
{
    const char *address = js_str_or(proposal, "address", ""), *dot = strchr(address, '.');
    AUTO_FREE char *own =
        dot ? mem_printf("%.*s.%s", (int)(dot - address), address, js_str_or(proposal, "api_name", ""))
            : mem_dup(address);
    json_t *one;
    size_t i;
    json_array_foreach (js_arr(r->adopted, "resources"), i, one)
        if (!strcmp(js_str_or(one, "address", ""), own))
            return true;
    return false;
}

/* What the others need to see, but for records: those are data. */
static int read_for_others(struct adopting_run *r, struct err *e)
{
    struct strset reads = {0}, unread = {0};
    plan_reads(&r->others.desired, r->others.names, &reads);
    for (size_t i = 0; i < reads.n; i++)
        if (strncmp(reads.item[i], "records/", 8) != 0 && !snapshot_get(&r->snapshot, reads.item[i]) &&
            !snapshot_refused(&r->snapshot, reads.item[i]))
            strset_add(&unread, reads.item[i]);
    int rc = unread.n ? read_more(r, &unread, e) : 0;
    strset_release(&reads);
    strset_release(&unread);
    return rc;
}

static int propose(struct adopting_run *r, struct err *e)
{
    AUTO_JSON json_t *plan = NULL;
    AUTO_JSON json_t *near = json_array();
    json_t *added = json_array(), *one;
    size_t i;
    js_set(r->a->data, "proposals", added);
    if (!r->has_others)
        return 0;
    if (read_for_others(r, e) < 0 || plan_of(r, &r->others, &plan, e) < 0)
        return -1;
    json_array_foreach (js_arr(plan, "proposals"), i, one)
        if (adopted_now(r, one))
            json_array_append(near, one);
    return org_map_propose(r->a->project, near, added, e);
}

/* ---- what is said ---- */

static void print_rows(struct app *a, const json_t *rows, const char *title, const char *second)
{
    json_t *row;
    size_t i;
    if (!json_array_size(rows))
        return;
    app_print(a, "\n%s\n", title);
    json_array_foreach (rows, i, row) {
        AUTO_FREE char *name = address_for_people(js_str_or(row, "address", js_str_or(row, "list", "")));
        app_print(a, "  %s\n      %s\n", name, js_str_or(row, second, ""));
    }
}

static void print_notes(struct app *a, const json_t *resources)
{
    json_t *r, *note;
    size_t i, k, shown = 0;
    json_array_foreach (resources, i, r)
        json_array_foreach (js_arr(r, "notes"), k, note) {
            AUTO_FREE char *name = address_for_people(js_str_or(r, "address", ""));
            app_print(a, "%s  %s: %s: %s\n",
                      shown++ ? "" : "\nNot taken over, and why (also in the playbook, at its place):\n", name,
                      js_str_or(note, "path", ""), js_str_or(note, "why", ""));
        }
}

static void print_reasons(struct adopting_run *r)
{
    struct app *a = r->a;
    print_rows(a, js_arr(r->adopted, "left"), "Left out, because a playbook cannot say it:", "why");
    print_rows(a, js_arr(r->adopted, "wanted"), "Left to the playbook that wants it already:", "playbook");
    print_rows(a, js_arr(r->adopted, "stands_on"),
               "No playbook makes these; in another org a person does, first:", "by");
    print_rows(a, js_arr(r->adopted, "refused"), "Could not be read:", "code");
}

static void print_result(struct adopting_run *r)
{
    struct app *a = r->a;
    json_t *resources = js_arr(r->adopted, "resources"), *one, *added = js_arr(a->data, "proposals");
    size_t i, came = 0;
    json_array_foreach (resources, i, one)
        came += !js_bool(one, "asked", false);
    app_print(a, "templates/%s/playbook.yaml: %zu thing%s of the org%s", r->name, json_array_size(resources),
              json_array_size(resources) == 1 ? "" : "s", came ? "" : ".\n");
    if (came)
        app_print(a, ", %zu of them because another one needs it.\n", came);
    app_print(a, "%lld more in the same places are Zoho's own.\n", (long long)js_int(r->adopted, "own", 0));
    if (r->s.org) {
        struct zoho_counts c = zoho_counts(r->s.org->zoho);
        app_print(a, "%lld API calls, %lld credits; nothing was written to the org.\n", (long long)c.calls,
                  (long long)c.credits_known);
    }
    print_notes(a, resources);
    print_reasons(r);
    print_rows(a, js_arr(a->data, "stopped"),
               "Here they run; to another org zagent sends these only once their checks pass:", "why");
    print_rows(
        a, added,
        "May be the same as what another playbook wants: confirm with your name in context/org-map.csv:", "api_name");
}

static int verdict(struct adopting_run *r, struct err *e)
{
    const json_t *open = js_arr(r->a->data, "open");
    json_t *address;
    size_t i;
    if (!json_array_size(open)) {
        app_print(r->a, "\nPlanned against this org, it changes nothing: zagent plan %s --check\n", r->name);
        return 0;
    }
    app_print(r->a, "\nA plan of it would still change:\n");
    json_array_foreach (open, i, address) {
        AUTO_FREE char *name = address_for_people(json_string_value(address));
        app_print(r->a, "  %s\n", name);
    }
    err_set(e, ERR_FINDINGS, "%zu of the adopted things would be changed by a plan", json_array_size(open));
    return err_fix(e, "zagent plan %s --details shows what; correct or strike them in the playbook", r->name);
}

/* Everything that was asked for is somebody else's, or cannot be said: then there is no playbook to write. */
static int nothing_left(struct adopting_run *r, struct err *e)
{
    static const char *const told[] = {"left", "wanted", "stands_on", "refused"};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        json_object_set(r->a->data, told[i], json_object_get(r->adopted, told[i]));
    print_reasons(r);
    err_set(e, ERR_NOT_FOUND, "nothing is left to adopt");
    return err_fix(e, "the reasons stand above; give other addresses, or a kind (docs/PLAYBOOKS.md)");
}

static int adopt(struct adopting_run *r, struct err *e)
{
    if (r->from && snapshot_load(&r->snapshot, r->from, e) < 0)
        return -1;
    load_others(r);
    if (choose(r, e) < 0)
        return -1;
    js_set_str(r->a->data, "playbook", r->name);
    if (!json_array_size(js_arr(r->adopted, "resources")))
        return nothing_left(r, e);
    if (write_files(r, e) < 0) /* takes out what looks like a secret: only then is the rest fit to be told */
        return -1;
    json_object_update(r->a->data, r->adopted);
    if (prove(r, e) < 0 || propose(r, e) < 0)
        return -1;
    print_result(r);
    return verdict(r, e);
}

int cmd_adopt(struct app *a, struct err *e)
{
    struct adopting_run r = {.a = a, .name = a->args[0], .from = app_text(a, "from", NULL)};
    snapshot_init(&r.snapshot);
    int rc = check_name(r.name, e);
    if (rc == 0)
        rc = patterns(&r, e);
    if (rc == 0)
        rc = session_open(&r.s, a, r.from ? SESSION_STATE : SESSION_READER, e);
    if (rc == 0)
        rc = adopt(&r, e);
    draft_release(&r.others);
    session_close(&r.s);
    snapshot_release(&r.snapshot);
    strset_release(&r.patterns);
    json_decref(r.adopted);
    json_decref(r.missing);
    return rc;
}
