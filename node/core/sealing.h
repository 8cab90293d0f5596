/*
 * sealing: a payload becomes an age file for some X25519 keys. Who may be among them is
 * the caller's to say: the machines of one site (bundle_out), or our own recovery key
 * (backup_out).
 */
#ifndef FENGQIAO_NODE_CORE_SEALING_H
#define FENGQIAO_NODE_CORE_SEALING_H

#include "crypto/age_writer.h"
#include "node/core/state.h"

/* Appends the file. scope: for the dice, as in rng_fill. The keys belong to sound ones of
 * a charter: NO_MEMORY alone. */
enum status sealing_run(struct core *core, const uint8_t (*keys)[KEY_SIZE],
                        size_t keys_len, const struct id *scope, struct bytes payload,
                        struct buf *file) MUST_USE;

#endif
