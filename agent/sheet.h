/*
 * agent/sheet.h — a table that somebody saved from a spreadsheet: bytes in, rows of cells with their lines out. No I/O.
 *
 * Takes       UTF-8 with or without BOM; cells parted by comma, semicolon, tab or bar, whichever parts the first rows most; Excel's
 *             own hint "sep=;" in the first line; rows ended by LF, CRLF or CR; cells over several lines in quotes.
 * Refuses     what is no such text, each named with how to save it right: UTF-16, other encodings, workbooks (.xlsx, .xls, .ods),
 *             PDF, web pages. Nothing is repaired: a wrong letter in an item's code is a wrong item.
 * Bounds      SHEET_* below; passing one is ERR_LIMIT.
 * Sources     RFC 4180; utf8.org BOM FAQ; file signatures as in PRONOM (fmt/189, fmt/111, fmt/18).
 */
#ifndef AGENT_SHEET_H
#define AGENT_SHEET_H
#include "base/err.h"

enum { SHEET_BYTES = 32 << 20, SHEET_ROWS = 200000, SHEET_COLUMNS = 256, SHEET_CELL = 32767 };

struct sheet_row {
    int line; /* where it begins, from 1 */
    size_t n, cap;
    char **cell; /* as written, never NULL */
};
struct sheet {
    struct sheet_row *row; /* empty lines are left out */
    size_t n, cap;
    char delimiter;
};

/* bytes[n] must be NUL, as fs_read leaves it. `name` is used in messages. */
int sheet_read(struct sheet *s, const char *bytes, size_t n, const char *name, struct err *e);
void sheet_release(struct sheet *s);
#endif
