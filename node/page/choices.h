/*
 * choices: what can be chosen in a form, as a list of {value, chosen} for a template.
 */
#ifndef FENGQIAO_PAGE_CHOICES_H
#define FENGQIAO_PAGE_CHOICES_H

#include "node/page/form.h"

/* The words of fields of the schema, as "settle.outcome triage.decision": a map of lists
 * under the names of the fields; "case-state" is how far a case may have come, the field
 * `state` of its form. chosen: what the form says. NO_MEMORY. */
enum status choices_write(const char *wanted, const struct form *form,
                          struct buf *out) MUST_USE;

#endif
