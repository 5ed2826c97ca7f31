/* deluge/testcase_world.c — fixtures: what the org of a case holds. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "deluge/testcase.h"

enum { MAX_REPEAT = 5000 };

static bool is_decimal(const char *s)
{
    size_t i = *s == '-', whole = i;
    for (; s[i] >= '0' && s[i] <= '9'; i++)
        ;
    if (i == whole || s[i] != '.')
        return false;
    size_t point = i++;
    for (; s[i] >= '0' && s[i] <= '9'; i++)
        ;
    return i > point + 1 && !s[i];
}

/* n > 0: {n} in texts becomes that number, from 001. */
static struct dv text_value(struct dg_arena *a, const char *s, int n)
{
    struct dec d;
    if (is_decimal(s) && dec_parse(s, strlen(s), &d))
        return dv_dec(d);
    const char *mark = n ? strstr(s, "{n}") : NULL;
    if (!mark)
        return dv_text(a, s);
    AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
    for (; mark; s = mark + 3, mark = strstr(s, "{n}")) {
        sb_addn(&b, s, (size_t)(mark - s));
        sb_addf(&b, "%03d", n);
    }
    sb_add(&b, s);
    return dv_textn(a, b.buf, b.len);
}

static struct dv value(struct dg_arena *a, const json_t *j, int n)
{
    struct dv v;
    const char *key;
    json_t *item;
    size_t i;
    if (json_is_object(j)) {
        v = dv_box_new(a, DV_MAP);
        json_object_foreach ((json_t *)(uintptr_t)j, key, item) {
            if (strcmp(key, "$repeat") != 0)
                dv_puts(a, v, key, value(a, item, n));
        }
        return v;
    }
    if (json_is_array(j)) {
        v = dv_box_new(a, DV_LIST);
        json_array_foreach (j, i, item) {
            int64_t times = json_is_object(item) ? js_int(item, "$repeat", 0) : 0;
            if (times < 1)
                dv_add(a, v, value(a, item, n));
            for (int k = 1; k <= times && k <= MAX_REPEAT; k++)
                dv_add(a, v, value(a, item, k));
        }
        return v;
    }
    if (json_is_string(j))
        return text_value(a, json_string_value(j), n);
    if (json_is_integer(j))
        return dv_int(json_integer_value(j));
    return json_is_boolean(j) ? dv_bool(json_is_true(j)) : dv_null();
}

struct dv dg_world_value(struct dg_arena *a, const json_t *j)
{
    return value(a, j, 0);
}

static struct dv rows_of(struct dg_memory *m, const char *module)
{
    struct dv rows = dv_get(m->records, module);
    if (!dv_is_list(rows)) {
        rows = dv_box_new(&m->arena, DV_LIST);
        dv_puts(&m->arena, m->records, module, rows);
    }
    return rows;
}

/* Same id: the keys of the new record replace those of the old. */
static void lay(struct dg_memory *m, const json_t *records)
{
    struct dv all = dg_world_value(&m->arena, records);
    for (size_t i = 0; all.kind == DV_BOX && i < all.box->n; i++) {
        const char *module = all.box->key[i].t.s;
        struct dv rows = rows_of(m, module), added = all.box->item[i];
        for (size_t k = 0; dv_is_list(added) && k < added.box->n; k++) {
            struct dv row = added.box->item[k], id = dv_is_map(row) ? dv_get(row, "id") : dv_null();
            struct dv old = id.kind == DV_TEXT ? dg_memory_find(m, module, id.t.s) : dv_null();
            for (size_t j = 0; old.kind == DV_BOX && j < row.box->n; j++)
                dv_put(&m->arena, old, row.box->key[j], row.box->item[j]);
            if (old.kind == DV_NULL)
                dv_add(&m->arena, rows, row);
        }
    }
}

/* "Products/7005" */
static int take_away(struct dg_memory *m, const json_t *list, struct err *e)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *what = json_string_value(json_array_get(list, i)), *slash = what ? strchr(what, '/') : NULL;
        AUTO_FREE char *module = slash ? mem_dupn(what, (size_t)(slash - what)) : mem_dup("");
        struct dv gone = slash ? dg_memory_find(m, module, slash + 1) : dv_null(), rows = rows_of(m, module);
        if (gone.kind == DV_NULL)
            return err_set(e, ERR_CONFIG, "remove: there is no record '%s'", what ? what : "");
        for (size_t k = rows.box->n; k-- > 0;)
            if (rows.box->item[k].box == gone.box)
                dv_remove(&m->arena, rows, k);
    }
    return 0;
}

static void put_all(struct dg_arena *a, struct dv to, const json_t *from)
{
    struct dv v = dg_world_value(a, from);
    for (size_t i = 0; dv_is_map(v) && v.box->shape == DV_MAP && i < v.box->n; i++)
        dv_put(a, to, v.box->key[i], v.box->item[i]);
}

static void push_all(struct dg_arena *a, struct dv to, const json_t *from)
{
    struct dv v = dg_world_value(a, from);
    for (size_t i = 0; dv_is_list(v) && i < v.box->n; i++)
        dv_add(a, to, v.box->item[i]);
}

static int lay_world(struct dg_world *w, const json_t *o, struct err *e)
{
    struct dg_memory *m = &w->memory;
    const char *clock = js_str(o, "clock");
    lay(m, json_object_get(o, "records"));
    put_all(&m->arena, m->related, json_object_get(o, "related"));
    put_all(&m->arena, m->variables, json_object_get(o, "variables"));
    push_all(&m->arena, m->faults, json_object_get(o, "faults"));
    push_all(&m->arena, m->http, json_object_get(o, "http"));
    if (clock) {
        size_t n = strlen(clock);
        if (clock_parse(clock, &w->host.now, e) < 0)
            return -1;
        free(w->texts[0]);
        w->texts[0] = mem_dup(n > 6 && strchr("+-", clock[n - 6]) ? clock + n - 6 : "UTC");
    }
    const char *const keys[] = {"zone", "user", "user_name", "admin"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (js_str(o, keys[i])) {
            free(w->texts[i]);
            w->texts[i] = mem_dup(js_str(o, keys[i]));
        }
    struct dv_zone z;
    if (w->texts[0] && !zone_set(&z, w->texts[0]))
        return err_set(e, ERR_CONFIG, "the time zone '%s' is not known", w->texts[0]);
    return take_away(m, json_object_get(o, "remove"), e);
}

int dg_world_init(struct dg_world *w, const json_t *file, const json_t *over, struct err *e)
{
    memset(w, 0, sizeof *w);
    dg_memory_init(&w->memory);
    w->host.now = INT64_C(1767258000); /* 2026-01-01 09:00 UTC, when a test says nothing */
    if (lay_world(w, file, e) < 0 || (over && lay_world(w, over, e) < 0)) {
        dg_world_release(w);
        return -1;
    }
    w->host.zone = w->texts[0];
    w->host.user = w->texts[1];
    w->host.user_name = w->texts[2];
    w->host.admin = w->texts[3];
    dg_memory_attach(&w->memory, &w->host);
    return 0;
}

void dg_world_release(struct dg_world *w)
{
    dg_memory_release(&w->memory);
    for (size_t i = 0; i < sizeof w->texts / sizeof *w->texts; i++)
        free(w->texts[i]);
    memset(w, 0, sizeof *w);
}
