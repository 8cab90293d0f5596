/*
 * resume: what was typed before, and not sent, stands in its form again.
 */
#ifndef FENGQIAO_PAGE_RESUME_H
#define FENGQIAO_PAGE_RESUME_H

#include "proto/bytes.h"

struct form;

/* Adds the fields of a draft (a map of texts, as call.h's `fields` wrote it: the second
 * of a name is NAME-2), in the order in which they were typed, under their own names;
 * what the form has already stays, and what it has no room for is left out. They are
 * borrowed from the draft. False: there was nothing in it. */
bool resume_form(struct form *form, struct bytes draft);

#endif
