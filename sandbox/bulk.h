/*
 * sandbox/bulk.h — bulk jobs: what reading and writing share.
 *
 * State       the work is done when the job is made; who asks sees ADDED first in the answer to the POST, then IN PROGRESS once, then the
 *             end. So a client's loop is exercised and nothing waits for a clock.
 * Result      a zip with one CSV under the job's id in the table of files; Zoho keeps it a day, we keep it. A read's download_url is a path
 *             of the API, a write's a whole URL (bulk_write.c).
 * Callback    the url is checked and kept, and noted as a webhook that would have been called (happening.h); nobody is called.
 * Source      zoho-api.md 2.4, 2.5; OAS26a and OAS25 bulk_read, bulk_write.
 */
#ifndef SANDBOX_BULK_H
#define SANDBOX_BULK_H
#include "base/sb.h"
#include "sandbox/record.h"

/* The callback of the body is none or a good one; false = answered. */
bool bulk_callback_fits(struct call *c);
void bulk_called_back(struct call *c, const char *job);
/* "", then "IN PROGRESS" the first time somebody asks; the job stored with it. True: still in progress. */
bool bulk_still_running(struct call *c, const char *kind, json_t *job);
/* A job, NULL when there is none for who asks (access.h). New reference. */
json_t *bulk_job(struct call *c, const char *kind, const char *job_id);
void bulk_answer_result(struct call *c, const char *kind, const char *job_id);
void bulk_no_job(struct call *c);

/* The rows of a parsed bulk write, written: fills *counts {added,updated,skipped,total} and appends the result's lines. */
struct bulk_resource {
    const json_t *resource; /* of the body */
    struct record_module m;
    json_t *rows;        /* of the CSV, header first; owned */
    char *file_name;     /* owned */
    bool child;          /* rows of a subform: they join their parent's */
    const char *subform; /* its field in the parent */
    json_t *by_parent;   /* of a child: text of the parent's column → its rows, as in the file; owned */
};
struct bulk_import {
    struct call *c;
    const char *operation;
    struct bulk_resource part[8];
    size_t n;
    bool ignore_empty;
};
int bulk_import_run(struct bulk_import *b, json_t *counts, struct sb *result);
/* The mapping of a column in a resource, NULL when the mappings have none for it. */
const json_t *bulk_mapping(const struct bulk_resource *r, const char *api_name);
#endif
