#include "deluge/crm_task.h"

#include <string.h>

static const struct dg_crm_task tasks[] = {
    {"getrecordbyid", 2, 4, 0, -1, -1, false},    {"getrecords", 1, 5, 0, -1, -1, false},
    {"searchrecords", 2, 6, 0, -1, -1, false},    {"createrecord", 2, 4, 0, 1, -1, true},
    {"updaterecord", 3, 5, 0, 2, -1, true},       {"getrelatedrecords", 3, 7, 1, -1, 0, false},
    {"updaterelatedrecord", 5, 7, 2, 4, 0, true}, {"bulkcreate", 2, 4, 0, 1, -1, true},
    {"bulkupdate", 2, 4, 0, 1, -1, true},         {"upsert", 2, 4, 0, 1, -1, true},
    {"convertlead", 1, 3, -1, -1, -1, true},      {"attachfile", 3, 4, 0, -1, -1, true},
    {"getorgvariable", 1, 2, -1, -1, -1, false},  {"invokeconnector", 2, 3, -1, -1, -1, false},
};

const struct dg_crm_task *dg_crm_task(const char *path)
{
    if (strncmp(path, "zoho.crm.", 9) != 0)
        return NULL;
    path += strncmp(path + 9, "v8.", 3) == 0 ? 12 : 9;
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++)
        if (strcmp(tasks[i].name, path) == 0)
            return &tasks[i];
    return NULL;
}

const struct dg_crm_task *dg_crm_task_of(const struct dg_expr *e)
{
    char buf[160];
    const char *path = e->kind == DG_CALL ? dg_path(e, buf, sizeof buf) : NULL;
    return path ? dg_crm_task(path) : NULL;
}

bool dg_crm_task_is(const struct dg_crm_task *t, const char *lower)
{
    return t && strcmp(t->name, lower) == 0;
}
