/* sandbox/crowd.c — see crowd.h. */
#include "sandbox/crowd.h"

#include <string.h>

#include "sandbox/limits.h"
#include "sandbox/org.h"

static bool ends(const char *path, const char *with)
{
    size_t n = strlen(path), k = strlen(with);
    return n >= k && strcmp(path + n - k, with) == 0;
}

bool crowd_heavy(const char *method, const char *path, bool listed, const json_t *body)
{
    if (strcmp(method, "GET") == 0) {
        return listed || ends(path, "/search");
    }
    bool records = !strstr(path, "/settings/") && json_array_size(js_arr(body, "data")) > LIM_HEAVY_RECORDS;
    return ends(path, "/coql") || records;
}

void crowd_enter(struct sandbox *s, struct crowd_place *p, const char *path)
{
    const char *edition = js_str_or(js_obj(org_object(s), "license_details"), "paid_type", "free");
    if (strncmp(path, "/crm/", 5) != 0) {
        return;
    }
    p->refused = s->crowd.calls >= edition_named(edition)->concurrent;
    p->taken = !p->refused;
    s->crowd.calls += p->taken;
}

void crowd_weigh(struct sandbox *s, struct crowd_place *p)
{
    if (p->heavy || !p->taken) {
        return;
    }
    if (s->crowd.heavy >= LIM_HEAVY_CALLS) {
        crowd_leave(s, p);
        p->refused = true;
        return;
    }
    p->heavy = true;
    s->crowd.heavy++;
}

void crowd_leave(struct sandbox *s, struct crowd_place *p)
{
    s->crowd.calls -= p->taken;
    s->crowd.heavy -= p->heavy;
    *p = (struct crowd_place){0};
}
