/*
 * agent/command_adopt.h — rows of the command table for an org that others change too: what it has, written down.
 */
#ifndef AGENT_COMMAND_ADOPT_H
#define AGENT_COMMAND_ADOPT_H
#include "agent/command.h"

int cmd_adopt(struct app *a, struct err *e);
extern const struct opt adopt_opts[];

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
     cmd_adopt},
#endif
