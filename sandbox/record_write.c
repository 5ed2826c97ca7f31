/* sandbox/record_write.c — inserting, updating, deleting one record: row, unique keys, totals, audit. Source: zoho-api.md 2.1. */
#include <inttypes.h>

#include "sandbox/access.h"
#include "sandbox/assign.h"
#include "sandbox/automation.h"
#include "sandbox/check.h"
#include "sandbox/dated.h"
#include "sandbox/gate.h"
#include "sandbox/mapping.h"
#include "sandbox/record.h"
#include "sandbox/totals.h"

static void auto_numbers(struct call *c, const struct record_module *m, json_t *body)
{
    size_t i;
    json_t *f;
    json_array_foreach (m->fields, i, f) {
        if (strcmp(js_str_or(f, "data_type", ""), "autonumber") != 0) {
            continue;
        }
        AUTO_FREE char *key = mem_printf("auto_number/%s", js_str_or(f, "id", ""));
        AUTO_FREE char *last = store_meta(c->st, key);
        const json_t *a = js_obj(f, "auto_number");
        long long n = last ? strtoll(last, NULL, 10) + 1 : js_int(a, "start_number", 1);
        AUTO_FREE char *now = mem_printf("%lld", n);
        store_set_meta(c->st, key, now);
        js_set_strf(body, js_str_or(f, "api_name", ""), "%s%s%s", js_str_or(a, "prefix", ""), now,
                    js_str_or(a, "suffix", ""));
    }
}

static json_t *short_user(const json_t *me)
{
    return json_pack("{s:s,s:s}", "name", js_str_or(me, "name", ""), "id", js_str_or(me, "id", ""));
}

static void stamp(struct call *c, json_t *body, bool insert, const json_t *sent)
{
    char now[CLOCK_TEXT];
    AUTO_JSON json_t *me = org_me(c->s);
    org_time(c->s, c->s->clock.now_s(c->s->clock.ctx), now);
    if (insert) {
        if (!js_obj(body, "Owner")) {
            json_object_set(body, "Owner", me);
        }
        js_set(body, "Created_By", short_user(me));
        js_set_str(body, "Created_Time", js_str_or(sent, "Created_Time", now));
    }
    js_set(body, "Modified_By", short_user(me));
    js_set_str(body, "Modified_Time", js_str_or(sent, "Modified_Time", now));
}

static void audit(struct call *c, const struct record_module *m, const char *action, int64_t id,
                  const struct record_write *w, const json_t *before, const json_t *after)
{
    const json_t *trigger = w->trigger;
    AUTO_JSON json_t *me = org_me(c->s);
    AUTO_FREE char *t = trigger ? json_dumps(trigger, JSON_COMPACT) : NULL,
                   *b = before ? json_dumps(before, JSON_COMPACT) : NULL;
    AUTO_FREE char *a = after ? json_dumps(after, JSON_COMPACT) : NULL;
    store_do(c->st,
             "INSERT INTO audit(at,actor,action,module,record,trigger,before,after) VALUES(?1,?2,?3,?4,?5,?6,?7,?8)",
             "isssisss", c->s->clock.now_s(c->s->clock.ctx), w->by ? w->by : js_str_or(me, "id", ""), action, m->api,
             id, t, b, a);
}

static json_t *result(const char *id, const json_t *body, bool insert)
{
    return json_pack("{s:s,s:{s:O,s:O,s:s,s:O,s:O,s:s},s:s,s:s}", "code", "SUCCESS", "details", "Modified_Time",
                     json_object_get(body, "Modified_Time"), "Modified_By", json_object_get(body, "Modified_By"), "id",
                     id, "Created_Time", json_object_get(body, "Created_Time"), "Created_By",
                     json_object_get(body, "Created_By"), "$approval_state", "approved", "message",
                     insert ? "record added" : "record updated", "status", "success");
}

static void save(struct call *c, const struct record_module *m, const char *id, json_t *body)
{
    json_object_del(body, "id");
    AUTO_FREE char *text = json_dumps(body, JSON_COMPACT);
    int64_t created = 0, modified = 0, n = strtoll(id, NULL, 10);
    clock_parse(js_str_or(body, "Created_Time", ""), &created, NULL);
    clock_parse(js_str_or(body, "Modified_Time", ""), &modified, NULL);
    store_do(c->st,
             "INSERT INTO record(id,module,created,modified,deleted,body) VALUES(?1,?2,?3,?4,NULL,?5) ON CONFLICT(id) "
             "DO UPDATE SET "
             "created=excluded.created, modified=excluded.modified, body=excluded.body",
             "isiis", n, m->api, created, modified, text);
    record_keys(c->st, m, n, body);
}

/* The assignment rule of the write decides who owns the record. The rule, a new reference that *entry is borrowed from. */
static json_t *assign_owner(struct call *c, const struct record_module *m, const struct record_write *w, json_t *body,
                            const json_t **entry)
{
    json_t *rule = config_by_id(c->st, "assignment_rules", m->api, w->assign);
    AUTO_FREE char *owner = rule ? assign_by_rule(c, m, rule, body, entry) : NULL;
    AUTO_JSON json_t *u = owner ? config_by_id(c->st, "users", NULL, owner) : NULL;
    if (u) {
        js_set(body, "Owner",
               json_pack("{s:s,s:s,s:s}", "name", js_str_or(u, "full_name", ""), "id", owner, "email",
                         js_str_or(u, "email", "")));
    }
    return rule;
}

/* followup_actions of the entry that decided: [{type: tasks, resources: [{id}]}]. */
static void follow_up(struct call *c, const struct record_module *m, const json_t *body, const json_t *rule,
                      const json_t *entry)
{
    size_t i, k;
    json_t *f, *r;
    AUTO_JSON json_t *actions = json_array();
    json_array_foreach (js_arr(entry, "followup_actions"), i, f) {
        json_array_foreach (js_arr(f, "resources"), k, r) {
            json_array_append_new(
                actions, json_pack("{s:s,s:s}", "type", js_str_or(f, "type", ""), "id", js_str_or(r, "id", "")));
        }
    }
    struct occasion o = {c,
                         m,
                         js_str_or(body, "id", ""),
                         json_deep_copy(body),
                         "assignment_rule",
                         js_str(rule, "id"),
                         js_str(entry, "id")};
    automation_act(&o, actions);
    json_decref(o.record);
}

json_t *record_put(struct call *c, const struct record_module *m, const char *id, const json_t *in,
                   const struct record_write *w, const char *base)
{
    AUTO_JSON json_t *before = id ? record_get(c->st, m->api, id) : NULL;
    AUTO_JSON json_t *out = json_object();
    if (id && !before) {
        return error_invalid(NULL, "%s.id", base);
    }
    json_t *bad = w->by ? NULL : access_refuses(m, in, base), *v;
    bad = bad ? bad : record_check(c, m, in, before, out, w->seed, base);
    bad = bad ? bad : record_duplicate(c, m, out, id, base);
    if (bad) {
        return bad;
    }
    AUTO_JSON json_t *body = before ? json_deep_copy(before) : json_object();
    const char *k;
    char new_id[STORE_ID_TEXT];
    json_object_foreach (out, k, v) {
        if (json_is_null(v)) {
            json_object_del(body, k);
        } else {
            json_object_set(body, k, v);
        }
    }
    if (!id) {
        store_new_id(c->st, new_id);
        auto_numbers(c, m, body);
    }
    totals_fill(body);
    if (!w->seed && (bad = mapping_check(c, m, out, body, base))) {
        return bad;
    }
    bool by_user = !w->seed && !w->by;
    if (by_user && (bad = gate_save(c, m, before, out, body, w, base))) {
        return bad;
    }
    const char *the_id = id ? id : new_id;
    const json_t *entry = NULL;
    AUTO_JSON json_t *rule = w->assign ? assign_owner(c, m, w, body, &entry) : NULL;
    stamp(c, body, !id, w->seed ? in : NULL);
    save(c, m, the_id, body);
    audit(c, m, id ? "update" : "insert", strtoll(the_id, NULL, 10), w, before, body);
    dated_follow(c, m, the_id, before, body);
    json_t *done = result(the_id, body, !id);
    if (by_user) {
        js_set_str(body, "id", the_id);
        follow_up(c, m, body, rule, entry);
        automation_run(c, m, id ? RECORD_EDITED : RECORD_CREATED, the_id, before, body, w->trigger);
    }
    return done;
}

void record_set(struct call *c, const struct record_module *m, const char *id, const char *key, json_t *value)
{
    AUTO_JSON json_t *before = record_get(c->st, m->api, id);
    AUTO_JSON json_t *body = json_deep_copy(before);
    struct record_write w = {0};
    json_object_set_new(body, key, value);
    stamp(c, body, false, NULL);
    save(c, m, id, body);
    audit(c, m, "update", strtoll(id, NULL, 10), &w, before, body);
}

json_t *record_delete(struct call *c, const struct record_module *m, const char *id, const json_t *trigger)
{
    AUTO_JSON json_t *before = record_get(c->st, m->api, id);
    if (!before) {
        return item_error("INVALID_DATA", "the id given seems to be invalid", json_pack("{s:s}", "id", id));
    }
    json_t *locked = gate_action(c, m, before, "delete");
    if (locked) {
        return locked;
    }
    struct record_write w = {.trigger = trigger};
    int64_t n = strtoll(id, NULL, 10);
    store_do(c->st, "UPDATE record SET deleted=?2 WHERE id=?1", "ii", n, c->s->clock.now_s(c->s->clock.ctx));
    store_do(c->st, "DELETE FROM keyed WHERE record=?1", "i", n);
    audit(c, m, "delete", n, &w, before, NULL);
    automation_run(c, m, RECORD_DELETED, id, before, before, trigger);
    return item_ok(id, "record deleted");
}
