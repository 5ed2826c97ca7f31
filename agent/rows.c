/* agent/rows.c — lists of rows in .zagent/rows: written while reading the org, read beside it later. */
#include "agent/rows.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/text.h"

static char *path_of(const struct org *org, const char *name)
{
    return name ? mem_printf("%s/rows/%s", org->zagent_dir, name) : mem_printf("%s/rows", org->zagent_dir);
}

/* ---- a kept list, line by line ---- */

struct list {
    FILE *f;
    char *line;
    size_t cap;
    char id[32]; /* of the line read last; "" at the end */
    struct digest *digest;
};

static int list_open(struct list *l, const struct org *org, const char *digest, struct err *e)
{
    AUTO_FREE char *path = path_of(org, digest);
    FILE *f = fopen(path, "re");
    *l = (struct list){0};
    if (f) {
        l->f = f;
        l->digest = digest_new();
        return 0;
    }
    err_set(e, ERR_NOT_FOUND, "the list of this plan's records is gone");
    err_at(e, ".zagent/rows/%.12s…", digest);
    return err_fix(e, "run 'zagent plan' again");
}

/* Goes to the next line. */
static void list_next(struct list *l)
{
    ssize_t n = getline(&l->line, &l->cap, l->f);
    size_t len = n > 0 ? strcspn(l->line, "\t") : 0;
    if (n > 0)
        digest_feed(l->digest, l->line, (size_t)n);
    snprintf(l->id, sizeof l->id, "%.*s", (int)(len < sizeof l->id ? len : 0), n > 0 ? l->line : "");
}

/* To the end, so that the digest says whether this is the list that was planned. */
static int list_close(struct list *l, const char *digest, struct err *e)
{
    char have[65];
    if (!l->f)
        return 0;
    while (*l->id)
        list_next(l);
    digest_finish(l->digest, have);
    fclose(l->f);
    free(l->line);
    *l = (struct list){0};
    if (!strcmp(have, digest))
        return 0;
    err_set(e, ERR_STALE, "the list of this plan's records was changed after it was made");
    err_at(e, ".zagent/rows/%.12s…", digest);
    return err_fix(e, "run 'zagent plan' again and review it");
}

/* ---- the rows of one query ---- */

struct taking {
    const struct org *org;
    const char *name;
    const json_t *set, *ids;
    const json_t *spec; /* of a table: its key and the keys that count */
    const char *of;     /* digest of the list whose rows count; NULL = all that are not right, or those of ids */
    struct list list;
    json_t *few; /* while they are few */
    size_t n;
    FILE *kept;
    char *part; /* its path until the digest is known */
    struct digest *was, *want;
};

static int later(const char *a, const char *b)
{
    size_t na = strlen(a), nb = strlen(b);
    return na != nb ? (na > nb ? 1 : -1) : strcmp(a, b);
}

static int keep(struct taking *t, const json_t *row, struct err *e)
{
    AUTO_FREE char *was = plan_row_line(t->set, row, false), *want = plan_row_line(t->set, row, true);
    t->n++;
    digest_feed(t->was, was, strlen(was));
    digest_feed(t->want, want, strlen(want));
    if (t->kept && fputs(was, t->kept) == EOF)
        return err_errno(e, errno, t->part, "the list of records cannot be written");
    return 0;
}

/* More than a plan shows: what was gathered goes into a file, and so does the rest. */
static int overflow(struct taking *t, struct err *e)
{
    AUTO_FREE char *dir = path_of(t->org, NULL);
    size_t i;
    json_t *row;
    if (mkdir(dir, 0700) < 0 && errno != EEXIST)
        return err_errno(e, errno, dir, "the folder of record lists cannot be made");
    t->part = mem_printf("%s/part-XXXXXX", dir);
    int fd = mkstemp(t->part);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
    if (!f) {
        err_errno(e, errno, t->part, "the list of records cannot be written");
        if (fd >= 0)
            close(fd);
        return -1;
    }
    t->kept = f;
    json_array_foreach (t->few, i, row)
        if (keep(t, row, e) < 0)
            return -1;
    json_array_clear(t->few);
    return 0;
}

static bool is_right(const struct taking *t, const json_t *row)
{
    AUTO_FREE char *was = plan_row_line(t->set, row, false), *want = plan_row_line(t->set, row, true);
    return !strcmp(was, want);
}

/* A saved step's own row, by its list; the list is as far as this id afterwards. */
static bool on_list(struct taking *t, const char *id)
{
    while (*t->list.id && later(id, t->list.id) > 0)
        list_next(&t->list);
    return !strcmp(t->list.id, id);
}

/* A table's rows are as many as the table has, however many the org has. */
static int take_by_key(struct taking *t, const json_t *row, struct err *e)
{
    const json_t *value = json_object_get(row, js_str_or(t->spec, "key", ""));
    AUTO_FREE char *text = json_is_integer(value) ? mem_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value))
                                                  : mem_dup(json_is_string(value) ? json_string_value(value) : "");
    AUTO_FREE char *folded = text_fold(text);
    if (*folded && json_object_get(js_obj(t->spec, "keys"), folded))
        json_array_append(t->few, (json_t *)(uintptr_t)row);
    if (json_array_size(t->few) <= ROWS_BY_KEY)
        return 0;
    err_set(e, ERR_LIMIT, "more than %d records have a key of the table", ROWS_BY_KEY);
    err_at(e, "%s", t->name);
    return err_fix(e, "choose a field for the key that tells records apart, or narrow them with where");
}

static int take(void *ctx, const char *name, const json_t *row, struct err *e)
{
    struct taking *t = ctx;
    const char *id = js_str_or(row, "id", "");
    (void)name;
    if (t->spec)
        return take_by_key(t, row, e);
    if (t->of)
        return on_list(t, id) ? keep(t, row, e) : 0;
    if (t->ids ? !json_object_get(t->ids, id) : is_right(t, row))
        return 0;
    if (!t->kept) {
        json_array_append(t->few, (json_t *)(uintptr_t)row);
        return !t->ids && json_array_size(t->few) > ROWS_IN_PLAN ? overflow(t, e) : 0;
    }
    return keep(t, row, e);
}

static int name_the_list(struct taking *t, const char *digest, struct err *e)
{
    AUTO_FREE char *path = path_of(t->org, digest);
    bool bad = fflush(t->kept) == EOF || fsync(fileno(t->kept)) < 0;
    bad = fclose(t->kept) == EOF || bad;
    t->kept = NULL;
    if (bad || rename(t->part, path) < 0)
        return err_errno(e, errno, t->part, "the list of records cannot be written");
    free(t->part);
    t->part = NULL;
    return 0;
}

static int finish(struct taking *t, bool read, struct snapshot *s, struct err *e)
{
    char was[65], want[65];
    bool many = t->kept || t->of;
    int rc = 0;
    digest_finish(t->was, was);
    digest_finish(t->want, want);
    if (t->of && list_close(&t->list, t->of, read ? e : &(struct err){0}) < 0)
        rc = read ? -1 : 0;
    if (read && rc == 0 && t->kept)
        rc = name_the_list(t, was, e);
    if (read && rc == 0 && !snapshot_refused(s, t->name))
        snapshot_put(
            s, t->name,
            many ? json_pack("[{s:{s:I,s:s,s:s}}]", "@rows", "records", (json_int_t)t->n, "was", was, "want", want)
                 : json_incref(t->few));
    if (t->kept)
        fclose(t->kept);
    if (t->part)
        unlink(t->part);
    free(t->part);
    json_decref(t->few);
    return rc;
}

static int read_query(const struct org *org, const char *name, const json_t *query, const json_t *spec,
                      struct snapshot *s, struct err *e)
{
    const json_t *rows = json_object_get(spec, "rows");
    AUTO_JSON json_t *queries = json_pack("{s:O}", name, query);
    struct strset names = {0};
    struct taking t = {.org = org,
                       .name = name,
                       .set = js_obj(spec, "set"),
                       .spec = js_obj(spec, "keys") ? spec : NULL,
                       .ids = json_is_object(rows) ? rows : NULL,
                       .of = json_string_value(rows)};
    struct crm_rows taker = {take, &t};
    if (t.of && list_open(&t.list, org, t.of, e) < 0)
        return -1;
    if (t.of)
        list_next(&t.list);
    t.few = json_array();
    t.was = digest_new();
    t.want = digest_new();
    strset_add(&names, name);
    int rc = crm_read_rows(org->zoho, &names, queries, &taker, s, e);
    strset_release(&names);
    return finish(&t, rc == 0, s, e) < 0 ? -1 : rc;
}

int rows_read(const struct org *org, const json_t *queries, const json_t *specs, struct snapshot *s, struct err *e)
{
    const char *name;
    json_t *query;
    json_object_foreach ((json_t *)(uintptr_t)queries, name, query)
        if (read_query(org, name, query, js_obj(specs, name), s, e) < 0)
            return -1;
    return 0;
}

/* ---- the list again, to write by ---- */

/* Whole and as planned, before the first of it is sent. */
static int list_check(const struct org *org, const char *digest, struct err *e)
{
    struct list l;
    if (list_open(&l, org, digest, e) < 0)
        return -1;
    list_next(&l);
    return list_close(&l, digest, e);
}

int rows_each(const struct org *org, const char *digest, int (*chunk)(void *ctx, const json_t *ids, struct err *e),
              void *ctx, struct err *e)
{
    struct list l;
    AUTO_JSON json_t *ids = json_array();
    int rc = 0;
    if (list_check(org, digest, e) < 0 || list_open(&l, org, digest, e) < 0)
        return -1;
    list_next(&l);
    while (rc == 0 && *l.id) {
        js_push_str(ids, l.id);
        list_next(&l);
        if (json_array_size(ids) == ROWS_A_CHUNK || !*l.id) {
            rc = chunk(ctx, ids, e);
            json_array_clear(ids);
        }
    }
    return list_close(&l, digest, rc == 0 ? e : &(struct err){0}) < 0 ? -1 : rc;
}

const char *rows_list(const json_t *body)
{
    return js_obj(body, "set") ? js_str(body, "rows") : NULL;
}

json_t *rows_body(const json_t *body, const json_t *ids)
{
    json_t *updates = json_array(), *id;
    size_t i;
    json_array_foreach (ids, i, id) {
        json_t *one = json_pack("{s:O}", "id", id);
        json_object_update(one, js_obj(body, "set"));
        json_array_append_new(updates, one);
    }
    return json_pack("{s:O,s:O,s:o}", "module", json_object_get(body, "module"), "trigger",
                     json_object_get(body, "trigger"), "updates", updates);
}
