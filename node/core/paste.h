/*
 * paste: what somebody pasted in, a text, a photo or both, kept until it becomes a case
 * or PASTE_LIFE_S of this node's own running time are over; then it is erased, and
 * nothing of it stays. No op says it and no site but this one ever holds it. A photo
 * loses what tells of its maker and lies sealed under a key of its own. While the node is
 * off no time passes, and no wall clock moves it.
 */
#ifndef FENGQIAO_NODE_CORE_PASTE_H
#define FENGQIAO_NODE_CORE_PASTE_H

#include <stdbool.h>

#include "proto/err.h"
#include "storage/store_pastes.h"

struct core;

#define PASTE_LIFE_S (7ull * 24 * 3600)
#define PASTE_NOTICE_S (2ull * 24 * 3600) /* the last of it, in which it is said */
#define PASTE_LOOK_MS (3600ull * 1000)

/* What the core remembers of it between turns. */
struct paste_clock {
    bool has_looked; /* in this process */
    bool is_empty;   /* nothing is kept */
    uint64_t looked_ms, next_ms;
};

/* What is to be kept. A text has at most as many bytes as a narrative. */
struct paste_new {
    struct bytes text, photo; /* one of them at least */
    struct id author;         /* who pastes it in */
};

/* The number it has now; *is_known: it says what one that is there says, and that one
 * stays as it is. INVALID, UNSUPPORTED or TOO_LARGE with a sentence; then nothing is
 * kept. */
enum status paste_add(struct core *core, const struct paste_new *paste, int64_t *number,
                      bool *is_known, struct err *err) MUST_USE;
/* Appends the photo of one that is there. NOT_FOUND: it has none; UNVERIFIED: a piece is
 * missing or damaged. */
enum status paste_photo(struct core *core, const struct store_paste *paste,
                        struct buf *photo, struct err *err) MUST_USE;
/* How many there are, and how many of them are in their last days. */
struct paste_count {
    uint64_t all, ending;
};
enum status paste_count(struct core *core, struct paste_count *count) MUST_USE;

/* Lets the time pass that has passed; where it is time to. */
void paste_tick(struct core *core);
uint64_t paste_deadline(const struct core *core);
/* Now. */
enum status paste_look(struct core *core) MUST_USE;

#endif
