/* sandbox/selection.c — is a record one of those meant? */
#include "sandbox/selection.h"

#include <ctype.h>

#include "base/text.h"
#include "sandbox/check.h"

void selection_of(struct call *c, const struct record_module *m, struct selection *s, json_t *tree)
{
    *s = (struct selection){.tree = tree, .m = m, .any = tree != NULL};
    record_env_init(&s->env, c, m);
}

bool selection_search(struct call *c, const struct record_module *m, struct selection *s)
{
    const char *criteria = call_query(c, "criteria"), *email = call_query(c, "email"), *phone = call_query(c, "phone");
    json_t *why = NULL, *tree = criteria ? search_parse(m, criteria, &why) : NULL;
    if (why) {
        answer_error(c, 400, "INVALID_QUERY", "Invalid query formed", why);
        return false;
    }
    selection_of(c, m, s, tree);
    if (!criteria) {
        s->email = email;
        s->phone = email ? NULL : phone;
        s->word = email || phone ? NULL : call_query(c, "word");
        s->any = s->email || s->phone || s->word;
    }
    return true;
}

static bool same_digits(const char *a, const char *b)
{
    for (;; a++, b++) {
        a += strcspn(a, "0123456789");
        b += strcspn(b, "0123456789");
        if (*a != *b || !*a) {
            return *a == *b;
        }
    }
}

/* One value against what was asked for. */
static bool value_meets(const struct selection *s, const char *type, const json_t *v)
{
    const char *t = json_is_object(v) ? js_str(v, "name") : json_string_value(v);
    if (!t) {
        return false;
    }
    return s->email   ? strcmp(type, "email") == 0 && text_casecmp(t, s->email) == 0
           : s->phone ? strcmp(type, "phone") == 0 && same_digits(t, s->phone)
                      : one_of("text|textarea|email|phone|website|picklist|lookup|autonumber", type) &&
                            strcasestr(t, s->word) != NULL;
}

bool selection_match(const struct selection *s, const json_t *record)
{
    size_t i;
    json_t *f;
    if (!s->email && !s->phone && !s->word) {
        return !s->tree || criteria_match(s->tree, record, &s->env.env);
    }
    json_array_foreach (s->m->fields, i, f) {
        const char *api = js_str_or(f, "api_name", "");
        if (!record_hides(s->m->limits, api) &&
            value_meets(s, js_str_or(f, "data_type", ""), json_object_get(record, api))) {
            return true;
        }
    }
    return false;
}

void selection_release(struct selection *s)
{
    json_decref(s->tree);
    if (s->m) {
        record_env_release(&s->env);
    }
    *s = (struct selection){0};
}
