/* deluge/testcase_compare.c — what was expected and what happened, one line a difference. */
#include <string.h>

#include "deluge/testcase.h"

struct compare {
    const struct dg_run *run;
    struct sb *why;
};

static void differ(const struct compare *c, const char *path, struct dv want, struct dv got)
{
    AUTO_SB struct sb a = SB_INIT(DV_MAX_TEXT), b = SB_INIT(DV_MAX_TEXT);
    dv_json(&a, want, &c->run->zone);
    dv_json(&b, got, &c->run->zone);
    sb_addf(c->why, "%s: expected %.400s\n%*s  got      %.400s\n", path, a.buf, (int)strlen(path), "", b.buf);
}

/* A number and its text are the same; a date is the same as what it prints. */
static bool same_scalar(const struct compare *c, struct dv want, struct dv got)
{
    struct dec x, y;
    AUTO_SB struct sb a = SB_INIT(DV_MAX_TEXT), b = SB_INIT(DV_MAX_TEXT);
    if (want.kind == got.kind && dv_equal(want, got, &c->run->zone))
        return true;
    if (want.kind == DV_NULL || got.kind == DV_NULL || want.kind == DV_BOOL || got.kind == DV_BOOL)
        return false;
    dv_print(&a, want, &c->run->zone);
    dv_print(&b, got, &c->run->zone);
    if ((dv_is_number(want) || dv_is_number(got)) && dec_parse(a.buf, a.len, &x) && dec_parse(b.buf, b.len, &y))
        return dec_cmp(x, y) == 0;
    return !strcmp(a.buf, b.buf);
}

static void match(const struct compare *c, const char *path, struct dv want, struct dv got);

static void match_maps(const struct compare *c, const char *path, struct dv want, struct dv got)
{
    for (size_t i = 0; i < want.box->n; i++) {
        const char *key = want.box->key[i].t.s;
        AUTO_FREE char *here = mem_printf("%s.%s", path, key);
        long at = dv_find(got, key, strlen(key));
        if (at < 0)
            sb_addf(c->why, "%s: expected, but it is not there\n", here);
        else
            match(c, here, want.box->item[i], got.box->item[at]);
    }
    for (size_t i = 0; got.box->shape == DV_MAP && i < got.box->n; i++)
        if (dv_find(want, got.box->key[i].t.s, got.box->key[i].t.n) < 0) {
            AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
            dv_json(&b, got.box->item[i], &c->run->zone);
            sb_addf(c->why, "%s.%s: not expected, but it is %.400s\n", path, got.box->key[i].t.s, b.buf);
        }
}

static void match(const struct compare *c, const char *path, struct dv want, struct dv got)
{
    if (dv_is_text(want, "$any"))
        return;
    bool boxes = want.kind == DV_BOX && got.kind == DV_BOX;
    if (boxes && dv_is_map(want) && want.box->shape == DV_MAP && dv_is_map(got)) {
        match_maps(c, path, want, got);
        return;
    }
    if (boxes && dv_is_list(want) && dv_is_list(got)) {
        for (size_t i = 0; i < want.box->n && i < got.box->n; i++) {
            AUTO_FREE char *here = mem_printf("%s[%zu]", path, i);
            match(c, here, want.box->item[i], got.box->item[i]);
        }
        if (want.box->n != got.box->n)
            sb_addf(c->why, "%s: expected %zu, got %zu\n", path, want.box->n, got.box->n);
        for (size_t i = want.box->n; i < got.box->n; i++) {
            AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
            dv_json(&b, got.box->item[i], &c->run->zone);
            sb_addf(c->why, "%s[%zu]: nobody expected %.400s\n", path, i, b.buf);
        }
        return;
    }
    if (boxes || want.kind == DV_BOX || got.kind == DV_BOX || !same_scalar(c, want, got))
        differ(c, path, want, got);
}

static void at_most(struct sb *why, const json_t *limits, const char *key, uint64_t got)
{
    int64_t most = js_int(limits, key, -1);
    if (most >= 0 && got > (uint64_t)most)
        sb_addf(why, "limits.%s: at most %lld, got %llu\n", key, (long long)most, (unsigned long long)got);
}

static void expect_error(const struct dg_run *r, const char *want, bool ok, struct sb *why)
{
    AUTO_SB struct sb b = SB_INIT(1 << 16);
    if (ok && want)
        sb_addf(why, "error: expected %s, but the function ended without one\n", want);
    if (ok)
        return;
    dg_fault_print(&r->error, &b);
    if (!want)
        sb_addf(why, "%s\n", b.buf);
    else if (!strstr(b.buf, want))
        sb_addf(why, "error: expected %s, got %s\n", want, b.buf);
}

void dg_expect(const struct dg_run *r, bool ok, struct dv result, const json_t *expect, const json_t *limits,
               struct sb *why)
{
    struct dg_arena arena = {0};
    struct compare c = {r, why};
    const struct {
        const char *key;
        struct dv got;
        bool always;
    } parts[] = {{"return", result, false},
                 {"writes", r->writes, true},
                 {"mails", r->mails, true},
                 {"http", r->https, true},
                 {"info", r->infos, false}};
    expect_error(r, js_str(expect, "error"), ok, why);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const json_t *want = json_object_get(expect, parts[i].key);
        if ((want || parts[i].always) && (ok || i > 0)) /* a run that failed returned nothing */
            match(&c, parts[i].key, want ? dg_world_value(&arena, want) : dv_box_new(&arena, DV_LIST), parts[i].got);
    }
    at_most(why, limits, "api_calls", r->count.api_calls);
    at_most(why, limits, "statements", r->count.statements);
    at_most(why, limits, "mails", r->count.mails);
    at_most(why, limits, "http", r->count.http);
    at_most(why, limits, "seconds", (r->count.milliseconds + 999) / 1000);
    dg_arena_release(&arena);
}
