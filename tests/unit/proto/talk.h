/*
 * talk: two sides of Negentropy over numbered items, and what they know of each other; or
 * one side alone, for messages written by hand. Chance comes from a seed.
 */
#ifndef FENGQIAO_TESTS_TALK_H
#define FENGQIAO_TESTS_TALK_H

#include "proto/err.h"
#include "proto/negentropy.h"
#include "proto/negentropy_set.h"

enum { OURS = 1, THEIRS = 2 };

struct pair {
    struct negentropy_set sets[2];
    struct negentropy sides[2];
    uint8_t *holders; /* of each item: OURS | THEIRS, what the sides learned added */
    size_t items_len;
    size_t have, need; /* as reported */
    bool repeats;      /* a report told what was known */
    size_t round_trips, bytes, longest;
    struct buf message, answer;
};

/* How item `number` is spread: gives its holders and its timestamp. */
struct spread {
    size_t items_len;
    unsigned ours_only, theirs_only; /* in 1,000 */
    uint64_t timestamps;             /* drawn below; 1: all the same, 0: the number */
    size_t limits[2];
};

struct side {
    struct negentropy_set set;
    struct negentropy session;
    struct buf out;
    size_t reports;
};

/* splitmix64 */
uint64_t draw(uint64_t *seed);
/* Item `number`: its id is random bytes, the number at the end to know it again. */
void add_item(struct negentropy_set *set, uint64_t timestamp, uint64_t number);

/* Of the items begin <= i < end. */
void set_fingerprint(struct negentropy_set *set, size_t begin, size_t end,
                     uint8_t out[static NEGENTROPY_FINGERPRINT_SIZE]);

void pair_init(struct pair *pair, const struct spread *spread, uint64_t seed);
void pair_deinit(struct pair *pair);
/* Sinks that note what the initiator learns, and that it is true. */
enum status learn_have(void *context, const uint8_t id[static NEGENTROPY_ID_SIZE]);
enum status learn_need(void *context, const uint8_t id[static NEGENTROPY_ID_SIZE]);
/* From the first message in pair->message until the initiator is done. */
void pair_talk(struct pair *pair);
void assert_all_learned(const struct pair *pair);

/* Items 0 to items_len - 1, two of each timestamp. */
void side_init(struct side *side, size_t items_len, size_t limit);
void side_deinit(struct side *side);
enum status side_answer(struct side *side, struct bytes message);
/* Counts what is reported. */
enum status side_continue(struct side *side, struct bytes message, bool *done);

#endif
