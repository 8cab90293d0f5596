#include "node/core/intake.h"

#include <stdlib.h>

#include "node/core/admit.h"
#include "node/core/apart.h"
#include "node/core/quota.h"

static enum status read_dictionary(struct pack_reader *reader, struct id **ids,
                                   uint32_t *len)
{
    uint32_t count;
    enum status status = pack_read_array(reader, &count, NULL);
    if (status != STATUS_OK)
        return status;
    if (count > DICTIONARY_MAX)
        return STATUS_TOO_LARGE;
    *ids = malloc((count + 1) * sizeof(**ids));
    if (*ids == NULL)
        return STATUS_NO_MEMORY;
    *len = count;
    for (uint32_t i = 0; i < count && status == STATUS_OK; i++)
        status = pack_read_fixed(reader, (*ids)[i].bytes, ID_SIZE, NULL);
    return status;
}

static enum status add_wire(struct job *job, struct bytes wire)
{
    struct job_op *row = &job->ops[job->ops_len++];
    row->offset = (uint32_t)job->wire.len;
    row->len = (uint32_t)wire.len;
    buf_add(&job->wire, wire.data, wire.len);
    return buf_status(&job->wire);
}

static enum status copy_op(struct pack_reader *reader, struct job *job)
{
    struct bytes wire;
    enum status status = pack_value(reader, 0, &wire, NULL);
    return status == STATUS_OK ? add_wire(job, wire) : status;
}

enum status intake_read(struct core *core, uint64_t conn, struct pack_reader *reader,
                        struct job **out, uint32_t *skipped)
{
    uint32_t count = 0;
    uint64_t skipped_number = 0;
    struct job *job = job_new(JOB_VERIFY);
    if (job == NULL)
        return core_check(core, STATUS_NO_MEMORY);
    job->conn = conn;
    job->network = core->network;
    enum status status = read_dictionary(reader, &job->dictionary, &job->dictionary_len);
    if (status == STATUS_OK)
        status = pack_read_array(reader, &count, NULL);
    if (status == STATUS_OK && count > OPS_PER_MESSAGE_MAX)
        status = STATUS_TOO_LARGE;
    if (status == STATUS_OK) {
        job->ops = calloc(count + 1u, sizeof(*job->ops));
        status = job->ops == NULL ? STATUS_NO_MEMORY : STATUS_OK;
    }
    for (uint32_t i = 0; status == STATUS_OK && i < count; i++)
        status = copy_op(reader, job);
    if (status == STATUS_OK)
        status = pack_read_uint(reader, &skipped_number, NULL);
    if (status == STATUS_OK && skipped_number > OPS_PER_MESSAGE_MAX)
        status = STATUS_TOO_LARGE;
    if (status != STATUS_OK) {
        job_free(job);
        return core_check(core, status);
    }
    *skipped = (uint32_t)skipped_number;
    *out = job;
    return STATUS_OK;
}

/* How many ops of one message were refused, for one line of the log. */
struct counts {
    uint32_t apart, not_now, over_quota;
    uint32_t news;
    struct id_list *known;
};

static uint32_t refused_of(const struct counts *counts)
{
    return counts->apart + counts->not_now + counts->over_quota;
}

/* It was admitted: counts it, where it is new. */
static enum status count_held(struct quota *quota, const struct op *op, size_t size,
                              bool *waits)
{
    struct store_place place;
    enum status status = store_op_find(quota->core->store, &op->id, &place);
    if (status == STATUS_OK) {
        quota_took(quota, size, place.waits);
        *waits = place.waits;
    }
    return core_check(quota->core, status);
}

/* Who reads on hears of it in a later turn; this one has not done what it says. */
static enum status keep_known(struct core *core, const struct job_op *row,
                              struct id_list *known)
{
    id_list_push(known, &row->scope);
    return known->failed ? core_check(core, STATUS_NO_MEMORY) : STATUS_OK;
}

static enum status admit_row(struct core *core, const struct id *from, struct job_op *row,
                             struct bytes bytes, struct op *op, struct quota *quota,
                             struct counts *counts)
{
    if (row->status == STATUS_NO_MEMORY)
        return core_check(core, row->status); /* says nothing about the op */
    if (row->status != STATUS_OK) {
        counts->apart++;
        return apart_put(core, from, NULL, bytes, status_text(row->status));
    }
    struct err err = {0};
    enum status status = op_decode_bytes(op, bytes, NULL);
    if (status != STATUS_OK) /* never: the pool wrote it */
        return status;
    op_trust(op, &row->id);
    bool allowed;
    status = quota_allows(quota, op, bytes.len, &allowed);
    if (status != STATUS_OK)
        return status;
    if (!allowed) {
        counts->over_quota++;
        return STATUS_OK;
    }
    status = admit_op(core, op, bytes, from, &err);
    switch (status) {
    case STATUS_OK:
        counts->news++;
        return count_held(quota, op, bytes.len, &row->waits);
    case STATUS_EXISTS:
        return counts->known == NULL ? STATUS_OK : keep_known(core, row, counts->known);
    case STATUS_DENIED:
    case STATUS_INVALID:
    case STATUS_UNSUPPORTED:
        counts->apart++;
        return apart_put(core, from, &row->id, bytes, err_text(&err, status));
    case STATUS_BUSY:
        counts->not_now++;
        return STATUS_OK;
    default:
        return status;
    }
}

/* What waited for a later op of the same message may have proved to be bad. */
static enum status look_again(struct core *core, struct job_op *row,
                              struct counts *counts)
{
    struct store_place place;
    if (!row->waits)
        return STATUS_OK;
    enum status status = store_op_find(core->store, &row->id, &place);
    if (status != STATUS_NOT_FOUND)
        return core_check(core, status);
    row->is_refused = true;
    counts->apart++;
    return STATUS_OK;
}

static void name_refused(const struct job *job, struct intake_refused *refused)
{
    for (uint32_t i = 0; i < job->ops_len; i++) {
        if (!job->ops[i].is_refused)
            continue;
        pack_uint(&refused->positions, refused->base + i);
        refused->len++;
    }
}

enum status intake_admit(struct core *core, const struct id *from, struct job *job,
                         struct intake_refused *refused)
{
    struct op *op = malloc(sizeof(*op));
    struct quota quota;
    struct counts counts = {.known = refused->known};
    enum status status =
        op == NULL ? core_check(core, STATUS_NO_MEMORY) : quota_begin(&quota, core, from);
    for (uint32_t i = 0; status == STATUS_OK && i < job->ops_len; i++) {
        struct job_op *row = &job->ops[i];
        uint32_t before = refused_of(&counts);
        status =
            admit_row(core, from, row, bytes_of(job->bytes.data + row->offset, row->len),
                      op, &quota, &counts);
        row->is_refused = refused_of(&counts) != before;
    }
    for (uint32_t i = 0; status == STATUS_OK && i < job->ops_len; i++)
        status = look_again(core, &job->ops[i], &counts);
    name_refused(job, refused);
    refused->news += counts.news;
    if (status == STATUS_OK)
        status = quota_end(&quota);
    free(op);
    if (refused_of(&counts) > 0)
        core_trace(core, "refused conn=%llu ops=%u apart=%u not_now=%u over_quota=%u",
                   (unsigned long long)job->conn, job->ops_len, counts.apart,
                   counts.not_now, counts.over_quota);
    return status;
}

enum status intake_again(struct job *job, struct bytes bytes)
{
    job->ops = calloc(1, sizeof(*job->ops));
    return job->ops == NULL ? STATUS_NO_MEMORY : add_wire(job, bytes);
}

enum status intake_admit_again(struct core *core, const struct id *from, struct job *job,
                               struct err *err)
{
    const struct job_op *row = &job->ops[0];
    struct bytes bytes = bytes_of(job->bytes.data + row->offset, row->len);
    if (row->status == STATUS_NO_MEMORY)
        return core_check(core, row->status);
    if (row->status != STATUS_OK)
        return err_set(err, row->status, "as before: %s", status_text(row->status));
    struct op *op = malloc(sizeof(*op));
    struct quota quota;
    if (op == NULL)
        return core_check(core, STATUS_NO_MEMORY);
    enum status status = op_decode_bytes(op, bytes, err);
    if (status == STATUS_OK) /* never: the pool wrote these bytes itself */
        status = quota_begin(&quota, core, from);
    if (status == STATUS_OK) {
        op_trust(op, &row->id);
        status = admit_op(core, op, bytes, from, err);
    }
    /* A steward lets it in: it counts, and no quota stops it. */
    bool waits;
    if (status == STATUS_OK)
        status = count_held(&quota, op, bytes.len, &waits);
    if (status == STATUS_OK)
        status = quota_end(&quota);
    free(op);
    return status == STATUS_EXISTS ? STATUS_OK : status;
}
