/*
 * plain_noise: a Noise channel that costs nothing, in the place of the true one (the
 * linker's --wrap), for histories by the thousand: what two keys agree on is a hash of
 * their public halves, and a frame is its plain bytes with the number of the message
 * where the tag stands. Lengths, handshake and order are those of the true one; nothing
 * is secret, and nothing that somebody changed on the way is noticed.
 */
#ifndef FENGQIAO_TESTS_PLAIN_NOISE_H
#define FENGQIAO_TESTS_PLAIN_NOISE_H

#include <stdbool.h>

/* Plain from the start; false gives the true one back. Not while a channel is open. */
void plain_noise_use(bool is_plain);

#endif
