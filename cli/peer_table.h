/*
 * peer_table: the peers of a node, for `status` and `peer list`.
 */
#ifndef FENGQIAO_CLI_PEER_TABLE_H
#define FENGQIAO_CLI_PEER_TABLE_H

#include <stdio.h>

#include "proto/bytes.h"

/* result: a map with the list "peers". */
void peer_table_print(FILE *out, struct bytes result);

#endif
