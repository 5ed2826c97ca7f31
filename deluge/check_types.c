/* What fits what: DL042 to DL045, DL047, DL074. Only where the kind of a value is certain (kinds.h). */
#include "deluge/checker.h"

/* list.get("k"), record.get(0): "can not be cast". */
static void wrong_get(struct dg_checker *c, const struct dg_kinds *k, const struct dg_expr *e)
{
    if (!e->call.on || !dg_is(e->call.name, "get") || e->call.n != 1)
        return;
    enum dg_kind on = dg_kind_of(k, e->call.on);
    const struct dg_expr *arg = dg_unparen(e->call.arg[0]);
    if ((on == DG_K_LIST || on == DG_K_RECORDS) && arg->kind == DG_TEXT) {
        struct dg_diag *g = dg_c_find(c, "DL042", arg->span, "this is a list: it has no key \"%s\"", arg->text.s);
        dg_diag_fix(g, "take an element first: .get(0), or for each");
    }
    if (on == DG_K_RECORD && arg->kind == DG_INT) {
        struct dg_diag *g = dg_c_find(c, "DL042", arg->span, "this is one record, not a list of them");
        dg_diag_fix(g, "leave out .get(%lld)", (long long)arg->integer);
    }
}

/* page = n / 200: decimal, where a whole number is wanted. */
static void whole_number(struct dg_checker *c, const struct dg_kinds *k, const struct dg_expr *e)
{
    static const struct {
        const char *lower;
        bool list_only;
    } wants[] = {{"get", true},
                 {"sublist", false},
                 {"left", false},
                 {"right", false},
                 {"leftpad", false},
                 {"repeat", false},
                 {"rightpad", false},
                 {"substring", false},
                 {"getrecords", false},
                 {"searchrecords", false},
                 {"getrelatedrecords", false}};
    for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
        if (!dg_is(e->call.name, wants[i].lower) || !e->call.on)
            continue;
        enum dg_kind on = dg_kind_of(k, e->call.on);
        if (wants[i].list_only && on != DG_K_LIST && on != DG_K_RECORDS)
            continue;
        for (size_t a = 0; a < e->call.n; a++)
            if (dg_kind_of(k, e->call.arg[a]) == DG_K_QUOTIENT) {
                struct dg_diag *g = dg_c_find(c, "DL047", e->call.arg[a]->span,
                                              "'/' gives a decimal, %s wants a whole number", e->call.name->s);
                dg_diag_fix(g, "use (a / b).floor() or .ceil()");
            }
    }
}

static void check_order(struct dg_checker *c, const struct dg_kinds *k, const struct dg_expr *e)
{
    const struct dg_expr *a = e->binary.left, *b = e->binary.right;
    bool left = dg_kind_is_text(dg_kind_of(k, a)), right = dg_kind_is_text(dg_kind_of(k, b));
    if (!left && !right)
        return;
    dg_c_find(c, "DL043", left ? a->span : b->span, "'%s' compares numbers and dates; this is text",
              dg_binary_text(e->binary.op));
}

/* rec.get("Owner") == "3400…": also where rec is not known to be a record. */
static bool is_lookup(const struct dg_kinds *k, const struct dg_expr *e, const struct dg_expr *other)
{
    if (dg_kind_of(k, e) == DG_K_LOOKUP)
        return dg_kind_is_text(dg_kind_of(k, other)) || dg_kind_is_number(dg_kind_of(k, other));
    if (e->kind != DG_CALL || !e->call.on || !dg_is(e->call.name, "get") || e->call.n != 1 || !dg_c_text(other))
        return false;
    const char *key = dg_c_text(e->call.arg[0]);
    return key && dg_kind_lookup_field(key);
}

static void check_equal(struct dg_checker *c, const struct dg_kinds *k, const struct dg_expr *e)
{
    const struct dg_expr *side[] = {dg_unparen(e->binary.left), dg_unparen(e->binary.right)};
    for (int i = 0; i < 2; i++) {
        const struct dg_expr *a = side[i], *b = side[1 - i];
        bool empty = b->kind == DG_TEXT && b->text.n == 0;
        if (!empty && is_lookup(k, a, b)) {
            dg_c_find(c, "DL044", a->span, "this lookup is a map, never equal to a text or number");
        }
        if (dg_kind_of(k, a) == DG_K_ID && dg_kind_is_number(dg_kind_of(k, b))) {
            dg_c_find(c, "DL045", e->binary.op_span, "the id of a record is text, the other side a number");
        }
    }
}

static void check_expr(struct dg_checker *c, struct dg_expr *e, const struct dg_place *at, void *ctx)
{
    const struct dg_kinds *k = *(const struct dg_kinds **)ctx;
    if (e->kind == DG_CALL) {
        wrong_get(c, k, e);
        whole_number(c, k, e);
    }
    if (e->kind != DG_BINARY || at->in_criteria)
        return;
    enum dg_binary_op op = e->binary.op;
    if (op >= DG_OP_LT && op <= DG_OP_GE)
        check_order(c, k, e);
    if (op == DG_OP_EQ || op == DG_OP_NE || op == DG_OP_EQ_SINGLE)
        check_equal(c, k, e);
}

/* info of a record: what stands in it is in the log from then on. */
static void check_stmt(struct dg_checker *c, const struct dg_stmt *s, const struct dg_place *at, void *ctx)
{
    (void)at;
    enum dg_kind kind =
        s->kind == DG_S_INFO && s->expr ? dg_kind_of(*(const struct dg_kinds **)ctx, s->expr) : DG_K_NONE;
    if (kind != DG_K_RECORD && kind != DG_K_RECORDS)
        return;
    dg_c_find(c, "DL074", s->expr->span, "the log keeps every field of %s",
              kind == DG_K_RECORD ? "this record" : "these records");
}

void dg_c_types(struct dg_checker *c, const struct dg_function *f, const struct dg_kinds *k)
{
    dg_c_walk_in(c, f, check_stmt, check_expr, &k);
}
