/*
 * beacon: one datagram on the local network by which those who know a machine find it,
 * and from which nobody else learns anything (docs/PROTOCOL.md §12). It has one size, and
 * all but its first four bytes are new and without a pattern each time:
 *
 *   "FQB" 01 ‖ random (16) ‖ 5 slots of tag (16) ‖ hidden port (2)
 *
 * The first slot is for those who know the machine's Noise key, each other one for those
 * who know the code of an invitation. A slot that nobody is meant by is random, too.
 */
#ifndef FENGQIAO_PROTO_BEACON_H
#define FENGQIAO_PROTO_BEACON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/bytes.h"
#include "proto/limits.h"

#define BEACON_KEY_SIZE 32
#define BEACON_MAGIC_SIZE 4
#define BEACON_RANDOM_SIZE 16
#define BEACON_TAG_SIZE 16
#define BEACON_SLOT_SIZE (BEACON_TAG_SIZE + 2)
#define BEACON_CODES 4 /* of invitations that are open */
#define BEACON_SIZE                                                                      \
    (BEACON_MAGIC_SIZE + BEACON_RANDOM_SIZE + (1 + BEACON_CODES) * BEACON_SLOT_SIZE)
#define BEACON_UDP_PORT 7450
#define BEACON_GROUP "ff12::6671" /* link-local, and given to nobody */

_Static_assert(BEACON_CODES == INVITES_MAX, "a slot for each invitation, in each beacon");

/* The key of the slot of a machine, from the public Noise key that its charter shows. */
void beacon_key_of_machine(uint8_t key[static BEACON_KEY_SIZE],
                           const uint8_t noise_key[static 32]);
/* The key of the slot of an invitation, from its code as it was stretched. A secret. */
void beacon_key_of_code(uint8_t key[static BEACON_KEY_SIZE],
                        const uint8_t psk[static 32]);

/* Makes one of random bytes, whose first BEACON_MAGIC_SIZE do not count: no slot says
 * anything yet. In place. */
void beacon_begin(uint8_t beacon[static BEACON_SIZE]);
/* To those who know the noise key: I may be dialed at that port of where this came from.
 */
void beacon_call(uint8_t beacon[static BEACON_SIZE], const uint8_t key[static 32],
                 uint16_t port);
/* The same to those who know a code; slot: 0 to BEACON_CODES - 1. */
void beacon_call_code(uint8_t beacon[static BEACON_SIZE], uint32_t slot,
                      const uint8_t key[static 32], uint16_t port);

/* "host:port", a host of IPv6 in brackets; cut where there is no room. */
void beacon_address(char *out, size_t size, const char *host, uint16_t port);

/* Does it come from the machine of that key? Then port is where it may be dialed. False
 * also for whatever is no beacon. */
bool beacon_is_of(struct bytes beacon, const uint8_t key[static 32], uint16_t *port);
/* Has the machine an invitation of the code of that key? */
bool beacon_is_of_code(struct bytes beacon, const uint8_t key[static 32], uint16_t *port);

#endif
