/*
 * agent/deluge_meta.h — a snapshot as the metadata that the Deluge checker asks for.
 *
 * Ownership   the snapshot is borrowed and must outlive the dg_meta.
 * Answers     what the snapshot did not read, or the org refused, is "not known": the checker is silent about it.
 */
#ifndef AGENT_DELUGE_META_H
#define AGENT_DELUGE_META_H
#include "deluge/completion.h"
#include "deluge/meta.h"
#include "plan/snapshot.h"

struct dg_meta deluge_meta(struct snapshot *s);
/* The same snapshot as names to complete. */
struct dg_name_source deluge_names(struct snapshot *s);
#endif
