/* sandbox/page/form.c — forms, both ways. */
#include "sandbox/page/form.h"

#include "sandbox/page/parts.h"

enum { FORM_TEXT_MAX = 1 << 20 };

/* ---- reading ---- */

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static char *decoded(const char *p, size_t n)
{
    AUTO_SB struct sb b = SB_INIT(FORM_TEXT_MAX);
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '%' && n - i > 2 && hex(p[i + 1]) >= 0 && hex(p[i + 2]) >= 0) {
            sb_addc(&b, (char)(hex(p[i + 1]) * 16 + hex(p[i + 2])));
            i += 2;
        } else {
            sb_addc(&b, p[i] == '+' ? ' ' : p[i]);
        }
    }
    return mem_dup(b.buf);
}

/* Browsers send line ends as CR LF; records keep LF. */
static void unix_lines(char *text)
{
    char *to = text;
    for (const char *p = text; *p; p++) {
        if (p[0] != '\r' || p[1] != '\n') {
            *to++ = *p;
        }
    }
    *to = '\0';
}

static void keep(json_t *form, const char *name, const char *text)
{
    json_t *old = json_object_get(form, name);
    if (json_is_array(old)) {
        js_push_str(old, text);
    } else if (old) {
        json_t *both = json_pack("[O]", old);
        js_push_str(both, text);
        js_set(form, name, both);
    } else {
        js_set_str(form, name, text);
    }
}

json_t *form_read(const struct call *c)
{
    json_t *out = json_object();
    const char *end = c->body + c->body_len;
    for (const char *p = c->body; p && p < end;) {
        const char *amp = memchr(p, '&', (size_t)(end - p)), *stop = amp ? amp : end;
        const char *eq = memchr(p, '=', (size_t)(stop - p));
        if (eq) {
            AUTO_FREE char *name = decoded(p, (size_t)(eq - p)), *text = decoded(eq + 1, (size_t)(stop - eq - 1));
            unix_lines(text);
            keep(out, name, text);
        }
        p = stop + 1;
    }
    return out;
}

const char *form_text(const struct page *p, const char *name)
{
    const json_t *v = json_object_get(p->form, name);
    const char *t = json_string_value(json_is_array(v) ? json_array_get(v, 0) : v);
    return t && *t ? t : NULL;
}

json_t *form_texts(const struct page *p, const char *name)
{
    json_t *v = json_object_get(p->form, name);
    return json_is_array(v) ? json_incref(v) : form_text(p, name) ? json_pack("[O]", v) : json_array();
}

/* ---- writing ---- */

void form_open(struct page *p, const char *do_what)
{
    char token[65];
    page_form_token(p, token);
    html(&p->out, "<form method=\"post\" action=\"%s\"><input type=\"hidden\" name=\"token\" value=\"%s\">", p->c->path,
         token);
    html(&p->out, "<input type=\"hidden\" name=\"do\" value=\"%s\">", do_what);
}

void form_close(struct page *p, const char *button)
{
    html(&p->out, "<p class=\"buttons\"><button type=\"submit\">%s</button></p></form>", button);
}

void form_option(json_t *options, const char *value, const char *label)
{
    json_array_append_new(options, json_pack("{s:s,s:s}", "value", value, "label", label));
}

static bool chosen(const struct input *in, const char *value, const char *option)
{
    return in->many ? js_array_has(in->many, option) : strcmp(value ? value : "", option) == 0;
}

static void select_box(struct page *p, const struct input *in, const char *value, const char *attributes)
{
    size_t i;
    json_t *o;
    bool found = !value || !*value;
    html(&p->out, "<select id=\"%s\" name=\"%s\"", in->name, in->name);
    sb_add(&p->out, attributes);
    sb_add(&p->out, in->many ? " multiple>" : ">");
    if (!in->many && (!in->required || !value)) {
        sb_add(&p->out, "<option value=\"\">–</option>");
    }
    json_array_foreach (in->options, i, o) {
        const char *v = js_str_or(o, "value", "");
        bool on = chosen(in, value, v);
        found = found || on;
        html(&p->out, "<option value=\"%s\"", v);
        sb_add(&p->out, on ? " selected>" : ">");
        html(&p->out, "%s</option>", js_str_or(o, "label", ""));
    }
    if (!found && !in->many) { /* a value that is on no list stays as it is */
        html(&p->out, "<option value=\"%s\" selected>%s</option>", value, value);
    }
    sb_add(&p->out, "</select>");
}

static void control(struct page *p, const struct input *in, const char *value, const char *attributes)
{
    bool code = strcmp(in->type, "code") == 0;
    if (strcmp(in->type, "select") == 0) {
        select_box(p, in, value, attributes);
    } else if (code || strcmp(in->type, "textarea") == 0) {
        html(&p->out, "<textarea id=\"%s\" name=\"%s\" rows=\"%d\"", in->name, in->name, code ? 10 : 4);
        sb_add(&p->out, code ? " class=\"code\" spellcheck=\"false\"" : "");
        sb_add(&p->out, attributes);
        html(&p->out, ">\n%s</textarea>", value);
    } else {
        html(&p->out, "<input id=\"%s\" name=\"%s\" type=\"%s\" value=\"%s\"", in->name, in->name, in->type, value);
        sb_add(&p->out, attributes);
        sb_add(&p->out, strcmp(in->type, "number") == 0 ? " step=\"any\">" : ">");
    }
}

static void check_box(struct page *p, const struct input *in)
{
    bool on = p->form ? form_text(p, in->name) != NULL : in->value != NULL;
    html(&p->out, "<div class=\"field check\"><input id=\"%s\" name=\"%s\" type=\"checkbox\" value=\"true\"", in->name,
         in->name);
    sb_add(&p->out, on ? " checked>" : ">");
    html(&p->out, "<label for=\"%s\">%s</label></div>", in->name, in->label);
}

void form_input(struct page *p, const struct input *in)
{
    const char *error = js_str(p->errors, in->invalid_name ? in->invalid_name : in->name);
    const char *value = p->form && json_object_get(p->form, in->name) ? form_text(p, in->name) : in->value;
    if (strcmp(in->type, "checkbox") == 0) {
        check_box(p, in);
        return;
    }
    AUTO_SB struct sb attributes = SB_INIT(1024);
    if (in->hint) {
        html(&attributes, " aria-describedby=\"%s-hint\"", in->name);
    }
    if (error) {
        html(&attributes, " aria-invalid=\"true\" aria-errormessage=\"%s-error\"", in->name);
    }
    html(&p->out, "<div class=\"field\"><label for=\"%s\">%s", in->name, in->label);
    sb_add(&p->out, in->required ? " <span class=\"required\">(required)</span></label>" : "</label>");
    if (in->hint) {
        html(&p->out, "<p class=\"hint\" id=\"%s-hint\">%s</p>", in->name, in->hint);
    }
    control(p, in, value, attributes.buf);
    if (error) {
        html(&p->out, "<p class=\"error\" id=\"%s-error\">%s</p>", in->name, error);
    }
    sb_add(&p->out, "</div>");
}
