/*
 * invite_qr: --qr and --at of the verbs that make a pairing code.
 */
#ifndef FENGQIAO_CLI_INVITE_QR_H
#define FENGQIAO_CLI_INVITE_QR_H

#include "cli/cli.h"
#include "proto/bytes.h"

/* Where --qr was given: the QR code of a link (pairing_link.h, which has the kinds), with
 * --at in it, or a word why there is none: the code stands behind it all the same. */
void invite_qr_print(struct cli *cli, const char *kind, struct bytes code);
/* What the other end is to dial, as --at said; else a word for it. */
const char *invite_qr_where(const struct cli *cli);

#endif
