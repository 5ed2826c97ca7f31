/*
 * agent/deluge_tests.h — function tests of a playbook: the loader attaches them to the resource, whoever checks runs them.
 *
 * Shape       artifact["tests"] = {"name": file for messages, "text": the YAML, "sources": {inputs as canonical JSON: rendered source}}.
 *             "with": {file: rendered source of another function of the playbook that is called}; absent when there is none.
 *             The source under test is rendered with the test's own inputs and the playbook's own names.
 */
#ifndef AGENT_DELUGE_TESTS_H
#define AGENT_DELUGE_TESTS_H
#include "agent/playbook.h"
#include "deluge/testcase.h"

int deluge_tests_attach(const struct playbook *pb, const char *source, const char *tests, json_t *artifact,
                        struct err *e);
/* Runs what attach left. file: of the script, for messages. */
int deluge_tests_run(const json_t *artifact, const char *file, struct dg_results *out, struct err *e);
#endif
