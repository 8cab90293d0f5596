/*
 * belt: work on a row of things by all processors of this machine, while one thread puts
 * them on and takes them off in their order.
 *
 *   place    things lie on BELT_PLACES places, one behind the other and round again
 *   hand     a thread that works; hand 0 is who takes off, as long as it has to wait
 *
 * Whoever puts on writes at a place before belt_put, and reads there after belt_take: in
 * between it is the hand's.
 */
#ifndef FENGQIAO_CLI_BELT_H
#define FENGQIAO_CLI_BELT_H

#include <stdbool.h>
#include <stdint.h>

#define BELT_PLACES 32
#define BELT_HANDS_MAX 64

struct belt;

/* work touches nothing but what lies at that place, and what belongs to that hand. NULL:
 * no memory. */
struct belt *belt_new(void (*work)(void *context, uint32_t place, uint32_t hand),
                      void *context);
/* Waits for the hands; what still lies there may have been worked on or not. NULL is
 * nothing. */
void belt_free(struct belt *belt);

/* How many hands there may be at most: one a processor. */
uint32_t belt_hands(const struct belt *belt);
/* May something be put on, is there something to take off? */
bool belt_is_full(const struct belt *belt);
bool belt_is_empty(const struct belt *belt);
/* The place that the next thing lies at. */
uint32_t belt_next(const struct belt *belt);
/* It lies there. Threads begin with the second thing that waits, and where one cannot be
 * had the others do its share. */
void belt_put(struct belt *belt);
/* The place of the first thing, when it is worked on; from the next belt_put on it is
 * free. */
uint32_t belt_take(struct belt *belt);

#endif
