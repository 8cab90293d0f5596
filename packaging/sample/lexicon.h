/*
 * Lexicon: the words that all stories share. Rules are grammar templates themselves.
 */
#ifndef PACKAGING_SAMPLE_LEXICON_H
#define PACKAGING_SAMPLE_LEXICON_H

#include <stddef.h>
#include <stdint.h>

enum { LEXICON_SURNAMES = 40 };

/* The template of a rule such as 地点, or NULL. `name` need not end in a zero byte. */
const char *lexicon_rule(const char *name, size_t len);

/* A person as the sample may show one: surname and 某. `index` < LEXICON_SURNAMES. */
const char *lexicon_person(size_t index);

/* How common each surname is; LEXICON_SURNAMES weights. */
const uint16_t *lexicon_person_weights(void);

#endif
