/*
 * talk_print: what the sites of an escalation said for themselves: grades, progress,
 * tasks; and what auditors noted of it, or of a case.
 */
#ifndef FENGQIAO_CLI_TALK_PRINT_H
#define FENGQIAO_CLI_TALK_PRINT_H

#include <stdbool.h>
#include <stdio.h>

#include "proto/bytes.h"

/* Has everybody declined who was asked? Says so on a line of its own. */
void talk_print_unserved(FILE *out, struct bytes view);
/* The lists, each with its title; nothing of what is empty. names: as in names.h. */
void talk_print(FILE *out, struct bytes view, struct bytes names);
/* May an op of that kind be named by another one? Its id is shown then. */
bool talk_is_named(struct bytes kind);

#endif
