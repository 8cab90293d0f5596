/*
 * yes: what leaves, or is gone for good, is shown to a person at a terminal before it is,
 * and waits for her word.
 */
#ifndef FENGQIAO_CLI_YES_H
#define FENGQIAO_CLI_YES_H

#include <stdbool.h>

#include "cli/cli.h"

/* Is there a person to be asked: at a terminal, and without --yes and --json? */
bool yes_is_asked(const struct cli *cli);
/* Asks. EXIT_FAILED, and else_said on err: she did not say yes. */
enum exit_code yes_ask(struct cli *cli, const char *question, const char *else_said);

#endif
