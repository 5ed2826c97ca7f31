/* doctor --open-questions: what only a live org can settle, from templates/_probes/probes.yaml of the project or the installation. */
#include "agent/doctor.h"

static const char file[] = "templates/_probes/probes.yaml";

/* Every probe has all of these; a person runs it without asking anybody. */
static const char *const keys[] = {"id", "area", "question", "assumed", "run", "proves", "undo", "risk", "source"};
enum { N_KEYS = sizeof keys / sizeof *keys };

static int open_file(struct yaml *y, const struct app *a, struct err *e)
{
    AUTO_FREE char *own = a->project ? project_path(a->project, file) : NULL;
    if (own && fs_exists(own))
        return yaml_load(y, own, file, e);
    AUTO_FREE char *data = project_data_dir();
    AUTO_FREE char *installed = mem_printf("%s/%s", data ? data : "", file);
    if (data && fs_exists(installed))
        return yaml_load(y, installed, file, e);
    err_set(e, ERR_NOT_FOUND, "the installation has no list of probes");
    err_at(e, "%s", file);
    return err_fix(e, "install zagent with 'make install', or run it from its checkout");
}

static int check(const struct yaml *y, const json_t *probe, size_t i, struct err *e)
{
    AUTO_FREE char *at = mem_printf("/probes/%zu", i);
    for (size_t k = 0; k < N_KEYS; k++) {
        bool list = strcmp(keys[k], "run") == 0;
        if (list ? json_array_size(js_arr(probe, "run")) > 0 : js_str(probe, keys[k]) != NULL)
            continue;
        yaml_err(e, y, at, ERR_CONFIG, "this probe has no '%s'", keys[k]);
        return err_fix(e, "say id, area, question, assumed, run (a list), proves, undo, risk and source");
    }
    return 0;
}

static void print(struct app *a, const json_t *probe)
{
    const json_t *step;
    size_t i;
    app_print(a, "%s%s  %s%s  (%s)\n", app_paint(a, "bold"), js_str(probe, "id"), js_str(probe, "question"),
              app_paint(a, NULL), js_str(probe, "risk"));
    app_print(a, "     assumed  %s\n", js_str(probe, "assumed"));
    json_array_foreach (js_arr(probe, "run"), i, step)
        app_print(a, "     %s %zu. %s\n", i ? "       " : "run    ", i + 1, json_string_value(step));
    app_print(a, "     proves   %s\n     undo     %s\n\n", js_str(probe, "proves"), js_str(probe, "undo"));
}

int doctor_questions(struct app *a, struct err *e)
{
    struct yaml y = {0};
    const char *area = "";
    const json_t *probe;
    size_t i;
    int rc = open_file(&y, a, e);
    json_t *probes = rc == 0 ? js_arr(y.root, "probes") : NULL;
    json_array_foreach (probes, i, probe)
        rc = rc == 0 ? check(&y, probe, i, e) : rc;
    if (rc == 0) {
        json_object_set(a->data, "probes", probes);
        app_print(a,
                  "What only a live org can settle: %zu probes. Each says what zagent assumes meanwhile, and how to "
                  "undo it.\n"
                  "Run them in a sandbox of Zoho's, a trial or a developer org, and report what came out.\n\n",
                  json_array_size(probes));
    }
    json_array_foreach (probes, i, probe) {
        if (rc == 0 && strcmp(area, js_str(probe, "area")) != 0) {
            area = js_str(probe, "area");
            app_print(a, "%s\n\n", area);
        }
        if (rc == 0)
            print(a, probe);
    }
    yaml_release(&y);
    return rc;
}
