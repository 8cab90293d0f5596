#include "node/io/key_request.h"

#include <assert.h>
#include <string.h>

#include "proto/limits.h"

static void put_u32(uint8_t out[static 4], size_t value)
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(value >> (24 - 8 * i));
}

static uint32_t get_u32(const uint8_t from[static 4])
{
    return (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 | (uint32_t)from[2] << 8 |
           from[3];
}

void key_request_write(struct key_request *request, const struct job *job)
{
    assert(job->pin_len <= WRAP_PIN_MAX);
    assert(job->wire.len <= BUNDLE_FILE_MAX);

    memset(request, 0, sizeof(*request));
    request->type = (uint8_t)job->type;
    request->pin_len[0] = (uint8_t)(job->pin_len >> 8);
    request->pin_len[1] = (uint8_t)job->pin_len;
    memcpy(request->pin, job->pin, job->pin_len);
    memcpy(request->seed, job->seed, sizeof(request->seed));
    memcpy(request->wrapped, job->wrapped, sizeof(request->wrapped));
    memcpy(request->random, job->random, sizeof(request->random));
    put_u32(request->wire_len, job->wire.len);
}

bool key_request_read(const struct key_request *request, struct job *job,
                      size_t *wire_len)
{
    uint32_t pin_len = (uint32_t)request->pin_len[0] << 8 | request->pin_len[1];
    uint32_t len = get_u32(request->wire_len);
    if (pin_len > WRAP_PIN_MAX)
        return false;
    if (request->type != JOB_WRAP && request->type != JOB_UNWRAP &&
        request->type != JOB_STRETCH && request->type != JOB_OPEN)
        return false;
    if (len > (request->type == JOB_OPEN ? BUNDLE_FILE_MAX : 0))
        return false;
    job->type = (enum job_type)request->type;
    job->pin_len = pin_len;
    memcpy(job->pin, request->pin, pin_len);
    job->pin[pin_len] = '\0';
    memcpy(job->seed, request->seed, sizeof(job->seed));
    memcpy(job->wrapped, request->wrapped, sizeof(job->wrapped));
    memcpy(job->random, request->random, sizeof(job->random));
    *wire_len = len;
    return true;
}

void key_answer_write(struct key_answer *answer, const struct job *job)
{
    assert(job->opened == AGE_WHOLE || job->bytes.len == 0);
    assert(job->bytes.len <= BUNDLE_PAYLOAD_MAX);

    memset(answer, 0, sizeof(*answer));
    answer->result = (uint8_t)job->result;
    answer->opened = (uint8_t)job->opened;
    put_u32(answer->bytes_len, job->bytes.len);
    if (job->type == JOB_OPEN)
        return;
    memcpy(answer->seed, job->seed, sizeof(answer->seed));
    memcpy(answer->wrapped, job->wrapped, sizeof(answer->wrapped));
}

bool key_answer_check(const struct key_answer *answer, const struct job *job,
                      size_t *bytes_len)
{
    bool opens = job->type == JOB_OPEN;
    uint32_t len = get_u32(answer->bytes_len);
    if (answer->result > WRAP_NO_MEMORY || answer->opened > AGE_NO_MEMORY)
        return false;
    if (opens == (answer->opened == AGE_MORE)) /* which is no end, or no answer */
        return false;
    if (len > (answer->opened == AGE_WHOLE ? BUNDLE_PAYLOAD_MAX : 0))
        return false;
    *bytes_len = len;
    return true;
}

void key_answer_read(const struct key_answer *answer, struct job *job)
{
    job->result = (enum wrap_result)answer->result;
    job->opened = (enum age_verdict)answer->opened;
    if (job->type == JOB_OPEN) /* whoever read the file says nothing else */
        return;
    memcpy(job->seed, answer->seed, sizeof(job->seed));
    memcpy(job->wrapped, answer->wrapped, sizeof(job->wrapped));
}
