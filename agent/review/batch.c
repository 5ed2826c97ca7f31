/* agent/review/batch.c — which open records are on which worksheet: nobody gets what somebody else has. */
#include "agent/review/review.h"

enum { BATCH_DEFAULT = 40 };

/* key → item of the queue that is still to be decided. */
static json_t *open_items(const json_t *queue)
{
    json_t *out = json_object(), *item;
    size_t i;
    json_array_foreach (queue, i, item)
        if (!strcmp(js_str_or(item, "state", ""), "open"))
            json_object_set(out, js_str_or(item, "key", ""), item);
    return out;
}

/* Rows that were decided or are gone leave a gap, so that the numbers of the others stay what the sheet says. True when a row of it
 * is no longer what it was: the sheet is written again. */
static bool refresh(json_t *batch, json_t *open, size_t *left)
{
    json_t *row;
    size_t i;
    bool changed = false;
    *left = 0;
    json_array_foreach (js_arr(batch, "rows"), i, row) {
        const char *key = js_str_or(row, "key", "");
        const json_t *item = *key ? js_obj(open, key) : NULL;
        if (!item)
            continue;
        ++*left;
        changed = changed || strcmp(js_str_or(row, "check", ""), js_str_or(item, "check", "")) != 0;
        js_set_str(row, "check", js_str_or(item, "check", ""));
        js_set_str(row, "proposed", js_str(item, "value"));
        json_object_del(open, key);
    }
    return changed;
}

/* What a person has who reviews no more is free for the others. */
static void keep_old(json_t *reg, const json_t *review, json_t *open, json_t *write)
{
    AUTO_JSON json_t *old = json_copy(js_obj(reg, "batches"));
    const char *id;
    json_t *batch;
    json_object_foreach (old, id, batch) {
        size_t left = 0;
        bool gone = !js_array_has(js_arr(review, "reviewers"), js_str_or(batch, "reviewer", ""));
        if (!gone && refresh(batch, open, &left))
            js_push_str(write, id);
        if (!left)
            json_object_del(js_obj(reg, "batches"), id);
    }
}

static json_t *row_of(const json_t *item)
{
    json_t *row = json_object();
    js_set_str(row, "id", js_str(item, "id"));
    js_set_str(row, "key", js_str(item, "key"));
    js_set_str(row, "check", js_str(item, "check"));
    js_set_str(row, "proposed", js_str(item, "value"));
    return row;
}

static void make_new(json_t *reg, const json_t *review, const json_t *queue, const json_t *open, const char *reviewer,
                     int n, int64_t now, json_t *write)
{
    size_t most = (size_t)js_int(review, "batch", BATCH_DEFAULT), i;
    json_t *batch = NULL, *item;
    json_array_foreach (queue, i, item) {
        if (!json_object_get(open, js_str_or(item, "key", "")) || strcmp(js_str_or(item, "state", ""), "open") != 0 ||
            strcmp(js_str_or(item, "reviewer", ""), reviewer) != 0)
            continue;
        if (batch && json_array_size(js_arr(batch, "rows")) >= most)
            batch = NULL;
        if (!batch && n-- <= 0)
            return;
        if (!batch) {
            int64_t number = js_int(reg, "next", 1);
            AUTO_FREE char *id = mem_printf("%s-%03lld", js_str_or(review, "id", "review"), (long long)number);
            js_set_int(reg, "next", number + 1);
            batch = json_object();
            js_set_str(batch, "reviewer", reviewer);
            js_set_int(batch, "at", now);
            js_set(batch, "rows", json_array());
            js_set(js_obj(reg, "batches"), id, batch);
            js_push_str(write, id);
        }
        json_array_append_new(js_arr(batch, "rows"), row_of(item));
    }
}

json_t *batches_next(json_t *reg, const json_t *review, const json_t *queue, int n, int64_t now)
{
    AUTO_JSON json_t *open = open_items(queue);
    json_t *write = json_array(), *who;
    size_t i;
    if (!js_obj(reg, "batches"))
        js_set(reg, "batches", json_object());
    keep_old(reg, review, open, write);
    json_array_foreach (js_arr(review, "reviewers"), i, who)
        make_new(reg, review, queue, open, json_string_value(who), n, now, write);
    js_array_sort(write, NULL);
    return write;
}
