/*
 * pairing_link: a pairing code as one link, and as a QR code of it:
 * "fengqiao:pair?code=word-word-…&at=host:port"; "fengqiao:join?…" for another machine of
 * a site. The address may be missing: nodes with beacons need none.
 */
#ifndef FENGQIAO_CLI_PAIRING_LINK_H
#define FENGQIAO_CLI_PAIRING_LINK_H

#include <stdbool.h>

#include "cli/cli.h"
#include "proto/bytes.h"

#define PAIRING_LINK_CODE_SIZE 128
#define PAIRING_LINK_SITE "pair"
#define PAIRING_LINK_MACHINE "join"

/* Where --qr was given: the QR code, with --at in it; kind: PAIRING_LINK_SITE or
 * _MACHINE.
 */
enum exit_code pairing_link_print(struct cli *cli, const char *kind, struct bytes code);
/* What the other end is to dial, as --at said; else a word for it. */
const char *pairing_link_where(const struct cli *cli);
/* Does it begin as any of our links? */
bool pairing_link_is(const char *text);
/* The other end of it: fills code and at (NULL where none stands there; borrowed from
 * link). False: it is no such link. */
bool pairing_link_read(const char *link, const char *kind,
                       char code[static PAIRING_LINK_CODE_SIZE], const char **at);

#endif
