/* agent/cmd_doctor.c — can zagent do its work here, and if not, what to ask whom for. */
#include "agent/command_auth.h"
#include "agent/doctor.h"
#include "base/secret.h"

const struct opt doctor_opts[] = {
    {"org", 0, OPT_TEXT, "NAME", "an org of zagent.yaml instead of its default"},
    {"bundle", 0, OPT_TEXT, "FILE", "write what was found for support, without names, ids and secrets"},
    {"open-questions", 0, OPT_FLAG, NULL, "what only a live org can settle, as probes a person can run"},
    {NULL, 0, OPT_FLAG, NULL, NULL},
};

/* The answer of a sign-in that failed is one more row: the rows before it often say why. */
static void no_org(struct doctor *d, const struct err *e)
{
    AUTO_FREE char *found = mem_printf("%s%s%s", e->what, e->where[0] ? ": " : "", e->where);
    doctor_row(d, DOCTOR_FAIL, "The org", "sign-in", found, e->fix,
               e->kind == ERR_PERMISSION ? "an administrator of the org" : "");
    if (d->first.kind == ERR_NONE || e->kind != ERR_NET)
        d->first = *e;
}

static int look(struct doctor *d, struct err *e)
{
    struct err local = {0};
    doctor_machine(d);
    doctor_way(d);
    if (session_open(&d->s, d->a, SESSION_READER, &local) < 0) {
        no_org(d, &local);
        return 0;
    }
    return doctor_org(d, e) < 0 || doctor_may(d, e) < 0 || doctor_room(d, e) < 0 ? -1 : 0;
}

static int write_bundle(struct app *a, const struct doctor *d, const char *file, struct err *e)
{
    const char *slash = strrchr(file, '/');
    AUTO_FREE char *dir = slash ? mem_dupn(file, slash == file ? 1 : (size_t)(slash - file)) : mem_dup(".");
    struct fs_root root = {.fd = -1};
    AUTO_JSON json_t *o = json_object();
    js_set_str(o, "schema", "zagent.doctor/1");
    js_set(o, "checks", doctor_bundle(d->checks));
    json_t *caps = js_obj(a->data, "capabilities");
    if (caps)
        json_object_set(o, "capabilities", caps);
    AUTO_FREE char *text = js_pretty(o, e);
    if (!text || fs_root_open(&root, dir, false, 0755, e) < 0)
        return -1;
    AUTO_FREE char *safe = secret_redact(text);
    int rc = fs_write_in(&root, slash ? slash + 1 : file, safe, strlen(safe), 0600, e);
    fs_root_close(&root);
    if (rc == 0) {
        js_set_str(a->data, "bundle", file);
        app_print(a, "For support: %s (no names, no ids, no secrets; read it before you send it)\n", file);
    }
    return rc;
}

int cmd_doctor(struct app *a, struct err *e)
{
    struct doctor d = {.a = a};
    if (app_flag(a, "open-questions"))
        return doctor_questions(a, e);
    if (project_org(a->project, app_text(a, "org", NULL), &d.org, &d.row, e) < 0)
        return -1;
    js_set(a->data, "checks", json_array());
    d.checks = js_arr(a->data, "checks");
    snapshot_init(&d.snapshot);
    int rc = look(&d, e);
    doctor_print(&d);
    if (rc == 0 && app_text(a, "bundle", NULL))
        rc = write_bundle(a, &d, app_text(a, "bundle", NULL), e);
    if (rc == 0 && d.fail) {
        /* Scripts go by the kind of the first thing in the way. */
        err_set(e, d.first.kind == ERR_NONE ? ERR_FINDINGS : d.first.kind, "%zu thing%s in the way%s%s", d.fail,
                d.fail == 1 ? "" : "s", d.first.kind == ERR_NONE ? "" : ", the first: ", d.first.what);
        rc = err_fix(e, "do what stands below each");
    }
    snapshot_release(&d.snapshot);
    session_close(&d.s);
    return rc;
}
