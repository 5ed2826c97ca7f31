#include "base/mem.h"
#include "deluge/flow.h"

void flow_init(struct flow_state *s, size_t n_names)
{
    *s = (struct flow_state){.n_names = n_names};
    s->assigned = mem_zalloc(n_names + 1);
    s->source = mem_zalloc(n_names + 1);
}

void flow_copy(struct flow_state *to, const struct flow_state *from)
{
    flow_init(to, from->n_names);
    memcpy(to->assigned, from->assigned, from->n_names);
    memcpy(to->source, from->source, from->n_names);
    if (from->n) {
        to->fact = mem_grow(NULL, from->n, sizeof *to->fact);
        memcpy(to->fact, from->fact, from->n * sizeof *to->fact);
    }
    to->n = to->cap = from->n;
    to->dead = from->dead;
}

void flow_release(struct flow_state *s)
{
    free(s->fact);
    free(s->assigned);
    free(s->source);
    *s = (struct flow_state){0};
}

static bool has(const struct flow_state *s, uint64_t key, enum flow_fact_kind kind)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->fact[i].key == key && s->fact[i].kind == kind)
            return true;
    return false;
}

void flow_meet(struct flow_state *into, struct flow_state *other)
{
    if (into->dead && !other->dead) {
        struct flow_state t = *into;
        *into = *other;
        *other = t;
    } else if (!other->dead) {
        size_t n = 0;
        for (size_t i = 0; i < into->n; i++)
            if (has(other, into->fact[i].key, into->fact[i].kind))
                into->fact[n++] = into->fact[i];
        into->n = n;
        for (size_t i = 0; i < into->n_names; i++) {
            into->assigned[i] = into->assigned[i] && other->assigned[i];
            into->source[i] = into->source[i] == other->source[i] ? into->source[i] : FLOW_ANY;
        }
    }
    flow_release(other);
}

/* ── Keys: equal expressions have equal keys; brackets and the case of built-ins do not matter ── */

static uint64_t mix(uint64_t h, uint64_t v)
{
    h ^= v + 0x9E3779B97F4A7C15u + (h << 6) + (h >> 2);
    return h * 0xFF51AFD7ED558CCDu;
}

static uint64_t mix_text(uint64_t h, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)s[i]) * 1099511628211u;
    return mix(h, n);
}

static void mix_child(struct dg_expr *e, void *ctx)
{
    uint64_t *h = ctx;
    *h = mix(*h, flow_key(e));
}

static uint64_t key_call(const char *lower)
{
    return mix_text(mix(17, DG_CALL), lower, strlen(lower));
}

uint64_t flow_key_get(const struct dg_expr *on, const struct dg_expr *key)
{
    return mix(mix(key_call("get"), flow_key(on)), flow_key(key));
}

uint64_t flow_key(const struct dg_expr *e)
{
    while (e->kind == DG_PAREN)
        e = e->inner;
    uint64_t h = mix(17, e->kind);
    if (e->kind == DG_CALL)
        h = key_call(dg_is(e->call.name, "getjson") ? "get" : e->call.name->lower);
    if (e->kind == DG_NAME)
        return mix(h, e->name->index);
    if (e->kind == DG_INT)
        return mix(h, (uint64_t)e->integer);
    if (e->kind == DG_BOOL)
        return mix(h, e->boolean);
    if (e->kind == DG_DECIMAL)
        return mix_text(h, e->digits, strlen(e->digits));
    if (e->kind == DG_TEXT)
        return mix_text(h, e->text.s, e->text.n);
    if (e->kind == DG_MEMBER || e->kind == DG_ASPECT)
        h = mix(h, e->member.name->index);
    if (e->kind == DG_BINARY)
        h = mix(h, e->binary.op);
    if (e->kind == DG_UNARY)
        h = mix(h, e->unary.op);
    dg_each_child(e, mix_child, &h);
    return h;
}

/* ── Facts ── */

enum { MAX_FACTS = 400 }; /* of one state: beyond it nothing more is learnt, which costs findings, never truth */

static void add(struct flow_state *s, uint64_t key, enum flow_fact_kind kind, const struct dg_expr *about)
{
    struct flow_fact f = {key, kind, about};
    if (s->n < MAX_FACTS && !has(s, key, kind))
        VEC_PUSH(s->fact, s->n, s->cap, f);
}

void flow_learn(struct flow_state *s, enum flow_fact_kind kind, const struct dg_expr *e)
{
    while (e->kind == DG_PAREN)
        e = e->inner;
    add(s, flow_key(e), kind, e);
    bool test = e->kind == DG_CALL && e->call.on && e->call.n == 1;
    if (kind == FLOW_NOT_NULL && test && (dg_is(e->call.name, "containkey") || dg_is(e->call.name, "containskey")))
        add(s, flow_key_get(e->call.on, e->call.arg[0]), kind, e);
    if (kind == FLOW_NOT_NULL && test && dg_is(e->call.name, "put"))
        add(s, flow_key_get(e->call.on, e->call.arg[0]), kind, e);
}

bool flow_knows(const struct flow_state *s, enum flow_fact_kind kind, const struct dg_expr *e)
{
    return has(s, flow_key(e), kind);
}

struct seek {
    const struct dg_name *name;
    bool found;
};

static void seek_name(struct dg_expr *e, void *ctx)
{
    struct seek *k = ctx;
    if (e->kind == DG_NAME && e->name == k->name)
        k->found = true;
    if (!k->found)
        dg_each_child(e, seek_name, k);
}

void flow_forget(struct flow_state *s, const struct dg_name *name)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        struct seek k = {name, false};
        if (s->fact[i].about->kind == DG_NAME)
            k.found = s->fact[i].about->name == name;
        else
            dg_each_child(s->fact[i].about, seek_name, &k);
        if (!k.found)
            s->fact[n++] = s->fact[i];
    }
    s->n = n;
    s->source[name->index] = FLOW_ANY;
}
