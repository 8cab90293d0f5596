/*
 * Grammar: turns a template into a sentence.
 *
 *   {a|b|c}      one of the alternatives, which may nest; an empty one is allowed
 *   {1:a|b|c}    the same, and every other choice labelled 1 (0 to 9) with as many
 *                alternatives takes the same one, so that a story stays consistent
 *   <name>       the slot of that name, else the rule of that name in the lexicon
 *   <3~12>       a number from 3 to 12
 *   <a=200~900/50>   the same in steps of 50, remembered as `a` the first time and
 *                recalled after that
 *   <a>          the number remembered as `a`
 *
 * Anything else is copied. Choices and numbers are remembered for the life of the
 * grammar, which is one case.
 */
#ifndef PACKAGING_SAMPLE_GRAMMAR_H
#define PACKAGING_SAMPLE_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice;
struct sample_text;

enum {
    GRAMMAR_SLOTS_MAX = 8,
    GRAMMAR_LABELS = 10,
    GRAMMAR_LETTERS = 26,
    GRAMMAR_ALTERNATIVES_MAX = 40,
    GRAMMAR_DEPTH_MAX = 12,
};

struct grammar_slot {
    const char *name;
    const char *template; /* borrowed for the life of the grammar */
};

struct grammar {
    struct dice *dice; /* borrowed for the life of the grammar */
    size_t slots_len;
    struct grammar_slot slots[GRAMMAR_SLOTS_MAX];
    int32_t chosen[GRAMMAR_LABELS];   /* alternative of each label, -1 while free */
    size_t offered[GRAMMAR_LABELS];   /* how many alternatives that label had */
    int32_t numbers[GRAMMAR_LETTERS]; /* -1 while free */
};

/* Forgets everything and borrows the dice. */
void grammar_init(struct grammar *grammar, struct dice *dice);

/* Adds a slot; borrows both strings. */
void grammar_slot_add(struct grammar *grammar, const char *name, const char *template);

/* Appends the expansion of `template` to `out`. False when the template is malformed,
 * names something unknown or does not fit; `out` then holds a part. */
bool grammar_expand(struct grammar *grammar, const char *template,
                    struct sample_text *out);

#endif
