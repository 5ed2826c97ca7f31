/*
 * sandbox/coql.h — COQL: parse one select, within the documented limits.
 *
 *   select COL[, …] from MODULE [where COND] [group by COL[, …]] [order by COL [asc|desc][, …]] [limit [OFFSET,] N] [offset N]
 *   COL   name, path through lookups (Account_Name.Industry), count(id) sum min max avg (name), each with [as] alias
 *   COND  name OP value · and or not needed beyond two: more conditions stand in explicit nested parentheses
 *         'What_Id->Deals.Stage' follows What_Id where it points to a deal: Tasks, Calls, Events (v8/Get-Records-through-COQL-Query,
 *         "What_Id support"); any name may stand in quotes (Kaizen 171)
 *   OP    = != < > <= >= in, not in, like, not like, between … and …, not between, is null, is not null
 * Limits and codes: zoho-api.md 2.3; OAS26a coql (SYNTAX_ERROR, INVALID_QUERY, LIMIT_EXCEEDED, DUPLICATE_DATA, DUPLICATE_ALIAS,
 * INVALID_ALIAS and their details); zoho.com/crm/developer/docs/api/v8/COQL-Limitations.
 */
#ifndef SANDBOX_COQL_H
#define SANDBOX_COQL_H
#include <sqlite3.h>

#include "base/js.h"
#include "sandbox/limits.h"

enum { COQL_NAME = 160 };

struct coql_column {
    char path[COQL_NAME], function[8], shown[COQL_NAME]; /* function "" = none */
    bool named;                                          /* by an alias */
    bool descending;                                     /* in order by */
};
enum coql_kind { COQL_TEST, COQL_AND, COQL_OR };
struct coql_cond {
    enum coql_kind kind;
    int left, right; /* indices, of AND and OR */
    char path[COQL_NAME], op[16];
    json_t *value; /* a scalar, or an array of in and between; NULL for is null */
};
struct coql {
    char module[COQL_NAME];
    struct coql_column column[LIM_COQL_COLUMNS], group[LIM_COQL_GROUP], order[LIM_COQL_ORDER];
    int n_column, n_group, n_order, n_aggregate;
    struct coql_cond cond[2 * LIM_COQL_CRITERIA];
    int n_cond, n_test, where; /* where: index of the root, -1 = none */
    int64_t limit, offset;
    json_t *error; /* {"code","details","message"} when parsing failed */
};
/* -1 with q->error set. */
int coql_parse(struct coql *q, const char *text);
void coql_release(struct coql *q);

struct call;
struct record_module;
struct store;
/* The field a path ends at, following lookups from `module`; new reference, NULL when it is not there. */
json_t *coql_field(struct store *st, const char *module, const char *path);
/* Do the columns exist, once each, with names of their own, in what they may be used for, and does the token reach the module? Error
 * object ({"code","details","message"}) or NULL. */
json_t *coql_check(struct call *c, const struct coql *q, const struct record_module *m);
bool coql_lookup(const json_t *field);
/* One step of a path through lookups: "What_Id->Deals" of "What_Id->Deals.Stage". */
struct coql_hop {
    int field;          /* length of the lookup's api_name, at the path's start */
    const char *module; /* the module named behind the arrow, not ended; NULL = the lookup's own */
    int module_len;
    const char *rest; /* behind the dot; NULL at the path's end */
};
struct coql_hop coql_hop(const char *path);
/* A row of the statement; the fields behind the columns, for include_meta. New references. */
json_t *coql_row(struct call *c, const struct coql *q, const char *module, sqlite3_stmt *st);
json_t *coql_meta(struct call *c, const struct coql *q, const char *module);
#endif
