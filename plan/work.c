/* plan/work.c — the parts every pass uses: blocking, notes, problems. */
#include "plan/work.h"

#include "base/mem.h"

void item_block(struct item *it, const char *fix, const char *why, ...)
{
    va_list ap;
    if (it->blocked)
        return;
    va_start(ap, why);
    AUTO_FREE char *text = mem_vprintf(why, ap);
    va_end(ap);
    it->blocked = json_object();
    js_set_str(it->blocked, "why", text);
    js_set_str(it->blocked, "fix", fix);
}

void item_note(struct item *it, const char *text, ...)
{
    va_list ap;
    va_start(ap, text);
    AUTO_FREE char *line = mem_vprintf(text, ap);
    va_end(ap);
    js_array_add_unique(it->notes, line);
}

void work_problem(struct work *w, const char *level, const struct resource *r, const char *text, ...)
{
    va_list ap;
    va_start(ap, text);
    AUTO_FREE char *line = mem_vprintf(text, ap);
    va_end(ap);
    json_t *p = json_object();
    AUTO_FREE char *where = r ? resource_where(r) : mem_dup("");
    js_set_str(p, "level", level);
    js_set_str(p, "text", line);
    if (r)
        js_set_str(p, "address", r->address);
    if (*where)
        js_set_str(p, "file", where);
    json_array_append_new(w->problems, p);
}

void work_release(struct work *w)
{
    for (size_t i = 0; w->item && i < w->n; i++) {
        struct item *it = &w->item[i];
        json_decref(it->want);
        json_decref(it->was);
        json_decref(it->changes);
        json_decref(it->notes);
        json_decref(it->waits_for);
        json_decref(it->blocked);
        free(it->needs);
    }
    free(w->item);
    free(w->channel);
    desired_release(&w->all);
    json_decref(w->problems);
    json_decref(w->proposals);
    *w = (struct work){0};
}
