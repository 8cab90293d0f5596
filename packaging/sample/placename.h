/*
 * Place names: villages that exist nowhere, and say so by their form.
 */
#ifndef PACKAGING_SAMPLE_PLACENAME_H
#define PACKAGING_SAMPLE_PLACENAME_H

#include <stdint.h>

enum { PLACENAME_SIZE = 32, PLACENAMES_MAX = 100000 };

/* Writes the name of village `index` (from 0, below PLACENAMES_MAX): 枫源村 first, then
 * names such as 甲子溪口村, numbered by the sixty-year cycle. No two are the same. */
void placename_format(uint32_t index, char out[static PLACENAME_SIZE]);

#endif
