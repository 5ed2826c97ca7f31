/*
 * agent/options.h — the command line, parsed against the command table.
 *
 * Grammar   zagent [global options] COMMAND [options] [arguments]; options may stand anywhere after the command,
 *           --flag=value and --flag value, one-letter options without bundling, "--" ends options.
 * Errors    ERR_USAGE with the nearest name; an unknown word never runs anything.
 */
#ifndef AGENT_OPTIONS_H
#define AGENT_OPTIONS_H
#include "agent/command.h"

/* Fills cmd, opts, args, n_args, json, no_input, quiet. a->args is allocated: caller frees. Asked-for help and version
 * come out as their commands. */
int options_parse(struct app *a, int argc, char **argv, struct err *e);
#endif
