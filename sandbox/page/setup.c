/*
 * sandbox/page/setup.c — the clicks that no API offers: what 'zagent sandbox ui' does from a plan (ui.h), typed by a person from a guide.
 * /page/setup lists them, /page/setup/KIND[/MODULE] is one form. A name that is there already is changed.
 */
#include <stdlib.h>

#include "base/text.h"
#include "sandbox/page/form.h"
#include "sandbox/page/parts.h"
#include "sandbox/ui.h"

enum { CRITERIA_ROWS = 6, ARGUMENT_ROWS = 3 };

static void validation_form(struct page *p, const char *module);
static json_t *validation_body(struct page *p);
static void template_form(struct page *p, const char *module);
static json_t *template_body(struct page *p);
static void wrapper_form(struct page *p, const char *module);
static json_t *wrapper_body(struct page *p);
static void connection_form(struct page *p, const char *module);
static json_t *connection_body(struct page *p);
static void other_form(struct page *p, const char *module);
static json_t *other_body(struct page *p);

static const struct step {
    const char *kind, *title, *what;
    bool in_module;
    void (*form)(struct page *p, const char *module);
    json_t *(*body)(struct page *p); /* NULL with an error set */
} steps[] = {
    {"validation_rule", "Validation rule", "Refuses what a person saves on the form.", true, validation_form,
     validation_body},
    {"email_template", "E-mail template", "What notifications send.", true, template_form, template_body},
    {"function_wrapper", "Function of a rule", "Sets a function off when a rule is met.", true, wrapper_form,
     wrapper_body},
    {"connection", "Connection", "Lets a function call another service.", false, connection_form, connection_body},
    {"other", "Any other step", "A custom view, record locking, a function, a rule: its body as JSON.", false,
     other_form, other_body},
};
enum { STEPS = sizeof steps / sizeof *steps };

static const struct step *step_of(const char *kind)
{
    for (size_t i = 0; kind && i < STEPS; i++) {
        if (strcmp(kind, steps[i].kind) == 0) {
            return &steps[i];
        }
    }
    return NULL;
}

/* ---- choices ---- */

static json_t *named_options(struct page *p, const char *kind, const char *module, const char *value, const char *label)
{
    AUTO_JSON json_t *all = config_list(p->st, kind, module);
    json_t *out = json_array(), *v;
    size_t i;
    json_array_foreach (all, i, v) {
        form_option(out, js_str_or(v, value, ""), js_str_or(v, label, ""));
    }
    return out;
}

static json_t *plain_options(const char *const list[][2], size_t n)
{
    json_t *out = json_array();
    for (size_t i = 0; i < n; i++) {
        form_option(out, list[i][0], list[i][1]);
    }
    return out;
}

static void name_input(struct page *p)
{
    form_input(p, &(struct input){.name = "name",
                                  .label = "Name",
                                  .type = "text",
                                  .required = true,
                                  .hint = "As the guide writes it. A name that is there already is changed."});
}

/* ---- validation rule ---- */

static const char *const comparators[][2] = {
    {"equal", "is"},
    {"not_equal", "is not"},
    {"contains", "contains"},
    {"not_contains", "does not contain"},
    {"starts_with", "starts with"},
    {"ends_with", "ends with"},
    {"less_than", "is less than"},
    {"greater_than", "is greater than"},
    {"less_equal", "is at most"},
    {"greater_equal", "is at least"},
};

static void criteria_inputs(struct page *p, const json_t *fields)
{
    AUTO_JSON json_t *ops = plain_options(comparators, sizeof comparators / sizeof *comparators);
    static const char *const joins_list[][2] = {{"and", "all lines are met"}, {"or", "any line is met"}};
    AUTO_JSON json_t *joins = plain_options(joins_list, 2);
    sb_add(&p->out, "<fieldset><legend>Refuse when</legend>");
    form_input(
        p, &(struct input){.name = "join", .label = "Which lines", .type = "select", .value = "and", .options = joins});
    for (int i = 0; i < CRITERIA_ROWS; i++) {
        AUTO_FREE char *field = mem_printf("field.%d", i), *op = mem_printf("comparator.%d", i),
                       *value = mem_printf("value.%d", i);
        sb_add(&p->out, "<div class=\"criterion\">");
        form_input(p, &(struct input){.name = field, .label = "Field", .type = "select", .options = fields});
        form_input(
            p, &(struct input){.name = op, .label = "Compares", .type = "select", .value = "equal", .options = ops});
        form_input(p, &(struct input){.name = value,
                                      .label = "Value",
                                      .type = "text",
                                      .hint = i == 0 ? "${EMPTY} and ${NOTEMPTY} for empty and not empty" : NULL});
        sb_add(&p->out, "</div>");
    }
    sb_add(&p->out, "</fieldset>");
}

static void validation_form(struct page *p, const char *module)
{
    AUTO_JSON json_t *fields = named_options(p, "fields", module, "api_name", "field_label");
    AUTO_JSON json_t *functions = named_options(p, "functions", NULL, "name", "name");
    name_input(p);
    form_input(p,
               &(struct input){
                   .name = "field", .label = "Shown at field", .type = "select", .required = true, .options = fields});
    form_input(p, &(struct input){.name = "message",
                                  .label = "Message",
                                  .type = "text",
                                  .hint = "At most 100 characters: what the person who saves reads."});
    criteria_inputs(p, fields);
    form_input(p, &(struct input){.name = "function",
                                  .label = "Or ask a function",
                                  .type = "select",
                                  .hint = "Instead of the lines above.",
                                  .options = functions});
}

/* A value of true or false is one; the criteria tree says both as texts and as booleans (zoho-api.md 1.9). */
static json_t *criterion(struct page *p, int i)
{
    AUTO_FREE char *field = mem_printf("field.%d", i), *op = mem_printf("comparator.%d", i),
                   *value = mem_printf("value.%d", i);
    const char *api = form_text(p, field), *text = form_text(p, value);
    bool yes = text && strcmp(text, "true") == 0, no = text && strcmp(text, "false") == 0;
    return api ? json_pack("{s:{s:s},s:s,s:o}", "field", "api_name", api, "comparator",
                           form_text(p, op) ? form_text(p, op) : "equal", "value",
                           yes || no ? json_boolean(yes) : json_string(text ? text : "${EMPTY}"))
               : NULL;
}

static json_t *validation_body(struct page *p)
{
    const char *function = form_text(p, "function"), *field = form_text(p, "field"), *join = form_text(p, "join");
    json_t *body = json_pack("{s:{s:s},s:s,s:b}", "layout", "name", "Standard", "type",
                             function ? "function" : "criteria", "active", 1);
    AUTO_JSON json_t *group = json_array();
    for (int i = 0; i < CRITERIA_ROWS; i++) {
        json_t *one = criterion(p, i);
        if (one) {
            json_array_append_new(group, one);
        }
    }
    if (field) {
        js_set(body, "field", json_pack("{s:s}", "api_name", field));
    }
    if (form_text(p, "message")) {
        js_set_str(body, "message", form_text(p, "message"));
    }
    if (function) {
        js_set(body, "function", json_pack("{s:s}", "name", function));
    } else if (json_array_size(group) == 1) {
        json_object_set(body, "criteria", json_array_get(group, 0));
    } else if (json_array_size(group) > 1) {
        js_set(
            body, "criteria",
            json_pack("{s:s,s:O}", "group_operator", join && strcmp(join, "or") == 0 ? "or" : "and", "group", group));
    }
    return body;
}

/* ---- function of a rule or a transition ---- */

/* Where it can be picked: "workflow_rule/SEQUENCE/NAME" and "blueprint/TRANSITION/NAME" of the module. */
static json_t *places(struct page *p, const char *module)
{
    AUTO_JSON json_t *rules = config_list(p->st, "workflow_rules", module);
    AUTO_JSON json_t *blueprints = config_list(p->st, "blueprints", module);
    json_t *out = json_array(), *v, *part;
    size_t i, k;
    json_array_foreach (rules, i, v) {
        json_array_foreach (js_arr(v, "conditions"), k, part) {
            int number = (int)js_int(part, "sequence_number", 1);
            AUTO_FREE char *name = text_percent_encode(js_str_or(v, "name", ""));
            AUTO_FREE char *value = mem_printf("workflow_rule/%d/%s", number, name);
            AUTO_FREE char *label = mem_printf("Rule %s, condition %d", js_str_or(v, "name", ""), number);
            form_option(out, value, label);
        }
    }
    json_array_foreach (blueprints, i, v) {
        json_array_foreach (js_arr(v, "transitions"), k, part) {
            AUTO_FREE char *name = text_percent_encode(js_str_or(v, "name", ""));
            AUTO_FREE char *way = text_percent_encode(js_str_or(part, "name", ""));
            AUTO_FREE char *value = mem_printf("blueprint/%s/%s", way, name);
            AUTO_FREE char *label =
                mem_printf("Blueprint %s, after %s", js_str_or(v, "name", ""), js_str_or(part, "name", ""));
            form_option(out, value, label);
        }
    }
    return out;
}

/* One picked place as ui_do takes it: the rule or Blueprint with the action where it belongs. */
static json_t *place(const char *module, const char *picked, const char *name)
{
    const char *middle = strchr(picked, '/'), *last = middle ? strchr(middle + 1, '/') : NULL;
    if (!last) {
        return NULL;
    }
    AUTO_FREE char *kind = mem_dupn(picked, (size_t)(middle - picked));
    AUTO_FREE char *encoded = mem_dupn(middle + 1, (size_t)(last - middle - 1));
    AUTO_FREE char *part = text_percent_decode(encoded);
    AUTO_FREE char *address = mem_printf("%s/%s.%s", kind, module, last + 1);
    json_t *actions = json_pack("[{s:s,s:b}]", "name", name, "by_hand", 1);
    return strcmp(kind, "workflow_rule") == 0
               ? json_pack("{s:s,s:{s:[{s:i,s:{s:o}}]}}", "address", address, "body", "conditions", "sequence_number",
                           part ? (int)strtol(part, NULL, 10) : 0, "instant_actions", "actions", actions)
               : json_pack("{s:s,s:{s:[{s:s,s:o}]}}", "address", address, "body", "transitions", "name",
                           part ? part : "", "actions", actions);
}

static void wrapper_form(struct page *p, const char *module)
{
    AUTO_FREE char *record = mem_printf("${!%s.Id} is the record's id", module);
    AUTO_JSON json_t *functions = named_options(p, "functions", NULL, "api_name", "name");
    AUTO_JSON json_t *where = places(p, module), *chosen = form_texts(p, "places");
    name_input(p);
    form_input(p,
               &(struct input){
                   .name = "function", .label = "Function", .type = "select", .required = true, .options = functions});
    sb_add(&p->out, "<fieldset><legend>Arguments</legend>");
    for (int i = 0; i < ARGUMENT_ROWS; i++) {
        AUTO_FREE char *name = mem_printf("argument.%d", i), *value = mem_printf("given.%d", i);
        sb_add(&p->out, "<div class=\"criterion\">");
        form_input(p, &(struct input){.name = name, .label = "Argument", .type = "text"});
        form_input(p, &(struct input){.name = value, .label = "Gets", .type = "text", .hint = i == 0 ? record : NULL});
        sb_add(&p->out, "</div>");
    }
    sb_add(&p->out, "</fieldset>");
    form_input(p, &(struct input){.name = "places",
                                  .label = "Runs in",
                                  .type = "select",
                                  .hint = "Several with Ctrl. None: it is there to be picked by a rule made later.",
                                  .options = where,
                                  .many = chosen});
}

static json_t *wrapper_body(struct page *p)
{
    const char *function = form_text(p, "function"), *name = form_text(p, "name");
    AUTO_JSON json_t *picked = form_texts(p, "places");
    json_t *arguments = json_array(), *into = json_array(), *v;
    size_t k;
    for (int i = 0; i < ARGUMENT_ROWS; i++) {
        AUTO_FREE char *argument = mem_printf("argument.%d", i), *value = mem_printf("given.%d", i);
        const char *a = form_text(p, argument), *g = form_text(p, value);
        if (a) {
            json_array_append_new(arguments, json_pack("{s:s,s:s}", "name", a, "value", g ? g : ""));
        }
    }
    json_array_foreach (picked, k, v) {
        json_t *one = name ? place(p->arg[1], json_string_value(v), name) : NULL;
        if (one) {
            json_array_append_new(into, one);
        }
    }
    json_t *body = json_pack("{s:s,s:o,s:o}", "language", "deluge", "arguments", arguments, "associate_in", into);
    if (function) {
        js_set(body, "function", json_pack("{s:s}", "api_name", function));
    } else {
        page_error(p, "function", "This is required.");
    }
    return body;
}

/* ---- e-mail template, connection ---- */

static void template_form(struct page *p, const char *module)
{
    AUTO_FREE char *hint = mem_printf("Merge fields stand as ${!%s.Field_API_Name}.", module);
    name_input(p);
    form_input(p,
               &(struct input){.name = "subject", .label = "Subject", .type = "text", .required = true, .hint = hint});
    form_input(p, &(struct input){.name = "content", .label = "Content", .type = "code"});
}

static json_t *template_body(struct page *p)
{
    const char *subject = form_text(p, "subject"), *content = form_text(p, "content");
    json_t *body = json_pack("{s:s,s:s}", "editor_mode", "rich_text", "content", content ? content : "");
    if (subject) {
        js_set_str(body, "subject", subject);
    } else {
        page_error(p, "subject", "This is required.");
    }
    return body;
}

static void connection_form(struct page *p, const char *module)
{
    (void)module;
    name_input(p);
    form_input(p, &(struct input){.name = "service", .label = "Service", .type = "text"});
    form_input(p, &(struct input){.name = "scopes", .label = "Scopes", .type = "textarea", .hint = "One a line."});
}

static json_t *connection_body(struct page *p)
{
    json_t *scopes = json_array();
    const char *service = form_text(p, "service"), *text = form_text(p, "scopes");
    for (const char *l = text; l && *l;) {
        size_t n = strcspn(l, "\n");
        if (n) {
            json_array_append_new(scopes, json_stringn(l, n));
        }
        l += n + (l[n] == '\n');
    }
    return json_pack("{s:s,s:o}", "service", service ? service : "", "scopes", scopes);
}

/* ---- any other kind ---- */

static void other_form(struct page *p, const char *module)
{
    static const char *const kinds[][2] = {{"custom_view", "Custom view"},
                                           {"record_locking", "Record locking"},
                                           {"variable", "Variable"},
                                           {"field_update", "Field update"},
                                           {"email_notification", "E-mail notification"},
                                           {"function", "Function"},
                                           {"workflow_rule", "Workflow rule"},
                                           {"blueprint", "Blueprint"},
                                           {"custom_button", "Button"},
                                           {"approval_process", "Approval process"},
                                           {"manual", "Something done by hand"}};
    AUTO_JSON json_t *options = plain_options(kinds, sizeof kinds / sizeof *kinds);
    AUTO_JSON json_t *modules = named_options(p, "modules", NULL, "api_name", "plural_label");
    (void)module;
    form_input(
        p, &(struct input){.name = "kind", .label = "What", .type = "select", .required = true, .options = options});
    form_input(p, &(struct input){.name = "module", .label = "Module", .type = "select", .options = modules});
    name_input(p);
    form_input(p, &(struct input){.name = "body",
                                  .label = "Body",
                                  .type = "code",
                                  .value = "{}",
                                  .hint = "JSON in Zoho's shape, as 'zagent show' prints it."});
    form_input(p, &(struct input){
                      .name = "source", .label = "Source", .type = "code", .hint = "Of a function: its Deluge text."});
}

static json_t *other_body(struct page *p)
{
    json_error_t je;
    const char *text = form_text(p, "body");
    json_t *body = json_loads(text ? text : "{}", JSON_REJECT_DUPLICATES, &je);
    if (!json_is_object(body)) {
        AUTO_FREE char *why = body ? mem_dup("An object in braces is expected.")
                                   : mem_printf("Line %d, column %d: %s", je.line, je.column, je.text);
        page_error(p, "body", why);
        json_decref(body);
        return NULL;
    }
    return body;
}

/* ---- the pages ---- */

static void overview(struct page *p)
{
    page_title(p, "Setup");
    sb_add(&p->out, "<p>What a guide asks a person to click in Zoho, done here instead: to rehearse the hand-over. "
                    "'zagent verify' then reads it back.</p><ul class=\"cards\">");
    for (size_t i = 0; i < STEPS; i++) {
        html(&p->out, "<li><a href=\"/page/setup/%s\"><b>%s</b> <span>%s</span></a></li>", steps[i].kind,
             steps[i].title, steps[i].what);
    }
    sb_add(&p->out, "<li><a href=\"/page/blueprints\"><b>Blueprint</b> <span>Publish a draft, or switch one "
                    "off.</span></a></li></ul>");
}

static void choose_module(struct page *p, const struct step *s)
{
    AUTO_JSON json_t *all = config_list(p->st, "modules", NULL);
    size_t i;
    json_t *m;
    page_title(p, "%s: for which module?", s->title);
    sb_add(&p->out, "<ul class=\"cards\">");
    json_array_foreach (all, i, m) {
        if (strcmp(js_str_or(m, "generated_type", ""), "subform") != 0) {
            html(&p->out, "<li><a href=\"/page/setup/%s/%s\">%s</a></li>", s->kind, js_str_or(m, "api_name", ""),
                 js_str_or(m, "plural_label", ""));
        }
    }
    sb_add(&p->out, "</ul>");
}

void page_setup(struct page *p)
{
    const struct step *s = step_of(p->arg[0]);
    AUTO_JSON json_t *m = p->arg[1] ? config_by_api(p->st, "modules", NULL, p->arg[1]) : NULL;
    if (!p->arg[0]) {
        overview(p);
    } else if (!s || (p->arg[1] && !m)) {
        page_not_there(p, "There is no such step.");
    } else if (s->in_module && !m) {
        choose_module(p, s);
    } else {
        page_title(p, m ? "%s for %s" : "%s", s->title, js_str_or(m, "plural_label", ""));
        html(&p->out, "<p class=\"sub\"><a href=\"/page/setup\">Setup</a> · %s</p>", s->what);
        form_open(p, "make");
        s->form(p, p->arg[1]);
        form_close(p, "Save");
    }
}

bool page_setup_act(struct page *p)
{
    const struct step *s = step_of(p->arg[0]);
    const char *name = form_text(p, "name");
    AUTO_JSON json_t *body = s ? s->body(p) : NULL;
    bool other = s && strcmp(s->kind, "other") == 0;
    const char *kind = other ? form_text(p, "kind") : p->arg[0], *module = other ? form_text(p, "module") : p->arg[1];
    struct err e = {0};
    if (!name) {
        page_error(p, "name", "This is required.");
    }
    if (other && !kind) {
        page_error(p, "kind", "This is required.");
    }
    if (!body || json_object_size(p->errors)) {
        return false;
    }
    if (ui_do(p->c->s, kind, module, name, body, other ? form_text(p, "source") : NULL, false, &e)) {
        page_error(p, "", e.what);
        return false;
    }
    page_go(p, "/page/setup?done=made");
    return true;
}
