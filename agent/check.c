/* agent/check.c — reading the checks of a playbook: shape, rendering. */
#include "agent/check_parts.h"

/* ---- shape ---- */

static bool one_of(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = list; n && (p = strstr(p, word)); p += n)
        if ((p == list || p[-1] == '|') && (p[n] == '\0' || p[n] == '|'))
            return true;
    return false;
}

const struct check_verb *check_verb_of(const struct check_verb *rows, size_t n, const json_t *step)
{
    for (size_t i = 0; i < n; i++)
        if (json_object_get(step, rows[i].name))
            return &rows[i];
    return NULL;
}

static int check_keys(const struct playbook *pb, const json_t *o, const char *name, const char *allowed, const char *at,
                      struct err *e)
{
    const char *key;
    json_t *v;
    json_object_foreach ((json_t *)(uintptr_t)o, key, v) {
        if (strcmp(key, name) == 0 || one_of(allowed, key))
            continue;
        AUTO_FREE char *here = mem_printf("%s/%s", at, key);
        yaml_err(e, &pb->y, here, ERR_CONFIG, "'%s' says nothing in '%s'", key, name);
        return err_fix(e, "it may say: %s", allowed);
    }
    return 0;
}

static int check_rows(const struct playbook *pb, const json_t *list, const struct check_verb *rows, size_t n,
                      const char *at, struct err *e)
{
    size_t i;
    json_t *step;
    if (list && !json_is_array(list))
        return yaml_err(e, &pb->y, at, ERR_CONFIG, "this is not a list");
    json_array_foreach (list, i, step) {
        bool each = js_str(step, "$each"); /* one for each row of a table */
        AUTO_FREE char *here = mem_printf("%s/%zu%s", at, i, each ? "/$item" : "");
        step = each ? js_obj(step, "$item") : step;
        const struct check_verb *v = check_verb_of(rows, n, step);
        if (!v) {
            AUTO_SB struct sb all = SB_INIT(200);
            for (size_t k = 0; k < n; k++)
                sb_addf(&all, "%s%s", k ? ", " : "", rows[k].name);
            yaml_err(e, &pb->y, here, ERR_CONFIG, "a check cannot do this");
            return err_fix(e, "begin with one of: %s", all.buf);
        }
        if (check_keys(pb, step, v->name, v->keys, here, e) < 0)
            return -1;
        AUTO_FREE char *below = mem_printf("%s/expect", here);
        if (rows == check_steps && strcmp(v->name, "expect") == 0 &&
            check_rows(pb, json_object_get(step, "expect"), check_expectations, check_expectations_n, below, e) < 0)
            return -1;
    }
    return 0;
}

/* Each given is one key "Module/name" with the fields. */
static int check_given(const struct playbook *pb, const json_t *list, const char *at, struct err *e)
{
    size_t i;
    json_t *one;
    if (list && !json_is_array(list))
        return yaml_err(e, &pb->y, at, ERR_CONFIG, "this is not a list");
    json_array_foreach (list, i, one) {
        AUTO_FREE char *here = mem_printf("%s/%zu", at, i);
        const char *key = json_object_iter_key(json_object_iter(one));
        if (json_object_size(one) != 1 || !strchr(key, '/') || !js_obj(one, key)) {
            yaml_err(e, &pb->y, here, ERR_CONFIG, "a given record is written 'Module/name: {field: value}'");
            return err_fix(e, "for example: - Deals/deal: {Deal_Name: TEST deal}");
        }
    }
    return 0;
}

static int check_case_shape(const struct playbook *pb, const json_t *one, const char *at, struct err *e)
{
    AUTO_FREE char *given = mem_printf("%s/given", at), *doing = mem_printf("%s/do", at),
                   *expect = mem_printf("%s/expect", at);
    if (!js_str(one, "name"))
        return yaml_err(e, &pb->y, at, ERR_CONFIG, "a check has no name");
    if (!js_arr(one, "do") && !js_arr(one, "expect"))
        return yaml_err(e, &pb->y, at, ERR_CONFIG, "the check '%s' expects nothing", js_str(one, "name"));
    if (check_keys(pb, one, "name", "when|given|do|expect", at, e) < 0 ||
        check_given(pb, json_object_get(one, "given"), given, e) < 0 ||
        check_rows(pb, json_object_get(one, "do"), check_steps, check_steps_n, doing, e) < 0)
        return -1;
    return check_rows(pb, json_object_get(one, "expect"), check_expectations, check_expectations_n, expect, e);
}

/* ---- rendering ---- */

static json_t *profiles_of(const struct playbook *pb, const struct context *c)
{
    const char *ref = js_str(js_obj(pb->y.root, "access"), "roles");
    struct err quiet = {0};
    AUTO_JSON json_t *rows = ref ? context_table(c, ref, &quiet) : NULL;
    json_t *out = json_object(), *row;
    size_t i;
    json_array_foreach (rows, i, row)
        if (js_str(row, "role") && js_str(row, "profile"))
            js_set(out, js_str(row, "role"),
                   json_pack("{s:s,s:s*}", "profile", js_str(row, "profile"), "zoho_role", js_str(row, "zoho_role")));
    return out;
}

static json_t *joined(const json_t *first, const json_t *then)
{
    json_t *out = first ? json_copy((json_t *)(uintptr_t)first) : json_array();
    if (then)
        json_array_extend(out, (json_t *)(uintptr_t)then);
    return out;
}

/* Names are rendered with the playbook's own: a run maps them. */
int checks_render(const struct playbook *pb, const struct context *c, json_t **out, struct err *e)
{
    const json_t *decl = json_object_get(pb->y.root, "checks");
    size_t i;
    json_t *one;
    *out = json_null();
    if (!decl)
        return 0;
    if (!js_arr(decl, "cases"))
        return yaml_err(e, &pb->y, "/checks", ERR_CONFIG, "checks hold a list named 'cases'");
    if (check_keys(pb, decl, "cases", "given|follow", "/checks", e) < 0 ||
        check_given(pb, json_object_get(decl, "given"), "/checks/given", e) < 0)
        return -1;
    json_array_foreach (js_arr(decl, "cases"), i, one) {
        AUTO_FREE char *at = mem_printf("/checks/cases/%zu", i);
        if (check_case_shape(pb, one, at, e) < 0)
            return -1;
    }
    AUTO_JSON json_t *all = playbook_expand(pb, decl, pb->data, "/checks", e);
    if (!all)
        return -1;
    json_t *cases = json_array();
    json_array_foreach (js_arr(all, "cases"), i, one) {
        AUTO_FREE char *at = mem_printf("/checks/cases/%zu", i);
        bool wanted;
        int line, col;
        if (playbook_when(pb, one, at, &wanted, e) < 0) {
            json_decref(cases);
            return -1;
        }
        if (!wanted)
            continue;
        yaml_where(&pb->y, at, &line, &col);
        json_t *o = json_copy(one);
        js_set_strf(o, "where", "%s:%d", pb->file, line);
        bool again = !js_bool(decl, "follow", false) || !json_array_size(cases); /* what follows has them already */
        js_set(o, "given", joined(again ? js_arr(all, "given") : NULL, js_arr(one, "given")));
        json_array_append_new(cases, o);
    }
    *out = json_object();
    js_set(*out, "profiles", profiles_of(pb, c));
    js_set(*out, "cases", cases);
    js_set_bool(*out, "follow", js_bool(decl, "follow", false));
    if (check_names(pb, *out, e) == 0)
        return 0;
    json_decref(*out);
    *out = NULL;
    return -1;
}
