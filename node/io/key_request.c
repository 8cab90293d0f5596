#include "node/io/key_request.h"

#include <assert.h>
#include <string.h>

void key_request_write(struct key_request *request, const struct job *job)
{
    assert(job->pin_len <= WRAP_PIN_MAX);

    memset(request, 0, sizeof(*request));
    request->type = (uint8_t)job->type;
    request->pin_len[0] = (uint8_t)(job->pin_len >> 8);
    request->pin_len[1] = (uint8_t)job->pin_len;
    memcpy(request->pin, job->pin, job->pin_len);
    memcpy(request->seed, job->seed, sizeof(request->seed));
    memcpy(request->wrapped, job->wrapped, sizeof(request->wrapped));
    memcpy(request->random, job->random, sizeof(request->random));
}

bool key_request_read(const struct key_request *request, struct job *job)
{
    uint32_t pin_len = (uint32_t)request->pin_len[0] << 8 | request->pin_len[1];
    if (pin_len > WRAP_PIN_MAX)
        return false;
    if (request->type != JOB_WRAP && request->type != JOB_UNWRAP &&
        request->type != JOB_STRETCH)
        return false;
    job->type = (enum job_type)request->type;
    job->pin_len = pin_len;
    memcpy(job->pin, request->pin, pin_len);
    job->pin[pin_len] = '\0';
    memcpy(job->seed, request->seed, sizeof(job->seed));
    memcpy(job->wrapped, request->wrapped, sizeof(job->wrapped));
    memcpy(job->random, request->random, sizeof(job->random));
    return true;
}

void key_answer_write(struct key_answer *answer, const struct job *job)
{
    answer->result = (uint8_t)job->result;
    memcpy(answer->seed, job->seed, sizeof(answer->seed));
    memcpy(answer->wrapped, job->wrapped, sizeof(answer->wrapped));
}

bool key_answer_read(const struct key_answer *answer, struct job *job)
{
    if (answer->result > WRAP_NO_MEMORY)
        return false;
    job->result = (enum wrap_result)answer->result;
    memcpy(job->seed, answer->seed, sizeof(job->seed));
    memcpy(job->wrapped, answer->wrapped, sizeof(job->wrapped));
    return true;
}
