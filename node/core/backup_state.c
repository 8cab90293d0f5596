#include "node/core/backup_state.h"

#include "node/cases/due.h"

#define WRITTEN "backup-written" /* [wall, ops] */
#define VERIFIED "backup-verified"

static enum status read_time(struct core *core, const char *name,
                             struct backup_time *time)
{
    struct buf value = {0};
    uint32_t elements;
    *time = (struct backup_time){0};
    enum status status = store_meta_get(core->store, name, &value);
    struct pack_reader reader = pack_reader_of(buf_bytes(&value));
    if (status == STATUS_OK && (pack_read_array(&reader, &elements, NULL) != STATUS_OK ||
                                pack_read_uint(&reader, &time->wall, NULL) != STATUS_OK ||
                                pack_read_uint(&reader, &time->ops, NULL) != STATUS_OK))
        status = STATUS_CORRUPT;
    buf_deinit(&value);
    return core_check(core, status == STATUS_NOT_FOUND ? STATUS_OK : status);
}

static enum status write_time(struct core *core, const char *name, const uint64_t ops[3])
{
    struct buf value = {0};
    pack_array(&value, 2);
    pack_uint(&value, core->wall);
    pack_uint(&value, ops[TREE_PRIVATE] + ops[TREE_SHARED]);
    enum status status = buf_status(&value);
    if (status == STATUS_OK)
        status = store_meta_put(core->store, name, buf_bytes(&value));
    buf_deinit(&value);
    return core_check(core, status);
}

/* A clock that was set back says nothing of how long ago it was. */
static const char *word_of(const struct core *core, const struct backup_state *state)
{
    const struct backup_time *written = &state->written;
    if (written->wall == 0 && written->ops == 0)
        return "never";
    if (state->is_daily && state->daily.failed[0] != '\0')
        return "failed";
    bool is_old = due_is_trusted(core->wall, core->quality) &&
                  core->wall >= written->wall &&
                  core->wall - written->wall >= BACKUP_DUE_S;
    return is_old || state->behind >= BACKUP_DUE_OPS ? "due" : "recent";
}

enum status backup_state_get(struct core *core, struct backup_state *state)
{
    uint64_t shared = 0, own = 0;
    enum status status = read_time(core, WRITTEN, &state->written);
    if (status == STATUS_OK)
        status = read_time(core, VERIFIED, &state->verified);
    if (status == STATUS_OK)
        status = core_check(core, store_ops_count(core->store, TREE_SHARED, &shared));
    if (status == STATUS_OK)
        status = core_check(core, store_ops_count(core->store, TREE_PRIVATE, &own));
    if (status == STATUS_OK)
        status = daily_backup_get(core, &state->daily);
    state->is_daily = core->daily.is_on;
    uint64_t ops = shared + own;
    state->behind = ops > state->written.ops ? ops - state->written.ops : 0;
    state->word = word_of(core, state);
    return status;
}

enum status backup_state_written(struct core *core, const uint64_t ops[3])
{
    return write_time(core, WRITTEN, ops);
}

enum status backup_state_verified(struct core *core, const uint64_t ops[3])
{
    return write_time(core, VERIFIED, ops);
}
