/*
 * opening: a sealed file that a mode without a loop of its own has to open: in the child
 * without rights (key_child), which is waited for.
 */
#ifndef FENGQIAO_NODE_IO_OPENING_H
#define FENGQIAO_NODE_IO_OPENING_H

#include "crypto/age.h"
#include "crypto/key.h"
#include "proto/bytes.h"

/* Opens file (borrowed) with an X25519 secret; what it holds is appended to plain.
 * AGE_WHOLE, or why not, as job.h says. */
enum age_verdict opening_run(struct bytes file, const uint8_t secret[static KEY_SIZE],
                             struct buf *plain);

#endif
