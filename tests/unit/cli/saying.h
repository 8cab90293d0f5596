/*
 * saying: what people say to real nodes with the client, each answer looked at and kept
 * on a tape (tape.h), so that all of it can be said once more with answers that are odd
 * and with a memory that ends. Failures are cmocka's.
 */
#ifndef FENGQIAO_TESTS_SAYING_H
#define FENGQIAO_TESTS_SAYING_H

#include "cli/cli.h"
#include "tests/unit/cli/real_node.h"

#define SAYING_PATH_SIZE 128

extern char said[65536]; /* what was answered last, on both streams */
extern char last[256];   /* the last line of it */

/* Says words (NULL behind the last) to the node, with input to read; the answer has that
 * code, and expected is in it. */
void say(const struct real_node *node, const char *input, int code, const char *expected,
         ...);
#define SAY(node, expected, ...) say(&(node), "", EXIT_DONE, expected, __VA_ARGS__, NULL)
#define REFUSED(node, code, expected, ...)                                               \
    say(&(node), "", code, expected, __VA_ARGS__, NULL)

/* The word in what was said that begins so many digits after that text. */
char *id_after(const char *text, char id[static 16]);
/* A file of that name beside the node's folder, with that text (NULL: none yet); the path
 * until the next call. */
const char *file_beside(const struct real_node *node, const char *name, const char *text);
/* A stick: a folder of its own; when it goes, nothing is left on it but files of ours. */
void folder_make(char path[static 64]);
void folder_remove(const char *path);

/* What was said last writes onto that stick (borrowed), where each time it is said again
 * no file is but kept (NULL: none). */
void saying_writes_on(const char *stick, const char *kept);
/* What was said last is not said again. */
void saying_forget(void);

/* Tests, the last ones of a program: all of it once more. */
void M2_whatever_value_is_odd_does_no_harm(void **state);
void C1_without_memory_a_verb_says_so_or_says_all(void **state);
void saying_end(void);

#endif
