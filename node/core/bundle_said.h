/*
 * bundle_said: the two messages by which a bundle says what its writer holds and lacks of
 * what the pair shares, so that the answer carries exactly what is missing.
 *
 *   ["held", [[scope, [head …]] …]]   this and all beneath it is here
 *   ["lacks", [op …]]                 of the files of these something is missing
 */
#ifndef FENGQIAO_NODE_CORE_BUNDLE_SAID_H
#define FENGQIAO_NODE_CORE_BUNDLE_SAID_H

#include "node/core/state.h"
#include "proto/pack.h"

/* Appends both messages, and those about seal logs (seal_bundle.h), to the payload of
 * bundle `number` for that site: the scopes of which it does not know yet what we hold.
 * What has no room is said in the next one. */
enum status bundle_said_write(struct core *core, const struct id *site, uint64_t number,
                              struct buf *payload) MUST_USE;
/* What stands behind the name in such a message from that site; scopes and ops that the
 * pair does not share are passed over. INVALID: not well formed. */
enum status bundle_said_held(struct core *core, const struct id *site,
                             struct pack_reader *reader) MUST_USE;
enum status bundle_said_lacks(struct core *core, const struct id *site,
                              struct pack_reader *reader) MUST_USE;

#endif
