#include "deluge/builtin_regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/mem.h"

enum { MATCH_LIMIT = 200000 };

static pcre2_code *compile(struct dg_frame *f, struct dv pattern, uint32_t options)
{
    int code;
    size_t at;
    pcre2_code *re = pcre2_compile((PCRE2_SPTR)pattern.t.s, pattern.t.n,
                                   options | PCRE2_UTF | (options & PCRE2_LITERAL ? 0 : PCRE2_UCP), &code, &at, NULL);
    PCRE2_UCHAR why[120] = "";
    if (re)
        return re;
    pcre2_get_error_message(code, why, sizeof why);
    dg_fail(f, "\"%.60s\" is no pattern: %s at %zu", pattern.t.s, (const char *)why, at);
    return NULL;
}

static bool bad_match(struct dg_frame *f, int rc)
{
    return rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_DEPTHLIMIT || rc == PCRE2_ERROR_HEAPLIMIT
               ? dg_fail_limit(f, "The pattern needs too many steps")
               : dg_fail(f, "An error occurred while performing this action: the text is not UTF-8");
}

bool dg_regex_matches(struct dg_frame *f, struct dv text, struct dv pattern, struct dv *out)
{
    pcre2_code *re = compile(f, pattern, PCRE2_ANCHORED | PCRE2_ENDANCHORED);
    if (!re)
        return false;
    pcre2_match_data *m = pcre2_match_data_create_from_pattern(re, NULL);
    pcre2_match_context *mc = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(mc, MATCH_LIMIT);
    int rc = pcre2_match(re, (PCRE2_SPTR)text.t.s, text.t.n, 0, 0, m, mc);
    pcre2_match_context_free(mc);
    pcre2_match_data_free(m);
    pcre2_code_free(re);
    *out = dv_bool(rc > 0);
    return rc > 0 || rc == PCRE2_ERROR_NOMATCH ? true : bad_match(f, rc);
}

/* The result's length is not known before: twice is enough, the second time with the length PCRE2 asked for. */
static bool substitute(struct dg_frame *f, const pcre2_code *re, pcre2_match_context *mc, struct dv text,
                       struct dv with, uint32_t options, struct dv *out)
{
    size_t size = text.t.n * 2 + with.t.n + 64;
    for (int turn = 0; turn < 2; turn++) {
        AUTO_FREE char *buf = mem_alloc(size + 1);
        size_t n = size;
        int rc = pcre2_substitute(re, (PCRE2_SPTR)text.t.s, text.t.n, 0, options | PCRE2_SUBSTITUTE_OVERFLOW_LENGTH,
                                  NULL, mc, (PCRE2_SPTR)with.t.s, with.t.n, (PCRE2_UCHAR *)buf, &n);
        if (rc >= 0) {
            *out = dv_textn(&f->run->arena, buf, n);
            return true;
        }
        if (rc != PCRE2_ERROR_NOMEMORY || n > DV_MAX_TEXT)
            return rc == PCRE2_ERROR_NOMEMORY ? dg_fail_limit(f, "A text is longer than %d MB", DV_MAX_TEXT >> 20)
                                              : bad_match(f, rc);
        size = n;
    }
    return false;
}

bool dg_regex_replace(struct dg_frame *f, struct dv text, struct dv pattern, struct dv with, struct dg_replace how,
                      struct dv *out)
{
    *out = text;
    if (!pattern.t.n)
        return true;
    pcre2_code *re = compile(f, pattern, (how.literal ? PCRE2_LITERAL : 0) | (how.fold ? PCRE2_CASELESS : 0));
    if (!re)
        return false;
    pcre2_match_context *mc = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(mc, MATCH_LIMIT);
    uint32_t options = PCRE2_SUBSTITUTE_UNSET_EMPTY | (how.first ? 0 : PCRE2_SUBSTITUTE_GLOBAL);
    if (how.literal)
        options |= PCRE2_SUBSTITUTE_LITERAL;
    bool ok = substitute(f, re, mc, text, with, options, out);
    pcre2_match_context_free(mc);
    pcre2_code_free(re);
    return ok;
}
