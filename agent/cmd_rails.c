/* agent/cmd_rails.c — halt, protect, unprotect. */
#include "agent/command_rails.h"
#include "agent/rails.h"
#include "agent/session.h"
#include "base/text.h"

const struct opt halt_opts[] = {
    {"reason", 0, OPT_TEXT, "TEXT", "why: whoever is stopped by it reads this"},
    {"lift", 0, OPT_FLAG, NULL, "let changes go on"},
    {NULL, 0, OPT_FLAG, NULL, NULL},
};
const struct opt protect_opts[] = {
    {"note", 0, OPT_TEXT, "TEXT", "why: whoever runs into it reads this"},
    {NULL, 0, OPT_FLAG, NULL, NULL},
};

static const char halt_file[] = "HALT";

static int lift(struct app *a, struct err *e)
{
    AUTO_FREE char *mine = project_path(a->project, ".zagent/HALT");
    bool was = fs_exists(mine);
    if (fs_remove_in(&a->project->zagent, halt_file, e) < 0)
        return -1;
    js_set_bool(a->data, "halted", false);
    struct err by_hand = {0};
    if (rails_halted(a->project, &by_hand) < 0) {
        js_set_bool(a->data, "halted", true);
        app_warn(a, "%s (%s)", by_hand.what, by_hand.where);
    }
    app_print(a, was ? "Changes may go on. An interrupted run: zagent resume.\n" : "Nothing was halted by zagent.\n");
    return 0;
}

/* No lock is taken: who runs meanwhile is to be stopped, not waited for. */
int cmd_halt(struct app *a, struct err *e)
{
    const char *reason = app_text(a, "reason", "");
    char at[CLOCK_TEXT];
    if (app_flag(a, "lift") && *reason) {
        err_set(e, ERR_USAGE, "--lift needs no --reason");
        return err_fix(e, "zagent halt --lift");
    }
    if (app_flag(a, "lift"))
        return lift(a, e);
    clock_rfc3339(a->clock.now_s(a->clock.ctx), at);
    AUTO_FREE char *safe = text_clean(reason, false);
    AUTO_FREE char *text = mem_printf("%s since %s%s%s\n", session_actor(), at, *safe ? ": " : "", safe);
    if (fs_write_in(&a->project->zagent, halt_file, text, strlen(text), 0644, e) < 0)
        return -1;
    js_set_bool(a->data, "halted", true);
    app_print(a, "Stopped: no change leaves for any org of this project. zagent halt --lift ends it.\n");
    return 0;
}

static bool is_pattern(const char *text)
{
    return strpbrk(text, "*?[") != NULL;
}

/* As plans write it, so that it is found again; a pattern stays as it is. Caller frees. */
static char *as_written(const char *text, struct err *e)
{
    if (!is_pattern(text))
        return address_canonical(text, e);
    if (strchr(text, '/'))
        return mem_dup(text);
    err_set(e, ERR_USAGE, "'%s' is no pattern over addresses", text);
    err_fix(e, "a kind, a slash and the rest, as 'field/Quotes.*'");
    return NULL;
}

static void list(struct app *a, const json_t *all)
{
    const char *pattern;
    json_t *row;
    json_object_foreach ((json_t *)(uintptr_t)all, pattern, row) {
        char at[CLOCK_TEXT];
        clock_rfc3339(js_int(row, "at", 0), at);
        app_print(a, "  %s\n      by %s, %.10s%s%s\n", pattern, js_str_or(row, "by", "?"), at,
                  *js_str_or(row, "note", "") ? ": " : "", js_str_or(row, "note", ""));
    }
    if (!json_object_size(all))
        app_print(a, "Nothing is protected.\n");
    js_set(a->data, "protected", json_deep_copy(all));
}

static int change(struct app *a, struct session *s, json_t *all, bool add, struct err *e)
{
    AUTO_FREE char *pattern = as_written(a->args[0], e);
    if (!pattern)
        return -1;
    if (!add && !json_object_get(all, pattern)) {
        err_set(e, ERR_NOT_FOUND, "'%s' is not protected under this name", pattern);
        return err_fix(e, "zagent protect lists what is");
    }
    if (add) {
        json_t *row = json_object();
        js_set_str(row, "by", session_actor());
        js_set_int(row, "at", a->clock.now_s(a->clock.ctx));
        js_set_str(row, "note", app_text(a, "note", NULL));
        js_set(all, pattern, row);
    } else {
        json_object_del(all, pattern);
    }
    if (state_fact_put(s->st, "protected", all, e) < 0)
        return -1;
    js_set(a->data, "protected", json_deep_copy(all));
    app_print(a, add ? "%s: no plan may touch it. zagent unprotect takes that back.\n" : "%s: plans may touch it.\n",
              pattern);
    return 0;
}

static int protect(struct app *a, bool add, struct err *e)
{
    struct session s;
    int rc = session_open(&s, a, a->n_args ? SESSION_LOCK : SESSION_STATE, e);
    AUTO_JSON json_t *all = rc == 0 ? rails_protections(s.st, e) : NULL;
    if (rc == 0)
        rc = all ? 0 : -1;
    if (rc == 0 && a->n_args)
        rc = change(a, &s, all, add, e);
    else if (rc == 0)
        list(a, all);
    session_close(&s);
    return rc;
}

int cmd_protect(struct app *a, struct err *e)
{
    return protect(a, true, e);
}

int cmd_unprotect(struct app *a, struct err *e)
{
    return protect(a, false, e);
}
