/*
 * novel: the parts of files that nobody has looked at yet. A log of pages holds most of
 * their bytes many times over; looking once is as good.
 */
#ifndef FENGQIAO_TESTS_NOVEL_H
#define FENGQIAO_TESTS_NOVEL_H

#include <stdbool.h>

#include "proto/bytes.h"

/* How a file is made of pages: head, then again and again gap and page. */
struct novel_layout {
    size_t head, gap, page;
};

struct novel;

/* overlap: what is looked for may reach so far behind a part. No memory aborts. */
struct novel *novel_new(size_t overlap);
void novel_free(struct novel *novel);
/* The next part from *at on that was not given before, with the bytes that overlap, or
 * false at the end of the file. Moves *at behind it. */
bool novel_next(struct novel *novel, struct bytes file, const struct novel_layout *layout,
                size_t *at, struct bytes *part);

#endif
