/* agent/cmd_playbook.c — playbook new, playbook check, schema. */
#include "agent/artifacts.h"
#include "agent/command_playbook.h"
#include "agent/draft.h"
#include "agent/plans.h"
#include "agent/playbook_check.h"
#include "agent/playbook_keys.h"
#include "agent/playbook_remove.h"
#include "agent/session.h"

static int load_context(struct app *a, struct context *c, struct err *e)
{
    AUTO_FREE char *dir = project_path(a->project, "context");
    return context_load(c, dir, e);
}

int cmd_playbook_new(struct app *a, struct err *e)
{
    struct context c;
    json_t *files = json_array(), *file;
    size_t i;
    js_set(a->data, "files", files);
    if (load_context(a, &c, e) < 0)
        return -1;
    int rc = playbook_new(a->project, &c, a->args[0], files, e);
    context_release(&c);
    if (rc < 0)
        return -1;
    json_array_foreach (files, i, file)
        app_print(a, "  written  %s\n", json_string_value(file));
    app_print(a, "\nnext: zagent playbook check %s, then zagent plan %s\n", a->args[0], a->args[0]);
    return 0;
}

static void print_finding(struct app *a, const json_t *f)
{
    bool bad = !strcmp(js_str_or(f, "level", ""), "error");
    app_print(a, "%s:%d:%d: %s%s:%s %s\n", js_str_or(f, "file", "?"), (int)js_int(f, "line", 1),
              (int)js_int(f, "col", 1), app_paint(a, bad ? "red" : "yellow"), bad ? "error" : "warning",
              app_paint(a, NULL), js_str_or(f, "text", ""));
    if (js_str(f, "fix"))
        app_print(a, "    %s\n", js_str(f, "fix"));
}

static int report(struct app *a, size_t playbooks, struct err *e)
{
    const json_t *findings = js_arr(a->data, "findings"), *f;
    size_t i, errors = 0, warnings = 0;
    json_array_foreach (findings, i, f) {
        print_finding(a, f);
        *(!strcmp(js_str_or(f, "level", ""), "error") ? &errors : &warnings) += 1;
    }
    app_print(a, "%s%zu playbook%s, %zu to mend, %zu worth a look.\n", errors + warnings ? "\n" : "", playbooks,
              playbooks == 1 ? "" : "s", errors, warnings);
    if (!errors)
        return 0;
    err_set(e, ERR_FINDINGS, "%zu finding%s to mend", errors, errors == 1 ? "" : "s");
    return err_fix(e, "mend what is named above, then run 'zagent playbook check' again");
}

static json_t *standards_of(const struct context *c)
{
    struct err quiet = {0};
    json_t *rows = context_table(c, "zoho-standards.md#Rules", &quiet), *row;
    size_t i;
    json_array_foreach (rows, i, row)
        js_set_strf(row, "where", "context/zoho-standards.md:%d", (int)js_int(row, "@line", 0));
    return rows;
}

static int check_all(struct app *a, const struct context *c, const struct desired *together, char **names, size_t n,
                     struct err *e)
{
    AUTO_FREE char *wording = artifacts_wording(a);
    if (!wording)
        return err_set(e, ERR_NOT_FOUND, "the wording of guides is missing: reinstall zagent");
    AUTO_JSON json_t *standards = standards_of(c);
    struct playbook_check check = {a->project, c, wording, standards, together};
    for (size_t i = 0; i < n; i++)
        if (playbook_check(&check, names[i], js_arr(a->data, "findings"), e) < 0)
            return -1;
    return 0;
}

/* Two that want the same thing differently, or a Blueprint that does not hang together, are nobody's fault alone: said when no
 * playbook has said it. */
static void add_collision(struct app *a, const struct err *why)
{
    json_t *findings = js_arr(a->data, "findings"), *f;
    size_t i;
    json_array_foreach (findings, i, f)
        if (!strcmp(js_str_or(f, "level", ""), "error"))
            return;
    playbook_finding_err(findings, why);
}

/* A plan of all of it against an org where nothing is there: a circle of needs shows without any org. */
static void order_of(const struct desired *d, struct err *why)
{
    struct snapshot empty;
    snapshot_init(&empty);
    AUTO_JSON json_t *none = json_object(), *plan = NULL;
    const struct plan_input in = {.desired = d,
                                  .snapshot = &empty,
                                  .names = none,
                                  .capabilities = none,
                                  .attested = none,
                                  .checks = none,
                                  .org = none,
                                  .inputs = none};
    plan_build(&in, &plan, why);
    snapshot_release(&empty);
}

int cmd_playbook_check(struct app *a, struct err *e)
{
    struct context c;
    struct draft together = {0};
    struct err collision = {0};
    char **all = NULL;
    size_t n = 0;
    js_set(a->data, "findings", json_array());
    if (load_context(a, &c, e) < 0)
        return -1;
    int rc = playbook_list(a->project, &all, &n, e);
    if (rc == 0 && n)
        draft_load(&together, a, NULL, NULL, all, (int)n, &collision);
    char **names = a->n_args ? a->args : all;
    size_t asked = a->n_args ? (size_t)a->n_args : n;
    if (rc == 0)
        rc = check_all(a, &c, &together.desired, names, asked, e);
    if (rc == 0 && n && collision.kind == ERR_NONE)
        order_of(&together.desired, &collision);
    if (rc == 0 && collision.kind != ERR_NONE)
        add_collision(a, &collision);
    fs_list_free(all, n);
    draft_release(&together);
    context_release(&c);
    return rc < 0 ? -1 : report(a, asked, e);
}

const struct opt playbook_remove_opts[] = {
    {"tombstones", 0, OPT_FLAG, NULL, "tombstones instead of steps by hand, where Zoho's API deletes"},
    {NULL, 0, OPT_FLAG, NULL, NULL},
};

/* What the other playbooks of the project want, without asking an org. A broken one must not look like one that wants nothing. */
static int load_others(struct app *a, struct state *st, const char *name, struct draft *w, struct err *e)
{
    char **all = NULL;
    size_t n = 0, kept = 0;
    if (playbook_list(a->project, &all, &n, e) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (strcmp(all[i], name) != 0)
            all[kept++] = all[i];
        else
            free(all[i]);
    int rc = kept ? draft_load(w, a, st, NULL, all, (int)kept, e) : 0;
    fs_list_free(all, kept);
    return rc;
}

static void print_removal(struct app *a, const char *name)
{
    const json_t *row;
    size_t i;
    json_array_foreach (js_arr(a->data, "files"), i, row)
        app_print(a, "  written  %s\n", json_string_value(row));
    json_array_foreach (js_arr(a->data, "kept"), i, row) {
        AUTO_FREE char *plain = address_for_people(js_str_or(row, "address", ""));
        app_print(a, "  stays    %s: %s\n", plain, js_str_or(row, "why", ""));
    }
    size_t graves = json_array_size(js_arr(a->data, "tombstones"));
    size_t steps = json_array_size(js_arr(a->data, "steps")) + graves;
    app_print(a, "\n%zu thing%s only %s made. Nothing is deleted by this.\n", steps, steps == 1 ? "" : "s", name);
    if (graves)
        app_print(a, "%zu of them have a tombstone: they go when %s-removal is applied with --allow-delete.\n", graves,
                  name);
    if (steps)
        app_print(
            a,
            "next: zagent off %s, strike what should stay in templates/%s-removal/playbook.yaml, then zagent plan "
            "%s-removal\n",
            name, name, name);
}

int cmd_playbook_remove(struct app *a, struct err *e)
{
    struct session s;
    struct draft others = {0};
    char digest[65];
    const char *name = a->args[0];
    AUTO_JSON json_t *plan = NULL;
    int rc = session_open(&s, a, SESSION_STATE, e);
    if (rc == 0)
        rc = plans_load(a->project, s.st, name, &plan, digest, e);
    AUTO_JSON json_t *known = rc == 0 ? state_steps(s.st, e) : NULL;
    if (rc == 0)
        rc = known ? load_others(a, s.st, name, &others, e) : -1;
    if (rc == 0)
        rc = playbook_remove(a->project, plan, known, name, &others.desired, app_flag(a, "tombstones"), a->data, e);
    if (rc == 0)
        print_removal(a, name);
    draft_release(&others);
    session_close(&s);
    return rc;
}

int cmd_schema(struct app *a, struct err *e)
{
    if (strcmp(a->args[0], "playbook") != 0) {
        err_set(e, ERR_USAGE, "there is no schema of '%s'", a->args[0]);
        return err_fix(e, "zagent schema playbook");
    }
    AUTO_JSON json_t *schema = playbook_schema();
    AUTO_FREE char *text = js_pretty(schema, e);
    if (!text)
        return -1;
    js_set(a->data, "schema", json_incref(schema));
    app_write(a, text);
    return 0;
}
