/* Any bytes as a template, and what follows a line "=====" as its partial `p`: no crash, no leak, bounded work, and an
 * error always says what and where. Run by libFuzzer (-fsanitize=fuzzer) and over the corpus by tests/render. */
#include "base/js.h"
#include "render/render.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct text {
    const char *s;
    size_t n;
};

static const char *partial(void *ctx, const char *name, size_t *len)
{
    const struct text *t = ctx;
    *len = t->n;
    return strcmp(name, "p") == 0 ? t->s : NULL;
}

static void try_it(const struct text *main, struct text *p, const json_t *values, enum render_target target,
                   bool strict)
{
    struct render_options o = {.target = target, .strict = strict, .partial = partial, .ctx = p};
    struct err e = {0};
    char *out = render("fuzz", main->s, main->n, values, &o, &e);
    if ((out != NULL) == (e.kind != ERR_NONE) || (!out && (!e.what[0] || !e.where[0])))
        abort();
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char mark[] = "\n=====\n",
                      values[] = "{\"a\":\"<x>|\\n\",\"b\":[1,{\"a\":null},[]],\"c\":{\"d\":{\"e\":true}}}";
    struct text main = {(const char *)data, size}, p = {"", 0};
    const char *cut = size > 0 ? memmem(data, size, mark, sizeof mark - 1) : NULL;
    if (cut) {
        main.n = (size_t)(cut - main.s);
        p = (struct text){cut + sizeof mark - 1, size - main.n - (sizeof mark - 1)};
    }
    json_t *j = json_loads(values, 0, NULL);
    try_it(&main, &p, j, RENDER_HTML, false);
    try_it(&main, &p, j, RENDER_MARKDOWN, true);
    json_decref(j);
    return 0;
}
