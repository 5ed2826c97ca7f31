/* agent/rollback_step.c — one step of a run and the resource that takes it back, or why there is none. */
#include <fnmatch.h>

#include "agent/rollback_parts.h"

/* ---- what is said to the person ---- */

void back_say(json_t *list, const char *address, const char *fix, const char *text, ...)
{
    va_list ap;
    va_start(ap, text);
    AUTO_FREE char *line = mem_vprintf(text, ap);
    va_end(ap);
    json_t *o = json_object();
    js_set_str(o, "address", address);
    js_set_str(o, "text", line);
    js_set_str(o, "fix", fix && *fix ? fix : NULL);
    json_array_append_new(list, o);
}

/* "Delete the view "X", …", as the offer of a removal says it. Caller frees. */
static char *how_to_remove(const struct back *b, const json_t *step)
{
    const char *text = js_str_or(js_obj(js_obj(b->words, "kinds"), js_str_or(step, "kind", "")), "text", "");
    AUTO_FREE char *plain = address_for_people(js_str_or(step, "address", ""));
    const char *name = strchr(plain, ' ') ? strchr(plain, ' ') + 1 : plain, *at = strstr(text, "NAME");
    return at ? mem_printf("%.*s%s%s", (int)(at - text), text, name, at + 4) : mem_dup(text);
}

static void stays(struct back *b, const json_t *step, const char *why)
{
    AUTO_FREE char *fix = how_to_remove(b, step);
    back_say(b->stays, js_str(step, "address"), fix, "%s", why);
}

/* ---- has somebody moved it since ---- */

void back_moved(struct back *b, const char *address, const char *what)
{
    AUTO_JSON json_t *known = state_steps(b->s->st, NULL);
    int64_t by = js_int(json_object_get(known, address), "run", 0);
    AUTO_FREE char *who =
        by > b->run ? mem_printf("R%lld touched it since", (long long)by) : mem_dup("changed outside zagent's runs");
    back_say(b->moved, address, NULL, "%s (%s)", what, who);
}

static bool moved(struct back *b, const json_t *step, const json_t *t)
{
    const char *address = js_str_or(step, "address", "");
    AUTO_JSON json_t *diffs = json_array();
    struct err quiet = {0};
    char now[65] = "";
    if (strcmp(js_str_or(t, "outcome", ""), "verified") != 0) {
        bool same = plan_step_digest(&b->view, step, now, &quiet) == 0 && !strcmp(now, js_str_or(t, "left", ""));
        if (!same)
            back_moved(b, address, "is not as the run left it");
        return !same;
    }
    if (plan_step_verify(&b->view, step, diffs, &quiet) == 0 && !json_array_size(diffs))
        return false;
    const json_t *d = json_array_get(diffs, 0);
    AUTO_FREE char *have = js_canonical(json_object_get(d, "have"), NULL);
    AUTO_FREE char *want = js_canonical(json_object_get(d, "want"), NULL);
    AUTO_FREE char *what =
        mem_printf("%s is %.60s, the run left %.60s", *js_str_or(d, "path", "") ? js_str(d, "path") : "it",
                   have ? have : "absent", want ? want : "absent");
    back_moved(b, address, what);
    return true;
}

struct resource back_resource(const json_t *step)
{
    struct resource r = {0};
    plan_step_resource(step, &r, NULL); /* it is of a plan that was checked when it was loaded */
    json_decref(r.because);
    json_decref(r.artifact);
    json_decref(r.tombstone);
    r.artifact = r.tombstone = NULL;
    r.because = json_array();
    free(r.file);
    r.file = NULL;
    return r;
}

/* ---- inverse resources ---- */

json_t *rollback_body(const json_t *declared, const json_t *was, const json_t *want, const json_t *live, bool all)
{
    json_t *out = json_object(), *value;
    const char *key;
    json_object_foreach ((json_t *)(uintptr_t)declared, key, value) {
        json_t *before = json_object_get(live, key);
        if (all || !json_equal(json_object_get(was, key), json_object_get(want, key)))
            js_set(out, key, before ? json_deep_copy(before) : json_null());
    }
    return out;
}

/* Does the inverse mean what was there? Otherwise a person must put it back. */
static bool means_the_same(const struct back *b, const struct resource *r, const json_t *live)
{
    AUTO_JSON json_t *wanted = r->kind->normalise(&b->view, r, NULL);
    AUTO_JSON json_t *was = r->kind->normalise(&b->view, r, live);
    return json_equal(wanted, was);
}

static bool any_change(const json_t *step, const char *part)
{
    json_t *c;
    size_t i;
    json_array_foreach (js_arr(step, "changes"), i, c)
        if (strstr(js_str_or(c, "path", ""), part))
            return true;
    return false;
}

/* What an update only ever adds to, and so cannot take away. */
static void additions_stay(struct back *b, const json_t *step)
{
    static const struct {
        const char *part, *text, *fix;
    } parts[] = {
        {"pick_list_values", "options that the run added to the pick list stay",
         "Setup > Modules and Fields: move options that no record uses to the unused ones"},
        {"actions", "actions that the run added stay in the rule", "Setup > Workflow Rules: take them out of the rule"},
        {"fields", "fields that the run added to the section stay there", "Setup > Layouts: move them"},
    };
    const char *address = js_str(step, "address");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        bool section = !strcmp(js_str_or(step, "kind", ""), "layout_section");
        if (any_change(step, parts[i].part) && section == !strcmp(parts[i].part, "fields"))
            back_say(b->stays, address, parts[i].fix, "%s", parts[i].text);
    }
}

static bool forward_only(const char *kind)
{
    static const char *const kinds_so[] = {"picklist", "layout_section", "blueprint"};
    for (size_t i = 0; i < sizeof kinds_so / sizeof *kinds_so; i++)
        if (!strcmp(kind, kinds_so[i]))
            return true;
    return false;
}

static int give_back_update(struct back *b, const json_t *step, const json_t *image, struct err *e)
{
    const json_t *live = json_object_get(image, "live");
    struct resource r = back_resource(step);
    bool function = !strcmp(r.kind->name, "function");
    json_t *body =
        rollback_body(r.body, js_obj(step, "was"), js_obj(step, "want"), live, !strcmp(r.kind->name, "custom_view"));
    json_object_del(body, "pick_list_values");
    json_decref(r.body);
    r.body = body;
    additions_stay(b, step);
    bool readable = !js_bool(image, "@redacted", false) && (!function || js_str(image, "source"));
    if (forward_only(r.kind->name) || !readable || !means_the_same(b, &r, live)) {
        if (!forward_only(r.kind->name) || !strcmp(r.kind->name, "blueprint"))
            back_say(b->stays, r.address, "put it back by hand: the log and 'zagent show' say what the run changed",
                     "what it was before cannot be given back by API");
        resource_release(&r);
        return 0;
    }
    if (function) {
        r.artifact = json_object();
        js_set_str(r.artifact, "source", js_str(image, "source"));
        js_set_strf(r.artifact, "path", "functions/%s.dg", r.name);
        js_set_str(r.artifact, "language", "deluge");
    }
    if (function || json_object_size(r.body))
        return desired_add(&b->d, &r, e);
    resource_release(&r);
    return 0;
}

static int switch_off(struct back *b, const json_t *step, struct err *e)
{
    struct resource r = back_resource(step);
    json_t *body = json_object(), *status = json_object();
    js_set_str(body, "name", js_str_or(r.body, "name", r.name));
    js_set_bool(status, "active", false);
    js_set(body, "status", status);
    json_decref(r.body);
    r.body = body;
    stays(b, step, "made by the run: switched off, not deleted");
    return desired_add(&b->d, &r, e);
}

static int delete_created(struct back *b, const json_t *step, struct err *e)
{
    struct resource r = back_resource(step);
    r.tombstone = json_object();
    js_set_strf(r.tombstone, "why", "R%lld made it, and is taken back", (long long)b->run);
    js_set_str(r.tombstone, "by", session_actor());
    return desired_add(&b->d, &r, e);
}

static int give_back_create(struct back *b, const json_t *step, struct err *e)
{
    const char *why = NULL;
    struct resource r = back_resource(step);
    const json_t *live = r.kind->find(&b->view, &r);
    bool there = live != NULL, deletable = live_deletable(r.kind, live, &why);
    bool rule = !strcmp(r.kind->name, "workflow_rule");
    resource_release(&r);
    if (!there)
        return 0;
    if (b->how->delete_created && deletable) {
        js_push_str(b->graves, js_str(step, "address"));
        return 0;
    }
    if (rule)
        return switch_off(b, step, e);
    AUTO_FREE char *text = deletable ? mem_dup("made by the run: stays; --delete-created deletes it")
                                     : mem_printf("made by the run: stays, because %s", why);
    stays(b, step, text);
    return 0;
}

/* ---- one step after the other ---- */

static void effects_stay(struct back *b, const json_t *step)
{
    struct resource r = back_resource(step);
    const json_t *live = strcmp(r.kind->name, "workflow_rule") != 0 ? NULL : r.kind->find(&b->view, &r);
    struct err quiet = {0};
    int64_t now = b->s->app->clock.now_s(b->s->app->clock.ctx);
    int64_t n =
        live ? crm_rule_usage(b->s->org->zoho, js_str_or(live, "id", ""), js_int(b->row, "opened_at", 0), now, &quiet)
             : 0;
    AUTO_FREE char *name = address_for_people(js_str_or(step, "address", ""));
    if (live && n != 0) {
        AUTO_FREE char *times = n > 0 ? mem_printf("ran %lld time%s since", (long long)n, n == 1 ? "" : "s")
                                      : mem_dup("may have run since (Zoho does not say how often)");
        back_say(b->lost, js_str(step, "address"), "look through the records it runs on",
                 "%s %s: fields it set, tasks it made and mails it sent stay", name, times);
    }
    resource_release(&r);
}

static bool skipped(struct back *b, const char *address)
{
    json_t *p;
    size_t i;
    json_array_foreach (b->how->skip, i, p)
        if (!fnmatch(json_string_value(p), address, 0)) {
            js_array_add_unique(b->skipped, address);
            return true;
        }
    return false;
}

int back_step(struct back *b, const json_t *step, const json_t *t, struct err *e)
{
    const char *address = js_str_or(step, "address", ""), *action = js_str_or(step, "action", "");
    bool records = !strcmp(js_str_or(step, "kind", ""), "records");
    if (skipped(b, address))
        return 0;
    AUTO_FREE char *name = address_for_people(address);
    if (!strcmp(action, "delete")) {
        back_say(b->lost, address, "what it was like is in the state's before-image; make it again with a playbook",
                 "%s was deleted by the run: neither it nor its data comes back", name);
        return 0;
    }
    bool table = js_str(js_obj(step, "declared"), "key") != NULL;
    if ((!records || table) && moved(b, step, t))
        return 0;
    effects_stay(b, step);
    struct err local = {0};
    AUTO_JSON json_t *image = state_before_run(b->s->st, b->run, address, &local);
    if (local.kind != ERR_NONE) {
        *e = local;
        return -1;
    }
    if (!image)
        return give_back_create(b, step, e);
    return records ? back_records(b, step, image, e) : give_back_update(b, step, image, e);
}

void back_done_by_people(struct back *b)
{
    json_t *address;
    size_t i;
    json_array_foreach (b->by_hand, i, address) {
        const json_t *step = plan_step(b->forward, json_string_value(address));
        const char *undo = js_str_or(js_obj(step, "hand"), "undo", "");
        AUTO_FREE char *fix = *undo ? mem_dup(undo) : how_to_remove(b, step);
        if (skipped(b, json_string_value(address)))
            continue;
        back_say(b->stays, json_string_value(address), fix, "a person did it, and only a person takes it back");
        if (!strcmp(js_str_or(step, "kind", ""), "blueprint_publish"))
            back_say(b->lost, json_string_value(address),
                     "deactivate it in Setup > Blueprint; records leave it and keep their values",
                     "the Blueprint is published: records that entered it stay in it");
    }
}

/* ---- what can go when others stay ---- */

/* A section shows fields and a module holds them, but neither keeps them from being deleted. */
static bool holds_on(const char *address)
{
    static const char *const loose[] = {"module/", "layout_section/", "picklist/", "records/", "field/", "manual/"};
    for (size_t i = 0; i < sizeof loose / sizeof *loose; i++)
        if (!strncmp(address, loose[i], strlen(loose[i])))
            return false;
    return true;
}

/* Everything that `address` needs is used by `user`, and what that needs again. */
static void used_by(const struct back *b, const char *address, const char *user, json_t *used)
{
    json_t *need;
    size_t i;
    json_array_foreach (js_arr(plan_step(b->forward, address), "needs"), i, need) {
        const char *other = json_string_value(need);
        if (json_object_get(used, other))
            continue;
        js_set_str(used, other, user);
        if (holds_on(other))
            used_by(b, other, user, used);
    }
}

int back_bury(struct back *b, struct err *e)
{
    AUTO_JSON json_t *used = json_object();
    json_t *row, *grave;
    size_t i;
    json_array_foreach (b->stays, i, row)
        if (holds_on(js_str_or(row, "address", "")))
            used_by(b, js_str_or(row, "address", ""), js_str_or(row, "address", ""), used);
    json_array_foreach (b->graves, i, grave) {
        const char *address = json_string_value(grave), *user = js_str(used, address);
        const json_t *step = plan_step(b->forward, address);
        if (!user && delete_created(b, step, e) < 0)
            return -1;
        if (!user)
            continue;
        AUTO_FREE char *name = address_for_people(user);
        AUTO_FREE char *why = mem_printf("made by the run: stays, because %s uses it and stays", name);
        stays(b, step, why);
    }
    return 0;
}
