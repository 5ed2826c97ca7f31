/* deluge/builtin_regex.h — regular expressions through PCRE2, bounded: the patterns of scripts are Java's, which PCRE2 reads. */
#ifndef DELUGE_BUILTIN_REGEX_H
#define DELUGE_BUILTIN_REGEX_H
#include "deluge/evaluator.h"

struct dg_replace {
    bool first, fold, literal;
};
bool dg_regex_replace(struct dg_frame *f, struct dv text, struct dv pattern, struct dv with, struct dg_replace how,
                      struct dv *out);
bool dg_regex_matches(struct dg_frame *f, struct dv text, struct dv pattern, struct dv *out); /* the whole text */
#endif
