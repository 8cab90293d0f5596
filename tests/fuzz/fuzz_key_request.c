/*
 * fuzz_key_request: what a short-lived child reads, and what it answers.
 *   input  request ‖ answer, cut or filled with zeros
 * What is accepted is written again in the same bytes; what is refused changes nothing.
 */
#include "fuzz.h"

#include "node/io/key_request.h"
#include "proto/limits.h"

static void take(struct fuzz_input *input, void *out, size_t len)
{
    struct bytes taken = fuzz_take(input, len);
    memset(out, 0, len);
    if (taken.len > 0)
        memcpy(out, taken.data, taken.len);
}

static void read_request(const struct key_request *request)
{
    struct key_request again;
    struct job *job = job_new(JOB_VERIFY);
    HOLDS(job != NULL);
    size_t len = 0;
    if (key_request_read(request, job, &len)) {
        HOLDS(len <= (job->type == JOB_OPEN ? BUNDLE_FILE_MAX : 0));
        HOLDS(job_needs_child(job));
        HOLDS(job->pin_len <= WRAP_PIN_MAX && job->pin[job->pin_len] == '\0');
        key_request_write(&again, job);
        HOLDS(again.type == request->type);
        HOLDS(memcmp(again.pin, request->pin, job->pin_len) == 0);
        HOLDS(memcmp(again.seed, request->seed, sizeof(again.seed)) == 0);
        HOLDS(memcmp(again.wrapped, request->wrapped, sizeof(again.wrapped)) == 0);
        HOLDS(memcmp(again.random, request->random, sizeof(again.random)) == 0);
    } else {
        HOLDS(job->type == JOB_VERIFY && job->pin_len == 0);
    }
    job_free(job);
}

static void read_answer(const struct key_answer *answer, enum job_type type)
{
    struct key_answer again;
    struct job *job = job_new(type);
    size_t len = 0;
    HOLDS(job != NULL);
    if (key_answer_check(answer, job, &len)) {
        HOLDS(len <= (answer->opened == AGE_WHOLE ? BUNDLE_PAYLOAD_MAX : 0));
        key_answer_read(answer, job);
        key_answer_write(&again, job);
        HOLDS(again.result == answer->result && again.opened == answer->opened);
        /* A file's key does not come back. */
        struct bytes seed = bytes_of(again.seed, sizeof(again.seed));
        struct bytes from = bytes_of(answer->seed, sizeof(answer->seed));
        HOLDS(bytes_equal(seed, from) || type == JOB_OPEN);
        HOLDS(type != JOB_OPEN || bytes_equal(seed, bytes_of(job->seed, 32)));
        HOLDS(type == JOB_OPEN ||
              memcmp(again.wrapped, answer->wrapped, sizeof(again.wrapped)) == 0);
    }
    job_free(job);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    struct key_request request;
    struct key_answer answer;
    take(&input, &request, sizeof(request));
    take(&input, &answer, sizeof(answer));
    read_request(&request);
    read_answer(&answer, JOB_UNWRAP);
    read_answer(&answer, JOB_OPEN);
    return 0;
}
