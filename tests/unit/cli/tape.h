/*
 * tape: what a node has answered to one call of the client, kept, so that the call can be
 * made again without the node, with answers of which one value is another (the linker's
 * --wrap of client_*).
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
};

/* Makes the call against the node and keeps what it answered. */
struct run_cli tape_record(struct tape *tape, const char *const words[],
                           const char *input);
/* Makes it again. The value at that place of that answer is another one, chosen by way;
 * answer TAPE_ANSWERS_MAX: all are as they were. */
struct run_cli tape_play(const struct tape *tape, size_t answer, size_t place,
                         unsigned way);
/* From now on calls are made again with --json as well (not where the words have it), or
 * not any more. */
void tape_ask_json(bool asks);
/* How many values there are in that answer, those inside others too. */
size_t tape_places(const struct tape *tape, size_t answer);
/* How many ways there are. */
unsigned tape_ways(void);
void tape_deinit(struct tape *tape);

#endif
