/*
 * agent/credential.h — what opens an org: one credential for reading, one for writing, kept apart and kept closed.
 *
 * File      ORG.reader.credentials.json, ORG.writer.credentials.json (0600) in $XDG_STATE_HOME/zagent, for a sandbox's org in the
 *           project's .zagent: {"schema":"zagent.credential/1", "about": {org, role, dc, zgid, name, client_id, scope, flow, keep,
 *           made_at}, and, by keep, "secrets": {…} (file), "sealed": {…} (passphrase: base/seal.h), or neither (keyring)}.
 *           `about` is no secret; under a passphrase a changed byte of it no longer opens.
 * By hand   ORG.reader.json {client_id, client_secret, refresh_token}, 0600, is read where the other is absent. A writer in the
 *           clear is refused.
 * Source    gh, aws-vault and oidc-agent for what such files look like; the threats are cli-security-reliability 3.4.
 */
#ifndef AGENT_CREDENTIAL_H
#define AGENT_CREDENTIAL_H
#include "agent/command.h"
#include "base/secret.h"
#include "zoho/zoho.h"

struct credential {
    json_t *about;
    struct secret client_secret, refresh_token;
};
void credential_release(struct credential *c);
const char *credential_role(enum zoho_role role);
/* Where the credentials of real orgs lie; caller frees. */
char *credential_folder(void);

/* What is known without opening it: the members of `about` and "file"; NULL with e->kind ERR_NONE when there is none. */
json_t *credential_about(const struct fs_root *root, const char *org, enum zoho_role role, struct err *e);
/* May ask for the passphrase. ERR_AUTH with the command to run when there is none. */
int credential_open(struct app *a, const struct fs_root *root, const char *org, enum zoho_role role,
                    struct credential *out, struct err *e);
/* passphrase: needed for keep "passphrase". */
int credential_save(const struct fs_root *root, const struct credential *c, const struct secret *passphrase,
                    struct err *e);
/* Files and keyring entry, cached access token too. */
int credential_remove(const struct fs_root *root, const char *org, enum zoho_role role, struct err *e);
#endif
