/*
 * recovery_file: signing with the recovery key instead of a person's, for verbs that take
 * --recovery-file: it is read from a file or from standard input, and given to the node
 * for this one connection.
 */
#ifndef FENGQIAO_CLI_RECOVERY_FILE_H
#define FENGQIAO_CLI_RECOVERY_FILE_H

#include "cli/ask.h"

#define RECOVERY_FILE_OPTION                                                             \
    {                                                                                    \
        .name = "recovery-file", .value = "FILE"                                         \
    }

/* Where the option was given, nobody is asked for a PIN from here on. What fails is said
 * on err. */
enum exit_code recovery_file_unlock(struct cli *cli);

#endif
