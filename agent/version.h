/* agent/version.h — the version printed by `zagent version` and put into plans' meta. */
#ifndef AGENT_VERSION_H
#define AGENT_VERSION_H
#define ZAGENT_VERSION "0.1.0"
#endif
