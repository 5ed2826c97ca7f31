/* sandbox/page/parts.h — what many pages are made of: times, tables, values of records, criteria in words. */
#ifndef SANDBOX_PAGE_PARTS_H
#define SANDBOX_PAGE_PARTS_H
#include "sandbox/page/page.h"
#include "sandbox/record.h"

enum { PAGE_SIZE = 25 }; /* rows of a list */

void page_title(struct page *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The first text for a name counts. name "" = of the page as a whole. */
void page_error(struct page *p, const char *name, const char *text);
void page_go(struct page *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* 404 with a way back. */
void page_not_there(struct page *p, const char *what);
/* The secret that a form of this page carries. */
void page_form_token(const struct page *p, char out[65]);
/* ?n=2 → 2, at least 1. */
int64_t page_number(const struct page *p);
/* Links to the page before and after; `query` is put between ?n= and the end, percent-encoded already. */
void page_turn(struct page *p, int64_t n, bool more, const char *query);

/* In the org's zone. */
void page_time(const struct page *p, struct sb *out, int64_t at);
void page_at(struct page *p, int64_t at); /* the same to the page */
void page_empty(struct page *p, const char *text);
/* <table> with headings "A|B|C"; a heading that ends with "#" is of numbers. */
void page_table(struct page *p, const char *caption, const char *headings);
void page_table_end(struct page *p);
/* label: "yes", "no" … with a colour by kind: good, bad, quiet. */
void page_tag(struct page *p, const char *kind, const char *text);

/* A value as a person reads it: names of lookups, lists, yes and no. link: lookups lead to their record. */
void page_value(struct page *p, const json_t *field, const json_t *value, bool link);
/* "Stage equals Draft and …", with the labels of by_api (may be NULL). */
void page_criteria(struct page *p, const json_t *tree, const json_t *by_api);
const char *page_label(const json_t *by_api, const char *api_name);
/* A module's plural label, escaped. */
void page_module_label(struct page *p, const char *api_name);
/* "create_or_edit" → "create or edit", escaped. */
void page_words(struct page *p, const char *api_word);
/* A record's name by its display field; new text. */
char *page_record_name(const struct record_module *m, const json_t *record);
/* A link to a record by module and id; "a record" when it is gone. */
void page_record_link(struct page *p, const char *module, const char *id);
/* JSON for reading, in a box that scrolls. */
void page_json(struct page *p, const json_t *value);
/* Column `col` of the first row, 0 when there is none. */
int64_t page_count(struct page *p, sqlite3_stmt *q);
#endif
