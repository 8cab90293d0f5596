/*
 * parties: what a caller says of the parties of a case or an agreement.
 */
#ifndef FENGQIAO_NODE_CORE_PARTIES_H
#define FENGQIAO_NODE_CORE_PARTIES_H

#include "node/core/args.h"
#include "node/core/author.h"

/* Puts the argument `parties` into the draft, whose kind has a field of that name;
 * without the argument nothing. reader and count: the list that was read, none where it
 * is absent. INVALID: it is no list of parties, or an alias stands in it twice. */
enum status parties_read(const struct args *args, struct draft *draft,
                         struct pack_reader *reader, uint32_t *count,
                         struct err *err) MUST_USE;

#endif
