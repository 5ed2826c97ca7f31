#include "agent/plans.h"

#include "plan/plan.h"

enum { PLAN_MAX_BYTES = 64 << 20 };

static bool is_hex(const char *s)
{
    return strspn(s, "0123456789abcdef") == strlen(s);
}

int plans_keep(const struct project *p, const json_t *plan, char digest[65], struct err *e)
{
    if (plan_digest(plan, digest, e) < 0)
        return -1;
    AUTO_FREE char *text = js_canonical(plan, e);
    if (!text)
        return -1;
    AUTO_FREE char *rel = mem_printf("plans/%s.json", digest);
    return fs_write_in(&p->zagent, rel, text, strlen(text), 0600, e);
}

int plans_save(const struct project *p, struct state *st, const json_t *plan, char digest[65], struct err *e)
{
    if (plans_keep(p, plan, digest, e) < 0)
        return -1;
    AUTO_JSON json_t *name = json_string(digest);
    if (state_fact_put(st, "plan/latest", name, e) < 0)
        return -1;
    json_t *pb;
    size_t i;
    json_array_foreach (js_arr(plan, "playbooks"), i, pb) {
        AUTO_FREE char *key = mem_printf("plan/latest/%s", json_string_value(pb));
        if (state_fact_put(st, key, name, e) < 0)
            return -1;
    }
    return 0;
}

/* A unique file in plans/ that begins with the prefix. */
static int by_prefix(const struct project *p, const char *prefix, char digest[65], struct err *e)
{
    AUTO_FREE char *dir = project_path(p, ".zagent/plans");
    char **names = NULL;
    size_t n = 0, found = 0;
    struct err quiet = {0};
    if (fs_exists(dir) && fs_list(dir, &names, &n, &quiet) < 0)
        n = 0;
    for (size_t i = 0; i < n; i++)
        if (strlen(names[i]) == 69 && !strncmp(names[i], prefix, strlen(prefix))) {
            found++;
            memcpy(digest, names[i], 64);
            digest[64] = '\0';
        }
    fs_list_free(names, n);
    if (found == 1)
        return 0;
    err_set(e, ERR_NOT_FOUND, found ? "several saved plans begin with '%s'" : "no saved plan '%s'", prefix);
    return err_fix(e, found ? "give more of the digest" : "run 'zagent plan' and use the digest it prints");
}

static int find(const struct project *p, struct state *st, const char *which, char digest[65], struct err *e)
{
    if (which && strlen(which) >= 6 && strlen(which) <= 64 && is_hex(which))
        return by_prefix(p, which, digest, e);
    AUTO_FREE char *key = which ? mem_printf("plan/latest/%s", which) : mem_dup("plan/latest");
    AUTO_JSON json_t *v = state_fact_get(st, key, NULL);
    const char *d = json_string_value(v);
    if (!d || strlen(d) != 64) {
        err_set(e, ERR_NOT_FOUND, which ? "no saved plan for '%s'" : "no plan has been saved yet", which);
        return err_fix(e, "run 'zagent plan%s%s'", which ? " " : "", which ? which : "");
    }
    memcpy(digest, d, 65);
    return 0;
}

int plans_load(const struct project *p, struct state *st, const char *which, json_t **plan, char digest[65],
               struct err *e)
{
    char have[65];
    *plan = NULL;
    if (find(p, st, which, digest, e) < 0)
        return -1;
    AUTO_FREE char *rel = mem_printf("plans/%s.json", digest);
    AUTO_FREE char *text = NULL;
    size_t len;
    if (fs_read_in(&p->zagent, rel, PLAN_MAX_BYTES, &text, &len, e) < 0)
        return err_fix(e, "run 'zagent plan' again");
    AUTO_FREE char *shown = mem_printf(".zagent/%s", rel);
    *plan = js_parse(text, len, shown, e);
    if (!*plan)
        return err_fix(e, "run 'zagent plan' again and review it");
    if (plan_check(*plan, e) < 0 || plan_digest(*plan, have, e) < 0)
        return -1;
    if (strcmp(have, digest) != 0) {
        err_set(e, ERR_STALE, "the saved plan was changed after it was made");
        err_at(e, ".zagent/%s", rel);
        return err_fix(e, "run 'zagent plan' again and review it");
    }
    return 0;
}

void plans_warn_off(struct app *a, struct state *st, const json_t *plan)
{
    json_t *name;
    size_t i;
    json_array_foreach (js_arr(plan, "playbooks"), i, name) {
        AUTO_FREE char *key = mem_printf("off/%s", json_string_value(name));
        AUTO_JSON json_t *off = state_fact_get(st, key, NULL);
        if (off)
            app_warn(a, "%s is switched off (by %s): its rules are there, but not active; 'zagent on %s'",
                     json_string_value(name), js_str_or(off, "by", "?"), json_string_value(name));
    }
}
