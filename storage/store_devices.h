/*
 * store_devices: devices that are signed in over the network, each for one person of this
 * site. This node's own, outside the graph. Of the token that a device keeps only a
 * digest is here.
 */
#ifndef FENGQIAO_STORAGE_STORE_DEVICES_H
#define FENGQIAO_STORAGE_STORE_DEVICES_H

#include "storage/store.h"

/* As it is added, without its number; the label is borrowed. */
struct store_device {
    int64_t number;
    struct id digest;     /* of its token */
    struct id person;     /* a key */
    struct bytes label;   /* what its person calls it; may be empty */
    uint64_t since, seen; /* claimed; 0: unknown */
};

/* Seen is when it was added. */
enum status store_device_add(struct store *store, const struct store_device *device,
                             int64_t *number) MUST_USE;
typedef enum status store_device_fn(void *context, const struct store_device *device);
/* The one whose token has that digest. NOT_FOUND. */
enum status store_device_find(struct store *store, const struct id *digest,
                              store_device_fn *fn, void *context) MUST_USE;
/* NOT_FOUND. */
enum status store_device_get(struct store *store, int64_t number, store_device_fn *fn,
                             void *context) MUST_USE;
/* In the order in which they came. */
enum status store_devices(struct store *store, store_device_fn *fn,
                          void *context) MUST_USE;
enum status store_device_seen(struct store *store, int64_t number,
                              uint64_t wall) MUST_USE;
/* NOT_FOUND. */
enum status store_device_remove(struct store *store, int64_t number) MUST_USE;
/* All of a person, if there are any. */
enum status store_devices_remove_of(struct store *store,
                                    const struct id *person) MUST_USE;

#endif
