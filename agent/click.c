#include "agent/click.h"

#include "agent/draft.h"
#include "agent/session.h"
#include "sandbox/sandbox.h"

struct screen { /* the org as that person sees it now */
    const struct clicking *c;
    struct snapshot snapshot;
    json_t *names;
};

static bool chosen(const struct clicking *c, const json_t *step)
{
    if (!c->only)
        return true;
    for (int i = 0; i < c->n_only; i++)
        if (!strcmp(c->only[i], js_str_or(step, "id", "")) || !strcmp(c->only[i], js_str_or(step, "address", "")))
            return true;
    return false;
}

/* A wrapper that only a person can make is of no use until the rules and Blueprints name it: the plan knows which. */
static void add_places(const json_t *plan, const json_t *step, json_t *body)
{
    json_t *in = js_arr(js_obj(step, "hand"), "associate_in"), *v, *places = json_array();
    size_t i;
    json_array_foreach (in, i, v) {
        json_t *declared = js_obj(plan_step(plan, json_string_value(v)), "declared");
        json_array_append_new(places, json_pack("{s:O,s:O?}", "address", v, "body", declared));
    }
    js_set(body, "associate_in", places);
}

static json_t *body_on_screen(struct screen *s, const json_t *step, const struct resource *r)
{
    struct desired nothing = {0};
    struct kind_view v = {.snapshot = &s->snapshot, .desired = &nothing, .names = s->names};
    struct err quiet = {0};
    json_t *body = NULL;
    const json_t *refs = json_object_get(step, "body");
    if (!refs || kind_resolve(&v, refs, &body, &quiet) < 0)
        body = json_deep_copy(r->body);
    else if (r->kind->cls == KIND_HAND || js_arr(js_obj(step, "hand"), "unlock"))
        /* what a program never sends, or may not send now, a person types */
        json_object_update_missing(body, r->body);
    if (json_array_size(js_arr(js_obj(step, "hand"), "associate_in")))
        add_places(s->c->plan, step, body);
    return body;
}

static int attest(const struct clicking *c, const json_t *step, const char *address, struct err *e)
{
    char want[65];
    if (js_digest(json_object_get(step, "want"), want, e) < 0)
        return -1;
    return state_attest_put(c->st, c->org->zgid, address, session_actor(), "sandbox ui", want, e);
}

/* Values of a table, record by record in the form; decimals as the org would get them. */
static int fill_in(const struct clicking *c, const json_t *body, struct err *e)
{
    json_t *row;
    size_t i;
    int rc = 0;
    json_array_foreach (js_arr(body, "updates"), i, row) {
        AUTO_FREE char *text = js_wire(row, e);
        AUTO_JSON json_t *values = text ? json_loads(text, 0, NULL) : NULL;
        AUTO_FREE char *id = mem_dup(js_str_or(row, "id", ""));
        json_object_del(values, "id");
        rc = rc == 0 && values ? sandbox_ui(c->sb, "record", js_str(body, "module"), id, values, NULL, false, e) : -1;
    }
    return rc;
}

/* Most of what is only attested leaves nothing in an org; a button and an approval process do. */
static bool leaves_something(const struct kind *k)
{
    return k->cls != KIND_ATTEST || !strcmp(k->name, "custom_button") || !strcmp(k->name, "approval_process");
}

static int click(struct screen *s, const json_t *step, struct err *e)
{
    const struct clicking *c = s->c;
    struct resource r = {0};
    int rc = plan_step_resource(step, &r, e);
    if (rc == 0 && leaves_something(r.kind)) {
        AUTO_JSON json_t *body = body_on_screen(s, step, &r);
        rc = js_arr(body, "updates") && !c->undo
                 ? fill_in(c, body, e)
                 : sandbox_ui(c->sb, r.kind->name, r.module, r.name, body, js_str(r.artifact, "source"), c->undo, e);
    }
    if (rc == 0 && !strcmp(js_str_or(step, "channel", ""), "attest"))
        rc = attest(c, step, r.address, e);
    if (rc == 0) {
        AUTO_FREE char *name = address_for_people(r.address);
        js_push_str(js_arr(c->app->data, "done"), r.address);
        app_print(c->app, "  %s  %s\n", c->undo ? "undone" : "done", name);
    }
    resource_release(&r);
    return rc;
}

static int names_now(struct screen *s, struct err *e)
{
    const struct clicking *c = s->c;
    AUTO_JSON json_t *made = state_names(c->st, c->org->zgid, e);
    const char *address;
    json_t *v;
    if (!made)
        return -1;
    s->names = js_obj(c->plan, "names") ? json_deep_copy(js_obj(c->plan, "names")) : json_object();
    json_object_foreach (made, address, v)
        if (js_str(v, "api_name"))
            js_set_str(s->names, address, js_str(v, "api_name"));
    return 0;
}

/* A step asked for by name is done whatever the journal says of it. What the plan found in place waits for nobody, though the
 * journal of an earlier plan still has it with a person. */
static bool wanted(const struct clicking *c, const json_t *step, const json_t *known)
{
    const char *o = js_str_or(json_object_get(known, js_str_or(step, "address", "")), "outcome", "");
    bool in_place = !strcmp(js_str_or(step, "action", ""), "none");
    bool handed = !strcmp(o, step_outcome_name(STEP_HAND)) || !strcmp(o, step_outcome_name(STEP_REFUSED));
    bool waits = (handed && !in_place) || !strcmp(o, step_outcome_name(STEP_UNDONE));
    bool by_hand = strcmp(js_str_or(step, "channel", ""), "api") != 0;
    return chosen(c, step) && (c->only ? by_hand || waits : c->undo ? by_hand && !waits : waits);
}

int click_all(const struct clicking *c, struct err *e)
{
    struct screen s = {.c = c};
    AUTO_JSON json_t *known = state_steps(c->st, e);
    json_t *step;
    size_t i;
    int rc = known ? names_now(&s, e) : -1;
    snapshot_init(&s.snapshot);
    js_set(c->app->data, "done", json_array());
    json_array_foreach (js_arr(c->plan, "steps"), i, step) {
        if (rc == 0 && wanted(c, step, known)) {
            rc = draft_read_plan(c->org, c->plan, s.names, &s.snapshot, e);
            rc = rc == 0 ? click(&s, step, e) : rc;
        }
    }
    snapshot_release(&s.snapshot);
    json_decref(s.names);
    return rc;
}
