/* tests/sandbox/client.c — the libcurl client of the sandbox's tests. */
#include "tests/sandbox/client.h"

#include <string.h>

#include "base/sb.h"

static int64_t now_s(void *ctx)
{
    return ((struct client *)ctx)->now;
}

static void no_sleep(void *ctx, int64_t ms)
{
    (void)ctx;
    (void)ms;
}

static size_t keep(char *p, size_t n, size_t m, void *sb)
{
    sb_addn(sb, p, n * m);
    return n * m;
}

void client_mint(struct client *c)
{
    free(c->token);
    c->token = NULL;
    AUTO_FREE char *form =
        mem_printf("grant_type=refresh_token&client_id=%s&client_secret=%s&refresh_token=%s",
                   js_str(c->info, "client_id"), js_str(c->info, "client_secret"), js_str(c->info, "refresh_token"));
    AUTO_JSON json_t *a = client_send(c, 200, "POST", "/oauth/v2/token", "application/x-www-form-urlencoded", form);
    assert_non_null(js_str(a, "access_token"));
    c->token = mem_dup(js_str(a, "access_token"));
}

void client_up(struct client *c, const struct sandbox_options *o)
{
    struct sandbox_options opts = o ? *o : (struct sandbox_options){0};
    struct err e = {0};
    int64_t now = c->now ? c->now : 1770000000;
    *c = (struct client){.now = now};
    opts.clock = (struct clock){now_s, now_s, no_sleep, c};
    if (sandbox_open(&c->s, &opts, &e) || sandbox_serve(c->s, &e)) {
        fail_msg("%s (%s)", e.what, e.where);
    }
    c->info = sandbox_info(c->s);
    c->curl = curl_easy_init();
    assert_non_null(c->curl);
    client_mint(c);
}

void client_join(struct client *c, json_t *info)
{
    *c = (struct client){.info = json_incref(info), .curl = curl_easy_init()};
    assert_non_null(c->curl);
    client_mint(c);
}

void client_down(struct client *c)
{
    curl_easy_cleanup(c->curl);
    curl_slist_free_all(c->extra);
    sandbox_close(c->s);
    json_decref(c->info);
    free(c->token);
    free(c->text);
}

static CURLcode perform(struct client *c, const char *method, const char *path, const char *type, const char *body)
{
    AUTO_FREE char *url = mem_printf("%s%s", js_str(c->info, "api_url"), path);
    AUTO_FREE char *auth = mem_printf("Authorization: Zoho-oauthtoken %s", c->token ? c->token : "");
    AUTO_FREE char *ctype = mem_printf("Content-Type: %s", type);
    struct sb got = SB_INIT(64 << 20), head = SB_INIT(sizeof c->headers - 1);
    struct curl_slist *h = curl_slist_append(c->token ? curl_slist_append(NULL, auth) : NULL, ctype);
    h = curl_slist_append(h, "Expect:");
    for (struct curl_slist *x = c->extra; x; x = x->next) {
        h = curl_slist_append(h, x->data);
    }
    curl_easy_reset(c->curl);
    curl_easy_setopt(c->curl, CURLOPT_URL, url);
    curl_easy_setopt(c->curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, h);
    curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, &got);
    curl_easy_setopt(c->curl, CURLOPT_HEADERFUNCTION, keep);
    curl_easy_setopt(c->curl, CURLOPT_HEADERDATA, &head);
    curl_easy_setopt(c->curl, CURLOPT_NOPROXY, "*");
    if (js_str(c->info, "ca_file")) {
        curl_easy_setopt(c->curl, CURLOPT_CAINFO, js_str(c->info, "ca_file"));
    }
    curl_easy_setopt(c->curl, CURLOPT_FRESH_CONNECT,
                     1L); /* on a reused connection libcurl resends what got no answer */
    if (body) {
        curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, body);
        curl_easy_setopt(c->curl, CURLOPT_POSTFIELDSIZE, (long)(c->body_len ? c->body_len : strlen(body)));
    }
    CURLcode rc = curl_easy_perform(c->curl);
    c->status = 0;
    curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &c->status);
    free(c->text);
    c->text = mem_dupn(got.buf ? got.buf : "", got.len);
    c->text_len = got.len;
    c->body_len = 0;
    snprintf(c->headers, sizeof c->headers, "%s", head.buf);
    sb_release(&got);
    sb_release(&head);
    curl_slist_free_all(h);
    return rc;
}

CURLcode client_try(struct client *c, const char *method, const char *path, const char *body)
{
    return perform(c, method, path, "application/json", body);
}

json_t *client_send(struct client *c, long status, const char *method, const char *path, const char *type,
                    const char *body)
{
    CURLcode rc = perform(c, method, path, type, body);
    if (rc != CURLE_OK || (status && c->status != status)) {
        fail_msg("%s %s: curl %d, HTTP %ld where %ld was expected: %.600s", method, path, (int)rc, c->status, status,
                 c->text);
    }
    return *c->text ? json_loads(c->text, JSON_DECODE_ANY, NULL) : NULL;
}

json_t *client_call(struct client *c, long status, const char *method, const char *path, const char *body)
{
    return client_send(c, status, method, path, "application/json", body);
}

json_t *client_get(struct client *c, long status, const char *path_fmt, ...)
{
    va_list ap;
    va_start(ap, path_fmt);
    AUTO_FREE char *path = mem_vprintf(path_fmt, ap);
    va_end(ap);
    return client_call(c, status, "GET", path, NULL);
}

static json_t *first_element(json_t *a)
{
    const char *k;
    json_t *v;
    if (js_str(a, "code")) {
        return a;
    }
    json_object_foreach (a, k, v) {
        if (json_is_array(v)) {
            return json_array_get(v, 0);
        }
    }
    return NULL;
}

void client_refused(struct client *c, long status, const char *method, const char *path, const char *body,
                    const char *code, const char *json_path)
{
    AUTO_JSON json_t *a = client_call(c, status, method, path, body);
    json_t *el = first_element(a);
    assert_non_null(el);
    assert_string_equal(js_str_or(el, "code", ""), code);
    assert_string_equal(js_str_or(el, "status", ""), "error");
    assert_non_null(js_str(el, "message"));
    if (json_path) {
        assert_string_equal(js_str_or(js_obj(el, "details"), "json_path", ""), json_path);
    }
}

char *client_made(struct client *c, long status, const char *method, const char *path, const char *body)
{
    AUTO_JSON json_t *a = client_call(c, status, method, path, body);
    json_t *el = first_element(a);
    if (strcmp(js_str_or(el, "status", ""), "success") != 0) {
        fail_msg("%s %s answered %s", method, path, c->text);
    }
    return mem_dup(js_str_or(js_obj(el, "details"), "id", ""));
}

bool has(const json_t *array, const char *key, const char *value)
{
    size_t i;
    json_t *v;
    json_array_foreach (array, i, v) {
        if (strcmp(js_str_or(v, key, ""), value) == 0) {
            return true;
        }
    }
    return false;
}

json_t *pick(const json_t *array, const char *key, const char *value)
{
    size_t i;
    json_t *v;
    json_array_foreach (array, i, v) {
        if (strcmp(js_str_or(v, key, ""), value) == 0) {
            return v;
        }
    }
    fail_msg("no element with %s = %s", key, value);
    return NULL;
}
