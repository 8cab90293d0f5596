/*
 * person_pin: another PIN for the key of a person who is unlocked: the old one opens the
 * stored key once more, the new one wraps it.
 */
#ifndef FENGQIAO_NODE_CORE_PERSON_PIN_H
#define FENGQIAO_NODE_CORE_PERSON_PIN_H

#include "node/core/caller.h"

/* The end of the first job, which begins the second. */
enum status person_pin_opened(struct core *core, struct caller *caller, struct job *job,
                              struct err *err) MUST_USE;
/* The end of the second: the new one is stored, and no byte of the old one is left. */
enum status person_pin_wrapped(struct core *core, struct caller *caller, struct job *job,
                               struct err *err) MUST_USE;

#endif
