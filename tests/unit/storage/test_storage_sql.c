/* The statements themselves: each prepares, none walks a whole table without a reason. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "statement_list.h"
#include "setting_list.h"
#include "tests/unit/storage/store_sample.h"

static const struct {
    const char *name, *text, *scan;
} statements[] = {
#define ROW(name, text, scan) {#name, text, scan},
    STATEMENT_LIST(ROW)
#undef ROW
};
#define STATEMENTS_LEN (sizeof(statements) / sizeof(statements[0]))

static char file[] = "/tmp/fengqiao-sql-XXXXXX";
static sqlite3 *db;

/* A file that the store has made, opened without the store. */
static int set_up(void **state)
{
    (void)state;
    struct store *store;
    int fd = mkstemp(file);
    if (fd < 0 || close(fd) != 0 ||
        store_open(&store, file, NULL, true, NULL) != STATUS_OK)
        return -1;
    store_close(store);
    return sqlite3_open(file, &db);
}

static int tear_down(void **state)
{
    (void)state;
    (void)sqlite3_close(db);
    char mark[64];
    (void)snprintf(mark, sizeof(mark), "%s-mark", file);
    return unlink(mark) | unlink(file);
}

static void every_statement_prepares_and_is_one_statement(void **state)
{
    (void)state;
    assert_true(STATEMENTS_LEN > 40);
    for (size_t i = 0; i < STATEMENTS_LEN; i++) {
        sqlite3_stmt *stmt = NULL;
        const char *rest = NULL;
        if (sqlite3_prepare_v2(db, statements[i].text, -1, &stmt, &rest) != SQLITE_OK)
            fail_msg("%s: %s", statements[i].name, sqlite3_errmsg(db));
        if (stmt == NULL || rest[0] != '\0')
            fail_msg("%s is not one statement", statements[i].name);
        assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
    }
}

/* The first line of the plan that walks a whole table, into line. */
static bool plan_has_scan(const char *text, char *line, size_t size)
{
    char explain[4096];
    sqlite3_stmt *stmt;
    bool has = false;
    (void)snprintf(explain, sizeof(explain), "EXPLAIN QUERY PLAN %s", text);
    assert_int_equal(sqlite3_prepare_v2(db, explain, -1, &stmt, NULL), SQLITE_OK);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        const char *detail = (const char *)sqlite3_column_text(stmt, 3);
        if (has || strstr(detail, "SCAN") == NULL ||
            strstr(detail, "SCAN CONSTANT ROW") != NULL)
            continue;
        has = true;
        (void)snprintf(line, size, "%s", detail);
    }
    (void)sqlite3_finalize(stmt); /* has been stepped to its end */
    return has;
}

static void no_statement_walks_a_whole_table_without_a_reason(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < STATEMENTS_LEN; i++) {
        char line[256];
        bool has = plan_has_scan(statements[i].text, line, sizeof(line));
        if (has && statements[i].scan == NULL) {
            print_error("%s: %s\n", statements[i].name, line);
            failures++;
        }
        if (!has && statements[i].scan != NULL) {
            print_error("%s: its reason for a SCAN is not needed\n", statements[i].name);
            failures++;
        }
    }
    assert_int_equal(failures, 0);
}

static void every_table_is_strict(void **state)
{
    (void)state;
    sqlite3_stmt *stmt;
    int tables = 0;
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT name, strict FROM pragma_table_list "
                                        "WHERE name NOT LIKE 'sqlite%'",
                                        -1, &stmt, NULL),
                     SQLITE_OK);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        if (sqlite3_column_int(stmt, 1) != 1)
            fail_msg("table %s is not STRICT",
                     (const char *)sqlite3_column_text(stmt, 0));
        tables++;
    }
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
    assert_int_equal(tables, 43);
}

static void ids_of_another_length_are_refused_by_the_schema(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "INSERT INTO scopes (id) VALUES (zeroblob(31))",
        "INSERT INTO waits (op, missing) VALUES (zeroblob(33), zeroblob(32))",
        "INSERT INTO deliveries (op, site, wall) VALUES (zeroblob(32), x'00', 1)",
        ("INSERT INTO peers (site, node_key, address, paired_at, heard_at, agreed_at, "
         "is_parent) VALUES (zeroblob(32), x'', '', 0, 0, 0, 0)"),
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(sqlite3_exec(db, rows[i], NULL, NULL, NULL), SQLITE_CONSTRAINT);
}

static void the_file_stays_in_wal_mode(void **state)
{
    (void)state;
    sqlite3_stmt *stmt;
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA journal_mode", -1, &stmt, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(stmt, 0), "wal");
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
}

static void the_exclusive_lock_comes_before_wal(void **state)
{
    (void)state;
    static const char *const names[] = {
#define NAME(name, text, expected) #name,
        SETTING_LIST(NAME)
#undef NAME
    };
    int locking = -1, journal = -1, checkpoint = -1;
    for (int i = 0; i < (int)(sizeof(names) / sizeof(names[0])); i++) {
        if (strcmp(names[i], "locking") == 0)
            locking = i;
        if (strcmp(names[i], "journal_mode") == 0)
            journal = i;
        if (strcmp(names[i], "wal_checkpoint") == 0)
            checkpoint = i;
    }
    assert_true(locking >= 0 && locking < journal && journal < checkpoint);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_statement_prepares_and_is_one_statement),
        cmocka_unit_test(no_statement_walks_a_whole_table_without_a_reason),
        cmocka_unit_test(every_table_is_strict),
        cmocka_unit_test(ids_of_another_length_are_refused_by_the_schema),
        cmocka_unit_test(the_file_stays_in_wal_mode),
        cmocka_unit_test(the_exclusive_lock_comes_before_wal),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
