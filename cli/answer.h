/*
 * answer: reading the result of a method. Results passed the strict gate in client.c, so
 * that a value here is always whole; what is missing or of another type reads as nothing.
 */
#ifndef FENGQIAO_CLI_ANSWER_H
#define FENGQIAO_CLI_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/bytes.h"
#include "proto/pack.h"

/* Elements of a list that are still to come. */
struct answer_list {
    struct pack_reader reader;
    uint32_t left;
};

/* All results are borrowed from the map. */
bool answer_field(struct bytes map, const char *name, struct bytes *raw);
/* Empty where it is missing or no text. */
struct bytes answer_text(struct bytes map, const char *name);
struct bytes answer_bin(struct bytes map, const char *name);
/* 0 where it is missing or no number. */
uint64_t answer_uint(struct bytes map, const char *name);
/* False where it is missing or not true. */
bool answer_is_true(struct bytes map, const char *name);

/* The value as text, where it is a text. */
bool answer_as_text(struct bytes raw, struct bytes *text);
/* The elements of a list; none where it is missing or no list. */
struct answer_list answer_list(struct bytes map, const char *name);
/* Those of the list in raw itself. */
struct answer_list answer_elements(struct bytes raw);
/* The next element; false at the end. */
bool answer_next(struct answer_list *list, struct bytes *element);

#endif
