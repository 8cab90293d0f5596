/*
 * recovery_page: the recovery sheet of a site as a page of HTML that needs nothing else,
 * in both languages side by side. It prints on one page of A4 from any browser.
 */
#ifndef FENGQIAO_NODE_WEB_RECOVERY_PAGE_H
#define FENGQIAO_NODE_WEB_RECOVERY_PAGE_H

#include "proto/bytes.h"

/* Appends the page. values: {identity, name, recovery, site, wall (0: a line to write
 * the day on), words: [{number, word}]}, and as secret as they are. NO_MEMORY. */
enum status recovery_page_add(struct bytes values, struct buf *out) MUST_USE;

#endif
