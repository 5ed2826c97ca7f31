#include "zoho/error.h"

#include "base/sb.h"
#include "base/secret.h"
#include "base/text.h"
#include "zoho/zoho.h"

#define BUG_FIX   "this is a defect of zagent: report it with this message"
#define FIELD_FIX "correct the value at that place in the playbook, then plan again"
#define HAND_FIX  "do this step by hand: 'zagent guide' says how"

const struct zoho_code zoho_codes[] = {
    /* sign-in */
    {"INVALID_TOKEN", ERR_AUTH, false, false, "sign in again with a new refresh token"},
    {"AUTHENTICATION_FAILURE", ERR_AUTH, false, false, "sign in again with a new refresh token"},
    {"OAUTH_SCOPE_MISMATCH", ERR_PERMISSION, false, false, "create a refresh token that has this scope"},
    {"INVALID_HOST", ERR_CONFIG, false, false, "set dc: to the data centre of this organisation"},
    /* who may */
    {"NO_PERMISSION", ERR_PERMISSION, false, false,
     "give the signed-in user's permission profile the permission named, in Setup"},
    {"AUTHORIZATION_FAILED", ERR_PERMISSION, false, false, "sign in as a user who may do this"},
    /* this org, this edition, this version */
    {"FEATURE_NOT_SUPPORTED", ERR_PERMISSION, false, true, HAND_FIX},
    {"FEATURE_NOT_ENABLED", ERR_PERMISSION, false, true, HAND_FIX},
    {"API_NOT_SUPPORTED", ERR_PERMISSION, false, true, HAND_FIX},
    {"NOT_SUPPORTED", ERR_PERMISSION, false, true, HAND_FIX},
    {"INVALID_URL_PATTERN", ERR_NOT_FOUND, false, true, HAND_FIX},
    {"NOT_ALLOWED", ERR_REMOTE, false, true, HAND_FIX},
    /* state of the org */
    {"CANNOT_PERFORM_ACTION", ERR_REMOTE, false, false, "look at what uses it, then plan again"},
    {"ALREADY_USED", ERR_REMOTE, false, false, "look at what uses it, then plan again"},
    {"DUPLICATE_DATA", ERR_STALE, false, false, "it exists already: plan again to take it up"},
    {"ALREADY_MODIFIED", ERR_STALE, false, false, "somebody changed it meanwhile: plan again"},
    {"LIMIT_EXCEEDED", ERR_LIMIT, false, false, "free one of its kind in this org, or change the edition"},
    {"LOOKUP_LIMIT_EXCEEDED", ERR_LIMIT, false, false, "free a lookup field of this module, or change the edition"},
    {"RECORD_LOCKED", ERR_REMOTE, false, false, "unlock the record, then apply again"},
    {"RECORD_IN_BLUEPRINT", ERR_REMOTE, false, false, "move the record by its Blueprint, then apply again"},
    {"RECORD_NOT_IN_PROCESS", ERR_REMOTE, false, false, "look at the record: it is in no process"},
    {"RESOURCE_NOT_FOUND", ERR_NOT_FOUND, false, false, "it is gone: plan again"},
    {"INVALID_MODULE", ERR_NOT_FOUND, false, false,
     "check the module's api_name in this org, and that its edition has it"},
    /* what we sent */
    {"MANDATORY_NOT_FOUND", ERR_REMOTE, false, false, FIELD_FIX},
    {"EXPECTED_FIELD_MISSING", ERR_REMOTE, false, false, FIELD_FIX},
    {"DEPENDENT_FIELD_MISSING", ERR_REMOTE, false, false, FIELD_FIX},
    {"EXPECTED_DEPENDENT_FIELD_MISSING", ERR_REMOTE, false, false, FIELD_FIX},
    {"DEPENDENT_MISMATCH", ERR_REMOTE, false, false, FIELD_FIX},
    {"AMBIGUITY_DURING_PROCESSING", ERR_REMOTE, false, false, FIELD_FIX},
    {"INVALID_DATA", ERR_REMOTE, false, false, FIELD_FIX},
    {"RESERVED_KEYWORD_NOT_ALLOWED", ERR_REMOTE, false, false, "choose another name in the playbook"},
    {"UNABLE_TO_PARSE_DATA_TYPE", ERR_REMOTE, false, false, FIELD_FIX},
    {"INVALID_QUERY", ERR_REMOTE, false, false, "correct the COQL criteria in the playbook"},
    {"SYNTAX_ERROR", ERR_REMOTE, false, false, "correct the COQL criteria or the function's source"},
    {"INVALID_FILE_EXTENSION", ERR_BUG, false, false, BUG_FIX},
    {"REQUIRED_PARAM_MISSING", ERR_BUG, false, false, BUG_FIX},
    {"EXPECTED_PARAM_MISSING", ERR_BUG, false, false, BUG_FIX},
    {"INVALID_REQUEST_METHOD", ERR_REMOTE, false, true, HAND_FIX},
    {"INVALID_REQUEST", ERR_REMOTE, false, true, HAND_FIX},
    {"DISCRETE_PAGINATION_LIMIT_EXCEEDED", ERR_LIMIT, false, false, BUG_FIX},
    {"PAGINATION_LIMIT_EXCEEDED", ERR_LIMIT, false, false, "narrow the query: Zoho gives no more than 100,000 rows"},
    /* rate and outage */
    {"TOO_MANY_REQUESTS", ERR_RATE, true, false, "wait a minute, then run the same command again"},
    {"INTERNAL_ERROR", ERR_NET, true, false, "Zoho failed inside: run the same command again later"},
    {"DEPENDENT_SERVICE_ERROR", ERR_NET, true, false, "Zoho failed inside: run the same command again later"},
};
const size_t zoho_codes_n = sizeof zoho_codes / sizeof *zoho_codes;

const struct zoho_code *zoho_code_find(const char *code)
{
    for (size_t i = 0; code && i < zoho_codes_n; i++)
        if (strcmp(zoho_codes[i].code, code) == 0)
            return &zoho_codes[i];
    return NULL;
}

bool zoho_refused(const struct err *e)
{
    const struct zoho_code *row = zoho_code_find(e->code);
    return row && row->refused;
}

static bool is_error(const json_t *o)
{
    return js_str(o, "code") && strcmp(js_str_or(o, "status", "error"), "success") != 0;
}

json_t *zoho_error_object(json_t *answer, int *index)
{
    *index = -1;
    if (!json_is_object(answer))
        return NULL;
    if (is_error(answer))
        return answer;
    const char *key;
    json_t *value;
    json_object_foreach (answer, key, value) {
        size_t i;
        json_t *item;
        json_array_foreach (value, i, item) {
            if (is_error(item)) {
                *index = (int)i;
                return item;
            }
        }
    }
    return NULL;
}

/* Text of a server, fit for a message: one line, no control characters, no secret. */
static char *shown(const char *text)
{
    AUTO_FREE char *clean = text_clean(text, false);
    return secret_redact(clean);
}

/* What of details helps a reader, in the order it is said. */
static const char *const telling[] = {
    "api_name", "json_path",          "param_name",     "permissions",      "supported_version",
    "limit",    "expected_data_type", "maximum_length", "supported_values", "expected_fields",
    "dependee", "ambiguity_due_to",   "used_in"};

static char *details_text(const json_t *details)
{
    AUTO_SB struct sb b = SB_INIT(160);
    for (size_t i = 0; i < sizeof telling / sizeof *telling; i++) {
        const json_t *v = json_object_get(details, telling[i]);
        if (!v)
            continue;
        AUTO_FREE char *text =
            json_is_string(v) ? mem_dup(json_string_value(v)) : json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);
        struct sb before = b;
        sb_addf(&b, "%s%s %s", b.len ? ", " : "", telling[i], text);
        if (b.bad) { /* no room: what there is says enough */
            b.bad = false;
            sb_truncate(&b, before.len);
            break;
        }
    }
    return mem_dup(b.buf);
}

static enum err_kind kind_of_http(long http)
{
    if (http == 401)
        return ERR_AUTH;
    if (http == 403)
        return ERR_PERMISSION;
    if (http == 404)
        return ERR_NOT_FOUND;
    if (http == 412)
        return ERR_STALE;
    if (http == 429)
        return ERR_RATE;
    return http >= 500 ? ERR_NET : ERR_REMOTE;
}

static void fix_of(struct err *e, const struct zoho_code *row, const char *scope)
{
    if (row && strcmp(row->code, "OAUTH_SCOPE_MISMATCH") == 0 && scope && *scope)
        err_fix(e, "create a refresh token that has the scope %s", scope);
    else if (row)
        err_fix(e, "%s", row->fix);
    else if (e->http >= 500)
        err_fix(e, "Zoho or something on the way failed: run the same command again later");
    else
        err_fix(e, "look up the code in Zoho's API documentation, correct the playbook, plan again");
}

int zoho_error_fill(struct err *e, const json_t *object, long http, const char *method, const char *path,
                    const char *scope)
{
    const char *found = js_str(object, "code");
    const char *code = found ? found : "";
    const struct zoho_code *row = zoho_code_find(code);
    AUTO_FREE char *message = shown(js_str_or(object, "message", ""));
    AUTO_FREE char *raw = details_text(js_obj(object, "details"));
    AUTO_FREE char *details = shown(raw);
    AUTO_FREE char *clean_code = shown(code);
    enum err_kind kind = row ? row->kind : kind_of_http(http);
    bool first = e && e->kind == ERR_NONE;
    if (*code)
        err_set(e, kind, "Zoho answered %.60s: '%.100s'%s%s", clean_code, message, *details ? "; " : "", details);
    else
        err_set(e, kind, "the server answered HTTP %ld without saying why", http);
    if (!first)
        return -1;
    e->http = http;
    snprintf(e->code, sizeof e->code, "%s", clean_code);
    e->retryable = row ? row->retryable : err_kind_retryable(kind);
    err_at(e, "%s %s", method, path);
    fix_of(e, row, scope);
    return -1;
}
