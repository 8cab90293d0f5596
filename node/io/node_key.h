/*
 * node_key: D/node.key, the two keys by which this machine is known: it signs with one
 * and answers Noise handshakes with the other. It stands there unwrapped, so that a node
 * comes back by itself after a power cut; whoever takes the card has it, and revoking the
 * node is the answer (docs/THREATS.md).
 *
 *   "FQNODE\0\1" (8) ‖ Ed25519 seed (32) ‖ X25519 secret key (32), mode 0600
 */
#ifndef FENGQIAO_NODE_IO_NODE_KEY_H
#define FENGQIAO_NODE_IO_NODE_KEY_H

#include <stdint.h>

#include "crypto/rng.h"
#include "proto/err.h"

#define NODE_KEY_NAME "node.key"
#define NODE_KEY_NEW_NAME "node.key.new"

struct node_key {
    uint8_t seed[32];
    uint8_t noise_secret[32];
};

/* Draws new keys into key (secret memory of the caller) and writes the file durably.
 * EXISTS, IO. */
enum status node_key_create(struct node_key *key, int dir_fd, const struct rng *rng,
                            struct err *err) MUST_USE;

/* Writes the file durably with these keys, which a backup brought. EXISTS, IO. */
enum status node_key_keep(const struct node_key *key, int dir_fd,
                          struct err *err) MUST_USE;
/* Puts these keys in the place of those that the file has: the old or the new ones stand
 * there, whatever happens. IO. */
enum status node_key_replace(const struct node_key *key, int dir_fd,
                             struct err *err) MUST_USE;
/* Reads the file into key. NOT_FOUND; DENIED: others may read it; CORRUPT: it is not a
 * whole key file; IO. The file is never changed. */
enum status node_key_read(struct node_key *key, int dir_fd, struct err *err) MUST_USE;

#endif
