/*
 * agent/org.h — an open org: its client, its identity, and for the embedded one the sandbox behind it.
 *
 * Embedded   'zagent sandbox start' leaves .zagent/sandbox.json; when that server answers it is used, else the same store
 *            (.zagent/sandbox.db) is opened in this process, and the user is told. Several sandboxes in one project are several orgs, each with
 *            a store and a zgid of its own (project_sandbox).
 *            A credential of 'zagent auth login' in .zagent makes it that user's view of the org; without one, its first user's.
 * Real       the credential of agent/credential.h: the reader's in the clear, the writer's opened by passphrase or keyring.
 * Pin        the org's zgid is remembered at first sight (zagent.yaml's zgid wins); another org behind the same name is ERR_REFUSED.
 */
#ifndef AGENT_ORG_H
#define AGENT_ORG_H
#include "agent/credential.h"
#include "agent/project.h"
#include "state/state.h"
#include "zoho/crm/crm.h"

struct sandbox;
struct sandbox_options;
struct org {
    const char *name; /* as in zagent.yaml, borrowed from the project */
    const json_t *row;
    bool embedded, in_process;
    bool first_use;          /* in_process, and its store was made just now */
    bool throwaway;          /* of a rehearsal: no HALT file stops it, nothing of it is kept */
    struct sandbox *sandbox; /* in_process */
    struct zoho *zoho;
    json_t *info; /* crm_org: zgid, name, edition, … */
    const char *zgid;
    struct secret client_secret, refresh_token;
    char *api_url, *accounts_url, *ca_file, *client_id, *cache_name, *pinned;
    char *zagent_dir; /* the project's .zagent, where lists of rows are kept (rows.h) */
    struct fs_root cache;
};

/* name NULL = the project's default. st is used for the pin. */
int org_open(struct org **out, struct app *a, struct state *st, const char *name, enum zoho_role role, struct err *e);
/* With this credential instead of the kept one. */
int org_open_as(struct org **out, struct app *a, struct state *st, const char *name, enum zoho_role role,
                const struct credential *given, struct err *e);
/* The org of a sandbox that serves already and outlives it; writes allowed, tokens in memory. */
int org_throwaway(struct org **out, struct app *a, const char *name, struct sandbox *sb, struct err *e);
void org_close(struct org *o);
/* Opens and serves the sandbox of an org (NULL = the first of zagent.yaml): edition and refuse from its row, the rest as `o` says; what
 * o leaves NULL is the project's own (.zagent/sandbox.db, context/sandbox). o NULL = all of it. */
int org_sandbox_open(struct app *a, const char *name, const json_t *row, const struct sandbox_options *o,
                     struct sandbox **out, struct err *e);
/* {"api_url",…} of a server noted in .zagent that serves this org's sandbox and is alive; NULL when none is. New reference. */
json_t *org_sandbox_note(const struct project *p, const char *name);
/* The lock in .zagent that whoever serves the first sandbox holds while it lives (base/fs.h). */
#define ORG_SERVING "sandbox.lock"
/* The sandbox that --org names, or the default one, or the first; NULL when the project has none. Borrowed. */
const char *org_sandbox_chosen(const struct app *a);
#endif
