/* agent/cmd_sandbox_clock.c — what one does to a sandbox that runs: move its clock, order failures. */
#include "agent/command_sandbox.h"
#include "agent/duration.h"
#include "agent/project.h"
#include "sandbox/sandbox.h"

static int how_far(const char *text, int64_t now, int64_t *seconds, struct err *e)
{
    struct err quiet = {0};
    int64_t to;
    *seconds = duration_seconds(text);
    if (*seconds >= 0)
        return 0;
    if (text[0] == '+' || clock_parse(text, &to, &quiet) < 0) {
        err_set(e, ERR_USAGE, "'%s' is neither a time nor a step of the clock", text);
        return err_fix(e, "write +90m, +2h, +3d, +1w (%d days at most) or a time: 2026-12-10T09:00:00+01:00",
                       DURATION_MAX_DAYS);
    }
    *seconds = to - now;
    if (*seconds >= 0 && *seconds <= DURATION_MAX_DAYS * 86400LL)
        return 0;
    if (*seconds > 0) {
        err_set(e, ERR_USAGE, "that is more than %d days ahead", DURATION_MAX_DAYS);
        return err_fix(e, "move in smaller steps");
    }
    err_set(e, ERR_USAGE, "the sandbox's clock does not go back");
    return err_fix(e, "'zagent sandbox load NAME' brings a saved org back with its time");
}

/* What came into being of each kind while the clock moved. New reference. */
static json_t *news(const json_t *before, const json_t *after)
{
    json_t *out = json_object(), *list;
    const char *kind;
    json_object_foreach ((json_t *)(uintptr_t)after, kind, list) {
        json_t *fresh = json_array();
        bool lasting = strcmp(kind, "scheduled") != 0 && strcmp(kind, "process") != 0;
        for (size_t i = json_array_size(js_arr(before, kind)); lasting && i < json_array_size(list); i++)
            json_array_append(fresh, json_array_get(list, i));
        if (json_array_size(fresh))
            js_set(out, kind, json_incref(fresh));
        json_decref(fresh);
    }
    return out;
}

static void print_news(struct app *a, const json_t *happened)
{
    size_t i;
    json_t *v;
    json_array_foreach (js_arr(happened, "mail"), i, v)
        app_print(a, "  mail      %s\n", js_str_or(v, "subject", "?"));
    json_array_foreach (js_arr(happened, "webhook"), i, v)
        app_print(a, "  webhook   %s %s\n", js_str_or(v, "method", "?"), js_str_or(v, "name", "?"));
    json_array_foreach (js_arr(happened, "function"), i, v)
        app_print(a, "  function  %s: %s\n", js_str_or(v, "function", "?"), js_str_or(v, "status", "?"));
    json_array_foreach (js_arr(happened, "failed"), i, v)
        app_print(a, "  failed    %s of record %s\n", js_str_or(v, "module", "?"), js_str_or(v, "record", "?"));
    if (!json_object_size(happened))
        app_print(a, "  nothing was due\n");
}

static int move_on(struct app *a, struct sandbox *sb, const char *text, struct err *e)
{
    AUTO_JSON json_t *status = sandbox_status(sb);
    int64_t now = 0, seconds;
    if (clock_parse(js_str_or(status, "clock", ""), &now, e) < 0 || how_far(text, now, &seconds, e) < 0)
        return -1;
    AUTO_JSON json_t *before = sandbox_happenings(sb);
    if (sandbox_clock_advance(sb, seconds, e) < 0)
        return -1;
    AUTO_JSON json_t *after = sandbox_happenings(sb);
    js_set_int(a->data, "moved_s", seconds);
    js_set(a->data, "happened", news(before, after));
    return 0;
}

int cmd_sandbox_clock(struct app *a, struct err *e)
{
    struct sandbox *sb = NULL;
    int rc = sandbox_project_open(a, NULL, &sb, e);
    if (rc == 0 && a->n_args)
        rc = move_on(a, sb, a->args[0], e);
    if (rc == 0) {
        AUTO_JSON json_t *status = sandbox_status(sb);
        js_set_str(a->data, "now", js_str(status, "clock"));
        js_set_int(a->data, "ahead_s", js_int(status, "clock_ahead_s", 0));
        js_set_int(a->data, "waiting", js_int(js_obj(status, "happened"), "scheduled", 0));
        app_print(a, "%s in the sandbox%s, %lld actions wait for their time.\n", js_str_or(a->data, "now", "?"),
                  a->n_args ? " now" : "", (long long)js_int(a->data, "waiting", 0));
        if (a->n_args)
            print_news(a, js_obj(a->data, "happened"));
    }
    sandbox_close(sb);
    return rc;
}

/* ---- failures on order ---- */

const struct opt sandbox_fault_opts[] = {
    {"chaos", 0, OPT_TEXT, "SEED[:RATE]", "strike calls by chance, RATE per cent of them (default 10)"},
    {NULL, 0, OPT_FLAG, NULL, NULL},
};

int cmd_sandbox_fault(struct app *a, struct err *e)
{
    struct sandbox *sb = NULL;
    const char *rules = a->n_args ? a->args[0] : NULL, *chaos = app_text(a, "chaos", NULL);
    bool off = rules && !strcmp(rules, "off");
    int rc = sandbox_project_open(a, NULL, &sb, e);
    if (rc == 0 && (rules || chaos))
        rc = sandbox_fault(sb, off ? NULL : rules, chaos, e);
    if (rc == 0) {
        AUTO_JSON json_t *status = sandbox_status(sb);
        const char *fault = js_str(status, "fault"), *seed = js_str(status, "chaos");
        js_set_str(a->data, "fault", fault);
        js_set_str(a->data, "chaos", seed);
        if (fault || seed)
            app_print(a, "Ordered: %s%s%s\n", fault ? fault : "", seed ? "  chaos " : "", seed ? seed : "");
        else
            app_print(a, "No failures are ordered.\n");
    }
    sandbox_close(sb);
    return rc;
}
