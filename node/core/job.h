/*
 * job: work that takes long and touches nothing of the core: io runs it in its pool (or,
 * the ones about PINs, in a short-lived child) and gives it back with EVENT_JOB_DONE.
 */
#ifndef FENGQIAO_NODE_CORE_JOB_H
#define FENGQIAO_NODE_CORE_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/age.h"
#include "crypto/wrap.h"
#include "proto/bytes.h"
#include "proto/op.h"

enum job_type {
    JOB_VERIFY,  /* ops in wire → ops that stand alone in bytes; in any thread */
    JOB_WRAP,    /* seed, pin, random → wrapped; in a child */
    JOB_UNWRAP,  /* wrapped, pin → seed; in a child */
    JOB_STRETCH, /* pin holds the code → seed is the psk; in a child */
    JOB_OPEN,    /* wire: an age file; seed: an X25519 key → bytes: what it holds; in a
                    child without rights, for anybody may have written that file */
};

/* One op of a JOB_VERIFY: where it stands in wire, and after the work in bytes; and what
 * came out. */
struct job_op {
    uint32_t offset, len;
    enum status status; /* OK, INVALID, UNSUPPORTED, TOO_LARGE, UNVERIFIED, NO_MEMORY */
    struct id id, scope;
    bool is_founding;
    bool is_refused, waits; /* the core's business, once it is back */
};

struct job {
    enum job_type type;
    uint64_t conn, client; /* whose work it is, the other is 0; the core's business */
    struct id network;
    struct id *dictionary; /* of the message; owned */
    uint32_t dictionary_len;
    struct buf wire, bytes;
    struct job_op *ops;
    uint32_t ops_len;
    uint8_t seed[32];
    uint8_t wrapped[WRAP_SIZE];
    uint8_t random[40];
    char pin[WRAP_PIN_MAX + 1];
    uint32_t pin_len;
    enum wrap_result result; /* WRAP, UNWRAP, STRETCH */
    enum age_verdict opened; /* OPEN: AGE_WHOLE, or why not; AGE_STOPPED: it holds more
                                than BUNDLE_PAYLOAD_MAX, or the child died of it */
};

struct job *job_new(enum job_type type);
/* Wipes and frees; accepts NULL. */
void job_free(struct job *job);
/* Does the work, in whatever thread or process it is called. Uses nothing but the job. */
void job_run(struct job *job);
/* Does it need WRAP_MEMORY_BYTES, or read what may be hostile, and so a child? */
bool job_needs_child(const struct job *job);

#endif
