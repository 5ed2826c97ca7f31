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
    const char *back_to; /* digest of the list of lines the rows are to have again; NULL = they all get `set` */
    struct list back;
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

/* Is the row on a list? The list is as far as this id afterwards. */
static bool on_list(struct list *l, const char *id)
{
    while (*l->id && later(id, l->id) > 0)
        list_next(l);
    return !strcmp(l->id, id);
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

/* What the line read last holds beside the id. New reference; NULL when it is damaged, which its digest says later. */
static json_t *line_values(const struct list *l)
{
    struct err quiet = {0};
    const char *tab = strchr(l->line, '\t');
    return tab ? js_parse(tab + 1, strcspn(tab + 1, "\n"), "rows", &quiet) : NULL;
}

static int take_row(struct taking *t, const json_t *row, struct err *e)
{
    const char *id = js_str_or(row, "id", "");
    if (t->of)
        return on_list(&t->list, id) ? keep(t, row, e) : 0;
    if (t->ids ? !json_object_get(t->ids, id) : is_right(t, row))
        return 0;
    if (!t->kept) {
        json_array_append(t->few, (json_t *)(uintptr_t)row);
        return !t->ids && json_array_size(t->few) > ROWS_IN_PLAN ? overflow(t, e) : 0;
    }
    return keep(t, row, e);
}

static int take(void *ctx, const char *name, const json_t *row, struct err *e)
{
    struct taking *t = ctx;
    (void)name;
    if (t->spec)
        return take_by_key(t, row, e);
    if (!t->back_to)
        return take_row(t, row, e);
    if (!on_list(&t->back, js_str_or(row, "id", "")))
        return 0;
    AUTO_JSON json_t *mine = json_copy((json_t *)(uintptr_t)row);
    json_t *values = line_values(&t->back);
    if (values)
        js_set(mine, "@want", values);
    return take_row(t, mine, e);
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
    if (t->back_to && list_close(&t->back, t->back_to, read && rc == 0 ? e : &(struct err){0}) < 0)
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
                       .of = json_string_value(rows),
                       .back_to = js_str(spec, "restore")};
    struct crm_rows taker = {take, &t};
    if (t.of && list_open(&t.list, org, t.of, e) < 0)
        return -1;
    if (t.of)
        list_next(&t.list);
    if (t.back_to && list_open(&t.back, org, t.back_to, e) < 0) {
        if (t.of)
            list_close(&t.list, t.of, &(struct err){0});
        return -1;
    }
    if (t.back_to)
        list_next(&t.back);
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

/* ---- a list from rows that are known ---- */

int rows_keep(const struct org *org, const json_t *set, const json_t *rows, char digest[65], struct err *e)
{
    AUTO_SB struct sb b = SB_INIT(SIZE_MAX);
    AUTO_FREE char *dir = path_of(org, NULL);
    const json_t *row;
    size_t i;
    if (mkdir(dir, 0700) < 0 && errno != EEXIST)
        return err_errno(e, errno, dir, "the folder of record lists cannot be made");
    json_array_foreach (rows, i, row) {
        AUTO_FREE char *line = plan_row_line(set, row, false);
        sb_add(&b, line);
    }
    digest_sha256(b.buf, b.len, digest);
    struct fs_root root;
    if (fs_root_open(&root, dir, false, 0700, e) < 0)
        return -1;
    int rc = fs_write_in(&root, digest, b.buf, b.len, 0600, e);
    fs_root_close(&root);
    return rc;
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

/* A row as the body sends it: by its id alone, or with the values of its line on the list it is given back from. */
static json_t *to_send(const json_t *body, const char *id, struct list *back)
{
    if (!back->f)
        return json_string(id);
    AUTO_JSON json_t *values = on_list(back, id) ? line_values(back) : NULL;
    return values ? plan_row_restore(id, values, js_obj(body, "types")) : NULL;
}

static int each(struct list *l, struct list *back, const json_t *body,
                int (*chunk)(void *ctx, const json_t *ids, struct err *e), void *ctx, struct err *e)
{
    AUTO_JSON json_t *rows = json_array();
    int rc = 0;
    for (list_next(l); rc == 0 && *l->id;) {
        json_t *one = to_send(body, l->id, back);
        if (one)
            json_array_append_new(rows, one);
        list_next(l);
        if (json_array_size(rows) == ROWS_A_CHUNK || (!*l->id && json_array_size(rows))) {
            rc = chunk(ctx, rows, e);
            json_array_clear(rows);
        }
    }
    return rc;
}

int rows_each(const struct org *org, const json_t *body, int (*chunk)(void *ctx, const json_t *ids, struct err *e),
              void *ctx, struct err *e)
{
    const char *digest = rows_list(body), *restore = js_str(body, "restore");
    struct list l = {0}, back = {0};
    if (!digest)
        return err_set(e, ERR_BUG, "this body names no list of rows");
    if (list_check(org, digest, e) < 0 || (restore && list_check(org, restore, e) < 0) ||
        list_open(&l, org, digest, e) < 0)
        return -1;
    int rc = restore ? list_open(&back, org, restore, e) : 0;
    if (rc == 0 && restore)
        list_next(&back);
    if (rc == 0)
        rc = each(&l, &back, body, chunk, ctx, e);
    if (restore && list_close(&back, restore, rc == 0 ? e : &(struct err){0}) < 0)
        rc = -1;
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
        if (json_is_object(id)) {
            json_array_append(updates, id);
            continue;
        }
        json_t *one = json_pack("{s:O}", "id", id);
        json_object_update(one, js_obj(body, "set"));
        json_array_append_new(updates, one);
    }
    return json_pack("{s:O,s:O,s:o}", "module", json_object_get(body, "module"), "trigger",
                     json_object_get(body, "trigger"), "updates", updates);
}
