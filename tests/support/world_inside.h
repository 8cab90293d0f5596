/*
 * world_inside: what a world and its nodes are made of, for the files of world.h alone.
 */
#ifndef FENGQIAO_TESTS_WORLD_INSIDE_H
#define FENGQIAO_TESTS_WORLD_INSIDE_H

#include "node/core/check_words.h"
#include "tests/support/world.h"

#define CONNS_MAX 64
#define CLIENT 7
#define QUEUE_MAX 4096
#define HELD_MAX 64

struct world_event {
    struct event event;
    struct buf bytes;
};

struct world_node {
    struct world *world;
    char file[512], address[64];
    struct core_config config;
    struct rng_keyed *dice;
    struct core *core;
    struct id site;
    bool offline;
    uint64_t next_accept;
    struct world_event queue[QUEUE_MAX];
    uint32_t queue_len;
    struct buf reply;
    bool has_reply;
    bool may_stop, has_stopped, keeps_no_keys;
    uint64_t every_s; /* between backups that it asks for; 0: it asks for none */
    uint32_t backups; /* that it asked for */
    struct buf sent, heard, noticed, log;
    uint8_t steward_seed[32], recovery_seed[32];
    struct id network;
    const char *vfs;
    world_mutator *mutate;
    void *mutate_context;
    uint32_t repeats;
    struct buf answer; /* to another client than ours */
    uint64_t answered; /* which one, or 0 */
    struct job *held[HELD_MAX];
    uint32_t held_len;
    bool holds;
    char words[CHECK_WORDS_SIZE];
    bool finds;           /* it hears the network … */
    uint16_t beacon_port; /* … and says there, unless it is 0 */
    struct buf beacons;   /* all that it said */
};

/* The two ends of a connection; a is NULL where somebody without a node dialed. */
struct link {
    struct world_node *a, *b;
    uint64_t conn_a, conn_b;
    bool is_open;
    size_t answered;
};

struct world {
    char directory[256];
    uint64_t seed, now_ms, wall;
    enum wall_quality quality;
    struct world_node *nodes[WORLD_NODES_MAX];
    int nodes_len, made; /* with those that were scrapped */
    const char *vfs;
    struct link links[CONNS_MAX];
    uint64_t carried, cut_at; /* bytes; at cut_at the connection breaks, 0: never */
    bool was_cut;
};

/* An event for the node's next turn; the bytes are copied, the job is taken. */
void world_push(struct world_node *node, enum event_type type, uint64_t conn,
                struct bytes bytes, struct job *job);
/* From one end of a link to the other, whole or up to where it breaks. */
void world_carry(struct world *world, struct link *link, struct world_node *node,
                 struct bytes bytes);
void world_cut(struct link *link);
/* Of its store, which is closed. */
void world_delete_files(const struct world_node *node);
/* A beacon, to everybody who hears the network that the node is on. */
void world_spread(struct world_node *node, struct bytes beacon);
/* A node with keys and an empty store. */
struct world_node *world_make_node(struct world *world, const char *address);

#endif
