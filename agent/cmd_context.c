/* agent/cmd_context.c — context check and show. */
#include "agent/draft.h"
#include "agent/session.h"

enum { CONTEXT_TEXT_MAX = 8 << 20 };

static int load(struct app *a, struct context *c, struct err *e)
{
    AUTO_FREE char *dir = project_path(a->project, "context");
    return context_load(c, dir, e);
}

/* What the playbooks want and the context does not give. A playbook that cannot be read is a finding, too. */
static void collect_missing(struct app *a, struct context *c, json_t *missing, json_t *fed)
{
    char **names = NULL;
    size_t n = 0;
    struct err quiet = {0};
    if (playbook_list(a->project, &names, &n, &quiet) < 0)
        return;
    for (size_t i = 0; i < n; i++) {
        struct playbook pb;
        struct desired d = {0};
        struct err why = {0};
        AUTO_JSON json_t *nothing = json_object();
        size_t before = json_array_size(missing);
        if (playbook_load(&pb, a->project, names[i], &why) < 0 ||
            playbook_data(&pb, c, nothing, NULL, missing, &why) < 0 ||
            (json_array_size(missing) == before && playbook_desire(&pb, c, &d, NULL, &why) < 0)) {
            json_t *row = json_object();
            js_set_str(row, "playbook", names[i]);
            js_set_str(row, "input", "");
            js_set_str(row, "ref", why.where);
            js_set_strf(row, "text", "%s%s%s", why.what, *why.fix ? "; " : "", why.fix);
            json_array_append_new(missing, row);
        }
        if (json_array_size(missing) == before)
            json_array_append_new(fed, json_string(names[i]));
        desired_release(&d);
        playbook_release(&pb);
    }
    fs_list_free(names, n);
}

static void print_fed(struct app *a, const json_t *fed)
{
    const json_t *name;
    size_t i;
    json_array_foreach (fed, i, name)
        app_print(a, "%s%s", i ? ", " : "\nWith this context 'zagent plan' plans: ", json_string_value(name));
    if (json_array_size(fed))
        app_print(a, ".\n");
}

static bool has_errors(const struct context *c)
{
    json_t *f;
    size_t i;
    json_array_foreach (c->findings, i, f) {
        if (!strcmp(js_str_or(f, "level", ""), "error"))
            return true;
    }
    return false;
}

int cmd_context_check(struct app *a, struct err *e)
{
    struct context c;
    AUTO_SB struct sb text = SB_INIT(CONTEXT_TEXT_MAX);
    AUTO_JSON json_t *missing = json_array(), *fed = json_array();
    if (load(a, &c, e) < 0)
        return -1;
    collect_missing(a, &c, missing, fed);
    context_check_text(&c, missing, &text);
    app_print(a, "%s", text.buf);
    if (json_array_size(missing))
        print_fed(a, fed);
    js_set(a->data, "fed", json_incref(fed));
    js_set(a->data, "findings", json_incref(c.findings));
    js_set(a->data, "missing", json_incref(missing));
    bool bad = has_errors(&c) || json_array_size(missing);
    context_release(&c);
    if (!bad)
        return 0;
    err_set(e, ERR_FINDINGS, "the context is not complete");
    return err_fix(e, "write what is named above, or leave out the playbooks that do not fit this business, then run "
                      "'zagent context check' again");
}

int cmd_context_show(struct app *a, struct err *e)
{
    struct context c;
    AUTO_SB struct sb text = SB_INIT(CONTEXT_TEXT_MAX);
    if (load(a, &c, e) < 0)
        return -1;
    context_show_text(&c, &text);
    app_print(a, "%s", text.buf);
    js_set(a->data, "context", context_show(&c));
    context_release(&c);
    return 0;
}
