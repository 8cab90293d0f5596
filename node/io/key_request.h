/*
 * key_request: a job about a PIN as it travels to the child and back. Both ends are the
 * same file on the same machine, so these are plain byte layouts without a version.
 */
#ifndef FENGQIAO_NODE_IO_KEY_REQUEST_H
#define FENGQIAO_NODE_IO_KEY_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "node/core/job.h"

struct key_request {
    uint8_t type;
    uint8_t pin_len[2];
    uint8_t pin[WRAP_PIN_MAX];
    uint8_t seed[32];
    uint8_t wrapped[WRAP_SIZE];
    uint8_t random[40];
};

struct key_answer {
    uint8_t result;
    uint8_t seed[32];
    uint8_t wrapped[WRAP_SIZE];
};

_Static_assert(sizeof(struct key_request) == 3 + WRAP_PIN_MAX + 32 + WRAP_SIZE + 40,
               "bytes without padding");
_Static_assert(sizeof(struct key_answer) == 1 + 32 + WRAP_SIZE, "bytes without padding");

/* Whoever holds one of these wipes it. */
void key_request_write(struct key_request *request, const struct job *job);
/* Fills a zeroed job. False: not a request of ours. */
bool key_request_read(const struct key_request *request, struct job *job);
void key_answer_write(struct key_answer *answer, const struct job *job);
/* False: not an answer of ours; the job is as it was. */
bool key_answer_read(const struct key_answer *answer, struct job *job);

#endif
