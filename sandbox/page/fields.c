/* sandbox/page/fields.c — fields of records, both ways. */
#include "sandbox/page/fields.h"

#include "base/text.h"
#include "sandbox/access.h"
#include "sandbox/check.h"
#include "sandbox/module.h"

enum { CHOICES = 200 }; /* of a lookup; with more records behind it, the id is typed */

static const char *type_of(const json_t *field)
{
    return js_str_or(field, "data_type", "");
}

bool field_on_form(const json_t *field)
{
    return !js_bool(field, "read_only", false) &&
           !one_of("formula|rollup_summary|autonumber|fileupload|imageupload|profileimage|subform", type_of(field)) &&
           !one_of("Created_By|Modified_By|Created_Time|Modified_Time|Tag", js_str_or(field, "api_name", ""));
}

static const struct {
    const char *data_types, *input;
} kinds[] = {
    {"textarea", "textarea"},
    {"integer|double|currency|percent|bigint", "number"},
    {"date", "date"},
    {"email", "email"},
    {"phone", "tel"},
    {"boolean", "checkbox"},
    {"picklist|multiselectpicklist|lookup|ownerlookup|userlookup", "select"},
};

static const char *kind_of(const json_t *field)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (one_of(kinds[i].data_types, type_of(field))) {
            return kinds[i].input;
        }
    }
    return "text";
}

/* ---- what can be chosen ---- */

static json_t *pick_list(const json_t *field)
{
    json_t *out = json_array(), *v;
    size_t i;
    json_array_foreach (js_arr(field, "pick_list_values"), i, v) {
        form_option(out, js_str_or(v, "actual_value", ""), js_str_or(v, "display_value", ""));
    }
    return out;
}

static json_t *users(struct page *p, bool with_profile)
{
    AUTO_JSON json_t *all = config_list(p->st, "users", NULL);
    json_t *out = json_array(), *u;
    size_t i;
    json_array_foreach (all, i, u) {
        AUTO_FREE char *label = with_profile ? mem_printf("%s (%s)", js_str_or(u, "full_name", ""),
                                                          js_str_or(js_obj(u, "profile"), "name", "?"))
                                             : mem_dup(js_str_or(u, "full_name", ""));
        form_option(out, js_str_or(u, "id", ""), label);
    }
    return out;
}

/* The records a lookup may name, NULL when they are too many to offer or it names any module's. */
static json_t *records(struct page *p, const json_t *field)
{
    const char *module = js_str(js_obj(js_obj(field, "lookup"), "module"), "api_name");
    struct record_module m;
    if (!module || !record_module_open(p->st, module, &m)) {
        return NULL;
    }
    json_t *out = json_array();
    sqlite3_stmt *q =
        store_q(p->st, "SELECT id, body FROM record WHERE module=?1 AND deleted IS NULL ORDER BY id LIMIT ?2", "si",
                m.api, (int64_t)CHOICES + 1);
    while (store_row(p->st, q)) {
        AUTO_JSON json_t *r = store_json(q, 1);
        js_set_str(r, "id", store_text(q, 0));
        AUTO_FREE char *name = page_record_name(&m, r);
        form_option(out, store_text(q, 0), name);
    }
    record_module_close(&m);
    if (json_array_size(out) > CHOICES) {
        json_decref(out);
        return NULL;
    }
    return out;
}

static json_t *choices_of(struct page *p, const json_t *field)
{
    return one_of("picklist|multiselectpicklist", type_of(field)) ? pick_list(field)
           : strcmp(type_of(field), "lookup") == 0                ? records(p, field)
                                                                  : users(p, false);
}

/* ---- stored → input ---- */

/* The text an input holds for a value; NULL = empty. */
static char *input_text(const json_t *value)
{
    return json_is_string(value)    ? mem_dup(json_string_value(value))
           : json_is_object(value)  ? mem_dup(js_str_or(value, "id", ""))
           : json_is_true(value)    ? mem_dup("true")
           : json_is_integer(value) ? mem_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value))
           : json_is_real(value)    ? mem_printf("%.15g", json_real_value(value))
                                    : NULL;
}

void field_input(struct page *p, const json_t *field, const char *name, const json_t *value, bool required)
{
    AUTO_FREE char *text = input_text(value);
    struct input in = {.name = name,
                       .label = js_str_or(field, "field_label", name),
                       .type = kind_of(field),
                       .value = text,
                       .required = required};
    AUTO_JSON json_t *options = strcmp(in.type, "select") == 0 ? choices_of(p, field) : NULL;
    AUTO_JSON json_t *many = NULL;
    if (strcmp(type_of(field), "multiselectpicklist") == 0) {
        many = p->form ? form_texts(p, name) : json_is_array(value) ? json_deep_copy(value) : json_array();
    }
    in.options = options;
    in.many = many;
    if (strcmp(in.type, "select") == 0 && !options) {
        in.type = "text";
        in.hint = "The id of the record: the number at the end of its page's address.";
    } else if (strcmp(type_of(field), "datetime") == 0) {
        in.hint = "For example 2026-03-01T10:00:00+01:00";
    }
    form_input(p, &in);
}

/* ---- input → value ---- */

json_t *field_typed(const struct page *p, const json_t *field, const char *name)
{
    const char *text = form_text(p, name), *type = type_of(field);
    if (strcmp(type, "boolean") == 0) {
        return json_boolean(text != NULL);
    }
    if (strcmp(type, "multiselectpicklist") == 0) {
        return form_texts(p, name);
    }
    if (!text) {
        return json_object_get(p->form, name) ? json_null() : NULL;
    }
    return one_of("lookup|ownerlookup|userlookup", type) ? json_pack("{s:s}", "id", text) : json_string(text);
}

bool field_changed(const json_t *field, const json_t *stored, const json_t *typed)
{
    if (json_is_array(typed)) {
        return !(json_array_size(typed) == 0 && !stored) && !json_equal(stored, typed);
    }
    AUTO_FREE char *a = input_text(stored), *b = input_text(typed);
    if (!a || !b) { /* an empty text and none are the same */
        return (a && *a) || (b && *b);
    }
    return strcmp(kind_of(field), "number") == 0 ? strtod(a, NULL) != strtod(b, NULL) : strcmp(a, b) != 0;
}

/* ---- who saves ---- */

/* The one who looks as the address or the refused form has it; NULL = nobody chosen. */
static const char *viewer(const struct page *p)
{
    return p->form ? form_text(p, "as") : call_query(p->c, "as");
}

bool viewer_opens(struct page *p, struct record_module *m)
{
    const char *id = viewer(p);
    AUTO_JSON json_t *u = id ? config_by_id(p->st, "users", NULL, id) : NULL;
    snprintf(p->c->s->actor, sizeof p->c->s->actor, "%s", js_str_or(u, "id", ""));
    bool may = access_bind(p->c, m);
    if (!may) {
        AUTO_FREE char *text = mem_printf("%s may not see this module.", js_str_or(u, "full_name", ""));
        page_not_there(p, text);
    }
    return may;
}

void viewer_form(struct page *p)
{
    AUTO_JSON json_t *options = users(p, true);
    const char *now = viewer(p);
    size_t i;
    json_t *o;
    sb_add(&p->out, "<form method=\"get\" class=\"inline\"><label for=\"viewer\">See as</label>"
                    "<select id=\"viewer\" name=\"as\">");
    json_array_foreach (options, i, o) {
        const char *id = js_str_or(o, "value", "");
        html(&p->out, "<option value=\"%s\"", id);
        sb_add(&p->out, now && strcmp(now, id) == 0 ? " selected>" : ">");
        html(&p->out, "%s</option>", js_str_or(o, "label", ""));
    }
    sb_add(&p->out, "</select><button type=\"submit\">Look</button></form>");
}

char *viewer_query(const struct page *p, const char *lead)
{
    AUTO_FREE char *id = viewer(p) ? text_percent_encode(viewer(p)) : NULL;
    return id ? mem_printf("%sas=%s", lead, id) : mem_dup("");
}

void user_input(struct page *p, const char *label)
{
    AUTO_JSON json_t *options = users(p, true);
    const char *first = viewer(p) ? viewer(p) : js_str(json_array_get(options, 0), "value");
    form_input(
        p, &(struct input){
               .name = "as", .label = label, .type = "select", .value = first, .required = true, .options = options});
}

bool user_acts(struct page *p)
{
    const char *id = form_text(p, "as");
    AUTO_JSON json_t *u = id ? config_by_id(p->st, "users", NULL, id) : NULL;
    if (!u) {
        page_error(p, "as", "Choose one of the users.");
        return false;
    }
    snprintf(p->c->s->actor, sizeof p->c->s->actor, "%s", js_str_or(u, "id", ""));
    return true;
}

/* ---- refusals ---- */

/* "$.Quoted_Items[0].Quantity" behind "$." → "Quoted_Items.0.Quantity"; caller frees. */
static char *input_name(const char *path, const char *prefix, const char *name_prefix)
{
    if (!path || strncmp(path, prefix, strlen(prefix)) != 0) {
        return mem_dup("");
    }
    char *name = mem_printf("%s%s", name_prefix, path + strlen(prefix)), *to = name;
    for (const char *q = name; *q; q++) {
        if (*q != ']') {
            *to++ = *q == '[' ? '.' : *q;
        }
    }
    *to = '\0';
    return name;
}

void refusal_shown(struct page *p, const json_t *item, const json_t *by_api, const char *prefix,
                   const char *name_prefix)
{
    const json_t *d = js_obj(item, "details");
    const char *code = js_str_or(item, "code", ""), *message = js_str_or(item, "message", ""),
               *api = js_str(d, "api_name");
    const char *expected = js_str(d, "expected_data_type"), *rule = js_str(d, "validation_rule");
    bool missing = strcmp(code, "MANDATORY_NOT_FOUND") == 0;
    AUTO_FREE char *name = input_name(js_str(d, "json_path"), prefix, name_prefix);
    AUTO_FREE char *text = missing    ? mem_dup("This is required.")
                           : expected ? mem_printf("%s (expected: %s)", message, expected)
                           : rule     ? mem_printf("%s (validation rule “%s”)", message, rule)
                                      : mem_printf("%s (%s)", message, code);
    AUTO_FREE char *whole = api && *name ? mem_printf("%s: %s", page_label(by_api, api), text) : mem_dup(text);
    page_error(p, "", whole);
    page_error(p, name, text);
}
