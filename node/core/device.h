/*
 * device: what somebody signs in with over the network: a token that the device keeps and
 * of which the store keeps a digest. It is for one person of this site and says who asks;
 * it signs nothing, for which that person unlocks with a PIN as everybody else. One that
 * is revoked, or whose person has no role any more, is no device.
 */
#ifndef FENGQIAO_NODE_CORE_DEVICE_H
#define FENGQIAO_NODE_CORE_DEVICE_H

#include "node/core/caller.h"
#include "storage/store_devices.h"

#define DEVICE_TOKEN_SIZE 32

/* Signs a new one in; the caller speaks for it from now on, and what it had before is
 * revoked. TOO_LARGE: the person has as many as it may. */
enum status device_add(struct core *core, struct caller *caller, const struct id *person,
                       struct bytes label, uint8_t token[static DEVICE_TOKEN_SIZE],
                       struct err *err) MUST_USE;
/* The caller speaks for the one of that token from now on. NOT_FOUND, DENIED. */
enum status device_enter(struct core *core, struct caller *caller, struct bytes token,
                         struct err *err) MUST_USE;
/* Has the caller one, and its person a role now? Else it has lost it, and its key.
 * DENIED. Who removes a device takes it from its callers (device_revoke). */
enum status device_check(struct core *core, struct caller *caller,
                         struct err *err) MUST_USE;
/* Callers that speak for it lose it, and their keys. NOT_FOUND. */
enum status device_revoke(struct core *core, int64_t number) MUST_USE;

/* Where our own charter was folded in this turn: whoever is revoked in it keeps nothing
 * here, neither device nor draft. */
enum status devices_after_turn(struct core *core) MUST_USE;

#endif
