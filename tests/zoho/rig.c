/* The rest of tests/zoho/replay.h: fake clock, session with canary secrets. */
#include <unistd.h>

#include "base/sb.h"
#include "tests/test.h"
#include "tests/zoho/replay.h"

const char canary_secret[] = "canaryclientsecret0123456789";
const char canary_refresh[] = "1000.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const char canary_access[] = "1000.cccccccccccccccccccccccccccccccc.dddddddddddddddddddddddddddddddd";

static int64_t fake_now(void *ctx)
{
    return ((struct fake_clock *)ctx)->now_s;
}

static int64_t fake_mono(void *ctx)
{
    return ((struct fake_clock *)ctx)->mono_ms;
}

static void fake_sleep(void *ctx, int64_t ms)
{
    struct fake_clock *f = ctx;
    f->mono_ms += ms;
    f->slept_ms += ms;
    f->now_s += ms / 1000;
    f->sleeps++;
}

struct clock fake_clock(struct fake_clock *f)
{
    return (struct clock){fake_now, fake_mono, fake_sleep, f};
}

static void keep_trace(void *ctx, const char *line)
{
    sb_addf(ctx, "%s\n", line);
}

void rig_open(struct rig *g, struct replay *r, enum zoho_role role)
{
    struct err e = {0};
    *g = (struct rig){.time = {.now_s = 1700000000}};
    snprintf(g->dir, sizeof g->dir, "/tmp/zagent-test-XXXXXX");
    assert_non_null(mkdtemp(g->dir));
    assert_int_equal(fs_root_open(&g->cache, g->dir, false, 0700, &e), 0);
    secret_set(&g->client_secret, canary_secret);
    secret_set(&g->refresh_token, canary_refresh);
    g->trace = mem_zalloc(sizeof *g->trace);
    *g->trace = (struct sb)SB_INIT(1 << 20);
    g->config = (struct zoho_config){.api_url = replay_url(r),
                                     .accounts_url = replay_url(r),
                                     .client_id = "1000.CLIENT",
                                     .client_secret = &g->client_secret,
                                     .refresh_token = &g->refresh_token,
                                     .role = role,
                                     .cache_root = &g->cache,
                                     .cache_name = "token.json",
                                     .trace = keep_trace,
                                     .trace_ctx = g->trace,
                                     .seed = 1};
    struct clock c = fake_clock(&g->time);
    if (zoho_open(&g->z, &g->config, &c, &e) < 0)
        fail_msg("%s", e.what);
}

void rig_close(struct rig *g)
{
    assert_no_canary(g->trace->buf);
    zoho_close(g->z);
    sb_release(g->trace);
    free(g->trace);
    secret_release(&g->client_secret);
    secret_release(&g->refresh_token);
    struct err e = {0};
    fs_remove_in(&g->cache, "token.json", &e);
    fs_remove_in(&g->cache, "token.json.lock", &e);
    fs_root_close(&g->cache);
    assert_int_equal(rmdir(g->dir), 0);
}

void assert_no_canary(const char *text)
{
    assert_null(strstr(text, canary_secret));
    assert_null(strstr(text, canary_refresh));
    assert_null(strstr(text, canary_access));
    assert_null(strstr(text, "Zoho-oauthtoken 1000"));
}

void assert_err_clean(const struct err *e)
{
    assert_no_canary(e->what);
    assert_no_canary(e->where);
    assert_no_canary(e->fix);
    assert_true(*e->what && *e->fix);
}
