#include "tests/unit/storage/full_store.h"

#include "storage/store_chunks.h"
#include "storage/store_confirmed.h"
#include "storage/store_lacking.h"
#include "storage/store_listings.h"
#include "storage/store_search.h"
#include "storage/store_sources.h"

struct full_ops full;
struct buf full_heard;

void full_hear(struct bytes told)
{
    buf_add(&full_heard, told.data, told.len);
    buf_add_u8(&full_heard, '\n');
}

void full_hear_id(const struct id *id)
{
    full_hear(bytes_of(id->bytes, ID_SIZE));
}

void full_hear_number(uint64_t number)
{
    for (int i = 0; i < 8; i++)
        buf_add_u8(&full_heard, (uint8_t)(number >> 8 * i));
}

void full_make_ops(void)
{
    static struct {
        struct sample_op *sample;
        uint8_t scope;
        uint64_t time;
    } const rows[] = {
        {&full.ours, FULL_OURS, 1},     {&full.first, FULL_RECORD, 1},
        {&full.second, FULL_RECORD, 2}, {&full.later, FULL_RECORD, 3},
        {&full.in_case, 0, 1},          {&full.waiting, FULL_RECORD, 4},
        {&full.lost, FULL_RECORD, 5},   {&full.fresh, FULL_FRESH, 1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct id scope = sample_id(rows[i].scope);
        sample_op(rows[i].sample, rows[i].scope == 0 ? NULL : &scope, rows[i].time,
                  "text");
    }
    struct id record = sample_id(FULL_RECORD);
    for (uint64_t i = 0; i < FULL_MANY; i++)
        sample_op(&full.many[i], &record, 10 + i, "text");
}

void full_free_ops(void)
{
    struct sample_op *all[] = {&full.ours,    &full.first,   &full.second, &full.later,
                               &full.in_case, &full.waiting, &full.lost,   &full.fresh};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        sample_op_deinit(all[i]);
    for (uint64_t i = 0; i < FULL_MANY; i++)
        sample_op_deinit(&full.many[i]);
}

static enum status add(struct store *store, const struct sample_op *sample,
                       enum scope_kind kind, enum ledger_tree tree)
{
    return store_op_add(store, &sample->op, buf_bytes(&sample->bytes), kind, tree);
}

static enum status fold(struct store *store, const struct id *scope, enum scope_kind kind,
                        uint8_t digest)
{
    struct id members[2] = {sample_id(FULL_SITE), sample_id(FULL_THIRD)};
    struct store_scope row = {.id = *scope,
                              .kind = kind,
                              .site = sample_id(FULL_OURS),
                              .digest = sample_id(digest),
                              .view = bytes_str("view"),
                              .ops_len = 2};
    return store_scope_put(store, &row, members, 2, members, 2);
}

enum status full_fold(struct store *store, uint8_t scope, enum scope_kind kind,
                      uint8_t digest)
{
    struct id id = sample_id(scope);
    return fold(store, &id, kind, digest);
}

static enum status wait(struct store *store, const struct sample_op *sample)
{
    struct id site = sample_id(FULL_SITE), missing = sample_id(0xee);
    enum status status = add(store, sample, 0, TREE_WAITING);
    if (status == STATUS_OK)
        status = store_guest_add(store, &sample->op.id, &site, sample->bytes.len);
    if (status == STATUS_OK)
        status = store_wait_add(store, &sample->op.id, &missing);
    return status;
}

struct store_quarantine full_apart(uint8_t byte)
{
    return (struct store_quarantine){.digest = sample_id(byte),
                                     .op = sample_id(byte),
                                     .site = sample_id(FULL_SITE),
                                     .reason = bytes_str("reason"),
                                     .bytes = bytes_str("bytes")};
}

const struct store_peer *full_peer(void)
{
    static struct store_peer peer;
    peer =
        (struct store_peer){.site = sample_id(FULL_SITE), .address = bytes_str("host:1")};
    return &peer;
}

/* Two pieces of a file, one of which both ops name and a site brought; two that lack. */
static void fill_files(struct store *store)
{
    struct id shared, own, site = sample_id(FULL_SITE);
    struct bytes sealed = bytes_str("sealed"), other = bytes_str("other");
    struct store_piece piece = {full.second.op.id, 3, sample_id(3),
                                sample_id(FULL_RECORD)};
    store_chunk_digest(&shared, sealed);
    store_chunk_digest(&own, other);
    const struct id *first = &full.first.op.id, *second = &full.second.op.id;
    assert_int_equal(store_chunk_add(store, first, 0, &own, other), STATUS_OK);
    assert_int_equal(store_chunk_add(store, first, 1, &shared, sealed), STATUS_OK);
    assert_int_equal(store_chunk_add(store, second, 1, &shared, sealed), STATUS_OK);
    assert_int_equal(store_chunk_brought(store, first, 1, &site, sealed.len), STATUS_OK);
    assert_int_equal(store_lacking_add(store, &piece), STATUS_OK);
    piece.piece++;
    assert_int_equal(store_lacking_add(store, &piece), STATUS_OK);
}

static bool next_posting(void *context, struct store_posting *posting)
{
    static const char *const tokens[] = {"a", "b", "c"};
    size_t *at = context;
    if (*at == sizeof(tokens) / sizeof(tokens[0]))
        return false;
    *posting = (struct store_posting){bytes_str(tokens[*at]), bytes_str("1")};
    ++*at;
    return true;
}

/* A case with a number, words and a row in the lists; an alarm. */
static void fill_lists(struct store *store)
{
    struct id scope = full.in_case.op.id, line = sample_id(FULL_LINE);
    struct bytes alias = bytes_str("张某");
    struct store_listing row = {
        .scope = scope, .line = &line, .parties = &alias, .parties_len = 1, .waits = 9};
    struct store_alarm alarm = {
        .site = sample_id(FULL_SITE), .kind = ALARM_ROLLBACK, .ops = 1};
    size_t at = 0;
    assert_int_equal(store_number_put(store, &scope, bytes_str("2026-0001")), STATUS_OK);
    assert_int_equal(store_listing_put(store, &row), STATUS_OK);
    assert_int_equal(store_search_put(store, &scope, next_posting, &at), STATUS_OK);
    assert_int_equal(store_alarm_raise(store, &alarm), STATUS_OK);
}

void full_fill(struct store *store)
{
    struct id site = sample_id(FULL_SITE), machine = sample_id(FULL_MACHINE),
              own = sample_id(FULL_OURS);
    struct id record = sample_id(FULL_RECORD);
    struct store_quarantine row = full_apart(1);
    sample_begin(store);
    assert_int_equal(store_pair_add(store, &site), STATUS_OK);
    assert_int_equal(add(store, &full.ours, SCOPE_CHARTER, TREE_SHARED), STATUS_OK);
    assert_int_equal(add(store, &full.first, SCOPE_ESCALATION, TREE_SHARED), STATUS_OK);
    assert_int_equal(add(store, &full.second, SCOPE_ESCALATION, TREE_SHARED), STATUS_OK);
    assert_int_equal(add(store, &full.in_case, SCOPE_CASE, TREE_PRIVATE), STATUS_OK);
    assert_int_equal(wait(store, &full.waiting), STATUS_OK);
    assert_int_equal(wait(store, &full.lost), STATUS_OK);
    assert_int_equal(full_fold(store, FULL_OURS, SCOPE_CHARTER, 1), STATUS_OK);
    assert_int_equal(full_fold(store, FULL_RECORD, SCOPE_ESCALATION, 2), STATUS_OK);
    assert_int_equal(fold(store, &full.in_case.op.id, SCOPE_CASE, 3), STATUS_OK);
    assert_int_equal(store_pair_put(store, &site, &own), STATUS_OK);
    assert_int_equal(store_pair_put(store, &site, &record), STATUS_OK);
    assert_int_equal(store_quarantine_add(store, &row), STATUS_OK);
    assert_int_equal(store_peer_put(store, full_peer()), STATUS_OK);
    assert_int_equal(store_confirmed_put(store, machine.bytes, &site, &own), STATUS_OK);
    fill_files(store);
    fill_lists(store);
    sample_commit(store);
}
