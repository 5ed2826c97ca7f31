/*
 * zoho/crm/resources.h — one row a snapshot resource: where it is read, under which key, how it is paged (zoho/crm/resources.c).
 *
 * To add one: a row there, its name in plan/snapshot.h, a line in tests/golden/zoho/resources.txt.
 */
#ifndef ZOHO_CRM_RESOURCES_H
#define ZOHO_CRM_RESOURCES_H
#include <stdbool.h>
#include <stddef.h>

enum resource_form {
    RESOURCE_LIST,   /* name = the row's name */
    RESOURCE_MODULE, /* name/MODULE, asked with ?module= */
    RESOURCE_TEXT,   /* name/API_NAME in the path, answer is text */
    RESOURCE_COQL,   /* name/NAME, a query of the playbook */
    RESOURCE_NEVER   /* Zoho shows it nowhere: stays absent */
};
struct resource_row {
    const char *name; /* "fields" */
    enum resource_form form;
    const char *path;   /* "/crm/v8/settings/fields"; %s = the name in RESOURCE_TEXT */
    const char *key;    /* envelope of the answer */
    const char *query;  /* "type=all", fixed part; "" = none */
    int per_page;       /* sent with page=; 0 = not sent, though more_records is still followed */
    const char *detail; /* key an element of a list may lack: then it is read alone, by id; NULL = lists are whole */
    bool best_effort;   /* undocumented: any refusal, also a 500, means "not readable here" */
    const char *scope;
};
extern const struct resource_row resource_rows[];
extern const size_t resource_rows_n;
/* Splits "fields/Quotes"; *rest points behind the slash, "" when there is none. NULL when no row fits. */
const struct resource_row *resource_row_find(const char *name, const char **rest);
#endif
