/*
 * seek: the machine that invites, by its beacon, for a mode that has no node yet.
 */
#ifndef FENGQIAO_NODE_IO_SEEK_H
#define FENGQIAO_NODE_IO_SEEK_H

#include <stdint.h>

#include "node/core/event.h"
#include "proto/err.h"

#define SEEK_TIMEOUT_MS 65000 /* two beacons, and a little */
#define SEEK_ADDRESS_SIZE (EVENT_HOST_SIZE + 9)

/* Waits until a machine is heard that has an invitation of the code (psk: as it was
 * stretched), and writes where it may be dialed. UNREACHABLE: nobody was; else what
 * beacon_udp_open says. */
enum status seek_code(const uint8_t psk[static 32],
                      char address[static SEEK_ADDRESS_SIZE], struct err *err) MUST_USE;

#endif
