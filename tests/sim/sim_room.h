/*
 * sim_room: a waiting room that is full of guests.
 */
#ifndef FENGQIAO_TESTS_SIM_ROOM_H
#define FENGQIAO_TESTS_SIM_ROOM_H

#include "tests/sim/sim_county.h"

struct store;

/* An op of that number that waits in the record, as a guest of the site; within a
 * transaction. */
void sim_put_guest(struct store *store, const struct id *record, const struct id *site,
                   uint32_t number);
/* The township's room is full of guests of sites nobody knows, each with so many. They
 * wait in a record of xikou, which is offline from then on. */
void sim_fill_room(struct sim_county *f, uint32_t each);

#endif
