/*
 * effect: whether an op counts, and if not, why. An op without effect stays in the graph
 * and in the view; it changes nothing, and its descendants go on.
 */
#ifndef FENGQIAO_CASES_EFFECT_H
#define FENGQIAO_CASES_EFFECT_H

#define EFFECT_LIST(X)                                                                   \
    X(YES, "effect", "it has effect")                                                    \
    X(UNKNOWN_KIND, "unknown-kind", "this version does not know its kind")               \
    X(NEWER, "newer", "it was written by a newer version")                               \
    X(WRONG_SCOPE, "wrong-scope", "its kind does not belong into this scope")            \
    X(BAD_FIELD, "bad-field", "a field is unknown, too large or of another type")        \
    X(MISSING_FIELD, "missing-field", "a required field is missing")                     \
    X(WITHHELD, "withheld", "a field that everybody needs is withheld")                  \
    X(NOT_FOUNDED, "not-founded", "the op that founds the scope has no effect")          \
    X(NO_AUTHORITY, "no-authority", "its authority names no one known charter")          \
    X(FROZEN, "frozen", "the charter was written by a newer version: upgrade")           \
    X(REVOKED, "revoked", "the key was revoked, and no cover stands by this op")         \
    X(NO_RIGHT, "no-right", "the author has no role that may do this")                   \
    X(NO_HOLDER, "no-holder", "the author's site does not hold this scope")              \
    X(NOT_OPENED, "not-opened", "the site has not opened the record before it")          \
    X(NOT_PERMITTED, "not-permitted", "the founder's site did not permit it to go on")   \
    X(TOO_WIDE, "too-wide", "it gives more than its author's site was given")            \
    X(NO_TARGET, "no-target", "it names no op before it that it could be about")         \
    X(NOT_RELEASED, "not-released", "it brings a field that was not released")           \
    X(FULL, "full", "the scope has as many holders as it may have")                      \
    X(NAMES_MINOR, "names-minor",                                                        \
      "in a case of a minor parties are roles alone: child, parent, school …")           \
    X(NO_GUARDIAN, "no-guardian", "for a minor a guardian consents")                     \
    X(NAMES_GUARDIAN, "names-guardian",                                                  \
      "in a case of a minor the guardian is no name, but what he or she is to the "      \
      "child: mother, father, guardian, 母亲, 奶奶, 监护人 …")                           \
    X(NOT_TRIAGED, "not-triaged", "the case has to be triaged first")                    \
    X(NOT_SETTLED, "not-settled", "the case has no outcome yet: settle it first")        \
    X(NOT_FOLLOWED_UP, "not-followed-up",                                                \
      "what was settled has to be followed up first")                                    \
    X(CLOSED, "closed", "the case is closed: reopen it first")                           \
    X(NO_TASK, "no-task", "what it names is no task of this case before it")             \
    X(NOT_CLOSED, "not-closed", "the case is not closed")                                \
    X(NO_SUCH_FILE, "no-such-file", "no attachment of that name lies before it")         \
    X(FILE_TWICE, "file-twice", "an op before it brought that file of the record")       \
    X(NO_PARTY, "no-party", "it speaks for somebody who is no party of this case")       \
    X(UNPROVEN, "unproven",                                                              \
      "a consent by word needs a witness, one on paper the paper's number, one by a "    \
      "guardian who that is")                                                            \
    X(NO_DANGER, "no-danger", "nothing says that anybody is in danger")                  \
    X(RECALLED, "recalled", "the founder's site has recalled the record")                \
    X(NOT_RECALLED, "not-recalled", "nobody has recalled the record before it")          \
    X(ONE_PARTY, "one-party", "an agreement is between two parties or more")             \
    X(NOT_OF_MINOR, "not-of-minor", "nothing of this kind is kept of a minor")           \
    X(KEPT, "kept", "a steward keeps what it would erase")                               \
    X(NOT_ON_LIST, "not-on-list", "that place or topic is not on the list of the round") \
    X(NO_FINDING, "no-finding", "what it names is no finding of this round before it")   \
    X(CASE_BEFORE, "case-before", "that finding became a case by an op before it")       \
    X(NO_ROLE, "no-role", "a step is for a role that the card does not have")            \
    X(NO_VERSION, "no-version", "what it names is no version of the card before it")     \
    X(NO_ITEM, "no-item", "what it names is no item of this meeting before it")          \
    X(PENDING, "pending", "it waits until more stewards have approved it")               \
    X(WITHDRAWN, "withdrawn", "it was taken back before enough stewards approved it")    \
    X(TOO_FEW, "too-few", "the site does not have that many stewards")                   \
    X(KEY_USED, "key-used", "that key is, or was, somebody's already")                   \
    X(OVERRULED, "overruled", "another recovery key was named beside it, which holds")   \
    X(WRONG_OPENING, "wrong-opening", "what it opens does not fit the commitment")

enum effect {
#define EFFECT_ENUM(name, word, text) EFFECT_##name,
    EFFECT_LIST(EFFECT_ENUM)
#undef EFFECT_ENUM
};

/* The word of the view's "reason" ("no-right"). */
const char *effect_name(enum effect effect);
/* One plain sentence for people. */
const char *effect_text(enum effect effect);

#endif
