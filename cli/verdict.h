/*
 * verdict: what a check of evidence found, for people and as JSON.
 */
#ifndef FENGQIAO_CLI_VERDICT_H
#define FENGQIAO_CLI_VERDICT_H

#include <stdio.h>

#include "cli/evidence.h"

/* Sites, what is here of each scope, a table of checks, each failing record with its
 * signer, and the verdict. */
void verdict_print(FILE *out, const struct evidence *evidence);
/* {about, checks, failures: [{author, check, kind, name, offset, op, reason}],
 * failures_untold, not_judged, ops, scopes: [{danger, digest, heads, heads_len, kind,
 * ops, purged, recalled, scope}], scopes_untold, verdict}. */
void verdict_print_json(FILE *out, const struct evidence *evidence);

#endif
