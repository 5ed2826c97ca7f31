/*
 * tests/agent/orgdump.h — what an org holds, as lines that two orgs can be compared by.
 *
 * One line a settings object and a record, sorted. Ids are replaced by what they name, times and orders of making left out.
 */
#ifndef TESTS_AGENT_ORGDUMP_H
#define TESTS_AGENT_ORGDUMP_H
/* Of a sandbox's store that nobody serves at the moment. Caller frees. */
char *orgdump(const char *db_path);
#endif
