/*
 * people: persons of our own site, by name or key, and their wrapped signing keys.
 */
#ifndef FENGQIAO_NODE_CORE_PEOPLE_H
#define FENGQIAO_NODE_CORE_PEOPLE_H

#include "node/core/caller.h"

struct charter_person;

/* The person that a name or a key means; empty is the first steward. Borrowed from the
 * charter. NOT_FOUND, CONFLICT: two of that name. */
enum status people_find(struct core *core, struct bytes who,
                        const struct charter_person **person, struct err *err) MUST_USE;

/* The same for who is to unlock: a far caller's is the person of its device, which empty
 * means then. DENIED: another. */
enum status people_find_own(struct core *core, const struct caller *caller,
                            struct bytes who, const struct charter_person **person,
                            struct err *err) MUST_USE;
/* INVALID: too short for a PIN. */
enum status people_check_pin(struct bytes pin, struct err *err) MUST_USE;

/* Begins to open the wrapped key of a person with a PIN, for caller_job_done.
 * NOT_FOUND: it is not on this machine; BUSY: a far caller has to wait (pin_try). */
enum status people_unwrap(struct core *core, struct caller *caller,
                          const uint8_t key[static 32], struct bytes pin,
                          enum caller_wait wait, struct err *err) MUST_USE;
/* Appends the wrapped key of a person. NOT_FOUND. */
enum status people_key(struct core *core, const uint8_t key[static 32],
                       struct buf *wrapped) MUST_USE;
/* Stores the wrapped key of a person, in the place of the one before. */
enum status people_keep_key(struct core *core, const uint8_t key[static 32],
                            const uint8_t wrapped[static WRAP_SIZE]) MUST_USE;
/* What came of it, in words. */
enum status people_wrap_status(enum wrap_result result, struct err *err) MUST_USE;

/* The end of the job that unlock began. */
enum status people_unlocked(struct core *core, struct caller *caller, struct job *job,
                            struct buf *result, struct err *err) MUST_USE;
/* The end of the job that person.add began. */
enum status people_wrapped(struct core *core, struct caller *caller, struct job *job,
                           struct buf *result, struct err *err) MUST_USE;

#endif
