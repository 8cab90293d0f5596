/*
 * core: the node as a function from events to actions. No libuv, no clock, no dice.
 *
 * One turn: core_begin → core_step for each event → core_commit → core_next_action until
 * it gives none → sleep until core_deadline. Nothing is sent and nobody is told "saved"
 * before core_commit returned OK; where it does not, the actions are only TRACE and STOP.
 */
#ifndef FENGQIAO_NODE_CORE_CORE_H
#define FENGQIAO_NODE_CORE_CORE_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/rng.h"
#include "node/core/action.h"
#include "node/core/event.h"
#include "node/core/job.h"
#include "proto/err.h"
#include "storage/store.h"

struct core;

#define BEACON_PAUSE_MS (30 * 1000)

struct core_config {
    struct store *store; /* borrowed, must outlive the core */
    struct rng rng;
    uint8_t node_seed[32];    /* Ed25519 seed of this node */
    uint8_t noise_secret[32]; /* X25519 static key of this node */
    bool listens;             /* io accepts connections */
    uint64_t seal_day_s;      /* running time between two seals; 0: a day */
};

/* What `fengqiaod init` asks for. Texts are borrowed. */
struct core_founding {
    const char *tier; /* village, township, county, department */
    const char *name;
    const char *steward;
    const char *network;            /* NULL: "fengqiao" */
    const uint8_t *steward_seed;    /* 32 bytes */
    const uint8_t *steward_wrapped; /* WRAP_SIZE bytes, the same key under the PIN */
    const uint8_t *recovery_key;    /* 32 bytes: Ed25519 public key */
    uint64_t wall;
    enum wall_quality quality;
};

/* Writes the founding op into an empty store. INVALID, EXISTS. */
enum status core_found(const struct core_config *config,
                       const struct core_founding *founding, struct id *site,
                       struct err *err) MUST_USE;

/* Opens a founded node. NOT_FOUND: the store has no site. */
enum status core_open(struct core **core, const struct core_config *config,
                      struct err *err) MUST_USE;
void core_close(struct core *core);
/* The keys of this machine as they are: after core_open they may be newer than those of
 * the configuration (the file was not written any more), and ACTION_KEYS tells that they
 * changed. */
void core_machine_keys(const struct core *core, uint8_t seed[static 32],
                       uint8_t noise_secret[static 32]);
/* From now on io hears the local networks (EVENT_BEACON). port: where it accepts other
 * nodes, which ACTION_BEACON says each BEACON_PAUSE_MS to those who know this one; 0: it
 * accepts none there, and says nothing. */
void core_find_others(struct core *core, uint16_t port);

/* From now on io writes backups (ACTION_BACKUP), one in every_s of running time. */
void core_back_up(struct core *core, uint64_t every_s);

/* Where the node has reason to doubt itself (doubt.h), this takes as long as a rebuild.
 */
enum status core_begin(struct core *core) MUST_USE;
void core_step(struct core *core, const struct event *event);
enum status core_commit(struct core *core) MUST_USE;
/* Moves the next action out; false: none left. */
bool core_next_action(struct core *core, struct action *action);
/* The monotonic time at which the core wants EVENT_TICK; UINT64_MAX: never. */
uint64_t core_deadline(const struct core *core);
/* Grows with each committed turn in which a scope was folded, or a peer came or left. */
uint64_t core_changes(const struct core *core);

#endif
