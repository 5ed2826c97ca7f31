#include "agent/playbook_remove.h"

#include "base/text.h"
#include "plan/kind.h"
#include "render/render.h"

enum { TEMPLATE_MAX = 1 << 18, ORDER_MAX = 6, SLUG_MAX = 80 };

struct removal {
    const struct project *p;
    const json_t *plan, *known;
    const char *name;
    const struct desired *others;
    json_t *result, *steps;
    bool tombstones; /* for kinds that Zoho's API deletes */
    json_t *graves;  /* [{address, why}] */
    struct yaml words;
    char *data_dir;
    char *before; /* address of the step before */
};

static bool made(const struct removal *w, const json_t *step)
{
    static const char *const outcomes[] = {"done", "verified", "attested"};
    const char *o = js_str_or(json_object_get(w->known, js_str_or(step, "address", "")), "outcome", "");
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
        if (!strcmp(o, outcomes[i]))
            return true;
    return false;
}

static void keep(struct removal *w, const json_t *step, const char *why)
{
    json_t *row = json_object();
    js_set_str(row, "address", js_str_or(step, "address", ""));
    js_set_str(row, "why", why);
    json_array_append_new(js_arr(w->result, "kept"), row);
}

/* NULL when it is this playbook's to take back. */
static const char *stays(const struct removal *w, const json_t *step, const json_t *words)
{
    if (!words)
        return "nothing of its own to take back";
    if (!made(w, step))
        return "was not there when last looked at";
    const struct resource *other = desired_find(w->others, js_str_or(step, "address", ""));
    if (other && !other->tombstone)
        return "another playbook wants it too, and its next plan shows what it wants of it";
    if (!strcmp(js_str_or(step, "action", ""), "update") && strcmp(js_str_or(step, "kind", ""), "picklist") != 0)
        return "was there before";
    return NULL;
}

/* A YAML text in double quotes: JSON's escapes are YAML's. */
static void set_quoted(json_t *o, const char *key, const char *text)
{
    AUTO_JSON json_t *value = json_string(text);
    AUTO_FREE char *quoted = json_dumps(value, JSON_ENCODE_ANY);
    js_set_str(o, key, quoted ? quoted : "\"\"");
}

static char *with_name(const char *text, const char *name)
{
    const char *at = strstr(text, "NAME");
    return at ? mem_printf("%.*s%s%s", (int)(at - text), text, name, at + 4) : mem_dup(text);
}

static void add_step(struct removal *w, const json_t *step, const json_t *words)
{
    AUTO_FREE char *plain = address_for_people(js_str_or(step, "address", ""));
    const char *name = strchr(plain, ' ') ? strchr(plain, ' ') + 1 : plain;
    AUTO_FREE char *title = mem_printf("Take back %s", plain);
    AUTO_FREE char *address = address_make("manual", NULL, title);
    AUTO_FREE char *text = with_name(js_str_or(words, "text", ""), name);
    const json_t *general = js_obj(w->words.root, "words");
    json_t *o = json_object();
    js_set_str(o, "address", address);
    js_set_str(o, "before", w->before);
    set_quoted(o, "text", text);
    set_quoted(o, "owner", js_str_or(js_obj(step, "hand"), "owner", "admin"));
    js_set_int(o, "minutes", js_int(step, "minutes", 0) > 0 ? js_int(step, "minutes", 0) : 5);
    set_quoted(o, "expected", js_str_or(words, "expected", ""));
    set_quoted(o, "negative", js_str_or(general, "negative", ""));
    set_quoted(o, "undo", js_str_or(general, "undo", ""));
    json_array_append_new(w->steps, o);
    js_push_str(js_arr(w->result, "steps"), js_str_or(step, "address", ""));
    free(w->before);
    w->before = mem_dup(address);
}

static void add_grave(struct removal *w, const json_t *step)
{
    AUTO_FREE char *why = mem_printf("only %s needed it", w->name);
    json_t *o = json_object();
    js_set_str(o, "address", js_str_or(step, "address", ""));
    set_quoted(o, "why", why);
    json_array_append_new(w->graves, o);
    js_push_str(js_arr(w->result, "tombstones"), js_str_or(step, "address", ""));
}

static bool buried_by_api(const struct removal *w, const json_t *step)
{
    const struct kind *k = kind_find(js_str_or(step, "kind", ""));
    return w->tombstones && k && kind_deletable(k, NULL) && strcmp(k->name, "blueprint") != 0;
}

/* Later steps stand on earlier ones, so within one order the last is taken back first. */
static void collect(struct removal *w)
{
    const json_t *steps = js_arr(w->plan, "steps");
    for (int order = 1; order <= ORDER_MAX; order++)
        for (size_t i = json_array_size(steps); i-- > 0;) {
            const json_t *step = json_array_get(steps, i);
            const json_t *words = js_obj(js_obj(w->words.root, "kinds"), js_str_or(step, "kind", ""));
            if (!plan_step_of(step, w->name) || (words ? js_int(words, "order", 0) : 1) != order)
                continue;
            const char *why = stays(w, step, words);
            if (why)
                keep(w, step, why);
            else if (buried_by_api(w, step))
                add_grave(w, step);
            else
                add_step(w, step, words);
        }
}

static int write_one(struct removal *w, const json_t *data, const char *from, const char *to, struct err *e)
{
    AUTO_FREE char *source = mem_printf("%s/templates/_new/en/%s", w->data_dir, from);
    AUTO_FREE char *rel = mem_printf("templates/%s/%s", js_str_or(data, "name", ""), to);
    AUTO_FREE char *text = NULL;
    size_t len;
    struct render_options o = {.target = RENDER_PLAIN, .strict = true, .raw_ok = true};
    if (fs_read(source, TEMPLATE_MAX, &text, &len, e) < 0)
        return -1;
    AUTO_FREE char *out = render(source, text, len, data, &o, e);
    if (!out || fs_write_in(&w->p->root, rel, out, strlen(out), 0644, e) < 0)
        return -1;
    js_push_str(js_arr(w->result, "files"), rel);
    return 0;
}

static char *pains(const struct removal *w)
{
    struct strset ids = {0};
    json_t *step, *why;
    size_t i, k;
    json_array_foreach (js_arr(w->plan, "steps"), i, step) {
        if (plan_step_of(step, w->name))
            json_array_foreach (js_arr(step, "because"), k, why)
                strset_add(&ids, js_str_or(why, "id", ""));
    }
    char *out = mem_dup("");
    for (size_t n = 0; n < ids.n; n++) {
        char *more = mem_printf("%s%s%s", out, n ? ", " : "", ids.item[n]);
        free(out);
        out = more;
    }
    strset_release(&ids);
    return out;
}

static int write_all(struct removal *w, struct err *e)
{
    AUTO_JSON json_t *data = json_object();
    AUTO_FREE char *solves = pains(w);
    AUTO_FREE char *folder = mem_printf("%s-removal", w->name);
    AUTO_FREE char *rel = mem_printf("templates/%s", folder);
    AUTO_FREE char *path = project_path(w->p, rel);
    const json_t *rendered = js_obj(js_obj(w->plan, "rendered"), w->name);
    if (fs_exists(path)) {
        err_set(e, ERR_REFUSED, "%s is there already", rel);
        return err_fix(e, "plan it, or delete the folder to have it written again");
    }
    js_set_str(data, "name", folder);
    js_set_str(data, "of", w->name);
    js_set_str(data, "title", js_str_or(rendered, "title", w->name));
    js_set_str(data, "pains", solves);
    set_quoted(data, "guide_owner", js_str_or(js_obj(rendered, "guide"), "owner", "admin"));
    js_set(data, "steps", json_incref(w->steps));
    js_set(data, "tombstones", json_incref(w->graves));
    js_set_bool(data, "any_step", json_array_size(w->steps) != 0);
    js_set_bool(data, "any_tombstone", json_array_size(w->graves) != 0);
    if (write_one(w, data, "removal.yaml.mustache", "playbook.yaml", e) < 0)
        return -1;
    return write_one(w, data, "removal-emergency.md.mustache", "guide/emergency.md.mustache", e);
}

int playbook_remove(const struct project *p, const json_t *plan, const json_t *known, const char *name,
                    const struct desired *others, bool tombstones, json_t *result, struct err *e)
{
    struct removal w = {.p = p,
                        .plan = plan,
                        .known = known,
                        .name = name,
                        .others = others,
                        .result = result,
                        .steps = json_array(),
                        .tombstones = tombstones,
                        .graves = json_array(),
                        .data_dir = project_data_dir()};
    AUTO_FREE char *words = mem_printf("%s/templates/_new/en/strings.yaml", w.data_dir ? w.data_dir : "");
    js_set(result, "files", json_array());
    js_set(result, "steps", json_array());
    js_set(result, "kept", json_array());
    js_set(result, "tombstones", json_array());
    int rc = yaml_load(&w.words, words, words, e);
    if (rc == 0)
        collect(&w);
    if (rc == 0 && (json_array_size(w.steps) || json_array_size(w.graves)))
        rc = write_all(&w, e);
    yaml_release(&w.words);
    json_decref(w.steps);
    json_decref(w.graves);
    free(w.data_dir);
    free(w.before);
    return rc;
}
