/* sandbox/automation.c — which rules a saved record meets, when their actions happen. */
#include "sandbox/automation.h"

#include "sandbox/check.h"
#include "sandbox/dated.h"
#include "sandbox/happening.h"
#include "sandbox/period.h"
#include "sandbox/process.h"

enum { SOONEST_S = 120 }; /* the least a scheduled action waits [C4]; also what ends a rule that schedules itself */

static int64_t now(struct call *c)
{
    return c->s->clock.now_s(c->s->clock.ctx);
}

/* ---- criteria in this org ---- */

static json_t *behind(void *ctx, const json_t *field, const json_t *value)
{
    struct record_env *e = ctx;
    const char *module = js_str(js_obj(js_obj(field, "lookup"), "module"), "api_name");
    return module ? record_get(e->st, module, js_str(value, "id")) : NULL;
}

void record_env_init(struct record_env *e, struct call *c, const struct record_module *m)
{
    *e = (struct record_env){.st = c->st};
    e->me = org_actor(c->s);
    org_time(c->s, now(c), e->today);
    e->today[10] = '\0';
    e->env = (struct criteria_env){
        m->by_api, now(c), e->today, js_str(e->me, "id"), js_str(js_obj(e->me, "role"), "id"), behind, e};
}

void record_env_release(struct record_env *e)
{
    json_decref(e->me);
    *e = (struct record_env){0};
}

/* ---- which rule ---- */

static const struct {
    const char *type;
    bool create, edit, remove, changed;
} triggers[] = {
    {"create", true, false, false, false},        {"edit", false, true, false, false},
    {"create_or_edit", true, true, false, false}, {"delete", false, false, true, false},
    {"field_update", false, true, false, true},
};

struct moment {
    struct call *c;
    const struct record_module *m;
    enum automation_event what;
    const char *id;
    const json_t *before, *after;
    struct record_env env;
};

static bool once_only(const struct moment *mo, const json_t *rule)
{
    const json_t *repeat = json_object_get(js_obj(js_obj(rule, "execute_when"), "details"), "repeat");
    return json_is_false(repeat) && happening_ran(mo->c->st, js_str(rule, "id"), mo->id);
}

static bool triggered(const struct moment *mo, const json_t *rule)
{
    const json_t *when = js_obj(rule, "execute_when"), *d = js_obj(when, "details");
    const char *type = js_str_or(when, "type", "");
    if (!js_bool(js_obj(rule, "status"), "active", false)) {
        return false;
    }
    for (size_t i = 0; i < sizeof triggers / sizeof *triggers; i++) {
        bool fits = mo->what == RECORD_CREATED  ? triggers[i].create
                    : mo->what == RECORD_EDITED ? triggers[i].edit
                                                : triggers[i].remove;
        if (fits && strcmp(type, triggers[i].type) == 0) {
            return (!triggers[i].changed || criteria_changed(js_obj(d, "criteria"), js_bool(d, "match_all", false),
                                                             mo->before, mo->after, &mo->env.env)) &&
                   !once_only(mo, rule);
        }
    }
    return false;
}

/* The first condition in sequence that the record meets; borrowed, NULL when none. */
static const json_t *condition_met(const struct moment *mo, const json_t *rule)
{
    const json_t *best = NULL;
    json_t *cond;
    size_t i;
    json_array_foreach (js_arr(rule, "conditions"), i, cond) {
        int64_t at = js_int(cond, "sequence_number", 0);
        if ((!best || at < js_int(best, "sequence_number", 0)) &&
            criteria_match(js_obj(js_obj(cond, "criteria_details"), "criteria"), mo->after, &mo->env.env)) {
            best = cond;
        }
    }
    return best;
}

/* ---- what it sets off ---- */

static void schedule(const struct moment *mo, const struct happening *h, const json_t *blocks)
{
    size_t i;
    json_t *b;
    json_array_foreach (blocks, i, b) {
        const json_t *after = js_obj(b, "execute_after"), *unit = json_object_get(after, "unit");
        const char *text = json_string_value(unit);
        struct happening due = *h;
        due.kind = "scheduled";
        if (period_add(h->at, js_str_or(after, "period", ""), text ? strtoll(text, NULL, 10) : json_integer_value(unit),
                       &due.at)) {
            due.at = due.at < h->at + SOONEST_S ? h->at + SOONEST_S : due.at;
            happening_put(mo->c->st, &due, json_pack("{s:O}", "actions", js_arr(b, "actions")));
            mo->c->s->next_due = due.at < mo->c->s->next_due ? due.at : mo->c->s->next_due;
        }
    }
}

static void fire(const struct moment *mo, const json_t *rule, const json_t *cond)
{
    struct happening h = {"ran", now(mo->c), mo->m->api, mo->id, js_str(rule, "id"), js_str(cond, "id")};
    happening_put(mo->c->st, &h, json_object());
    json_t *live = record_get(mo->c->st, mo->m->api, mo->id); /* a deleted record is as it was */
    struct occasion o = {mo->c,           mo->m,  mo->id, live ? live : json_deep_copy(mo->after),
                         "workflow_rule", h.rule, h.part};
    automation_act(&o, js_arr(js_obj(cond, "instant_actions"), "actions"));
    schedule(mo, &h, js_arr(cond, "scheduled_actions"));
    json_decref(o.record);
}

static void too_deep(const struct moment *mo)
{
    struct happening h = {"failed", now(mo->c), mo->m->api, mo->id, NULL, NULL};
    happening_put(mo->c->st, &h, json_pack("{s:n,s:s}", "action", "error", "automation set off itself too often"));
}

static bool runs(const json_t *trigger, const char *what)
{
    return !trigger || js_array_has(trigger, what);
}

void automation_run(struct call *c, const struct record_module *m, enum automation_event what, const char *id,
                    const json_t *before, const json_t *after, const json_t *trigger)
{
    struct moment mo = {.c = c, .m = m, .what = what, .id = id, .before = before, .after = after};
    if (c->s->depth >= AUTOMATION_DEPTH) {
        too_deep(&mo);
        return;
    }
    AUTO_JSON json_t *rules = runs(trigger, "workflow") ? config_shared(c->st, "workflow_rules", m->api) : NULL;
    AUTO_JSON json_t *met = json_array();
    json_t *rule;
    size_t i;
    c->s->depth++;
    if (json_array_size(rules) > 0) {
        record_env_init(&mo.env, c, m);
    }
    json_array_foreach (rules, i, rule) {
        const json_t *cond = triggered(&mo, rule) ? condition_met(&mo, rule) : NULL;
        if (cond) {
            json_array_append_new(met, json_pack("{s:O,s:O}", "rule", rule, "cond", cond));
        }
    }
    json_array_foreach (met, i, rule) {
        fire(&mo, js_obj(rule, "rule"), js_obj(rule, "cond"));
    }
    record_env_release(&mo.env);
    if (what == RECORD_DELETED || runs(trigger, "blueprint")) {
        process_enter(c, m, id);
    }
    c->s->depth--;
}

/* ---- scheduled actions ---- */

/* A rule's action happens whatever became of the record; an escalation only while the record still stands in its state. */
static bool still_wanted(struct call *c, const struct due *d, const json_t *record, const char **source)
{
    const char *state = js_str(d->body, "state");
    AUTO_JSON json_t *rule = state ? NULL : config_by_id(c->st, "workflow_rules", NULL, d->rule);
    *source = state ? "blueprint" : "workflow_rule";
    return state ? process_stands(c->st, d->rule, state, record) : rule != NULL;
}

/* The date has come: the rule's conditions are asked now. */
static void do_dated(struct call *c, const struct due *d, const struct record_module *m, const json_t *record)
{
    AUTO_JSON json_t *rule = config_by_id(c->st, "workflow_rules", NULL, d->rule);
    struct moment mo = {.c = c, .m = m, .what = RECORD_EDITED, .id = d->record, .before = record, .after = record};
    if (!js_bool(js_obj(rule, "status"), "active", false)) {
        return;
    }
    record_env_init(&mo.env, c, m);
    const json_t *cond = condition_met(&mo, rule);
    if (cond) {
        fire(&mo, rule, cond);
    }
    record_env_release(&mo.env);
    dated_again(c, rule, d->module, d->record, d->at);
}

static void do_due(struct call *c, const struct due *d)
{
    struct record_module m;
    const char *source;
    json_t *record = record_get(c->st, d->module, d->record);
    if (record && js_bool(d->body, "dated", false)) {
        if (record_module_open(c->st, d->module, &m)) {
            do_dated(c, d, &m, record);
            record_module_close(&m);
        }
        json_decref(record);
        return;
    }
    if (record && still_wanted(c, d, record, &source) && record_module_open(c->st, d->module, &m)) {
        struct occasion o = {c, &m, d->record, record, source, d->rule, NULL};
        automation_act(&o, js_arr(d->body, "actions"));
        record = o.record;
        record_module_close(&m);
    }
    json_decref(record);
}

void automation_due(struct call *c, int64_t till)
{
    struct due d;
    while (happening_take_due(c->st, till, &d)) {
        if (d.at > now(c)) {
            org_clock_to(c->s, d.at);
        }
        do_due(c, &d);
        due_release(&d);
    }
    c->s->next_due = happening_next_due(c->st);
}

void automation_clock(struct call *c, int64_t till)
{
    automation_due(c, till);
    org_clock_to(c->s, till);
}

void automation_catch_up(struct call *c)
{
    if (c->s->next_due <= now(c)) {
        store_begin(c->st);
        automation_due(c, now(c));
        store_commit(c->st, NULL);
    }
}

void automation_forget(struct store *st, const char *rule)
{
    happening_drop_rule(st, "scheduled", rule);
}
