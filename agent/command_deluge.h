/*
 * agent/command_deluge.h — rows of the command table for `zagent deluge …`, kept beside the code that serves them.
 */
#ifndef AGENT_COMMAND_DELUGE_H
#define AGENT_COMMAND_DELUGE_H

#define DELUGE_COMMANDS
#endif
