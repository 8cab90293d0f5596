/*
 * nearest: what somebody probably meant who typed a verb or an option that is not there.
 */
#ifndef FENGQIAO_CLI_NEAREST_H
#define FENGQIAO_CLI_NEAREST_H

#include "cli/cli.h"

/* The verb whose name is the fewest letters away. second may be NULL. Never NULL. */
const char *nearest_verb(const char *first, const char *second);
/* The name of the verb's nearest option, or NULL where none is near. */
const char *nearest_option(const struct verb *verb, const char *argument);

#endif
