/*
 * deluge/value.h — the values a Deluge script computes with: eleven types, ordered maps, exact numbers.
 *
 * Shape       struct dv is passed by value. Text, lists and maps live in the run's arena and are freed with it, never
 *             alone. A list or map is a struct dv_box behind a pointer, so two variables can share one (facts of
 *             assignment: switch `assignment`).
 * Numbers     NUMBER is int64 (ids of 19 digits), DECIMAL is struct dec (deluge/decimal.h): no double anywhere.
 * Times       DATE counts days since 1970-01-01; DATE-TIME counts seconds since 1970 UTC and is shown in the zone of
 *             the run; TIME counts seconds of a day.
 * `{}`        an empty box is list and map at once (DV_EITHER) until the first add or put decides.
 * Keys        of maps are texts: a number used as key is its digits (unproven; JSON output cannot tell them apart).
 * Source      zoho.com/deluge/help/datatypes and its pages.
 */
#ifndef DELUGE_VALUE_H
#define DELUGE_VALUE_H
#include "base/sb.h"
#include "deluge/arena.h"
#include "deluge/decimal.h"

enum dv_kind { DV_NULL, DV_BOOL, DV_INT, DV_DECIMAL, DV_TEXT, DV_DATE, DV_DATETIME, DV_TIME, DV_BOX, DV_FILE };
enum dv_shape { DV_EITHER, DV_LIST, DV_MAP };
enum { DV_MAX_DEPTH = 100, DV_MAX_TEXT = 16 << 20, DV_MAX_COPY = 64 << 20 };

struct dv_box;
struct dv {
    enum dv_kind kind;
    union {
        bool b;
        int64_t i; /* DV_INT; days, seconds or seconds of a day for the times */
        struct dec d;
        struct {
            const char *s; /* NUL-terminated */
            size_t n;
        } t; /* DV_TEXT; the content of a DV_FILE */
        struct dv_box *box;
    };
};

struct dv_box {
    enum dv_shape shape;
    bool collection;
    bool printing; /* dv_print stands in it: a box that holds itself would never end */
    uint32_t
        walkers; /* for each loops that read item and key as they are: who changes them takes others first (dv_own) */
    bool fault;  /* what catch (e) holds: a map with message and lineNo that prints as its message */
    struct dv *key; /* DV_TEXT, only of a map */
    struct dv *item;
    size_t n, cap;
    uint32_t *slot; /* hash of keys: index + 1, 0 = free; NULL while small */
    size_t n_slots; /* a power of two */
};

/* ── Making ─────────────────────────────────────────────────────────────────────────────────────────────────────── */
static inline struct dv dv_null(void)
{
    return (struct dv){.kind = DV_NULL};
}
static inline struct dv dv_bool(bool b)
{
    return (struct dv){.kind = DV_BOOL, .b = b};
}
static inline struct dv dv_int(int64_t i)
{
    return (struct dv){.kind = DV_INT, .i = i};
}
static inline struct dv dv_dec(struct dec d)
{
    return (struct dv){.kind = DV_DECIMAL, .d = d};
}
static inline struct dv dv_time(enum dv_kind kind, int64_t i)
{
    return (struct dv){.kind = kind, .i = i};
}
struct dv dv_text(struct dg_arena *a, const char *s);
struct dv dv_textn(struct dg_arena *a, const char *s, size_t n);
struct dv dv_static(const char *s); /* not copied */
struct dv dv_char(char c);          /* a text of one byte, shared by all */
struct dv dv_box_new(struct dg_arena *a, enum dv_shape shape);

/* ── Asking ─────────────────────────────────────────────────────────────────────────────────────────────────────── */
static inline bool dv_is_list(struct dv v)
{
    return v.kind == DV_BOX && v.box->shape != DV_MAP;
}
static inline bool dv_is_map(struct dv v)
{
    return v.kind == DV_BOX && v.box->shape != DV_LIST;
}
static inline bool dv_is_number(struct dv v)
{
    return v.kind == DV_INT || v.kind == DV_DECIMAL;
}
static inline bool dv_is_time(struct dv v) /* DATE or DATE-TIME */
{
    return v.kind == DV_DATE || v.kind == DV_DATETIME;
}
bool dv_is_text(struct dv v, const char *s);
/* The word of messages: "TEXT", "BIGINT", "DECIMAL", "LIST", "MAP", … */
const char *dv_type(struct dv v);
static inline struct dec dv_decimal(struct dv v) /* of a number */
{
    return v.kind == DV_DECIMAL ? v.d : dec_int(v.i);
}

/* ── Lists and maps: never fail; who loops looks at arena.used  ─────────────────────────────────────────────────── */
void dv_add(struct dg_arena *a, struct dv list, struct dv item);
void dv_insert(struct dg_arena *a, struct dv list, size_t at, struct dv item);
void dv_remove(struct dg_arena *a, struct dv box, size_t at);
void dv_clear(struct dv box);
/* Before item or key are changed in place: loops over the box go on with the old ones. */
void dv_own(struct dg_arena *a, struct dv box);
void dv_put(struct dg_arena *a, struct dv map, struct dv key, struct dv item);
void dv_puts(struct dg_arena *a, struct dv map, const char *key, struct dv item);
/* Index of the key, or -1. */
long dv_find(struct dv map, const char *key, size_t n);
struct dv dv_get(struct dv map, const char *key); /* null when absent */
const char *dv_str(struct dv map, const char *key, const char *fallback);
/* A copy that shares no list or map, only texts; past DV_MAX_DEPTH or DV_MAX_COPY bytes the inner box becomes null. */
struct dv dv_copy(struct dg_arena *a, struct dv v);

/* ── Text form ──────────────────────────────────────────────────────────────────────────────────────────────────── */
struct dv_zone;
/* What info prints: JSON for lists and maps, plain otherwise. Zone NULL is UTC. */
void dv_print(struct sb *out, struct dv v, const struct dv_zone *zone);
void dv_json(struct sb *out, struct dv v, const struct dv_zone *zone);
struct dv dv_to_text(struct dg_arena *a, struct dv v, const struct dv_zone *zone);
/* Strict JSON, numbers exact, order kept, a key given twice takes the last value. False when it is none. */
bool dv_from_json(struct dg_arena *a, const char *s, size_t n, struct dv *out);

/* ── Comparing ──────────────────────────────────────────────────────────────────────────────────────────────────── */
/* Same type family and value; numbers by value, dates by instant. */
bool dv_equal(struct dv a, struct dv b, const struct dv_zone *zone);
/* False when the two have no order. */
bool dv_order(struct dv a, struct dv b, const struct dv_zone *zone, int *order);
#endif
