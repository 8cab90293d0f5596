/*
 * world: several nodes in one process, on the same core that the daemon links: their
 * bytes go from one to the other through memory, their jobs run at once, their clock is a
 * number.
 */
#ifndef FENGQIAO_TESTS_WORLD_H
#define FENGQIAO_TESTS_WORLD_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "node/core/core.h"

#define WORLD_NODES_MAX 12

struct world;
struct world_node;

/* Files of the nodes go under directory, which must exist. */
struct world *world_new(const char *directory, uint64_t seed);
void world_free(struct world *world);
/* Nodes founded from now on keep their files on that SQLite VFS (borrowed); NULL: the
 * ordinary one. */
void world_use_vfs(struct world *world, const char *vfs);

/* Founds a site and starts its node; the steward is 陈某 with the PIN 246810. address is
 * what others dial ("township:1"). */
struct world_node *world_found(struct world *world, const char *tier, const char *name,
                               const char *address);
/* The parent invites, the child joins; ends with both in sync. */
void world_pair(struct world *world, struct world_node *parent, struct world_node *child);
/* Another machine of host's site: host's steward invites it, it gets the charter, starts,
 * and ends with all of the site; unlocked as the steward. */
struct world_node *world_join(struct world *world, struct world_node *host,
                              const char *name, const char *address);
/* The same with a code that somebody made, and what came of it: a node that is not
 * founded where it is not OK. */
enum status world_try_join(struct world *world, struct world_node *host, const char *code,
                           const char *name, const char *address,
                           struct world_node **node);
/* That machine is thrown away, the last one that was made. */
void world_scrap(struct world *world, struct world_node *node);
/* The node stops and its disk is a new one: an empty store in the place of the old, to be
 * closed before world_power_on. */
enum status world_new_disk(struct world *world, struct world_node *node,
                           struct store **store);
/* The two words that it showed when it joined. */
const char *world_words(const struct world_node *node);
/* Ends the node without a word (power cut: what was not committed is gone) and starts it
 * again from its file. */
void world_restart(struct world *world, struct world_node *node);
/* The two halves of it; on asks for no PIN, and gives the status of opening. */
void world_power_off(struct world *world, struct world_node *node);
enum status world_power_on(struct world *world, struct world_node *node);
/* The keys that a node has when its power is switched on. */
void world_set_keys(struct world_node *node, const uint8_t seed[static 32],
                    const uint8_t noise_secret[static 32]);
/* A machine with the keys and the disk that the node has now, as a thief of the card has
 * them; it is off. The node is switched off and on on the way, and unlocked. */
struct world_node *world_copy(struct world *world, struct world_node *node,
                              const char *address);
/* The node asks for a backup in every_s of running time, over restarts; how many times it
 * did so far. What came of one is EVENT_BACKUP_DONE. */
void world_back_up(struct world_node *node, uint64_t every_s);
uint32_t world_backups(const struct world_node *node);
/* New keys of the node reach no file any more (the power goes before that); or do again.
 */
void world_keep_no_keys(struct world_node *node, bool keeps_none);
/* From now on ACTION_STOP ends this node (until its power is switched off and on) instead
 * of the program; world_call then says CLOSED. */
void world_let_stop(struct world_node *node);
bool world_has_stopped(const struct world_node *node);
/* Runs turns until nothing happens any more, moving the clock by at most ms. */
void world_run(struct world *world, uint64_t ms);
/* What the wall clocks of all nodes say from now on. */
void world_set_wall(struct world *world, uint64_t wall, enum wall_quality quality);
/* Moves the clock and tells every node, whose turns are still to come. */
void world_tick(struct world *world, uint64_t ms);
/* What time the nodes are told it is from now on, and how far to trust that. */
void world_set_clock(struct world *world, uint64_t wall, enum wall_quality quality);
/* One turn of each node that has something to do; false: there was none. */
bool world_step(struct world *world);
const char *world_address(const struct world_node *node);
/* Others find it there from now on. */
void world_move(struct world_node *node, const char *address);
const struct id *world_site(const struct world_node *node);
void world_noise_key(const struct world_node *node, uint8_t key[static 32]);
const uint8_t *world_node_seed(const struct world_node *node);
const uint8_t *world_noise_secret(const struct world_node *node);
const uint8_t *world_node_seed(const struct world_node *node);
struct store *world_store(const struct world_node *node);
/* derived_rebuild of a node at rest. */
enum status world_rebuild(struct world_node *node);
/* No connection can be made, and those that are there are cut, while offline. */
void world_set_offline(struct world *world, struct world_node *node, bool offline);

/* The node hears the network that all nodes are on, unless they are offline; and says
 * there, where it listens, that it does so at the address it has. */
void world_find_others(struct world_node *node, bool listens);
/* All that it has said there so far, one beacon after the other. */
struct bytes world_beacons(const struct world_node *node);
/* A datagram reaches the node, as if from that host. */
void world_hear(struct world_node *node, const char *host, struct bytes datagram);
/* world_move of a node whose connections break; what it says there follows. */
void world_roam(struct world *world, struct world_node *node, const char *address);

/* From now on the connections of the world carry so many bytes more, in all; the one that
 * the next byte is for breaks, and both its ends hear of it. */
void world_cut_after(struct world *world, uint64_t bytes);
/* It has come to that since. */
bool world_was_cut(const struct world *world);
/* Bytes that the connections have carried. */
uint64_t world_carried(const struct world *world);

/* One API call as the steward (after unlock); arguments are canonical bytes of a map. The
 * answer's result stands in out. */
enum status world_call(struct world *world, struct world_node *node, const char *method,
                       struct bytes arguments, struct buf *out);
/* The same with arguments as texts: name, value, …, NULL. A value that begins with '[',
 * '{' or '#' or is "true" is written as a list of texts parted by commas (or of pairs,
 * where '=' parts the two), as a map of texts, as a number or as a flag. */
enum status world_say(struct world *world, struct world_node *node, struct buf *out,
                      const char *method, ...);
/* Such arguments, as a canonical map. */
void world_pack_texts(struct buf *map, va_list args);
/* Unlocks as that person from now on. */
enum status world_unlock(struct world *world, struct world_node *node, const char *person,
                         const char *pin);

/* ---- what io would tell a node; its turn is still to come ---- */

/* number: of the connection or the client. */
void world_event(struct world_node *node, enum event_type type, uint64_t number,
                 struct bytes bytes);
/* A client opens, over the network. */
void world_open_far(struct world_node *node, uint64_t client);
/* Moves the last answer to that client, which is not the one of world_call, into out;
 * false: none came since. */
bool world_answered(struct world_node *node, uint64_t client, struct buf *out);
/* Jobs of the node stay with the pool … */
void world_hold_jobs(struct world_node *node);
/* … until they come back: those that take a PIN with that result, unless it is OK, and
 * then those that open a file as ones for which there was no memory. */
void world_return_jobs(struct world_node *node, enum wrap_result result);
/* The oldest alone, as what it came to. */
void world_return_job(struct world_node *node);

/* Every byte that a node handed to a connection so far. */
struct bytes world_sent(const struct world_node *node);
/* Every byte that came to it. */
struct bytes world_heard(const struct world_node *node);
/* What it noticed of the connections that it dialed: "up", "got LENGTH" and "closed", a
 * line each. */
struct bytes world_noticed(const struct world_node *node);
/* The lines of its log. */
struct bytes world_log(const struct world_node *node);
void world_forget_log(struct world_node *node);

/* The seeds of the first steward's key and of the recovery key, and the network: for ops
 * that no API would write.
 */
const uint8_t *world_steward_seed(const struct world_node *node);
const uint8_t *world_recovery_seed(const struct world_node *node);
const struct id *world_network(const struct world_node *node);
struct rng *world_rng(struct world_node *node);
/* Puts an op into a node's graph as if it had come from a copy of the same site. */
enum status world_admit(struct world *world, struct world_node *node, struct bytes op);

/* Somebody with no node connects, sends these bytes and hangs up unless he was closed
 * before; true: it was the node that closed, without a byte of answer. */
bool world_knock(struct world *world, struct world_node *node, struct bytes bytes);

/* Somebody with no node connects, sends these bytes and stays. */
void world_stay(struct world *world, struct world_node *node, struct bytes bytes);
/* Those who stayed and were not closed send these bytes; how many there are then. */
uint32_t world_stayed(struct world *world, struct world_node *node, struct bytes bytes);

/* A hostile peer: every message that the node sends in a session (but hello) goes through
 * mutate, which may append another to out in its place. NULL: honest again. */
typedef void world_mutator(void *context, struct bytes message, struct buf *out);
void world_set_mutator(struct world_node *node, world_mutator *mutate, void *context);
/* What mutate put in the place of a message goes out so often. */
void world_set_repeats(struct world_node *node, uint32_t times);

#endif
