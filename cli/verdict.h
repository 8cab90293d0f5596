/*
 * verdict: what a check of evidence found, for people and as JSON.
 */
#ifndef FENGQIAO_CLI_VERDICT_H
#define FENGQIAO_CLI_VERDICT_H

#include <stdio.h>

#include "cli/evidence.h"

/* Sites, what is here of each scope, seal logs and what stands under them, a table of
 * checks, each failing record with its signer, and the verdict. */
void verdict_print(FILE *out, const struct evidence *evidence);
/* {about, checks, earlier: [{author, claims, log, op, seal, sealed}], earlier_untold,
 * failures: [{author, check, kind, name, offset, op, reason}], failures_untold, logs:
 * [{cosigned, key, origin, seals, site, unknown, witnesses: [{key, other_site, seals,
 * site, time}]}], not_judged, ops, scopes: [{danger, digest, heads, heads_len, kind,
 * ops, purged, recalled, scope}], scopes_untold, sealed:
 * {cosigned, not_cosigned, not_sealed}, verdict}. */
void verdict_print_json(FILE *out, const struct evidence *evidence);

#endif
