/* agent/context_overlay.c — one org's own words over those of the business: rows that replace rows. */
#include "agent/context.h"
#include "base/text.h"

static json_t *named(const json_t *list, const char *key, const char *name)
{
    json_t *one;
    size_t i;
    json_array_foreach (list, i, one)
        if (!strcmp(js_str_or(one, key, ""), name))
            return one;
    return NULL;
}

/* In place of the row whose first column says the same, else behind the last. */
static void lay_row(json_t *table, json_t *row, const char *file)
{
    const char *key = json_string_value(json_array_get(js_arr(table, "columns"), 0));
    AUTO_FREE char *wanted = text_slug(key ? js_str_or(row, key, "") : "");
    json_t *rows = js_arr(table, "rows"), *old;
    size_t i;
    js_set_str(row, "@file", file);
    json_array_foreach (rows, i, old) {
        AUTO_FREE char *have = text_slug(key ? js_str_or(old, key, "") : "");
        if (!strcmp(have, wanted)) {
            json_array_set(rows, i, row);
            return;
        }
    }
    json_array_append(rows, row);
}

static void lay_section(json_t *sections, json_t *over, const char *file)
{
    json_t *base = named(sections, "slug", js_str_or(over, "slug", "")), *row;
    size_t i;
    if (!base || !js_obj(base, "table")) {
        json_array_append(sections, over);
        return;
    }
    json_array_foreach (js_arr(js_obj(over, "table"), "rows"), i, row)
        lay_row(js_obj(base, "table"), row, file);
}

int context_overlay(struct context *c, const char *dir, const char *shown, struct err *e)
{
    struct context over;
    json_t *file, *section;
    size_t i, k;
    if (context_load(&over, dir, e) < 0)
        return -1;
    json_array_foreach (js_arr(over.doc, "files"), i, file) {
        const char *name = js_str_or(file, "name", "");
        json_t *base = named(js_arr(c->doc, "files"), "name", name);
        AUTO_FREE char *path = mem_printf("%s/%s", shown, name);
        if (!base || !js_arr(base, "sections") || !js_arr(file, "sections")) {
            if (base)
                json_object_update(base, file);
            else
                json_array_append(js_arr(c->doc, "files"), file);
            continue;
        }
        json_array_foreach (js_arr(file, "sections"), k, section)
            lay_section(js_arr(base, "sections"), section, path);
    }
    json_array_extend(c->findings, over.findings);
    js_set_str(c->doc, "overlay", js_str_or(over.doc, "digest", ""));
    context_release(&over);
    return 0;
}
