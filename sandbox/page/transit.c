/* sandbox/page/transit.c — transitions, by the same path as the API's (process.h): one way to be offered and to be refused. */
#include "sandbox/page/transit.h"

#include "sandbox/route.h"

/* The API's answer for this record's Blueprint; body is stolen. New reference. */
static json_t *asked(struct page *p, const struct record_module *m, const char *method, json_t *body, int *status)
{
    AUTO_FREE char *path = mem_printf("/crm/v8/%s/%s/actions/blueprint", m->api, p->arg[1]);
    struct call c = {.s = p->c->s,
                     .st = p->st,
                     .method = method,
                     .path = path,
                     .query = json_object(),
                     .headers = json_object(),
                     .json = body,
                     .out_headers = json_object()};
    route_inner(&c);
    json_t *out = json_incref(c.answer);
    *status = c.status;
    call_release(&c);
    return out;
}

static char *input_of(const char *transition, const char *api)
{
    return mem_printf("T%s.%s", transition, api);
}

/* Why a way is not open: its criteria, as the Blueprint has them. */
static void closed_way(struct page *p, const struct record_module *m, const char *blueprint, const json_t *t)
{
    AUTO_JSON json_t *b = config_by_id(p->st, "blueprints", NULL, blueprint);
    size_t i;
    json_t *one;
    html(&p->out, "<div class=\"way\"><h3>%s</h3><p><span class=\"tag quiet\">not offered now</span> Needs: ",
         js_str_or(t, "name", ""));
    json_array_foreach (js_arr(b, "transitions"), i, one) {
        if (strcmp(js_str_or(one, "id", ""), js_str_or(t, "id", "?")) == 0) {
            page_criteria(p, js_obj(one, "criteria"), m->by_api);
        }
    }
    sb_add(&p->out, "</p></div>");
}

static void open_way(struct page *p, const json_t *t)
{
    const char *id = js_str_or(t, "id", "");
    size_t i;
    json_t *f;
    html(&p->out, "<div class=\"way\"><h3>%s <span class=\"quiet\">→ %s</span></h3>", js_str_or(t, "name", ""),
         js_str_or(t, "next_field_value", ""));
    form_open(p, "transition");
    html(&p->out, "<input type=\"hidden\" name=\"transition\" value=\"%s\">", id);
    json_array_foreach (js_arr(t, "fields"), i, f) {
        const char *api = js_str_or(f, "api_name", "");
        AUTO_FREE char *name = input_of(id, api);
        field_input(p, f, name, json_object_get(js_obj(t, "data"), api), js_bool(f, "mandatory", false));
    }
    user_input(p, "Done by");
    form_close(p, js_str_or(t, "name", "Go on"));
    sb_add(&p->out, "</div>");
}

void transit_show(struct page *p, const struct record_module *m, const json_t *record)
{
    int status;
    (void)record;
    AUTO_JSON json_t *a = asked(p, m, "GET", NULL, &status);
    const json_t *b = js_obj(a, "blueprint"), *info = js_obj(b, "process_info");
    size_t i;
    json_t *t;
    if (status != 200) {
        return;
    }
    html(&p->out, "<section class=\"process\"><h2>Blueprint: <a href=\"/page/blueprint/%s\">%s</a></h2>",
         js_str_or(info, "id", ""), js_str_or(info, "name", ""));
    html(&p->out, "<p>%s: <span class=\"tag state\">%s</span></p><div class=\"ways\">",
         js_str_or(info, "field_label", ""), js_str_or(info, "field_value", ""));
    json_array_foreach (js_arr(b, "transitions"), i, t) {
        if (js_bool(t, "criteria_matched", false)) {
            open_way(p, t);
        } else {
            closed_way(p, m, js_str_or(info, "id", ""), t);
        }
    }
    sb_add(&p->out, "</div></section>");
}

/* The asked fields of a transition with what was typed. */
static json_t *typed(struct page *p, const struct record_module *m, const char *transition)
{
    AUTO_FREE char *prefix = input_of(transition, "");
    json_t *out = json_object(), *v, *f;
    const char *name;
    json_object_foreach (p->form, name, v) {
        const char *api = strncmp(name, prefix, strlen(prefix)) == 0 ? name + strlen(prefix) : NULL;
        if (api && (f = json_object_get(m->by_api, api))) {
            js_set(out, api, field_typed(p, f, name));
        }
    }
    return out;
}

bool transit_do(struct page *p, const struct record_module *m)
{
    const char *id = form_text(p, "transition");
    AUTO_FREE char *prefix = input_of(id ? id : "", "");
    int status;
    json_t *body =
        json_pack("{s:[{s:s,s:o}]}", "blueprint", "transition_id", id ? id : "", "data", typed(p, m, id ? id : ""));
    AUTO_JSON json_t *a = asked(p, m, "PUT", body, &status);
    if (status != 200) {
        refusal_shown(p, a, m->by_api, "$.blueprint[0].data.", prefix);
        return false;
    }
    page_go(p, "/page/record/%s/%s?done=moved", m->api, p->arg[1]);
    return true;
}
