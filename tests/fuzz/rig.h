/*
 * rig: one true core, the township of a small county, whose every peer is the fuzzer. Its
 * store is in memory and is set back after each input by rolling back one transaction
 * that is never committed; keys and channel are the plain ones (plain_keys.c,
 * plain_channel.c), so that an execution takes part of a millisecond.
 *
 * What must hold after every turn is asserted here: the turn is committed whatever the
 * peer said; nothing secret stands in what goes to somebody who may not hold it, or in
 * the log; memory stays below its cap.
 */
#ifndef FENGQIAO_TESTS_FUZZ_RIG_H
#define FENGQIAO_TESTS_FUZZ_RIG_H

#include "fuzz.h"

#include "crypto/age.h"
#include "node/core/core.h"
#include "proto/op.h"

/* The sites of the story; the first is the node under test. */
enum rig_site {
    RIG_TOWNSHIP,
    RIG_COUNTY,   /* its parent, which it dials */
    RIG_XIKOU,    /* a village below it */
    RIG_FENGYUAN, /* another, which the fuzzer does not speak for */
    RIG_OUTSIDE,  /* a village that nobody is paired with yet */
    RIG_SITES,
};

struct rig_keys {
    struct id site;
    uint8_t steward_seed[32], recovery_seed[32], node_seed[32], noise_secret[32];
};

/* An op of the story. */
struct rig_op {
    struct id id, scope;
    struct buf bytes;
    enum rig_site of; /* in whose store it was found first */
    bool is_here;     /* the node under test has it from the beginning */
};
#define RIG_OPS_MAX 96

/* Scopes by what they are to the node. */
enum rig_scope {
    RIG_OWN_CASE,      /* private */
    RIG_FROM_XIKOU,    /* an escalation that it holds */
    RIG_FROM_FENGYUAN, /* the same; nobody else may see it */
    RIG_NOT_SENT_YET,  /* an escalation of xikou that is still there */
    RIG_SCOPES,
};

/* Who is at the other end of a connection, as far as secrets go. */
enum rig_reader { RIG_READER_XIKOU = 1, RIG_READER_COUNTY = 2, RIG_READER_NOBODY = 4 };

#define RIG_SECRETS_MAX 64
#define RIG_CONNS 8
struct rig_conn {
    uint64_t number; /* 0: free */
    bool is_open;    /* the node may be told of bytes */
    bool by_node;    /* the node dialed */
    unsigned reader;
    struct buf units; /* what the node sent and is not a whole unit yet */
};

/* What the driver hears. conn: the slot. */
struct rig_ears {
    void (*message)(void *context, struct rig_conn *conn, struct bytes message);
    void (*reply)(void *context, struct bytes reply);
    void (*closed)(void *context, struct rig_conn *conn);
    void *context;
};

struct rig {
    struct store *store;
    struct core *core;
    struct core_config config;
    struct id network;
    struct rig_keys keys[RIG_SITES];
    struct id scopes[RIG_SCOPES];
    struct rig_op ops[RIG_OPS_MAX];
    uint32_t ops_len;
    /* of this input */
    uint64_t now_ms, wall;
    struct rig_conn conns[RIG_CONNS];
    uint64_t next_accept; /* even: the node counts its own dials in odd numbers */
    uint64_t dialed;      /* a dial that is not answered yet; 0: none */
    struct job *jobs[64];
    uint32_t jobs_len;
    uint32_t replies;
    bool is_told[RIG_SECRETS_MAX]; /* secrets that a peer named itself */
    struct rig_ears ears;
};

/* The one rig, made at the first call. */
struct rig *rig_get(void);
/* As at the beginning: node open, a steward's client 7, no connection. */
void rig_reset(struct rig *rig, const struct rig_ears *ears);
/* Ends the input: closes the core. */
void rig_finish(struct rig *rig);
/* Ends the node without a word and opens it again. */
void rig_restart(struct rig *rig);

/* One event, one turn, and what follows from it at once (connections that it closed). */
void rig_event(struct rig *rig, struct event event);
/* A connection with somebody; NULL: no slot is free, or nobody was dialed. */
struct rig_conn *rig_connect(struct rig *rig, unsigned reader, bool by_node);
void rig_bytes(struct rig *rig, struct rig_conn *conn, struct bytes bytes);
void rig_unit(struct rig *rig, struct rig_conn *conn, uint8_t type, struct bytes payload);
void rig_cut(struct rig *rig, struct rig_conn *conn);
/* Runs the work that waits in the place `at`. */
void rig_run_job(struct rig *rig, uint32_t at);
/* The first work that waits is a file to be opened; it comes back as if that had stood in
 * it (AGE_WHOLE takes the payload), or with what else became of its seal. */
void rig_open_job(struct rig *rig, struct buf *payload, enum age_verdict seal);
void rig_request(struct rig *rig, struct bytes request);

/* Heap in use. */
size_t rig_heap(void);
/* It has not grown beyond the cap since rig_reset; takes long, so not in every turn. */
void rig_check_memory(void);

#endif
