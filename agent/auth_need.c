#include "agent/auth_need.h"

#include "agent/draft.h"
#include "agent/playbook_check.h"
#include "zoho/crm/scope.h"

/* Asked for whatever the playbooks are. */
static const struct {
    const char *scope, *why;
} always[] = {
    {"ZohoCRM.org.READ", "which org this is: a credential of another one is refused"},
    {"ZohoCRM.apis.READ", "what this org lets its API do"},
    {"ZohoCRM.features.READ", "what its edition has"},
    {"ZohoCRM.settings.modules.READ", "its modules"},
    {"ZohoCRM.users.READ", "whose permissions count here"},
};

static void need(json_t *needs, const char *scope, const char *why, const char *playbook)
{
    json_t *one = json_object_get(needs, scope);
    if (!one) {
        one = json_object();
        js_set_str(one, "scope", scope);
        js_set(one, "why", json_array());
        js_set(one, "playbooks", json_array());
        js_set(needs, scope, one);
    }
    js_array_add_unique(js_arr(one, "why"), why);
    if (playbook)
        js_array_add_unique(js_arr(one, "playbooks"), playbook);
}

/* "fields/Quotes" is read for "fields". */
static void need_reads(json_t *needs, const struct strset *reads, const char *playbook)
{
    for (size_t i = 0; i < reads->n; i++) {
        const char *scope = crm_read_scope(reads->item[i]);
        AUTO_FREE char *list = mem_dupn(reads->item[i], strcspn(reads->item[i], "/"));
        for (char *p = list; *p; p++)
            *p = *p == '_' ? ' ' : *p;
        bool wide = scope && strcmp(scope, "ZohoCRM.settings.READ") == 0;
        AUTO_FREE char *why = mem_printf("read %s%s", list, wide ? " (no narrower scope is published)" : "");
        if (scope)
            need(needs, scope, why, playbook);
    }
}

static void need_module(json_t *needs, const char *module, const char *why, const char *playbook)
{
    AUTO_FREE char *scope = crm_module_scope(module, "READ");
    need(needs, scope, why, playbook);
    need(needs, "ZohoCRM.coql.READ", why, playbook);
}

static void need_writes(json_t *needs, const struct resource *r, const char *module, bool undo)
{
    struct strset writes = {0};
    AUTO_FREE char *gone = r->tombstone || undo ? crm_delete_scope(r->kind->name) : NULL;
    AUTO_FREE char *why = mem_printf("make and change: %s", r->kind->title);
    AUTO_FREE char *bury = mem_printf("delete: %s (%s)", r->kind->title, r->tombstone ? "tombstone" : "rollback");
    if (!r->tombstone)
        crm_write_scopes(r->kind->name, module, &writes);
    if (strcmp(r->kind->name, "records") == 0 && module &&
        js_arr(r->body, "key")) { /* rows that are not there are made */
        AUTO_FREE char *create = crm_module_scope(module, "CREATE");
        strset_add(&writes, create);
    }
    for (size_t i = 0; i < writes.n; i++)
        need(needs, writes.item[i], why, r->playbook);
    if (gone)
        need(needs, gone, bury, r->playbook);
    strset_release(&writes);
}

static void need_resource(json_t *needs, const struct draft *w, struct resource *r, enum zoho_role role, bool undo)
{
    struct strset set = {0};
    struct desired one = {.r = r, .n = 1};
    plan_reads(&one, w->names, &set);
    if (strcmp(r->kind->name, "function") == 0) { /* names in its code are held against the org's */
        strset_add(&set, "fields/*");
        strset_add(&set, "related_lists/*");
    }
    need_reads(needs, &set, r->playbook);
    strset_release(&set);
    const char *module = r->module ? r->module : js_str(r->body, "module");
    if (strcmp(r->kind->name, "records") == 0 && module)
        need_module(needs, module, "count the records to change", r->playbook);
    if (role == ZOHO_WRITER && (r->kind->cls == KIND_API || r->kind->cls == KIND_GATED))
        need_writes(needs, r, module, undo);
}

/* "select … from Module where …": what stands behind the first " from ". Caller frees. */
static char *module_of(const char *coql)
{
    const char *from = coql ? strstr(coql, " from ") : NULL;
    return from ? mem_dupn(from + 6, strcspn(from + 6, " ")) : NULL;
}

static int need_measures(json_t *needs, const struct playbook *pb, struct err *e)
{
    static const char *const queries[] = {"coql", "whole"};
    AUTO_JSON json_t *measures = playbook_measures(pb, e);
    json_t *m;
    size_t i;
    if (!measures)
        return -1;
    json_array_foreach (measures, i, m)
        for (size_t k = 0; k < sizeof queries / sizeof *queries; k++) {
            AUTO_FREE char *module = module_of(js_str(m, queries[k]));
            if (module)
                need_module(needs, module, "measure the effect", pb->name);
        }
    return 0;
}

static int need_playbooks(json_t *needs, struct app *a, enum zoho_role role, bool undo, struct err *e)
{
    char **names;
    size_t n;
    if (playbook_list(a->project, &names, &n, e) < 0)
        return -1;
    fs_list_free(names, n);
    if (n == 0)
        return 0;
    AUTO_JSON json_t *missing = json_array();
    struct draft w = {.missing = missing};
    int rc = draft_load(&w, a, NULL, NULL, NULL, 0, e);
    for (size_t i = 0; i < w.desired.n && rc == 0; i++)
        need_resource(needs, &w, &w.desired.r[i], role, undo);
    for (size_t i = 0; i < w.n && rc == 0; i++)
        rc = need_measures(needs, &w.pb[i], e);
    draft_release(&w);
    return rc;
}

int auth_need(struct app *a, enum zoho_role role, unsigned more, json_t **out, struct err *e)
{
    AUTO_JSON json_t *needs = json_object();
    *out = NULL;
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        need(needs, always[i].scope, always[i].why, NULL);
    if (need_playbooks(needs, a, role, more & AUTH_UNDO, e) < 0)
        return -1;
    struct strset every = {0};
    if (more & AUTH_AUDIT)
        crm_all_read_scopes(&every);
    for (size_t i = 0; i < every.n; i++)
        need(needs, every.item[i], "audit: all that can be read", NULL);
    strset_release(&every);
    const char *scope;
    json_t *one;
    *out = json_array();
    json_object_foreach (needs, scope, one)
        json_array_append(*out, one);
    js_array_sort(*out, "scope");
    return 0;
}

char *auth_scope_list(const json_t *needs)
{
    struct sb b = SB_INIT(64 << 10);
    json_t *one;
    size_t i;
    json_array_foreach (needs, i, one)
        sb_addf(&b, "%s%s", i ? "," : "", js_str(one, "scope"));
    return sb_take(&b, "scopes", NULL);
}

json_t *auth_missing(const json_t *needs, const char *granted)
{
    json_t *out = json_array();
    json_t *one;
    size_t i;
    json_array_foreach (needs, i, one)
        if (!crm_scope_covers(granted, js_str(one, "scope")))
            json_array_append(out, one);
    return out;
}
