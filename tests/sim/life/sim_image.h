/*
 * sim_image: an older image is put in place. In one seed of sixteen somebody copies the
 * card of a host below the county, and later writes that copy back. What the host alone
 * held since is gone, and its people know; everything that a peer holds comes back, and
 * where a peer knew that it was there, the peer says so. In half of them the copy is put
 * into another machine instead, and both are used, by turns: a clone.
 */
#ifndef FENGQIAO_TESTS_SIM_IMAGE_H
#define FENGQIAO_TESTS_SIM_IMAGE_H

#include "tests/sim/life/sim_state.h"

#define SIM_IMAGE_EVERY 16

/* Chooses host and moments, once the script is made. */
void sim_image_plan(struct sim *sim);
/* Its power is off for the copy; its power is off, and the copy is in place. */
void sim_image_keep(struct sim_host *host);
void sim_image_restore(struct sim_host *host);
/* The other of the two has the line from now on. */
void sim_image_swap(struct sim_host *host);
/* The first boot from the image: what is gone, and what has to come of it? */
void sim_image_booted(struct sim_host *host);
/* At the end: what had to come back has, and somebody noticed who could. */
void sim_image_end(struct sim *sim);

#endif
