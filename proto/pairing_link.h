/*
 * pairing_link: a pairing code as one link, as a QR code carries it:
 * "fengqiao:pair?code=word-word-…&at=host:port"; "fengqiao:join?…" for another machine of
 * a site. The address may be missing: nodes with beacons need none.
 */
#ifndef FENGQIAO_PROTO_PAIRING_LINK_H
#define FENGQIAO_PROTO_PAIRING_LINK_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/bytes.h"

#define PAIRING_LINK_SIZE 512
#define PAIRING_LINK_CODE_SIZE 128
#define PAIRING_LINK_SITE "pair"
#define PAIRING_LINK_MACHINE "join"

/* kind: PAIRING_LINK_SITE or _MACHINE; at: what the other end dials, or NULL. False: it
 * is too long. The link is as secret as the code. */
bool pairing_link_write(char link[static PAIRING_LINK_SIZE], const char *kind,
                        struct bytes code, const char *at);
/* Does it begin as any of our links? */
bool pairing_link_is(const char *text);
/* The other end of it: fills code and at (NULL where none stands there; borrowed from
 * link). False: it is no such link. */
bool pairing_link_read(const char *link, const char *kind,
                       char code[static PAIRING_LINK_CODE_SIZE], const char **at);

#endif
