/* A store whose rows say what they should not: told as damage, wherever it is read. */
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "proto/limits.h"
#include "storage/statement.h"
#include "storage/store_backup.h"
#include "storage/store_confirmed.h"
#include "storage/store_scrub.h"
#include "storage/store_sources.h"
#include "tests/unit/storage/fail_sqlite.h"
#include "tests/unit/storage/full_store.h"

static int make_all(void **state)
{
    (void)state;
    full_make_ops();
    return 0;
}

static int free_all(void **state)
{
    (void)state;
    full_free_ops();
    buf_deinit(&full_heard);
    return 0;
}

static int set_up(void **state)
{
    if (sample_set_up(state) != 0)
        return -1;
    full_fill(*state);
    store_close(*state);
    crash_vfs_keep(sample_disk());
    *state = sample_open(false);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, sample_tear_down)

/* Past the rules of the schema, as rot would be. */
static void harm(struct store *store, const char *sql)
{
    assert_int_equal(sqlite3_exec(store->db,
                                  "PRAGMA ignore_check_constraints = 1;"
                                  "PRAGMA foreign_keys = 0",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(store->db));
    assert_int_equal(sqlite3_exec(store->db,
                                  "PRAGMA ignore_check_constraints = 0;"
                                  "PRAGMA foreign_keys = 1",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
}

static void begin_anew(void **state)
{
    store_close(*state);
    crash_vfs_set_back(sample_disk());
    *state = sample_open(false);
}

static const struct full_request *request_of(const char *name)
{
    for (size_t i = 0; i < full_derived_len; i++)
        if (strcmp(full_derived[i].name, name) == 0)
            return &full_derived[i];
    for (size_t i = 0; i < full_own_len; i++)
        if (strcmp(full_own[i].name, name) == 0)
            return &full_own[i];
    fail_msg("no request is called %s", name);
    return NULL;
}

static void what_a_damaged_row_says_is_not_believed(void **state)
{
    static const struct {
        const char *sql, *request;
    } rows[] = {
        {"UPDATE ops SET tree = 7 WHERE tree = 2", "walk_all"},
        {"UPDATE ops SET tree = 9 WHERE seq = 1", "walk_all"},
        {"UPDATE ops SET tree = -1 WHERE seq = 2", "get"},
        {"UPDATE pairs SET lattice = x'00'", "lattice"},
        {"UPDATE alarms SET node = x'00'", "alarm_all"},
        {"UPDATE alarms SET kind = 0", "alarm_all"},
        {"UPDATE alarms SET kind = 9", "alarm_all"},
        {"UPDATE peers SET node_key = x'00'", "peers_listed"},
        {"UPDATE nodes SET bytes = x''", "read_set"},
        {"UPDATE nodes SET bytes = zeroblob(5000)", "read_set"},
        {"DELETE FROM nodes", "read_set"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct store *store = *state;
        harm(store, rows[i].sql);
        sample_begin(store);
        enum status status = request_of(rows[i].request)->ask(store);
        if (status != STATUS_CORRUPT)
            fail_msg("%s: %s", rows[i].sql, status_name(status));
        store_roll_back(store);
        begin_anew(state);
    }
}

static enum status no_op(void *context, const struct store_op *op)
{
    (void)op;
    ++*(uint32_t *)context;
    return STATUS_OK;
}

static void a_backup_takes_no_row_that_is_damaged(void **state)
{
    struct store *store = *state;
    struct id digest;
    uint32_t given = 0;
    harm(store, "UPDATE ops SET id = x'00' WHERE tree = 2 AND position = 0");
    sample_begin(store);
    assert_int_equal(store_backup_ops(store, TREE_SHARED, 0, no_op, &given),
                     STATUS_CORRUPT);
    assert_int_equal(given, 0);
    assert_int_equal(store_backup_digest(store, TREE_SHARED, 1, &digest), STATUS_CORRUPT);
    store_roll_back(store);
}

/* SQLite finds the schema's own rules broken; each of these has words of ours as well. */
static void the_check_names_what_is_damaged(void **state)
{
    static const struct {
        const char *sql, *words;
    } rows[] = {
        {"UPDATE ops SET tree = 7, position = 7 WHERE seq = 2", "cannot be read"},
        {"UPDATE ops SET bytes = x'00' WHERE seq = 2", "no op"},
        {"UPDATE ops SET bytes = (SELECT bytes FROM ops WHERE seq = 3) WHERE seq = 2",
         "do not give its id"},
        {"UPDATE ops SET scope = 1 WHERE seq = 2", "in the wrong scope"},
        {"UPDATE ops SET time = 77 WHERE seq = 2", "at the wrong time"},
        {"UPDATE ops SET wall = 77 WHERE seq = 2", "at the wrong time"},
        {"UPDATE ops SET position = position + 9 WHERE seq = 2", "gaps"},
        {"UPDATE ops SET scope = 99 WHERE seq = 2", "not there"},
        {"INSERT INTO waits (op, missing) SELECT id, id FROM ops WHERE seq = 2",
         "still waits"},
        {"UPDATE pairs SET lattice = x'00'", "the digest of what is shared"},
        {"INSERT INTO shared (scope, pair) SELECT s.number, p.number FROM scopes s, "
         "pairs p "
         "WHERE s.kind = 2",
         "a case stands among what is shared"},
        {"UPDATE chunks SET bytes = x'00' WHERE number = 1", "piece of an attachment"},
        {"DELETE FROM nodes", "`fengqiaod rebuild`"},
        {"INSERT INTO nodes (bytes) VALUES (x'00')", "nodes stand in no set"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct store *store = *state;
        struct buf findings = {0};
        harm(store, rows[i].sql);
        assert_int_equal(store_check(store, sample_report, &findings), STATUS_CORRUPT);
        buf_add_u8(&findings, '\0');
        if (strstr((const char *)findings.data, rows[i].words) == NULL)
            fail_msg("%s: %s", rows[i].sql, (const char *)findings.data);
        buf_deinit(&findings);
        begin_anew(state);
    }
}

/* In the other order than the one of the ledger. */
static void ops_that_came_later_may_stand_before(void **state)
{
    struct store *store = *state;
    struct buf findings = {0};
    harm(store, "UPDATE ops SET position = 9 WHERE seq = 1;"
                "UPDATE ops SET position = 0 WHERE seq = 2;"
                "UPDATE ops SET position = 1 WHERE seq = 1");
    assert_int_equal(store_check(store, sample_report, &findings), STATUS_OK);
    buf_deinit(&findings);
}

static void what_stands_of_the_last_commit_is_read_at_open(void **state)
{
    static const struct {
        const char *sql;
        enum status status;
    } rows[] = {
        {"UPDATE meta SET value = x'00' WHERE name = 'commit'", STATUS_CORRUPT},
        {"INSERT INTO meta (name, value) VALUES ('loss', x'00')", STATUS_CORRUPT},
        {"INSERT INTO meta (name, value) VALUES ('loss', "
         "CAST(x'0000000000000063' || zeroblob(48) AS BLOB))",
         STATUS_CORRUPT},
        /* A store of before the mark. */
        {"DELETE FROM meta WHERE name = 'commit'", STATUS_OK},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct store *store;
        struct err err = {0};
        harm(*state, rows[i].sql);
        store_close(*state);
        *state = NULL;
        enum status status = store_open(&store, SAMPLE_FILE, SAMPLE_VFS, false, &err);
        if (status != rows[i].status)
            fail_msg("%s: %s, \"%s\"", rows[i].sql, status_name(status), err.text);
        if (status == STATUS_OK)
            store_close(store);
        else
            assert_non_null(strstr(err.text, "is damaged"));
        crash_vfs_set_back(sample_disk());
        *state = sample_open(false);
    }
}

/* Each of the three counts is compared. */
static void a_commit_that_speaks_of_other_ops_is_another_history(void **state)
{
    for (int tree = TREE_WAITING; tree <= TREE_SHARED; tree++) {
        static const char *const sql[] = {
            "DELETE FROM ops WHERE seq = (SELECT max(seq) FROM ops WHERE tree = 0)",
            "DELETE FROM ops WHERE seq = (SELECT max(seq) FROM ops WHERE tree = 1)",
            "DELETE FROM ops WHERE seq = (SELECT max(seq) FROM ops WHERE tree = 2)"};
        harm(*state, sql[tree]);
        store_close(*state);
        *state = sample_open(false);
        assert_int_equal(store_loss(*state)->kind, LOSS_HISTORY);
        begin_anew(state);
    }
}

static void a_position_that_is_taken_is_damage(void **state)
{
    struct store *store = *state;
    sample_begin(store);
    store->positions[TREE_SHARED]--;
    assert_int_equal(store_op_add(store, &full.later.op, buf_bytes(&full.later.bytes),
                                  SCOPE_ESCALATION, TREE_SHARED),
                     STATUS_CORRUPT);
    store_roll_back(store);
    sample_begin(store);
    store->positions[TREE_SHARED]--;
    assert_int_equal(
        store_op_promote(store, &full.waiting.op.id, SCOPE_ESCALATION, TREE_SHARED),
        STATUS_CORRUPT);
    store_roll_back(store);
}

static void what_stands_in_the_graph_is_not_promoted(void **state)
{
    struct store *store = *state;
    sample_begin(store);
    assert_int_equal(
        store_op_promote(store, &full.first.op.id, SCOPE_ESCALATION, TREE_SHARED),
        STATUS_EXISTS);
    store_roll_back(store);
}

static void an_item_that_comes_twice_into_a_set_is_damage(void **state)
{
    struct store *store = *state;
    struct id site = sample_id(FULL_SITE), id = sample_id(9);
    struct store_set set;
    for (int is_gone = 0; is_gone <= 1; is_gone++) {
        sample_begin(store);
        assert_int_equal(store_set_open(store, &site, &set), STATUS_OK);
        if (is_gone == 0)
            assert_int_equal(store_set_note(store, set.root, 5, &id, false), STATUS_OK);
        assert_int_equal(store_set_note(store, set.root, 5, &id, is_gone), STATUS_OK);
        assert_int_equal(store_commit(store), STATUS_CORRUPT);
    }
}

/* More than are kept: they are brought into the tree in between. */
static void as_many_items_as_one_likes_may_come_in_one_turn(void **state)
{
    struct store *store = *state;
    struct id site = sample_id(FULL_SITE), id = sample_id(9);
    struct store_set set;
    struct negentropy_source source;
    sample_begin(store);
    assert_int_equal(store_set_open(store, &site, &set), STATUS_OK);
    source = store_set_source(&set);
    size_t before = source.len(&set);
    for (uint32_t i = 0; i < 9000; i++) {
        id.bytes[0] = (uint8_t)(i >> 8);
        id.bytes[1] = (uint8_t)i;
        assert_int_equal(store_set_note(store, set.root, 5, &id, false), STATUS_OK);
    }
    assert_int_equal(source.len(&set), before + 9000);
    assert_int_equal(source.status(&set), STATUS_OK);
    store_roll_back(store);
}

/* Whichever of its questions meets a fault, the set has it from then on. */
static void a_set_that_cannot_be_read_says_so_to_the_end(void **state)
{
    for (int question = 0; question < 5; question++) {
        struct store *store = *state;
        struct id site = sample_id(FULL_SITE), id = sample_id(9);
        struct store_set set;
        struct negentropy_item item;
        struct negentropy_sum sum;
        sample_begin(store);
        assert_int_equal(store_set_open(store, &site, &set), STATUS_OK);
        struct negentropy_source source = store_set_source(&set);
        if (question == 4)
            assert_int_equal(store_set_note(store, set.root, 5, &id, false), STATUS_OK);
        tree_forget(store->tree);
        fail_sqlite_after(FAIL_STEP, 0, SQLITE_NOMEM, true);
        for (int i = 0; i < 4; i++)
            switch ((question + i) % 4) {
            case 0:
                assert_int_equal(source.len(&set), 0);
                break;
            case 1:
                assert_int_equal(source.lower_bound(&set, 0, 0, id.bytes), 0);
                assert_int_equal(source.lower_bound(&set, 2, UINT64_MAX, id.bytes), 2);
                break;
            case 2:
                source.item(&set, 0, &item);
                assert_int_equal(item.timestamp, 0);
                break;
            default:
                source.sum(&set, 0, 2, &sum);
                break;
            }
        assert_true(fail_sqlite_stop());
        assert_int_equal(source.status(&set), STATUS_NO_MEMORY);
        store_roll_back(store);
        *state = sample_reopen(state, false);
    }
}

/* The second bound of a range, and a place that is none. */
static void a_set_has_no_items_beyond_its_end(void **state)
{
    struct store *store = *state;
    struct id site = sample_id(FULL_SITE);
    struct store_set set;
    struct negentropy_item item;
    struct negentropy_sum sum;
    assert_int_equal(store_set_open(store, &site, &set), STATUS_OK);
    struct negentropy_source source = store_set_source(&set);
    size_t len = source.len(&set);
    source.item(&set, len, &item);
    assert_int_equal(source.status(&set), STATUS_CORRUPT);

    assert_int_equal(store_set_open(store, &site, &set), STATUS_OK);
    source.sum(&set, 0, len + 1, &sum);
    assert_int_equal(source.status(&set), STATUS_CORRUPT);
}

static enum status stop(void *context, const struct store_peer *peer)
{
    (void)context;
    (void)peer;
    return STATUS_DENIED;
}

static void who_is_told_of_peers_may_stop(void **state)
{
    assert_int_equal(store_peers(*state, stop, NULL), STATUS_DENIED);
}

static void the_highest_number_of_no_prefix_is_not_sought(void **state)
{
    struct buf last = {0};
    assert_int_equal(store_number_last(*state, bytes_str(""), &last), STATUS_INVALID);
    buf_deinit(&last);
}

static void nobody_leaves_where_nothing_waits(void **state)
{
    struct store *store = *state;
    struct id site = sample_id(FULL_SITE);
    sample_begin(store);
    assert_int_equal(store_op_remove_waiting(store, &full.lost.op.id), STATUS_OK);
    assert_int_equal(store_op_remove_waiting(store, &full.waiting.op.id), STATUS_OK);
    assert_int_equal(store_guests_leave(store, &site), STATUS_OK);
    sample_commit(store);
    store_roll_back(store); /* of nothing */
}

/* ---- what SQLite answers ---- */

/* A constraint and a lock are no faults: the store goes on. */
static void each_answer_of_SQLite_has_its_meaning(void **state)
{
    static const struct {
        int code;
        enum status status;
    } rows[] = {
        {SQLITE_CONSTRAINT_UNIQUE, STATUS_EXISTS},
        {SQLITE_CONSTRAINT_PRIMARYKEY, STATUS_EXISTS},
        {SQLITE_CONSTRAINT_CHECK, STATUS_INVALID},
        {SQLITE_CONSTRAINT_FOREIGNKEY, STATUS_INVALID},
        {SQLITE_BUSY, STATUS_BUSY},
        {SQLITE_LOCKED, STATUS_BUSY},
    };
    struct store *store = *state;
    sample_begin(store);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fail_sqlite_after(FAIL_STEP, 0, rows[i].code, false);
        assert_int_equal(store_meta_put(store, "name", bytes_str("value")),
                         rows[i].status);
        assert_true(fail_sqlite_stop());
    }
    assert_int_equal(store_meta_put(store, "name", bytes_str("value")), STATUS_OK);
    sample_commit(store);
}

/* A check whose finding cannot be told is one without memory. */
static void a_finding_without_words_is_no_memory(void **state)
{
    struct buf findings = {0};
    fail_sqlite_after(FAIL_TEXT, 0, SQLITE_OK, false);
    assert_int_equal(store_check(*state, sample_report, &findings), STATUS_NO_MEMORY);
    assert_true(fail_sqlite_stop());
    buf_deinit(&findings);
}

static void a_set_without_room_for_what_comes_says_so(void **state)
{
    struct store *store = *state;
    struct id site = sample_id(FULL_SITE), id = sample_id(9);
    struct store_set set;
    sample_begin(store);
    assert_int_equal(store_set_open(store, &site, &set), STATUS_OK);
    fail_sqlite_after(FAIL_MEMORY, 0, 0, false);
    assert_int_equal(store_set_note(store, set.root, 5, &id, false), STATUS_NO_MEMORY);
    assert_true(fail_sqlite_stop());
    store_roll_back(store);
}

/* ---- what was set apart has bounds ---- */

static void fill_apart(struct store *store, bool is_of_all)
{
    harm(store, is_of_all
                    ? "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                      "WHERE i < 4200) INSERT INTO quarantine (digest, op, site, wall, "
                      "reason, bytes) SELECT randomblob(32), zeroblob(32), "
                      "CAST(printf('%032d', i % 9) AS BLOB), 0, '', x'' FROM n"
                    : "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                      "WHERE i < 520) INSERT INTO quarantine (digest, op, site, wall, "
                      "reason, bytes) SELECT randomblob(32), zeroblob(32), "
                      "(SELECT site FROM pairs), 0, '', x'' FROM n");
}

static void trimming_that_fails_is_said(void **state)
{
    static const struct {
        enum fail_what what;
        enum status status;
    } faults[] = {{FAIL_STEP, STATUS_NO_MEMORY}, {FAIL_VALUE, STATUS_CORRUPT}};
    struct store_quarantine row = full_apart(7);
    for (size_t i = 0; i < 4; i++)
        for (uint64_t calls = 0;; calls++) {
            struct store *store = *state;
            fill_apart(store, i < 2);
            sample_begin(store);
            fail_sqlite_after(faults[i % 2].what, calls, SQLITE_NOMEM, false);
            enum status status = store_quarantine_add(store, &row);
            bool has_failed = fail_sqlite_stop();
            store_roll_back(store);
            assert_int_equal(status, has_failed ? faults[i % 2].status : STATUS_OK);
            begin_anew(state);
            if (!has_failed)
                break;
        }
}

/* ---- what is erased ---- */

static enum status erase(struct store *store)
{
    sample_begin(store);
    assert_int_equal(
        store_op_replace(store, &full.first.op.id, buf_bytes(&full.first.erased)),
        STATUS_OK);
    return store_commit(store);
}

/* What SQLite says at a step of writing the file anew, once a commit stands: no room is
 * no fault, and a check without an answer is one. */
static void no_room_for_a_second_copy_is_no_fault(void **state)
{
    for (int i = 0; i < 2; i++) {
        bool has_waited = false;
        for (uint64_t calls = 0; !has_waited; calls++) {
            struct store *store = *state;
            sample_begin(store);
            assert_int_equal(
                store_op_replace(store, &full.first.op.id, buf_bytes(&full.first.erased)),
                STATUS_OK);
            fail_sqlite_after(FAIL_STEP, calls, i == 0 ? SQLITE_CANTOPEN : SQLITE_FULL,
                              false);
            enum status status = store_commit(store);
            assert_true(fail_sqlite_stop());
            has_waited = status == STATUS_OK;
            assert_int_equal(store_scrub_waits(store), has_waited);
            begin_anew(state);
        }
    }
}

static void a_check_without_an_answer_is_damage(void **state)
{
    uint32_t told = 0;
    for (uint64_t calls = 0; calls < 20; calls++) {
        struct store *store = *state;
        sample_begin(store);
        assert_int_equal(
            store_op_replace(store, &full.first.op.id, buf_bytes(&full.first.erased)),
            STATUS_OK);
        fail_sqlite_after(FAIL_STEP, calls, SQLITE_DONE, false);
        told += store_commit(store) == STATUS_CORRUPT;
        if (!fail_sqlite_stop())
            calls = 20;
        begin_anew(state);
    }
    assert_true(told > 0);
}

static enum status erase_within(void *context, const struct store_op *op)
{
    (void)op;
    return erase(context);
}

/* A walk reads what would be written anew; it is done after the next commit. */
static void what_is_erased_in_a_walk_is_written_anew_after_it(void **state)
{
    struct store *store = *state;
    assert_int_equal(store_op_get(store, &full.second.op.id, erase_within, store),
                     STATUS_OK);
    assert_true(store->must_rewrite);
    sample_begin(store);
    sample_commit(store);
    assert_false(store->must_rewrite);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_a_damaged_row_says_is_not_believed),
        TEST(a_backup_takes_no_row_that_is_damaged),
        TEST(the_check_names_what_is_damaged),
        TEST(ops_that_came_later_may_stand_before),
        TEST(what_stands_of_the_last_commit_is_read_at_open),
        TEST(a_commit_that_speaks_of_other_ops_is_another_history),
        TEST(a_position_that_is_taken_is_damage),
        TEST(what_stands_in_the_graph_is_not_promoted),
        TEST(an_item_that_comes_twice_into_a_set_is_damage),
        TEST(as_many_items_as_one_likes_may_come_in_one_turn),
        TEST(a_set_that_cannot_be_read_says_so_to_the_end),
        TEST(a_set_has_no_items_beyond_its_end),
        TEST(who_is_told_of_peers_may_stop),
        TEST(the_highest_number_of_no_prefix_is_not_sought),
        TEST(nobody_leaves_where_nothing_waits),
        TEST(each_answer_of_SQLite_has_its_meaning),
        TEST(a_finding_without_words_is_no_memory),
        TEST(a_set_without_room_for_what_comes_says_so),
        TEST(trimming_that_fails_is_said),
        TEST(no_room_for_a_second_copy_is_no_fault),
        TEST(a_check_without_an_answer_is_damage),
        TEST(what_is_erased_in_a_walk_is_written_anew_after_it),
    };
    fail_sqlite_init();
    return cmocka_run_group_tests(tests, make_all, free_all);
}
