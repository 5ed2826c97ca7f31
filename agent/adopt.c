#include "agent/adopt.h"

#include "agent/command.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/yaml_write.h"

enum { PLAYBOOK_MAX = 4 << 20 };

/* A tag alone on its line leaves nothing behind, not even the line end (Mustache 1.4, standalone tags). */
char *adopt_template(const char *text)
{
    char open[16];
    if (!strstr(text, "{{"))
        return mem_dup(text);
    for (unsigned i = 0;; i++) {
        snprintf(open, sizeof open, "<%%%u", i);
        if (!strstr(text, open))
            return mem_printf("{{=%s %%>=}}\n%s", open, text);
    }
}

static json_t *as_template(const json_t *j)
{
    json_t *out, *value;
    const char *key;
    size_t i;
    if (json_is_string(j)) {
        AUTO_FREE char *text = adopt_template(json_string_value(j));
        return json_string(text);
    }
    if (json_is_array(j)) {
        out = json_array();
        json_array_foreach (j, i, value)
            json_array_append_new(out, as_template(value));
        return out;
    }
    if (!json_is_object(j))
        return json_deep_copy(j);
    out = json_object();
    json_object_foreach ((json_t *)(uintptr_t)j, key, value)
        js_set(out, key, as_template(value));
    return out;
}

/* ---- secrets ---- */

static int secret_line(const char *text)
{
    int line = 1;
    for (const char *p = text; *p; line++) {
        size_t n = strcspn(p, "\n"), at;
        AUTO_FREE char *one = mem_dupn(p, n);
        if (secret_found(one, &at))
            return line;
        p += n + (p[n] == '\n');
    }
    return 0;
}

/* Why a resource must not be written, NULL when it may. As YAML, because that is how it would be read. Caller frees. */
static char *secret_in(const json_t *resource)
{
    const char *key;
    json_t *value;
    int line = secret_line(js_str_or(resource, "source", ""));
    if (line)
        return mem_printf(
            "line %d of its source looks like a credential: put it into a connection or a variable, revoke "
            "it, then adopt again",
            line);
    json_object_foreach (js_obj(resource, "body"), key, value) {
        AUTO_SB struct sb b = SB_INIT(SIZE_MAX);
        sb_addf(&b, "%s:", key);
        yaml_write(&b, value, 2);
        if (secret_line(b.buf))
            return mem_printf("its %s looks like it holds a credential: %s", key, SECRET_FIX);
    }
    return NULL;
}

static void drop_secrets(json_t *adopted)
{
    json_t *kept = json_array(), *r;
    size_t i;
    json_array_foreach (js_arr(adopted, "resources"), i, r) {
        AUTO_FREE char *why = secret_in(r);
        if (!why) {
            json_array_append(kept, r);
            continue;
        }
        json_t *o = json_object();
        js_set_str(o, "address", js_str(r, "address"));
        js_set_str(o, "why", why);
        json_array_append_new(js_arr(adopted, "left"), o);
    }
    js_set(adopted, "resources", kept);
}

/* ---- the manifest ---- */

/* A comment is one line whatever its text holds. */
static void add_comment(struct sb *b, int indent, const char *text)
{
    AUTO_FREE char *clean = text_clean(text, false);
    for (char *p = clean; *p; p++)
        if (*p == '\n' || *p == '\r')
            *p = ' ';
    sb_addf(b, "%*s# %s\n", indent, "", clean);
}

__attribute__((format(printf, 3, 4))) static void add_commentf(struct sb *b, int indent, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *text = mem_vprintf(fmt, ap);
    va_end(ap);
    add_comment(b, indent, text);
}

static void add_head(struct sb *b, const json_t *adopted, const char *name, const char *org)
{
    size_t n = json_array_size(js_arr(adopted, "resources"));
    AUTO_FREE char *title = mem_printf("What the org %s has", org);
    AUTO_FREE char *summary =
        mem_printf("%zu thing%s of the org %s as they are: planned there, nothing changes.", n, n == 1 ? "" : "s", org);
    add_commentf(b, 0, "Written by 'zagent adopt' from the org %s. It is an ordinary playbook now: docs/PLAYBOOKS.md.",
                 org);
    add_comment(b, 0, "Say what it is for (solves, summary), and take out what is nobody's business.");
    add_comment(b, 0, "Steps that a person does in another org still want words: 'zagent playbook check' names them.");
    sb_addf(b, "format: 1\nname: %s\ntitle: ", name);
    yaml_write_text(b, title);
    sb_add(b, "\nsolves: []\nsummary: ");
    yaml_write_text(b, summary);
    sb_add(b, "\nguide: {owner: admin}");
    sb_add(b, n ? "\nresources:\n" : "\nresources: []\n");
}

static void add_heading(struct sb *b, const json_t *r, const char *before)
{
    const char *kind = js_str_or(r, "kind", ""), *module = js_str_or(r, "module", "");
    AUTO_FREE char *now = mem_printf("%s%s%s", kind, *module ? " " : "", module);
    if (!strcmp(now, before))
        return;
    sb_addc(b, '\n');
    add_commentf(b, 2, "--- %s%s%s ---", kind, *module ? ", " : "", module);
}

static void add_resource(struct sb *b, const json_t *r, const char *source)
{
    json_t *note;
    size_t i;
    AUTO_JSON json_t *body = as_template(js_obj(r, "body"));
    sb_add(b, "  - address: ");
    yaml_write_text(b, js_str_or(r, "address", ""));
    sb_addc(b, '\n');
    json_array_foreach (js_arr(r, "notes"), i, note)
        add_commentf(b, 4, "not taken over: %s: %s", js_str_or(note, "path", ""), js_str_or(note, "why", ""));
    if (source) {
        sb_add(b, "    source: ");
        yaml_write_text(b, source);
        sb_addc(b, '\n');
    }
    sb_add(b, "    body:");
    yaml_write(b, body, 6);
}

static void add_rows(struct sb *b, const json_t *rows, const char *title, const char *first, const char *second)
{
    json_t *row;
    size_t i;
    if (!json_array_size(rows))
        return;
    sb_addc(b, '\n');
    add_comment(b, 0, title);
    json_array_foreach (rows, i, row)
        add_commentf(b, 0, "  %s: %s", js_str_or(row, first, ""), js_str_or(row, second, ""));
}

static char *source_path(const json_t *r)
{
    const char *address = js_str_or(r, "address", ""), *slash = strchr(address, '/');
    return mem_printf("functions/%s.dg.mustache", slash ? slash + 1 : address);
}

json_t *adopt_files(json_t *adopted, const char *name, const char *org, struct err *e)
{
    json_t *files = json_object(), *r;
    size_t i;
    AUTO_SB struct sb b = SB_INIT(PLAYBOOK_MAX);
    AUTO_FREE char *before = mem_dup("");
    drop_secrets(adopted);
    add_head(&b, adopted, name, org);
    json_array_foreach (js_arr(adopted, "resources"), i, r) {
        const char *source = js_str(r, "source"), *module = js_str_or(r, "module", "");
        AUTO_FREE char *path = source ? source_path(r) : NULL;
        AUTO_FREE char *text = source ? adopt_template(source) : NULL;
        add_heading(&b, r, before);
        free(before);
        before = mem_printf("%s%s%s", js_str_or(r, "kind", ""), *module ? " " : "", module);
        add_resource(&b, r, path);
        if (path)
            js_set_str(files, path, text);
    }
    add_rows(&b, js_arr(adopted, "left"), "Left out, because a playbook cannot say it:", "address", "why");
    add_rows(&b, js_arr(adopted, "stands_on"),
             "No playbook makes these; in another org a person does, first:", "address", "by");
    add_rows(&b, js_arr(adopted, "refused"), "Could not be read, so nothing of it is here:", "list", "code");
    char *text = sb_take(&b, "playbook.yaml", e);
    if (!text) {
        json_decref(files);
        err_fix(e, "adopt fewer things at a time: give modules or kinds instead of everything");
        return NULL;
    }
    js_set_str(files, "playbook.yaml", text);
    free(text);
    return files;
}
