/* agent/guide_words.c — words from strings.yaml, and texts as ready-made Markdown values. */
#include "agent/guide_parts.h"
#include "base/sb.h"
#include "base/strset.h"
#include "plan/plan.h"

enum { VALUE_MAX = 2 << 20 };

int guide_open(struct guide *g, const struct guide_input *in, struct err *e)
{
    *g = (struct guide){.in = in, .playbook = js_str_or(in->manifest, "name", ""), .fields = json_object()};
    g->hand = json_array();
    g->all = json_array();
    AUTO_FREE char *path = mem_printf("%s/strings.yaml", in->templates);
    if (yaml_load(&g->strings, path, path, e) < 0)
        return -1;
    size_t i;
    json_t *step;
    json_array_foreach (js_arr(in->plan, "steps"), i, step) {
        if (!plan_step_of(step, g->playbook) || !guide_step_by_hand(g, step))
            continue;
        json_array_append(g->all, step);
        if (!in->role || !strcmp(in->role, guide_step_owner(g, step)))
            json_array_append(g->hand, step);
    }
    return 0;
}

void guide_close(struct guide *g)
{
    yaml_release(&g->strings);
    json_decref(g->hand);
    json_decref(g->all);
    json_decref(g->steps);
    json_decref(g->fields);
}

const char *guide_step_owner(const struct guide *g, const json_t *step)
{
    return js_str_or(js_obj(step, "hand"), "owner", js_str_or(js_obj(g->in->manifest, "guide"), "owner", ""));
}

json_t *guide_roles(const struct guide_input *in, struct err *e)
{
    struct guide g;
    struct strset names = {0};
    json_t *out = NULL, *step;
    size_t i;
    if (guide_open(&g, in, e) == 0) {
        out = json_array();
        json_array_foreach (g.all, i, step)
            strset_add(&names, guide_step_owner(&g, step));
        for (i = 0; i < names.n; i++)
            js_push_str(out, names.item[i]);
    }
    strset_release(&names);
    guide_close(&g);
    return out;
}

/* Planned for a person, or refused by API since: then this person's step stays one, also when it is done. */
bool guide_step_by_hand(const struct guide *g, const json_t *step)
{
    if (!strcmp(js_str_or(step, "action", ""), "none"))
        return false;
    const json_t *state = json_object_get(g->in->steps, js_str_or(step, "address", ""));
    const char *outcome = js_str_or(state, "outcome", "");
    bool turned = !strcmp(outcome, "refused") || !strcmp(outcome, "hand");
    return strcmp(js_str_or(step, "channel", ""), "api") != 0 || turned ||
           (guide_step_done(g, step) && js_bool(state, "by_hand", false));
}

bool guide_step_done(const struct guide *g, const json_t *step)
{
    static const char *const done[] = {"done", "verified", "attested"};
    const char *outcome = js_str(json_object_get(g->in->steps, js_str_or(step, "address", "")), "outcome");
    for (size_t i = 0; outcome && i < sizeof done / sizeof *done; i++)
        if (!strcmp(outcome, done[i]))
            return true;
    return false;
}

const char *guide_word(const struct guide *g, const char *group, const char *key)
{
    return js_str_or(js_obj(js_obj(g->strings.root, "words"), group), key, key);
}

const char *guide_kind_word(const struct guide *g, const char *kind, const char *key)
{
    return js_str(js_obj(js_obj(g->strings.root, "kinds"), kind), key);
}

const char *guide_check_note(const struct guide *g)
{
    return js_str_or(g->strings.root, "check", "");
}

static size_t longest_run(const char *text, char c)
{
    size_t best = 0, run = 0;
    for (; *text; text++) {
        run = *text == c ? run + 1 : 0;
        best = run > best ? run : best;
    }
    return best;
}

static void add_fence(struct sb *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sb_addc(b, '`');
}

/* A code span: nothing inside is markup. Line ends become spaces, as CommonMark reads them anyway; a table cell needs \|. */
static char *code_span(const char *text, bool cell)
{
    AUTO_SB struct sb b = SB_INIT(VALUE_MAX);
    if (!*text)
        return mem_dup("");
    size_t fence = longest_run(text, '`') + 1;
    bool pad = *text == '`' || text[strlen(text) - 1] == '`';
    add_fence(&b, fence);
    sb_add(&b, pad ? " " : "");
    for (const char *p = text; *p; p++) {
        if (cell && *p == '|')
            sb_addc(&b, '\\');
        sb_addc(&b, *p == '\n' || *p == '\r' ? ' ' : *p);
    }
    sb_add(&b, pad ? " " : "");
    add_fence(&b, fence);
    char *out = sb_take(&b, "value", NULL);
    return out ? out : mem_dup("");
}

static char *code_block(const char *text)
{
    AUTO_SB struct sb b = SB_INIT(VALUE_MAX);
    size_t run = longest_run(text, '`');
    size_t fence = run < 3 ? 3 : run + 1;
    add_fence(&b, fence);
    sb_addf(&b, "text\n%s%s", text, *text && text[strlen(text) - 1] == '\n' ? "" : "\n");
    add_fence(&b, fence);
    sb_addc(&b, '\n');
    char *out = sb_take(&b, "value", NULL);
    return out ? out : mem_dup("");
}

json_t *guide_value(const char *text, const char *api_name)
{
    AUTO_FREE char *code = code_span(text, false);
    AUTO_FREE char *cell = code_span(text, true);
    AUTO_FREE char *block = code_block(text);
    json_t *v = json_object();
    js_set_str(v, "text", text);
    js_set_str(v, "label", text);
    js_set_str(v, "api_name", api_name);
    js_set_str(v, "code", code);
    js_set_str(v, "cell", cell);
    js_set_str(v, "block", block);
    return v;
}
