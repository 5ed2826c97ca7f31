/* Findings as JSON and as SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0), with what code scanning asks of it beside the
 * standard (docs.github.com, "SARIF support for code scanning"): relative addresses, level, rule index, fingerprints. */
#include "base/digest.h"
#include "base/js.h"
#include "base/mem.h"
#include "base/sb.h"
#include "base/text.h"
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
    AUTO_FREE char *help = mem_printf("%s Fix: %s. Source: %s.", r->reason, r->fix, r->source);
    js_set_str(o, "id", r->id);
    js_set(o, "shortDescription", text_object(r->title));
    js_set(o, "fullDescription", text_object(r->reason));
    js_set(o, "help", text_object(help));
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
    js_set_str(log, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    js_set_str(log, "version", "2.1.0");
    js_set(log, "runs", runs);
    return log;
}

/* A path as the address of a file below the repository: "a b.dg" → "a%20b.dg". One outside begins with file://. */
static char *address_of(const char *path)
{
    struct sb b = SB_INIT(1 << 16);
    sb_add(&b, *path == '/' ? "file://" : "");
    while (strncmp(path, "./", 2) == 0)
        path += 2;
    for (const char *from = path; *from;) {
        size_t n = strcspn(from, "/");
        AUTO_FREE char *part = mem_dupn(from, n);
        AUTO_FREE char *encoded = text_percent_encode(part);
        sb_add(&b, encoded);
        sb_add(&b, from[n] ? "/" : "");
        from += n + (from[n] != '\0');
    }
    char *out = sb_take(&b, "address", NULL);
    return out ? out : mem_dup("");
}

static json_t *sarif_place(const char *uri, const struct dg_span *at)
{
    json_t *region = json_object(), *artifact = json_object(), *physical = json_object(), *place = json_object();
    js_set_int(region, "startLine", at->line);
    js_set_int(region, "startColumn", at->col);
    js_set_int(region, "endLine", at->end_line);
    js_set_int(region, "endColumn", at->end_col);
    js_set_str(artifact, "uri", uri);
    if (strncmp(uri, "file:", 5) != 0)
        js_set_str(artifact, "uriBaseId", "%SRCROOT%");
    js_set(physical, "artifactLocation", artifact);
    js_set(physical, "region", region);
    js_set(place, "physicalLocation", physical);
    return place;
}

static json_t *sarif_related(const char *uri, const struct dg_diag *g)
{
    json_t *list = json_array(), *place = sarif_place(uri, &g->other);
    js_set_int(place, "id", 1);
    js_set(place, "message", text_object(g->other_text ? g->other_text : "see here"));
    json_array_append_new(list, place);
    return list;
}

/* Rule and line of source, without its indent: the finding stays the same one when lines above it come or go. `seen` counts
 * equal ones, as a line may carry several. */
static json_t *fingerprints(const struct dg_script *s, const struct dg_diag *g, json_t *seen)
{
    size_t from = g->span.line && g->span.line <= s->n_lines ? s->line[g->span.line - 1] : 0;
    from += strspn(s->text + from, " \t");
    AUTO_FREE char *line = mem_dupn(s->text + from, strcspn(s->text + from, "\r\n"));
    AUTO_FREE char *both = mem_printf("%s\n%s", g->rule, line);
    char hex[65];
    digest_sha256(both, strlen(both), hex);
    int64_t nth = js_int(seen, hex, 0) + 1;
    js_set_int(seen, hex, nth);
    json_t *o = json_object();
    js_set_strf(o, "primaryLocationLineHash", "%.16s:%lld", hex, (long long)nth);
    return o;
}

void dg_sarif_add(json_t *log, const struct dg_script *s, const char *path, const struct dg_diags *d)
{
    json_t *results = json_object_get(json_array_get(json_object_get(log, "runs"), 0), "results");
    AUTO_JSON json_t *seen = json_object();
    AUTO_FREE char *uri = address_of(path);
    for (size_t i = 0; i < d->n; i++) {
        const struct dg_diag *g = &d->item[i];
        json_t *o = json_object(), *places = json_array();
        AUTO_FREE char *message = mem_printf("%s%s%s", g->message, g->fix ? "; " : "", g->fix ? g->fix : "");
        js_set_str(o, "ruleId", g->rule);
        js_set_int(o, "ruleIndex", dg_rule_find(g->rule) - dg_rules);
        js_set_str(o, "level", dg_level_name(g->level));
        js_set(o, "message", text_object(message));
        json_array_append_new(places, sarif_place(uri, &g->span));
        js_set(o, "locations", places);
        if (g->other.line)
            js_set(o, "relatedLocations", sarif_related(uri, g));
        js_set(o, "partialFingerprints", fingerprints(s, g, seen));
        json_array_append_new(results, o);
    }
}
