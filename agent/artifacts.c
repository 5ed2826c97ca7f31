#include "agent/artifacts.h"

#include "agent/check.h"
#include "agent/guide.h"
#include "agent/playbook_check.h"
#include "base/digest.h"

static int add_page(const struct playbook *pb, const char *name, json_t *pages, struct err *e)
{
    const char *file = js_str(js_obj(pb->y.root, "guide"), name);
    if (!file)
        return 0;
    AUTO_FREE char *text = playbook_render(pb, file, NULL, e);
    if (!text)
        return -1;
    js_set_str(pages, name, text);
    return 0;
}

/* No part of it leads out of generated/NAME/; the write itself would refuse, but without the playbook's line. */
static bool stays_below(const char *path)
{
    if (*path == '/')
        return false;
    for (const char *part = path; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL) {
        size_t len = strcspn(part, "/");
        if (len == 0 || len > 200 || (len <= 2 && strspn(part, ".") >= len))
            return false;
    }
    return true;
}

static int add_artifacts(const struct playbook *pb, json_t *out, struct err *e)
{
    json_t *decl;
    size_t i;
    json_array_foreach (js_arr(pb->y.root, "artifacts"), i, decl) {
        const char *path = js_str(decl, "path"), *template = js_str(decl, "template");
        const json_t *when = js_str(decl, "when") ? json_object_get(pb->data, js_str(decl, "when")) : json_true();
        AUTO_FREE char *at = mem_printf("/artifacts/%zu", i);
        if (!path || !template)
            return yaml_err(e, &pb->y, at, ERR_CONFIG, "an artifact needs 'path' and 'template'");
        if (!stays_below(path)) {
            yaml_err(e, &pb->y, at, ERR_CONFIG, "the artifact's path '%.80s' leads out of its folder", path);
            return err_fix(e, "name a file below generated/%s/, for example notes/card.md", pb->name);
        }
        if (!when)
            return yaml_err(e, &pb->y, at, ERR_CONFIG, "when: '%s' is not an input of this playbook",
                            js_str(decl, "when"));
        if (json_is_false(when) || json_is_null(when))
            continue;
        AUTO_FREE char *text = playbook_render(pb, template, NULL, e);
        if (!text)
            return -1;
        json_t *o = json_object();
        js_set_str(o, "path", path);
        js_set_strf(o, "template", "templates/%s/%s", pb->name, template);
        js_set_str(o, "text", text);
        json_array_append_new(out, o);
    }
    return 0;
}

static int render_one(const struct draft *w, const struct playbook *pb, json_t *rendered, struct err *e)
{
    static const char *const names[] = {"intro", "emergency", "go_live", "monday"};
    json_t *o = json_object(), *pages = json_object(), *files = json_array(), *guide = json_object();
    js_set(rendered, pb->name, o);
    js_set_str(o, "name", pb->name);
    js_set_str(o, "title", js_str_or(pb->y.root, "title", pb->name));
    js_set_str(o, "summary", js_str_or(pb->y.root, "summary", ""));
    js_set_str(guide, "owner", js_str_or(js_obj(pb->y.root, "guide"), "owner", "admin"));
    js_set(o, "guide", guide);
    js_set(o, "pages", pages);
    js_set(o, "artifacts", files);
    const json_t *open = json_object_get(js_obj(pb->y.root, "guide"), "open_questions");
    json_t *questions = open ? playbook_expand(pb, open, pb->data, "/guide/open_questions", e) : json_array();
    if (!questions)
        return -1;
    js_set(o, "open_questions", questions);
    json_t *checks = NULL;
    if (checks_render(pb, &w->context, &checks, e) < 0)
        return -1;
    if (json_is_object(checks))
        json_object_set(o, "checks", checks);
    json_decref(checks);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (add_page(pb, names[i], pages, e) < 0)
            return -1;
    json_t *measures = playbook_measures(pb, e);
    if (!measures)
        return -1;
    js_set(o, "measures", measures);
    return add_artifacts(pb, files, e);
}

int artifacts_render(const struct draft *w, json_t *plan, struct err *e)
{
    json_t *rendered = json_object();
    js_set(plan, "rendered", rendered);
    for (size_t i = 0; i < w->n; i++)
        if (render_one(w, &w->pb[i], rendered, e) < 0)
            return -1;
    return 0;
}

struct writing {
    struct app *app;
    const json_t *plan;
    const char *playbook;
    json_t *manifest;
};

static int write_file(struct writing *w, const char *path, const char *text, const char *template, struct err *e)
{
    AUTO_FREE char *rel = mem_printf("%s/%s", w->playbook, path);
    char hex[65];
    if (fs_write_in(&w->app->project->out, rel, text, strlen(text), 0644, e) < 0)
        return e && e->kind != ERR_IO ? -1
                                      : err_fix(e, "make room or give write access to %s/, then run the command again",
                                                w->app->project->out_name);
    digest_sha256(text, strlen(text), hex);
    json_t *row = json_object();
    js_set_str(row, "path", path);
    js_set_str(row, "sha256", hex);
    if (template)
        js_set_str(row, "template", template);
    json_array_append_new(w->manifest, row);
    return 0;
}

static int write_sources(struct writing *w, struct err *e)
{
    json_t *step;
    size_t i;
    json_array_foreach (js_arr(w->plan, "steps"), i, step) {
        const json_t *art = js_obj(step, "artifact");
        if (!art || !plan_step_of(step, w->playbook))
            continue;
        if (write_file(w, js_str_or(art, "path", "source.dg"), js_str_or(art, "source", ""), js_str(step, "address"),
                       e) < 0)
            return -1;
    }
    return 0;
}

char *artifacts_wording(struct app *a)
{
    char *own = project_path(a->project, "templates/_guide/en");
    if (fs_exists(own))
        return own;
    free(own);
    AUTO_FREE char *data = project_data_dir();
    return data ? mem_printf("%s/templates/_guide/en", data) : NULL;
}

static bool in_plan(const json_t *plan, const char *playbook)
{
    json_t *step;
    size_t i;
    json_array_foreach (js_arr(plan, "steps"), i, step) {
        if (plan_step_of(step, playbook))
            return true;
    }
    return false;
}

/* A page of their own for each of several owners: nobody looks for his steps among those of others. */
static int write_roles(struct writing *w, const struct guide_input *all, struct err *e)
{
    AUTO_JSON json_t *roles = guide_roles(all, e);
    json_t *role;
    size_t i;
    if (!roles)
        return -1;
    json_array_foreach (roles, i, role) {
        struct guide_input in = *all;
        AUTO_FREE char *slug = fs_slug(json_string_value(role));
        AUTO_FREE char *file = mem_printf("guide-%s.html", slug);
        AUTO_FREE char *md = NULL;
        AUTO_FREE char *html = NULL;
        AUTO_JSON json_t *findings = json_array();
        in.role = json_string_value(role);
        if (json_array_size(roles) > 1 &&
            (guide_build(&in, &md, &html, findings, e) < 0 || write_file(w, file, html, "templates/_guide/en", e) < 0))
            return -1;
    }
    return 0;
}

static int write_guide(struct writing *w, const json_t *manifest, const json_t *steps, const struct snapshot *s,
                       struct err *e)
{
    AUTO_FREE char *words = artifacts_wording(w->app);
    if (!words) {
        err_set(e, ERR_NOT_FOUND, "the wording of guides is missing");
        err_at(e, "templates/_guide/en");
        return err_fix(e, "reinstall zagent, or copy templates/_guide into this project");
    }
    if (!in_plan(w->plan, w->playbook))
        return 0;
    const json_t *org = js_obj(w->plan, "org");
    AUTO_JSON json_t *o = json_object();
    js_set_str(o, "name", js_str_or(org, "name", ""));
    js_set_str(o, "zone", js_str_or(org, "time_zone", ""));
    js_set_str(o, "zgid", js_str_or(org, "zgid", ""));
    js_set_str(o, "edition", js_str_or(org, "edition", ""));
    struct guide_input in = {.plan = w->plan,
                             .manifest = manifest,
                             .templates = words,
                             .org = o,
                             .steps = steps,
                             .names = js_obj(w->plan, "names"),
                             .snapshot = s,
                             .now = w->app->clock.now_s(w->app->clock.ctx)};
    AUTO_FREE char *md = NULL;
    AUTO_FREE char *html = NULL;
    AUTO_JSON json_t *findings = json_array();
    if (guide_build(&in, &md, &html, findings, e) < 0)
        return -1;
    json_t *f;
    size_t i;
    json_array_foreach (findings, i, f)
        app_warn(w->app, "guide of %s, line %d: %s", w->playbook, (int)js_int(f, "line", 0), js_str_or(f, "text", ""));
    if (write_file(w, "guide.md", md, "templates/_guide/en", e) < 0 ||
        write_file(w, "guide.html", html, "templates/_guide/en", e) < 0)
        return -1;
    return write_roles(w, &in, e);
}

static int write_manifest(struct writing *w, struct err *e)
{
    char digest[65];
    if (plan_digest(w->plan, digest, e) < 0)
        return -1;
    AUTO_JSON json_t *m = json_object();
    js_set_str(m, "schema", "zagent.manifest/1");
    js_set_str(m, "plan", digest);
    json_object_set(m, "inputs", js_obj(w->plan, "inputs"));
    json_object_set(m, "files", w->manifest);
    AUTO_FREE char *text = js_pretty(m, e);
    AUTO_FREE char *rel = mem_printf("%s/MANIFEST.json", w->playbook);
    return text ? fs_write_in(&w->app->project->out, rel, text, strlen(text), 0644, e) : -1;
}

int artifacts_write(struct app *a, const json_t *plan, const json_t *steps, const struct snapshot *s, struct err *e)
{
    json_t *one, *file;
    const char *name;
    size_t i;
    json_object_foreach (js_obj(plan, "rendered"), name, one) {
        AUTO_JSON json_t *rows = json_array();
        struct writing w = {.app = a, .plan = plan, .playbook = name, .manifest = rows};
        if (write_sources(&w, e) < 0)
            return -1;
        json_array_foreach (js_arr(one, "artifacts"), i, file) {
            if (write_file(&w, js_str_or(file, "path", ""), js_str_or(file, "text", ""), js_str(file, "template"), e) <
                0)
                return -1;
        }
        if (write_guide(&w, one, steps, s, e) < 0 || write_manifest(&w, e) < 0)
            return -1;
    }
    return 0;
}
