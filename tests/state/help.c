#include "tests/state/help.h"

#include <ftw.h>
#include <unistd.h>

static int64_t now_s(void *ctx)
{
    return ((struct place *)ctx)->now;
}

static int64_t mono_ms(void *ctx)
{
    return ((struct place *)ctx)->now * 1000;
}

static void sleep_ms(void *ctx, int64_t ms)
{
    ((struct place *)ctx)->now += ms / 1000;
}

struct clock place_clock(struct place *p)
{
    return (struct clock){now_s, mono_ms, sleep_ms, p};
}

int place_setup(void **state)
{
    struct place *p = calloc(1, sizeof *p);
    snprintf(p->path, sizeof p->path, "/tmp/zagent-state-XXXXXX");
    p->now = 1772355600; /* 2026-03-01T09:00:00Z */
    struct err e = {0};
    if (!mkdtemp(p->path) || fs_root_open(&p->root, p->path, false, 0700, &e) < 0)
        return -1;
    *state = p;
    return 0;
}

static int gone(const char *path, const struct stat *st, int flag, struct FTW *f)
{
    (void)st, (void)flag, (void)f;
    return remove(path);
}

int place_teardown(void **state)
{
    struct place *p = *state;
    fs_root_close(&p->root);
    nftw(p->path, gone, 8, FTW_DEPTH | FTW_PHYS);
    free(p);
    return 0;
}

struct state *place_open(struct place *p)
{
    struct state *s = NULL;
    struct err e = {0};
    struct clock c = place_clock(p);
    if (state_open(&s, &p->root, &c, &e) < 0)
        fail_msg("state_open: %s", e.what);
    return s;
}

const char *place_file(struct place *p, const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", p->path, name);
    return path;
}
