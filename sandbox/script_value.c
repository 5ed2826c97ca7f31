/* sandbox/script_value.c — values between the store's JSON and the interpreter. */
#include "sandbox/script.h"

#include "sandbox/check.h"

enum { VALUE_BYTES = 16 << 20 };

struct dv script_dv(struct dg_arena *a, const json_t *j)
{
    struct dv v = dv_null();
    AUTO_FREE char *text = j ? json_dumps(j, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15)) : NULL;
    if (text && !dv_from_json(a, text, strlen(text), &v)) {
        v = dv_null();
    }
    return v;
}

json_t *script_json(struct dv v)
{
    struct sb b = SB_INIT(VALUE_BYTES);
    dv_json(&b, v, NULL);
    json_t *j = b.bad ? NULL : json_loads(b.buf, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    sb_release(&b);
    return j ? j : json_null();
}

struct dv script_moved(struct dg_arena *to, struct dv v)
{
    struct sb b = SB_INIT(VALUE_BYTES);
    struct dv out = dv_null();
    dv_json(&b, v, NULL);
    if (b.bad || !dv_from_json(to, b.buf, b.len, &out)) {
        out = dv_null();
    }
    sb_release(&b);
    return out;
}

struct dv script_answer(struct dg_arena *a, json_t *stolen)
{
    AUTO_JSON json_t *r = stolen;
    return script_dv(a, item_failed(r) ? r : js_obj(r, "details"));
}
