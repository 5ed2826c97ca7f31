/*
 * agent/cmd_switch.c — off and on: a playbook's effect stopped within a minute, and brought back.
 *
 * Off deactivates the playbook's workflow rules and puts back the function source that was live before us; fields, views and records
 * stay. What only a person can switch off is listed. Each change is journaled and read back like a step.
 */
#include "agent/draft.h"
#include "agent/plans.h"
#include "agent/rails.h"
#include "agent/session.h"
#include "plan/plan.h"
#include "state/buildlog.h"

struct switching {
    struct app *a;
    struct session s;
    const json_t *plan;
    const char *playbook;
    bool on;
    int64_t run;
    struct snapshot snapshot;
    json_t *names, *rows, *by_hand, *protections;
    struct desired nothing;
    struct kind_view view;
    int done, failed;
    struct err halted; /* stopped in the middle (agent/rails.h) */
};

static void note(struct switching *w, const json_t *step, const char *outcome, const char *text)
{
    json_t *row = json_object();
    js_set_str(row, "address", js_str_or(step, "address", ""));
    js_set_str(row, "title", js_str_or(step, "title", ""));
    js_set_str(row, "outcome", outcome);
    js_set_str(row, "detail", text);
    json_array_append_new(w->rows, row);
    AUTO_FREE char *name = address_for_people(js_str_or(step, "address", ""));
    AUTO_SB struct sb b = SB_INIT(8192);
    add_column(&b, name, 48);
    app_print(w->a, "  %-8s %s%s\n", outcome, b.buf, text);
}

static int send_change(struct switching *w, const struct crm_change *c, const char *address, struct err *e)
{
    AUTO_JSON json_t *requests = json_array();
    AUTO_JSON json_t *detail = json_object();
    char digest[65];
    int64_t seq;
    json_t *rq;
    size_t i;
    if (crm_requests(c, requests, e) < 0 || js_digest(requests, digest, e) < 0 ||
        state_intent(w->s.st, w->run, address, digest, NULL, &seq, e) < 0)
        return -1;
    struct err local = {0};
    int rc = 0;
    json_array_foreach (requests, i, rq) {
        json_t *answer = NULL;
        if (rc == 0)
            rc = rails_send(w->a, w->s.org, NULL, rq, &answer, &local);
        json_decref(answer);
    }
    js_set_str(detail, "text", rc == 0 ? (w->on ? "switched on" : "switched off") : local.what);
    if (state_outcome(w->s.st, w->run, seq, address, rc == 0 ? STEP_DONE : STEP_FAILED, detail, e) < 0)
        return -1;
    if (rc < 0)
        *e = local;
    return rc;
}

static bool rule_active(const json_t *live)
{
    return js_bool(js_obj(live, "status"), "active", true);
}

static int switch_rule(struct switching *w, const json_t *step, struct resource *r, struct err *e)
{
    json_t *live = r->kind->find(&w->view, r);
    if (!live) {
        note(w, step, "absent", "not in the org");
        return 0;
    }
    if (rule_active(live) == w->on) {
        note(w, step, "ok", w->on ? "was on" : "was off");
        return 0;
    }
    AUTO_JSON json_t *body = json_object();
    json_t *status = json_object();
    js_set_bool(status, "active", w->on);
    if (!w->on)
        js_set_bool(status, "delete_schedule_action", false);
    js_set(body, "status", status);
    AUTO_JSON json_t *keep = json_incref(live);
    struct crm_change c = {
        .kind = r->kind->name, .action = "update", .module = r->module, .name = r->name, .body = body, .live = keep};
    if (send_change(w, &c, r->address, e) < 0)
        return -1;
    int rc = draft_read_step(w->s.org, w->plan, step, w->names, &w->snapshot, e);
    if (rc < 0)
        return -1;
    live = r->kind->find(&w->view, r);
    if (!live || rule_active(live) != w->on)
        return err_set(e, ERR_REMOTE, "Zoho said success, but the rule is still %s", w->on ? "off" : "on");
    note(w, step, w->on ? "on" : "off", "read back");
    w->done++;
    return 0;
}

/* Off: the source before us, when there was one. On: the plan's source. */
static int switch_function(struct switching *w, const json_t *step, struct resource *r, struct err *e)
{
    json_t *live = r->kind->find(&w->view, r);
    struct err quiet = {0};
    AUTO_JSON json_t *image = state_before_get(w->s.st, r->address, true, &quiet);
    const char *prior = js_str(image, "source"), *source = w->on ? js_str(r->artifact, "source") : prior;
    if (prior && js_bool(image, "@redacted", false))
        return err_set(e, ERR_REFUSED,
                       "the source from before held a secret and was kept without it: put it back by hand");
    if (!live || !prior || !source) {
        note(w, step, "ok", live ? "ours from the start: with its rules off nothing calls it" : "not in the org");
        return 0;
    }
    AUTO_JSON json_t *keep = json_incref(live);
    AUTO_JSON json_t *refs = r->kind->body(&w->view, r, live);
    AUTO_JSON json_t *body = NULL;
    if (kind_resolve(&w->view, refs, &body, e) < 0)
        return -1;
    struct crm_change c = {.kind = r->kind->name,
                           .action = "update",
                           .name = js_str_or(live, "api_name", r->name),
                           .body = body,
                           .live = keep,
                           .source = source};
    if (send_change(w, &c, r->address, e) < 0)
        return -1;
    note(w, step, w->on ? "on" : "off",
         w->on ? "the playbook's source is live" : "the source from before is live again");
    w->done++;
    return 0;
}

static void list_by_hand(struct switching *w, const json_t *step)
{
    const json_t *hand = js_obj(step, "hand");
    json_t *row = json_object();
    js_set_str(row, "address", js_str_or(step, "address", ""));
    js_set_str(row, "owner", js_str_or(hand, "owner", "admin"));
    js_set_str(row, "undo", js_str_or(hand, "undo", ""));
    js_set_str(row, "title", js_str_or(step, "title", ""));
    json_array_append_new(w->by_hand, row);
}

/* What was sent, then what a person is asked to switch: the log says both. */
static json_t *rows_of_log(const struct switching *w)
{
    json_t *rows = json_copy(w->rows), *hand;
    size_t i;
    json_array_foreach (w->by_hand, i, hand) {
        const char *owner = js_str_or(hand, "owner", "");
        json_t *row = json_object();
        js_set_str(row, "address", js_str_or(hand, "address", ""));
        js_set_str(row, "title", js_str_or(hand, "title", ""));
        js_set_str(row, "outcome", "hand");
        js_set_strf(row, "detail", "waits for %s", owner);
        js_set_str(row, "by", owner);
        json_array_append_new(rows, row);
    }
    return rows;
}

static bool stoppable(const char *kind)
{
    static const char *const kinds_by_hand[] = {"validation_rule", "blueprint", "blueprint_publish", "record_locking"};
    for (size_t i = 0; i < sizeof kinds_by_hand / sizeof *kinds_by_hand; i++)
        if (!strcmp(kind, kinds_by_hand[i]))
            return true;
    return false;
}

/* The playbook that still uses a shared step; NULL when nobody does. Borrowed. */
static const char *used_by(struct switching *w, const json_t *step)
{
    AUTO_JSON json_t *all = json_array();
    json_t *name;
    size_t i;
    if (js_arr(step, "also"))
        json_array_extend(all, js_arr(step, "also"));
    js_array_add_unique(all, js_str_or(step, "playbook", ""));
    json_array_foreach (all, i, name) {
        const char *other = json_string_value(name);
        AUTO_FREE char *key = mem_printf("off/%s", other);
        AUTO_JSON json_t *off = state_fact_get(w->s.st, key, NULL);
        if (strcmp(other, w->playbook) != 0 && !off)
            return js_array_has(js_arr(step, "also"), other) ? json_string_value(name) : js_str(step, "playbook");
    }
    return NULL;
}

static int switch_step(struct switching *w, const json_t *step, struct err *e)
{
    const char *kind = js_str_or(step, "kind", "");
    if (!plan_step_of(step, w->playbook) || js_obj(step, "tombstone"))
        return 0;
    const char *user = w->on ? NULL : used_by(w, step);
    if (user && (stoppable(kind) || !strcmp(kind, "workflow_rule") || !strcmp(kind, "function"))) {
        AUTO_FREE char *why = mem_printf("left alone: %s uses it too", user);
        note(w, step, "kept", why);
        return 0;
    }
    bool draft = !strcmp(kind, "blueprint") && !strcmp(js_str_or(step, "channel", ""), "api");
    if (stoppable(kind) && !draft)
        list_by_hand(w, step);
    if (strcmp(kind, "workflow_rule") != 0 && strcmp(kind, "function") != 0)
        return 0;
    const json_t *guarded = rails_protected(w->protections, js_str_or(step, "address", ""), NULL);
    if (guarded) {
        AUTO_FREE char *why = mem_printf("protected by %s: %s", js_str_or(guarded, "by", "?"),
                                         js_str_or(guarded, "note", "no reason given"));
        note(w, step, "kept", why);
        return 0;
    }
    struct resource r = {0};
    struct err local = {0};
    int rc = plan_step_resource(step, &r, &local);
    if (rc == 0)
        rc = !strcmp(kind, "function") ? switch_function(w, step, &r, &local) : switch_rule(w, step, &r, &local);
    resource_release(&r);
    if (rc == 0)
        return 0;
    note(w, step, "failed", local.what);
    w->failed++;
    if (rails_stopped(&local))
        w->halted = local;
    return local.kind == ERR_IO ? (*e = local, -1) : 0;
}

static int open_switch(struct switching *w, const char *digest, struct err *e)
{
    AUTO_JSON json_t *facts = json_object();
    snapshot_init(&w->snapshot);
    w->rows = json_array();
    w->by_hand = json_array();
    w->names = js_obj(w->plan, "names") ? json_deep_copy(js_obj(w->plan, "names")) : json_object();
    w->view = (struct kind_view){.snapshot = &w->snapshot, .desired = &w->nothing, .names = w->names};
    w->protections = rails_protections(w->s.st, e);
    if (!w->protections || rails_halted(w->a->project, e) < 0 ||
        rails_production(w->a, w->s.org, w->on ? "Switch it on in production." : "Switch it off in production.", e) < 0)
        return -1;
    int rc = draft_read_plan(w->s.org, w->plan, w->names, &w->snapshot, e);
    js_set_str(facts, "org", w->s.org->name);
    js_set_str(facts, "zgid", w->s.org->zgid);
    js_set_str(facts, "actor", session_actor());
    return rc < 0 ? -1 : state_run_open(w->s.st, w->on ? "on" : "off", digest, facts, &w->run, e);
}

static int close_switch(struct switching *w, struct err *e)
{
    char journal[33], key[128];
    AUTO_FREE char *notice = NULL;
    AUTO_FREE char *one = mem_printf("%s is switched %s in %s: %d change%s.", w->playbook, w->on ? "on" : "off",
                                     w->s.org->name, w->done, w->done == 1 ? "" : "s");
    AUTO_FREE char *two = mem_printf("By hand: %zu thing%s only a person can switch.", json_array_size(w->by_hand),
                                     json_array_size(w->by_hand) == 1 ? "" : "s");
    AUTO_FREE char *three = mem_printf("zagent %s %s", w->on ? "off" : "on", w->playbook);
    AUTO_JSON json_t *rows = rows_of_log(w);
    struct buildlog_run run = {.run = w->run,
                               .command = w->on ? "on" : "off",
                               .org = w->s.org->name,
                               .edition = js_str_or(w->s.org->info, "edition", ""),
                               .actor = session_actor(),
                               .zone = js_str_or(w->s.org->info, "time_zone", ""),
                               .at = w->a->clock.now_s(w->a->clock.ctx),
                               .sentence = {one, two, three},
                               .rows = rows};
    AUTO_JSON json_t *off = json_object();
    js_set_int(off, "at", run.at);
    js_set_str(off, "by", run.actor);
    snprintf(key, sizeof key, "off/%s", w->playbook);
    if (state_fact_put(w->s.st, key, w->on ? NULL : off, e) < 0 || state_journal_id(w->s.st, journal, e) < 0 ||
        buildlog_append(&w->a->project->root, &run, journal, &notice, e) < 0)
        return -1;
    return state_run_close(w->s.st, w->run, w->rows, e);
}

static void print_by_hand(struct switching *w, const json_t *row)
{
    AUTO_FREE char *name = address_for_people(js_str_or(row, "address", ""));
    const char *undo = w->on ? "" : js_str_or(row, "undo", "");
    AUTO_SB struct sb b = SB_INIT(8192);
    add_column(&b, name, 46);
    app_print(w->a, "  %s%s\n", b.buf, js_str_or(row, "owner", ""));
    if (*undo)
        app_print(w->a, "      %s\n", undo);
}

static void report(struct switching *w)
{
    json_t *row;
    size_t i;
    if (json_array_size(w->by_hand))
        app_print(w->a, "\nOnly a person can switch %s:\n", w->on ? "these back on" : "these off");
    json_array_foreach (w->by_hand, i, row)
        print_by_hand(w, row);
    if (json_array_size(w->by_hand) && !w->on)
        app_print(w->a, "How: the page for emergencies in %s/%s/guide.html.\n", w->a->project->out_name, w->playbook);
    js_set(w->a->data, "changes", json_incref(w->rows));
    js_set(w->a->data, "by_hand", json_incref(w->by_hand));
}

static int switch_playbook(struct app *a, bool on, struct err *e)
{
    struct switching w = {.a = a, .on = on, .playbook = a->args[0]};
    char digest[65];
    AUTO_JSON json_t *plan = NULL;
    int rc = session_open(&w.s, a, SESSION_WRITER | SESSION_LOCK, e);
    if (rc == 0)
        rc = plans_load(a->project, w.s.st, w.playbook, &plan, digest, e);
    w.plan = plan;
    if (rc == 0)
        rc = open_switch(&w, digest, e);
    json_t *step;
    size_t i;
    if (rc == 0)
        json_array_foreach (js_arr(plan, "steps"), i, step) {
            if (rc == 0 && w.halted.kind == ERR_NONE)
                rc = switch_step(&w, step, e);
        }
    if (rc == 0)
        rc = close_switch(&w, e);
    if (rc == 0)
        report(&w);
    if (rc == 0 && w.halted.kind != ERR_NONE) {
        *e = w.halted;
        rc = -1;
    } else if (rc == 0 && w.failed) {
        err_set(e, ERR_PARTIAL, "%d change%s failed", w.failed, w.failed == 1 ? "" : "s");
        rc = err_fix(e, "run 'zagent %s %s' again; what is already switched is left alone", on ? "on" : "off",
                     w.playbook);
    }
    snapshot_release(&w.snapshot);
    json_decref(w.names);
    json_decref(w.rows);
    json_decref(w.by_hand);
    json_decref(w.protections);
    session_close(&w.s);
    return rc;
}

int cmd_off(struct app *a, struct err *e)
{
    return switch_playbook(a, false, e);
}

int cmd_on(struct app *a, struct err *e)
{
    return switch_playbook(a, true, e);
}
