/*
 * minor: a case of a minor names nobody: its parties are roles, of which there are a few.
 * Of several in one role the second and later ones carry a number: "parent-2".
 */
#ifndef FENGQIAO_CASES_MINOR_H
#define FENGQIAO_CASES_MINOR_H

#include <stdbool.h>

#include "proto/pack.h"

/* The roles, parted by single spaces. */
#define MINOR_ROLES                                                                      \
    "child parent guardian relative school teacher neighbour official other"

/* The role that an alias of this kind stands for; false: it is none of this kind. */
bool minor_role_of(struct bytes alias, struct bytes *role);
/* Is it a party that such a case may have? */
bool minor_is_party(struct bytes alias, struct bytes role);
/* The same of so many parties of a list that fits the schema. */
bool minor_are_parties(struct pack_reader *parties, uint32_t count);

#endif
