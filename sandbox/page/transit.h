/* sandbox/page/transit.h — the Blueprint on a record's page: where it stands and the transitions a person can click. */
#ifndef SANDBOX_PAGE_TRANSIT_H
#define SANDBOX_PAGE_TRANSIT_H
#include "sandbox/page/fields.h"

/* Nothing when the record is in no Blueprint. */
void transit_show(struct page *p, const struct record_module *m, const json_t *record);
/* The posted transition; true with p->go set when it is done. */
bool transit_do(struct page *p, const struct record_module *m);
#endif
