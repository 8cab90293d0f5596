/*
 * call: one request to the core and its answer, as on the control socket (docs/API.md).
 */
#ifndef FENGQIAO_PAGE_CALL_H
#define FENGQIAO_PAGE_CALL_H

#include "node/page/form.h"
#include "node/page/pairs.h"

#define ONCE_SIZE 16
#define SAME_NAME_MAX 32 /* fields of one name that `fields` keeps */

/* What the words of a call's arguments are taken from. */
struct call_source {
    struct bytes path[2]; /* what the pluses of the path stand for */
    const struct form *form;
    size_t file; /* which of the files of a name, from 0 on */
};

/*
 * The arguments that a text asks for, in words parted by blanks:
 *   NAME            the field of that name, where it is there and not empty
 *   NAME=FIELD      the field of another name
 *   NAME=+ NAME=++  what the first or second plus of the path stands for
 *   NAME='text      that text
 *   NAME:TYPE…      of a type:
 *     flag          always said: is the field there and not empty
 *     all           a flag that is true
 *     mark          a flag that is said only where the field is there
 *     number, file  a number; bytes
 *     hex, hexes    digits as bin; all fields of that name, so
 *     list          all fields of that name
 *     lines         those of a text area that are not blank
 *     numbered      the same, each [its first word, the rest]
 *     parties       [NAME, NAME-role] for each field of that name
 *     roles         [NAME, NAME-who]
 *     clauses       [NAME-number, NAME]
 *     steps         [NAME-role, NAME, NAME-days]
 *     twice         two fields of that name that say the same
 *     front, back   what lies before and behind a tab in it
 *     fields        a map of all that a person typed; the second field of a name is
 *                   NAME-2
 *
 * INVALID with a sentence: a number or digits that are none, what differs.
 */
enum status call_arguments(struct pairs *out, const char *wanted,
                           const struct call_source *source, struct err *err) MUST_USE;

/* Appends [number, method, arguments (a canonical map)], or with a once of ONCE_SIZE
 * bytes behind it where it is not empty. NO_MEMORY. */
enum status call_write(struct buf *out, uint64_t number, struct bytes method,
                       struct bytes arguments, struct bytes once) MUST_USE;

struct call_answer {
    enum status status;
    struct bytes result; /* one value; a text where the status is not OK */
};

/* Reads an answer; the number of the request is not looked at. */
struct call_answer call_read(struct bytes answer);
/* The sentence of an answer that is not OK. */
struct bytes call_sentence(const struct call_answer *answer);

#endif
