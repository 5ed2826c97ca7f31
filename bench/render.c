/*
 * bench/render.c CASES — renders each case of a JSON file ([{"template", "data"}]) N times as HTML, lax, as the
 * specification has it. Prints CPU ms and the SHA-256 of all texts, each followed by NUL: bench/render.js does the same with
 * mustache.js, so that both do the same work.
 */
#include <stdio.h>

#include "base/digest.h"
#include "base/js.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "render/render.h"

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    mem_init();
    struct err e = {0};
    long rounds = strtol(argv[2], NULL, 10);
    json_t *cases = js_load(argv[1], &e), *one;
    struct render_options o = {.target = RENDER_HTML};
    struct digest *d = digest_new();
    double begin = bench_cpu_ms();
    size_t i;
    for (long round = 0; cases && round < rounds; round++) {
        json_array_foreach (cases, i, one) {
            const char *text = js_str_or(one, "template", "");
            char *out = render("bench", text, strlen(text), json_object_get(one, "data"), &o, &e);
            if (!out)
                break;
            if (round == 0)
                digest_feed(d, out, strlen(out) + 1);
            free(out);
        }
    }
    double ms = bench_cpu_ms() - begin;
    char hex[65];
    digest_finish(d, hex);
    json_decref(cases);
    if (e.kind != ERR_NONE) {
        fprintf(stderr, "%s (%s)\n", e.what, e.where);
        return 1;
    }
    printf("%.1f %s\n", ms, hex);
    return 0;
}
