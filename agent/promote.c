#include "agent/promote.h"

static bool same_step(const json_t *a, const json_t *b)
{
    const char *x = js_str_or(js_obj(a, "artifact"), "sha256", ""), *y = js_str_or(js_obj(b, "artifact"), "sha256", "");
    return json_equal(json_object_get(a, "declared"), json_object_get(b, "declared")) && !strcmp(x, y);
}

static void one_way(const json_t *from, const json_t *to, bool bodies, json_t *out)
{
    json_t *step;
    size_t i;
    json_array_foreach (js_arr(from, "steps"), i, step) {
        const char *address = js_str_or(step, "address", "");
        const json_t *other = plan_step(to, address);
        if (strcmp(js_str_or(step, "kind", ""), "records") != 0 && (!other || (bodies && !same_step(step, other))))
            js_array_add_unique(out, address);
    }
}

json_t *promote_differences(const json_t *passed, const json_t *planned)
{
    json_t *out = json_array();
    one_way(passed, planned, true, out);
    one_way(planned, passed, false, out);
    return out;
}
