/*
 * own_network: a network of the test's own, in which there is a loopback and nothing
 * else, so that no datagram leaves this machine.
 */
#ifndef FENGQIAO_TESTS_OWN_NETWORK_H
#define FENGQIAO_TESTS_OWN_NETWORK_H

#include <stdbool.h>

#define OWN_NETWORK_SKIPPED 77

/* False, and said: the system gives none. */
bool own_network_make(void);
/* The loopback has the address fe80::1, too. False: there is no IPv6. */
bool own_network_add_link_local(void);

#endif
