/*
 * Tests of the parts the sample county is made of, run before the county itself.
 */
#ifndef TESTS_UNIT_SAMPLE_SAMPLE_PARTS_H
#define TESTS_UNIT_SAMPLE_SAMPLE_PARTS_H

/* Runs them; returns how many failed. */
int sample_parts_run(void);

#endif
