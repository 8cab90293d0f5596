/*
 * print: the papers of a mediation as one page of HTML that needs nothing else: no
 * script, no picture, no font from elsewhere. It prints on A4 from any browser.
 */
#ifndef FENGQIAO_NODE_WEB_PRINT_H
#define FENGQIAO_NODE_WEB_PRINT_H

#include "node/web/template.h"

/* In the order in which they are needed: "application", "notice", "record", "agreement",
 * "follow-up"; NULL behind the last. */
const char *print_paper(size_t i);

/* Appends the page with one paper, or with all of them for "all". values: the map that
 * the templates of print/ ask for. NOT_FOUND: there is no such paper. */
enum status print_page(const char *paper, struct bytes values, enum language language,
                       struct buf *out) MUST_USE;

#endif
