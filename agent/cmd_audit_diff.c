/* agent/cmd_audit_diff.c — audit diff: what changed between two snapshots of an org, or what two orgs do not have alike. */
#include "agent/audit/difference.h"
#include "agent/audit/fetched.h"
#include "agent/command_audit.h"
#include "agent/project.h"

const struct opt audit_diff_opts[] = {
    {"org", 0, OPT_TEXT, "NAME", "an org of zagent.yaml instead of its default"},
    {"orgs", 0, OPT_FLAG, NULL, "the two are of different orgs: match by name, leave ids and makers aside"},
    {NULL, 0, OPT_FLAG, NULL, NULL},
};

static void print_row(struct app *a, const json_t *row)
{
    AUTO_FREE char *shown = address_for_people(js_str_or(row, "address", ""));
    AUTO_FREE char *was = js_str(row, "from") ? address_for_people(js_str(row, "from")) : NULL;
    const json_t *c;
    size_t i;
    app_print(a, "- **%s**%s%s\n", shown, was ? ", was " : "", was ? was : "");
    json_array_foreach (js_arr(row, "changes"), i, c)
        app_print(a, "  - %s: %s → %s\n", js_str_or(c, "path", ""), js_str_or(c, "from", ""), js_str_or(c, "to", ""));
}

static void print_part(struct app *a, const json_t *rows, const char *what)
{
    const json_t *row;
    size_t i;
    bool begun = false;
    json_array_foreach (rows, i, row) {
        if (strcmp(js_str_or(row, "what", ""), what) != 0)
            continue;
        if (!begun)
            app_print(a, "\n## %c%s\n\n", what[0] - 'a' + 'A', what + 1);
        begun = true;
        print_row(a, row);
    }
}

static int tell(struct app *a, const char *one, const char *other, const json_t *rows, const json_t *unread,
                struct err *e)
{
    static const char *const parts[] = {"removed", "renamed", "changed", "added"};
    const json_t *name;
    size_t i, n = json_array_size(rows);
    app_print(a, "# From %s to %s: %zu thing%s differ%s\n", one, other, n, n == 1 ? "" : "s", n == 1 ? "s" : "");
    for (i = 0; i < sizeof parts / sizeof *parts; i++)
        print_part(a, rows, parts[i]);
    json_array_foreach (unread, i, name)
        app_print(a, "%sNot compared, because only one of them has read it: %s\n", i ? "" : "\n",
                  json_string_value(name));
    json_object_set(a->data, "differences", (json_t *)(uintptr_t)rows);
    json_object_set(a->data, "unread", (json_t *)(uintptr_t)unread);
    return n ? err_set(e, ERR_FINDINGS, "%zu thing%s differ%s", n, n == 1 ? "" : "s", n == 1 ? "s" : "") : 0;
}

int cmd_audit_diff(struct app *a, struct err *e)
{
    struct snapshot old, now;
    const char *org;
    const json_t *row;
    AUTO_JSON json_t *unread = json_array();
    AUTO_JSON json_t *rows = NULL;
    int rc = project_org(a->project, app_text(a, "org", NULL), &org, &row, e);
    if (rc < 0)
        return -1;
    const char *one = a->n_args > 0 ? a->args[0] : "HEAD", *other = a->n_args > 1 ? a->args[1] : org;
    snapshot_init(&old);
    snapshot_init(&now);
    rc = fetched_load(a, one, org, "a", &old, e);
    if (rc == 0)
        rc = fetched_load(a, other, org, "b", &now, e);
    if (rc == 0) {
        rows = difference(&old, &now, app_flag(a, "orgs") ? DIFFERENCE_TWO_ORGS : DIFFERENCE_SAME_ORG, unread);
        rc = tell(a, one, other, rows, unread, e);
    }
    snapshot_release(&old);
    snapshot_release(&now);
    return rc;
}
