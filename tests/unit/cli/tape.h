/*
 * tape: what a node has answered to one call of the client, kept, so that the call can be
 * made again without the node, with answers that are odd and with memory that ends (the
 * linker's --wrap of client_* and of malloc). Failures are cmocka's.
 */
#ifndef FENGQIAO_TESTS_TAPE_H
#define FENGQIAO_TESTS_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/unit/cli/run_cli.h"

#define TAPE_WORDS_MAX 24
#define TAPE_ANSWERS_MAX 8

struct tape {
    char *words[TAPE_WORDS_MAX]; /* of the command line, NULL behind */
    char *input;                 /* of standard input */
    struct tape_answer {
        int status;
        uint8_t *bytes;
        size_t len;
    } answers[TAPE_ANSWERS_MAX];
    size_t answers_len;
    const char *stick, *kept; /* a folder that is emptied before each call but for that
                               * file; NULL: none */
};

/* Makes the call against the node and keeps what it answered. */
struct run_cli tape_record(struct tape *tape, const char *const words[],
                           const char *input);
/* The call writes into that folder: each time it is made again it finds no file there but
 * the one that is kept (NULL: none). Both are borrowed. */
void tape_writes_on(struct tape *tape, const char *stick, const char *kept);
/* Makes it again, as text and as JSON, each value of each answer another one in turn (of
 * a long list some): it ends with a code of ours, and nothing that a terminal is given
 * acts. */
void tape_expect_harmless(const struct tape *tape);
/* Makes it again, as text and as JSON, while memory ends once on each way that leads to
 * an allocation: it says all that it would have said, or that it could not. */
void tape_expect_all_or_failure(const struct tape *tape);
void tape_deinit(struct tape *tape);

#endif
