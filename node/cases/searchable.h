/*
 * searchable: the texts of a folded scope that may be searched: what people wrote, in the
 * order of the journal, as far as this copy shows it. Sealed values are no texts and
 * never come here; nor does anything of a case of a minor.
 */
#ifndef FENGQIAO_CASES_SEARCHABLE_H
#define FENGQIAO_CASES_SEARCHABLE_H

#include <stdbool.h>

#include "proto/bytes.h"

struct searchable {
    struct bytes kind, field; /* where it stands: "note", "text" */
    struct bytes text;
};
/* False ends the walk. */
typedef bool searchable_fn(void *context, const struct searchable *one);
/* Calls fn with each text; all is borrowed from the view. */
void searchable_each(struct bytes view, searchable_fn *fn, void *context);

#endif
