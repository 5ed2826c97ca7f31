/* tests/zoho/golden.h — compares text with tests/golden/zoho/NAME; ZAGENT_GOLDEN=1 rewrites it. */
#ifndef TESTS_ZOHO_GOLDEN_H
#define TESTS_ZOHO_GOLDEN_H
void golden_check(const char *name, const char *text);
#endif
