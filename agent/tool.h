/* agent/tool.h — another program of this machine, by the absolute folders of $PATH only: never from the current folder, never a shell. */
#ifndef AGENT_TOOL_H
#define AGENT_TOOL_H

/* Caller frees; NULL when there is none. */
char *tool_find(const char *name);
/* Shows a link in the desktop's browser, when there is a desktop. The link must have been checked. */
void tool_show_link(const char *url);
#endif
