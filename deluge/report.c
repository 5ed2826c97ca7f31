/* Findings as JSON and as SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0). */
#include "base/js.h"
#include "deluge/check.h"
#include "deluge/rules.h"

json_t *dg_diags_json(const struct dg_script *s, const struct dg_diags *d)
{
    json_t *list = json_array();
    for (size_t i = 0; i < d->n; i++) {
        const struct dg_diag *g = &d->item[i];
        json_t *o = json_object();
        js_set_str(o, "file", s->file);
        js_set_int(o, "line", g->span.line);
        js_set_int(o, "column", g->span.col);
        js_set_int(o, "end_line", g->span.end_line);
        js_set_int(o, "end_column", g->span.end_col);
        js_set_str(o, "rule", g->rule);
        js_set_str(o, "level", dg_level_name(g->level));
        js_set_str(o, "message", g->message);
        js_set_str(o, "fix", g->fix);
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *text_object(const char *text)
{
    json_t *o = json_object();
    js_set_str(o, "text", text);
    return o;
}

static json_t *sarif_rule(const struct dg_rule *r)
{
    json_t *o = json_object(), *level = json_object();
    js_set_str(o, "id", r->id);
    js_set(o, "shortDescription", text_object(r->title));
    js_set(o, "fullDescription", text_object(r->reason));
    js_set_str(level, "level", dg_level_name(r->level));
    js_set(o, "defaultConfiguration", level);
    return o;
}

json_t *dg_sarif_new(const char *version)
{
    json_t *rules = json_array();
    for (size_t i = 0; i < dg_rules_n; i++)
        json_array_append_new(rules, sarif_rule(&dg_rules[i]));
    json_t *driver = json_object();
    js_set_str(driver, "name", "zagent");
    js_set_str(driver, "version", version);
    js_set(driver, "rules", rules);
    json_t *tool = json_object(), *run = json_object(), *log = json_object(), *runs = json_array();
    js_set(tool, "driver", driver);
    js_set(run, "tool", tool);
    js_set(run, "results", json_array());
    js_set_str(run, "columnKind", "unicodeCodePoints");
    json_array_append_new(runs, run);
    js_set_str(log, "version", "2.1.0");
    js_set(log, "runs", runs);
    return log;
}

static json_t *sarif_place(const struct dg_script *s, const struct dg_span *at)
{
    json_t *region = json_object(), *artifact = json_object(), *physical = json_object(), *place = json_object();
    js_set_int(region, "startLine", at->line);
    js_set_int(region, "startColumn", at->col);
    js_set_int(region, "endLine", at->end_line);
    js_set_int(region, "endColumn", at->end_col);
    js_set_str(artifact, "uri", s->file);
    js_set(physical, "artifactLocation", artifact);
    js_set(physical, "region", region);
    js_set(place, "physicalLocation", physical);
    return place;
}

void dg_sarif_add(json_t *log, const struct dg_script *s, const struct dg_diags *d)
{
    json_t *results = json_object_get(json_array_get(json_object_get(log, "runs"), 0), "results");
    for (size_t i = 0; i < d->n; i++) {
        const struct dg_diag *g = &d->item[i];
        json_t *o = json_object(), *places = json_array();
        js_set_str(o, "ruleId", g->rule);
        js_set_str(o, "level", dg_level_name(g->level));
        js_set(o, "message", text_object(g->message));
        json_array_append_new(places, sarif_place(s, &g->span));
        js_set(o, "locations", places);
        json_array_append_new(results, o);
    }
}
