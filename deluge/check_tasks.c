/* Task blocks, searches: DL015 to DL017, DL020, DL021, DL059, DL060, DL066, DL067, DL071. */
#include "base/sb.h"
#include "base/text.h"
#include "deluge/checker.h"

static const char *const url_keys[] = {"url",
                                       "type",
                                       "headers",
                                       "body",
                                       "parameters",
                                       "files",
                                       "content-type",
                                       "connection",
                                       "detailed",
                                       "response-format",
                                       "response-decoding",
                                       "content type",
                                       "service",
                                       "path",
                                       "query"};
static const char *const mail_keys[] = {"from",    "to",           "cc",          "bcc",          "reply to", "subject",
                                        "message", "content type", "attachments", "content-type", "reply-to"};

static void keys(struct dg_checker *c, const struct dg_task *t, const char *const *known, size_t n)
{
    for (size_t i = 0; i < t->n; i++) {
        bool found = false;
        for (size_t k = 0; k < n; k++)
            found = found || strcmp(t->field[i].key, known[k]) == 0;
        if (found)
            continue;
        const char *near = text_nearest(t->field[i].key, known, n);
        struct dg_diag *g = dg_c_find(c, "DL015", t->field[i].key_span, "unknown key '%s'", t->field[i].key);
        if (near)
            dg_diag_fix(g, "did you mean '%s'?", near);
    }
}

static void comments_inside(struct dg_checker *c, const struct dg_task *t, struct dg_span whole)
{
    size_t low = 0, high = c->s->n_tokens;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c->s->token[middle].span.off <= t->open.off)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low; i < c->s->n_tokens && c->s->token[i].span.off < whole.end; i++) {
        const struct dg_token *k = &c->s->token[i];
        if (k->kind == DG_T_COMMENT) {
            dg_c_find(c, "DL017", k->span, "a comment inside the block may be refused");
            return;
        }
    }
}

/* The literal a joined text begins with: "https://…" of "https://…" + id. */
static const char *leading_text(const struct dg_expr *e)
{
    while (e->kind == DG_PAREN || e->kind == DG_BINARY)
        e = e->kind == DG_PAREN ? e->inner : e->binary.left;
    return dg_c_text(e);
}

static bool zoho_api(const char *url)
{
    bool api;
    return dg_c_zoho_host(url, &api) && (api || strstr(url, "/api/"));
}

/* Does a text of the URL carry its own key, or ask for none? */
static void own_key(struct dg_expr *e, void *ctx)
{
    bool *found = ctx;
    const char *url = dg_c_text(e);
    if (url &&
        (strstr(url, "zapikey") || strstr(url, "authtoken") || strstr(url, "oauth/v2/token") || strstr(url, "public")))
        *found = true;
    dg_each_child(e, own_key, ctx);
}

static void invoke(struct dg_checker *c, const struct dg_task *t, struct dg_span whole)
{
    const struct dg_field *url = dg_task_field(t, "url"), *connection = dg_task_field(t, "connection");
    keys(c, t, url_keys, sizeof url_keys / sizeof *url_keys);
    if (t->kind == DG_INVOKEURL && !url)
        dg_c_find(c, "DL016", dg_c_word(whole, "invokeurl"), "this call has no url");
    else if (t->kind == DG_INVOKEURL && !dg_task_field(t, "type"))
        dg_c_find_at(c, "DL016", DG_WARNING, dg_c_word(whole, "invokeurl"), "this call says no type");
    if (dg_task_field(t, "body") && dg_task_field(t, "parameters"))
        dg_c_find(c, "DL071", dg_task_field(t, "body")->key_span, "both body and parameters");
    const char *text = url ? leading_text(url->value[0]) : NULL;
    bool keyed = false;
    if (url)
        own_key(url->value[0], &keyed);
    if (text && zoho_api(text) && !keyed && !connection && !dg_task_field(t, "headers"))
        dg_c_find(c, "DL066", url->key_span, "a Zoho API without connection or headers answers 401");
    if (connection && !dg_c_text(connection->value[0]) && connection->value[0]->kind != DG_NAME)
        dg_c_find(c, "DL067", connection->value[0]->span, "the connection is no literal link name");
    comments_inside(c, t, whole);
}

static void mail(struct dg_checker *c, const struct dg_task *t, struct dg_span whole)
{
    static const char *const needed[] = {"from", "to", "subject", "message"};
    keys(c, t, mail_keys, sizeof mail_keys / sizeof *mail_keys);
    AUTO_SB struct sb missing = SB_INIT(100);
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!dg_task_field(t, needed[i]))
            sb_addf(&missing, "%s'%s'", missing.len ? ", " : "", needed[i]);
    if (missing.len)
        dg_c_find(c, "DL020", dg_c_word(whole, "sendmail"), "sendmail lacks %s", missing.buf);
    const struct dg_field *from = dg_task_field(t, "from");
    if (from && dg_c_text(from->value[0])) {
        dg_c_find(c, "DL021", from->value[0]->span, "a literal sender must be a verified address");
    }
    comments_inside(c, t, whole);
}

/* ── Search criteria ── */

/* dealId, deal.ID: an id holds no mark that criteria trip over. */
static bool named_id(const struct dg_expr *e)
{
    const struct dg_name *n = e->kind == DG_NAME ? e->name : e->kind == DG_MEMBER ? e->member.name : NULL;
    return n && n->len >= 2 && strcmp(n->lower + n->len - 2, "id") == 0;
}

static bool converted(const struct dg_expr *e)
{
    if (named_id(e))
        return true;
    static const char *const safe[] = {"tolong", "encodeurl", "urlencode", "tonumber", "size"};
    if (e->kind != DG_CALL)
        return e->kind == DG_INT || e->kind == DG_DECIMAL || e->kind == DG_TEXT;
    for (size_t i = 0; i < sizeof safe / sizeof *safe; i++)
        if (dg_is(e->call.name, safe[i]))
            return true;
    bool id = dg_is(e->call.name, "get") && e->call.n == 1 && dg_c_text(e->call.arg[0]) &&
              strcmp(dg_c_text(e->call.arg[0]), "id") == 0;
    return id || (dg_is(e->call.name, "tostring") && e->call.on && converted(e->call.on));
}

/* First raw value joined into the criteria, NULL when there is none. */
static const struct dg_expr *raw_part(const struct dg_expr *e)
{
    if (e->kind == DG_PAREN)
        return raw_part(e->inner);
    if (e->kind == DG_BINARY && e->binary.op == DG_OP_ADD) {
        const struct dg_expr *left = raw_part(e->binary.left);
        return left ? left : raw_part(e->binary.right);
    }
    return converted(e) ? NULL : e;
}

static const char *const operators[] = {"equals",        "not_equal",  "starts_with",  "in",
                                        "between",       "contains",   "greater_than", "less_than",
                                        "greater_equal", "less_equal", "not_in",       "ends_with"};

static void condition_operator(struct dg_checker *c, const struct dg_expr *e, const char *start)
{
    const char *colon = strchr(start, ':'), *end = strpbrk(start, "()");
    const char *second = colon ? strchr(colon + 1, ':') : NULL;
    if (!colon || !second || (end && end < second) || second - colon > 30)
        return;
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if ((size_t)(second - colon - 1) == strlen(operators[i]) &&
            memcmp(colon + 1, operators[i], strlen(operators[i])) == 0)
            return;
    dg_c_find(c, "DL060", e->span, "unknown operator '%.*s' in the criteria", (int)(second - colon - 1), colon + 1);
}

static void criteria_text(struct dg_checker *c, const struct dg_expr *e)
{
    const char *s = dg_c_text(e);
    int depth = 0;
    for (const char *p = s; *p && depth >= 0; p++) {
        depth += *p == '(';
        depth -= *p == ')';
        if (*p == '(')
            condition_operator(c, e, p + 1);
    }
    if (depth != 0)
        dg_c_find(c, "DL060", e->span, "the brackets of the criteria do not balance");
    else if (*s != '(' && strchr(s, ':'))
        dg_c_find(c, "DL060", e->span, "each condition of the criteria stands in ( )");
}

static void search(struct dg_checker *c, const struct dg_expr *e)
{
    if (e->call.n < 2)
        return;
    const struct dg_expr *criteria = e->call.arg[1];
    if (dg_c_text(criteria)) {
        criteria_text(c, criteria);
        return;
    }
    const struct dg_expr *raw = criteria->kind == DG_BINARY ? raw_part(criteria) : NULL;
    if (raw) {
        dg_c_find(c, "DL059", raw->span, "a raw value is joined into the criteria");
    }
}

static void check_expr(struct dg_checker *c, struct dg_expr *e, const struct dg_place *at, void *ctx)
{
    (void)at, (void)ctx;
    if (e->kind == DG_TASK && e->task.kind != DG_INSERT)
        invoke(c, &e->task, e->span);
    if (e->kind == DG_CALL && dg_is(e->call.name, "searchrecords") && dg_is(dg_root_name(e), "zoho"))
        search(c, e);
}

static void check_stmt(struct dg_checker *c, const struct dg_stmt *s, const struct dg_place *at, void *ctx)
{
    (void)at, (void)ctx;
    if (s->kind == DG_S_MAIL && s->task.kind == DG_SENDMAIL)
        mail(c, &s->task, s->span);
}

void dg_c_tasks(struct dg_checker *c)
{
    dg_c_walk(c, check_stmt, check_expr, NULL);
}
