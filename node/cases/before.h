/*
 * before: what a register of a case said before somebody wrote it, found in the graph. So
 * that a write can be taken back: by another one, which says again what stood before.
 */
#ifndef FENGQIAO_CASES_BEFORE_H
#define FENGQIAO_CASES_BEFORE_H

#include "node/cases/fold.h"

/*
 * Of the ops beneath `op`, the one whose value the register showed there: *before,
 * borrowed from the input, whose ops must be given as such. NOT_FOUND: the scope has no
 * such op, or nobody had written the register before it. Statuses of fold_scope.
 */
enum status before_write(const struct fold_input *input, const char *name,
                         const struct id *op, const struct op **before) MUST_USE;

#endif
