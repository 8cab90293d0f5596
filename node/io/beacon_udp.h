/*
 * beacon_udp: beacons on the local networks (proto/beacon.h): out by IPv4 broadcast and
 * IPv6 link-local multicast, never further than the next router, and in. Nothing is
 * answered, and at most BEACON_UDP_HEARD_MAX a second are handed on.
 */
#ifndef FENGQIAO_NODE_IO_BEACON_UDP_H
#define FENGQIAO_NODE_IO_BEACON_UDP_H

#include <stdbool.h>
#include <stdint.h>

#include <uv.h>

#include "node/core/event.h"
#include "node/io/address.h"
#include "proto/beacon.h"
#include "proto/err.h"

#define BEACON_UDP_HEARD_MAX 20 /* a second; the others are dropped */

/* A datagram of a beacon's size came, from a host of a network that this machine is on.
 */
typedef void beacon_udp_heard_fn(void *context, const char *host, struct bytes datagram);

struct beacon_udp {
    uv_loop_t *uv;
    uv_udp_t four, six;
    uv_timer_t rejoin; /* networks come and go */
    bool has_four, has_six, is_open;
    beacon_udp_heard_fn *heard;
    void *context;
    struct sockaddr_storage listening; /* where the node accepts others; or AF_UNSPEC */
    uint64_t second;                   /* of what was heard last … */
    uint32_t heard_len;                /* … and how many in it */
    char room[BEACON_SIZE + 1];        /* a longer one shows */
};

void beacon_udp_init(struct beacon_udp *udp, uv_loop_t *uv, beacon_udp_heard_fn *heard,
                     void *context);
/* Hears from now on. listening: "address:port" of the node, whose beacons leave only by
 * interfaces where it can be dialed there; NULL: it sends none. BUSY: the port belongs to
 * another program. */
enum status beacon_udp_open(struct beacon_udp *udp, const char *listening,
                            struct err *err) MUST_USE;
/* One datagram to each network. Where it does not leave, the next one may. */
void beacon_udp_send(struct beacon_udp *udp, struct bytes beacon);
/* Idempotent; the handles are gone once the loop has turned. */
void beacon_udp_close(struct beacon_udp *udp);

#endif
