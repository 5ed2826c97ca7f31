/*
 * deluge/crm_task.h — the integration tasks of CRM: how many arguments, and what stands where.
 *
 * Names       zoho.crm.getRecordById and zoho.crm.v8.getRecordById are one row.
 * Source      zoho.com/crm/developer/docs/serverless-architecture/deluge-integ-tasks
 */
#ifndef DELUGE_CRM_TASK_H
#define DELUGE_CRM_TASK_H
#include "deluge/ast.h"

struct dg_crm_task {
    const char *name; /* lower case, after zoho.crm. */
    unsigned min, max;
    int module, map,
        list;    /* argument from 0 with the module, the record to write (or list of them), the related list; -1 none */
    bool writes; /* its answer says whether it worked */
};

/* Of a lower-case path as dg_path gives it; NULL for any other. */
const struct dg_crm_task *dg_crm_task(const char *path);
/* Of a call. */
const struct dg_crm_task *dg_crm_task_of(const struct dg_expr *e);
bool dg_crm_task_is(const struct dg_crm_task *t, const char *lower); /* NULL is none */
#endif
