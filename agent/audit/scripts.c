#include "agent/audit/scripts.h"

#include <string.h>
#include <strings.h>

#include "agent/deluge_meta.h"
#include "base/digest.h"
#include "deluge/check.h"
#include "deluge/library.h"
#include "deluge/parse.h"

struct source {
    const char *name, *code;
};

static bool is_deluge(const json_t *function)
{
    const char *runtime = js_str_or(function, "runtime", js_str_or(function, "language", "Deluge"));
    return strncasecmp(runtime, "deluge", 6) == 0;
}

static size_t sources_of(const struct snapshot *s, struct source **out)
{
    const json_t *f;
    size_t i, n = 0, cap = 0;
    *out = NULL;
    json_array_foreach (snapshot_get(s, "functions"), i, f) {
        AUTO_FREE char *list = mem_printf("function_code/%s", js_str_or(f, "api_name", ""));
        struct source one = {js_str(f, "api_name"), js_str(json_array_get(snapshot_get(s, list), 0), "code")};
        if (one.name && one.code && *one.code &&
            is_deluge(f)) /* there are others: Java, Node, Python (zoho-api.md 1.12) */
            VEC_PUSH(*out, n, cap, one);
    }
    return n;
}

/* What it does, whatever it is called and however it is laid out. */
static void set_shape(json_t *o, const struct dg_script *dg)
{
    struct digest *d = digest_new();
    char hex[65];
    int64_t size = 0;
    const struct dg_name *own = dg->n_functions ? dg->function[0]->name : NULL;
    for (size_t i = 0; i < dg->n_tokens; i++) {
        const struct dg_token *t = &dg->token[i];
        if (t->kind == DG_T_COMMENT || (own && t->name == own))
            continue;
        digest_feed(d, dg->text + t->span.off, t->span.end - t->span.off);
        digest_feed(d, "\n", 1);
        size++;
    }
    digest_finish(d, hex);
    js_set_str(o, "shape", hex);
    js_set_int(o, "size", size);
}

static void set_lines(json_t *findings, const struct dg_script *dg)
{
    json_t *f;
    size_t i;
    json_array_foreach (findings, i, f) {
        int64_t line = js_int(f, "line", 0);
        if (line < 1 || (size_t)line > dg->n_lines)
            continue;
        const char *from = dg->text + dg->line[line - 1];
        from += strspn(from, " \t");
        js_set_strf(f, "code", "%.*s", (int)(strcspn(from, "\r\n") < 120 ? strcspn(from, "\r\n") : 120), from);
    }
}

static json_t *check(const struct source *one, const struct dg_check_options *o)
{
    struct dg_script dg;
    struct dg_diags d = {0};
    json_t *out = json_object();
    bool sound = dg_parse(&dg, one->name, one->code, strlen(one->code), &d);
    if (sound)
        dg_check(&dg, o, &d);
    json_t *findings = dg_diags_json(&dg, &d);
    set_lines(findings, &dg);
    js_set_bool(out, "sound", sound);
    js_set(out, "findings", findings);
    set_shape(out, &dg);
    dg_script_release(&dg);
    dg_diags_release(&d);
    return out;
}

/* Every module has related lists; an org that shows none for one does not say which. */
static int related_list(void *ctx, const char *in, const char *name)
{
    struct snapshot *s = ctx;
    AUTO_FREE char *list = mem_printf("related_lists/%s", in);
    return json_array_size(snapshot_get(s, list)) ? deluge_meta(s).related_list(s, in, name) : -1;
}

json_t *scripts_check(struct snapshot *s)
{
    struct source *source;
    size_t n = sources_of(s, &source);
    struct dg_library library = {.complete = false};
    struct dg_meta meta = deluge_meta(s);
    meta.related_list = related_list;
    struct dg_check_options o = {.meta = &meta, .library = &library};
    json_t *out = json_object();
    for (size_t i = 0; i < n; i++) {
        struct dg_script dg;
        struct dg_diags d = {0};
        if (dg_parse(&dg, source[i].name, source[i].code, strlen(source[i].code), &d))
            dg_library_add(&library, &dg);
        dg_script_release(&dg);
        dg_diags_release(&d);
    }
    for (size_t i = 0; i < n; i++)
        js_set(out, source[i].name, check(&source[i], &o));
    dg_library_release(&library);
    free(source);
    return out;
}
