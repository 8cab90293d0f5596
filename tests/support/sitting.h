/*
 * sitting: a child process at a terminal of its own, and the test as the person before
 * it, who sees what is shown there and types.
 */
#ifndef FENGQIAO_TESTS_SITTING_H
#define FENGQIAO_TESTS_SITTING_H

#include <stddef.h>
#include <sys/types.h>

#define SITTING_SEEN_MAX 4096

struct sitting {
    char seen[SITTING_SEEN_MAX]; /* with a NUL behind */
    size_t len;
    int person;
    pid_t child;
};

/* The child ends with what fn gives. */
void sitting_begin(struct sitting *sitting, int (*fn)(void *context), void *context);
/* Waits until that text was shown. */
void sitting_see(struct sitting *sitting, const char *text);
void sitting_type(struct sitting *sitting, const char *text);
/* Sees it to its end; the exit code. Types the text (or "") now and then until then: a
 * signal that comes before anybody waits for an answer is lost. */
int sitting_end(struct sitting *sitting, const char *text);

#endif
