/*
 * invitation: a pairing code as one link, and as a QR code of it:
 * "fengqiao:pair?code=word-word-…&at=host:port"; "fengqiao:join?…" for another machine of
 * a site. The address may be missing: nodes with beacons need none.
 */
#ifndef FENGQIAO_CLI_INVITATION_H
#define FENGQIAO_CLI_INVITATION_H

#include <stdbool.h>

#include "cli/cli.h"
#include "proto/bytes.h"

#define INVITATION_CODE_SIZE 128
#define INVITATION_SITE "pair"
#define INVITATION_MACHINE "join"

/* Where --qr was given: the QR code, with --at in it; kind: INVITATION_SITE or _MACHINE.
 */
enum exit_code invitation_print(struct cli *cli, const char *kind, struct bytes code);
/* What the other end is to dial, as --at said; else a word for it. */
const char *invitation_where(const struct cli *cli);
/* Does it begin as any of our links? */
bool invitation_is_link(const char *text);
/* The other end of it: fills code and at (NULL where none stands there; borrowed from
 * link). False: it is no such link. */
bool invitation_read(const char *link, const char *kind,
                     char code[static INVITATION_CODE_SIZE], const char **at);

#endif
