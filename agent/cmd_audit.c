/* agent/cmd_audit.c — what is read of an org to be kept: samples of its records, for the rehearsal. */
#include "agent/command_sandbox.h"
#include "agent/samples.h"
#include "agent/session.h"
#include "zoho/crm/sample.h"

enum { SAMPLES = 200 };

const struct opt audit_opts[] = {
    {"org", 0, OPT_TEXT, "NAME", "an org of zagent.yaml instead of its default"},
    {"records", 'r', OPT_LIST, "MODULE", "keep samples of this module's records"},
    {"limit", 'n', OPT_INT, "N", "at most so many of each, the newest (default 200, at most 2000)"},
    {NULL, 0, OPT_FLAG, NULL, NULL},
};

/* A module's name becomes a file's. */
static int check_module_name(const char *name, struct err *e)
{
    size_t n = strlen(name);
    bool good = n > 0 && n <= 100;
    for (const char *p = name; good && *p; p++)
        good = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || *p == '_';
    if (good)
        return 0;
    err_set(e, ERR_USAGE, "'%s' is not a module's api_name", name);
    return err_fix(e, "for example: zagent audit --records Quotes");
}

static int keep(struct app *a, struct org *org, const char *module, int limit, struct err *e)
{
    AUTO_JSON json_t *rows = NULL;
    if (check_module_name(module, e) < 0 || crm_samples(org->zoho, module, limit, &rows, e) < 0 ||
        samples_keep(a, org, module, rows, e) < 0)
        return -1;
    js_set_int(js_obj(a->data, "records"), module, (int64_t)json_array_size(rows));
    app_print(a, "  %zu records of %s, in .zagent/ for you alone\n", json_array_size(rows), module);
    return 0;
}

int cmd_audit(struct app *a, struct err *e)
{
    struct session s;
    const json_t *modules = app_list(a, "records");
    int64_t limit = app_int(a, "limit", SAMPLES);
    if (!modules || limit < 1 || limit > CRM_SAMPLE_MAX) {
        err_set(e, ERR_USAGE, modules ? "--limit is between 1 and 2000" : "--records MODULE says what to read");
        return err_fix(e, "zagent audit --records Quotes --records Products --limit 200");
    }
    js_set(a->data, "records", json_object());
    int rc = session_open(&s, a, SESSION_READER, e);
    for (size_t i = 0; rc == 0 && i < json_array_size(modules); i++)
        rc = keep(a, s.org, json_string_value(json_array_get(modules, i)), (int)limit, e);
    session_close(&s);
    return rc;
}
