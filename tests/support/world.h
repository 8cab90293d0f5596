/*
 * world: several nodes in one process, on the same core that the daemon links: their
 * bytes go from one to the other through memory, their jobs run at once, their clock is a
 * number.
 */
#ifndef FENGQIAO_TESTS_WORLD_H
#define FENGQIAO_TESTS_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "node/core/core.h"

#define WORLD_NODES_MAX 8

struct world;
struct world_node;

/* Files of the nodes go under directory, which must exist. */
struct world *world_new(const char *directory, uint64_t seed);
void world_free(struct world *world);

/* Founds a site and starts its node; the steward is 陈某 with the PIN 246810. address is
 * what others dial ("township:1"). */
struct world_node *world_found(struct world *world, const char *tier, const char *name,
                               const char *address);
/* Ends the node without a word (power cut: what was not committed is gone) and starts it
 * again from its file. */
void world_restart(struct world *world, struct world_node *node);
/* Runs turns until nothing happens any more, moving the clock by at most ms. */
void world_run(struct world *world, uint64_t ms);
const struct id *world_site(const struct world_node *node);
void world_noise_key(const struct world_node *node, uint8_t key[static 32]);
struct store *world_store(const struct world_node *node);
/* core_rebuild of a node at rest. */
enum status world_rebuild(struct world_node *node);
/* No connection can be made, and those that are there are cut, while offline. */
void world_set_offline(struct world *world, struct world_node *node, bool offline);

/* One API call as the steward (after unlock); arguments are canonical bytes of a map. The
 * answer's result stands in out. */
enum status world_call(struct world *world, struct world_node *node, const char *method,
                       struct bytes arguments, struct buf *out);
/* The same with arguments as texts: name, value, …, NULL. A value that begins with '[' or
 * is "true" is written as a list of texts parted by commas, or as a flag. */
enum status world_say(struct world *world, struct world_node *node, struct buf *out,
                      const char *method, ...);
/* Unlocks as that person from now on. */
enum status world_unlock(struct world *world, struct world_node *node, const char *person,
                         const char *pin);

/* Every byte that a node handed to a connection so far. */
struct bytes world_sent(const struct world_node *node);

#endif
