#include "agent/playbook_check.h"

#include "agent/check.h"
#include "agent/command.h"
#include "agent/playbook_keys.h"
#include "agent/review/review.h"
#include "plan/kind.h"
#include "plan/plan.h"

enum { WORDING_MAX = 1 << 20 };

struct checking {
    const struct playbook_check *c;
    struct playbook pb;
    struct yaml strings;
    json_t *findings;
    const struct desired *own; /* what this playbook wants, while its resources are judged */
};

/* ---- a resource at its place ---- */

__attribute__((format(printf, 5, 6))) static void at_resource(struct checking *k, const struct resource *r,
                                                              const char *level, const char *fix, const char *text, ...)
{
    va_list ap;
    va_start(ap, text);
    AUTO_FREE char *said = mem_vprintf(text, ap);
    va_end(ap);
    json_t *f = json_object();
    js_set_str(f, "level", level);
    js_set_str(f, "file", r->file);
    js_set_int(f, "line", r->line);
    js_set_int(f, "col", r->col);
    js_set_strf(f, "text", "%s: %s", r->address, said);
    js_set_str(f, "fix", fix);
    json_array_append_new(k->findings, f);
}

static void check_limits_of(struct checking *k, const struct resource *r)
{
    struct snapshot empty;
    AUTO_JSON json_t *found = json_array();
    json_t *f;
    size_t i;
    snapshot_init(&empty);
    struct kind_view v = {.snapshot = &empty, .desired = k->own};
    if (r->kind->check)
        r->kind->check(&v, r, found);
    snapshot_release(&empty);
    json_array_foreach (found, i, f) {
        const char *path = js_str_or(f, "path", "");
        at_resource(k, r, js_str_or(f, "level", "error"), js_str(f, "fix"), "%s%s%s", path, *path ? ": " : "",
                    js_str_or(f, "text", ""));
    }
}

static void check_standards(struct checking *k, const struct resource *r)
{
    const json_t *rule;
    size_t i;
    json_array_foreach (k->c->standards, i, rule) {
        const char *broken;
        if (plan_standard(r, rule, &broken) < 0 || !broken)
            continue;
        AUTO_FREE char *fix =
            mem_printf("the rule stands at %s", js_str_or(rule, "where", "context/zoho-standards.md"));
        at_resource(k, r, "error", fix, "'%s' does not follow the standard: %s", broken,
                    js_str_or(rule, "text", js_str_or(rule, "pattern", "")));
    }
}

/* ---- the contract of hand steps ---- */

/* What the playbook itself must say, by the risk of the kind; the rest is in the kind's wording. */
static const struct {
    const char *key, *risks, *why;
} contract[] = {
    {"expected", "low medium high", "what must work when the step is done"},
    {"negative", "medium high", "what must be refused, and how it looks"},
    {"test_record", "high", "on which record it is tried, plainly a test"},
    {"test_as", "high", "as which user it is tried"},
    {"cleanup", "high", "what to remove after the test"},
};
/* The blocks every KIND.md.mustache fills. */
static const char *const blocks[] = {"{{$actions}}", "{{$expected}}", "{{$negative}}", "{{$undo}}"};

static const char *risk_of(const struct checking *k, const struct resource *r)
{
    return js_str_or(js_obj(js_obj(k->strings.root, "kinds"), r->kind->name), "risk", "high");
}

/* A kind that the API writes in some orgs only is a person's in the others: what is risky there must be told as well. */
static bool persons(const struct checking *k, const struct resource *r)
{
    return r->kind->cls == KIND_HAND || r->kind->cls == KIND_ATTEST ||
           (r->kind->cls == KIND_GATED && !strcmp(risk_of(k, r), "high"));
}

static void check_wording(struct checking *k, const struct resource *r)
{
    AUTO_FREE char *path = mem_printf("%s/%s.md.mustache", k->c->wording, r->kind->name);
    AUTO_FREE char *text = NULL;
    size_t len;
    struct err why = {0};
    if (fs_read(path, WORDING_MAX, &text, &len, &why) < 0) {
        AUTO_FREE char *fix =
            mem_printf("write templates/_guide/en/%s.md.mustache (agent/guide.h names its data)", r->kind->name);
        at_resource(k, r, "error", fix, "there is no wording for this kind");
        return;
    }
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if (!strstr(text, blocks[i]))
            at_resource(k, r, "error", "fill the block in the wording of the kind", "the wording of %s lacks %s",
                        r->kind->name, blocks[i]);
}

static void check_hand(struct checking *k, const struct resource *r)
{
    const char *risk = risk_of(k, r);
    const char *guide_owner = js_str(js_obj(k->pb.y.root, "guide"), "owner");
    if (!persons(k, r))
        return;
    check_wording(k, r);
    if (!js_str(r->hand, "owner") && !guide_owner)
        at_resource(k, r, "error", "write 'hand: {owner: …}', or an owner under 'guide:'", "nobody is named for it");
    if (!r->kind->minutes && !json_object_get(r->hand, "minutes"))
        at_resource(k, r, "error", "write 'hand: {minutes: …}'", "nobody knows how long it takes");
    for (size_t i = 0; i < sizeof contract / sizeof *contract; i++) {
        if (!strstr(contract[i].risks, risk) || (js_str(r->hand, contract[i].key) && *js_str(r->hand, contract[i].key)))
            continue;
        AUTO_FREE char *fix =
            mem_printf("write it under 'hand:', key %s (risk of %s: %s)", contract[i].key, r->kind->name, risk);
        at_resource(k, r, "error", fix, "a person does this and is not told %s", contract[i].why);
    }
}

/* A part of something shared is judged as what it becomes, at its own place. */
static struct resource whole_of(const struct checking *k, const struct resource *r)
{
    const struct resource *all = desired_find(k->c->together, r->address);
    struct resource whole = *r;
    if (!all || !all->also.n)
        return whole;
    whole.body = all->body;
    whole.hand = all->hand;
    return whole;
}

static void check_file(struct checking *k, const struct resource *r)
{
    AUTO_JSON json_t *problems = json_array();
    json_t *one;
    size_t i;
    playbook_file_problems(&k->pb, r, problems);
    json_array_foreach (problems, i, one)
        at_resource(k, r, js_str_or(one, "level", "error"), js_str(one, "fix"), "%s", js_str_or(one, "text", ""));
}

static void check_resource(struct checking *k, const struct resource *part)
{
    const struct resource whole = whole_of(k, part), *r = &whole;
    check_limits_of(k, r);
    check_standards(k, r);
    check_hand(k, r);
    check_file(k, r);
    if (!strcmp(r->kind->name, "function") && !js_obj(r->artifact, "tests"))
        at_resource(k, r, "warning", "write cases and name them under 'tests:' (docs/PLAYBOOKS.md, Function tests)",
                    "the function has no tests");
}

/* ---- the rest of the manifest ---- */

static void check_head(struct checking *k)
{
    static const char *const keys[] = {"title", "summary", "solves"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!json_object_get(k->pb.y.root, keys[i]))
            playbook_finding(k->findings, &k->pb.y, "", "warning", "plan and guide say it to people",
                             "there is no '%s'", keys[i]);
    if (playbook_name_reserved(k->pb.name))
        playbook_finding(k->findings, &k->pb.y, "/name", "error", "choose another name and rename the folder",
                         "'%s' is a word of the command line", k->pb.name);
}

static void check_inputs(struct checking *k, const json_t *missing)
{
    json_t *row;
    size_t i;
    json_array_foreach (missing, i, row) {
        AUTO_FREE char *at = mem_printf("/inputs/%s", js_str_or(row, "input", ""));
        AUTO_FREE char *fix = mem_printf("write it in context/%s, or give a default", js_str_or(row, "ref", ""));
        playbook_finding(k->findings, &k->pb.y, at, "error", fix, "input '%s' has no value: %s",
                         js_str_or(row, "input", ""), js_str_or(row, "text", ""));
    }
}

static int by_place(const void *a, const void *b)
{
    const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
    int file = strcmp(js_str_or(x, "file", ""), js_str_or(y, "file", ""));
    int64_t line = js_int(x, "line", 0) - js_int(y, "line", 0);
    return file ? file : line < 0 ? -1 : line > 0;
}

static void sort_findings(json_t *findings)
{
    size_t n = json_array_size(findings);
    json_t **list = mem_zalloc((n + 1) * sizeof(json_t *));
    for (size_t i = 0; i < n; i++)
        list[i] = json_incref(json_array_get(findings, i));
    if (n)
        qsort(list, n, sizeof(json_t *), by_place);
    json_array_clear(findings);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(findings, list[i]);
    free(list);
}

/* Once the file holds together: what it says when rendered with this context. */
static int check_rendered(struct checking *k, struct err *e)
{
    AUTO_JSON json_t *names = json_object();
    AUTO_JSON json_t *missing = json_array();
    struct desired d = {0};
    struct err why = {0};
    bool by_hand = false;
    if (playbook_data(&k->pb, k->c->context, names, NULL, missing, &why) < 0) {
        playbook_finding_err(k->findings, &why);
        return why.kind == ERR_IO ? (*e = why, -1) : 0;
    }
    check_inputs(k, missing);
    if (json_array_size(missing))
        return 0;
    k->own = &d;
    review_check(&k->pb, k->findings);
    if (playbook_desire(&k->pb, k->c->context, &d, k->findings, &why) < 0)
        playbook_finding_err(k->findings, &why);
    for (size_t i = 0; i < d.n; i++) {
        check_resource(k, &d.r[i]);
        by_hand |= persons(k, &d.r[i]);
    }
    desired_release(&d);
    k->own = NULL;
    playbook_check_pages(&k->pb, js_str_or(k->strings.root, "check", ""), by_hand, k->findings);
    playbook_check_imports(&k->pb, k->findings);
    json_t *checks = NULL;
    if (checks_render(&k->pb, k->c->context, &checks, &why) < 0)
        playbook_finding_err(k->findings, &why);
    json_decref(checks);
    return 0;
}

int playbook_check(const struct playbook_check *c, const char *name, json_t *findings, struct err *e)
{
    struct checking k = {.c = c, .findings = findings};
    struct err why = {0};
    size_t before = json_array_size(findings);
    AUTO_FREE char *words = mem_printf("%s/strings.yaml", c->wording);
    if (yaml_load(&k.strings, words, words, e) < 0)
        return -1;
    int rc = playbook_load(&k.pb, c->p, name, &why);
    if (rc < 0 && why.kind == ERR_NOT_FOUND) {
        *e = why;
    } else if (rc < 0 && k.pb.y.root && k.pb.root.path) {
        rc = playbook_findings(&k.pb, findings, e);
        if (rc == 0 && json_array_size(findings) == before)
            playbook_finding_err(findings, &why);
    } else if (rc < 0) {
        playbook_finding_err(findings, &why);
        rc = 0;
    } else {
        check_head(&k);
        playbook_check_measures(&k.pb, findings);
        playbook_check_experiments(&k.pb, c->p, findings);
        rc = check_rendered(&k, e);
    }
    if (rc == 0)
        sort_findings(findings);
    playbook_release(&k.pb);
    yaml_release(&k.strings);
    return rc;
}

bool playbook_name_reserved(const char *name)
{
    for (size_t i = 0; i < commands_n; i++) {
        const char *second = strchr(commands[i].name, ' ');
        size_t n = strcspn(commands[i].name, " ");
        if ((strlen(name) == n && !strncmp(name, commands[i].name, n)) || (second && !strcmp(second + 1, name)))
            return true;
    }
    return false;
}
