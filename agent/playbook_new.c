/* agent/playbook_new.c — a new playbook from templates/_new/en: small, whole, and clean in `playbook check` and `plan`. */
#include <ctype.h>

#include "agent/playbook_check.h"
#include "agent/playbook_keys.h"
#include "base/sb.h"
#include "base/text.h"
#include "render/render.h"

enum { SKELETON_MAX = 1 << 18, TITLE_MAX = 30 };

static const struct {
    const char *from, *to; /* below templates/_new/en, below templates/NAME */
} files_of[] = {
    {"playbook.yaml.mustache", "playbook.yaml"},
    {"intro.md.mustache", "guide/intro.md.mustache"},
    {"emergency.md.mustache", "guide/emergency.md.mustache"},
};

/* "repair-ready" → "Repair Ready", short enough to be part of a label. */
static char *title_of(const char *name)
{
    char *title = mem_dup(name);
    bool begins = true;
    for (char *p = title; *p; p++) {
        if (begins)
            *p = (char)toupper((unsigned char)*p);
        begins = *p == '-';
        if (begins)
            *p = ' ';
    }
    size_t n = strlen(title);
    while (n > TITLE_MAX || (n && title[n - 1] == ' '))
        title[--n] = '\0';
    return title;
}

static json_t *data_of(const char *name, const struct context *c)
{
    AUTO_FREE char *title = title_of(name);
    AUTO_FREE char *field = mem_printf("Checked %s", title);
    AUTO_FREE char *rule = mem_printf("Needs a check for %s", title);
    AUTO_FREE char *encoded = text_percent_encode(rule);
    AUTO_JSON json_t *points = context_pain_points(c);
    struct err quiet = {0};
    AUTO_JSON json_t *roles = context_table(c, "roles.md#Roles", &quiet);
    AUTO_JSON json_t *permissions = context_table(c, "roles.md#Field permissions", &quiet);
    json_t *d = json_object();
    js_set_str(d, "name", name);
    js_set_str(d, "title", title);
    js_set_str(d, "label", field);
    js_set_str(d, "rule_name", rule);
    js_set_str(d, "rule", encoded);
    for (char *p = field; *p; p++)
        *p = *p == ' ' ? '_' : *p;
    js_set_str(d, "field", field);
    js_set_str(d, "pain", js_str_or(json_array_get(points, 0), "id", ""));
    js_set_bool(d, "access", roles && permissions);
    return d;
}

static int write_schema(const struct project *p, json_t *files, struct err *e)
{
    AUTO_JSON json_t *schema = playbook_schema();
    AUTO_FREE char *text = js_pretty(schema, e);
    if (!text || fs_write_in(&p->root, "templates/playbook.schema.json", text, strlen(text), 0644, e) < 0)
        return -1;
    js_push_str(files, "templates/playbook.schema.json");
    return 0;
}

static int write_one(const struct project *p, const char *data_dir, const json_t *data, size_t i, json_t *files,
                     struct err *e)
{
    AUTO_FREE char *from = mem_printf("%s/templates/_new/en/%s", data_dir, files_of[i].from);
    AUTO_FREE char *to = mem_printf("templates/%s/%s", js_str(data, "name"), files_of[i].to);
    AUTO_FREE char *text = NULL;
    size_t len;
    struct render_options o = {.target = RENDER_PLAIN, .strict = true};
    if (fs_read(from, SKELETON_MAX, &text, &len, e) < 0)
        return -1;
    AUTO_FREE char *out = render(from, text, len, data, &o, e);
    if (!out || fs_write_in(&p->root, to, out, strlen(out), 0644, e) < 0)
        return -1;
    js_push_str(files, to);
    return 0;
}

int playbook_new(const struct project *p, const struct context *c, const char *name, json_t *files, struct err *e)
{
    AUTO_FREE char *dir = mem_printf("templates/%s", name);
    AUTO_FREE char *path = project_path(p, dir);
    AUTO_FREE char *data_dir = project_data_dir();
    AUTO_JSON json_t *data = data_of(name, c);
    if (!playbook_name_good(name) || playbook_name_reserved(name)) {
        err_set(e, ERR_USAGE, "'%s' cannot be a playbook's name", name);
        return err_fix(e, "small letters, digits and dashes, and no word of the command line");
    }
    if (fs_exists(path)) {
        err_set(e, ERR_REFUSED, "there is something at %s already", dir);
        return err_fix(e, "choose another name; nothing was written");
    }
    if (!*js_str_or(data, "pain", "")) {
        err_set(e, ERR_CONFIG, "context/pain-points.md names nothing that goes wrong, and a playbook solves something");
        return err_fix(e, "add a row to its table first: an id, and what goes wrong");
    }
    if (!data_dir)
        return err_set(e, ERR_NOT_FOUND, "this installation has no templates: run 'make install', or its checkout");
    for (size_t i = 0; i < sizeof files_of / sizeof *files_of; i++)
        if (write_one(p, data_dir, data, i, files, e) < 0)
            return -1;
    return write_schema(p, files, e);
}
