/*
 * card: images of the card in a machine whose power is off meanwhile.
 */
#ifndef FENGQIAO_TESTS_CARD_H
#define FENGQIAO_TESTS_CARD_H

#include "tests/sim/sim_county.h"

/* In the order in which sim_county founds them. */
enum card { CARD_COUNTY, CARD_TOWNSHIP, CARD_FENGYUAN, CARD_XIKOU };

/* Writes what the card holds into an image of that name. */
void card_keep(const struct sim_county *f, enum card card, const char *image);
/* The card is as it was then, its mark too. */
void card_restore(const struct sim_county *f, enum card card, const char *image);
/* The database is as it was then, and the mark says that it had come further: what a disk
 * leaves that lied about syncs. */
void card_forget_since(const struct sim_county *f, enum card card, const char *image);

#endif
