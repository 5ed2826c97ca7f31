/*
 * deluge/completion.h — what could be typed at a place of a script.
 *
 * In text     the argument of a zoho.crm task that names the module: modules. A key of the map given to it, or
 *             record.get("…") and record.put("…"): fields of the module which the record was read from or is written to.
 * Elsewhere   after zoho. the tasks and system variables; after any other dot, and where a word begins, the built-ins.
 *             Nothing in a comment.
 * Filtering   none: an editor filters by what was typed.
 * Reads       tokens only, so that half a script is enough.
 */
#ifndef DELUGE_COMPLETION_H
#define DELUGE_COMPLETION_H
#include "deluge/ast.h"
#include "deluge/docs.h"

/* Names of an org. module NULL asks for the modules, else for that module's fields; label is what users see. */
typedef void (*dg_name_sink)(void *to, const char *api_name, const char *label);
struct dg_name_source {
    void *ctx;
    void (*each)(void *ctx, const char *module, dg_name_sink sink, void *to);
};

enum dg_offer_kind { DG_OFFER_FUNCTION, DG_OFFER_SPACE, DG_OFFER_VARIABLE, DG_OFFER_MODULE, DG_OFFER_FIELD };
struct dg_offer {
    enum dg_offer_kind kind;
    const char *label;        /* what is inserted; good during the call only */
    const char *detail;       /* module: its label; "" when there is nothing to say */
    const struct dg_doc *doc; /* NULL for names of the org */
};
typedef void (*dg_offer_sink)(void *to, const struct dg_offer *offer);

/* names NULL: no names of an org. off beyond the text counts as its end. */
void dg_complete(const struct dg_script *s, size_t off, const struct dg_name_source *names, dg_offer_sink sink,
                 void *to);
#endif
