/*
 * plan/judge.c — what must not be planned as it stands: a second copy of something the org has under another name, a property
 * that cannot be changed, a limit passed, a check that failed, a house rule broken.
 */
#include <regex.h>

#include "base/mem.h"
#include "base/text.h"
#include "plan/near.h"
#include "plan/records_table.h"
#include "plan/work.h"

/* --- the same thing under another name --- */

/* list → {api_name: true} of live objects that some resource has found as its own: those are nobody's double. */
static json_t *claimed_names(const struct work *w)
{
    json_t *out = json_object();
    for (size_t i = 0; i < w->n; i++) {
        const struct item *it = &w->item[i];
        const char *name = js_str(it->live, "api_name");
        AUTO_FREE char *list = name ? kind_list(&w->v, it->r) : NULL;
        if (!list)
            continue;
        if (!js_obj(out, list))
            js_set(out, list, json_object());
        js_set_bool(js_obj(out, list), name, true);
    }
    return out;
}

static void propose(struct work *w, struct item *it, const json_t *live)
{
    const char *api_name = js_str(live, "api_name"), *label = js_str_or(live, it->r->kind->spec->label, "");
    json_t *p = json_object();
    AUTO_FREE char *fix = mem_printf(
        "if it is the same, add the line '%s,%s' to context/org-map.csv; if it is another thing, add '%s,%s'",
        it->r->address, api_name, it->r->address, it->r->name);
    js_set_str(p, "address", it->r->address);
    js_set_str(p, "api_name", api_name);
    js_set_str(p, "label", label);
    js_set_strf(p, "line", "%s,%s", it->r->address, api_name);
    json_array_append_new(w->proposals, p);
    item_block(it, fix, "the org has %s '%s' (%s), which looks like '%s'", it->r->kind->title, label, api_name,
               kind_title(it->r));
}

/* Labels are unique in a module (zoho-api.md 1.5), so the same label with another type can be neither used nor made again. */
static void taken(struct item *it, const json_t *live)
{
    item_block(it, "choose another label in the playbook, or rename the existing one in Zoho",
               "the label '%s' belongs to %s %s of type %s, and '%s' is wanted", kind_title(it->r), it->r->kind->title,
               js_str_or(live, "api_name", ""), js_str_or(live, "data_type", "?"),
               js_str_or(it->r->body, "data_type", "?"));
}

static void judge_double(struct work *w, struct item *it, const json_t *claimed)
{
    const struct kind_spec *spec = it->r->kind->spec;
    const char *label = kind_title(it->r), *type = js_str(it->r->body, "data_type");
    if (it->live || it->channel == CHANNEL_ATTEST || spec->update_only || !spec->label ||
        strcmp(spec->key, "api_name") != 0 || json_object_get(w->in->names, it->r->address))
        return;
    AUTO_FREE char *list = kind_list(&w->v, it->r);
    const json_t *known =
        it->r->module && !module_exists(&w->v, it->r->module) ? NULL : snapshot_get(w->in->snapshot, list);
    const json_t *taken_already = js_obj(claimed, list);
    json_t *live, *near = NULL;
    size_t i;
    json_array_foreach (known, i, live) {
        const char *shown = js_str(live, spec->label), *name = js_str(live, "api_name");
        if (!shown || !name || json_object_get(taken_already, name))
            continue;
        bool same_type = !type || !strcmp(js_str_or(live, "data_type", type), type);
        if (!same_type && !text_casecmp(shown, label)) {
            taken(it, live);
            return;
        }
        if (same_type && (label_same(shown, label) || (!near && label_near(shown, label))))
            near = live;
    }
    if (near)
        propose(w, it, near);
}

/* --- what cannot be changed --- */

static void judge_fixed(struct item *it)
{
    const struct kind_spec *spec = it->r->kind->spec;
    for (size_t i = 0; it->live && i < spec->props_n; i++) {
        const char *key = spec->props[i].key;
        json_t *want = json_object_get(it->want, key), *have = json_object_get(it->was, key);
        if (!(spec->props[i].flags & PROP_FIXED) || !want || json_equal(want, have))
            continue;
        AUTO_JSON json_t *from = scalar_text(have);
        AUTO_JSON json_t *to = scalar_text(want);
        item_block(it,
                   "map the address to another one in context/org-map.csv, or change the playbook to what the org has",
                   "%s of the existing %s is '%s', '%s' is wanted, and it cannot be changed", key, it->r->kind->title,
                   json_is_string(from) ? json_string_value(from) : "empty",
                   json_is_string(to) ? json_string_value(to) : "empty");
    }
}

/* What cannot be seen might be there already: nothing is created blindly. */
static void judge_hidden(struct work *w, struct item *it)
{
    const char *code = item_hidden(w, it->r);
    if (code && it->channel == CHANNEL_API)
        item_block(it, "give the reader's user and token permission to see it, then plan again",
                   "whether the org has this %s already cannot be seen (%s)", it->r->kind->title, code);
}

/* --- limits, checks of artifacts --- */

static void judge_limits(struct work *w, struct item *it)
{
    AUTO_JSON json_t *findings = json_array();
    json_t *f;
    size_t i;
    if (it->r->kind->check)
        it->r->kind->check(&w->v, it->r, findings);
    json_array_foreach (findings, i, f) {
        const char *level = js_str_or(f, "level", "error"), *path = js_str_or(f, "path", "");
        const char *text = js_str_or(f, "text", "");
        work_problem(w, level, it->r, "%s%s%s", path, *path ? ": " : "", text);
        if (!strcmp(level, "error"))
            item_block(it, js_str_or(f, "fix", "change it in the playbook"), "%s%s%s", path, *path ? ": " : "", text);
    }
}

static void judge_artifact(struct work *w, struct item *it)
{
    json_t *check = js_obj(w->in->checks, it->r->address);
    json_t *blocked = json_object_get(check, "blocked");
    if (!check || !blocked || json_is_false(blocked) || json_is_null(blocked))
        return;
    const char *why =
        json_is_string(blocked) ? json_string_value(blocked) : js_str_or(check, "text", "its check failed");
    item_block(it, js_str_or(check, "fix", "correct the source, then plan again"), "%s", why);
    work_problem(w, "error", it->r, "%s", why);
}

/* --- the org's own standards --- */

/* A rule speaks of a name, or of one property of the body when it says which. */
static const char *judged_text(const struct resource *r, const json_t *rule)
{
    const char *property = js_str(rule, "property");
    return property ? js_str_or(r->body, property, "") : r->name;
}

int plan_standard(const struct resource *r, const json_t *rule, const char **broken)
{
    const char *kind = js_str_or(rule, "kind", "*");
    regex_t re;
    *broken = NULL;
    if (strcmp(kind, "*") != 0 && strcmp(kind, r->kind->name) != 0)
        return 0;
    if (regcomp(&re, js_str_or(rule, "pattern", ""), REG_EXTENDED | REG_NOSUB) != 0)
        return -1;
    const char *text = judged_text(r, rule);
    if (regexec(&re, text, 0, NULL, 0) != 0)
        *broken = text;
    regfree(&re);
    return 0;
}

static void judge_standard(struct work *w, const json_t *rule)
{
    const char *pattern = js_str_or(rule, "pattern", ""), *where = js_str_or(rule, "where", ""), *broken = NULL;
    int rc = 0;
    for (size_t i = 0; i < w->n && rc == 0; i++) {
        struct item *it = &w->item[i];
        if (it->none || !it->selected || it->r->tombstone)
            continue;
        rc = plan_standard(it->r, rule, &broken);
        if (broken)
            work_problem(w, js_str_or(rule, "level", "warning"), it->r, "'%s' does not follow the standard: %s (%s)",
                         broken, js_str_or(rule, "text", pattern), where);
    }
    if (rc < 0)
        work_problem(w, "warning", NULL, "%s: '%s' is not a regular expression; the rule is left out", where, pattern);
}

/* --- two playbooks, one label --- */

static void judge_twins(struct work *w)
{
    AUTO_JSON json_t *seen = json_object();
    for (size_t i = 0; i < w->n; i++) {
        struct item *it = &w->item[i];
        if (!it->selected || it->r->tombstone ||
            (it->r->kind->spec != &spec_field && it->r->kind->spec != &spec_module))
            continue;
        AUTO_FREE char *key = mem_printf("%s\n%s", it->r->module ? it->r->module : "", kind_title(it->r));
        for (char *p = key; *p; p++)
            *p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
        const char *first = json_string_value(json_object_get(seen, key));
        if (first)
            item_block(it, "give one of the two another label",
                       "the label '%s' is used by %s too, and labels are unique", kind_title(it->r), first);
        else
            js_set_str(seen, key, it->r->address);
    }
}

void work_judge(struct work *w)
{
    AUTO_JSON json_t *claimed = claimed_names(w);
    const json_t *rule;
    size_t i;
    for (i = 0; i < w->n; i++) {
        struct item *it = &w->item[i];
        if (it->none && it->selected && table_is(it->r))
            judge_limits(w, it); /* rows it cannot do anything for are told also when all others are right */
        if (it->none || !it->selected)
            continue;
        judge_hidden(w, it);
        if (it->r->tombstone) {
            judge_tombstone(it);
            continue;
        }
        judge_fixed(it);
        if (w->in->backwards) /* a part of what was there before: nothing new to judge */
            continue;
        judge_double(w, it, claimed);
        judge_limits(w, it);
        judge_artifact(w, it);
    }
    judge_twins(w);
    json_array_foreach (w->in->standards, i, rule)
        judge_standard(w, rule);
}
