/* agent/import_parts.h — what the files of agent/import*.c share: the sheet's columns, the rows being read, how a defect is told. */
#ifndef AGENT_IMPORT_PARTS_H
#define AGENT_IMPORT_PARTS_H
#include "agent/cell.h"
#include "agent/import.h"

struct import_column {
    const char *name;   /* borrowed from the description */
    const json_t *spec; /* borrowed */
    int at;             /* which column of the sheet; -1 = the sheet has none */
    char *header;       /* as the sheet writes it, cleaned; NULL without one */
    char *words;        /* what the header says besides its name: "€/kW"; NULL = nothing */
    bool seen[3];       /* enum cell_mark: fractions beyond doubt */
};
struct import {
    const json_t *spec;
    const struct sheet *sheet;
    enum cell_mark numbers; /* how the sheet is said to be written; CELL_NO_MARK = nobody said */
    struct import_column *column;
    size_t columns;
    size_t header;  /* index of the header's row */
    json_t *rows;   /* {COLUMN: text, @line, @bad} */
    json_t *result; /* being filled */
};

/* A defect of a row: the row is not taken. c and cell may be NULL. */
void import_defect(struct import *im, json_t *row, const struct import_column *c, const char *cell, const char *fix,
                   const char *text, ...) __attribute__((format(printf, 6, 7)));
/* Something that was read without doubt: counted by its text, the first place kept. */
void import_note(struct import *im, int line, const char *cell, const char *text);
const struct import_column *import_column(const struct import *im, const char *name);
bool row_good(const json_t *row);
/* The decimal that a text of a row holds; false when it is empty. */
bool row_number(const json_t *row, const char *column, struct dec *out);
/* import_columns.c: finds the header and gives each column its place. */
int import_header(struct import *im, const char *name, struct err *e);
/* import_value.c: one cell, cleaned, into the row. */
void import_value(struct import *im, json_t *row, const struct import_column *c, const char *raw);
/* The word that `text` stands for, of [{word, also}]; borrowed, NULL when none. */
const char *import_word(const json_t *words, const char *text);
/* The factor of a unit of `units` (any case, when only one fits), or of the column's own unit: 1. False when unknown. out may be NULL. */
bool import_factor(const json_t *column, const char *unit, struct dec *out);
const json_t *import_basis(const struct import *im, const char *word);
/* What "€/kW" says: *basis the word of `bases` (NULL when none is named). False when something in it is unknown. */
bool import_money_words(const struct import *im, const char *words, const char **basis);
/* A price as the sheet writes it, another value as it was read. Borrowed. */
const char *row_cell(const json_t *row, const char *column);
bool row_fits(const json_t *row, const json_t *where);
/* How many units of `to` one of `from` is (rows of `bases`); false when they count different things. */
bool import_ratio(const json_t *from, const json_t *to, struct dec *out);
/* import_bases.c, import_rows.c, import_plausible.c, in this order. */
void import_bases(struct import *im);
void import_duplicates(struct import *im);
void import_plausible(struct import *im);
#endif
