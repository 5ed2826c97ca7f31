/* sandbox/page/blueprint.c — Blueprints: states with where records stand, transitions, publishing. */
#include "base/text.h"
#include "sandbox/page/form.h"
#include "sandbox/page/parts.h"
#include "sandbox/ui.h"

static void status_tag(struct page *p, const json_t *b)
{
    const char *status = js_str_or(b, "status", "");
    page_tag(p, strcmp(status, "active") == 0 ? "good" : "quiet", strcmp(status, "active") == 0 ? "published" : status);
}

void page_blueprints(struct page *p)
{
    AUTO_JSON json_t *all = config_list(p->st, "blueprints", NULL);
    size_t i;
    json_t *b;
    page_title(p, "Blueprints");
    if (json_array_size(all) == 0) {
        page_empty(p,
                   "No Blueprint yet. A playbook that declares one makes a draft here, which a person then publishes.");
        return;
    }
    page_table(p, "Blueprints", "Name|Module|State|In process#");
    json_array_foreach (all, i, b) {
        html(&p->out, "<tr><th scope=\"row\"><a href=\"/page/blueprint/%s\">%s</a></th><td>", js_str_or(b, "id", ""),
             js_str_or(b, "name", ""));
        page_module_label(p, js_str(js_obj(b, "module"), "api_name"));
        sb_add(&p->out, "</td><td>");
        status_tag(p, b);
        int64_t n = page_count(p, store_q(p->st, "SELECT count(*) FROM happening WHERE kind='process' AND rule=?1", "i",
                                          (int64_t)strtoll(js_str_or(b, "id", "0"), NULL, 10)));
        html(&p->out, "</td><td class=\"number\">%lld</td></tr>", (long long)n);
    }
    page_table_end(p);
}

static void states(struct page *p, const struct record_module *m, const json_t *b)
{
    const char *api = js_str_or(js_obj(b, "field"), "api_name", "");
    AUTO_FREE char *path = mem_printf("$.\"%s\"", api);
    size_t i;
    json_t *s;
    sb_add(&p->out, "<section><h2>Where records stand</h2><ul class=\"cards\">");
    json_array_foreach (js_arr(b, "states"), i, s) {
        const char *value = js_str_or(js_obj(s, "pick_list_value"), "actual_value", "");
        AUTO_FREE char *in_address = text_percent_encode(value);
        int64_t n = page_count(p, store_q(p->st,
                                          "SELECT count(*) FROM happening h JOIN record r ON r.id=h.record WHERE "
                                          "h.kind='process' AND h.rule=?1 AND "
                                          "r.deleted IS NULL AND json_extract(r.body,?2)=?3",
                                          "iss", (int64_t)strtoll(js_str_or(b, "id", "0"), NULL, 10), path, value));
        html(&p->out, "<li><a href=\"/page/module/%s?field=%s&amp;value=%s\"><span>%s</span> <b>%lld</b></a></li>",
             m->api, api, in_address, js_str_or(js_obj(s, "pick_list_value"), "display_value", value), (long long)n);
    }
    sb_add(&p->out, "</ul></section>");
}

static const json_t *part(const json_t *list, const json_t *ref)
{
    size_t i;
    json_t *v;
    json_array_foreach (list, i, v) {
        if (strcmp(js_str_or(v, "id", ""), js_str_or(ref, "id", "?")) == 0) {
            return v;
        }
    }
    return NULL;
}

static const char *state_name(const json_t *b, const json_t *ref)
{
    return js_str_or(js_obj(part(js_arr(b, "states"), ref), "pick_list_value"), "display_value", "");
}

static void asked_fields(struct page *p, const struct record_module *m, const json_t *t)
{
    size_t i;
    json_t *in;
    json_array_foreach (js_arr(t, "during_inputs"), i, in) {
        sb_add(&p->out, i ? ", " : "");
        html_text(&p->out,
                  page_label(m->by_api, js_str_or(js_obj(in, "field"), "api_name", js_str_or(in, "type", ""))));
        sb_add(&p->out, js_bool(in, "optional", false) ? "" : " (required)");
    }
}

static void transitions(struct page *p, const struct record_module *m, const json_t *b)
{
    size_t i, k;
    json_t *con, *a;
    sb_add(&p->out, "<section><h2>Transitions</h2>");
    page_table(p, "Transitions", "From|Button|To|Offered when|Asks for|Then");
    json_array_foreach (js_arr(b, "connections"), i, con) {
        const json_t *t = part(js_arr(b, "transitions"), js_obj(con, "transitions"));
        html(&p->out, "<tr><td>%s</td><th scope=\"row\">%s</th><td>%s</td><td>",
             state_name(b, js_obj(con, "from_state")), js_str_or(t, "name", ""),
             state_name(b, js_obj(con, "to_state")));
        page_criteria(p, js_obj(t, "criteria"), m->by_api);
        sb_add(&p->out, "</td><td>");
        asked_fields(p, m, t);
        sb_add(&p->out, "</td><td>");
        json_array_foreach (js_arr(t, "actions"), k, a) {
            html(&p->out, k ? ", %s" : "%s", js_str_or(a, "name", ""));
        }
        sb_add(&p->out, "</td></tr>");
    }
    page_table_end(p);
    sb_add(&p->out, "</section>");
}

static void publish_form(struct page *p, const json_t *b)
{
    bool active = strcmp(js_str_or(b, "status", ""), "active") == 0;
    sb_add(&p->out, "<section><h2>Publish</h2>");
    html(&p->out, "<p>%s</p>",
         active ? "It is published. Records enter it when they are saved and meet its entry criteria."
                : "It is a draft or switched off: no record enters it. Publishing is a click in Setup, which no API "
                  "offers.");
    form_open(p, active ? "off" : "publish");
    form_close(p, active ? "Switch off" : "Publish");
    sb_add(&p->out, "</section>");
}

void page_blueprint(struct page *p)
{
    struct record_module m;
    AUTO_JSON json_t *b = p->arg[0] && !p->arg[1] ? config_by_id(p->st, "blueprints", NULL, p->arg[0]) : NULL;
    if (!b || !record_module_open(p->st, js_str_or(js_obj(b, "module"), "api_name", ""), &m)) {
        page_not_there(p, "There is no such Blueprint.");
        return;
    }
    page_title(p, "%s", js_str_or(b, "name", "Blueprint"));
    html(&p->out, "<p class=\"sub\"><a href=\"/page/module/%s\">%s</a>, by ", m.api,
         js_str_or(m.module, "plural_label", m.api));
    html(&p->out, "%s · ", page_label(m.by_api, js_str_or(js_obj(b, "field"), "api_name", "")));
    status_tag(p, b);
    sb_add(&p->out, "</p><p>Enters: ");
    page_criteria(p, js_obj(b, "entry_criteria"), m.by_api);
    sb_add(&p->out, "</p>");
    states(p, &m, b);
    transitions(p, &m, b);
    publish_form(p, b);
    record_module_close(&m);
}

bool page_blueprint_act(struct page *p)
{
    struct err e = {0};
    const char *what = form_text(p, "do");
    bool off = what && strcmp(what, "off") == 0;
    AUTO_JSON json_t *b = p->arg[0] ? config_by_id(p->st, "blueprints", NULL, p->arg[0]) : NULL;
    if (!b || ui_do(p->c->s, "blueprint_publish", js_str(js_obj(b, "module"), "api_name"), js_str(b, "name"), NULL,
                    NULL, off, &e)) {
        page_error(p, "", b ? e.what : "There is no such Blueprint.");
        return false;
    }
    page_go(p, "/page/blueprint/%s?done=%s", p->arg[0], off ? "switched" : "published");
    return true;
}
