/* Every schema that was released becomes the newest one, and keeps what it held. A
 * database of each version is made from the migrations up to it, filled as version 1
 * would. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "schema_text.h"
#include "tests/unit/storage/store_sample.h"

#define VERSIONS_LEN ((int)(sizeof(migrations) / sizeof(migrations[0])))

static char folder[64], file[128], other[128];

static void remove_files(const char *name)
{
    static const char *const suffixes[] = {"", "-wal", "-mark"};
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        char path[192];
        (void)snprintf(path, sizeof(path), "%s%s", name, suffixes[i]);
        (void)unlink(path); /* those that are there */
    }
}

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof(folder), "/tmp/fengqiao-migrate-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    (void)snprintf(file, sizeof(file), "%s/old.db", folder);
    (void)snprintf(other, sizeof(other), "%s/new.db", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    remove_files(file);
    remove_files(other);
    return rmdir(folder);
}

static void run(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(db));
}

/* A row in each table of version 1. */
static void fill(sqlite3 *db, const struct sample_op *sample)
{
    run(db, "INSERT INTO meta (name, value) VALUES ('site', zeroblob(32));"
            "INSERT INTO scopes (number, id, kind) VALUES (7, zeroblob(32), 2);"
            "INSERT INTO waits (op, missing) VALUES (zeroblob(32), zeroblob(32));"
            "INSERT INTO peers (site, node_key, address, paired_at, heard_at, agreed_at, "
            "is_parent) VALUES (zeroblob(32), zeroblob(32), 'a:1', 1, 2, 3, 1);"
            "INSERT INTO deliveries (op, site, wall) "
            "VALUES (zeroblob(32), zeroblob(32), 5);"
            "INSERT INTO quarantine (digest, op, site, wall, reason, bytes) "
            "VALUES (zeroblob(32), zeroblob(32), zeroblob(32), 6, 'why', x'c1')");
    sqlite3_stmt *stmt;
    const char *insert = "INSERT INTO ops (id, scope, time, wall, tree, position, bytes) "
                         "VALUES (?1, 7, ?2, ?3, 1, 0, ?4)";
    run(db, "UPDATE scopes SET id = x'"
            "0101010101010101010101010101010101010101010101010101010101010101'");
    assert_int_equal(sqlite3_prepare_v2(db, insert, -1, &stmt, NULL), SQLITE_OK);
    (void)sqlite3_bind_blob(stmt, 1, sample->op.id.bytes, ID_SIZE, SQLITE_STATIC);
    (void)sqlite3_bind_int64(stmt, 2, (int64_t)sample->op.time);
    (void)sqlite3_bind_int64(stmt, 3, (int64_t)sample->op.wall);
    (void)sqlite3_bind_blob(stmt, 4, sample->bytes.data, (int)sample->bytes.len,
                            SQLITE_STATIC);
    assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
}

static void make_version(int version, const struct sample_op *sample)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    for (int i = 0; i < version; i++) {
        run(db, "BEGIN");
        run(db, migrations[i]);
        run(db, "COMMIT");
        if (i == 0)
            fill(db, sample);
    }
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* All that a schema says, in one text. */
static void schema_of(const char *name, struct buf *out)
{
    sqlite3 *db;
    sqlite3_stmt *stmt;
    assert_int_equal(sqlite3_open(name, &db), SQLITE_OK);
    const char *select =
        "SELECT type || ' ' || name || ' ' || tbl_name FROM sqlite_schema "
        "UNION ALL SELECT m.name || '.' || c.name || ' ' || c.type || ' ' "
        "|| c.\"notnull\" || ' ' || c.pk FROM sqlite_schema AS m, "
        "pragma_table_info(m.name) AS c "
        "UNION ALL SELECT 'version ' || user_version "
        "FROM pragma_user_version ORDER BY 1";
    assert_int_equal(sqlite3_prepare_v2(db, select, -1, &stmt, NULL), SQLITE_OK);
    while (sqlite3_step(stmt) == SQLITE_ROW)
        sample_report(out, (const char *)sqlite3_column_text(stmt, 0));
    buf_add_u8(out, '\0');
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static enum status same(void *context, const struct store_op *op)
{
    const struct sample_op *sample = context;
    assert_true(bytes_equal(op->bytes, buf_bytes(&sample->bytes)));
    assert_int_equal(op->tree, TREE_PRIVATE);
    return STATUS_OK;
}

static enum status count_peer(void *context, const struct store_peer *peer)
{
    ++*(uint64_t *)context;
    assert_true(bytes_equal_str(peer->address, "a:1"));
    assert_true(peer->is_parent);
    return STATUS_OK;
}

static enum status count_row(void *context, const struct store_quarantine *row)
{
    ++*(uint64_t *)context;
    assert_true(bytes_equal_str(row->reason, "why"));
    return STATUS_OK;
}

static void assert_kept(struct store *store, struct sample_op *sample)
{
    struct buf value = {0};
    struct id zero = {{0}};
    uint64_t wall = 0, peers = 0, rows = 0;
    assert_int_equal(store_op_get(store, &sample->op.id, same, sample), STATUS_OK);
    assert_int_equal(store_meta_get(store, "site", &value), STATUS_OK);
    assert_int_equal(value.len, ID_SIZE);
    assert_int_equal(store_delivery_get(store, &zero, &zero, &wall), STATUS_OK);
    assert_int_equal(wall, 5);
    assert_int_equal(store_peers(store, count_peer, &peers), STATUS_OK);
    assert_int_equal(peers, 1);
    assert_int_equal(store_quarantine_list(store, count_row, &rows), STATUS_OK);
    assert_int_equal(rows, 1);
    buf_deinit(&value);
}

static void every_released_schema_becomes_the_newest_and_keeps_its_rows(void **state)
{
    (void)state;
    struct id scope = sample_id(1);
    struct sample_op sample;
    struct store *store;
    struct buf wanted = {0};
    sample_op(&sample, &scope, 3, "of an older version");
    assert_int_equal(store_open(&store, other, NULL, true, NULL), STATUS_OK);
    store_close(store);
    schema_of(other, &wanted);
    assert_true(VERSIONS_LEN >= 1);

    for (int version = 1; version <= VERSIONS_LEN; version++) {
        struct err err = {0};
        struct buf got = {0}, findings = {0};
        remove_files(file);
        make_version(version, &sample);

        enum status status = store_open(&store, file, NULL, false, &err);
        assert_string_equal(err.text, "");
        assert_int_equal(status, STATUS_OK);
        assert_int_equal(store_loss(store)->kind, LOSS_NONE);
        assert_kept(store, &sample);
        assert_int_equal(store_check(store, sample_report, &findings), STATUS_OK);
        store_close(store);

        schema_of(file, &got);
        assert_string_equal((const char *)got.data, (const char *)wanted.data);
        buf_deinit(&got);
        buf_deinit(&findings);
    }
    buf_deinit(&wanted);
    sample_op_deinit(&sample);
}

/* A version that stops in the middle of a migration is the one before it. */
static void a_migration_is_one_transaction(void **state)
{
    (void)state;
    for (int i = 0; i < VERSIONS_LEN; i++) {
        assert_null(strstr(migrations[i], "COMMIT"));
        assert_non_null(strstr(migrations[i], "user_version"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            every_released_schema_becomes_the_newest_and_keeps_its_rows, set_up,
            tear_down),
        cmocka_unit_test(a_migration_is_one_transaction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
