/*
 * yes: what leaves is shown to a person at a terminal before it does, and waits for her
 * word.
 */
#ifndef FENGQIAO_CLI_YES_H
#define FENGQIAO_CLI_YES_H

#include <stdbool.h>

#include "cli/cli.h"

/* Is there a person to be asked: at a terminal, and without --yes and --json? */
bool yes_is_asked(const struct cli *cli);
/* Asks. EXIT_FAILED, and said on err: nothing is sent. */
enum exit_code yes_ask(struct cli *cli);

#endif
