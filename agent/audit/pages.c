#include "agent/audit/pages.h"

#include <string.h>

#include "agent/artifacts.h"
#include "agent/project.h"
#include "base/clock.h"
#include "plan/kind.h"
#include "render/render.h"

enum { ITEMS_SHOWN = 50, MORE_SHOWN = 6, PROFILES_SHOWN = 10, WORDING_MAX = 1 << 20 };

static const char *const part_titles[] = {"Notes: when there is time", "Warnings: worth a look",
                                          "Errors: mend these first"};

/* "workflow rule Deals.Big deal": the kind as people call it. */
static void set_shown(json_t *o, const char *address)
{
    AUTO_FREE char *kind = mem_dupn(address, strcspn(address, "/"));
    AUTO_FREE char *shown = address_for_people(address);
    const struct kind *known = kind_find(kind);
    const char *name = strchr(shown, ' ') ? strchr(shown, ' ') + 1 : shown;
    for (char *p = kind; *p; p++)
        *p = *p == '_' ? ' ' : *p;
    js_set_strf(o, "shown", "%s %s", known ? known->title : kind, name);
}

static json_t *item_of(const json_t *finding)
{
    const json_t *more = js_arr(finding, "more"), *line;
    json_t *o = json_object(), *lines = json_array();
    size_t i, n = json_array_size(more);
    set_shown(o, js_str_or(finding, "address", ""));
    js_set_str(o, "evidence", js_str_or(finding, "evidence", ""));
    json_array_foreach (more, i, line)
        if (i < MORE_SHOWN)
            json_array_append(lines, (json_t *)(uintptr_t)line);
    if (n > MORE_SHOWN) {
        AUTO_FREE char *rest = mem_printf("and %zu more", n - MORE_SHOWN);
        js_push_str(lines, rest);
    }
    js_set(o, "more", lines);
    js_set_bool(o, "has_more", n > 0);
    return o;
}

static json_t *rule_of(const struct audit_family *family, const struct audit_rule *rule, const json_t *findings)
{
    json_t *items = json_array(), *o;
    const json_t *f;
    size_t i, count = 0;
    json_array_foreach (findings, i, f) {
        if (strcmp(js_str_or(f, "rule", ""), rule->id) != 0 || js_str(f, "accepted"))
            continue;
        if (count++ < ITEMS_SHOWN)
            json_array_append_new(items, item_of(f));
    }
    if (!count) {
        json_decref(items);
        return NULL;
    }
    o = json_object();
    js_set_str(o, "id", rule->id);
    js_set_str(o, "title", rule->title);
    js_set_str(o, "family", family->name);
    js_set_str(o, "why", rule->why);
    js_set_str(o, "fix", rule->fix);
    js_set_int(o, "count", (int64_t)count);
    js_set(o, "items", items);
    js_set(o, "left", count > ITEMS_SHOWN ? json_integer((json_int_t)(count - ITEMS_SHOWN)) : json_null());
    return o;
}

/* A rule has a row for each kind it looks at: it is told once. */
static bool told(const json_t *rules, const char *id)
{
    const json_t *r;
    size_t i;
    json_array_foreach (rules, i, r)
        if (!strcmp(js_str_or(r, "id", ""), id))
            return true;
    return false;
}

static json_t *part_of(enum audit_severity severity, const json_t *findings)
{
    json_t *rules = json_array(), *o;
    for (size_t f = 0; f < audit_families_n(); f++)
        for (size_t i = 0; i < audit_family_at(f)->n; i++) {
            const struct audit_rule *rule = &audit_family_at(f)->rule[i];
            json_t *r = rule->severity == severity && !told(rules, rule->id)
                            ? rule_of(audit_family_at(f), rule, findings)
                            : NULL;
            if (r)
                json_array_append_new(rules, r);
        }
    if (!json_array_size(rules)) {
        json_decref(rules);
        return NULL;
    }
    o = json_object();
    js_set_str(o, "title", part_titles[severity]);
    js_set(o, "rules", rules);
    return o;
}

static void count(json_t *data, const json_t *findings)
{
    static const char *const severities[] = {"error", "warning", "note"};
    int64_t accepted = 0, n[3] = {0};
    const json_t *f;
    size_t i;
    json_array_foreach (findings, i, f) {
        accepted += js_str(f, "accepted") != NULL;
        for (size_t k = 0; k < 3; k++)
            n[k] += !js_str(f, "accepted") && !strcmp(js_str_or(f, "severity", ""), severities[k]);
    }
    js_set_int(data, "errors", n[0]);
    js_set_int(data, "warnings", n[1]);
    js_set_int(data, "notes", n[2]);
    js_set(data, "accepted", accepted ? json_integer(accepted) : json_null());
    js_set_bool(data, "has_news", n[0] + n[1] + n[2] > 0);
}

/* ---- who may see and edit what ---- */

static bool lets_in(const json_t *module, const char *profile)
{
    const json_t *p;
    size_t i;
    json_array_foreach (js_arr(module, "profiles"), i, p)
        if (!strcmp(js_str_or(p, "id", ""), profile))
            return true;
    return js_arr(module, "profiles") == NULL;
}

static const char *permission(const json_t *field, const char *profile)
{
    const json_t *p;
    size_t i;
    json_array_foreach (js_arr(field, "profiles"), i, p)
        if (!strcmp(js_str_or(p, "id", ""), profile))
            return js_str_or(p, "permission_type", "read_write");
    return NULL;
}

static json_t *cell(const struct audit *a, const json_t *module, const char *profile)
{
    AUTO_FREE char *list = mem_printf("fields/%s", js_str_or(module, "api_name", ""));
    const json_t *f;
    size_t i, write = 0, read = 0, hidden = 0;
    if (!lets_in(module, profile))
        return json_string("–");
    json_array_foreach (snapshot_get(a->s, list), i, f) {
        const char *may = permission(f, profile);
        write += may && !strcmp(may, "read_write");
        read += may && !strcmp(may, "read_only");
        hidden += may && !strcmp(may, "hidden");
    }
    return hidden ? json_sprintf("%zu / %zu / %zu", write, read, hidden) : json_sprintf("%zu / %zu", write, read);
}

static json_t *access(const struct audit *a)
{
    json_t *out = json_object(), *names = json_array(), *rows = json_array();
    const json_t *profiles = snapshot_get(a->s, "profiles"), *p, *m;
    size_t i, k;
    json_array_foreach (profiles, i, p)
        if (i < PROFILES_SHOWN)
            js_push_str(names, js_str_or(p, "name", "?"));
    json_array_foreach (snapshot_get(a->s, "modules"), i, m) {
        const char *type = js_str_or(m, "generated_type", "default");
        if (!js_bool(m, "api_supported", true) || (strcmp(type, "default") != 0 && strcmp(type, "custom") != 0))
            continue;
        json_t *row = json_object(), *cells = json_array();
        js_set_str(row, "module", js_str_or(m, "plural_label", js_str_or(m, "api_name", "")));
        json_array_foreach (profiles, k, p)
            if (k < PROFILES_SHOWN)
                json_array_append_new(cells, cell(a, m, js_str_or(p, "id", "")));
        js_set(row, "cells", cells);
        json_array_append_new(rows, row);
    }
    js_set(out, "profiles", names);
    js_set(out, "rows", rows);
    js_set_bool(out, "has", json_array_size(names) > 0 && json_array_size(rows) > 0);
    return out;
}

/* ---- the rest ---- */

static json_t *accepted_rows(const json_t *findings)
{
    json_t *out = json_array(), *o;
    const json_t *f;
    size_t i;
    json_array_foreach (findings, i, f) {
        if (!js_str(f, "accepted"))
            continue;
        o = json_object();
        js_set_str(o, "rule", js_str_or(f, "rule", ""));
        js_set_str(o, "reason", js_str(f, "accepted"));
        set_shown(o, js_str_or(f, "address", ""));
        json_array_append_new(out, o);
    }
    return out;
}

static json_t *stale_rows(const json_t *rows)
{
    json_t *out = json_array(), *o;
    const json_t *r;
    size_t i;
    json_array_foreach (rows, i, r) {
        if (js_bool(r, "used", true))
            continue;
        o = json_object();
        js_set_str(o, "rule", js_str_or(r, "rule", ""));
        js_set_int(o, "line", js_int(r, "line", 0));
        set_shown(o, js_str_or(r, "address", ""));
        json_array_append_new(out, o);
    }
    return out;
}

static json_t *refused_rows(const json_t *manifest)
{
    json_t *out = json_array(), *code, *o;
    const char *list;
    json_object_foreach (js_obj(manifest, "refused"), list, code) {
        o = json_object();
        js_set_str(o, "list", list);
        js_set_str(o, "code", json_string_value(code));
        json_array_append_new(out, o);
    }
    return out;
}

static void set_has(json_t *data, const char *list)
{
    AUTO_FREE char *key = mem_printf("has_%s", list);
    js_set_bool(data, key, json_array_size(js_arr(data, list)) > 0);
}

json_t *pages_data(const struct pages_input *in)
{
    static const char *const lists[] = {"parts", "accepted_rows", "stale", "refused"};
    const struct audit *a = in->audit;
    const json_t *who = js_obj(in->manifest, "org");
    json_t *data = json_object(), *org = json_object(), *parts = json_array();
    char at[CLOCK_TEXT] = "";
    js_set_str(org, "name",
               js_str_or(json_array_get(snapshot_get(a->s, "org"), 0), "company_name", js_str_or(who, "name", "?")));
    js_set_str(org, "zgid", js_str_or(who, "zgid", "?"));
    js_set_str(org, "edition", js_str_or(who, "edition", "?"));
    js_set_int(org, "modules", (int64_t)json_array_size(snapshot_get(a->s, "modules")));
    js_set(data, "org", org);
    count(data, a->findings);
    if (a->readings)
        clock_local(js_int(a->readings, "at", 0), in->zone, 0, at);
    js_set_str(data, "readings", a->readings ? at : NULL);
    js_set_str(data, "compared", in->compared);
    for (int s = AUDIT_ERROR; s >= AUDIT_NOTE; s--) {
        json_t *part = part_of((enum audit_severity)s, a->findings);
        if (part)
            json_array_append_new(parts, part);
    }
    js_set(data, "parts", parts);
    js_set(data, "accepted_rows", accepted_rows(a->findings));
    js_set(data, "stale", stale_rows(in->accepted));
    js_set(data, "refused", refused_rows(in->manifest));
    js_set(data, "access", access(a));
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        set_has(data, lists[i]);
    return data;
}

/* A project's own wording may be older than the program: what it does not have is the installation's. */
static char *wording_file(const char *wording, const char *name)
{
    AUTO_FREE char *own = mem_printf("%s/%s", wording ? wording : "", name);
    AUTO_FREE char *data = fs_exists(own) ? NULL : project_data_dir();
    return data ? mem_printf("%s/templates/_guide/en/%s", data, name) : mem_dup(own);
}

static int write_page(struct app *a, const char *org, const char *ending, enum render_target target,
                      const char *wording, const json_t *data, struct err *e)
{
    AUTO_FREE char *name = mem_printf("audit.%s.mustache", ending);
    AUTO_FREE char *path = wording_file(wording, name);
    AUTO_FREE char *file = mem_printf("audit/%s.%s", org, ending);
    AUTO_FREE char *text = NULL;
    size_t len;
    struct render_options o = {.target = target, .strict = true, .raw_ok = true};
    if (fs_read(path, WORDING_MAX, &text, &len, e) < 0)
        return -1;
    AUTO_FREE char *page = render(path, text, len, data, &o, e);
    return page ? fs_write_in(&a->project->out, file, page, strlen(page), 0644, e) : -1;
}

int pages_write(struct app *a, const char *org, json_t *data, struct err *e)
{
    AUTO_FREE char *wording = artifacts_wording(a);
    AUTO_FREE char *css_path = wording_file(wording, "page.css");
    AUTO_FREE char *css = NULL;
    size_t len;
    if (fs_read(css_path, WORDING_MAX, &css, &len, e) < 0)
        return -1;
    js_set_str(data, "css", css);
    int rc = write_page(a, org, "md", RENDER_MARKDOWN, wording, data, e) < 0
                 ? -1
                 : write_page(a, org, "html", RENDER_HTML, wording, data, e);
    json_object_del(data, "css");
    return rc;
}
