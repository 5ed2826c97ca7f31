/*
 * deluge/docs.h — what each built-in is for, in one line: signature, meaning, the page that says so.
 *
 * Names       built-ins as deluge/names.h lists them; tasks and system variables by their full path ("zoho.crm.upsert").
 * Signature   "text.left(n)": the receiver's type before the dot. Nearly all may also be written f(receiver, …).
 *             [x] may be left out.
 * Wording     our own; `page` is the page of Zoho's help below https://www.zoho.com/ on which the function is listed.
 */
#ifndef DELUGE_DOCS_H
#define DELUGE_DOCS_H
#include <stddef.h>

struct dg_doc {
    const char *name; /* as usually written */
    const char *signature;
    const char *text;
    const char *page; /* "deluge/help/functions/text" */
};
extern const struct dg_doc dg_docs[];
extern const size_t dg_docs_n;

/* Any letter case; NULL when there is none. */
const struct dg_doc *dg_doc_find(const char *name);
#endif
