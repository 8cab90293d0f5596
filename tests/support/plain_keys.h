/*
 * plain_keys: keys, signatures and PINs that cost nothing, in the place of the true ones
 * (the linker's --wrap), for programs that want many turns of a whole node: a signature
 * is a hash over the public key and the message, so that whoever knows a public key could
 * sign; a public key is a hash of its seed. What it leaves out is tested by tests/unit,
 * by the targets op and channel, and by the simulator's careful lane.
 */
#ifndef FENGQIAO_TESTS_PLAIN_KEYS_H
#define FENGQIAO_TESTS_PLAIN_KEYS_H

#include <stdbool.h>

/* Plain from the start; false gives the true keys and signatures back, true takes them
 * away again. PINs stay plain. Whoever changes it begins with new keys: a key of the one
 * kind is none of the other. */
void plain_keys_use(bool is_plain);
/* A PIN is sealed and a code stretched with much memory, which this machine has not. */
void plain_keys_lack_memory(bool lacks);

#endif
