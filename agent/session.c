#include "agent/session.h"

#include <pwd.h>
#include <unistd.h>

const char *session_actor(void)
{
    const char *actor = getenv("ZAGENT_ACTOR");
    if (actor && *actor)
        return actor;
    const struct passwd *pw = getpwuid(getuid());
    return pw && pw->pw_name && *pw->pw_name ? pw->pw_name : "unknown";
}

int session_open(struct session *s, struct app *a, unsigned want, struct err *e)
{
    *s = (struct session){.app = a};
    if (state_open(&s->st, &a->project->zagent, &a->clock, e) < 0)
        return -1;
    if (want & SESSION_LOCK) {
        AUTO_FREE char *who = mem_printf("%s, pid %ld, zagent %s", session_actor(), (long)getpid(), a->cmd->name);
        if (state_lock(s->st, who, 0, e) < 0)
            return -1;
        s->locked = true;
    }
    if (!(want & (SESSION_READER | SESSION_WRITER)))
        return 0;
    enum zoho_role role = want & SESSION_WRITER ? ZOHO_WRITER : ZOHO_READER;
    if (org_open(&s->org, a, s->st, js_str(a->opts, "org"), role, e) < 0)
        return -1;
    if (s->org->first_use)
        app_say(a,
                "org %s: the sandbox in this process (.zagent/sandbox.db); 'zagent sandbox start' keeps one running\n",
                s->org->name);
    return 0;
}

/* What the org charges for is said by whoever spent it, for every command that talks to one. */
static void note_calls(const struct session *s)
{
    if (!s->org || !s->org->zoho)
        return;
    struct zoho_counts c = zoho_counts(s->org->zoho);
    json_t *api = json_object();
    js_set_int(api, "calls", c.calls);
    js_set_int(api, "credits", c.credits_known);
    js_set_int(api, "retries", c.retries);
    js_set(s->app->meta, "api", api);
}

void session_close(struct session *s)
{
    note_calls(s);
    org_close(s->org);
    if (s->locked)
        state_unlock(s->st);
    state_close(s->st);
    memset(s, 0, sizeof *s);
}

int session_run(struct session *s, const char *command, const char *plan_digest, int64_t *run, bool *opened,
                struct err *e)
{
    *run = state_run_find_open(s->st, "apply", plan_digest);
    *opened = *run == 0;
    if (*run)
        return 0;
    AUTO_JSON json_t *facts = json_object();
    js_set_str(facts, "org", s->org->name);
    js_set_str(facts, "zgid", s->org->zgid);
    js_set_str(facts, "actor", session_actor());
    return state_run_open(s->st, command, plan_digest, facts, run, e);
}
