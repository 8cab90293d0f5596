/*
 * observer: a caller whose person is an observer here and has no role that reads
 * contents. It calls what is open to observers, and what is for another role of its
 * person by name, and nothing else, from afar and on the socket alike, once it has said
 * who it is; what it is answered is cut.
 */
#ifndef FENGQIAO_NODE_CORE_OBSERVER_H
#define FENGQIAO_NODE_CORE_OBSERVER_H

#include "node/core/api.h"

/* What of a method is open to observers. */
struct observer_way {
    const char *method;
    const char *arguments; /* of them those that ask for no contents (args.h) */
    bool is_whole;         /* the answer has no contents of anybody, and is not cut */
};

/* NULL: it is not for them, as is every method that nobody has opened to them. */
const struct observer_way *observer_way_of(const char *method);

/* Is the caller one? Of the person that it speaks for now. */
enum status observer_is(struct core *core, const struct caller *caller,
                        bool *is) MUST_USE;
/* May it call the method: *names are the arguments that it may give. DENIED: it is an
 * observer, and the method is none of theirs. */
enum status observer_check(struct core *core, const struct caller *caller,
                           const struct api_method *method, const char **names,
                           struct err *err) MUST_USE;
/* Leaves of an answer of the method that it called what the caller is shown: all of it,
 * where it is no observer. DENIED: it became one since it asked. */
enum status observer_cut(struct core *core, const struct caller *caller,
                         struct buf *answer, struct err *err) MUST_USE;

#endif
