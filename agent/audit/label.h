/* agent/audit/label.h — do two names mean the same thing to a reader? Labels of fields, values of lists. */
#ifndef AGENT_AUDIT_LABEL_H
#define AGENT_AUDIT_LABEL_H
#include <stdbool.h>

/* Lower case, words joined by one space, marks between them dropped, "s" of a plural too. Caller frees. */
char *label_fold(const char *label);
/* Why the two are nearly one ("written differently", "one letter apart", "the same words"), NULL when they are not. Names that differ in
 * a digit, or in their first letter, are two things: Phone 1 and Phone 2, Height and Weight. */
const char *label_twin(const char *a, const char *b);
/* Values: only case, spaces and - _ between letters; A+ and A- are two things. */
bool label_same_value(const char *a, const char *b);
#endif
