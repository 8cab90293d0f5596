/*
 * sentences: what the sentences of a script mean.
 */
#ifndef FENGQIAO_TESTS_SENTENCES_H
#define FENGQIAO_TESTS_SENTENCES_H

#include "tests/sim/stories/stage.h"

/* Does what it says; false: it says nothing that is known here. */
bool sentence_do(struct stage *stage, const char *sentence);
/* All patterns, a line each; {} stands for a name or a text. */
void sentences_list(FILE *out);

#endif
