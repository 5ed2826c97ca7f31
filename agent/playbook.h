/*
 * agent/playbook.h — templates/NAME/playbook.yaml becomes desired resources (format: docs/PLAYBOOKS.md).
 *
 * Call order  playbook_load → playbook_data → playbook_desire → (playbook_render for artifacts and guide pages) → playbook_release.
 * Rendering   YAML first, then each scalar alone, strict: a name that is not declared is an error with file:line:col.
 * Safety      a playbook name is [a-z0-9-], partials and sources come from its own folder only.
 */
#ifndef AGENT_PLAYBOOK_H
#define AGENT_PLAYBOOK_H
#include "agent/context.h"
#include "agent/project.h"
#include "plan/resource.h"

struct playbook {
    char *name;
    char *dir;  /* absolute */
    char *file; /* "templates/NAME/playbook.yaml": for messages */
    struct yaml y;
    json_t *data;    /* what its templates see, after playbook_data */
    json_t *because; /* default [{id,text,where}] */
    struct fs_root root;
};

/* Names of the folders under templates/ that hold a playbook.yaml, sorted. Free with fs_list_free. */
int playbook_list(const struct project *p, char ***names, size_t *n, struct err *e);
/* [a-z0-9-], not beginning with a dash, 64 at most. */
bool playbook_name_good(const char *name);
int playbook_load(struct playbook *pb, const struct project *p, const char *name, struct err *e);
void playbook_release(struct playbook *pb);
/* Unknown, missing or mistyped keys, and credentials in any file of the folder, as findings (agent/playbook_keys.h).
 * playbook_load refuses the first. */
int playbook_findings(const struct playbook *pb, json_t *findings, struct err *e);

/* Resolves inputs from the context. names: address → api_name (org-map and what Zoho chose). org: {"name","time_zone"}.
 * missing (may be NULL) collects [{playbook,input,ref,text,row,help}] instead of failing on an input without value;
 * row is empty for a table. */
int playbook_data(struct playbook *pb, const struct context *c, const json_t *names, const json_t *org, json_t *missing,
                  struct err *e);
/* [{id,text,where}] of the pain points that the array `ids` names; at = JSON pointer of that array, for messages. */
int playbook_because(const struct playbook *pb, const struct context *c, const json_t *ids, const char *at,
                     json_t **out, struct err *e);
/* Renders a YAML value: each scalar alone, $each expanded. New reference; at = its JSON pointer. */
json_t *playbook_expand(const struct playbook *pb, const json_t *value, const json_t *data, const char *at,
                        struct err *e);
/* The data of each row that {$each, $where} takes, the row's columns on top and @row counting from 1. New array. */
json_t *playbook_each(const struct playbook *pb, const json_t *node, const json_t *data, const char *at, struct err *e);
/* False when `when` names an input that is false or null; several, parted by blanks, must all be true. at = pointer of decl. */
int playbook_when(const struct playbook *pb, const json_t *decl, const char *at, bool *yes, struct err *e);
/* findings (may be NULL) collects what is wrong with single resources, instead of failing at the first. */
int playbook_desire(struct playbook *pb, const struct context *c, struct desired *d, json_t *findings, struct err *e);
/* Renders a file of the playbook's folder; extra (may be NULL) lies on top of the data. Caller frees. */
char *playbook_render(const struct playbook *pb, const char *file, const json_t *extra, struct err *e);
/* SHA-256 over the folder's names and bytes. */
int playbook_digest(const struct playbook *pb, char hex[65], struct err *e);
#endif
