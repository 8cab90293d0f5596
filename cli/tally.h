/*
 * tally: how often each of many digests has come.
 */
#ifndef FENGQIAO_CLI_TALLY_H
#define FENGQIAO_CLI_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "proto/op.h"
#include "proto/status.h"

/* A zeroed struct has counted nothing. */
struct tally {
    struct tally_one *ones; /* open addressing by the first bytes of a digest */
    size_t len, capacity;
};

/* Counts one more; *times is 1 where it came for the first time. NO_MEMORY. */
enum status tally_count(struct tally *tally, const struct id *digest,
                        uint64_t *times) MUST_USE;
/* Frees; accepts a zeroed struct. */
void tally_deinit(struct tally *tally);

#endif
