#include "agent/credential.h"

#include "agent/ask.h"
#include "agent/keyring.h"
#include "base/seal.h"

static const char schema[] = "zagent.credential/1";
enum { FILE_MAX = 256 << 10 };

void credential_release(struct credential *c)
{
    json_decref(c->about);
    secret_release(&c->client_secret);
    secret_release(&c->refresh_token);
    *c = (struct credential){0};
}

const char *credential_role(enum zoho_role role)
{
    return role == ZOHO_WRITER ? "writer" : "reader";
}

char *credential_folder(void)
{
    const char *xdg = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    return xdg && xdg[0] == '/' ? mem_printf("%s/zagent", xdg)
                                : mem_printf("%s/.local/state/zagent", home ? home : "/nonexistent");
}

static char *file_name(const char *org, enum zoho_role role)
{
    return mem_printf("%s.%s.credentials.json", org, credential_role(role));
}

/* A private file of the folder as JSON; NULL with e->kind ERR_NONE when it is not there. */
static json_t *load(const struct fs_root *root, const char *name, struct err *e)
{
    AUTO_FREE char *path = mem_printf("%s/%s", root->path, name);
    char *text = NULL;
    size_t len = 0;
    if (!fs_exists(path) || fs_private_check(path, e) < 0 || fs_read_in(root, name, FILE_MAX, &text, &len, e) < 0)
        return NULL;
    json_t *o = js_parse(text, len, path, e);
    explicit_bzero(text, len);
    free(text);
    return o;
}

/* {client_id, client_secret, refresh_token} of before there was 'auth login'; its about is made here. */
static json_t *by_hand(const struct fs_root *root, const char *org, enum zoho_role role, struct err *e)
{
    AUTO_FREE char *name = mem_printf("%s.%s.json", org, credential_role(role));
    json_t *o = load(root, name, e);
    if (!o || role == ZOHO_READER)
        return o;
    json_decref(o);
    err_set(e, ERR_REFUSED, "the writer credential lies there in the clear");
    err_at(e, "%s/%s", root->path, name);
    err_fix(e, "run 'zagent auth login --org %s --writer --flow import --client-file %s', then remove the file", org,
            name);
    return NULL;
}

static int check_shape(const json_t *o, const char *path, struct err *e)
{
    const json_t *about = js_obj(o, "about");
    if (strcmp(js_str_or(o, "schema", ""), schema) == 0 && js_str(about, "client_id") && js_str(about, "keep"))
        return 0;
    err_set(e, ERR_CONFIG, "this is not a credential that this zagent knows (%s)", schema);
    err_at(e, "%s", path);
    return err_fix(e, "run 'zagent auth login' again; a newer zagent may have written it");
}

json_t *credential_about(const struct fs_root *root, const char *org, enum zoho_role role, struct err *e)
{
    AUTO_FREE char *name = file_name(org, role);
    AUTO_FREE char *path = mem_printf("%s/%s", root->path, name);
    AUTO_JSON json_t *o = load(root, name, e);
    if (o) {
        if (check_shape(o, path, e) < 0)
            return NULL;
        json_t *about = json_deep_copy(js_obj(o, "about"));
        js_set_str(about, "file", path);
        return about;
    }
    if (e->kind != ERR_NONE)
        return NULL;
    AUTO_JSON json_t *old = by_hand(root, org, role, e);
    if (!old)
        return NULL;
    json_t *about = json_object();
    js_set_str(about, "org", org);
    js_set_str(about, "role", credential_role(role));
    js_set_str(about, "client_id", js_str(old, "client_id"));
    js_set_str(about, "keep", "by hand");
    js_set_strf(about, "file", "%s/%s.%s.json", root->path, org, credential_role(role));
    return about;
}

static int take_secrets(struct credential *c, const json_t *secrets, const char *path, struct err *e)
{
    static const char *const need[] = {"client_secret", "refresh_token"};
    for (size_t i = 0; i < 2; i++) {
        if (js_str(secrets, need[i]))
            continue;
        err_set(e, ERR_AUTH, "the credential has no '%s'", need[i]);
        err_at(e, "%s", path);
        return err_fix(e, "run 'zagent auth login' again");
    }
    secret_set(&c->client_secret, js_str(secrets, "client_secret"));
    secret_set(&c->refresh_token, js_str(secrets, "refresh_token"));
    return 0;
}

static int take_text(struct credential *c, const struct secret *text, const char *path, struct err *e)
{
    AUTO_JSON json_t *secrets = js_parse(text->p, text->n, path, e);
    return secrets ? take_secrets(c, secrets, path, e) : -1;
}

/* The secrets, from wherever about says they are kept. */
static int unlock(struct app *a, const json_t *o, const char *org, const char *path, struct credential *c,
                  struct err *e)
{
    const char *keep = js_str_or(c->about, "keep", "");
    const char *role = js_str_or(c->about, "role", "");
    struct secret text = {0};
    struct secret passphrase = {0};
    int rc = -1;
    if (strcmp(keep, "file") == 0)
        return take_secrets(c, js_obj(o, "secrets"), path, e);
    if (strcmp(keep, "keyring") == 0) {
        rc = keyring_lookup(org, role, &text, e);
    } else if (strcmp(keep, "passphrase") == 0) {
        AUTO_FREE char *what = mem_printf("the %s credential of org %s", role, org);
        AUTO_FREE char *about = js_canonical(c->about, e);
        rc = !about || ask_passphrase(a, what, false, &passphrase, e) < 0
                 ? -1
                 : seal_open(js_obj(o, "sealed"), &passphrase, about, &text, e);
    } else {
        err_set(e, ERR_CONFIG, "the credential is kept in a way nobody knows ('%.20s')", keep);
        err_fix(e, "run 'zagent auth login' again");
    }
    rc = rc < 0 ? err_at(e, "%s", path) : take_text(c, &text, path, e);
    secret_release(&text);
    secret_release(&passphrase);
    return rc;
}

static int none(struct err *e, const char *org, enum zoho_role role)
{
    bool writer = role == ZOHO_WRITER;
    err_set(e, ERR_AUTH, "not signed in to org '%s' for %s", org, writer ? "writing" : "reading");
    return err_fix(e, "run 'zagent auth login --org %s%s'; docs/SIGN-IN.md says how", org, writer ? " --writer" : "");
}

int credential_open(struct app *a, const struct fs_root *root, const char *org, enum zoho_role role,
                    struct credential *out, struct err *e)
{
    *out = (struct credential){0};
    struct err local = {0};
    out->about = credential_about(root, org, role, &local);
    if (!out->about) {
        if (local.kind != ERR_NONE)
            *e = local;
        return local.kind != ERR_NONE ? -1 : none(e, org, role);
    }
    AUTO_FREE char *path = mem_dup(js_str(out->about, "file"));
    json_object_del(out->about, "file");
    bool old = strcmp(js_str(out->about, "keep"), "by hand") == 0;
    AUTO_FREE char *name = old ? mem_printf("%s.%s.json", org, credential_role(role)) : file_name(org, role);
    AUTO_JSON json_t *o = load(root, name, e);
    int rc = !o ? -1 : old ? take_secrets(out, o, path, e) : unlock(a, o, org, path, out, e);
    if (rc == 0 && !js_str(out->about, "client_id")) {
        err_set(e, ERR_AUTH, "the credential has no 'client_id'");
        err_at(e, "%s", path);
        rc = err_fix(e, "run 'zagent auth login' again");
    }
    if (rc < 0)
        credential_release(out);
    return rc;
}

int credential_save(const struct fs_root *root, const struct credential *c, const struct secret *passphrase,
                    struct err *e)
{
    const char *org = js_str_or(c->about, "org", "");
    const char *role = js_str_or(c->about, "role", "");
    const char *keep = js_str_or(c->about, "keep", "");
    json_t *secrets = json_object();
    json_t *o = json_object();
    js_set_str(secrets, "client_secret", c->client_secret.p);
    js_set_str(secrets, "refresh_token", c->refresh_token.p);
    js_set_str(o, "schema", schema);
    js_set(o, "about", json_deep_copy(c->about));
    AUTO_FREE char *about = js_canonical(c->about, e);
    char *plain = js_canonical(secrets, e);
    int rc = about && plain ? 0 : -1;
    if (rc == 0 && strcmp(keep, "passphrase") == 0) {
        json_t *sealed = seal_close(plain, passphrase, about, e);
        rc = sealed ? 0 : -1;
        js_set(o, "sealed", sealed ? sealed : json_null());
    } else if (rc == 0 && strcmp(keep, "keyring") == 0) {
        rc = keyring_store(org, role, plain, e);
    } else {
        js_set(o, "secrets", json_incref(secrets));
    }
    if (plain)
        explicit_bzero(plain, strlen(plain));
    free(plain);
    char *text = rc == 0 ? js_pretty(o, e) : NULL;
    AUTO_FREE char *name = mem_printf("%s.%s.credentials.json", org, role);
    rc = text ? fs_write_in(root, name, text, strlen(text), 0600, e) : -1;
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
    json_decref(o);
    json_decref(secrets);
    return rc;
}

int credential_remove(const struct fs_root *root, const char *org, enum zoho_role role, struct err *e)
{
    const char *word = credential_role(role);
    struct err quiet = {0};
    AUTO_JSON json_t *about = credential_about(root, org, role, &quiet);
    if (strcmp(js_str_or(about, "keep", ""), "keyring") == 0 && keyring_clear(org, word, e) < 0)
        return -1;
    static const char *const end[] = {"credentials.json", "json", "token"};
    for (size_t i = 0; i < sizeof end / sizeof *end; i++) {
        AUTO_FREE char *name = mem_printf("%s.%s.%s", org, word, end[i]);
        if (fs_remove_in(root, name, e) < 0)
            return -1;
    }
    return 0;
}
