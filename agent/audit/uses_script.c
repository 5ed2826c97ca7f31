/* agent/audit/uses_script.c — what Deluge sources read, write and call. */
#include <string.h>

#include "agent/audit/things.h"
#include "agent/audit/uses_parts.h"
#include "agent/deluge_meta.h"
#include "base/text.h"
#include "deluge/check.h"
#include "deluge/parse.h"
#include "plan/resource.h"

struct script {
    struct uses *u;
    struct snapshot *s;
    const struct dg_script *dg;
    const char *by;
    struct strset modules; /* that it names */
    struct strset sure;    /* fields seen with their module */
    struct strset fields;  /* "Module\nField" that it works with, surely or not */
};

static char *line_of(const struct dg_script *s, uint32_t line)
{
    const char *from = line >= 1 && line <= s->n_lines ? s->text + s->line[line - 1] : "";
    from += strspn(from, " \t");
    size_t n = strcspn(from, "\r\n");
    return mem_dupn(from, n);
}

static void note_at(struct script *c, const char *target, const char *how, struct dg_span at, bool sure)
{
    AUTO_FREE char *code = line_of(c->dg, at.line);
    uses_note(c->u, target, c->by, how, at.line, code, sure);
}

/* "automation.send" → function/send: the org knows functions by their api_name. */
static void called(struct script *c, const struct dg_use *use)
{
    const char *dot = strrchr(use->function, '.');
    const char *name = dot ? dot + 1 : use->function;
    const json_t *f = snapshot_find(c->s, "functions", "api_name", name, true);
    AUTO_FREE char *address = address_make("function", NULL, f ? js_str_or(f, "api_name", name) : name);
    note_at(c, address, "calls", use->at, true);
}

static void seen(const struct dg_use *use, void *ctx)
{
    struct script *c = ctx;
    if (use->function) {
        called(c, use);
        return;
    }
    if (!use->field) {
        AUTO_FREE char *address = address_make("module", NULL, use->module);
        strset_add(&c->modules, use->module);
        note_at(c, address, use->writes ? "writes records" : "reads records", use->at, true);
        return;
    }
    AUTO_FREE char *address = address_make("field", use->module, use->field);
    note_at(c, address, use->writes ? "writes" : "reads", use->at, true);
    strset_addf(&c->sure, "%s.%s:%u", use->module, use->field, use->at.line);
    strset_addf(&c->fields, "%s\n%s", use->module, use->field);
    const json_t *f = org_field(c->s, use->module, use->field);
    if (!use->value || !*use->value || !f || !org_has_list(f))
        return;
    AUTO_FREE char *name = mem_printf("%s=%s", use->field, use->value);
    AUTO_FREE char *value = address_make("picklist_value", use->module, name);
    note_at(c, value, "writes", use->at, true);
}

/* Texts that are the name of a field of a module which the script works with, where the parser could not say whose it is. */
static void perhaps_field(struct script *c, const struct dg_token *t, const char *text)
{
    for (size_t k = 0; k < c->modules.n; k++) {
        AUTO_FREE char *known = mem_printf("%s.%s:%u", c->modules.item[k], text, t->span.line);
        if (!org_field(c->s, c->modules.item[k], text))
            continue;
        strset_addf(&c->fields, "%s\n%s", c->modules.item[k], text);
        if (strset_has(&c->sure, known))
            continue;
        AUTO_FREE char *address = address_make("field", c->modules.item[k], text);
        note_at(c, address, "names it, perhaps", t->span, false);
    }
}

/* … and of a value of a picklist which it works with. */
static void perhaps_value(struct script *c, const struct dg_token *t, const char *text)
{
    for (size_t k = 0; k < c->fields.n; k++) {
        const char *field = strchr(c->fields.item[k], '\n') + 1;
        AUTO_FREE char *module = mem_dupn(c->fields.item[k], (size_t)(field - 1 - c->fields.item[k]));
        if (!org_value(org_field(c->s, module, field), text))
            continue;
        AUTO_FREE char *name = mem_printf("%s=%s", field, text);
        AUTO_FREE char *address = address_make("picklist_value", module, name);
        note_at(c, address, "names it, perhaps", t->span, false);
    }
}

/* zoho.crm.getOrgVariable("max_discount"). */
static void named_variable(struct script *c, const struct dg_token *t, const char *text)
{
    if (!snapshot_find(c->s, "variables", "api_name", text, false))
        return;
    AUTO_FREE char *address = address_make("variable", NULL, text);
    AUTO_FREE char *code = line_of(c->dg, t->span.line);
    bool sure = strstr(code, "getOrgVariable") || strstr(code, "getorgvariable");
    note_at(c, address, sure ? "reads" : "names it, perhaps", t->span, sure);
}

static void each_text(struct script *c, void (*see)(struct script *, const struct dg_token *, const char *))
{
    for (size_t i = 0; i < c->dg->n_tokens; i++) {
        const struct dg_token *t = &c->dg->token[i];
        size_t n = t->span.end - t->span.off;
        if ((t->kind != DG_T_TEXT && t->kind != DG_T_QUOTED) || n < 3 || n > 122)
            continue;
        AUTO_FREE char *text = mem_dupn(c->dg->text + t->span.off + 1, n - 2);
        see(c, t, text);
    }
}

static void one_source(struct uses *u, struct snapshot *s, const char *name, const char *code)
{
    struct dg_script dg;
    struct dg_diags d = {0};
    AUTO_FREE char *by = address_make("function", NULL, name);
    struct script c = {.u = u, .s = s, .dg = &dg, .by = by};
    struct dg_meta meta = deluge_meta(s);
    dg_parse(&dg, name, code, strlen(code), &d);
    dg_uses(&dg, &meta, seen, &c);
    each_text(&c, perhaps_field);
    each_text(&c, perhaps_value);
    each_text(&c, named_variable);
    strset_release(&c.modules);
    strset_release(&c.sure);
    strset_release(&c.fields);
    dg_script_release(&dg);
    dg_diags_release(&d);
}

void uses_of_scripts(struct uses *u, struct snapshot *s)
{
    const json_t *f;
    size_t i;
    json_array_foreach (snapshot_get(s, "functions"), i, f) {
        AUTO_FREE char *list = mem_printf("function_code/%s", js_str_or(f, "api_name", ""));
        const char *code = js_str(json_array_get(snapshot_get(s, list), 0), "code");
        if (code)
            one_source(u, s, js_str_or(f, "api_name", ""), code);
    }
}
