/*
 * verdict_parts: the inside of verdict, for verdict*.c alone.
 */
#ifndef FENGQIAO_CLI_VERDICT_PARTS_H
#define FENGQIAO_CLI_VERDICT_PARTS_H

#include <stdio.h>

#include "cli/evidence.h"

void verdict_text_json(FILE *out, const char *text);
void verdict_hex_json(FILE *out, const struct id *id);

/* --- verdict_ledger.c: logs, witnesses, how many records stand under which seals --- */

void verdict_print_ledger(FILE *out, const struct evidence *evidence);
/* "earlier":…,"earlier_untold":… */
void verdict_earlier_json(FILE *out, const struct evidence *evidence);
/* "logs":[…] */
void verdict_logs_json(FILE *out, const struct evidence *evidence);
/* "sealed":{…} */
void verdict_sealed_json(FILE *out, const struct evidence *evidence);

#endif
