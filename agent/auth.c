#include "agent/auth.h"

#include "sandbox/sandbox.h"
#include "zoho/dc.h"

static int open_server(struct auth_place *p, struct app *a, struct err *e)
{
    p->info = org_sandbox_note(a->project, p->org);
    if (p->info)
        return 0;
    if (org_sandbox_open(a, p->org, p->row, NULL, &p->sandbox, e) < 0)
        return -1;
    p->info = sandbox_info(p->sandbox);
    return 0;
}

int auth_place_open(struct auth_place *p, struct app *a, const char *name, bool server, struct err *e)
{
    *p = (struct auth_place){.root = {.fd = -1}};
    if (project_org(a->project, name, &p->org, &p->row, e) < 0)
        return -1;
    p->embedded = js_bool(p->row, "sandbox", false);
    AUTO_FREE char *dir = p->embedded ? project_path(a->project, ".zagent") : credential_folder();
    int rc = fs_root_open(&p->root, dir, true, 0700, e);
    return rc == 0 && server && p->embedded ? open_server(p, a, e) : rc;
}

void auth_place_rest(struct auth_place *p)
{
    sandbox_close(p->sandbox);
    p->sandbox = NULL;
}

void auth_place_close(struct auth_place *p)
{
    fs_root_close(&p->root);
    json_decref(p->info);
    auth_place_rest(p);
    *p = (struct auth_place){.root = {.fd = -1}};
}

struct signin_config auth_place_config(const struct auth_place *p, const char *dc)
{
    if (p->embedded)
        return (struct signin_config){.accounts_url = js_str(p->info, "accounts_url"),
                                      .api_url = js_str(p->info, "api_url"),
                                      .ca_file = js_str(p->info, "ca_file")};
    return (struct signin_config){.dc = dc ? dc : js_str(p->row, "dc")};
}

/* Beside the accounts host in every data centre (zoho.com/accounts/protocol/oauth/self-client; unproven but for com, eu, in). */
char *auth_console(const char *dc)
{
    const struct dc *row = dc_find(dc);
    return mem_printf("https://api-console%s", row ? strchr(row->accounts, '.') : ".zoho.com");
}
