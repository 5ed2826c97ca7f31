/* tests/test.h — cmocka with the four headers it needs, in the order it needs them. */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#endif
