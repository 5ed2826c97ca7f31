/*
 * deluge/kinds.h — what the variables of one function hold, as far as all their assignments agree.
 *
 * Method      one answer a variable for the whole function, found by joining the kinds of everything assigned to it until
 *             nothing changes; null and a variable's own earlier value say nothing. Where two assignments disagree, the
 *             answer is DG_K_MIXED and the rules are silent: no order of statements is looked at.
 * Records     what zoho.crm.getRecordById gives, and an element of what searchRecords, getRecords and getRelatedRecords
 *             give: ids are text, lookups are maps (zoho.com/deluge/help/crm/get-record-by-id). The v8 names answer in
 *             another shape on some pages: their answers are not known.
 * Call order  dg_kinds_init → dg_kind_of … → dg_kinds_release
 */
#ifndef DELUGE_KINDS_H
#define DELUGE_KINDS_H
#include "deluge/ast.h"

enum dg_kind {
    DG_K_NONE, /* nothing known yet, or null */
    DG_K_TEXT,
    DG_K_ID,       /* text: the id of a record */
    DG_K_NUMBER,   /* whole or decimal */
    DG_K_QUOTIENT, /* of a division: decimal */
    DG_K_BOOL,
    DG_K_DATE, /* date or date-time */
    DG_K_LIST,
    DG_K_RECORDS, /* list of records */
    DG_K_MAP,
    DG_K_RECORD,
    DG_K_LOOKUP, /* map with name and id */
    DG_K_MIXED
};

struct dg_kinds {
    unsigned char *name; /* enum dg_kind by name index */
};

/* f NULL: the bare body. */
void dg_kinds_init(struct dg_kinds *k, const struct dg_script *s, const struct dg_function *f);
void dg_kinds_release(struct dg_kinds *k);
enum dg_kind dg_kind_of(const struct dg_kinds *k, const struct dg_expr *e);

/* Fields that are lookups in every org: Owner, Account_Name, … */
bool dg_kind_lookup_field(const char *api_name);
bool dg_kind_is_text(enum dg_kind kind);   /* TEXT, ID */
bool dg_kind_is_number(enum dg_kind kind); /* NUMBER, QUOTIENT */
#endif
