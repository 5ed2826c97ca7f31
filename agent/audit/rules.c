#include "agent/audit/rules.h"

#include <stdarg.h>
#include <string.h>

#include "agent/audit/scripts.h"
#include "base/text.h"

static const struct audit_family *const families[] = {&audit_fields,    &audit_picklists, &audit_automation,
                                                      &audit_functions, &audit_outbound,  &audit_blueprints,
                                                      &audit_access,    &audit_limits,    &audit_compared};
enum { N_FAMILIES = sizeof families / sizeof *families };

size_t audit_families_n(void)
{
    return N_FAMILIES;
}

const struct audit_family *audit_family_at(size_t i)
{
    return families[i];
}

const struct audit_rule *audit_rule_find(const char *id)
{
    for (size_t f = 0; f < N_FAMILIES; f++)
        for (size_t i = 0; i < families[f]->n; i++)
            if (!strcmp(families[f]->rule[i].id, id))
                return &families[f]->rule[i];
    return NULL;
}

const char *audit_severity_name(enum audit_severity s)
{
    return s == AUDIT_ERROR ? "error" : s == AUDIT_WARNING ? "warning" : "note";
}

void audit_add(struct audit *a, const char *address, const char *evidence, ...)
{
    va_list ap;
    va_start(ap, evidence);
    AUTO_FREE char *text = mem_vprintf(evidence, ap);
    va_end(ap);
    json_t *f;
    size_t i;
    json_array_foreach (a->findings, i, f) {
        if (strcmp(js_str_or(f, "rule", ""), a->rule->id) != 0 || strcmp(js_str_or(f, "address", ""), address) != 0)
            continue;
        if (strcmp(js_str_or(f, "evidence", ""), text) != 0)
            js_array_add_unique(js_arr(f, "more"), text);
        return;
    }
    f = json_object();
    js_set_str(f, "rule", a->rule->id);
    js_set_str(f, "severity", audit_severity_name(a->rule->severity));
    js_set_str(f, "address", address);
    js_set_str(f, "title", a->rule->title);
    js_set_str(f, "evidence", text);
    js_set(f, "more", json_array());
    json_array_append_new(a->findings, f);
}

bool audit_active_user(const struct audit *a, const char *id)
{
    if (!id || !snapshot_get(a->s, "users"))
        return true;
    const json_t *u = snapshot_find(a->s, "users", "id", id, false);
    return u && !strcmp(js_str_or(u, "status", "active"), "active");
}

bool audit_system_field(const char *name)
{
    /* What every record has and GET settings/fields may leave out (zoho.com/crm/developer/docs/api/v8/get-records). */
    static const char *const names[] = {"id",
                                        "Id",
                                        "Owner",
                                        "Layout",
                                        "Tag",
                                        "Created_By",
                                        "Modified_By",
                                        "Created_Time",
                                        "Modified_Time",
                                        "Record_Image",
                                        "Last_Activity_Time",
                                        "Locked__s"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(name, names[i]))
            return true;
    return *name == '$' || strstr(name, "__s") != NULL;
}

static bool begins_with_one(const char *text, const char *const *beginnings)
{
    for (; *beginnings; beginnings++)
        if (!strncmp(text, *beginnings, strlen(*beginnings)))
            return true;
    return false;
}

void audit_missing_fields(struct audit *a, const char *const *users, bool only)
{
    static const char kind[] = "field/";
    const char *target;
    json_t *uses, *use;
    size_t i;
    json_object_foreach (a->uses.of, target, uses) {
        bool field = !strncmp(target, kind, sizeof kind - 1);
        AUTO_FREE char *plain = field ? text_percent_decode(target + sizeof kind - 1) : NULL;
        char *dot = plain ? strchr(plain, '.') : NULL;
        if (!dot)
            continue;
        *dot = '\0';
        AUTO_FREE char *list = mem_printf("fields/%s", plain);
        if (!snapshot_get(a->s, list) || org_field(a->s, plain, dot + 1) || audit_system_field(dot + 1))
            continue;
        json_array_foreach (uses, i, use) {
            const char *by = js_str_or(use, "by", "");
            if (begins_with_one(by, users) == only)
                audit_add(a, by, "%s has no field %s: %s", plain, dot + 1, js_str_or(use, "place", ""));
        }
    }
}

bool audit_rule_active(const json_t *rule)
{
    return js_bool(js_obj(rule, "status"), "active", true);
}

static void look(const struct thing *t, void *ctx)
{
    struct audit *a = ctx;
    a->rule->look(a, t);
}

void audit_run(struct audit *a)
{
    a->findings = json_array();
    uses_build(&a->uses, a->s);
    a->scripts = scripts_check(a->s);
    for (size_t f = 0; f < N_FAMILIES; f++)
        for (size_t i = 0; i < families[f]->n; i++) {
            a->rule = &families[f]->rule[i];
            if (a->rule->wants_readings && !a->readings)
                continue;
            if (a->rule->kind)
                things_of(a->s, a->rule->kind, look, a);
            else
                a->rule->whole(a);
        }
}

void audit_release(struct audit *a)
{
    uses_release(&a->uses);
    json_decref(a->scripts);
    json_decref(a->findings);
    a->scripts = a->findings = NULL;
}
