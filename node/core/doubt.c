#include "node/core/doubt.h"

#include <stdio.h>
#include <string.h>

#include "node/core/session.h"
#include "node/core/state.h"
#include "proto/pack.h"

#define META_DUE "doubt"    /* not empty: a turn failed as CORRUPT */
#define META_FOUND "mended" /* [times, wall, table] */

/* ---- what was found, kept ---- */

static void read_found(struct bytes bytes, struct doubt_found *found)
{
    struct pack_reader reader = pack_reader_of(bytes);
    struct bytes table = {0};
    uint32_t count;
    enum status status = pack_read_array(&reader, &count, NULL);
    if (status == STATUS_OK)
        status = pack_read_uint(&reader, &found->times, NULL);
    if (status == STATUS_OK)
        status = pack_read_uint(&reader, &found->wall, NULL);
    if (status == STATUS_OK)
        status = pack_read_str(&reader, &table, NULL);
    if (status == STATUS_OK && table.len < sizeof(found->table))
        memcpy(found->table, table.data, table.len);
    else
        *found = (struct doubt_found){.is_unreadable = true};
}

enum status doubt_last(struct store *store, struct doubt_found *found)
{
    struct buf value = {0};
    *found = (struct doubt_found){.times = 0};
    enum status status = store_meta_get(store, META_FOUND, &value);
    if (status == STATUS_OK)
        read_found(buf_bytes(&value), found);
    buf_deinit(&value);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* A note that cannot be read holds up no mending. Nothing is written in its place: where
 * an index of meta is damaged, that may be another note. */
static enum status keep_found(struct core *core, const char *table)
{
    struct doubt_found found;
    struct buf value = {0};
    enum status status = doubt_last(core->store, &found);
    if (status != STATUS_OK || found.is_unreadable)
        return status;
    pack_array(&value, 3);
    pack_uint(&value, found.times + 1);
    pack_uint(&value, core->wall);
    pack_str(&value, table);
    status = buf_status(&value);
    if (status == STATUS_OK)
        status = store_meta_put(core->store, META_FOUND, buf_bytes(&value));
    buf_deinit(&value);
    return status;
}

void doubt_text(const struct doubt_found *found, char out[static DOUBT_TEXT_SIZE])
{
    out[0] = '\0';
    if (found->times > 0)
        (void)snprintf(
            out, DOUBT_TEXT_SIZE,
            "what follows from the records was not as they say, first in the "
            "table %s, and was made anew; no record is missing by that, but "
            "the disk lost or changed what it had saved and should be replaced",
            found->table);
    if (found->is_unreadable)
        (void)snprintf(out, DOUBT_TEXT_SIZE,
                       "the note of what was made anew before cannot be read; no record "
                       "is missing by that, but the disk changed what it had saved and "
                       "should be replaced");
}

/* ---- counting ---- */

void doubt_unequal(struct core *core, struct session *session)
{
    struct doubt *doubt = &core->doubt;
    if (doubt->rounds > 0 && core->now_ms - doubt->counted_ms < DOUBT_PACE_MS)
        return;
    doubt->counted_ms = core->now_ms;
    doubt->rounds++;
    session->sync.doubted++;
    if (doubt->rounds >= doubt->enough)
        doubt->is_due = true;
}

void doubt_agreed(struct core *core, struct session *session)
{
    core->doubt.rounds -= session->sync.doubted;
    session->sync.doubted = 0;
}

void doubt_ledger(struct core *core)
{
    struct doubt *doubt = &core->doubt;
    doubt->is_due = doubt->is_due || !doubt->was_vain;
}

/* ---- looking ---- */

static enum status put_due(struct core *core, struct bytes value)
{
    enum status status = store_begin(core->store);
    if (status != STATUS_OK)
        return status;
    status = store_meta_put(core->store, META_DUE, value);
    if (status == STATUS_OK)
        return store_commit(core->store);
    store_roll_back(core->store);
    return status;
}

void doubt_failed(struct core *core)
{
    /* Where it cannot be kept, the file itself is damaged, and the next opening says so.
     */
    (void)put_due(core, bytes_str("due"));
}

enum status doubt_open(struct core *core)
{
    struct doubt *doubt = &core->doubt;
    struct buf due = {0};
    enum status status = store_meta_get(core->store, META_DUE, &due);
    doubt->enough = DOUBT_ROUNDS;
    doubt->is_kept = status == STATUS_OK && due.len > 0;
    doubt->is_due = doubt->is_kept || store_loss(core->store)->kind != LOSS_NONE;
    buf_deinit(&due);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* Durable where something was found, and nothing is changed where not. */
static enum status look(struct core *core, char table[static DERIVED_TABLE_SIZE])
{
    enum status status = store_begin(core->store);
    if (status != STATUS_OK)
        return status;
    status = derived_compare(core, table);
    if (status == STATUS_OK && table[0] != '\0')
        status = keep_found(core, table);
    if (status == STATUS_OK && table[0] != '\0')
        return store_commit(core->store);
    store_roll_back(core->store);
    return status;
}

/* Who looked has counted anew; where the sets are other ones, rounds under way read on in
 * them. */
static enum status go_on(struct core *core, bool is_mended)
{
    enum status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < SESSIONS_MAX; i++) {
        struct session *session = core->sessions[i];
        if (session == NULL)
            continue;
        session->sync.doubted = 0;
        if (is_mended)
            status = sync_renew(core, session);
    }
    return status;
}

static void look_later(struct doubt *doubt)
{
    if (doubt->rounds >= doubt->enough && doubt->enough < DOUBT_ROUNDS_MAX)
        doubt->enough *= 2;
}

uint64_t doubt_deadline(const struct core *core)
{
    return core->doubt.is_due && !core->is_ending ? 0 : UINT64_MAX;
}

enum status doubt_settle(struct core *core)
{
    struct doubt *doubt = &core->doubt;
    char table[DERIVED_TABLE_SIZE];
    if (doubt_deadline(core) == UINT64_MAX)
        return STATUS_OK;
    doubt->is_due = false;
    /* Before it looks: what cannot be mended must not stop the node at each start. */
    enum status status = doubt->is_kept ? put_due(core, (struct bytes){0}) : STATUS_OK;
    doubt->is_kept = false;
    if (status == STATUS_OK)
        status = look(core, table);
    if (status != STATUS_OK && status != STATUS_CORRUPT)
        return status;
    bool is_mended = status == STATUS_OK && table[0] != '\0';
    doubt->was_vain = !is_mended;
    if (status == STATUS_CORRUPT)
        core_trace(core, "alarm kind=unreadable (fengqiaod check says what)");
    if (is_mended)
        core_trace(core, "alarm kind=derived table=%s", table);
    else
        core_trace(core, "doubt rounds=%u look=%s", doubt->rounds, status_name(status));
    if (is_mended)
        doubt->enough = DOUBT_ROUNDS;
    else
        look_later(doubt);
    doubt->rounds = 0;
    return go_on(core, is_mended);
}
