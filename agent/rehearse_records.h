/* agent/rehearse_records.h — what the plan would do to records that exist: each sample saved once more (rehearse.h). */
#ifndef AGENT_REHEARSE_RECORDS_H
#define AGENT_REHEARSE_RECORDS_H
#include "agent/org.h"

/* The report's "records"; a new array. samples: agent/samples.h; modules: api_names whose records the plan touches. */
json_t *rehearse_records(struct sandbox *sb, const json_t *samples, const struct strset *modules);
#endif
