/*
 * findings: what an audit found, as a table for people. The rows are those of the API's
 * `audit` (docs/API.md), whoever packed them.
 */
#ifndef FENGQIAO_CLI_FINDINGS_H
#define FENGQIAO_CLI_FINDINGS_H

#include <stdio.h>

#include "proto/bytes.h"

struct table;

/* A cell that says where: a case by its number, all else by the beginning of its id. */
void findings_where(struct table *table, struct bytes row);
/* The member `findings` of an answer, each word explained once; nothing: said where there
 * is none. */
void findings_print(FILE *out, struct bytes answer, const char *nothing);

#endif
