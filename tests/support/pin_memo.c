#include "tests/support/pin_memo.h"

#include <string.h>

#include "crypto/digest.h"

#define MEMO_MAX 256

struct memo {
    uint8_t question[DIGEST_SIZE];
    uint8_t seed[32], wrapped[WRAP_SIZE];
    enum wrap_result result;
};

static struct memo memos[MEMO_MAX];
static uint32_t memos_len;

static void question_of(const struct job *job, uint8_t out[static DIGEST_SIZE])
{
    struct digest digest;
    digest_init(&digest, "fengqiao/test/pin-memo");
    digest_add_u8(&digest, (uint8_t)job->type);
    digest_add(&digest, job->seed, sizeof(job->seed));
    digest_add(&digest, job->wrapped, sizeof(job->wrapped));
    digest_add(&digest, job->random, sizeof(job->random));
    digest_add(&digest, job->pin, job->pin_len);
    digest_final(&digest, out);
}

void pin_memo_run(struct job *job)
{
    uint8_t question[DIGEST_SIZE];
    if (job->type == JOB_VERIFY || job->type == JOB_OPEN) {
        job_run(job);
        return;
    }
    question_of(job, question);
    for (uint32_t i = 0; i < memos_len; i++) {
        const struct memo *memo = &memos[i];
        if (memcmp(memo->question, question, DIGEST_SIZE) != 0)
            continue;
        memcpy(job->seed, memo->seed, sizeof(job->seed));
        memcpy(job->wrapped, memo->wrapped, sizeof(job->wrapped));
        job->result = memo->result;
        return;
    }
    job_run(job);
    if (memos_len == MEMO_MAX)
        return;
    struct memo *memo = &memos[memos_len++];
    memcpy(memo->question, question, DIGEST_SIZE);
    memcpy(memo->seed, job->seed, sizeof(memo->seed));
    memcpy(memo->wrapped, job->wrapped, sizeof(memo->wrapped));
    memo->result = job->result;
}
