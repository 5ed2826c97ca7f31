/*
 * agent/audit/crawl.h — every setting of an org that the API shows, read once, politely, and so that a kill costs little.
 *
 * Order      heads (org, people, modules, automation: one list each) → what each module has, in batches → function sources.
 * Calls      one GET a list and page, one more for each view and Blueprint that its list does not tell whole: crawl_expected says
 *            how many before the modules are read. A list that two modules refuse alike is not asked of the others.
 * Resume     each batch is put aside in .zagent/audit/ORG/ (0600, without credentials and people already). A crawl of the same org
 *            with the same choice that is not a day old goes on there; crawl_done throws it away.
 * Reserve    stops between batches, ERR_RATE, when the purse (agent/rails.h) holds no more than is left to others.
 * Lines      subforms and linking modules are asked for fields only: they have no layouts, views or rules of their own (unproven).
 */
#ifndef AGENT_AUDIT_CRAWL_H
#define AGENT_AUDIT_CRAWL_H
#include "agent/audit/scrub.h"
#include "agent/rails.h"
#include "plan/snapshot.h"

struct crawl {
    struct app *app;
    struct org *org;
    struct scrub scrub;
    struct snapshot s;    /* all of it, scrubbed */
    json_t *limits;       /* rails_limits */
    struct strset wanted; /* module resources and sources, not yet read */
    json_t *refused;      /* list → code: what the org does not show at all */
    struct fs_root aside;
    size_t resumed; /* resources that an earlier crawl had read */
    int part;       /* number of the next batch put aside */
};

/* people: names and addresses stay. Reads the heads. */
int crawl_open(struct crawl *c, struct app *a, struct org *org, bool people, bool fresh, struct err *e);
/* Calls that crawl_read will need, views apart; and how many lists that is. */
int64_t crawl_expected(const struct crawl *c);
int crawl_read(struct crawl *c, struct err *e);
/* What was put aside goes: the snapshot is where it belongs. */
int crawl_done(struct crawl *c, struct err *e);
void crawl_close(struct crawl *c);
#endif
