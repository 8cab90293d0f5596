/*
 * daemon: a mode of the program fengqiaod, run and waited for.
 */
#ifndef FENGQIAO_CLI_DAEMON_H
#define FENGQIAO_CLI_DAEMON_H

#include "cli/cli.h"

/* Runs fengqiaod with these words (NULL behind the last): the one beside this program,
 * else the one that PATH has. What it says is said. EXIT_DONE: it ended with 0. */
enum exit_code daemon_run(struct cli *cli, const char *const *words);

#endif
