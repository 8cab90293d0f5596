#include "tests/sim/life/sim_pin.h"

#include <string.h>

#include "crypto/digest.h"
#include "crypto/key.h"

static void mask_of(const struct job *job, const char *domain, uint8_t out[static 32])
{
    struct digest digest;
    digest_init(&digest, domain);
    digest_add(&digest, job->pin, job->pin_len);
    digest_final(&digest, out);
}

#define HEAD_LEN 48 /* magic ‖ public key ‖ costs, as crypto/wrap.h has them */
#define SEALED_AT 88

/* In the room of salt and nonce the check, behind it the seed xor mask. */
static void seal(struct job *job, const uint8_t *mask, const uint8_t *check)
{
    static const uint8_t costs[] = {0, 0, 0, 3, 0, 1, 0, 0}; /* passes, KiB */
    memset(job->wrapped, 0, sizeof(job->wrapped));
    memcpy(job->wrapped, "FQKEY\0\1", 8);
    key_sign_public(job->wrapped + 8, job->seed);
    memcpy(job->wrapped + HEAD_LEN - sizeof(costs), costs, sizeof(costs));
    memcpy(job->wrapped + HEAD_LEN, check, 32);
    for (int i = 0; i < 32; i++)
        job->wrapped[SEALED_AT + i] = job->seed[i] ^ mask[i];
    job->result = WRAP_OK;
}

void sim_pin_run(struct job *job)
{
    uint8_t mask[32], check[32];
    mask_of(job, "fengqiao/test/mask", mask);
    mask_of(job, "fengqiao/test/check", check);
    switch (job->type) {
    case JOB_VERIFY:
    case JOB_OPEN:
        job_run(job);
        break;
    case JOB_WRAP:
        seal(job, mask, check);
        break;
    case JOB_UNWRAP:
        job->result =
            memcmp(job->wrapped + HEAD_LEN, check, 32) == 0 ? WRAP_OK : WRAP_WRONG_PIN;
        for (int i = 0; job->result == WRAP_OK && i < 32; i++)
            job->seed[i] = job->wrapped[SEALED_AT + i] ^ mask[i];
        break;
    case JOB_STRETCH:
        memcpy(job->seed, mask, 32);
        job->result = WRAP_OK;
        break;
    }
}
