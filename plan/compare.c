/* plan/compare.c — each resource beside its live object: what is wanted, what is, what changes. */
#include "base/mem.h"
#include "plan/records_table.h"
#include "plan/work.h"

/* Rows differ in thousands; people want the count and the value. */
static json_t *record_changes(const struct work *w, const struct item *it)
{
    json_t *out = json_array(), *value;
    const char *field;
    const json_t *rows = json_object_get(it->want, "records");
    size_t n = json_is_integer(rows) ? (size_t)json_integer_value(rows) : json_object_size(rows);
    if (!n)
        return out;
    json_object_foreach (js_obj(it->r->body, "set"), field, value) {
        bool back = js_str(it->r->body, "restore") != NULL;
        AUTO_JSON json_t *to = scalar_text(value);
        const char *shown = json_is_string(to) ? json_string_value(to) : "";
        json_t *c = json_object();
        js_set_str(c, "path", real_field(&w->v, js_str_or(it->r->body, "module", ""), field));
        js_set(c, "to", json_incref(to));
        js_set_int(c, "records", (int64_t)n);
        if (back)
            js_set_strf(c, "text", "%zu records: %s as it was before", n, field);
        else
            js_set_strf(c, "text", "%zu records: %s → \"%s\"", n, field, shown);
        json_array_append_new(out, c);
    }
    return out;
}

static const json_t *attested(const struct work *w, const struct item *it)
{
    json_t *entry = js_obj(w->in->attested, it->r->address);
    char digest[65];
    if (!entry || js_digest(it->want, digest, NULL) < 0 || strcmp(js_str_or(entry, "want", ""), digest) != 0)
        return NULL;
    return entry;
}

static void compare_attested(struct work *w, struct item *it)
{
    const json_t *entry = attested(w, it);
    it->none = entry != NULL;
    if (entry) {
        const char *note = js_str_or(entry, "note", "");
        item_note(it, "attested by %s on %s%s%s", js_str_or(entry, "by", "somebody"),
                  js_str_or(entry, "at", "a day not recorded"), *note ? ": " : "", note);
        return;
    }
    json_t *before = js_obj(w->in->attested, it->r->address);
    if (before)
        item_note(it, "was attested by %s, but what is wanted has changed since", js_str_or(before, "by", "somebody"));
    plan_diff(NULL, it->want, "", it->changes);
}

static void compare_tombstone(struct work *w, struct item *it)
{
    json_t *c = json_object();
    it->live = it->r->kind->find(&w->v, it->r);
    it->want = json_object();
    it->was = it->live ? resource_normalise(&w->v, it->r, it->live) : NULL;
    it->none = !it->live && !item_hidden(w, it->r);
    js_set_str(c, "path", "all of it");
    js_set_str(c, "from", kind_title(it->r));
    js_set(c, "to", json_null());
    json_array_append_new(it->changes, c);
}

static void compare_one(struct work *w, struct item *it)
{
    const struct kind *k = it->r->kind;
    if (it->r->tombstone) {
        compare_tombstone(w, it);
        return;
    }
    it->want = k->normalise(&w->v, it->r, NULL);
    if (it->channel == CHANNEL_ATTEST) {
        compare_attested(w, it);
        return;
    }
    it->live = k->find(&w->v, it->r);
    it->was = it->live ? k->normalise(&w->v, it->r, it->live) : NULL;
    if (k->spec == &spec_records) {
        json_decref(it->changes);
        it->changes = table_is(it->r) ? table_changes(it->r, it->was, it->want) : record_changes(w, it);
        it->none = !json_array_size(it->changes) && !item_hidden(w, it->r);
        return;
    }
    plan_diff(it->was, it->want, "", it->changes);
    it->none = it->live && !json_array_size(it->changes);
}

void work_compare(struct work *w)
{
    w->item = mem_zalloc((w->n + 1) * sizeof *w->item);
    for (size_t i = 0; i < w->n; i++) {
        w->item[i] = (struct item){.r = &w->all.r[i],
                                   .channel = w->channel[i],
                                   .changes = json_array(),
                                   .notes = json_array(),
                                   .waits_for = json_array()};
        compare_one(w, &w->item[i]);
    }
}
