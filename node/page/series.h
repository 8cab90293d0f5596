/*
 * series: a deed that is done once for each file of its form, one after another: what one
 * comes to stops no other. `looked` of the visit becomes {files: [{name, and what the
 * core answered as `read` or the sentence why not as `why`}]}.
 */
#ifndef FENGQIAO_PAGE_SERIES_H
#define FENGQIAO_PAGE_SERIES_H

#include "node/page/visit.h"

#define SERIES_FIELD "file" /* the field whose values they are */
#define SERIES_MAX 8

/* With a sentence: INVALID: no file; TOO_LARGE: more than that. */
enum status series_check(const struct visit *visit, struct err *err) MUST_USE;
/* The file that was under way came to that. True: there is another one. */
bool series_next(struct visit *visit, const struct call_answer *answer);
/* All are done. NO_MEMORY. */
enum status series_end(struct visit *visit) MUST_USE;

#endif
