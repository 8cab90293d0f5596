/*
 * consent_table: who allowed what to leave, who refused or took it back, and what proves
 * it.
 */
#ifndef FENGQIAO_CLI_CONSENT_TABLE_H
#define FENGQIAO_CLI_CONSENT_TABLE_H

#include <stdio.h>

#include "proto/bytes.h"

/* The consents of a view (node/cases/view.h) of a case or an escalation; nothing where it
 * has none. */
void consent_table_print(FILE *out, struct bytes view);

#endif
