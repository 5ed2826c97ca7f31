/*
 * agent/deluge_files.h — the scripts that a command line names: files, folders, and "-" for standard input.
 *
 * Folders     every .dg and .deluge file below, in the order of their names; hidden folders and links are stepped over.
 * Input       "-" is read once and called "stdin" in messages; its text is kept.
 * Ownership   deluge_files_release frees all; deluge_files_read gives a copy that the caller frees.
 */
#ifndef AGENT_DELUGE_FILES_H
#define AGENT_DELUGE_FILES_H
#include "agent/command.h"

struct deluge_files {
    char **path;
    size_t n, cap;
    char *input; /* NULL when "-" was not named */
    size_t input_len, input_at;
};

enum { SCRIPT_MAX = 64 << 20 };

/* Every file below the folder whose name has one of the endings (a list that ends with NULL); none is no error. */
int deluge_files_below(struct deluge_files *f, const char *folder, const char *const *endings, struct err *e);
int deluge_files_find(struct deluge_files *f, char **args, int n_args, struct err *e);
int deluge_files_read(const struct deluge_files *f, size_t i, char **text, size_t *len, struct err *e);
bool deluge_files_is_input(const struct deluge_files *f, size_t i);
void deluge_files_release(struct deluge_files *f);
#endif
