/*
 * new_case: a case that is founded, from the arguments of a request or from a row of
 * many.
 */
#ifndef FENGQIAO_NODE_CORE_NEW_CASE_H
#define FENGQIAO_NODE_CORE_NEW_CASE_H

#include "node/core/args.h"
#include "node/core/author.h"
#include "node/core/case_number.h"

struct caller;

/* What a row may name beside `line`. */
#define NEW_CASE_ARGUMENTS                                                               \
    "category title narrative context parties found_by place wish minor"

/* Puts what args say into the draft of a founding op, which it begins; the caller's to
 * draft_deinit, on failure as well. Where something does not fit, *field names it (NULL:
 * none in particular) and err says what is wrong. */
enum status new_case_read(const struct args *args, struct draft *draft,
                          const char **field, struct err *err) MUST_USE;
/* The same, where what happened is known already (empty: it is not), unless args say it
 * in other words. */
enum status new_case_read_from(const struct args *args, struct bytes narrative,
                               struct draft *draft, const char **field,
                               struct err *err) MUST_USE;
/* Gives it its number, signs and keeps it. */
enum status new_case_write(struct core *core, struct caller *caller, struct draft *draft,
                           char number[static CASE_NUMBER_SIZE], struct id *scope,
                           struct err *err) MUST_USE;

#endif
