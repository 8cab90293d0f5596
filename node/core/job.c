#include "node/core/job.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/age_reader.h"
#include "crypto/secret.h"
#include "crypto/sign.h"
#include "proto/limits.h"
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
    buf_deinit(&job->wire);
    buf_deinit(&job->bytes);
    free(job->dictionary);
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

static enum status read_wire(const struct job *job, struct bytes wire, struct op *op)
{
    struct op_dictionary dictionary = {job->dictionary, job->dictionary_len};
    struct pack_reader reader = pack_reader_of(wire);
    enum status status = op_decode(op, &reader, &dictionary, NULL);
    if (status == STATUS_OK && !pack_at_end(&reader))
        status = STATUS_INVALID;
    return status == STATUS_OK ? op_rebuild(op) : status;
}

/* Writes the op anew so that it stands alone. What is no op at all stays as it came, for
 * the quarantine. */
static void verify_one(struct job *job, struct job_op *row, struct op *op,
                       struct sound_key *last)
{
    struct bytes wire = bytes_of(job->wire.data + row->offset, row->len);
    row->offset = (uint32_t)job->bytes.len;
    row->status = read_wire(job, wire, op);
    if (row->status == STATUS_OK) {
        row->id = op->id;
        row->scope = op->scope;
        row->is_founding = op->is_founding;
        row->status = author_is_sound(last, op->author)
                          ? op_check_signature(op, &job->network)
                          : STATUS_UNVERIFIED;
        op_encode(op, ~0u, &job->bytes);
    } else {
        buf_add(&job->bytes, wire.data, wire.len);
    }
    row->len = (uint32_t)job->bytes.len - row->offset;
    if (buf_status(&job->bytes) != STATUS_OK)
        row->status = STATUS_NO_MEMORY;
}

static void verify_all(struct job *job)
{
    struct sound_key last = {0};
    struct op *op = malloc(sizeof(*op));
    for (uint32_t i = 0; i < job->ops_len; i++) {
        if (op == NULL)
            job->ops[i].status = STATUS_NO_MEMORY;
        else
            verify_one(job, &job->ops[i], op, &last);
    }
    free(op);
    buf_deinit(&job->wire);
    job->wire = (struct buf){0};
}

static bool take_plain(void *context, const uint8_t *bytes, size_t len)
{
    struct buf *out = context;
    if (out->len + len > BUNDLE_PAYLOAD_MAX)
        return false;
    buf_add(out, bytes, len);
    return true;
}

static void open_age(struct job *job)
{
    struct age_reader *reader = malloc(sizeof(*reader));
    struct age_key key = {.secret = job->seed};
    job->opened = AGE_NO_MEMORY;
    if (reader == NULL)
        return;
    age_reader_init(reader, &key, 1, false);
    job->opened =
        age_reader_put(reader, job->wire.data, job->wire.len, take_plain, &job->bytes);
    if (job->opened == AGE_MORE)
        job->opened = age_reader_end(reader, take_plain, &job->bytes);
    if (buf_status(&job->bytes) != STATUS_OK)
        job->opened = AGE_NO_MEMORY;
    age_reader_wipe(reader);
    free(reader);
}

void job_run(struct job *job)
{
    switch (job->type) { /* never: another */
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
    case JOB_OPEN:
        open_age(job);
        break;
    }
}
