/* deluge/task.c — the zoho.crm tasks: arguments by position become a request by meaning; every call is counted and traced.
 * Source: zoho.com/crm/developer/docs/serverless-architecture/deluge-integ-tasks, deluge/help/crm. */
#include <string.h>

#include "base/text.h"
#include "deluge/evaluator.h"

/* One letter an argument: m module, i id, v values, o options or query, p page, n per page, c criteria, l list, r related id,
 * x connection, k name, F file. Those after | are optional. */
static const struct {
    const char *name; /* lower case, without zoho.crm. */
    const char *task; /* as people write it */
    enum dg_verb verb;
    const char *args;
    bool writes;
} rows[] = {
    {"getrecordbyid", "getRecordById", DG_GET_RECORD, "mi|ox", false},
    {"getrecords", "getRecords", DG_GET_RECORDS, "m|pnox", false},
    {"searchrecords", "searchRecords", DG_SEARCH_RECORDS, "mc|pnox", false},
    {"createrecord", "createRecord", DG_CREATE_RECORD, "mv|ox", true},
    {"updaterecord", "updateRecord", DG_UPDATE_RECORD, "miv|ox", true},
    {"upsert", "upsert", DG_UPSERT, "mv|ox", true},
    {"bulkcreate", "bulkCreate", DG_BULK_CREATE, "mv|ox", true},
    {"bulkupdate", "bulkUpdate", DG_BULK_UPDATE, "mv|ox", true},
    {"getrelatedrecords", "getRelatedRecords", DG_GET_RELATED, "lmi|pnox", false},
    {"updaterelatedrecord", "updateRelatedRecord", DG_UPDATE_RELATED, "lrmiv|x", true},
    {"convertlead", "convertLead", DG_CONVERT_LEAD, "iv|x", true},
    {"attachfile", "attachFile", DG_ATTACH_FILE, "miF|x", true},
    {"getorgvariable", "getOrgVariable", DG_ORG_VARIABLE, "k|", false},
    {"invokeconnector", "invokeConnector", DG_INVOKE_CONNECTOR, "kv|x", true},
    /* v1: still in old scripts */
    {"create", "createRecord", DG_CREATE_RECORD, "mv|ox", true},
    {"update", "updateRecord", DG_UPDATE_RECORD, "miv|ox", true},
};

static bool number(struct dg_frame *f, struct dv v, int64_t *out)
{
    *out = 0;
    return v.kind == DV_NULL || dg_to_int(f, v, out);
}

static bool one_argument(struct dg_frame *f, char what, size_t index, struct dv v, struct dg_request *q)
{
    switch (what) {
    case 'o':
        q->options = v;
        if (v.kind != DV_NULL && !dv_is_map(v))
            break;
        return true;
    case 'v':
        q->values = v;
        if (q->verb == DG_BULK_CREATE || q->verb == DG_BULK_UPDATE ? !dv_is_list(v) : !dv_is_map(v))
            break;
        return true;
    case 'F':
        q->values = v;
        return true;
    case 'p':
        return number(f, v, &q->page);
    case 'n':
        return number(f, v, &q->per_page);
    default:
        break;
    }
    if (what == 'o' || what == 'v')
        return dg_fail(f, "Incompatible types for function at argument index %zu Required: [%s] Found: %s", index,
                       q->verb == DG_BULK_CREATE || q->verb == DG_BULK_UPDATE ? "LIST" : "KEY-VALUE", dv_type(v));
    if (v.kind == DV_NULL && what != 'x')
        return dg_fail(f, "Value is empty and '%s' function cannot be applied: argument %zu is null", q->task, index);
    const char *text = v.kind == DV_NULL ? "" : dg_text(f, v).t.s;
    *(what == 'm'   ? &q->module
      : what == 'i' ? &q->id
      : what == 'c' ? &q->criteria
      : what == 'l' ? &q->list
      : what == 'r' ? &q->related_id
      : what == 'k' ? &q->name
                    : &q->connection) = text;
    return true;
}

static bool refused(struct dv answer)
{
    return dv_is_map(answer) && dv_is_text(dv_get(answer, "status"), "error");
}

/* {task, module, id?, values | rows, trigger?, lar_id?}: what a test compares. */
static void trace_write(struct dg_run *r, const struct dg_request *q)
{
    struct dg_arena *a = &r->arena;
    struct dv w = dv_box_new(a, DV_MAP);
    dv_puts(a, w, "task", dv_static(q->task));
    if (q->module)
        dv_puts(a, w, "module", dv_text(a, q->module));
    if (q->name)
        dv_puts(a, w, "name", dv_text(a, q->name));
    if (q->list)
        dv_puts(a, w, "list", dv_text(a, q->list));
    if (q->id)
        dv_puts(a, w, "id", dv_text(a, q->id));
    if (q->related_id)
        dv_puts(a, w, "related_id", dv_text(a, q->related_id));
    dv_puts(a, w, q->verb == DG_BULK_CREATE || q->verb == DG_BULK_UPDATE ? "rows" : "values", dv_copy(a, q->values));
    static const char *const told[] = {"trigger", "lar_id"}; /* what runs after the write */
    for (size_t i = 0; dv_is_map(q->options) && i < sizeof told / sizeof *told; i++)
        if (dv_get(q->options, told[i]).kind != DV_NULL)
            dv_puts(a, w, told[i], dv_copy(a, dv_get(q->options, told[i])));
    dv_add(a, r->writes, w);
}

void dg_trace_add(struct sb *b, const char *text)
{
    size_t n = strlen(text), shown = n > DG_TRACE_SHOWN ? DG_TRACE_SHOWN : n;
    while (shown < n && shown > 0 && ((unsigned char)text[shown] & 0xC0) == 0x80)
        shown--;
    sb_addf(b, "%.*s%s", (int)shown, text, shown < n ? "…" : "");
}

static void trace_call(struct dg_frame *f, const struct dg_request *q, struct dv answer)
{
    AUTO_SB struct sb b = SB_INIT(4000);
    const char *const parts[] = {q->list, q->related_id, q->module, q->id, q->name, q->criteria};
    sb_add(&b, q->task);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i]) {
            sb_add(&b, " ");
            dg_trace_add(&b, parts[i]);
        }
    if (answer.kind == DV_NULL)
        sb_add(&b, " -> null");
    else if (refused(answer))
        sb_addf(&b, " -> %.60s", dv_str(answer, "code", "error"));
    else if (dv_is_list(answer))
        sb_addf(&b, " -> %zu rows", answer.box->n);
    dv_add(&f->run->arena, f->run->calls, dg_take(f, &b));
}

static bool execute(struct dg_frame *f, struct dg_request *q, bool writes, struct dv *out)
{
    struct dg_run *r = f->run;
    const char *why = "the host has no records";
    r->took_ms = 0;
    q->milliseconds = &r->took_ms;
    r->count.api_calls++;
    if (!r->host->record || !r->host->record(r->host->ctx, &r->arena, q, out, &why))
        return dg_fail(f, "%s: %s", q->task, why);
    if (!dg_pass_time(f, r->took_ms))
        return false;
    if (q->verb == DG_GET_RECORD && out->kind == DV_NULL && r->sw.other[DG_SW_MISSING_RECORD]) {
        *out = dv_box_new(&r->arena, DV_MAP);
        dv_puts(&r->arena, *out, "code", dv_static("INVALID_DATA"));
        dv_puts(&r->arena, *out, "message", dv_static("the id given seems to be invalid"));
        dv_puts(&r->arena, *out, "status", dv_static("error"));
    }
    trace_call(f, q, *out);
    if (writes && !refused(*out))
        trace_write(r, q);
    return true;
}

/* Says what there is instead. Always false. */
static bool no_task(struct dg_frame *f, const char *name)
{
    const char *names[sizeof rows / sizeof *rows];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        names[i] = rows[i].task;
    if (!strncmp(name, "delete", 6))
        return dg_fail(
            f, "CRM has no task zoho.crm.%s: use invokeurl with type DELETE, or invokeConnector(\"crm.delete\",…)",
            name);
    const char *near = text_nearest(name, names, sizeof names / sizeof *names);
    return near ? dg_fail(f, "'zoho.crm.%s' is not a task of this interpreter: did you mean zoho.crm.%s?", name, near)
                : dg_fail(f, "'zoho.crm.%s' is not a task of this interpreter", name);
}

bool dg_task_call(struct dg_frame *f, const char *path, const struct dv *arg, size_t n, struct dv *out, bool *known)
{
    *known = false;
    if (strncmp(path, "zoho.crm.", 9) != 0)
        return true;
    path += 9;
    bool v8 = !strncmp(path, "v8.", 3);
    path += v8 ? 3 : !strncmp(path, "v2_1.", 5) ? 5 : 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(path, rows[i].name) != 0)
            continue;
        *known = true;
        struct dg_request q = {.verb = rows[i].verb, .task = rows[i].task};
        const char *args = rows[i].args, *bar = strchr(args, '|');
        size_t need = (size_t)(bar - args), most = strlen(args) - 1;
        if (n < need || n > most)
            return dg_fail(f, "Number of Arguments mismatches for the function %s: it takes %zu to %zu, not %zu",
                           rows[i].task, need, most, n);
        for (size_t k = 0; k < n; k++)
            if (!one_argument(f, args[k < need ? k : k + 1], k, arg[k], &q))
                return false;
        /* deluge/help/crm/get-record-by-id-V8: the map with fields is mandatory. */
        if (v8 && q.verb == DG_GET_RECORD && (!dv_is_map(q.options) || dv_get(q.options, "fields").kind == DV_NULL))
            return dg_fail(f, "Number of Arguments mismatches for the function v8.getRecordById: the third is a map "
                              "with the fields, {\"fields\":\"Deal_Name,Stage\"}");
        return execute(f, &q, rows[i].writes, out);
    }
    return no_task(f, path);
}
