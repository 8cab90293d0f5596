/*
 * witness: this node watches the seal logs of machines of other sites (docs/LEDGER.md
 * §3): each newer checkpoint has to go on from the one that was seen last. What does is
 * cosigned; what does not is kept as a proof that anybody can check, and a steward gets
 * an alarm.
 */
#ifndef FENGQIAO_NODE_CORE_WITNESS_H
#define FENGQIAO_NODE_CORE_WITNESS_H

#include "proto/seal.h"
#include "proto/witness_request.h"

struct core;

/* Lives of one machine that are told of at once. */
#define WITNESS_BEGINS_MAX 32

/* The first leaf of a log, and that it stands there; borrowed. */
struct witness_begin {
    struct bytes leaf;
    struct merkle_hash proof[MERKLE_PROOF_MAX];
    size_t proof_len;
};

/* What a machine says of its log; all is borrowed. */
struct witness_claim {
    struct id site;
    uint8_t machine[KEY_SIZE];  /* its signing key, as its charter has it */
    uint8_t replaced[KEY_SIZE]; /* the one that it had before, or zeros */
    const uint8_t *noise_key;   /* under which it is known to alarms */
    bool is_by_stick;           /* and so may be of an earlier life of that machine */
    const struct witness_request *request;
    struct merkle_hash old_root; /* of its log, at the size from which it proves */
    /* Where that is 0: how it began, and each log that it goes on from, backwards. */
    const struct witness_begin *begins;
    uint32_t begins_len;
};

enum witness_answer {
    WITNESS_NOTHING,  /* there is nothing new, or nothing to be said to it */
    WITNESS_COSIGNED, /* note: the checkpoint with our cosignature alone */
    WITNESS_HOLDS,    /* note: the checkpoint from which it has to go on; empty: none */
};

/* Judges it and keeps what follows. INVALID, UNVERIFIED: no honest machine says that. */
enum status witness_judge(struct core *core, const struct witness_claim *claim,
                          enum witness_answer *answer, struct buf *note) MUST_USE;

/* Appends a note with the text of theirs and our cosignature alone. */
enum status witness_cosign(struct core *core, const struct note *theirs,
                           struct buf *note) MUST_USE;

/* The same of a checkpoint that this node holds: whoever has lost our word gets it. */
enum status witness_cosign_held(struct core *core, struct bytes held,
                                struct buf *note) MUST_USE;

/* The name under which a machine cosigns: "fengqiao/" and the text of its signing key. */
#define WITNESS_NAME_SIZE (9 + KEY_TEXT_SIZE)
void witness_name(char out[static WITNESS_NAME_SIZE], const uint8_t key[static KEY_SIZE]);

#endif
