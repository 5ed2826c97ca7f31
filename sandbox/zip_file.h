/* sandbox/zip_file.h — zip archives in memory, through libzip. */
#ifndef SANDBOX_ZIP_FILE_H
#define SANDBOX_ZIP_FILE_H
#include "base/js.h"

/* Names of the files inside; NULL when it is no archive. New reference. */
json_t *zip_names(const void *data, size_t len);
/* One file's content (caller frees, a NUL behind *n), at most `max` bytes; NULL when it is not there or larger. */
char *zip_content(const void *data, size_t len, const char *name, size_t max, size_t *n);
/* An archive with one file; caller frees, NULL when libzip could not. */
char *zip_pack(const char *name, const void *data, size_t len, size_t *n);
#endif
