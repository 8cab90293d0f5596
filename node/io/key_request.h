/*
 * key_request: a job with a PIN or a key as it travels to the child and back. Both ends
 * are the same file on the same machine, so these are plain byte layouts without a
 * version. Behind a request comes the file that is to be opened, behind an answer what it
 * holds.
 */
#ifndef FENGQIAO_NODE_IO_KEY_REQUEST_H
#define FENGQIAO_NODE_IO_KEY_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "node/core/job.h"

struct key_request {
    uint8_t type;
    uint8_t pin_len[2];
    uint8_t pin[WRAP_PIN_MAX];
    uint8_t seed[32];
    uint8_t wrapped[WRAP_SIZE];
    uint8_t random[40];
    uint8_t wire_len[4];
};

struct key_answer {
    uint8_t result;
    uint8_t opened;
    uint8_t seed[32];
    uint8_t wrapped[WRAP_SIZE];
    uint8_t bytes_len[4];
};

_Static_assert(sizeof(struct key_request) == 3 + WRAP_PIN_MAX + 32 + WRAP_SIZE + 44,
               "bytes without padding");
_Static_assert(sizeof(struct key_answer) == 2 + 32 + WRAP_SIZE + 4,
               "bytes without padding");

/* Whoever holds one of these wipes it. */
void key_request_write(struct key_request *request, const struct job *job);
/* Fills a zeroed job but for the wire, of which so many bytes come behind it. False: not
 * a request of ours. */
bool key_request_read(const struct key_request *request, struct job *job,
                      size_t *wire_len);
/* Of a file that did not open whole no byte is in the job. */
void key_answer_write(struct key_answer *answer, const struct job *job);
/* How many bytes come behind the answer to this job. False: not an answer of ours. */
bool key_answer_check(const struct key_answer *answer, const struct job *job,
                      size_t *bytes_len);
/* Of an answer that was checked; bytes stay as they are. */
void key_answer_read(const struct key_answer *answer, struct job *job);

#endif
