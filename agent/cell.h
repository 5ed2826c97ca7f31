/*
 * agent/cell.h — one cell of somebody's spreadsheet: cleaned, told apart from what is no value, read as a number. Exact, and never a
 * guess: what can be read in two ways is said to be so.
 *
 * Cleaned      blanks of any width become one plain blank, those at the ends go; marks nobody sees (zero-width, soft hyphen, BOM)
 *              go; full-width forms (U+FF01 to U+FF5E) become the plain letter. What was done is told, nothing else is changed.
 * Numbers      one number with words before and behind it: "EUR 1.234,50 / kW". Marks of groups: point, comma, blank, apostrophe,
 *              each group of three. "1,234" alone can be 1234 or 1.234: `ambiguous`, until somebody says how the sheet is written.
 */
#ifndef AGENT_CELL_H
#define AGENT_CELL_H
#include "deluge/decimal.h"

enum { CELL_BLANKS = 1, CELL_UNSEEN = 2, CELL_WIDE = 4 };
/* Caller frees; *did gathers CELL_* bits. */
char *cell_clean(const char *raw, unsigned *did);
/* Lower case (ASCII), everything but letters and digits as one blank: for comparing words. "Preis (€/kW)" → "preis €/kW" keeps
 * letters beyond ASCII, '/' and '%'. Caller frees. */
char *cell_fold(const char *clean);
/* What a spreadsheet left where a value should be (a formula, an error, a column too narrow); NULL when it is a value. */
const char *cell_trouble(const char *clean, const char **fix);

enum cell_mark { CELL_NO_MARK, CELL_POINT, CELL_COMMA };
struct cell_number {
    struct dec value;        /* when ambiguous: with the mark read as that of the fraction */
    struct dec other;        /* when ambiguous: with the mark read as that of groups */
    enum cell_mark fraction; /* the mark before the fraction, where the cell shows it beyond doubt or is ambiguous */
    bool ambiguous;
    char words[96]; /* what stands before and behind the number */
};
/* NULL, or what is wrong with it as a number. */
const char *cell_number(const char *clean, struct cell_number *out);
/* Without zeros at the end: "0.2400" → "0.24". Returns out. */
char *cell_plain(struct dec d, char out[DEC_TEXT]);
#endif
