/*
 * against: one call of the client against a node that answers what a test wrote down, and
 * the same call again with answers that are odd, and with memory that ends (tape.h).
 */
#ifndef FENGQIAO_TESTS_AGAINST_H
#define FENGQIAO_TESTS_AGAINST_H

#include "tests/unit/cli/fake_node.h"
#include "tests/unit/cli/run_cli.h"

/* Gives what the first call said. */
struct run_cli run_against(fake_node_answer *answer, const char *const arguments[]);

#endif
