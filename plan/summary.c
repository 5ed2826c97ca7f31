/* plan/summary.c — the plan in numbers. */
#include "plan/kinds.h"
#include "plan/work.h"

struct counts {
    int64_t api, deleted, wait, blocked, unchanged, credits, minutes, records, mails;
    json_t *hand; /* channel → ready steps that people do */
};

/* Updates that let automation follow may send mail for each record (zoho-api.md 2.1, trigger). */
static bool lets_mail_go(const json_t *step)
{
    json_t *trigger = js_arr(js_obj(step, "body"), "trigger");
    return js_array_has(trigger, "workflow") || js_array_has(trigger, "blueprint");
}

static void count_step(struct counts *c, const json_t *step)
{
    const char *channel = js_str_or(step, "channel", ""), *state = js_str_or(step, "state", "");
    if (!strcmp(js_str_or(step, "action", ""), "none")) {
        c->unchanged++;
        return;
    }
    if (!strcmp(state, "blocked")) {
        c->blocked++;
        return;
    }
    int64_t rows = records_count(js_obj(step, "body"));
    c->credits += js_int(step, "credits", 0);
    c->minutes += js_int(step, "minutes", 0);
    c->records += rows;
    c->mails += lets_mail_go(step) ? rows : 0;
    c->deleted += !strcmp(js_str_or(step, "action", ""), "delete");
    if (!strcmp(state, "wait"))
        c->wait++;
    else if (!strcmp(channel, "api"))
        c->api++;
    else
        js_set_int(c->hand, channel, js_int(c->hand, channel, 0) + 1);
}

json_t *summary_make(const json_t *steps, const struct plan_input *in)
{
    struct counts c = {.hand = json_object()};
    json_t *out = json_object(), *step;
    size_t i;
    json_array_foreach (steps, i, step)
        count_step(&c, step);
    js_set_int(out, "api", c.api);
    js_set(out, "hand", c.hand);
    js_set_int(out, "wait", c.wait);
    js_set_int(out, "blocked", c.blocked);
    js_set_int(out, "unchanged", c.unchanged);
    js_set_int(out, "delete", c.deleted);
    js_set_int(out, "credits", c.credits);
    js_set_int(out, "minutes", c.minutes);
    js_set_int(out, "records", c.records);
    js_set_int(out, "mails", c.mails);
    if (js_int(in->org, "credits_per_day", 0) > 0)
        js_set_int(out, "credits_per_day", js_int(in->org, "credits_per_day", 0));
    return out;
}
