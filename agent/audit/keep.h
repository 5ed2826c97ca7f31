/*
 * agent/audit/keep.h — an audit's snapshot in a folder made to be committed every night.
 *
 * Folder     one file a resource as in plan/snapshot.h, and MANIFEST.json: {"schema":"zagent.audit/1","org":{name,zgid,edition},
 *            "people":bool,"refused":{list: code},"files":{file: sha256}}. No time stands in any of them.
 * Writing    only what changed; what is gone from the org goes; the manifest last. Killed between, the next audit writes the rest.
 * Reading    keep_load refuses a folder of which a file is not as its manifest says: half of an audit is no finding.
 */
#ifndef AGENT_AUDIT_KEEP_H
#define AGENT_AUDIT_KEEP_H
#include "base/fs.h"
#include "plan/snapshot.h"

struct keep_count {
    size_t files, written, removed;
};
/* org: {name, zgid, edition}; refused: list → code. */
int keep_write(const struct fs_root *dir, const struct snapshot *s, const json_t *org, bool people,
               const json_t *refused, struct keep_count *n, struct err *e);
/* manifest (may be NULL): a new reference, JSON null when the folder is a plain snapshot without one. */
int keep_load(const char *dir, struct snapshot *s, json_t **manifest, struct err *e);
#endif
