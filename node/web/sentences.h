/*
 * sentences: what the core answers when it refuses, in Chinese. The core says English
 * sentences; sentences.txt has a line for each, as it stands in the source:
 *
 *   English with %s and %u | 中文 with their places: {1}, {2} in any order
 *
 * {field 1} is the text `field.VALUE` of texts.txt, or of each word of the value, where
 * it has one; {say 1} is a sentence inside a sentence.
 */
#ifndef FENGQIAO_WEB_SENTENCES_H
#define FENGQIAO_WEB_SENTENCES_H

#include "node/web/texts.h"

/* Appends the sentence in that language, as plain text: nothing is escaped. One that no
 * line fits stays as it is, and so does all that a person wrote. */
void sentences_say(struct buf *out, enum language language, struct bytes sentence);

/* The whole catalogue, for those who look through it. */
struct bytes sentences_all(void);

#endif
