/*
 * ledger_maker: a machine's two trees and its seal log, made for the test, and what an
 * evidence file says of them, value by value.
 */
#ifndef FENGQIAO_TESTS_LEDGER_MAKER_H
#define FENGQIAO_TESTS_LEDGER_MAKER_H

#include <stdint.h>

#include "proto/bytes.h"
#include "proto/op.h"
#include "proto/seal.h"

#define LEDGER_NONE UINT32_MAX

enum maker_tree { MAKER_PRIVATE, MAKER_SHARED };

struct ledger_maker;

/* seed: of the machine's signing key. */
struct ledger_maker *ledger_maker_new(const uint8_t seed[static 32], uint8_t life);
void ledger_maker_free(struct ledger_maker *maker);
const char *ledger_maker_origin(const struct ledger_maker *maker);

/* The op enters the tree; gives its index. */
uint64_t ledger_maker_hold(struct ledger_maker *maker, enum maker_tree tree,
                           const struct id *op);
/* Another op stands there from now on: what no honest machine does. */
void ledger_maker_rewrite(struct ledger_maker *maker, enum maker_tree tree,
                          uint64_t index, const struct id *op);
/* The next seal, of the trees as they are, from 0 on: the first one begins the log, and
 * goes on from another one where that is given. */
uint32_t ledger_maker_seal(struct ledger_maker *maker, uint64_t wall,
                           const struct ledger_maker *former);
uint32_t ledger_maker_seals(const struct ledger_maker *maker);

/* What stands in the file. */
void ledger_maker_log(const struct ledger_maker *maker, uint64_t said, struct buf *out);
/* The note alone; below it, where witness is given, what he with that seed cosigned. */
void ledger_maker_note(const struct ledger_maker *maker, uint32_t size,
                       const uint8_t *witness, struct buf *note);
void ledger_maker_checkpoint(const struct ledger_maker *maker, uint32_t size,
                             const uint8_t *witness, struct buf *out);
void ledger_maker_leaf(const struct ledger_maker *maker, uint32_t seal, struct buf *out);
/* What is opened of one tree at a seal, going on from what was at another, or from
 * nothing. */
void ledger_maker_opened(const struct ledger_maker *maker, uint32_t seal,
                         enum maker_tree tree, uint32_t from, struct buf *out);
/* The whole log: a checkpoint of all seals, and everything opened. */
void ledger_maker_whole(const struct ledger_maker *maker, const uint8_t *witness,
                        struct buf *out);
/* The op of that index stands in the tree of that seal, as the opening of that number
 * says. */
void ledger_maker_included(const struct ledger_maker *maker, uint32_t seal,
                           enum maker_tree tree, uint64_t index, uint64_t opened,
                           struct buf *out);

/* Their parts, for who puts them together otherwise. */
struct ledger_opened {
    uint64_t tree;
    struct buf note;
    uint8_t size_salt[SEAL_SALT_SIZE], root_salt[SEAL_SALT_SIZE];
    struct merkle_hash proof[MERKLE_PROOF_MAX];
    size_t proof_len;
};
void ledger_opened_make(const struct ledger_maker *maker, uint32_t seal,
                        enum maker_tree tree, uint32_t from,
                        struct ledger_opened *opened);
/* Frees what it has. */
void ledger_opened_write(struct ledger_opened *opened, struct buf *out);
void ledger_write_note(const char *word, struct bytes note, struct buf *out);
/* The note of a tree, or of anything else, of that name. */
void ledger_sign(const uint8_t seed[static 32], const char *name, uint64_t size,
                 const struct merkle_hash *root, const uint8_t *witness,
                 struct buf *note);
size_t ledger_maker_inclusion(const struct ledger_maker *maker, uint32_t seal,
                              enum maker_tree tree, uint64_t index,
                              struct merkle_hash proof[static MERKLE_PROOF_MAX]);
void ledger_write_included(uint64_t opened, uint64_t index,
                           const struct merkle_hash *proof, size_t len, struct buf *out);

#endif
