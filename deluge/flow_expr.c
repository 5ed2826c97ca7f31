/* What an expression risks at one point: DL024, DL036 to DL040, DL046, DL048, DL049. */
#include "deluge/flow.h"

static bool one_of(const struct dg_name *name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (dg_is(name, list[i]))
            return true;
    return false;
}
#define ONE_OF(name, ...)                                                                                              \
    one_of(name, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static bool harmless_on_null(const struct dg_name *name)
{
    return ONE_OF(name, "isnull", "isempty", "isblank", "ifnull", "tostring", "isnumber", "istext", "isdate", "equals");
}

static bool conversion(const struct dg_name *name)
{
    return ONE_OF(name, "tolong", "tonumber", "todecimal", "todate", "totime", "todatetime");
}

/* Fields that every CRM record has a value for. */
static bool always_there(const char *key)
{
    static const char *const keys[] = {"id", "Created_Time", "Modified_Time", "Created_By", "Modified_By", "Owner"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

/* crmAPIRequest.toMap().get("record"): what CRM hands to a validation rule always holds the record
 * (help.zoho.com, create-validation-rules-using-functions). */
static bool handed_record(const struct dg_expr *on, const char *key)
{
    return strcmp(key, "record") == 0 && on->kind == DG_CALL && dg_is(on->call.name, "tomap") && on->call.on &&
           on->call.on->kind == DG_NAME && strcmp(on->call.on->name->s, "crmAPIRequest") == 0;
}

/* ifnull(x,""), and what trim and its kin make of it. */
static bool blank(const struct flow_state *s, const struct dg_expr *e)
{
    if (flow_knows(s, FLOW_NOT_EMPTY, e))
        return false;
    const struct dg_expr *other = dg_is(e->call.name, "ifnull") && e->call.n ? e->call.arg[e->call.n - 1] : NULL;
    if (other)
        return dg_c_text(other) && !*dg_c_text(other);
    return e->call.on && ONE_OF(e->call.name, "trim", "tostring", "tolowercase", "touppercase", "proper") &&
           flow_source_of(s, e->call.on) == FLOW_BLANK;
}

enum flow_source flow_source_of(const struct flow_state *s, const struct dg_expr *e)
{
    while (e->kind == DG_PAREN)
        e = e->inner;
    if (e->kind == DG_NAME) {
        enum flow_source from = (enum flow_source)s->source[e->name->index];
        if (from == FLOW_BLANK)
            return flow_knows(s, FLOW_NOT_EMPTY, e) ? FLOW_ANY : from;
        return from != FLOW_SEARCH && flow_knows(s, FLOW_NOT_NULL, e) ? FLOW_ANY : from;
    }
    if (e->kind == DG_NULL)
        return FLOW_GET;
    if (e->kind == DG_CALL && blank(s, e))
        return FLOW_BLANK;
    if (e->kind != DG_CALL || !e->call.on)
        return FLOW_ANY;
    if (ONE_OF(e->call.name, "getprefix", "getsuffix", "getprefixignorecase", "getsuffixignorecase"))
        return flow_knows(s, FLOW_NOT_NULL, e) ? FLOW_ANY : FLOW_AFFIX;
    if (ONE_OF(e->call.name, "searchrecords", "getrelatedrecords", "getrecords") && dg_is(dg_root_name(e), "zoho"))
        return FLOW_SEARCH;
    if (!ONE_OF(e->call.name, "get", "getjson") || e->call.n != 1)
        return FLOW_ANY;
    const char *key = dg_c_text(e->call.arg[0]);
    if (!key || always_there(key) || handed_record(e->call.on, key))
        return FLOW_ANY;
    return flow_knows(s, FLOW_NOT_NULL, e) ? FLOW_ANY : FLOW_GET;
}

static struct dg_diag *tell(struct flow *f, const char *rule, struct dg_span at, const char *what, const char *name)
{
    return dg_c_find_at(f->c, rule, f->in_try ? DG_NOTE : DG_WARNING, at, "%s%s", name, what);
}

static void advise(struct dg_diag *g, const struct flow *f, const struct dg_expr *e)
{
    int n = (int)(e->span.end - e->span.off);
    const char *text = f->c->s->text + e->span.off;
    if (n > 60 || memchr(text, '\n', (size_t)n))
        dg_diag_fix(g, "keep the value in a variable and test it for null first");
    else
        dg_diag_fix(g, "test %.*s != null first, or use ifnull", n, text);
}

/* A method of a value that may be null. */
static bool method_risk(struct flow *f, struct flow_state *s, const struct dg_expr *on, const struct dg_expr *call)
{
    enum flow_source from = flow_source_of(s, on);
    if ((from != FLOW_GET && from != FLOW_AFFIX) || harmless_on_null(call->call.name))
        return false;
    const char *name = call->call.name->s;
    struct dg_diag *g;
    if (from == FLOW_AFFIX)
        g = tell(f, "DL049", call->call.name_span, " of a text that is null when nothing was found", name);
    else if (ONE_OF(call->call.name, "get", "getjson"))
        g = tell(f, "DL036", call->call.name_span, " on a value that may be null", name);
    else if (conversion(call->call.name))
        g = tell(f, "DL039", call->call.name_span, " of a value that may be empty", name);
    else
        g = tell(f, "DL037", call->call.name_span, " of a value that may be null", name);
    advise(g, f, on);
    return true;
}

static bool index_risk(struct flow *f, const struct flow_state *s, const struct dg_expr *e)
{
    bool index = dg_is(e->call.name, "get") && e->call.n == 1 && e->call.arg[0]->kind == DG_INT;
    if (!index || flow_source_of(s, e->call.on) != FLOW_SEARCH || flow_knows(s, FLOW_NOT_EMPTY, e->call.on))
        return false;
    tell(f, "DL038", e->call.name_span, " of a list that may be empty", "get");
    return true;
}

/* ifnull(name,"").subString(0,1): out of bounds when it is empty. */
static bool cut_risk(struct flow *f, const struct flow_state *s, const struct dg_expr *e)
{
    bool counts = false;
    for (size_t i = 0; i < e->call.n; i++)
        counts = counts || (e->call.arg[i]->kind == DG_INT && e->call.arg[i]->integer > 0);
    if (!counts || !ONE_OF(e->call.name, "substring", "left", "right", "mid") ||
        flow_source_of(s, e->call.on) != FLOW_BLANK)
        return false;
    tell(f, "DL048", e->call.name_span, " of a text that may be empty", e->call.name->s);
    return true;
}

/* A variable that is read where it may not have been assigned. */
static void read_name(struct flow *f, struct flow_state *s, const struct dg_expr *e)
{
    size_t i = e->name->index;
    if (s->dead || s->assigned[i] || !f->anywhere[i] || f->told[i] || f->first[i] > e->span.off ||
        flow_knows(s, FLOW_NOT_NULL, e))
        return;
    f->told[i] = 1;
    dg_c_find_at(f->c, "DL024", f->in_try ? DG_NOTE : DG_WARNING, e->span,
                 "'%s' has a value only on some of the paths to here", e->name->s);
}

static bool eval_call(struct flow *f, struct flow_state *s, struct dg_expr *e)
{
    bool told = false, test = harmless_on_null(e->call.name);
    if (e->call.on && !(test && e->call.on->kind == DG_NAME))
        told = flow_eval(f, s, e->call.on);
    for (size_t i = 0; i < e->call.n; i++)
        if (!(test && e->call.arg[i]->kind == DG_NAME))
            told = flow_eval(f, s, e->call.arg[i]) || told;
    const struct dg_expr *on = e->call.on;
    if (!on && e->call.n && conversion(e->call.name))
        on = e->call.arg[0];
    if (!on)
        return told;
    if (!told)
        told = method_risk(f, s, on, e) || (e->call.on && (index_risk(f, s, e) || cut_risk(f, s, e)));
    if (!test) /* past this call the value was there; one message a value is enough */
        flow_learn(s, FLOW_NOT_NULL, on);
    if (told && dg_is(e->call.name, "get"))
        flow_learn(s, FLOW_NOT_EMPTY, on);
    return told;
}

static bool nothing_literal(const struct dg_expr *e)
{
    return e->kind == DG_NULL || (e->kind == DG_TEXT && e->text.n == 0);
}

static bool nonzero(const struct flow_state *s, const struct dg_expr *e)
{
    while (e->kind == DG_PAREN)
        e = e->inner;
    if (e->kind == DG_INT)
        return e->integer != 0;
    if (e->kind == DG_DECIMAL)
        return e->digits[strspn(e->digits, "0.")] != '\0';
    if (e->kind == DG_CALL && ONE_OF(e->call.name, "tolong", "todecimal", "tonumber", "round")) {
        const struct dg_expr *of = e->call.on ? e->call.on : e->call.n ? e->call.arg[0] : NULL;
        if (of && nonzero(s, of))
            return true;
    }
    if (e->kind == DG_CALL && dg_is(e->call.name, "size") && e->call.on && flow_knows(s, FLOW_NOT_EMPTY, e->call.on))
        return true;
    return flow_knows(s, FLOW_NOT_ZERO, e);
}

static bool eval_binary(struct flow *f, struct flow_state *s, struct dg_expr *e)
{
    enum dg_binary_op op = e->binary.op;
    struct dg_expr *a = e->binary.left, *b = e->binary.right;
    bool equality = op == DG_OP_EQ || op == DG_OP_NE || op == DG_OP_EQ_SINGLE;
    bool test = equality && (nothing_literal(a) || nothing_literal(b));
    bool told = test && a->kind == DG_NAME ? false : flow_eval(f, s, a);
    if (op == DG_OP_AND || op == DG_OP_OR) {
        struct flow_state right;
        flow_copy(&right, s);
        flow_assume(&right, a, op == DG_OP_AND);
        told = flow_eval(f, &right, b) || told;
        flow_release(&right);
        return told;
    }
    if (!(test && b->kind == DG_NAME))
        told = flow_eval(f, s, b) || told;
    bool arithmetic = op == DG_OP_SUB || op == DG_OP_MUL || op == DG_OP_DIV || op == DG_OP_MOD;
    for (int side = 0; arithmetic && side < 2 && !told; side++) {
        const struct dg_expr *x = side ? b : a;
        if (flow_source_of(s, x) != FLOW_GET)
            continue;
        advise(tell(f, "DL040", x->span, " with a value that may be null", dg_binary_text(op)), f, x);
        flow_learn(s, FLOW_NOT_NULL, x);
        told = true;
    }
    if ((op == DG_OP_DIV || op == DG_OP_MOD) && !nonzero(s, b)) {
        tell(f, "DL046", b->span, " by what may be zero", dg_binary_text(op));
        flow_learn(s, FLOW_NOT_ZERO, b);
    }
    return told;
}

static bool eval_cond(struct flow *f, struct flow_state *s, struct dg_expr *e)
{
    struct flow_state yes, no;
    bool told = flow_eval(f, s, e->cond.test);
    flow_copy(&yes, s);
    flow_copy(&no, s);
    flow_assume(&yes, e->cond.test, true);
    flow_assume(&no, e->cond.test, false);
    told = flow_eval(f, &yes, e->cond.then) || told;
    told = flow_eval(f, &no, e->cond.otherwise) || told;
    flow_release(&yes);
    flow_release(&no);
    return told;
}

struct children {
    struct flow *f;
    struct flow_state *s;
    bool told;
};

static void eval_child(struct dg_expr *e, void *ctx)
{
    struct children *k = ctx;
    k->told = flow_eval(k->f, k->s, e) || k->told;
}

bool flow_eval(struct flow *f, struct flow_state *s, struct dg_expr *e)
{
    struct children k = {f, s, false};
    switch ((int)e->kind) {
    case DG_QUERY: /* its names are fields, its null handling the database's */
        return false;
    case DG_NAME:
        read_name(f, s, e);
        return false;
    case DG_CALL:
        return eval_call(f, s, e);
    case DG_BINARY:
        return eval_binary(f, s, e);
    case DG_COND:
        return eval_cond(f, s, e);
    default:
        dg_each_child(e, eval_child, &k);
        return k.told;
    }
}
