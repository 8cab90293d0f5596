/* A store of which each step that SQLite makes fails once: what asked for it says so, the
 * turn is rolled back, and everything is as before. */
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "proto/negentropy.h"
#include "storage/store_confirmed.h"
#include "storage/store_listings.h"
#include "storage/store_pastes.h"
#include "storage/store_sources.h"
#include "tests/unit/storage/store_sample.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)

/* ---- the fault ---- */

static uint64_t steps, failing_step; /* 0: none */
static int failing_code;

int __real_sqlite3_step(sqlite3_stmt *stmt);
int __wrap_sqlite3_step(sqlite3_stmt *stmt);

int __wrap_sqlite3_step(sqlite3_stmt *stmt)
{
    return ++steps == failing_step ? failing_code : __real_sqlite3_step(stmt);
}

/* ---- what is there ---- */

enum { OURS = 0x10, RECORD, CASE, FRESH, SITE = 0xa0, THIRD, MACHINE = 0xc0 };

static struct sample_op ours, first, second, later, in_case, waiting, lost, fresh;

static void make_ops(void)
{
    static struct {
        struct sample_op *sample;
        uint8_t scope;
        uint64_t time;
    } const rows[] = {
        {&ours, OURS, 1},    {&first, RECORD, 1}, {&second, RECORD, 2},
        {&later, RECORD, 3}, {&in_case, CASE, 1}, {&waiting, RECORD, 4},
        {&lost, RECORD, 5},  {&fresh, FRESH, 1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct id scope = sample_id(rows[i].scope);
        sample_op(rows[i].sample, &scope, rows[i].time, "text");
    }
}

static void free_ops(void)
{
    struct sample_op *all[] = {&ours,    &first,   &second, &later,
                               &in_case, &waiting, &lost,   &fresh};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        sample_op_deinit(all[i]);
}

static enum status add(struct store *store, const struct sample_op *sample,
                       enum scope_kind kind, enum ledger_tree tree)
{
    return store_op_add(store, &sample->op, buf_bytes(&sample->bytes), kind, tree);
}

static enum status fold(struct store *store, uint8_t scope, enum scope_kind kind,
                        uint8_t digest)
{
    struct id members[2] = {sample_id(SITE), sample_id(THIRD)};
    struct store_scope row = {.id = sample_id(scope),
                              .kind = kind,
                              .site = sample_id(OURS),
                              .digest = sample_id(digest),
                              .view = bytes_str("view"),
                              .ops_len = 2};
    return store_scope_put(store, &row, members, 2, members, 2);
}

static enum status wait(struct store *store, const struct sample_op *sample)
{
    struct id site = sample_id(SITE), missing = sample_id(0xee);
    enum status status = add(store, sample, 0, TREE_WAITING);
    if (status == STATUS_OK)
        status = store_guest_add(store, &sample->op.id, &site, sample->bytes.len);
    if (status == STATUS_OK)
        status = store_wait_add(store, &sample->op.id, &missing);
    return status;
}

static struct store_quarantine apart(uint8_t byte)
{
    return (struct store_quarantine){.digest = sample_id(byte),
                                     .op = sample_id(byte),
                                     .site = sample_id(SITE),
                                     .reason = bytes_str("reason"),
                                     .bytes = bytes_str("bytes")};
}

static const struct store_peer *peer(void)
{
    static struct store_peer peer;
    peer = (struct store_peer){.site = sample_id(SITE), .address = bytes_str("host:1")};
    return &peer;
}

static void fill(struct store *store)
{
    struct id site = sample_id(SITE), machine = sample_id(MACHINE), own = sample_id(OURS);
    struct id record = sample_id(RECORD);
    struct store_quarantine row = apart(1);
    sample_begin(store);
    assert_int_equal(store_pair_add(store, &site), STATUS_OK);
    assert_int_equal(add(store, &ours, SCOPE_CHARTER, TREE_SHARED), STATUS_OK);
    assert_int_equal(add(store, &first, SCOPE_ESCALATION, TREE_SHARED), STATUS_OK);
    assert_int_equal(add(store, &second, SCOPE_ESCALATION, TREE_SHARED), STATUS_OK);
    assert_int_equal(add(store, &in_case, SCOPE_CASE, TREE_PRIVATE), STATUS_OK);
    assert_int_equal(wait(store, &waiting), STATUS_OK);
    assert_int_equal(wait(store, &lost), STATUS_OK);
    assert_int_equal(fold(store, OURS, SCOPE_CHARTER, 1), STATUS_OK);
    assert_int_equal(fold(store, RECORD, SCOPE_ESCALATION, 2), STATUS_OK);
    assert_int_equal(fold(store, CASE, SCOPE_CASE, 3), STATUS_OK);
    assert_int_equal(store_pair_put(store, &site, &own), STATUS_OK);
    assert_int_equal(store_pair_put(store, &site, &record), STATUS_OK);
    assert_int_equal(store_quarantine_add(store, &row), STATUS_OK);
    assert_int_equal(store_peer_put(store, peer()), STATUS_OK);
    assert_int_equal(store_confirmed_put(store, machine.bytes, &site, &own), STATUS_OK);
    sample_commit(store);
}

/* ---- everything that may be asked ---- */

static enum status note_op(void *context, const struct store_op *op)
{
    return STATUS_OK;
}
static enum status note_id(void *context, const struct id *id)
{
    return STATUS_OK;
}
static enum status note_scope(void *context, const struct store_scope *scope)
{
    return STATUS_OK;
}
static enum status note_item(void *context, uint64_t wall, const struct id *id)
{
    return STATUS_OK;
}
static enum status note_row(void *context, const struct store_quarantine *row)
{
    return STATUS_OK;
}
static enum status note_peer(void *context, const struct store_peer *seen)
{
    return STATUS_OK;
}
static enum status note_alarm(void *context, const struct store_alarm *alarm)
{
    return STATUS_OK;
}

static enum status write_ops(struct store *store)
{
    return add(store, &later, SCOPE_ESCALATION, TREE_SHARED);
}
static enum status write_fresh(struct store *store)
{
    return add(store, &fresh, SCOPE_CASE, TREE_PRIVATE);
}
static enum status promote(struct store *store)
{
    return store_op_promote(store, &waiting.op.id, SCOPE_ESCALATION, TREE_SHARED);
}
static enum status remove_waiting(struct store *store)
{
    return store_op_remove_waiting(store, &lost.op.id);
}
static enum status replace(struct store *store)
{
    return store_op_replace(store, &first.op.id, buf_bytes(&first.erased));
}
static enum status settle_wait(struct store *store)
{
    struct id missing = sample_id(0xee);
    return store_wait_settle(store, &missing, note_id, NULL);
}
static enum status find(struct store *store)
{
    struct store_place place;
    return store_op_find(store, &first.op.id, &place);
}
static enum status get(struct store *store)
{
    return store_op_get(store, &first.op.id, note_op, NULL);
}
static enum status get_at(struct store *store)
{
    return store_op_at(store, 1, note_op, NULL);
}
static enum status walk_scope(struct store *store)
{
    struct id scope = sample_id(RECORD);
    return store_ops_of_scope(store, &scope, note_op, NULL);
}
static enum status walk_waiting(struct store *store)
{
    struct id scope = sample_id(RECORD);
    return store_ops_waiting(store, &scope, note_op, NULL);
}
static enum status walk_all(struct store *store)
{
    return store_ops_all(store, 0, note_op, NULL);
}
static enum status refold(struct store *store)
{
    return fold(store, RECORD, SCOPE_ESCALATION, 9);
}
static enum status scope_get(struct store *store)
{
    struct id scope = sample_id(RECORD);
    return store_scope_get(store, &scope, note_scope, NULL);
}
static enum status scope_kind(struct store *store)
{
    struct id scope = sample_id(CASE);
    enum scope_kind kind;
    return store_scope_kind(store, &scope, &kind);
}
static enum status list_scopes(struct store *store)
{
    return store_scopes_of_kind(store, SCOPE_ESCALATION, 0, note_scope, NULL);
}
static enum status count_scopes(struct store *store)
{
    uint64_t count;
    return store_scopes_count(store, SCOPE_ESCALATION, &count);
}
static enum status list_unfounded(struct store *store)
{
    return store_scopes_unfounded(store, note_id, NULL);
}
static enum status list_held(struct store *store)
{
    struct id a = sample_id(SITE), b = sample_id(THIRD);
    return store_scopes_held(store, SCOPE_ESCALATION, &a, &b, note_id, NULL);
}
static enum status list_beside(struct store *store)
{
    struct id a = sample_id(SITE), b = sample_id(THIRD);
    return store_sites_beside(store, SCOPE_ESCALATION, &a, &b, note_id, NULL);
}
static enum status list_heads(struct store *store)
{
    struct id scope = sample_id(RECORD);
    return store_scope_heads(store, &scope, note_id, NULL);
}
static enum status list_holders(struct store *store)
{
    struct id scope = sample_id(RECORD);
    return store_scope_holders(store, &scope, note_id, NULL);
}
static enum status list_items(struct store *store)
{
    struct id scope = sample_id(RECORD);
    return store_scope_items(store, &scope, note_item, NULL);
}
static enum status pair_more(struct store *store)
{
    struct id site = sample_id(THIRD);
    return store_pair_add(store, &site);
}
static enum status pair_drop(struct store *store)
{
    struct id site = sample_id(SITE), scope = sample_id(RECORD);
    return store_pair_drop(store, &site, &scope);
}
static enum status pair_put(struct store *store)
{
    struct id site = sample_id(SITE), scope = sample_id(CASE);
    return store_pair_put(store, &site, &scope);
}
static enum status pair_has(struct store *store)
{
    struct id site = sample_id(SITE), scope = sample_id(RECORD);
    return store_pair_has(store, &site, &scope);
}
static enum status list_pairs(struct store *store)
{
    return store_pairs(store, note_id, NULL);
}
static enum status list_shared(struct store *store)
{
    struct id site = sample_id(SITE);
    return store_pair_scopes(store, &site, note_id, NULL);
}
static enum status list_sharing(struct store *store)
{
    struct id scope = sample_id(RECORD);
    return store_scope_pairs(store, &scope, note_id, NULL);
}
static enum status lattice(struct store *store)
{
    struct id site = sample_id(SITE);
    struct lattice sum;
    uint64_t len;
    return store_pair_lattice(store, &site, &sum, &len);
}
static enum status read_set(struct store *store)
{
    struct id site = sample_id(SITE);
    struct store_set set;
    enum status status = store_set_open(store, &site, &set);
    if (status != STATUS_OK)
        return status;
    struct negentropy_source source = store_set_source(&set);
    struct negentropy_item item;
    struct negentropy_sum sum;
    size_t len = source.len(source.context);
    if (len > 0)
        source.item(source.context, len - 1, &item);
    source.sum(source.context, 0, len, &sum);
    (void)source.lower_bound(source.context, 0, 0, first.op.id.bytes);
    return source.status(source.context);
}
static enum status number_put(struct store *store)
{
    struct id scope = sample_id(CASE);
    return store_number_put(store, &scope, bytes_str("2026-0001"));
}
static enum status number_find(struct store *store)
{
    return store_number_find(store, bytes_str("2026-0001"), note_id, NULL);
}
static enum status number_last(struct store *store)
{
    struct buf last = {0};
    enum status status = store_number_last(store, bytes_str("2026-"), &last);
    buf_deinit(&last);
    return status;
}
static enum status listing_put(struct store *store)
{
    struct bytes alias = bytes_str("张某");
    struct store_listing row = {
        .scope = in_case.op.id, .parties = &alias, .parties_len = 1};
    return store_listing_put(store, &row);
}
static enum status listings(struct store *store)
{
    struct store_filter filter = {.kind = SCOPE_CASE, .limit = 9};
    enum status status = store_listings(store, &filter, note_scope, NULL);
    filter.after = &first.op.id; /* which founds nothing */
    if (status == STATUS_OK)
        status = store_listings(store, &filter, note_scope, NULL);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
static enum status list_waits(struct store *store)
{
    return store_listings_waiting(store, SCOPE_CASE, 1, note_scope, NULL);
}
static enum status listing_of_line(struct store *store)
{
    struct id line = sample_id(0x11), scope;
    enum status status = store_listing_of_line(store, &line, &scope);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
static enum status note_growth(void *context, const struct store_growth *growth)
{
    return STATUS_OK;
}
static enum status list_grown(struct store *store)
{
    uint64_t count;
    enum status status = store_listings_count(store, SCOPE_CASE, &count);
    return status == STATUS_OK
               ? store_listings_grown(store, SCOPE_CASE, 0, 1, 9, 9, note_growth, NULL)
               : status;
}
static enum status peers(struct store *store)
{
    enum status status = store_peer_put(store, peer());
    return status == STATUS_OK ? store_peers(store, note_peer, NULL) : status;
}
static enum status deliver(struct store *store)
{
    struct id site = sample_id(SITE);
    uint64_t wall;
    enum status status = store_delivery_put(store, &first.op.id, &site, 5);
    return status == STATUS_OK ? store_delivery_get(store, &first.op.id, &site, &wall)
                               : status;
}
static enum status set_apart(struct store *store)
{
    struct store_quarantine row = apart(2);
    return store_quarantine_add(store, &row);
}
static enum status has_apart(struct store *store)
{
    struct id op = sample_id(1);
    bool has;
    return store_quarantine_has(store, &op, &has);
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
    struct id site = sample_id(SITE);
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
    struct id site = sample_id(SITE);
    struct store_source row;
    enum status status = store_source_add(store, &site, 1, 2, 3);
    if (status == STATUS_OK)
        status = store_source_limit(store, &site, 4, 5);
    return status == STATUS_OK ? store_source_get(store, &site, &row) : status;
}
static enum status guests(struct store *store)
{
    struct id site = sample_id(SITE), who, op;
    uint64_t count;
    enum status status = store_guest_site(store, &lost.op.id, &who);
    if (status == STATUS_OK)
        status = store_guests_count(store, &site, &count);
    if (status == STATUS_OK)
        status = store_guests_leave(store, &site);
    if (status == STATUS_OK)
        status = store_guest_oldest(store, &site, false, &op);
    return status == STATUS_OK ? store_guests_largest(store, &who, &count) : status;
}
static enum status confirm(struct store *store)
{
    struct id site = sample_id(SITE), machine = sample_id(MACHINE), own = sample_id(OURS);
    struct id scope = sample_id(RECORD);
    uint64_t place;
    enum status status = store_confirmed_put(store, machine.bytes, &site, &own);
    if (status == STATUS_OK)
        status = store_confirmed_put_scope(store, machine.bytes, &site, &scope);
    if (status == STATUS_OK)
        status = store_confirmed_get(store, machine.bytes, &scope, &place);
    return status == STATUS_OK ? store_confirmed_forget(store, machine.bytes) : status;
}
static enum status alarm_all(struct store *store)
{
    struct id site = sample_id(SITE);
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
    buf_deinit(&value);
    return status;
}
static enum status dump(struct store *store)
{
    struct buf text = {0};
    enum status status = store_dump(store, &text);
    buf_deinit(&text);
    return status;
}
static void ignore(void *context, const char *text)
{
}
static enum status check(struct store *store)
{
    return store_check(store, ignore, NULL);
}
static enum status clear_scopes(struct store *store)
{
    return store_scopes_clear(store);
}

static enum status note_paste(void *context, const struct store_paste *paste)
{
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

static enum status (*const requests[])(struct store *) = {
    write_ops,  write_fresh, settle_wait,  promote,      remove_waiting, replace,
    find,       get,         get_at,       walk_scope,   walk_waiting,   walk_all,
    refold,     scope_get,   scope_kind,   list_scopes,  count_scopes,   list_unfounded,
    list_held,  list_beside, list_heads,   list_holders, list_items,     pair_more,
    pair_drop,  pair_put,    pair_has,     list_pairs,   list_shared,    list_sharing,
    lattice,    read_set,    number_put,   number_find,  number_last,    peers,
    deliver,    set_apart,   has_apart,    list_apart,   get_apart,      count_apart,
    drop_apart, source,      guests,       confirm,      alarm_all,      meta,
    dump,       check,       clear_scopes, listing_put,  listings,       listing_of_line,
    list_grown, list_waits,  paste_in,     paste_out,
};

/* One turn with this request, of which a step fails; what came of it. */
static enum status ask(struct store *store, size_t request, uint64_t step, int code)
{
    steps = 0;
    failing_step = step;
    failing_code = code;
    enum status status = store_begin(store);
    if (status == STATUS_OK) {
        status = requests[request](store);
        if (status == STATUS_OK)
            status = store_commit(store);
        else
            store_roll_back(store);
    }
    failing_step = 0;
    return status;
}

static void assert_as_before(struct store *store, const struct buf *before)
{
    struct buf now = {0};
    assert_int_equal(store_dump(store, &now), STATUS_OK);
    assert_int_equal(now.len, before->len);
    assert_memory_equal(now.data, before->data, now.len);
    buf_deinit(&now);
}

static void whatever_fails_is_said_and_changes_nothing(void **state)
{
    make_ops();
    uint64_t failures = 0;
    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        fill(*state);
        struct buf before = {0};
        assert_int_equal(store_dump(*state, &before), STATUS_OK);
        uint64_t step = 1;
        enum status status = ask(*state, i, step, SQLITE_NOMEM);
        while (steps >= step) {
            if (status != STATUS_NO_MEMORY)
                fail_msg("request %zu, step %u: %s", i, (unsigned)step,
                         status_name(status));
            sample_reopen(state, false); /* a fault is kept until then */
            assert_as_before(*state, &before);
            failures++;
            status = ask(*state, i, ++step, SQLITE_NOMEM);
        }
        assert_int_equal(status, STATUS_OK);
        buf_deinit(&before);
        assert_int_equal(sample_tear_down(state), 0);
        assert_int_equal(sample_set_up(state), 0);
    }
    assert_in_range(failures, 200, 2000);
    free_ops();
}

/* Whoever asked may have taken it for "not here"; the turn does not end well all the
 * same. */
static void a_turn_that_reads_past_a_fault_does_not_end_well(void **state)
{
    struct id record;
    struct store_place place;
    make_ops();
    fill(*state);
    record = sample_id(RECORD);
    sample_begin(*state);
    steps = 0;
    failing_step = 1;
    failing_code = SQLITE_NOMEM;
    assert_int_equal(store_op_find(*state, &record, &place), STATUS_NO_MEMORY);
    failing_step = 0;

    assert_int_equal(store_commit(*state), STATUS_NO_MEMORY);

    free_ops();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(whatever_fails_is_said_and_changes_nothing),
        TEST(a_turn_that_reads_past_a_fault_does_not_end_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
