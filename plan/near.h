/* plan/near.h — do two labels mean the same thing to people? */
#ifndef PLAN_NEAR_H
#define PLAN_NEAR_H
#include <stdbool.h>

/* Same letters and digits, whatever the case, spaces and punctuation. */
bool label_same(const char *a, const char *b);
/* label_same, or one letter apart in six or more; digits must agree: "Phase 1" is not near "Phase 2". */
bool label_near(const char *a, const char *b);
#endif
