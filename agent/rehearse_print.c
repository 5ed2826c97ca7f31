/* agent/rehearse_print.c — a rehearsal's report for people, and its verdict. */
#include "agent/rehearse.h"

static void print_steps(struct app *a, const json_t *steps)
{
    json_t *v;
    size_t i;
    app_print(a, "  %lld of %lld steps that change something are in place\n", (long long)js_int(steps, "in_place", 0),
              (long long)js_int(steps, "planned", 0));
    json_array_foreach (js_arr(steps, "open"), i, v) {
        AUTO_FREE char *name = address_for_people(js_str_or(v, "address", ""));
        app_print(a, "  %s%s%s  %s: %s\n", app_paint(a, "red"), js_str_or(v, "outcome", "open"), app_paint(a, NULL),
                  name, js_str_or(v, "text", ""));
    }
}

static void print_functions(struct app *a, const json_t *list)
{
    json_t *v;
    size_t i;
    json_array_foreach (list, i, v) {
        AUTO_FREE char *name = address_for_people(js_str_or(v, "address", ""));
        app_print(a, "  %s: %s\n", name, js_str_or(v, "text", ""));
    }
}

static void print_checks(struct app *a, const json_t *list)
{
    json_t *v, *d;
    size_t i, k;
    json_array_foreach (list, i, v) {
        bool ok = js_bool(v, "ok", false);
        app_print(a, "  %s%-6s%s  %s: %s\n", app_paint(a, ok ? "green" : "red"), ok ? "ok" : "FAILED",
                  app_paint(a, NULL), js_str_or(v, "playbook", ""), js_str_or(v, "name", ""));
        json_array_foreach (js_arr(v, "differences"), k, d)
            app_print(a, "            %s\n", json_string_value(d));
        if (!ok)
            app_print(a, "            %s\n", js_str_or(v, "where", ""));
    }
}

static void print_unknown(struct app *a, const json_t *v)
{
    const json_t *unknown = js_obj(v, "unknown_lookups");
    const char *field;
    json_t *n;
    json_object_foreach ((json_t *)(uintptr_t)unknown, field, n)
        app_print(a, "    %s: %lld records it points to are no samples, so what rules read there is missing here\n",
                  field, (long long)json_integer_value(n));
}

static void print_module(struct app *a, const json_t *v)
{
    const char *module = js_str_or(v, "module", "?");
    long long of = (long long)js_int(v, "of", 0), refused = (long long)js_int(v, "refused", 0);
    json_t *r;
    size_t i;
    app_print(a, "  %lld of %lld records of %s would be refused on their next save%s\n", refused, of, module,
              refused ? ":" : "");
    json_array_foreach (js_arr(v, "refusals"), i, r) {
        AUTO_FREE char *ids = json_dumps(js_arr(r, "ids"), JSON_COMPACT);
        app_print(a, "    %lld: \"%s\"  %s\n", (long long)js_int(r, "n", 0), js_str_or(r, "text", ""), ids ? ids : "");
    }
    if (js_int(v, "changed", 0))
        app_print(a, "  %lld of %lld would change besides what is edited:\n", (long long)js_int(v, "changed", 0), of);
    json_array_foreach (js_arr(v, "changes"), i, r)
        app_print(a, "    %s becomes %s in %lld\n", js_str_or(r, "field", ""), js_str_or(r, "value", ""),
                  (long long)js_int(r, "n", 0));
    if (js_int(v, "mails", 0))
        app_print(a, "    %lld mails would go out\n", (long long)js_int(v, "mails", 0));
    if (js_int(v, "failed", 0))
        app_print(a, "    in %lld an action fails\n", (long long)js_int(v, "failed", 0));
    print_unknown(a, v);
}

void rehearse_print(struct app *a, const json_t *report)
{
    json_t *v;
    size_t i;
    app_print(a, "\n%sRehearsed%s on a copy of the org, in memory:\n", app_paint(a, "bold"), app_paint(a, NULL));
    print_steps(a, js_obj(report, "steps"));
    print_functions(a, js_arr(report, "functions"));
    print_checks(a, js_arr(report, "checks"));
    json_array_foreach (js_arr(report, "records"), i, v)
        print_module(a, v);
    if (!json_array_size(js_arr(report, "records")))
        app_print(a, "  What happens to records that exist: keep samples first, zagent audit --records MODULE\n");
}

int rehearse_verdict(const json_t *report, struct err *e)
{
    json_t *v;
    size_t i, open = json_array_size(js_arr(js_obj(report, "steps"), "open")), failed = 0;
    const char *first = NULL;
    json_array_foreach (js_arr(report, "checks"), i, v) {
        failed += !js_bool(v, "ok", false);
        first = !first && !js_bool(v, "ok", false) ? js_str(v, "where") : first;
    }
    if (!open && !failed)
        return 0;
    if (!failed) {
        err_set(e, ERR_FINDINGS, "%zu step%s did not come true in the rehearsal", open, open == 1 ? "" : "s");
        return err_fix(e, "the rehearsal's report names each with its reason");
    }
    err_set(e, ERR_FINDINGS, "%zu check%s failed in the rehearsal%s", failed, failed == 1 ? "" : "s",
            open ? ", and not every step came true" : "");
    err_at(e, "%s", first);
    return err_fix(e, "mend the playbook, or the check when it expects the wrong thing; then plan again");
}
