#include "zoho/accounts.h"

#include "base/mem.h"
#include "base/text.h"

enum { FORM_MAX = 64 << 10 };

/* zoho.com/accounts/protocol/oauth and reports of its users. */
static const struct {
    const char *error;
    enum err_kind kind;
    const char *fix;
} refusal[] = {
    {"invalid_code", ERR_AUTH,
     "the refresh token was revoked or belongs to another data centre: run 'zagent auth login', or set dc: right"},
    {"invalid_client", ERR_AUTH, "check the client id, and that dc: is the data centre it was registered in"},
    {"invalid_client_secret", ERR_AUTH, "check the client secret: each data centre may have its own"},
    {"invalid_redirect_uri", ERR_AUTH,
     "register exactly the redirect URI that 'zagent auth login' prints at the API console, or use --flow self-client"},
    {"invalid_scope", ERR_PERMISSION,
     "one of the scopes does not exist there: 'zagent auth scopes' lists them; leave out what the message names"},
    {"access_denied", ERR_AUTH, "the user said no: run 'zagent auth login' again and accept"},
    {"expired", ERR_AUTH, "nobody answered in time: run 'zagent auth login' again"},
    {"Access Denied", ERR_RATE, "too many sign-ins: wait 10 minutes, then run the same command again"},
    {"general_error", ERR_NET, "Zoho's sign-in failed inside: run the same command again later"},
};

int accounts_refused(const char *error, struct err *e)
{
    AUTO_FREE char *clean = text_clean(error ? error : "no access token", false);
    for (size_t i = 0; error && i < sizeof refusal / sizeof *refusal; i++) {
        if (strcmp(refusal[i].error, error) != 0)
            continue;
        err_set(e, refusal[i].kind, "Zoho refused the sign-in: '%.80s'", clean);
        return err_fix(e, "%s", refusal[i].fix);
    }
    err_set(e, ERR_AUTH, "Zoho refused the sign-in: '%.80s'", clean);
    return err_fix(e, "check dc:, the client id, the client secret and the refresh token");
}

char *accounts_form(const struct accounts_pair *pair, size_t n)
{
    /* One block, never moved: a builder that grows would leave copies of the secrets behind. */
    char *form = mem_zalloc(FORM_MAX);
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        if (!pair[i].value)
            continue;
        char *v = text_percent_encode(pair[i].value);
        int more = snprintf(form + len, FORM_MAX - len, "%s%s=%s", len ? "&" : "", pair[i].name, v);
        len += more > 0 && (size_t)more < FORM_MAX - len ? (size_t)more : 0;
        explicit_bzero(v, strlen(v));
        free(v);
    }
    form[len] = '\0';
    return form;
}

void accounts_form_free(char *form)
{
    if (form)
        explicit_bzero(form, strlen(form));
    free(form);
}

static int read_answer(const struct http_answer *a, json_t **answer, enum retry_outcome *outcome, struct err *e)
{
    *outcome = a->outcome;
    if (a->outcome != RETRY_OK) {
        if (e)
            *e = a->err;
        return -1;
    }
    if (a->status >= 500) {
        *outcome = RETRY_SERVER;
        err_set(e, ERR_NET, "Zoho's sign-in answered HTTP %ld", a->status);
        return err_fix(e, "run the same command again later");
    }
    if (a->html || (a->status >= 300 && a->status < 400)) {
        *outcome = RETRY_GARBLED;
        err_set(e, ERR_REMOTE, "Zoho's sign-in answered with HTTP %ld and %s instead of a token", a->status,
                a->html ? "a web page" : "a redirect");
        return err_fix(e, "check that dc: is right and that no proxy or login page stands between");
    }
    struct err bad = {0};
    *answer = js_parse_remote(a->body, a->len, "token answer", &bad);
    if (*answer)
        return 0;
    *outcome = RETRY_GARBLED;
    err_set(e, ERR_REMOTE, "Zoho's sign-in answered something that is not JSON");
    return err_fix(e, "check that no proxy or login page stands between, then run the same command again");
}

int accounts_post(struct http *h, const char *base, const char *path, const char *form, json_t **answer,
                  enum retry_outcome *outcome, int64_t *retry_after_s, struct err *e)
{
    AUTO_FREE char *url = mem_printf("%s%s", base, path);
    struct http_request rq = {.method = "POST",
                              .url = url,
                              .content_type = "application/x-www-form-urlencoded",
                              .body = form,
                              .len = strlen(form),
                              .write = true};
    void *tag = NULL;
    struct http_answer a = {0};
    *answer = NULL;
    *outcome = RETRY_FATAL;
    *retry_after_s = 0;
    if (http_start(h, &rq, h, e) < 0)
        return -1;
    while (!http_next(h, 1000, &tag, &a))
        ;
    *retry_after_s = a.retry_after_s;
    int rc = read_answer(&a, answer, outcome, e);
    http_answer_release(&a);
    return rc < 0 ? err_at(e, "POST %s", url) : 0;
}
