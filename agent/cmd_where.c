/* agent/cmd_where.c — where a thing of the org is used, before anyone touches it: from the snapshot that 'zagent audit' kept. */
#include "agent/audit/keep.h"
#include "agent/audit/mentions.h"
#include "agent/audit/things.h"
#include "agent/audit/uses.h"
#include "agent/command_audit.h"
#include "agent/project.h"
#include "base/text.h"
#include "plan/kind.h"

const struct opt where_opts[] = {
    {"org", 0, OPT_TEXT, "NAME", "an org of zagent.yaml instead of its default"},
    {"from", 0, OPT_TEXT, "FOLDER", "another snapshot than context/audit/ORG"},
    {NULL, 0, OPT_FLAG, NULL, NULL},
};

int audit_folder(struct app *a, const char *name, char **folder, struct err *e)
{
    const char *org;
    const json_t *row;
    if (project_org(a->project, name, &org, &row, e) < 0)
        return -1;
    AUTO_FREE char *rel = mem_printf(AUDIT_FOLDER "/%s", org);
    *folder = project_path(a->project, rel);
    js_set_str(a->meta, "org", org);
    return 0;
}

/* ---- what was asked for ---- */

struct asked {
    const char *address;
    struct snapshot *s;
    const json_t *found;
    char *module, *name, *kind;
    const char *near;
    char near_buf[200];
    size_t distance;
};

static void compare(const struct thing *t, void *ctx)
{
    struct asked *q = ctx;
    size_t d;
    if (!strcmp(t->address, q->address))
        q->found = t->o;
    d = text_distance(t->address, q->address, 3);
    if (d < q->distance) {
        q->distance = d;
        snprintf(q->near_buf, sizeof q->near_buf, "%s", t->address);
        q->near = q->near_buf;
    }
}

/* "picklist_value/Quotes.Stage=Won" is no thing of its own. */
static void look_for_value(struct asked *q)
{
    char *equals = strchr(q->name, '=');
    if (!equals)
        return;
    AUTO_FREE char *field = mem_dupn(q->name, (size_t)(equals - q->name));
    q->found = org_value(org_field(q->s, q->module, field), equals + 1);
}

static int split(struct asked *q, struct err *e)
{
    const char *slash = strchr(q->address, '/');
    AUTO_FREE char *decoded = text_percent_decode(slash ? slash + 1 : "");
    if (!slash || !decoded || !*decoded) {
        err_set(e, ERR_USAGE, "'%s' is no address of a thing in an org", q->address);
        err_fix(e, "for example: zagent where field/Quotes.Quote_Stage, function/NAME, module/Quotes, "
                   "picklist_value/Quotes.Quote_Stage=Draft");
        return -1;
    }
    const char *dot = strchr(decoded, '.');
    q->kind = mem_dupn(q->address, (size_t)(slash - q->address));
    const struct kind *kind = kind_find(q->kind);
    bool in_module = kind ? kind->in_module : dot != NULL;
    q->module = in_module && dot ? mem_dupn(decoded, (size_t)(dot - decoded)) : NULL;
    q->name = mem_dup(q->module && dot ? dot + 1 : decoded);
    return 0;
}

static int look_up(struct asked *q, const char *folder, struct err *e)
{
    if (!strcmp(q->kind, "picklist_value"))
        look_for_value(q);
    else
        things_each(q->s, compare, q);
    if (q->found)
        return 0;
    err_set(e, ERR_NOT_FOUND, "the org has no '%.150s'", q->address);
    err_at(e, "%s", folder);
    return q->near ? err_fix(e, "did you mean %s?", q->near) : err_fix(e, "run 'zagent audit' if it is new");
}

/* ---- telling ---- */

static void add_use(json_t *out, const json_t *use, const char *through)
{
    json_t *o = json_copy((json_t *)(uintptr_t)use);
    if (through)
        js_set_str(o, "through", through);
    json_array_append_new(out, o);
}

/* What is used by an action is in effect used by what runs the action. */
static bool runs_by_others(const char *by)
{
    static const char *const kinds_run[] = {"field_update/",     "email_notification/", "task/",    "webhook/",
                                            "function_wrapper/", "email_template/",     "function/"};
    for (size_t i = 0; i < sizeof kinds_run / sizeof *kinds_run; i++)
        if (!strncmp(by, kinds_run[i], strlen(kinds_run[i])))
            return true;
    return false;
}

static void gather(json_t *out, struct strset *met, const struct uses *u, const char *target, const char *through)
{
    const json_t *use;
    size_t i;
    json_array_foreach (uses_of(u, target), i, use) {
        const char *by = js_str_or(use, "by", "");
        add_use(out, use, through);
        if (runs_by_others(by) && strset_add(met, by))
            gather(out, met, u, by, by);
    }
}

static void print_use(struct app *a, const json_t *use)
{
    AUTO_FREE char *by = address_for_people(js_str_or(use, "by", ""));
    AUTO_SB struct sb b = SB_INIT(4096);
    sb_add(&b, by);
    if (js_int(use, "line", 0))
        sb_addf(&b, ":%lld", (long long)js_int(use, "line", 0));
    AUTO_FREE char *who = mem_dup(b.buf);
    sb_clear(&b);
    add_column(&b, who, 46);
    sb_add(&b, js_str_or(use, "place", ""));
    app_print(a, "  %s%s\n", js_str(use, "through") ? "  runs it: " : "", b.buf);
    if (js_str(use, "code"))
        app_print(a, "        %s%s%s\n", app_paint(a, "dim"), js_str(use, "code"), app_paint(a, NULL));
}

static void tell(struct app *a, const struct asked *q, const json_t *uses, const json_t *mentions)
{
    const json_t *one;
    size_t i;
    AUTO_FREE char *shown = address_for_people(q->address);
    const char *label =
        js_str(q->found, "field_label") ? js_str(q->found, "field_label") : js_str(q->found, "display_value");
    app_print(a, "%s%s%s%s%s%s%s\n", app_paint(a, "bold"), shown, app_paint(a, NULL), label ? "   \"" : "",
              label ? label : "", label ? "\"   " : "", js_str_or(q->found, "data_type", ""));
    json_array_foreach (uses, i, one)
        print_use(a, one);
    if (json_array_size(mentions))
        app_print(a, "  this project's playbooks:\n");
    json_array_foreach (mentions, i, one)
        app_print(a, "    %s:%lld   %s\n", js_str_or(one, "file", ""), (long long)js_int(one, "line", 0),
                  js_str_or(one, "code", ""));
    app_print(
        a,
        "%zu uses in the org, %zu lines of playbooks. Buttons, schedules, layout rules, reports and approvals are "
        "not shown by the API: look there by hand.\n",
        json_array_size(uses), json_array_size(mentions));
}

/* A value is spoken of where its field is. */
static json_t *mention(const struct project *p, const struct asked *q, struct err *e)
{
    const char *equals = !strcmp(q->kind, "picklist_value") ? strchr(q->name, '=') : NULL;
    if (!equals)
        return mentions_find(p, q->module, q->name, e);
    AUTO_FREE char *field = mem_dupn(q->name, (size_t)(equals - q->name));
    return mentions_find(p, field, equals + 1, e);
}

int cmd_where(struct app *a, struct err *e)
{
    struct snapshot s;
    struct uses u = {0};
    struct strset met = {0};
    struct asked q = {.s = &s, .distance = 4};
    AUTO_FREE char *folder = NULL;
    AUTO_FREE char *canonical = NULL;
    AUTO_JSON json_t *uses = json_array();
    AUTO_JSON json_t *mentions = NULL;
    struct err quiet = {0};
    snapshot_init(&s);
    canonical = address_canonical(a->args[0], &quiet);
    q.address = canonical ? canonical : a->args[0];
    int rc = split(&q, e);
    if (rc == 0 && app_text(a, "from", NULL))
        folder = mem_dup(app_text(a, "from", NULL));
    else if (rc == 0)
        rc = audit_folder(a, app_text(a, "org", NULL), &folder, e);
    if (rc == 0)
        rc = keep_load(folder, &s, NULL, e);
    if (rc == 0)
        rc = look_up(&q, folder, e);
    if (rc == 0) {
        uses_build(&u, &s);
        gather(uses, &met, &u, q.address, NULL);
        mentions = mention(a->project, &q, e);
        rc = mentions ? 0 : -1;
    }
    if (rc == 0) {
        tell(a, &q, uses, mentions);
        js_set_str(a->data, "address", q.address);
        json_object_set(a->data, "uses", uses);
        json_object_set(a->data, "playbooks", mentions);
    }
    uses_release(&u);
    strset_release(&met);
    free(q.module);
    free(q.name);
    free(q.kind);
    snapshot_release(&s);
    return rc;
}
