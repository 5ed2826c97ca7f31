/* agent/audit/rules_access.c — who is let in: administrators, profiles and roles that nobody has, private fields that all may read. */
#include <string.h>

#include "agent/audit/rules.h"
#include "plan/resource.h"

enum { ADMINS_MAX = 3 };

static bool active(const json_t *u)
{
    return !strcmp(js_str_or(u, "status", "active"), "active");
}

static size_t users_with(const struct audit *a, const char *part, const char *id)
{
    const json_t *u;
    size_t i, n = 0;
    json_array_foreach (snapshot_get(a->s, "users"), i, u)
        n += active(u) && !strcmp(js_str_or(js_obj(u, part), "id", ""), id);
    return n;
}

static void many_admins(struct audit *a, const struct thing *t)
{
    size_t n = users_with(a, "profile", js_str_or(t->o, "id", "")), all = 0, i;
    const json_t *u;
    json_array_foreach (snapshot_get(a->s, "users"), i, u)
        all += active(u);
    if (!strcmp(t->name, "Administrator") && n > ADMINS_MAX && n * 10 > all)
        audit_add(a, t->address, "%zu of %zu active users have it", n, all);
}

static void empty_profile(struct audit *a, const struct thing *t)
{
    bool custom =
        js_bool(t->o, "custom", true) && strcmp(t->name, "Administrator") != 0 && strcmp(t->name, "Standard") != 0;
    if (custom && snapshot_get(a->s, "users") && !users_with(a, "profile", js_str_or(t->o, "id", "")))
        audit_add(a, t->address, "no active user has it");
}

static void empty_role(struct audit *a, const struct thing *t)
{
    const json_t *r;
    size_t i;
    const char *id = js_str_or(t->o, "id", "");
    if (!snapshot_get(a->s, "users") || users_with(a, "role", id))
        return;
    json_array_foreach (snapshot_get(a->s, "roles"), i, r)
        if (!strcmp(js_str_or(js_obj(r, "reporting_to"), "id", ""), id))
            return; /* it holds others */
    audit_add(a, t->address, "no active user has it, and no role reports to it");
}

/* The org itself marked the field as personal (zoho-api.md 1.5: private). */
static void open_private(struct audit *a, const struct thing *t)
{
    const json_t *p, *private = json_object_get(t->o, "private");
    size_t i, shut = 0, n = json_array_size(js_arr(t->o, "profiles"));
    if (!json_is_object(private) || !json_object_size(private) || n < 2)
        return;
    json_array_foreach (js_arr(t->o, "profiles"), i, p)
        shut += strcmp(js_str_or(p, "permission_type", "read_write"), "read_write") != 0;
    if (!shut)
        audit_add(a, t->address, "marked as private, and all %zu profiles may read and write it", n);
}

static void hidden_view(struct audit *a, const struct thing *t)
{
    const char *id = js_str(js_obj(t->o, "created_by"), "id");
    if (!strcmp(js_str_or(t->o, "access_type", ""), "only_to_me") && id && !audit_active_user(a, id))
        audit_add(a, t->address, "only user %s sees it, who is no active user", id);
}

static void shared_with_nobody(struct audit *a, const struct thing *t)
{
    const json_t *w;
    size_t i, n = json_array_size(js_arr(t->o, "shared_to")), gone = 0;
    if (strcmp(js_str_or(t->o, "access_type", ""), "shared") != 0)
        return;
    json_array_foreach (js_arr(t->o, "shared_to"), i, w)
        gone += !strcmp(js_str_or(w, "type", ""), "users") && !audit_active_user(a, js_str(w, "id"));
    if (n && gone == n)
        audit_add(a, t->address, "shared with %zu user%s, none of them active", n, n == 1 ? "" : "s");
}

static void unconfirmed(struct audit *a, const struct thing *t)
{
    if (active(t->o) && json_is_false(json_object_get(t->o, "confirm")))
        audit_add(a, t->address, "active, and never accepted the invitation: a licence is paid for it");
}

static const struct audit_rule rules[] = {
    {"AU701", AUDIT_WARNING, "many administrators", "Each of them can change and delete everything, also by mistake.",
     "give those who only work with records a profile of their own", "profile", many_admins, NULL, false},
    {"AU702", AUDIT_NOTE, "profile that nobody has", "It is kept right at every new field for nobody.",
     "delete it, with a profile to move to", "profile", empty_profile, NULL, false},
    {"AU703", AUDIT_NOTE, "role that nobody has", "Sharing rules and approvals that name it reach nobody.",
     "delete it, or fill it", "role", empty_role, NULL, false},
    {"AU704", AUDIT_WARNING, "private field that all may read", "The org itself marked it as personal data.",
     "hide it from the profiles that do not need it", "field", open_private, NULL, false},
    {"AU705", AUDIT_NOTE, "view that only somebody gone sees", "Nobody can use it or delete it.",
     "an administrator deletes it or makes it public", "custom_view", hidden_view, NULL, false},
    {"AU706", AUDIT_NOTE, "view shared with nobody who works here", "Who should have it does not find it.",
     "share it with a role", "custom_view", shared_with_nobody, NULL, false},
    {"AU707", AUDIT_NOTE, "user who never came in", "The licence is paid.",
     "send the invitation again or deactivate the user", "user", unconfirmed, NULL, false},
};
const struct audit_family audit_access = {"Access", rules, sizeof rules / sizeof *rules};
