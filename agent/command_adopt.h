/*
 * agent/command_adopt.h — rows of the command table for an org that others change too: what it has, written down;
 * and what changed of what zagent made.
 */
#ifndef AGENT_COMMAND_ADOPT_H
#define AGENT_COMMAND_ADOPT_H
#include "agent/command.h"

int cmd_adopt(struct app *a, struct err *e);
int cmd_drift(struct app *a, struct err *e);
extern const struct opt adopt_opts[], drift_opts[];

#define ADOPT_COMMANDS                                                                                                 \
    {"adopt",                                                                                                          \
     "NAME [ADDRESS…]",                                                                                                \
     1,                                                                                                                \
     -1,                                                                                                               \
     "write down what an org has as a playbook that changes nothing there",                                            \
     "Reads the org (never writes) and writes templates/NAME/. ADDRESS is an address, a pattern like "                 \
     "'field/Quotes.*', a kind, or '*' for everything; what these refer to comes along. Left out, "                    \
     "with the reason: what Zoho made itself, what another playbook wants already, what a playbook "                   \
     "cannot say, and what looks like a credential. The written playbook is planned at once: exit 3 "                  \
     "when it would change something. A field that another playbook wants under another name is "                      \
     "proposed in context/org-map.csv for a person to confirm.",                                                       \
     "zagent adopt legacy --module Quotes",                                                                            \
     adopt_opts,                                                                                                       \
     NEEDS_PROJECT,                                                                                                    \
     cmd_adopt},                                                                                                       \
        {"drift",                                                                                                      \
         "[ADDRESS…]",                                                                                                 \
         0,                                                                                                            \
         -1,                                                                                                           \
         "what others did to what zagent manages in an org",                                                           \
         "Compares what the runs of this project left behind with the org (never writes to it): changed, removed, "    \
         "undone by a person, with who touched it last where Zoho says so. New drift goes into BUILD_LOG.md as not "   \
         "by zagent, once. What zagent does not manage is only counted. Exit 3 when something drifted: --repair "      \
         "saves a plan that puts it back, --accept keeps what the org has and says which line of the playbook to "     \
         "change. docs/DRIFT.md shows how to run it every night.",                                                     \
         "zagent drift",                                                                                               \
         drift_opts,                                                                                                   \
         NEEDS_PROJECT,                                                                                                \
         cmd_drift},
#endif
