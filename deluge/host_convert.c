/* deluge/host_convert.c — a lead becomes a contact, an account, a deal. deluge/help/crm/convert-lead */
#include "deluge/host_memory.h"

/* {"Contacts": "id"} or {"Contacts": {"id": …}} links a record that is there. */
static const char *existing(struct dv values, const char *module)
{
    struct dv v = dv_is_map(values) ? dv_get(values, module) : dv_null();
    v = dv_is_map(v) ? dv_get(v, "id") : v;
    return v.kind == DV_TEXT ? v.t.s : NULL;
}

static void take_over(struct dg_memory *m, struct dv to, struct dv lead, const char *const *fields, size_t n)
{
    for (size_t i = 0; i < n; i += 2) {
        struct dv v = dv_get(lead, fields[i]);
        if (v.kind != DV_NULL)
            dv_puts(&m->arena, to, fields[i + 1], v);
    }
}

/* A contact always, an account when the lead has a company, a deal when its values are given (deluge/help/crm/convert-lead). */
struct dv dg_memory_convert(struct dg_memory *m, struct dg_arena *a, const struct dg_request *q)
{
    static const char *const contact[] = {"First_Name", "First_Name", "Last_Name", "Last_Name", "Email",
                                          "Email",      "Phone",      "Phone",     "Mobile",    "Mobile"};
    static const char *const account[] = {"Company", "Account_Name", "Phone", "Phone", "Website", "Website"};
    static const struct {
        const char *module;
        const char *const *fields;
        size_t n;
    } rows[] = {{"Contacts", contact, 10}, {"Accounts", account, 6}, {"Deals", NULL, 0}};
    struct dv lead = dg_memory_find(m, "Leads", q->id), answer = dv_box_new(a, DV_MAP);
    if (lead.kind == DV_NULL)
        return dg_error_answer(a, "INVALID_DATA", "the id given seems to be invalid");
    if (dv_is_map(lead) && dv_get(lead, "Converted__s").kind == DV_BOOL)
        return dg_error_answer(a, "ID_ALREADY_CONVERTED", "id already converted");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *id = existing(q->values, rows[i].module);
        struct dv given = dv_is_map(q->values) ? dv_get(q->values, rows[i].module) : dv_null();
        if (id) {
            dv_puts(a, answer, rows[i].module, dv_text(a, id));
            continue;
        }
        if (!dv_is_map(given) && i > 0 && (i == 2 || dv_get(lead, "Company").kind == DV_NULL))
            continue;
        struct dv values = dv_is_map(given) ? dv_copy(a, given) : dv_box_new(a, DV_MAP);
        take_over(m, values, lead, rows[i].fields, rows[i].n);
        dv_puts(a, answer, rows[i].module, dv_get(dg_memory_create(m, a, rows[i].module, values), "id"));
    }
    dv_puts(&m->arena, lead, "Converted__s", dv_bool(true));
    return answer;
}
