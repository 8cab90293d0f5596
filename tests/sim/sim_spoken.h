/*
 * sim_spoken: a village and a township that have said something in every field of the
 * schema that is a content, and in each of them one word that stands nowhere else, so
 * that whoever is shown any of it is shown that word.
 */
#ifndef FENGQIAO_TESTS_SIM_SPOKEN_H
#define FENGQIAO_TESTS_SIM_SPOKEN_H

#include "tests/sim/life/needles.h"
#include "tests/sim/sim_county.h"

#define SPOKEN_WORD "zjkanarie" /* in every text */
#define SPOKEN_PHONE "13857577575"

struct spoken {
    char number[32], second[32];           /* of cases; the other one was recalled */
    char record[65], recalled[65];         /* their records, in hex */
    char file[65], task[65], assigned[65]; /* ops */
};

/* At fengyuan and the township; asserts that each content of the schema was said there.
 */
void sim_speak(struct sim_county *f, struct spoken *spoken);
/* What no observer is ever told: the word, and what opens anything that a node of the two
 * holds: secrets and salts of ops, keys of files, what is sealed. */
struct needles *sim_spoken_needles(struct sim_county *f);

#endif
