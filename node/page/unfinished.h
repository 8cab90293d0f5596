/*
 * unfinished: the drafts of a person, by the names of the pages that they belong to.
 */
#ifndef FENGQIAO_PAGE_UNFINISHED_H
#define FENGQIAO_PAGE_UNFINISHED_H

#include "node/page/visit.h"

/* Of a screen that calls draft.list "drafts". Adds unfinished: [{about (what stands for
 * the plus of its path, or empty), path, title, wall}], without those of pages that are
 * no more. NO_MEMORY. */
enum status unfinished_prepare(const struct visit *visit, struct pairs *values) MUST_USE;

#endif
