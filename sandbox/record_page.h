/*
 * sandbox/record_page.h — a page of records: which fields, which rows, in which order, how to go on.
 *
 * Order       sort_by id, Created_Time or Modified_Time; a custom view's own sort field. Without sort_order: descending.
 * Going on    page reaches the first 2,000 rows, page_token 100,000; a token is bound to the parameters it came from and lives a day.
 *             It counts rows: whether Zoho's is a frozen view is not published.
 * Since       If-Modified-Since keeps what changed after it; 304 when nothing did.
 * Source      zoho-api.md 2.2; OAS26a record, related_records, module_search.
 */
#ifndef SANDBOX_RECORD_PAGE_H
#define SANDBOX_RECORD_PAGE_H
#include "sandbox/selection.h"

struct record_page {
    json_t *only;          /* field names; NULL = all */
    int64_t offset, since; /* since: epoch seconds, 0 = whenever */
    int page, per;
    char *sort_by; /* owned */
    bool ascending, tokens;
    char digest[65]; /* of the parameters a token is bound to */
};
enum page_kind { PAGE_LIST, PAGE_SEARCH }; /* a search needs no fields and has no tokens */
/* False = answered. */
bool record_page_take(struct call *c, struct record_page *p, enum page_kind kind);
/* The rows of m that s selects (NULL = all). */
void record_page_answer(struct call *c, const struct record_module *m, const struct record_page *p,
                        const struct selection *s);
void record_page_release(struct record_page *p);
/* "a,b,c" as an array of texts. */
json_t *record_names(const char *text);
#endif
