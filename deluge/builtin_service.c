/* deluge/builtin_service.c — requests by function, files, windows: what reaches outside or stands for a file. */
#include <string.h>

#include "deluge/builtin.h"

static bool get_url(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    bool post = *c->name == 'p';
    struct dg_http q = {.method = post ? "POST" : "GET", .url = dg_text(f, c->arg[0]).t.s, .connection = ""};
    if (post && c->n > 1)
        q.parameters = c->arg[1];
    if (c->n > (post ? 2u : 1u) && dv_is_map(c->arg[c->n - 1]))
        q.headers = c->arg[c->n - 1];
    return dg_http_call(f, &q, false, out);
}

/* A window opens in front of the user; here it is only noted. */
static bool open_url(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    dv_add(&f->run->arena, f->run->opened, dg_text(f, c->arg[0]));
    *out = dv_null();
    return true;
}

/* Names the form part of an upload: the content stays the same. */
static bool file_name(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    (void)f;
    *out = c->arg[0];
    return true;
}

const struct dg_builtin dg_service_rows[] = {
    {"geturl", ON_TEXT, 1, 3, get_url},
    {"posturl", ON_TEXT, 1, 4, get_url},
    {"openurl", ON_TEXT, 1, 3, open_url},
    {"setparamname", ON_FILE | ON_TEXT, 2, 2, file_name},
    {"setfilename", ON_FILE | ON_TEXT, 2, 2, file_name},
    {"setfiletype", ON_FILE | ON_TEXT, 2, 2, file_name},
    {NULL, 0, 0, 0, NULL},
};
