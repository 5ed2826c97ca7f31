/*
 * deluge/host.h — the outside world of a script, as the interpreter asks for it: nothing else leaves deluge/.
 *
 * Shape       struct deluge_host is a table of functions with one ctx. Every function may be NULL: the interpreter then raises a
 *             runtime error that says what is missing. Values are made in the arena that is passed.
 * Hosts       deluge/host_memory.h (records in memory, no automation); the sandbox can bring another. The same cases run on both.
 * Answers     as Zoho gives them: createRecord and updateRecord answer a map with id, a refusal is a map with code, details,
 *             message and status "error", lists are lists (zoho.com/deluge/help/crm). False means that the host itself cannot
 *             answer; *why (static or in the arena) says it.
 */
#ifndef DELUGE_HOST_H
#define DELUGE_HOST_H
#include "deluge/value.h"

enum dg_verb {
    DG_GET_RECORD,
    DG_GET_RECORDS,
    DG_SEARCH_RECORDS,
    DG_CREATE_RECORD,
    DG_UPDATE_RECORD,
    DG_UPSERT,
    DG_BULK_CREATE,
    DG_BULK_UPDATE,
    DG_GET_RELATED,
    DG_UPDATE_RELATED,
    DG_CONVERT_LEAD,
    DG_ATTACH_FILE,
    DG_ORG_VARIABLE,
    DG_INVOKE_CONNECTOR
};

/* One zoho.crm task, arguments by meaning; absent ones are NULL, null or 0. */
struct dg_request {
    enum dg_verb verb;
    const char *task;              /* "getRecordById": as the table writes it */
    const char *module, *id;       /* of a related list: the parent's */
    const char *list, *related_id; /* getRelatedRecords, updateRelatedRecord */
    const char *criteria;          /* searchRecords */
    const char *name;              /* org variable, connector */
    struct dv values;              /* the map, or the list of maps of a bulk task; the file of attachFile */
    struct dv options;             /* options or query map */
    int64_t page, per_page;        /* from 1; 0 = not given */
    const char *connection;
    uint64_t *milliseconds; /* out: how long the answer took; 0 when the host does not say */
};

struct dg_http {
    const char *method, *url, *connection; /* connection "" when none */
    struct dv headers, parameters, body, files;
};
struct dg_http_answer {
    int status;
    struct dv headers; /* map or null */
    struct dv body;    /* text; JSON is read by the interpreter */
    uint64_t milliseconds;
};

struct deluge_host {
    void *ctx;
    int64_t now;                          /* UTC seconds: the clock of the whole run */
    const char *zone;                     /* "Europe/Madrid" or "+01:00" */
    const char *user, *user_name, *admin; /* e-mail, name, e-mail */
    bool (*record)(void *ctx, struct dg_arena *a, const struct dg_request *q, struct dv *answer, const char **why);
    bool (*http)(void *ctx, struct dg_arena *a, const struct dg_http *q, struct dg_http_answer *answer,
                 const char **why);
    bool (*mail)(void *ctx, struct dg_arena *a, struct dv mail, const char **why);
};
#endif
