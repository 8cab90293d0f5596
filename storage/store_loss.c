#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "storage/statement.h"

/*
 * What a disk lost, noticed at open. Happy path: database and mark stand at the same
 * commit, or the power went between the two and the database is one ahead. Anything else
 * is kept in meta `loss`, said, and settled: the next commit has a number that neither
 * of the two had, so that the same loss is said once and a second one again.
 */

#define META_STAND "commit"
#define META_LOSS "loss"

enum {
    LOSS_KIND,
    LOSS_TIMES,
    LOSS_COMMITS_LEN,
    LOSS_OPS,
    LOSS_AT = LOSS_OPS + 3,
    LOSS_NUMBERS,
};

static enum status put_numbers(struct store *store, const struct store_loss *loss)
{
    uint64_t numbers[LOSS_NUMBERS] = {loss->kind,   loss->times,  loss->commits,
                                      loss->ops[0], loss->ops[1], loss->ops[2],
                                      loss->at};
    uint8_t bytes[LOSS_NUMBERS * 8];
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)(numbers[i / 8] >> (56 - i % 8 * 8));
    return store_meta_put(store, META_LOSS, bytes_of(bytes, sizeof(bytes)));
}

enum status store_loss_last(struct store *store, struct store_loss *loss)
{
    struct buf value = {0};
    uint64_t numbers[LOSS_NUMBERS] = {0};
    *loss = (struct store_loss){.kind = LOSS_NONE};
    enum status status = store_meta_get(store, META_LOSS, &value);
    if (status == STATUS_OK && value.len != LOSS_NUMBERS * 8)
        status = STATUS_CORRUPT;
    for (size_t i = 0; status == STATUS_OK && i < value.len; i++)
        numbers[i / 8] = numbers[i / 8] << 8 | value.data[i];
    buf_deinit(&value);
    if (status == STATUS_OK && numbers[LOSS_KIND] > LOSS_LAST)
        status = STATUS_CORRUPT;
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    loss->kind = (enum store_loss_kind)numbers[LOSS_KIND];
    loss->times = numbers[LOSS_TIMES];
    loss->commits = numbers[LOSS_COMMITS_LEN];
    memcpy(loss->ops, &numbers[LOSS_OPS], sizeof(loss->ops));
    loss->at = numbers[LOSS_AT];
    return STATUS_OK;
}

enum status store_loss_restored(struct store *store)
{
    struct store_loss last;
    enum status status = store_loss_last(store, &last);
    if (status != STATUS_OK)
        return status;
    const struct store_loss loss = {
        .kind = LOSS_RESTORED, .times = last.times + 1, .at = store->stand.commits + 1};
    return put_numbers(store, &loss);
}

const struct store_loss *store_loss(const struct store *store)
{
    return &store->loss;
}

void store_loss_text(const struct store_loss *loss, char out[static LOSS_TEXT_SIZE])
{
    switch (loss->kind) { /* never: another kind; who read it refused that */
    case LOSS_NONE:
        (void)snprintf(out, LOSS_TEXT_SIZE, "nothing was lost that the disk had kept");
        break;
    case LOSS_COMMITS:
        (void)snprintf(
            out, LOSS_TEXT_SIZE,
            "the disk lost the last %" PRIu64
            " commits that it had said were saved, or an older copy was put in "
            "place (records missing: %" PRIu64 " of cases, %" PRIu64
            " of escalations and charters, %" PRIu64
            " waiting); what other sites hold comes back by itself, what was "
            "private is gone unless a backup has it",
            loss->commits, loss->ops[TREE_PRIVATE], loss->ops[TREE_SHARED],
            loss->ops[TREE_WAITING]);
        break;
    case LOSS_HISTORY:
        (void)snprintf(out, LOSS_TEXT_SIZE,
                       "the database and its mark tell different histories: a copy of "
                       "another time was put in place, or the disk mixed two; compare it "
                       "with a backup");
        break;
    case LOSS_MARK:
        (void)snprintf(out, LOSS_TEXT_SIZE,
                       "the mark beside the database is missing or damaged: whether the "
                       "disk lost what was saved last cannot be told; look at the last "
                       "cases");
        break;
    case LOSS_SYNC:
        (void)snprintf(out, LOSS_TEXT_SIZE,
                       "the disk said that the mark was saved and lost it; the database "
                       "is whole this time, but the disk should be replaced");
        break;
    case LOSS_RESTORED:
        (void)snprintf(
            out, LOSS_TEXT_SIZE,
            "this node was restored from a backup; what was written after that "
            "is here as far as other sites hold it, what was private is not");
        break;
    }
}

enum status store_stand_put(struct store *store, struct mark_stand *next)
{
    uint64_t ops[3] = {store->waiting, store->positions[TREE_PRIVATE],
                       store->positions[TREE_SHARED]};
    uint8_t bytes[MARK_STAND_SIZE];
    *next = store->stand;
    mark_stand_next(next, ops, store->last_op.bytes);
    mark_stand_encode(next, bytes);
    return store_meta_put(store, META_STAND, bytes_of(bytes, sizeof(bytes)));
}

static enum status stand_get(struct store *store)
{
    struct buf value = {0};
    store->stand = (struct mark_stand){0};
    enum status status = store_meta_get(store, META_STAND, &value);
    if (status == STATUS_OK && !mark_stand_decode(&store->stand, buf_bytes(&value)))
        status = STATUS_CORRUPT;
    buf_deinit(&value);
    /* A store of before the mark has no row: it begins to count now. */
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* Of another time than the commit that the database speaks of? A store of before the mark
 * has counted none. */
static bool is_mixed(const struct store *store)
{
    const struct mark_stand *own = &store->stand;
    return own->commits > 0 &&
           (own->ops[TREE_WAITING] != store->waiting ||
            own->ops[TREE_PRIVATE] != store->positions[TREE_PRIVATE] ||
            own->ops[TREE_SHARED] != store->positions[TREE_SHARED]);
}

/* A slot that is not whole was about to say more than the other, or a disk has spoilt it;
 * where the database says no more either, that commit may be lost. */
static void compare(struct store *store, bool has_mark, bool is_damaged,
                    const struct mark_stand *mark)
{
    const struct mark_stand *own = &store->stand;
    struct store_loss *loss = &store->loss;
    *loss = (struct store_loss){.kind = LOSS_NONE};
    if (!has_mark) {
        loss->kind = own->commits == 0 ? LOSS_NONE : LOSS_MARK;
    } else if (mark->commits > own->commits) {
        loss->kind = LOSS_COMMITS;
        loss->commits = mark->commits - own->commits;
        uint64_t ops[3] = {store->waiting, store->positions[TREE_PRIVATE],
                           store->positions[TREE_SHARED]};
        for (int i = 0; i < 3; i++)
            loss->ops[i] = mark->ops[i] > ops[i] ? mark->ops[i] - ops[i] : 0;
    } else if (mark->commits == own->commits) {
        bool is_same = memcmp(mark->chain, own->chain, DIGEST_SIZE) == 0;
        loss->kind = !is_same ? LOSS_HISTORY : is_damaged ? LOSS_MARK : LOSS_NONE;
    } else if (mark->commits + 1 < own->commits) {
        loss->kind = LOSS_SYNC;
    }
    if (loss->kind == LOSS_NONE && is_mixed(store))
        loss->kind = LOSS_HISTORY;
}

/* One transaction: the row of the loss, and a number that neither side has had. */
static enum status keep(struct store *store, uint64_t commits, uint64_t times)
{
    struct mark_stand next;
    enum status status = statement_run(store, statement(store, STMT_begin));
    if (status != STATUS_OK)
        return status;
    if (commits > store->stand.commits)
        store->stand.commits = commits;
    store->loss.times = times + 1;
    store->loss.at = store->stand.commits + 1;
    status = put_numbers(store, &store->loss);
    if (status == STATUS_OK)
        status = store_stand_put(store, &next);
    if (status == STATUS_OK)
        status = statement_run(store, statement(store, STMT_commit));
    if (status == STATUS_OK)
        store->stand = next;
    return status; /* where it failed, so does the opening, and nothing is committed */
}

enum status store_mark_settle(struct store *store)
{
    struct mark_stand mark = {0};
    struct store_loss last = {.kind = LOSS_NONE};
    enum status status = stand_get(store);
    if (status == STATUS_OK)
        status = store_loss_last(store, &last);
    if (status != STATUS_OK)
        return status;
    bool is_damaged;
    bool has_mark = mark_read(&store->mark, &mark, &is_damaged);
    compare(store, has_mark, is_damaged, &mark);
    bool is_told = has_mark && mark.commits == store->stand.commits;
    if (store->loss.kind != LOSS_NONE)
        status = keep(store, mark.commits, last.times);
    else if (!is_told && last.at == store->stand.commits)
        store->loss = last; /* kept, and then the power went before anybody was told */
    if (status != STATUS_OK)
        return status;
    if (!has_mark)
        return statement_status(store, mark_reset(&store->mark, &store->stand));
    /* Also where it says the same: after a sync that failed it may stand in memory alone,
     * and the next commit would write over the last one that the disk has. */
    return statement_status(store, mark_write(&store->mark, &store->stand));
}
