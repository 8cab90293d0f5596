/*
 * given_file: a file that a command names, read whole into memory.
 */
#ifndef FENGQIAO_CLI_GIVEN_FILE_H
#define FENGQIAO_CLI_GIVEN_FILE_H

#include "cli/cli.h"
#include "proto/bytes.h"

/* Appends it; "-" is standard input. Of a larger one one byte more than max, so that the
 * node sees that it is too much. What fails is said on err. */
enum exit_code given_file_read(struct cli *cli, const char *path, size_t max,
                               struct buf *file);
/* Its name without its folders. */
const char *given_file_name(const char *path);

#endif
