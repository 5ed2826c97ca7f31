#include "agent/artifact_check.h"

struct artifact_check {
    const char *kind;
    int (*check)(const struct resource *r, const struct snapshot *s, json_t *result, struct err *e);
};

/* A function without a source would be created empty: that is never meant. */
static int check_function(const struct resource *r, const struct snapshot *s, json_t *result, struct err *e)
{
    (void)s;
    (void)e;
    const char *source = js_str(r->artifact, "source");
    js_set_str(result, "text", "not checked");
    if (!source || !*source)
        js_set_str(result, "blocked", "the function has no source: name its template with 'source:'");
    return 0;
}

static const struct artifact_check rows[] = {
    {"function", check_function},
};

int artifact_check_all(const struct desired *d, const struct snapshot *s, const json_t *names, json_t *checks,
                       struct err *e)
{
    (void)names;
    for (size_t i = 0; i < d->n; i++)
        for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
            if (strcmp(d->r[i].kind->name, rows[k].kind) != 0)
                continue;
            json_t *result = json_object();
            js_set(checks, d->r[i].address, result);
            if (rows[k].check(&d->r[i], s, result, e) < 0)
                return -1;
        }
    return 0;
}
