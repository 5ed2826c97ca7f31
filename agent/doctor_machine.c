/* The doctor's rows that need no network: versions, folders, lock, playbooks, credentials; and the way out of this machine. */
#include <netdb.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <time.h>

#include "agent/auth_need.h"
#include "agent/doctor.h"
#include "agent/playbook.h"
#include "agent/rails.h"
#include "agent/version.h"
#include "zoho/dc.h"
#include "zoho/http.h"

static const char machine[] = "This machine";
static const char way[] = "The way to Zoho";
enum { FREE_MIB = 100, TOKEN_OLD_DAYS = 300 };

static void versions(struct doctor *d)
{
    struct utsname u;
    AUTO_FREE char *found = mem_printf("zagent %s, %s, jansson %s, %s", ZAGENT_VERSION, http_library(),
                                       jansson_version_str(), uname(&u) == 0 ? u.machine : "?");
    doctor_row(d, DOCTOR_OK, machine, "versions", found, "", "");
}

static void state_folder(struct doctor *d)
{
    const char *path = d->a->project->zagent.path;
    struct stat st;
    struct statvfs v;
    bool mine = stat(path, &st) == 0 && (st.st_mode & 077) == 0;
    long long mib = statvfs(path, &v) == 0 ? (long long)(v.f_bavail * v.f_frsize >> 20) : -1;
    AUTO_FREE char *found = mem_printf("%s, mode %03o, %lld MiB free", path, (unsigned)st.st_mode & 0777, mib);
    AUTO_FREE char *remedy = mem_printf("chmod 700 '%s'", path);
    if (!mine)
        doctor_row(d, DOCTOR_WARN, machine, "state folder", found, remedy, "");
    else if (mib >= 0 && mib < FREE_MIB)
        doctor_row(d, DOCTOR_WARN, machine, "state folder", found, "make room: a run keeps what it changed here", "");
    else
        doctor_row(d, DOCTOR_OK, machine, "state folder", found, "", "");
}

/* Taken for a moment: it reads the journal whole, as every run does first. */
static void lock(struct doctor *d)
{
    struct err e = {0};
    struct state *st = NULL;
    int rc = state_open(&st, &d->a->project->zagent, &d->a->clock, &e);
    if (rc == 0)
        rc = state_lock(st, "zagent doctor", 0, &e);
    if (rc == 0)
        state_unlock(st);
    state_close(st);
    if (rc == 0)
        doctor_row(d, DOCTOR_OK, machine, "journal and lock", "whole, and nobody is writing", "", "");
    else
        doctor_row(d, e.kind == ERR_LOCKED ? DOCTOR_WARN : DOCTOR_FAIL, machine, "journal and lock", e.what, e.fix, "");
    if (rc < 0 && e.kind != ERR_LOCKED && d->first.kind == ERR_NONE)
        d->first = e;
    err_clear(&e);
    if (rails_halted(d->a->project, &e) < 0)
        doctor_row(d, DOCTOR_WARN, machine, "HALT", e.what, e.fix, "whoever set it");
}

static void playbooks(struct doctor *d)
{
    struct err e = {0};
    json_t *needs = NULL;
    char **names = NULL;
    size_t n = 0;
    int rc = playbook_list(d->a->project, &names, &n, &e);
    fs_list_free(names, n);
    if (rc == 0)
        rc = auth_need(d->a, ZOHO_READER, AUTH_PLAYBOOKS, &needs, &e);
    json_decref(needs);
    AUTO_FREE char *found = rc < 0 ? mem_printf("%s (%s)", e.what, e.where)
                            : n    ? mem_printf("%zu, all readable", n)
                                   : mem_dup("none yet");
    if (rc < 0)
        doctor_row(d, DOCTOR_FAIL, machine, "playbooks and context", found, e.fix, "");
    else
        doctor_row(d, n ? DOCTOR_OK : DOCTOR_WARN, machine, "playbooks and context", found,
                   n ? "" : "zagent playbook new NAME, or zagent init --example for a worked one", "");
    if (rc < 0 && d->first.kind == ERR_NONE)
        d->first = e;
}

static void credential_row(struct doctor *d, const struct fs_root *root, enum zoho_role role)
{
    struct err e = {0};
    bool sandbox = js_bool(d->row, "sandbox", false);
    bool writer = role == ZOHO_WRITER;
    AUTO_JSON json_t *about = credential_about(root, d->org, role, &e);
    AUTO_FREE char *check = mem_printf("%s credential", credential_role(role));
    AUTO_FREE char *login = mem_printf("zagent auth login --org %s%s", d->org, writer ? " --writer" : "");
    int64_t made = 0;
    if (e.kind != ERR_NONE)
        doctor_row(d, DOCTOR_FAIL, machine, check, e.what, e.fix, "");
    else if (!about && sandbox)
        doctor_row(d, DOCTOR_OK, machine, check, "none needed: the sandbox lets everybody in", "", "");
    else if (!about)
        doctor_row(d, writer ? DOCTOR_WARN : DOCTOR_FAIL, machine, check,
                   writer ? "none: plan and guides work, apply does not" : "none", login,
                   "a user of the org who may accept, best an administrator");
    if (!about)
        return;
    bool dated = js_str(about, "made_at") && clock_parse(js_str(about, "made_at"), &made, NULL) == 0;
    int64_t days = dated ? (d->a->clock.now_s(d->a->clock.ctx) - made) / 86400 : -1;
    AUTO_FREE char *found = mem_printf("kept by %s%s", js_str_or(about, "keep", "?"), dated ? "" : ", age unknown");
    AUTO_FREE char *aged = mem_printf("%s, %lld days old", found, (long long)days);
    doctor_row(d, days > TOKEN_OLD_DAYS ? DOCTOR_WARN : DOCTOR_OK, machine, check, dated ? aged : found,
               days > TOKEN_OLD_DAYS ? login : "", "");
}

void doctor_machine(struct doctor *d)
{
    versions(d);
    state_folder(d);
    lock(d);
    playbooks(d);
    struct fs_root root = {.fd = -1};
    struct err e = {0};
    bool sandbox = js_bool(d->row, "sandbox", false);
    AUTO_FREE char *dir = sandbox ? project_path(d->a->project, ".zagent") : credential_folder();
    if (fs_root_open(&root, dir, true, 0700, &e) < 0) {
        doctor_row(d, DOCTOR_FAIL, machine, "credential files", e.what, e.fix, "");
        d->first = e;
        return;
    }
    credential_row(d, &root, ZOHO_READER);
    credential_row(d, &root, ZOHO_WRITER);
    fs_root_close(&root);
}

/* ---- the way ---- */

static void host(struct doctor *d, const char *name)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    AUTO_FREE char *check = mem_printf("DNS %s", name);
    int rc = getaddrinfo(name, "443", &hints, &found);
    if (rc == 0)
        doctor_row(d, DOCTOR_OK, way, check, "found", "", "");
    else
        doctor_row(d, DOCTOR_FAIL, way, check, gai_strerror(rc),
                   "check the network, or name the company's proxy in HTTPS_PROXY",
                   "whoever runs the network: this name must be found, and port 443 be open to it");
    if (rc == 0)
        freeaddrinfo(found);
    else if (d->first.kind == ERR_NONE)
        err_set(&d->first, ERR_NET, "%s cannot be found: %s", name, gai_strerror(rc));
}

void doctor_way(struct doctor *d)
{
    const struct dc *dc = dc_find(js_str(d->row, "dc"));
    AUTO_FREE char *certs = mem_printf("from %s", http_ca_source());
    if (js_bool(d->row, "sandbox", false)) {
        doctor_row(d, DOCTOR_OK, way, "network", "none is used: the sandbox is on 127.0.0.1", "", "");
        return;
    }
    if (!dc) {
        doctor_row(d, DOCTOR_FAIL, way, "data centre", js_str_or(d->row, "dc", ""),
                   "write dc: as one of us, eu, in, au, cn, jp, ca, sa, uk, ae, sg in zagent.yaml",
                   "the address bar of a signed-in CRM shows it: crm.zoho.eu is eu");
        if (d->first.kind == ERR_NONE)
            err_set(&d->first, ERR_CONFIG, "zagent.yaml names no data centre of Zoho");
        return;
    }
    doctor_row(d, DOCTOR_OK, way, "certificates", certs, "", "");
    if (http_proxy()) {
        AUTO_FREE char *found = mem_printf("%s is used; it looks names up", http_proxy());
        doctor_row(d, DOCTOR_OK, way, "proxy", found, "", "");
        return;
    }
    host(d, dc->accounts);
    host(d, dc->api);
}
