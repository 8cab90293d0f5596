/*
 * status: the outcomes a caller can act upon, in one list with name and text.
 */
#ifndef FENGQIAO_PROTO_STATUS_H
#define FENGQIAO_PROTO_STATUS_H

#define MUST_USE __attribute__((warn_unused_result))

#define STATUS_LIST(X)                                                                   \
    X(OK, "done")                                                                        \
    X(MORE, "more bytes are needed")                                                     \
    X(NOT_FOUND, "there is no such thing here")                                          \
    X(EXISTS, "it exists already")                                                       \
    X(INVALID, "it is not well formed")                                                  \
    X(UNVERIFIED, "a signature or a check does not hold")                                \
    X(UNSUPPORTED, "this version does not know it")                                      \
    X(TOO_LARGE, "it is larger than the limit")                                          \
    X(DENIED, "the right or the consent is missing")                                     \
    X(CONFLICT, "a conflict waits for a person")                                         \
    X(FULL, "no room is left")                                                           \
    X(BUSY, "it is in use")                                                              \
    X(CLOSED, "the other side is gone")                                                  \
    X(UNREACHABLE, "the peer does not answer")                                           \
    X(IO, "reading or writing failed")                                                   \
    X(CORRUPT, "the stored data is damaged")                                             \
    X(NO_MEMORY, "no memory is left")

enum status {
#define STATUS_ENUM(name, text) STATUS_##name,
    STATUS_LIST(STATUS_ENUM)
#undef STATUS_ENUM
};

/* "NOT_FOUND" */
const char *status_name(enum status status);
/* One plain sentence fragment, for people. */
const char *status_text(enum status status);
/* The status of that name; STATUS_INVALID for an unknown word. */
enum status status_from_name(const char *name);

#endif
