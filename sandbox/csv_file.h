/* sandbox/csv_file.h — CSV in and out, through libcsv. Delimiter as found in the header line: , ; : | (zoho-api.md 2.5). */
#ifndef SANDBOX_CSV_FILE_H
#define SANDBOX_CSV_FILE_H
#include "base/js.h"
#include "base/sb.h"

/* Array of rows, each an array of texts; new reference. NULL when it cannot be read. */
json_t *csv_rows(const char *data, size_t len);
/* One line of texts; anything that is no text is written as Zoho would: numbers plain, lookups by id, null as nothing. */
void csv_line(struct sb *b, const json_t *values);
#endif
