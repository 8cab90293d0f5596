/* What is asked about what this node keeps for itself. */
#include "storage/store_chunks.h"
#include "storage/store_confirmed.h"
#include "storage/store_lacking.h"
#include "storage/store_pastes.h"
#include "storage/store_retention.h"
#include "storage/store_sources.h"
#include "storage/store_unshown.h"
#include "tests/unit/storage/full_store.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

static enum status note_row(void *context, const struct store_quarantine *row)
{
    (void)context;
    full_hear_id(&row->digest);
    full_hear(row->reason);
    full_hear(row->bytes);
    return STATUS_OK;
}
static enum status note_peer(void *context, const struct store_peer *seen)
{
    (void)context;
    full_hear_id(&seen->site);
    full_hear(seen->address);
    return STATUS_OK;
}
static enum status note_alarm(void *context, const struct store_alarm *alarm)
{
    (void)context;
    full_hear_id(&alarm->site);
    full_hear_number(alarm->times);
    return STATUS_OK;
}

static enum status peers(struct store *store)
{
    static const uint8_t key[32] = {1}, former[32] = {2};
    enum status status = store_peer_put(store, full_peer());
    if (status == STATUS_OK)
        status = store_peer_rename(store, &full_peer()->site, former, key);
    return status == STATUS_OK ? store_peers(store, note_peer, NULL) : status;
}
static enum status peers_listed(struct store *store)
{
    return store_peers(store, note_peer, NULL);
}
static enum status deliver(struct store *store)
{
    struct id site = sample_id(FULL_SITE);
    uint64_t wall;
    enum status status = store_delivery_put(store, &full.first.op.id, &site, 5);
    return status == STATUS_OK
               ? store_delivery_get(store, &full.first.op.id, &site, &wall)
               : status;
}
static enum status unshown(struct store *store)
{
    struct id op = sample_id(5), next;
    int64_t number = 0;
    enum status status = store_unshown_add(store, &op);
    if (status == STATUS_OK)
        status = store_unshown_has(store, &op);
    if (status == STATUS_OK)
        status = store_unshown_next(store, 0, &number, &next);
    full_hear_number((uint64_t)number);
    return status == STATUS_OK ? store_unshown_close(store, &op) : status;
}
static enum status set_apart(struct store *store)
{
    struct store_quarantine row = full_apart(2);
    return store_quarantine_add(store, &row);
}
static enum status has_apart(struct store *store)
{
    struct id op = sample_id(1);
    bool has;
    enum status status = store_quarantine_has(store, &op, &has);
    if (status == STATUS_OK)
        full_hear_number(has);
    return status;
}
static enum status list_apart(struct store *store)
{
    return store_quarantine_list(store, note_row, NULL);
}
static enum status get_apart(struct store *store)
{
    return store_quarantine_get(store, 1, note_row, NULL);
}
static enum status count_apart(struct store *store)
{
    struct id site = sample_id(FULL_SITE);
    uint64_t rows, bytes;
    enum status status = store_quarantine_count(store, &site, &rows, &bytes);
    return status == STATUS_OK ? store_quarantine_count_all(store, &rows) : status;
}
static enum status drop_apart(struct store *store)
{
    return store_quarantine_remove(store, 1);
}
static enum status source(struct store *store)
{
    struct id site = sample_id(FULL_SITE);
    struct store_source row;
    enum status status = store_source_add(store, &site, 1, 2, 3);
    if (status == STATUS_OK)
        status = store_source_limit(store, &site, 4, 5);
    return status == STATUS_OK ? store_source_get(store, &site, &row) : status;
}
static enum status guests(struct store *store)
{
    struct id site = sample_id(FULL_SITE), who, op;
    uint64_t count;
    enum status status = store_guest_site(store, &full.lost.op.id, &who);
    if (status == STATUS_OK)
        status = store_guests_count(store, &site, &count);
    if (status == STATUS_OK)
        status = store_guests_leave(store, &site);
    if (status == STATUS_OK)
        status = store_guest_oldest(store, &site, false, &op);
    return status == STATUS_OK ? store_guests_largest(store, &who, &count) : status;
}
static enum status guest_comes(struct store *store)
{
    struct id site = sample_id(FULL_SITE);
    enum status status = store_op_add(store, &full.fresh.op, buf_bytes(&full.fresh.bytes),
                                      0, TREE_WAITING);
    return status == STATUS_OK
               ? store_guest_add(store, &full.fresh.op.id, &site, full.fresh.bytes.len)
               : status;
}
static enum status confirm(struct store *store)
{
    struct id site = sample_id(FULL_SITE), machine = sample_id(FULL_MACHINE),
              own = sample_id(FULL_OURS);
    struct id scope = sample_id(FULL_RECORD);
    uint64_t place;
    enum status status = store_confirmed_put(store, machine.bytes, &site, &own);
    if (status == STATUS_OK)
        status = store_confirmed_put_scope(store, machine.bytes, &site, &scope);
    if (status == STATUS_OK)
        status = store_confirmed_get(store, machine.bytes, &scope, &place);
    if (status == STATUS_OK)
        status = store_confirmed_count(store, machine.bytes, SCOPE_CASE, &place);
    return status == STATUS_OK ? store_confirmed_forget(store, machine.bytes) : status;
}
static enum status alarm_all(struct store *store)
{
    struct id site = sample_id(FULL_SITE);
    struct store_alarm row = {.site = site, .kind = ALARM_ROLLBACK, .ops = 1};
    enum status status = store_alarm_raise(store, &row);
    if (status == STATUS_OK)
        status = store_alarms(store, &site, note_alarm, NULL);
    return status == STATUS_OK ? store_alarms_clear(store, &site) : status;
}
static enum status meta(struct store *store)
{
    struct buf value = {0};
    enum status status = store_meta_put(store, "name", bytes_str("value"));
    if (status == STATUS_OK)
        status = store_meta_get(store, "name", &value);
    if (status == STATUS_OK)
        status = store_meta_remove(store, "none");
    buf_deinit(&value);
    return status;
}
static enum status note_paste(void *context, const struct store_paste *paste)
{
    (void)context;
    full_hear_id(&paste->digest);
    full_hear_id(&paste->author);
    full_hear(paste->text);
    full_hear_number(paste->left_s);
    return STATUS_OK;
}
static enum status add_paste(struct store *store, int64_t *number)
{
    struct store_paste paste = {
        .digest = sample_id(3), .author = sample_id(4), .left_s = 9};
    enum status status = store_paste_add(store, &paste, number);
    if (status == STATUS_OK)
        status = store_paste_piece_add(store, *number, 0, bytes_str("sealed"));
    return status == STATUS_OK ? store_paste_find(store, &paste.digest, number) : status;
}
static enum status paste_in(struct store *store)
{
    int64_t number;
    return add_paste(store, &number);
}
/* A number is not given again, though what had it may be committed and gone. */
static enum status paste_out(struct store *store)
{
    struct buf sealed = {0};
    uint32_t ended;
    int64_t number;
    enum status status = add_paste(store, &number);
    if (status == STATUS_OK)
        status = store_pastes(store, note_paste, NULL);
    if (status == STATUS_OK)
        status = store_paste_get(store, number, note_paste, NULL);
    if (status == STATUS_OK)
        status = store_paste_piece_get(store, number, 0, &sealed);
    if (status == STATUS_OK)
        status = store_pastes_run(store, 9, &ended);
    buf_deinit(&sealed);
    return status;
}

static enum status note_retention(void *context, const struct store_retention *row)
{
    (void)context;
    full_hear_id(&row->scope);
    full_hear_number(row->due);
    return STATUS_OK;
}
static enum status retention(struct store *store)
{
    struct store_retention row = {.scope = full.in_case.op.id, .due = 1};
    uint64_t count;
    enum status status = store_retention_begin(store, &row.scope);
    if (status == STATUS_OK)
        status = store_retention_put(store, &row);
    if (status == STATUS_OK)
        status = store_retentions(store, note_retention, NULL);
    if (status == STATUS_OK)
        status = store_retention_count_due(store, &count);
    if (status == STATUS_OK)
        status = store_retention_restart(store);
    return status == STATUS_OK ? store_retention_end(store, &row.scope) : status;
}

static enum status read_chunks(struct store *store)
{
    struct id digest;
    struct buf sealed = {0};
    uint64_t count;
    store_chunk_digest(&digest, bytes_str("sealed"));
    enum status status = store_chunk_get(store, &digest, &sealed);
    if (status == STATUS_OK)
        status = store_chunk_of(store, &full.first.op.id, 1, &sealed);
    if (status == STATUS_OK)
        status = store_chunks_of(store, &full.first.op.id, &count);
    if (status == STATUS_OK)
        status = store_chunks_size(store, &count);
    if (status == STATUS_OK)
        full_hear(buf_bytes(&sealed));
    buf_deinit(&sealed);
    return status;
}
static enum status add_chunk(struct store *store)
{
    struct id digest, site = sample_id(FULL_SITE);
    struct bytes sealed = bytes_str("another");
    store_chunk_digest(&digest, sealed);
    enum status status = store_chunk_add(store, &full.second.op.id, 2, &digest, sealed);
    return status == STATUS_OK
               ? store_chunk_brought(store, &full.second.op.id, 2, &site, sealed.len)
               : status;
}
static enum status move_chunks(struct store *store)
{
    return store_chunks_move(store, &full.first.op.id, &full.second.op.id);
}
static enum status drop_chunks(struct store *store)
{
    return store_chunks_drop(store, &full.first.op.id);
}

static enum status read_lacking(struct store *store)
{
    struct id site = sample_id(FULL_SITE), from = sample_id(0);
    struct store_piece piece;
    uint64_t count;
    enum status status = store_lacking_next(store, &site, &from, &piece);
    if (status == STATUS_OK)
        status = store_lacking_get(store, &piece.op, piece.piece, &piece);
    if (status == STATUS_OK)
        status = store_lacking_of(store, &piece.op, &count);
    if (status == STATUS_OK)
        full_hear_id(&piece.digest);
    return status;
}
static enum status lack(struct store *store)
{
    struct store_piece piece = {full.later.op.id, 7, sample_id(7),
                                sample_id(FULL_RECORD)};
    enum status status = store_lacking_add(store, &piece);
    if (status == STATUS_OK)
        status = store_lacking_came(store, &piece.op, 7);
    return status == STATUS_OK ? store_lacking_drop(store, &full.second.op.id) : status;
}

#define ASK(name)                                                                        \
    {                                                                                    \
#name, name                                                                      \
    }
const struct full_request full_own[] = {
    ASK(peers),       ASK(peers_listed), ASK(deliver),      ASK(set_apart),
    ASK(has_apart),   ASK(list_apart),   ASK(get_apart),    ASK(count_apart),
    ASK(drop_apart),  ASK(source),       ASK(guests),       ASK(guest_comes),
    ASK(confirm),     ASK(alarm_all),    ASK(meta),         ASK(paste_in),
    ASK(paste_out),   ASK(retention),    ASK(read_chunks),  ASK(add_chunk),
    ASK(move_chunks), ASK(drop_chunks),  ASK(read_lacking), ASK(lack),
    ASK(unshown),
};
const size_t full_own_len = LEN(full_own);
