/*
 * story: signed ops for tests. A story owns every op and value it makes; ops are composed
 * one after the other and sealed with keyed dice, so that a seed tells the same story.
 */
#ifndef FENGQIAO_TESTS_CASES_STORY_H
#define FENGQIAO_TESTS_CASES_STORY_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants these before it. */
#include <setjmp.h>
#include <cmocka.h>

#include "crypto/rng.h"
#include "proto/op.h"

struct story_person {
    uint8_t seed[32];
    uint8_t key[32];
};

struct story;

struct story *story_new(uint64_t seed);
void story_free(struct story *story);
struct story_person story_person(struct story *story, uint64_t number);
/* The next number of the story's dice, below bound. */
uint32_t story_dice(struct story *story, uint32_t bound);

/* Values: canonical bytes, good as long as the story. */
struct bytes story_text(struct story *story, const char *text);
struct bytes story_uint(struct story *story, uint64_t number);
struct bytes story_flag(struct story *story, bool flag);
struct bytes story_bin(struct story *story, const void *data, size_t len);
/* Sorted, as the schema wants it. */
struct bytes story_ids(struct story *story, const struct op *const *ops, size_t len);
/* Words separated by spaces. */
struct bytes story_texts(struct story *story, const char *words);
/* Takes what was packed. */
struct bytes story_take(struct story *story, struct buf *packed);

/* Begins an op; parents and authority by hand. */
struct op *story_begin(struct story *story, const char *kind);
void story_put(struct op *op, const char *name, struct bytes value);
void story_after(struct op *op, const struct op *parent);
/* Sets the time (parents are looked up in the story) and seals. */
void story_seal(struct story *story, struct op *op, const struct story_person *author);
/* A copy that withholds the fields whose bit in show is not set. */
struct op *story_withhold(struct story *story, const struct op *op, uint32_t show);

#endif
