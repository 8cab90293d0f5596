/* Backups of the whole site: written a file a call, and what was last said of one. */
#include "node/core/api.h"
#include "node/core/backup_out.h"
#include "node/core/backup_state.h"

static void pack_number(struct buf *out, const char *name, uint64_t number)
{
    pack_str(out, name);
    pack_uint(out, number);
}

static enum status give_next(struct core *core, struct caller *caller, struct buf *result,
                             struct err *err)
{
    struct backup_out *out = caller->backup_out;
    struct buf file = {0}, mark = {0};
    uint32_t part = out->header.part;
    enum status status = backup_out_next(core, out, &file, err);
    backup_mark_write(&out->to, &mark);
    if (status == STATUS_OK)
        status = core_check(core, buf_status(&mark));
    if (status == STATUS_OK) {
        pack_map(result, 6);
        pack_str(result, "file");
        pack_bin(result, file.data, file.len);
        pack_str(result, "last");
        pack_bool(result, out->is_done);
        pack_str(result, "mark");
        pack_bin(result, mark.data, mark.len);
        pack_number(result, "ops", out->ops);
        pack_number(result, "part", part);
        pack_number(result, "pieces", out->pieces);
    }
    buf_deinit(&file);
    buf_deinit(&mark);
    return status;
}

static enum status read_mark(const struct args *args, struct backup_mark *mark,
                             bool *has_mark, struct err *err)
{
    struct bytes raw = {0}, bytes, name;
    uint32_t elements;
    *has_mark = args_raw(args, "after", &raw);
    if (!*has_mark)
        return STATUS_OK;
    struct pack_reader reader = pack_reader_of(raw);
    enum status status = pack_read_bin(&reader, &bytes, NULL);
    if (status == STATUS_OK)
        reader = pack_reader_of(bytes);
    if (status == STATUS_OK)
        status = pack_read_array(&reader, &elements, NULL);
    if (status == STATUS_OK)
        status = pack_read_str(&reader, &name, NULL);
    if (status == STATUS_OK && !bytes_equal_str(name, "mark"))
        status = STATUS_INVALID;
    if (status == STATUS_OK)
        status = backup_mark_read(&reader, elements, mark);
    return status == STATUS_OK
               ? STATUS_OK
               : err_set(err, STATUS_INVALID, "after is no mark of a backup");
}

enum status api_backup_write(struct core *core, struct caller *caller,
                             const struct args *args, struct buf *result, struct err *err)
{
    struct backup_mark mark;
    bool has_mark;
    enum status status = read_mark(args, &mark, &has_mark, err);
    if (status != STATUS_OK)
        return status;
    backup_out_free(caller->backup_out);
    caller->backup_out = NULL;
    status = backup_out_begin(core, has_mark ? &mark : NULL, &caller->backup_out, err);
    return status == STATUS_OK ? give_next(core, caller, result, err) : status;
}

enum status api_backup_next(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    if (caller->backup_out == NULL || caller->backup_out->is_done)
        return err_set(err, STATUS_NOT_FOUND,
                       "no backup is being written that has another part");
    return give_next(core, caller, result, err);
}

enum status api_backup_done(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    struct backup_out *out = caller->backup_out;
    if (out == NULL || !out->is_done)
        return err_set(err, STATUS_NOT_FOUND,
                       "no backup is being written of which every part was given out");
    enum status status = backup_state_written(core, out->to.store.ops);
    backup_out_free(out);
    caller->backup_out = NULL;
    return status;
}

/* Whoever verified one says what a test restore came to; this node knows what it has to
 * come to. */
enum status api_backup_verified(struct core *core, struct caller *caller,
                                const struct args *args, struct buf *result,
                                struct err *err)
{
    struct backup_mark mark;
    bool has_mark, is_of = false;
    enum status status = read_mark(args, &mark, &has_mark, err);
    if (status == STATUS_OK && !has_mark)
        status = err_set(err, STATUS_INVALID, "after is missing");
    if (status == STATUS_OK)
        status = core_check(core, backup_mark_is_of(core->store, &mark, &is_of));
    if (status != STATUS_OK)
        return status;
    if (!is_of)
        return err_set(err, STATUS_UNVERIFIED,
                       "what that backup restores is not what this node holds");
    return backup_state_verified(core, mark.store.ops);
}

enum status api_backup_status(struct core *core, struct caller *caller,
                              const struct args *args, struct buf *result,
                              struct err *err)
{
    struct backup_state state;
    enum status status = backup_state_get(core, &state);
    if (status != STATUS_OK)
        return status;
    pack_map(result, 8);
    pack_number(result, "behind", state.behind);
    pack_str(result, "daily");
    pack_bool(result, state.is_daily);
    pack_str(result, "daily_failed");
    pack_str(result, state.daily.failed);
    pack_number(result, "daily_wall", state.daily.wall);
    pack_number(result, "ops", state.written.ops);
    pack_str(result, "state");
    pack_str(result, state.word);
    pack_number(result, "verified_wall", state.verified.wall);
    pack_number(result, "written_wall", state.written.wall);
    return STATUS_OK;
}
