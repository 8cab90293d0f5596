/*
 * pages: a list of the node, asked for page after page and put together as one answer of
 * the same form, so that what prints it need not know. Its filters are options of the
 * verb.
 */
#ifndef FENGQIAO_CLI_PAGES_H
#define FENGQIAO_CLI_PAGES_H

#include "cli/ask.h"

/* What a verb adds to the request of each page: the filters that are its own. */
typedef void pages_fill(struct cli *cli, struct request *request);

/*
 * Asks method, whose rows stand under list, with the options --state, --category,
 * --since,
 * --until, --limit and --after of the verb and with what fill adds. Without --limit all
 * pages. Fills out (the caller's to free, on failure as well): {list: […], next}. Where
 * rows remain, says on err how to go on.
 */
enum exit_code pages_ask(struct cli *cli, enum ask_who who, const char *method,
                         const char *list, pages_fill *fill, struct buf *out);

#endif
