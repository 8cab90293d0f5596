#include "node/core/job.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/secret.h"
#include "crypto/sign.h"
#include "proto/pack.h"

struct job *job_new(enum job_type type)
{
    struct job *job = calloc(1, sizeof(*job));
    if (job != NULL)
        job->type = type;
    return job;
}

void job_free(struct job *job)
{
    if (job == NULL)
        return;
    buf_deinit(&job->bytes);
    free(job->ops);
    secret_wipe(job, sizeof(*job));
    free(job);
}

bool job_needs_child(const struct job *job)
{
    return job->type != JOB_VERIFY;
}

/* The author's key is looked at once per run of ops by the same author. */
struct sound_key {
    uint8_t key[KEY_SIZE];
    bool is_known, is_sound;
};

static bool author_is_sound(struct sound_key *last, const uint8_t *author)
{
    if (!last->is_known || memcmp(last->key, author, KEY_SIZE) != 0) {
        memcpy(last->key, author, KEY_SIZE);
        last->is_known = true;
        last->is_sound = sign_key_is_sound(author);
    }
    return last->is_sound;
}

static enum status verify_one(const struct job *job, struct job_op *row, struct op *op,
                              struct sound_key *last)
{
    enum status status =
        op_decode_bytes(op, bytes_of(job->bytes.data + row->offset, row->len), NULL);
    if (status != STATUS_OK)
        return status;
    status = op_rebuild(op);
    if (status != STATUS_OK)
        return status;
    row->id = op->id;
    row->scope = op->scope;
    row->is_founding = op->is_founding;
    if (!author_is_sound(last, op->author) || !op_verify(op, &job->network))
        return STATUS_UNVERIFIED;
    return STATUS_OK;
}

static void verify_all(struct job *job)
{
    struct sound_key last = {0};
    struct op *op = malloc(sizeof(*op));
    for (uint32_t i = 0; i < job->ops_len; i++)
        job->ops[i].status =
            op == NULL ? STATUS_NO_MEMORY : verify_one(job, &job->ops[i], op, &last);
    free(op);
}

void job_run(struct job *job)
{
    switch (job->type) {
    case JOB_VERIFY:
        verify_all(job);
        break;
    case JOB_WRAP:
        job->result =
            wrap_seal(job->wrapped, job->seed, job->pin, job->pin_len, job->random);
        break;
    case JOB_UNWRAP:
        job->result = wrap_open(job->seed, job->wrapped, job->pin, job->pin_len);
        break;
    case JOB_STRETCH:
        job->result =
            wrap_stretch(job->seed, job->pin, job->pin_len) ? WRAP_OK : WRAP_NO_MEMORY;
        break;
    }
}
