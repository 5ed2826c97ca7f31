/*
 * agent/project.h — the folder a command works in: zagent.yaml, its orgs, where output goes, .zagent/.
 *
 * zagent.yaml   format: 1, orgs: {NAME: {sandbox: true, edition, refuse} | {dc, zgid}, each with
 *               production: true, context: FOLDER (agent/context.h, overlay), of: ORG (it is that org's Zoho Sandbox, and the one that
 *               is meant when none is named)}, default_org, output,
 *               limits{parallel, and those of agent/rails.h}.
 *               Never hosts, keys or commands: such a key is refused, because a cloned folder must not redirect anything.
 * Data          templates/_guide and example files come from the project, else from the installation (project_data_dir).
 */
#ifndef AGENT_PROJECT_H
#define AGENT_PROJECT_H
#include "base/fs.h"
#include "base/yaml.h"

struct project {
    char *dir;             /* absolute */
    struct fs_root root;   /* dir */
    struct fs_root zagent; /* dir/.zagent, mode 0700 */
    struct fs_root out;    /* output root */
    char *out_name;        /* "generated" */
    struct yaml conf;
};

/* Looks in dir and above it. optional: *out stays NULL when there is none. */
int project_open(struct project **out, const char *dir, bool optional, struct err *e);
void project_close(struct project *p);
/* The org's row; name NULL = the only one, or a default_org that is a sandbox; else ERR_USAGE listing them. */
int project_org(const struct project *p, const char *name, const char **org_name, const json_t **row, struct err *e);
/* What the files of a sandbox's org in .zagent begin with (NAME.db, NAME.json, NAME.lock): "sandbox" of the first sandbox in
 * zagent.yaml, "sandbox-ORG" of every other. org NULL = the first. Caller frees. */
char *project_sandbox(const struct project *p, const char *org);
/* Absolute path of a file or folder of the project; caller frees. */
char *project_path(const struct project *p, const char *rel);
/* Where the installation keeps templates/ and context/ of the example: beside the program (a checkout) or in share/zagent.
 * NULL when neither exists. Caller frees. */
char *project_data_dir(void);
#endif
