/*
 * vector_maker: composes one op at a time and prints it as a paragraph of ops.txt. Every
 * op is judged before it is printed; verdicts that are not as expected are counted.
 */
#ifndef FENGQIAO_TESTS_VECTORS_VECTOR_MAKER_H
#define FENGQIAO_TESTS_VECTORS_VECTOR_MAKER_H

#include "crypto/key.h"
#include "crypto/rng.h"
#include "proto/op.h"

#define WALL_2025 UINT64_C(1735689600)
#define RAW(literal)                                                                     \
    (struct bytes)                                                                       \
    {                                                                                    \
        (const uint8_t *)(literal), sizeof(literal) - 1                                  \
    }

struct maker {
    struct rng rng;
    struct id network;
    uint8_t seed[KEY_SEED_SIZE];
    struct op op; /* the one being made */
    struct buf bytes;
    struct buf texts[OP_FIELDS_MAX]; /* what its values borrow */
    uint32_t texts_len;
    struct id charter;
    unsigned wrong; /* verdicts that were not as expected */
};

/* Ends the program where status is not OK. */
void maker_must(enum status status);

/* Begin an op; what stood there before is forgotten. A founding op stands under the
 * charter's authority, the charter's own under none; another op has a scope, one parent
 * and the charter's authority. A note has one field. kind is borrowed. */
void maker_begin_founding(struct maker *maker, const char *kind);
void maker_begin(struct maker *maker, const char *kind);
void maker_begin_note(struct maker *maker);
void maker_clear(struct maker *maker);

/* value is borrowed. */
void maker_add(struct maker *maker, const char *name, struct bytes value);
void maker_add_text(struct maker *maker, const char *name, const char *text);
void maker_draw_id(const struct maker *maker, struct id *id);

/* Into maker->bytes: the op as it stands; sealed; signed anew as it stands, in whatever
 * network and namespace; sealed in another version. */
void maker_encode(struct maker *maker, uint32_t show);
void maker_seal(struct maker *maker);
void maker_sign_again(struct maker *maker, const struct id *network, const char *space);
void maker_seal_as_is(struct maker *maker, uint64_t version);

/* Print maker->bytes, and "key=HEX". */
void maker_print_accepted(struct maker *maker, const char *name);
void maker_print_refused(struct maker *maker, const char *name, const char *class);
void maker_put_line(const char *key, const void *data, size_t len);
/* Seal and print. */
void maker_accept(struct maker *maker, const char *name);
void maker_refuse(struct maker *maker, const char *name, const char *class);

/* vector_refused.c: every op that has to be refused. */
void refused_print(struct maker *maker);

#endif
