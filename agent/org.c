#include "agent/org.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "base/digest.h"
#include "sandbox/sandbox.h"

/* A number of a process that was killed may by now be another's: who serves holds the lock. */
static bool served(const struct project *p, const char *base)
{
    AUTO_FREE char *rel = mem_printf("%s.lock", base);
    struct fs_lock lock = {0};
    struct err quiet = {0};
    if (fs_lock(&lock, &p->zagent, rel, "sandbox", 0, &quiet) < 0)
        return true;
    fs_unlock(&lock);
    return false;
}

json_t *org_sandbox_note(const struct project *p, const char *name)
{
    AUTO_FREE char *base = project_sandbox(p, name);
    AUTO_FREE char *rel = mem_printf("%s.json", base);
    AUTO_FREE char *text = NULL;
    size_t len;
    struct err quiet = {0};
    if (fs_read_in(&p->zagent, rel, 64 << 10, &text, &len, &quiet) < 0)
        return NULL;
    json_t *note = js_parse(text, len, rel, &quiet);
    int64_t pid = js_int(note, "pid", 0);
    if (note && pid > 0 && (kill((pid_t)pid, 0) == 0 || errno == EPERM) && served(p, base))
        return note;
    json_decref(note);
    return NULL;
}

const char *org_sandbox_chosen(const struct app *a)
{
    const json_t *conf = a->project->conf.root;
    json_t *orgs = js_obj(conf, "orgs"), *row;
    const char *wanted[] = {js_str(a->opts, "org"), js_str(conf, "default_org")}, *name;
    for (size_t i = 0; i < 2; i++)
        json_object_foreach (orgs, name, row)
            if (wanted[i] && !strcmp(name, wanted[i]) && js_bool(row, "sandbox", false))
                return name;
    json_object_foreach (orgs, name, row)
        if (js_bool(row, "sandbox", false))
            return name;
    return NULL;
}

/* Of every sandbox but the first: nine digits of its name, so that two stores are two orgs to everybody. Caller frees. */
static char *own_zgid(const char *base)
{
    char hex[65];
    if (!strcmp(base, "sandbox"))
        return NULL;
    digest_sha256(base, strlen(base), hex);
    hex[7] = '\0';
    return mem_printf("7%08llu", strtoull(hex, NULL, 16) % 100000000ULL);
}

int org_sandbox_open(struct app *a, const char *name, const json_t *row, const struct sandbox_options *o,
                     struct sandbox **out, struct err *e)
{
    AUTO_FREE char *base = project_sandbox(a->project, name);
    AUTO_FREE char *rel = mem_printf(".zagent/%s.db", base);
    AUTO_FREE char *path = project_path(a->project, rel);
    AUTO_FREE char *zgid = own_zgid(base);
    AUTO_FREE char *seed = project_path(a->project, "context/sandbox");
    struct sandbox_options so = o ? *o : (struct sandbox_options){0};
    so.db_path = so.db_path ? so.db_path : path;
    so.seed_dir = fs_exists(seed) ? seed : NULL;
    so.edition = js_str(row, "edition");
    so.zgid = zgid;
    so.refuse = js_str(row, "refuse");
    so.clock = a->clock;
#ifdef ZAGENT_CRASH
    so.fault = so.fault ? so.fault : getenv("ZAGENT_FAULT");
#endif
    if (sandbox_open(out, &so, e) < 0)
        return -1;
    if (sandbox_serve(*out, e) < 0) {
        sandbox_close(*out);
        *out = NULL;
        return -1;
    }
    return 0;
}

static void take_info(struct org *o, const json_t *info)
{
    o->api_url = mem_dup(js_str_or(info, "api_url", ""));
    o->accounts_url = mem_dup(js_str_or(info, "accounts_url", ""));
    o->ca_file = js_str(info, "ca_file") ? mem_dup(js_str(info, "ca_file")) : NULL;
    o->client_id = mem_dup(js_str_or(info, "client_id", ""));
    secret_set(&o->client_secret, js_str_or(info, "client_secret", ""));
    secret_set(&o->refresh_token, js_str_or(info, "refresh_token", ""));
}

static int open_embedded(struct org *o, struct app *a, struct err *e)
{
    o->embedded = true;
    AUTO_JSON json_t *note = org_sandbox_note(a->project, o->name);
    if (note) {
        take_info(o, note);
        return 0;
    }
    AUTO_FREE char *base = project_sandbox(a->project, o->name);
    AUTO_FREE char *rel = mem_printf(".zagent/%s.db", base);
    AUTO_FREE char *db = project_path(a->project, rel);
    o->first_use = !fs_exists(db);
    if (org_sandbox_open(a, o->name, o->row, NULL, &o->sandbox, e) < 0)
        return -1;
    o->in_process = true;
    AUTO_JSON json_t *info = sandbox_info(o->sandbox);
    take_info(o, info);
    return 0;
}

static void take_credential(struct org *o, const struct credential *c)
{
    free(o->client_id);
    o->client_id = mem_dup(js_str_or(c->about, "client_id", ""));
    secret_set(&o->client_secret, c->client_secret.p);
    secret_set(&o->refresh_token, c->refresh_token.p);
}

/* Who signed in says where; a project that says otherwise would send the token to a data centre that does not know it. */
static int same_dc(const struct org *o, const struct credential *c, struct err *e)
{
    const char *dc = js_str(c->about, "dc");
    const char *said = js_str_or(o->row, "dc", "");
    if (!dc || strcmp(dc, said) == 0)
        return 0;
    err_set(e, ERR_CONFIG, "org '%s' was signed in to in data centre %s, but zagent.yaml says dc: %s", o->name, dc,
            said);
    err_at(e, "zagent.yaml");
    return err_fix(e, "write dc: %s there, or run 'zagent auth login --org %s' with an account of %s", dc, o->name,
                   said);
}

static int open_real(struct org *o, struct app *a, enum zoho_role role, const struct credential *given, struct err *e)
{
    struct credential c = {0};
    if (!given && credential_open(a, &o->cache, o->name, role, &c, e) < 0)
        return -1;
    int rc = same_dc(o, given ? given : &c, e);
    if (rc == 0)
        take_credential(o, given ? given : &c);
    credential_release(&c);
    return rc;
}

/* Who signed in to the sandbox is that user there; nobody need. One of a sandbox that was reset since opens nothing. */
static int signed_in_here(struct org *o, struct app *a, enum zoho_role role, const struct credential *given,
                          struct err *e)
{
    struct err local = {0};
    AUTO_JSON json_t *about = given ? json_incref(given->about) : credential_about(&o->cache, o->name, role, &local);
    if (local.kind != ERR_NONE)
        *e = local;
    if (!about || strcmp(js_str_or(about, "client_id", ""), o->client_id) != 0)
        return local.kind == ERR_NONE ? 0 : -1;
    struct credential c = {0};
    if (!given && credential_open(a, &o->cache, o->name, role, &c, e) < 0)
        return -1;
    take_credential(o, given ? given : &c);
    credential_release(&c);
    return 0;
}

/* $XDG_STATE_HOME/zagent; the embedded org's tokens stay inside the project. */
static int open_cache(struct org *o, struct app *a, struct err *e)
{
    if (o->embedded) {
        AUTO_FREE char *dir = project_path(a->project, ".zagent");
        return fs_root_open(&o->cache, dir, true, 0700, e);
    }
    AUTO_FREE char *dir = credential_folder();
    return fs_root_open(&o->cache, dir, true, 0700, e);
}

/* zagent.yaml's word, else what was seen first. Caller frees; NULL = not pinned yet. */
static char *pinned_zgid(const struct org *o, struct state *st)
{
    AUTO_FREE char *key = mem_printf("org_pin/%s", o->name);
    AUTO_JSON json_t *kept = st ? state_fact_get(st, key, NULL) : NULL;
    const char *zgid = js_str(o->row, "zgid") ? js_str(o->row, "zgid") : json_string_value(kept);
    return zgid ? mem_dup(zgid) : NULL;
}

static int connect_org(struct org *o, struct app *a, struct state *st, enum zoho_role role, struct err *e)
{
    const char *kind = role == ZOHO_WRITER ? "writer" : "reader";
    o->cache_name = mem_printf("%s.%s.token", o->name, kind);
    o->pinned = pinned_zgid(o, st);
    struct zoho_config zc = {
        .dc = o->embedded ? NULL : js_str(o->row, "dc"),
        .api_url = o->embedded ? o->api_url : NULL,
        .accounts_url = o->embedded ? o->accounts_url : NULL,
        .ca_file = o->embedded ? o->ca_file : NULL,
        .client_id = o->client_id,
        .client_secret = &o->client_secret,
        .refresh_token = &o->refresh_token,
        .role = role,
        .cache_root = o->cache.path ? &o->cache : NULL,
        .cache_name = o->cache_name,
        .org_zgid = o->pinned,
        .max_parallel = (int)js_int(js_obj(a->project->conf.root, "limits"), "parallel", 0),
    };
    if (zoho_open(&o->zoho, &zc, &a->clock, e) < 0)
        return -1;
    return crm_org(o->zoho, &o->info, e);
}

static int check_pin(struct org *o, struct app *a, struct state *st, struct err *e)
{
    o->zgid = js_str_or(o->info, "zgid", "");
    const char *company = js_str_or(o->info, "name", "?");
    AUTO_FREE char *key = mem_printf("org_pin/%s", o->name);
    AUTO_FREE char *called = mem_printf("org_called/%s", o->name);
    AUTO_JSON json_t *was = st ? state_fact_get(st, called, NULL) : NULL;
    if (o->pinned && strcmp(o->pinned, o->zgid) != 0) {
        err_set(e, ERR_REFUSED, "org '%s' is pinned to %s%s%s, but this credential opens '%s' (zgid %s)", o->name,
                json_string_value(was) ? json_string_value(was) : "zgid ", json_string_value(was) ? ", zgid " : "",
                o->pinned, company, o->zgid);
        err_at(e, "zagent.yaml");
        return err_fix(e, o->embedded ? "run 'zagent sandbox reset', or remove .zagent/ to start over"
                                      : "use the credential of the pinned org, or give this one a name of its own");
    }
    AUTO_JSON json_t *pin = json_string(o->zgid);
    AUTO_FREE char *quoted = mem_printf("'%s'", company);
    AUTO_JSON json_t *name = json_string(quoted);
    if (!o->pinned && st && state_fact_put(st, key, pin, e) < 0)
        return -1;
    if (st && name && !json_equal(was, name) && state_fact_put(st, called, name, e) < 0)
        return -1;
    js_set_str(a->meta, "org", o->name);
    return 0;
}

int org_open_as(struct org **out, struct app *a, struct state *st, const char *name, enum zoho_role role,
                const struct credential *given, struct err *e)
{
    struct org *o = mem_zalloc(sizeof *o);
    o->cache.fd = -1;
    o->zagent_dir = mem_dup(a->project->zagent.path);
    *out = NULL;
    int rc = project_org(a->project, name, &o->name, &o->row, e);
    if (rc == 0) {
        o->embedded = js_bool(o->row, "sandbox", false);
        rc = open_cache(o, a, e);
    }
    if (rc == 0 && o->embedded)
        rc = open_embedded(o, a, e) < 0 ? -1 : signed_in_here(o, a, role, given, e);
    else if (rc == 0)
        rc = open_real(o, a, role, given, e);
    if (rc == 0)
        rc = connect_org(o, a, st, role, e);
    if (rc == 0)
        rc = check_pin(o, a, st, e);
    if (rc < 0) {
        org_close(o);
        return -1;
    }
    if (st)
        state_scope(st, o->zgid);
    *out = o;
    return 0;
}

int org_open(struct org **out, struct app *a, struct state *st, const char *name, enum zoho_role role, struct err *e)
{
    return org_open_as(out, a, st, name, role, NULL, e);
}

int org_throwaway(struct org **out, struct app *a, const char *name, struct sandbox *sb, struct err *e)
{
    struct org *o = mem_zalloc(sizeof *o);
    AUTO_JSON json_t *info = sandbox_info(sb);
    o->cache.fd = -1;
    o->name = name;
    o->embedded = o->throwaway = true;
    o->zagent_dir = mem_dup(a->project->zagent.path);
    take_info(o, info);
    if (connect_org(o, a, NULL, ZOHO_WRITER, e) < 0) {
        org_close(o);
        return -1;
    }
    o->zgid = js_str_or(o->info, "zgid", "");
    *out = o;
    return 0;
}

void org_close(struct org *o)
{
    if (!o)
        return;
    zoho_close(o->zoho);
    sandbox_close(o->sandbox);
    json_decref(o->info);
    secret_release(&o->client_secret);
    secret_release(&o->refresh_token);
    free(o->zagent_dir);
    free(o->api_url);
    free(o->accounts_url);
    free(o->ca_file);
    free(o->client_id);
    free(o->cache_name);
    free(o->pinned);
    fs_root_close(&o->cache);
    free(o);
}
