/* agent/cmd_playbook.c — playbook new, playbook check, schema. */
#include "agent/artifacts.h"
#include "agent/command_playbook.h"
#include "agent/draft.h"
#include "agent/playbook_check.h"
#include "agent/playbook_keys.h"

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

static int check_all(struct app *a, const struct context *c, char **names, size_t n, struct err *e)
{
    AUTO_FREE char *wording = artifacts_wording(a);
    if (!wording)
        return err_set(e, ERR_NOT_FOUND, "the wording of guides is missing: reinstall zagent");
    AUTO_JSON json_t *standards = standards_of(c);
    struct playbook_check check = {a->project, c, wording, standards};
    for (size_t i = 0; i < n; i++)
        if (playbook_check(&check, names[i], js_arr(a->data, "findings"), e) < 0)
            return -1;
    return 0;
}

int cmd_playbook_check(struct app *a, struct err *e)
{
    struct context c;
    char **all = NULL;
    size_t n = 0;
    js_set(a->data, "findings", json_array());
    if (load_context(a, &c, e) < 0)
        return -1;
    int rc = a->n_args ? 0 : playbook_list(a->project, &all, &n, e);
    if (rc == 0)
        rc = a->n_args ? check_all(a, &c, a->args, (size_t)a->n_args, e) : check_all(a, &c, all, n, e);
    fs_list_free(all, n);
    context_release(&c);
    return rc < 0 ? -1 : report(a, a->n_args ? (size_t)a->n_args : n, e);
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
