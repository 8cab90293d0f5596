/*
 * withheld: what a copy of a record or a case leaves out by the wish of whoever takes it:
 * fields of these classes, and fields of these names. Facts stay, for effect is judged on
 * them. What a case says has the class that it would have in a record; what no record has
 * goes with any class.
 */
#ifndef FENGQIAO_NODE_CORE_WITHHELD_H
#define FENGQIAO_NODE_CORE_WITHHELD_H

#include <stdbool.h>
#include <stdint.h>

#include "node/core/args.h"
#include "proto/op.h"

#define WITHHELD_WORDS_MAX 32

/* A zeroed struct withholds nothing. */
struct withheld {
    uint32_t classes;
    uint32_t names_len;
    struct bytes names[WITHHELD_WORDS_MAX]; /* borrowed from the arguments */
};

/* Reads "withhold", a list of words: classes (all: each of them), or fields of the
 * schema, of a case by the name that they have there; with has_cases those that stand in
 * cases alone, too. INVALID: one is neither, or is a fact. */
enum status withheld_read(struct withheld *withheld, const struct args *args,
                          bool has_cases, struct err *err) MUST_USE;
bool withheld_is_empty(const struct withheld *withheld);
/* Which fields of an op of an escalation or a case a copy shows, as `show` for op_encode.
 */
uint32_t withheld_show(const struct withheld *withheld, const struct op *op);

#endif
