#include "agent/ticks.h"

#include "agent/marked.h"
#include "plan/plan.h"

enum { ID_DIGITS = 8 };

static bool is_id(const char *s)
{
    return strspn(s, "0123456789abcdef") >= ID_DIGITS && (s[ID_DIGITS] == '\0' || s[ID_DIGITS] == ' ');
}

/* step, seen, witness: the id, and what follows it. */
static int step_line(json_t *steps, const char *key, const char *value, struct err *e)
{
    if (!is_id(value))
        return err_set(e, ERR_PARSE, "'%s: %.40s' names no step", key, value);
    AUTO_FREE char *id = mem_dupn(value, ID_DIGITS);
    if (!json_object_get(steps, id))
        js_set(steps, id, json_object());
    const char *rest = value + ID_DIGITS;
    if (*rest == ' ')
        js_set_str(json_object_get(steps, id), key, rest + 1);
    return 0;
}

static int one_line(json_t *out, const char *line, struct err *e)
{
    static const char *const heads[] = {"playbook", "org", "plan", "by", "date"}, *const of_steps[] = {"step", "seen",
                                                                                                       "witness"};
    const char *colon = strstr(line, ": ");
    AUTO_FREE char *key = colon ? mem_dupn(line, (size_t)(colon - line)) : mem_dup(line);
    for (size_t i = 0; colon && i < sizeof heads / sizeof *heads; i++)
        if (!strcmp(key, heads[i])) {
            js_set_str(out, key, colon + 2);
            return 0;
        }
    for (size_t i = 0; colon && i < sizeof of_steps / sizeof *of_steps; i++)
        if (!strcmp(key, of_steps[i]))
            return step_line(js_obj(out, "steps"), key, colon + 2, e);
    return err_set(e, ERR_PARSE, "'%.60s' is no line of a ticked guide", line);
}

static int complete(const json_t *out, struct err *e)
{
    static const char *const heads[] = {"playbook", "org", "plan", "by", "date"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (!js_str(out, heads[i]) || !*js_str(out, heads[i])) {
            err_set(e, ERR_PARSE, "the ticked guide does not say its '%s'", heads[i]);
            return err_fix(e, "open the page again, fill in the name, and save the file anew");
        }
    if (json_object_size(js_obj(out, "steps")))
        return 0;
    err_set(e, ERR_PARSE, "nothing is ticked");
    return err_fix(e, "tick what is done, and save the file anew");
}

json_t *ticks_parse(const char *text, struct err *e)
{
    AUTO_FREE char *lines = marked_text(text, "TICKS", "ticks", e);
    AUTO_JSON json_t *out = json_object();
    if (!lines)
        return NULL;
    js_set(out, "steps", json_object());
    for (const char *p = lines; *p;) {
        AUTO_FREE char *line = marked_line(&p);
        if (one_line(out, line, e) < 0)
            return NULL;
    }
    return complete(out, e) < 0 ? NULL : json_incref(out);
}

static int foreign(struct err *e, const char *what, const char *theirs, const char *ours)
{
    err_set(e, ERR_REFUSED, "the ticks are of another %s: %.80s, here it is %.80s", what, theirs, ours);
    return err_fix(e, "look at which guide was ticked; 'zagent guide' writes the one that counts now");
}

int ticks_check(const json_t *ticks, const json_t *plan, const char *digest, const char *zgid, struct err *e)
{
    const char *id, *playbook = js_str_or(ticks, "playbook", "");
    json_t *v;
    if (strcmp(js_str_or(ticks, "org", ""), zgid) != 0)
        return foreign(e, "org", js_str_or(ticks, "org", ""), zgid);
    if (strcmp(js_str_or(ticks, "plan", ""), digest) != 0)
        return foreign(e, "plan", js_str_or(ticks, "plan", ""), digest);
    if (!js_array_has(js_arr(plan, "playbooks"), playbook)) {
        err_set(e, ERR_REFUSED, "the plan has no playbook '%.60s'", playbook);
        return err_fix(e, "was the file written by hand? The page makes it");
    }
    json_object_foreach (js_obj(ticks, "steps"), id, v) {
        const json_t *step = plan_step(plan, id);
        if (!step || !plan_step_of(step, playbook)) {
            err_set(e, ERR_REFUSED, "step %s is none of %s in this plan", id, playbook);
            return err_fix(e, "was the file written by hand? The page makes it");
        }
    }
    return 0;
}

int ticks_witnessed(const json_t *step, const char *by, const char *seen, const char *witness, struct err *e)
{
    const char *negative = js_str(js_obj(step, "hand"), "negative");
    if (!negative)
        return 0;
    if (!seen || !*seen)
        err_set(e, ERR_REFUSED, "%s: what happened when it must not work was not told", js_str_or(step, "address", ""));
    else if (!witness || !*witness)
        err_set(e, ERR_REFUSED, "%s: nobody witnessed it", js_str_or(step, "address", ""));
    else if (!strcmp(witness, by))
        err_set(e, ERR_REFUSED, "%s: the witness is the one who did it", js_str_or(step, "address", ""));
    else
        return 0;
    return err_fix(e, "the test: %.200s", negative);
}
