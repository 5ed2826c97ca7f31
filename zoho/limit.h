/*
 * zoho/limit.h — how many requests at once, and what each costs.
 *
 * Invariants  L1 in_flight <= max.   L2 heavy <= 10 (COQL, sorted lists, more than 10 records: Zoho's sub-concurrency).
 *             L3 a write runs alone: Zoho's settings writes are not made for company.
 * Credits     a rolling 24-hour purse; what is left is known only once Zoho says so (X-API-CREDITS-REMAINING, sent from 50 % use).
 * Source      zoho.com/crm/developer/docs/api/v8/api-limits.
 */
#ifndef ZOHO_LIMIT_H
#define ZOHO_LIMIT_H
#include <stdint.h>

#include "zoho/zoho.h"

enum { LIMIT_HEAVY = 10, LIMIT_PARALLEL = 4, LIMIT_PARALLEL_MAX = 25 };
struct limit {
    int max, in_flight, heavy;
    bool writing;
    int64_t left; /* credits, -1 while Zoho has not said */
};
void limit_init(struct limit *l, int max_parallel);
/* False = later; nothing changed. */
bool limit_start(struct limit *l, const struct zoho_request *rq);
void limit_end(struct limit *l, const struct zoho_request *rq);
/* The header of an answer; -1 when it was absent. */
void limit_seen(struct limit *l, int64_t remaining);
/* ERR_RATE when Zoho said that fewer credits are left than this costs. */
int limit_afford(const struct limit *l, const struct zoho_request *rq, struct err *e);

bool limit_is_write(const struct zoho_request *rq); /* anything but GET and POST /coql */
/* Credits of a request before it is sent; COQL is counted at its least and corrected by limit_price_rows. */
int limit_price(const struct zoho_request *rq);
int limit_price_rows(size_t rows); /* COQL by rows answered */
#endif
