/*
 * The sample county: all villages, one after the other, as two CSV streams.
 */
#ifndef PACKAGING_SAMPLE_COUNTY_H
#define PACKAGING_SAMPLE_COUNTY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* The header rows, without the line feed. */
extern const char county_cases_header[];
extern const char county_events_header[];

/* Writes the cases of `villages` villages (1 to PLACENAMES_MAX), and their events where
 * `events` is not NULL. The same seed gives the same bytes; a village's rows do not
 * depend on how many villages there are, nor the cases on whether events are written.
 * Flushes both; false when a stream failed (errno tells). Borrows the streams. */
bool county_write(uint32_t villages, uint64_t seed, FILE *cases, FILE *events);

#endif
