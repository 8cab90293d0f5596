/*
 * Spread: how the sample county's numbers scatter, in integers only.
 *
 * The days-to-close table is the log-normal distribution function with median 6 and 95th
 * percentile 28, written out once, because the last bit of a logarithm differs between
 * libraries and a sample must not. The unit test compares it with libm.
 */
#ifndef PACKAGING_SAMPLE_SPREAD_H
#define PACKAGING_SAMPLE_SPREAD_H

#include <stddef.h>
#include <stdint.h>

#include "packaging/sample/dice.h"

/* Where a matter ends. */
enum spread_fate { FATE_VILLAGE, FATE_TOWNSHIP, FATE_COUNTY };

/* How it came to the mediators. */
enum spread_found { FOUND_MEDIATOR, FOUND_APPLIED, FOUND_REFERRED };

/* How it ended. CONFIRMED is a written agreement with judicial confirmation. */
enum spread_outcome {
    OUTCOME_ORAL,
    OUTCOME_WRITTEN,
    OUTCOME_CONFIRMED,
    OUTCOME_UNSETTLED
};

enum { SPREAD_DAYS_MAX = 119, SPREAD_DAYS_SCALE = 1 << 24 };

/* Of SPREAD_DAYS_SCALE cases, those closed within `days` days (0 to SPREAD_DAYS_MAX). */
uint32_t spread_days_within(size_t days);

/* Disputes of one village in one year: negative binomial, mean 15, dispersion 2. */
uint32_t spread_disputes(struct dice *dice);

/* Days to close; `*slow` is the quarter of the distribution, 0 (quick) to 3 (slow). */
uint32_t spread_days(struct dice *dice, size_t *slow);

/* Slow cases are the ones that go up; over all quarters 82, 15 and 3 %. */
enum spread_fate spread_fate(struct dice *dice, size_t slow);

/* Settled 96.5 %; of these 45 % orally and 3 % with judicial confirmation. */
enum spread_outcome spread_outcome(struct dice *dice, enum spread_fate fate);

/* 52.4, 43.5 and 4.1 %. */
enum spread_found spread_found(struct dice *dice);

/* The words of the CSV: "village", "mediator", "oral" and so on. */
const char *spread_fate_word(enum spread_fate fate);
const char *spread_found_word(enum spread_found found);
const char *spread_outcome_word(enum spread_outcome outcome);

#endif
