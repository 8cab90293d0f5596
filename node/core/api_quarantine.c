/*
 * What peers brought that may not enter, and what a steward does about it. Happy path of
 * a retry: the bytes go to the pool as those of a message do, and what comes back passes
 * the same door; where it is held afterwards, its row goes in the same transaction.
 */
#include <string.h>

#include "node/cases/charter.h"
#include "node/core/api.h"
#include "node/core/charters.h"
#include "node/core/intake.h"
#include "node/core/retry.h"

/* Kept apart by us: its text is ours, its id may be zero. */
static void pack_row(struct core *core, struct buf *out,
                     const struct store_quarantine *row, bool with_bytes)
{
    static const struct id none;
    struct charter *charter = charters_of_site(core, &row->site);
    pack_map(out, with_bytes ? 8 : 7);
    if (with_bytes) {
        pack_str(out, "bytes");
        pack_bin(out, row->bytes.data, row->bytes.len);
    }
    pack_str(out, "number");
    pack_uint(out, (uint64_t)row->number);
    pack_str(out, "op");
    if (id_equal(&row->op, &none))
        pack_nil(out);
    else
        pack_bin(out, row->op.bytes, ID_SIZE);
    pack_str(out, "reason");
    pack_str_bytes(out, row->reason);
    pack_str(out, "site");
    pack_bin(out, row->site.bytes, ID_SIZE);
    pack_str(out, "site_name");
    pack_str(out, charter == NULL ? "" : charter_name(charter));
    pack_str(out, "size");
    pack_uint(out, row->bytes.len);
    pack_str(out, "wall");
    pack_uint(out, row->wall);
}

struct listing {
    struct core *core;
    struct buf rows;
    uint32_t len;
};

static enum status list_row(void *context, const struct store_quarantine *row)
{
    struct listing *listing = context;
    pack_row(listing->core, &listing->rows, row, false);
    listing->len++;
    return STATUS_OK;
}

enum status api_quarantine_list(struct core *core, struct caller *caller,
                                const struct args *args, struct buf *result,
                                struct err *err)
{
    struct listing listing = {.core = core};
    enum status status = store_quarantine_list(core->store, list_row, &listing);
    pack_map(result, 1);
    pack_str(result, "rows");
    pack_array(result, listing.len);
    buf_append(result, &listing.rows);
    buf_deinit(&listing.rows);
    return core_check(core, status);
}

static enum status absent(uint64_t number, struct err *err)
{
    return err_set(
        err, STATUS_NOT_FOUND,
        "nothing of the number %llu is set apart; see: fengqiao quarantine list",
        (unsigned long long)number);
}

/* Numbers begin with 1; what no row can have is 0. */
static uint64_t number_of(const struct args *args)
{
    uint64_t number = args_number(args, "number", 0);
    return number <= INT64_MAX ? number : 0;
}

struct showing {
    struct core *core;
    struct buf *out;
};

static enum status show_row(void *context, const struct store_quarantine *row)
{
    struct showing *showing = context;
    pack_row(showing->core, showing->out, row, true);
    return STATUS_OK;
}

enum status api_quarantine_show(struct core *core, struct caller *caller,
                                const struct args *args, struct buf *result,
                                struct err *err)
{
    struct showing showing = {core, result};
    uint64_t number = number_of(args);
    enum status status =
        store_quarantine_get(core->store, (int64_t)number, show_row, &showing);
    return status == STATUS_NOT_FOUND ? absent(number, err) : core_check(core, status);
}

enum status api_quarantine_drop(struct core *core, struct caller *caller,
                                const struct args *args, struct buf *result,
                                struct err *err)
{
    uint64_t number = number_of(args);
    enum status status = store_quarantine_remove(core->store, (int64_t)number);
    return status == STATUS_NOT_FOUND ? absent(number, err) : core_check(core, status);
}

/* --- retry --- */

static enum status copy_row(void *context, const struct store_quarantine *row)
{
    return intake_again(context, row->bytes);
}

enum status api_quarantine_retry(struct core *core, struct caller *caller,
                                 const struct args *args, struct buf *result,
                                 struct err *err)
{
    uint64_t number = number_of(args);
    struct job *job = job_new(JOB_VERIFY);
    if (job == NULL)
        return core_check(core, STATUS_NO_MEMORY);
    job->network = core->network;
    enum status status =
        store_quarantine_get(core->store, (int64_t)number, copy_row, job);
    if (status != STATUS_OK) {
        job_free(job);
        return status == STATUS_NOT_FOUND ? absent(number, err)
                                          : core_check(core, status);
    }
    caller->number_retried = (int64_t)number;
    caller_start_job(core, caller, job, CALLER_RETRYING);
    return STATUS_OK;
}

static enum status take_site(void *context, const struct store_quarantine *row)
{
    *(struct id *)context = row->site;
    return STATUS_OK;
}

enum status retry_verified(struct core *core, struct caller *caller, struct job *job,
                           struct buf *result, struct err *err)
{
    struct id from;
    int64_t number = caller->number_retried;
    struct store_place place;
    /* It may have gone while the pool had its bytes. */
    enum status status = store_quarantine_get(core->store, number, take_site, &from);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? absent((uint64_t)number, err)
                                          : core_check(core, status);
    status = intake_admit_again(core, &from, job, err);
    if (status != STATUS_OK)
        return status;
    status = store_quarantine_remove(core->store, number);
    if (status == STATUS_OK)
        status = store_op_find(core->store, &job->ops[0].id, &place);
    if (status != STATUS_OK)
        return core_check(core, status);
    pack_map(result, 2);
    pack_str(result, "op");
    pack_bin(result, job->ops[0].id.bytes, ID_SIZE);
    pack_str(result, "waits");
    pack_bool(result, place.waits);
    return STATUS_OK;
}
