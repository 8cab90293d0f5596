/*
 * One case of the sample county, drawn whole.
 */
#ifndef PACKAGING_SAMPLE_SAMPLE_CASE_H
#define PACKAGING_SAMPLE_SAMPLE_CASE_H

#include <stdbool.h>
#include <stdint.h>

#include "packaging/sample/placename.h"
#include "packaging/sample/sample_text.h"
#include "packaging/sample/spread.h"

struct story_category;

enum { SAMPLE_MEDIATORS = 5 };

struct sample_village {
    uint64_t seed;
    uint32_t index; /* from 0 */
    char name[PLACENAME_SIZE];
    const char *mediators[SAMPLE_MEDIATORS]; /* surname and 某, all different */
};

struct sample_case {
    const struct sample_village *village; /* borrowed; outlives the case */
    uint32_t number;                      /* from 1, in the order of opening */
    uint32_t opened_day;                  /* of the year, 0 to 364 */
    uint32_t closed_day;                  /* beyond the year for what is still open */
    const struct story_category *category;
    const char *applicant; /* surname and 某 */
    const char *respondent;
    const char *mediator;
    enum spread_found found;
    enum spread_fate fate;
    enum spread_outcome outcome; /* of an open case: how it would end */
    struct sample_text title;
    struct sample_text narrative;
    struct sample_text context;
    struct sample_text agreement;
};

/* Names the village and its mediators. */
void sample_village_init(struct sample_village *village, uint64_t seed, uint32_t index);

/* Draws case `number` of the village, opened on that day. Borrows the village. */
void sample_case_draw(struct sample_case *c, const struct sample_village *village,
                      uint32_t number, uint32_t opened_day);

/* True while the case has not been closed on the last day of the sample year. */
bool sample_case_is_open(const struct sample_case *c);

/* Streams of the seed, so that drawing events does not change cases: `purpose` is 0 for
 * a case (number 0: the village itself) and 1 for the events of a case. */
uint64_t sample_case_stream(uint32_t village, uint32_t number, uint32_t purpose);

#endif
