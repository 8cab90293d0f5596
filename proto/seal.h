/*
 * seal: one leaf of a machine's seal log (docs/LEDGER.md §2): how far the two trees of
 * its ledger are, as salted commitments that can be opened one by one.
 *
 *   origin   the name of a log: whose it is, and in which life of that machine
 *   opening  salt and value of one commitment
 */
#ifndef FENGQIAO_PROTO_SEAL_H
#define FENGQIAO_PROTO_SEAL_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/key.h"
#include "crypto/merkle.h"
#include "proto/bytes.h"
#include "proto/err.h"
#include "proto/op.h"

#define SEAL_LIFE_SIZE 8
/* "fengqiao/", the key, "/", 16 hex digits, NUL. */
#define SEAL_ORIGIN_SIZE (9 + KEY_TEXT_SIZE - 1 + 1 + 2 * SEAL_LIFE_SIZE + 1)
#define SEAL_SECRET_SIZE 32
#define SEAL_SALT_SIZE 16
#define SEAL_SIZE_MAX 384 /* of a leaf */

enum seal_kind {
    SEAL_BEGIN,
    SEAL_DAY,
    SEAL_GAP,
    SEAL_KINDS,
};

/* What a leaf commits to, in the order in which it stands there. */
enum seal_part {
    SEAL_PRIVATE_ROOT,
    SEAL_PRIVATE_SIZE,
    SEAL_SHARED_ROOT,
    SEAL_SHARED_SIZE,
    SEAL_PARTS,
};

/* How far a log is. */
struct seal_head {
    char origin[SEAL_ORIGIN_SIZE];
    uint64_t size;
    struct merkle_hash root;
};

struct seal {
    enum seal_kind kind;
    uint64_t wall;           /* claimed; 0: unknown */
    uint64_t gap_s;          /* GAP */
    bool has_former;         /* BEGIN */
    struct seal_head former; /* the log that this one goes on from */
    struct id commitments[SEAL_PARTS];
};

/* How far the two trees are. */
struct seal_trees {
    uint64_t private_size, shared_size;
    struct merkle_hash private_root, shared_root;
};

struct seal_opening {
    enum seal_part part;
    uint8_t salt[SEAL_SALT_SIZE];
    uint64_t size;           /* of a size */
    struct merkle_hash root; /* of a root */
};

void seal_origin(char out[static SEAL_ORIGIN_SIZE], const uint8_t key[static KEY_SIZE],
                 const uint8_t life[static SEAL_LIFE_SIZE]);
/* Whose log it is. False: no origin of a seal log. */
bool seal_origin_key(const char *origin, uint8_t key[static KEY_SIZE]);

/* Fills in the commitments. */
void seal_commit(struct seal *seal, const uint8_t secret[static SEAL_SECRET_SIZE],
                 const struct seal_trees *trees);
/* Appends the leaf. */
void seal_write(const struct seal *seal, struct buf *out);
/* INVALID with a reason. */
enum status seal_read(struct seal *seal, struct bytes leaf, struct err *err) MUST_USE;

/* One part is opened; the secret itself opens all of them and is given to nobody. */
void seal_open(struct seal_opening *opening, enum seal_part part,
               const uint8_t secret[static SEAL_SECRET_SIZE],
               const struct seal_trees *trees);
/* Is that what the leaf committed to? */
bool seal_is_opened(const struct seal *seal, const struct seal_opening *opening);

#endif
