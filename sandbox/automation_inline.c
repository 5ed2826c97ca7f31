/*
 * sandbox/automation_inline.c — the actions a rule carries in itself: owner, tags, new records.
 * Source: zoho-api.md 1.10 (inline actions); OAS26a workflow_rules: AssignOwnerDetailsSchema, TagActionSchema, MeetingOrCallActionSchema.
 */
#include "sandbox/assign.h"
#include "sandbox/check.h"
#include "sandbox/merge.h"
#include "sandbox/tag.h"

static void refresh(struct occasion *o)
{
    json_t *fresh = record_get(o->c->st, o->m->api, o->id);
    if (fresh) {
        json_decref(o->record);
        o->record = fresh;
    }
}

/* The first way that finds somebody counts. */
static void assign_owner(struct occasion *o, const json_t *action)
{
    size_t i;
    json_t *to;
    AUTO_FREE char *owner = NULL;
    json_array_foreach (js_arr(js_obj(action, "details"), "assign_to"), i, to) {
        AUTO_FREE char *turn = mem_printf("%s/%s/%zu", o->rule ? o->rule : "", o->part ? o->part : "", i);
        owner = owner ? owner : assign_to_one(o->c, o->m, to, o->record, turn);
    }
    if (!owner) {
        automation_failed(o, action, json_string("nobody to assign it to"));
        return;
    }
    AUTO_JSON json_t *values = json_pack("{s:{s:s}}", "Owner", "id", owner);
    automation_write(o, o->m, o->id, values, action);
    refresh(o);
}

static void change_tags(struct occasion *o, const json_t *action)
{
    const json_t *d = js_obj(action, "details");
    bool add = strcmp(js_str_or(action, "type", ""), "add_tags") == 0;
    json_t *bad = tag_put(o->c, o->m, o->id, js_arr(d, "tags"), add, js_bool(d, "over_write", false));
    if (bad) {
        automation_failed(o, action, bad);
    }
    refresh(o);
}

/* create_record, schedule_call, add_meeting: a record of details.module from the mappings; a lookup to this record's module that the
 * mappings leave empty points to it. */
static void create(struct occasion *o, const json_t *action)
{
    static const char *const given[][2] = {{"schedule_call", "Calls"}, {"add_meeting", "Events"}};
    const json_t *d = js_obj(action, "details");
    const char *module = js_str_or(js_obj(d, "module"), "api_name", "");
    struct record_module m;
    size_t i;
    json_t *map;
    for (i = 0; i < 2; i++) {
        module = strcmp(js_str_or(action, "type", ""), given[i][0]) == 0 ? given[i][1] : module;
    }
    if (!record_module_open(o->c->st, module, &m)) {
        automation_failed(o, action, json_string("this sandbox has no such module"));
        return;
    }
    AUTO_JSON json_t *values = json_object();
    if (js_obj(o->record, "Owner")) {
        json_object_set(values, "Owner", js_obj(o->record, "Owner"));
    }
    json_array_foreach (js_arr(d, "field_mappings"), i, map) {
        const char *api = js_str_or(js_obj(map, "field"), "api_name", "");
        js_set(values, api, merge_mapped(o->c, o->m, o->record, json_object_get(m.by_api, api), map));
    }
    if (json_object_get(m.by_api, "What_Id") && !json_object_get(values, "What_Id")) {
        js_set(values, "What_Id", json_pack("{s:s}", "id", o->id));
    }
    automation_write(o, &m, NULL, values, action);
    record_module_close(&m);
}

static const struct {
    const char *type;
    void (*act)(struct occasion *o, const json_t *action);
} acts[] = {
    {"assign_owner", assign_owner}, {"add_tags", change_tags}, {"remove_tags", change_tags},
    {"create_record", create},      {"schedule_call", create}, {"add_meeting", create},
};

bool automation_inline(struct occasion *o, const json_t *action)
{
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        if (strcmp(js_str_or(action, "type", ""), acts[i].type) == 0) {
            acts[i].act(o, action);
            return true;
        }
    }
    return false;
}
