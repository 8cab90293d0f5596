/*
 * seal_bundle: what a bundle says about seal logs (docs/LEDGER.md §3), in its part 0:
 * `checkpoint` of its writer for a witness, one from where each machine of that site is
 * known to be; `witnessed` and `cosignature` of what its writer has seen of the machines
 * of the site that it is for. Nothing is asked and answered: the next bundle says what
 * this one has changed.
 */
#ifndef FENGQIAO_NODE_CORE_SEAL_BUNDLE_H
#define FENGQIAO_NODE_CORE_SEAL_BUNDLE_H

#include "proto/pack.h"

struct core;
struct id;

#define SEAL_SAID_MAX 16 /* of one bundle; further ones are passed over */

/* Such messages of a bundle that is read, behind their names. Zeroed: none. */
struct seal_said {
    struct seal_said_one {
        struct bytes name;
        struct pack_reader reader;
    } messages[SEAL_SAID_MAX];
    uint32_t len;
};

/* Appends these messages to the payload of a bundle for that site. */
enum status seal_bundle_write(struct core *core, const struct id *site,
                              struct buf *payload) MUST_USE;
/* So many elements has a message of that name; 0: it is none of these. */
uint32_t seal_bundle_elements(struct bytes name);
void seal_bundle_keep(struct seal_said *said, struct bytes name,
                      const struct pack_reader *reader);
/* What a machine of that site, by its signing key, has said. What does not hold changes
 * nothing: a failure is one of ours. */
enum status seal_bundle_take(struct core *core, const struct id *site,
                             const uint8_t machine[static 32],
                             const struct seal_said *said) MUST_USE;

#endif
