/*
 * minor: a case of a minor names no party: its parties are roles, of which there are a
 * few. Of several in one role the second and later ones carry a number: "parent-2". Nor
 * does it name the guardian who consents: a word says what he or she is to the child.
 */
#ifndef FENGQIAO_CASES_MINOR_H
#define FENGQIAO_CASES_MINOR_H

#include <stdbool.h>

#include "proto/pack.h"

/* The roles, parted by single spaces. */
#define MINOR_ROLES                                                                      \
    "child parent guardian relative school teacher neighbour official other"

/* What a guardian is to the child, parted by single spaces. */
#define MINOR_GUARDIANS                                                                  \
    "parent mother father grandparent grandmother grandfather "                          \
    "sister brother relative guardian official "                                         \
    "父母 母亲 父亲 祖父母 祖母 祖父 外祖父母 外祖母 外祖父 "     \
    "奶奶 爷爷 外婆 外公 姐姐 哥哥 亲属 监护人 村委会 民政部门"

/* The role that an alias of this kind stands for; false: it is none of this kind. */
bool minor_role_of(struct bytes alias, struct bytes *role);
/* Is it a party that such a case may have? */
bool minor_is_party(struct bytes alias, struct bytes role);
/* Is it what a guardian is to the child? Perhaps with a number, as an alias. */
bool minor_is_guardian(struct bytes text);
/* The same of so many parties of a list that fits the schema. */
bool minor_are_parties(struct pack_reader *parties, uint32_t count);

#endif
