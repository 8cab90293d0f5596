/*
 * lines: walking through a text by marks, for those who check the catalogues.
 */
#ifndef FENGQIAO_TEST_WEB_LINES_H
#define FENGQIAO_TEST_WEB_LINES_H

#include <stdbool.h>

#include "proto/bytes.h"

/* Moves on behind the next mark; what lies before it. Without one the test fails. */
struct bytes lines_take(struct bytes *left, const char *mark);
bool lines_have(struct bytes text, const char *part);
bool lines_begin(struct bytes text, const char *with);
/* Is the word among those, parted by single blanks? */
bool lines_name(const char *words, struct bytes word);
/* What is wrong, and with which text. */
void lines_fail(const char *what, struct bytes text);
/* A file of the sources; borrowed until the next one is read. */
struct bytes lines_read(const char *path);

#endif
