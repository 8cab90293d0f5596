/*
 * names: what people call the sites and keys of a view, as the node that gave it knows
 * them from charters. A key is nobody's name until a charter says so.
 */
#ifndef FENGQIAO_CLI_NAMES_H
#define FENGQIAO_CLI_NAMES_H

#include <stdbool.h>
#include <stdio.h>

#include "proto/op.h"

/* names, in all of these: the map of that name in the answer of case.show or
 * escalation.show; empty: nothing is known. Borrowed. */

/* The name of a site, borrowed from names; false where it is not known. */
bool names_site(struct bytes names, const struct id *site, struct bytes *name);
/* Prints "枫源村", or "site 2a52a53c791a" where it is not known. */
void names_print_site(FILE *out, struct bytes names, const struct id *site);
/* Prints "陈某, 枫源村"; of a machine that has no name the site's alone; "key
 * 287c1654ecc1" where it is not known. */
void names_print_author(FILE *out, struct bytes names, const struct id *key);

#endif
