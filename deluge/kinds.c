#include "deluge/kinds.h"

#include "base/mem.h"

bool dg_kind_is_text(enum dg_kind kind)
{
    return kind == DG_K_TEXT || kind == DG_K_ID;
}

bool dg_kind_is_number(enum dg_kind kind)
{
    return kind == DG_K_NUMBER || kind == DG_K_QUOTIENT;
}

bool dg_kind_lookup_field(const char *api_name)
{
    static const char *const lookups[] = {"Owner",        "Created_By",  "Modified_By", "Account_Name",
                                          "Contact_Name", "Vendor_Name", "Layout"};
    for (size_t i = 0; i < sizeof lookups / sizeof *lookups; i++)
        if (strcmp(api_name, lookups[i]) == 0)
            return true;
    return false;
}

static enum dg_kind join(enum dg_kind a, enum dg_kind b)
{
    if (a == b || b == DG_K_NONE)
        return a;
    if (a == DG_K_NONE)
        return b;
    if (dg_kind_is_text(a) && dg_kind_is_text(b))
        return DG_K_TEXT;
    if (dg_kind_is_number(a) && dg_kind_is_number(b))
        return DG_K_NUMBER;
    if ((a == DG_K_LIST && b == DG_K_RECORDS) || (a == DG_K_RECORDS && b == DG_K_LIST))
        return DG_K_RECORDS; /* records = List(); is where many begin */
    bool maps = (a == DG_K_MAP || a == DG_K_RECORD) && (b == DG_K_MAP || b == DG_K_RECORD);
    return maps ? DG_K_MAP : DG_K_MIXED;
}

/* ── Calls: what the built-ins give, whatever they are given ── */

static const struct {
    const char *lower;
    enum dg_kind gives;
} gives[] = {
    {"abs", DG_K_NUMBER},         {"addday", DG_K_DATE},     {"addhour", DG_K_DATE},     {"addminutes", DG_K_DATE},
    {"addmonth", DG_K_DATE},      {"addweek", DG_K_DATE},    {"addyear", DG_K_DATE},     {"ceil", DG_K_NUMBER},
    {"contains", DG_K_BOOL},      {"containkey", DG_K_BOOL}, {"containskey", DG_K_BOOL}, {"count", DG_K_NUMBER},
    {"daysbetween", DG_K_NUMBER}, {"encodeurl", DG_K_TEXT},  {"endswith", DG_K_BOOL},    {"floor", DG_K_NUMBER},
    {"getprefix", DG_K_TEXT},     {"getsuffix", DG_K_TEXT},  {"hextotext", DG_K_TEXT},   {"indexof", DG_K_NUMBER},
    {"isempty", DG_K_BOOL},       {"isnull", DG_K_BOOL},     {"keys", DG_K_LIST},        {"left", DG_K_TEXT},
    {"leftpad", DG_K_TEXT},       {"len", DG_K_NUMBER},      {"length", DG_K_NUMBER},    {"list", DG_K_LIST},
    {"ltrim", DG_K_TEXT},         {"map", DG_K_MAP},         {"mid", DG_K_TEXT},         {"replaceall", DG_K_TEXT},
    {"right", DG_K_TEXT},         {"rightpad", DG_K_TEXT},   {"round", DG_K_NUMBER},     {"rtrim", DG_K_TEXT},
    {"size", DG_K_NUMBER},        {"startswith", DG_K_BOOL}, {"substring", DG_K_TEXT},   {"todate", DG_K_DATE},
    {"todecimal", DG_K_NUMBER},   {"tojsonlist", DG_K_LIST}, {"tolist", DG_K_LIST},      {"tolong", DG_K_NUMBER},
    {"tolowercase", DG_K_TEXT},   {"tomap", DG_K_MAP},       {"tonumber", DG_K_NUMBER},  {"tostring", DG_K_TEXT},
    {"totext", DG_K_TEXT},        {"totime", DG_K_DATE},     {"touppercase", DG_K_TEXT}, {"trim", DG_K_TEXT},
    {"values", DG_K_LIST},
};

static const char *literal(const struct dg_expr *e)
{
    return e->kind == DG_TEXT ? e->text.s : NULL;
}

/* zoho.crm.…; getRecords("users") answers with a map. */
static enum dg_kind task_gives(const char *task, const struct dg_expr *e)
{
    if (strcmp(task, "getrecordbyid") == 0)
        return DG_K_RECORD;
    if (strcmp(task, "createrecord") == 0 || strcmp(task, "updaterecord") == 0)
        return DG_K_MAP;
    if (strcmp(task, "getrelatedrecords") == 0)
        return DG_K_RECORDS;
    bool list = strcmp(task, "getrecords") == 0 || strcmp(task, "searchrecords") == 0;
    const char *module = e->call.n ? literal(e->call.arg[0]) : NULL;
    return list && module && strcmp(module, "users") != 0 && strcmp(module, "Users") != 0 ? DG_K_RECORDS : DG_K_MIXED;
}

static enum dg_kind got(const struct dg_kinds *k, const struct dg_expr *e)
{
    enum dg_kind on = dg_kind_of(k, e->call.on), by = dg_kind_of(k, e->call.arg[0]);
    const char *key = literal(e->call.arg[0]);
    if (on == DG_K_NONE)
        return DG_K_NONE;
    if (on == DG_K_RECORDS && dg_kind_is_number(by))
        return DG_K_RECORD;
    if ((on == DG_K_RECORD || on == DG_K_LOOKUP) && key && strcmp(key, "id") == 0)
        return DG_K_ID;
    return on == DG_K_RECORD && key && dg_kind_lookup_field(key) ? DG_K_LOOKUP : DG_K_MIXED;
}

static enum dg_kind of_call(const struct dg_kinds *k, const struct dg_expr *e)
{
    char path[160];
    const char *p = dg_path(e, path, sizeof path);
    if (p && strncmp(p, "zoho.crm.", 9) == 0)
        return task_gives(p + 9, e);
    if (dg_is(e->call.name, "ifnull") && e->call.n == (e->call.on ? 1 : 2))
        return join(dg_kind_of(k, e->call.on ? e->call.on : e->call.arg[0]), dg_kind_of(k, e->call.arg[e->call.n - 1]));
    if (dg_is(e->call.name, "get") && e->call.on && e->call.n == 1)
        return got(k, e);
    for (size_t i = 0; i < sizeof gives / sizeof *gives; i++)
        if (dg_is(e->call.name, gives[i].lower))
            return gives[i].gives;
    return DG_K_MIXED;
}

/* ── Operators ── */

static enum dg_kind of_binary(const struct dg_kinds *k, const struct dg_expr *e)
{
    enum dg_kind a = dg_kind_of(k, e->binary.left), b = dg_kind_of(k, e->binary.right);
    switch ((int)e->binary.op) {
    case DG_OP_DIV:
        return DG_K_QUOTIENT;
    case DG_OP_ADD:
        if (dg_kind_is_text(a) || dg_kind_is_text(b))
            return DG_K_TEXT;
        if (a == DG_K_NONE || b == DG_K_NONE)
            return DG_K_NONE;
        break;
    case DG_OP_SUB:
    case DG_OP_MUL:
    case DG_OP_MOD:
        if (a == DG_K_NONE || b == DG_K_NONE)
            return DG_K_NONE;
        break;
    default:
        return DG_K_BOOL;
    }
    if (!dg_kind_is_number(a) || !dg_kind_is_number(b))
        return DG_K_MIXED;
    return a == DG_K_QUOTIENT || b == DG_K_QUOTIENT ? DG_K_QUOTIENT : DG_K_NUMBER;
}

static enum dg_kind of_member(const struct dg_expr *e)
{
    char path[160];
    const char *p = dg_path(e, path, sizeof path);
    if (!p)
        return DG_K_MIXED;
    if (strcmp(p, "zoho.currentdate") == 0 || strcmp(p, "zoho.currenttime") == 0)
        return DG_K_DATE;
    return strcmp(p, "zoho.loginuserid") == 0 || strcmp(p, "zoho.adminuserid") == 0 ? DG_K_TEXT : DG_K_MIXED;
}

enum dg_kind dg_kind_of(const struct dg_kinds *k, const struct dg_expr *e)
{
    switch ((int)e->kind) {
    case DG_NULL:
        return DG_K_NONE;
    case DG_TEXT: /* '…' may be a date */
        return e->text.quote == '"' ? DG_K_TEXT : DG_K_MIXED;
    case DG_INT:
    case DG_DECIMAL:
        return DG_K_NUMBER;
    case DG_BOOL:
        return DG_K_BOOL;
    case DG_LIST:
    case DG_TYPED_LIST:
        return DG_K_LIST;
    case DG_MAP:
        return DG_K_MAP;
    case DG_PAREN:
        return dg_kind_of(k, e->inner);
    case DG_COND:
        return join(dg_kind_of(k, e->cond.then), dg_kind_of(k, e->cond.otherwise));
    case DG_NAME:
        return (enum dg_kind)k->name[e->name->index];
    case DG_MEMBER:
        return of_member(e);
    case DG_UNARY:
        return e->unary.op == DG_OP_NOT ? DG_K_BOOL : dg_kind_of(k, e->unary.operand);
    case DG_BINARY:
        return of_binary(k, e);
    case DG_CALL:
        return of_call(k, e);
    default:
        return DG_K_MIXED;
    }
}

/* ── Variables ── */

struct round {
    struct dg_kinds *k;
    bool changed;
};

static void give(struct round *r, const struct dg_name *name, enum dg_kind kind)
{
    unsigned char *at = &r->k->name[name->index];
    enum dg_kind both = join((enum dg_kind) * at, kind);
    r->changed = r->changed || both != *at;
    *at = (unsigned char)both;
}

static void round_block(const struct dg_block *b, void *ctx)
{
    struct round *r = ctx;
    for (size_t i = 0; i < b->n; i++) {
        const struct dg_stmt *s = b->stmt[i];
        if (s->kind == DG_FUNCTION)
            continue;
        if (s->kind == DG_S_ASSIGN && s->assign.target->kind == DG_NAME)
            give(r, s->assign.target->name, dg_kind_of(r->k, s->assign.value));
        if (s->kind == DG_S_FOR_EACH) {
            bool records = dg_kind_of(r->k, s->each.iter) == DG_K_RECORDS;
            give(r, s->each.var, s->each.index ? DG_K_NUMBER : records ? DG_K_RECORD : DG_K_MIXED);
        }
        if (s->kind == DG_S_TRY && s->attempt.var)
            give(r, s->attempt.var, DG_K_MIXED);
        dg_each_stmt_block(s, round_block, r);
    }
}

static enum dg_kind declared(const struct dg_name *type)
{
    static const struct {
        const char *lower;
        enum dg_kind kind;
    } rows[] = {{"string", DG_K_TEXT},  {"int", DG_K_NUMBER},     {"long", DG_K_NUMBER},
                {"float", DG_K_NUMBER}, {"decimal", DG_K_NUMBER}, {"bool", DG_K_BOOL},
                {"date", DG_K_DATE},    {"map", DG_K_MAP},        {"list", DG_K_LIST}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (dg_is(type, rows[i].lower))
            return rows[i].kind;
    return DG_K_MIXED;
}

void dg_kinds_init(struct dg_kinds *k, const struct dg_script *s, const struct dg_function *f)
{
    enum { ROUNDS = 12 }; /* a variable changes three times at most; longer chains are given up */
    struct round r = {k, true};
    k->name = mem_zalloc(s->n_names + 1);
    for (size_t i = 0; f && i < f->n; i++)
        give(&r, f->param[i].name, declared(f->param[i].type));
    for (int i = 0; i < ROUNDS && r.changed; i++) {
        r.changed = false;
        round_block(f ? &f->body : &s->body, &r);
    }
    if (r.changed)
        memset(k->name, DG_K_MIXED, s->n_names);
}

void dg_kinds_release(struct dg_kinds *k)
{
    free(k->name);
    k->name = NULL;
}
