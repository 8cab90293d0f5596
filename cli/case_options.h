/*
 * case_options: the options that say what a new case is about, but for what happened.
 */
#ifndef FENGQIAO_CLI_CASE_OPTIONS_H
#define FENGQIAO_CLI_CASE_OPTIONS_H

#include "cli/cli.h"
#include "cli/request.h"

/* For a verb's table, behind its own. */
#define CASE_OPTIONS                                                                     \
    {.name = "category", .value = "C", .is_required = true},                             \
        {.name = "title", .value = "T", .is_required = true},                            \
        {.name = "context", .value = "X"}, {.name = "place", .value = "P"},              \
        {.name = "wish", .value = "W"}, {.name = "found-by", .value = "F"},              \
        {.name = "party", .value = "ALIAS:ROLE", .may_repeat = true},                    \
    {                                                                                    \
        .name = "minor"                                                                  \
    }

/* Adds them as arguments. What is no party is said on err. */
enum exit_code case_options_add(struct cli *cli, struct request *request);

#endif
