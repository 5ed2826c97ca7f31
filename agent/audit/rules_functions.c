/* agent/audit/rules_functions.c — Deluge: what the checker says (deluge/rules.h), gathered a function; who calls it; copies. */
#include <string.h>

#include "agent/audit/rules.h"
#include "agent/audit/scrub.h"
#include "plan/resource.h"

enum { COPY_MIN_TOKENS = 40 };

static const json_t *script(const struct audit *a, const struct thing *t)
{
    return js_obj(a->scripts, t->name);
}

static bool sound(const struct audit *a, const struct thing *t)
{
    return js_bool(script(a, t), "sound", false);
}

/* Told by rules of their own. */
static bool own_rule(const char *rule)
{
    static const char *const own[] = {"DL062", "DL063", "DL064", "DL065", "DL057"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (!strcmp(rule, own[i]))
            return true;
    return false;
}

static void tell(struct audit *a, const struct thing *t, const json_t *f)
{
    audit_add(a, t->address, "line %lld, %s: %s: %s", (long long)js_int(f, "line", 0), js_str_or(f, "rule", ""),
              js_str_or(f, "message", ""), js_str_or(f, "code", ""));
}

static void of_level(struct audit *a, const struct thing *t, const char *level)
{
    const json_t *f;
    size_t i;
    json_array_foreach (js_arr(script(a, t), "findings"), i, f)
        if (!strcmp(js_str_or(f, "level", ""), level) && !own_rule(js_str_or(f, "rule", "")))
            tell(a, t, f);
}

static void unreadable(struct audit *a, const struct thing *t)
{
    if (script(a, t) && !sound(a, t))
        of_level(a, t, "error");
}

static void errors(struct audit *a, const struct thing *t)
{
    if (sound(a, t))
        of_level(a, t, "error");
}

static void warnings(struct audit *a, const struct thing *t)
{
    if (sound(a, t))
        of_level(a, t, "warning");
}

static void of_rules(struct audit *a, const struct thing *t, const char *one, const char *other)
{
    const json_t *f;
    size_t i;
    json_array_foreach (js_arr(script(a, t), "findings"), i, f)
        if (!strcmp(js_str_or(f, "rule", ""), one) || !strcmp(js_str_or(f, "rule", ""), other))
            tell(a, t, f);
}

static void missing_names(struct audit *a, const struct thing *t)
{
    of_rules(a, t, "DL062", "DL063");
}

static void ids(struct audit *a, const struct thing *t)
{
    of_rules(a, t, "DL064", "");
}

/* The snapshot keeps no credential: it keeps where one stood (agent/audit/scrub.h). */
static void secrets(struct audit *a, const struct thing *t)
{
    AUTO_FREE char *list = mem_printf("function_code/%s", t->name);
    const char *code = js_str(json_array_get(snapshot_get(a->s, list), 0), "code");
    int64_t line = 1;
    of_rules(a, t, "DL065", "");
    for (const char *p = code; p && *p; line++) {
        size_t n = strcspn(p, "\n");
        if (memmem(p, n, SCRUB_SECRET, strlen(SCRUB_SECRET)))
            audit_add(a, t->address, "line %lld: %.*s", (long long)line, (int)(n < 120 ? n : 120),
                      p + strspn(p, " \t"));
        p += n + (p[n] == '\n');
    }
}

/* Of the other categories Zoho does not show who calls them (zoho-api.md 1.17). */
static void uncalled(struct audit *a, const struct thing *t)
{
    const char *category = js_str_or(t->o, "category", "");
    if ((!strcmp(category, "Automation") || !strcmp(category, "automation")) &&
        snapshot_get(a->s, "function_wrappers") && !uses_of(&a->uses, t->address))
        audit_add(a, t->address, "no rule, no Blueprint and no other function calls it");
}

struct same {
    struct audit *a;
    const struct thing *t;
    bool done;
};

static void compare(const struct thing *first, void *ctx)
{
    struct same *s = ctx;
    if (s->done || first->o == s->t->o) {
        s->done = true;
        return;
    }
    const json_t *mine = script(s->a, s->t), *its = script(s->a, first);
    if (js_int(mine, "size", 0) >= COPY_MIN_TOKENS && js_str(its, "shape") &&
        !strcmp(js_str_or(mine, "shape", ""), js_str(its, "shape")))
        audit_add(s->a, s->t->address, "it does the same as %s, word for word", first->name);
}

static void copies(struct audit *a, const struct thing *t)
{
    struct same s = {a, t, false};
    if (script(a, t))
        things_of(a->s, "function", compare, &s);
}

static const struct audit_rule rules[] = {
    {"AU401", AUDIT_ERROR, "function that is no Deluge", "It cannot run, and cannot be saved again.",
     "mend it and try it with 'zagent deluge check'", "function", unreadable, NULL, false},
    {"AU402", AUDIT_ERROR, "function that fails the Deluge checker", "It breaks at run time, in front of a user.",
     "'zagent deluge explain RULE' has the reason behind each", "function", errors, NULL, false},
    {"AU403", AUDIT_WARNING, "function with doubtful lines",
     "These are the usual places where scripts go wrong one day.",
     "'zagent deluge explain RULE' has the reason behind each; a line may say // zagent:ignore RULE because …",
     "function", warnings, NULL, false},
    {"AU404", AUDIT_ERROR, "function that names what the org does not have",
     "A field that does not exist reads as empty and is written without a word.",
     "use the name that 'zagent where' finds", "function", missing_names, NULL, false},
    {"AU405", AUDIT_ERROR, "credential in a function", "Whoever reads the script can use it.",
     "revoke it; put the new one into a connection or an org variable", "function", secrets, NULL, false},
    {"AU406", AUDIT_WARNING, "id written into a function",
     "It means nothing in another org, and nothing after an import.",
     "find the record by a name, or keep the id in an org variable", "function", ids, NULL, false},
    {"AU407", AUDIT_NOTE, "function that nothing calls", "It is read, mended and feared for nothing.",
     "ask; then delete it (its source stays in this snapshot)", "function", uncalled, NULL, false},
    {"AU408", AUDIT_WARNING, "two functions with the same text", "One of them will be mended, the other forgotten.",
     "keep one and call it from both places", "function", copies, NULL, false},
};
const struct audit_family audit_functions = {"Functions", rules, sizeof rules / sizeof *rules};
