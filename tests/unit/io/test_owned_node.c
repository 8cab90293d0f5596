/* What the owner of a node's directory sees to before the store is opened. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "node/io/owned_node.h"
#include "storage/statement.h"

/* The folder of the one temporary file of SQLite that this process has open. */
static bool find_temporary(char *folder, size_t size)
{
    for (int fd = 0; fd < 64; fd++) {
        char link[32];
        (void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
        ssize_t len = readlink(link, folder, size - 1);
        folder[len > 0 ? len : 0] = '\0';
        char *name = strstr(folder, "/etilqs_");
        if (name == NULL)
            continue;
        *name = '\0';
        return true;
    }
    return false;
}

/* They hold what the database holds, and another disk may be anybody's. */
static void temporary_files_lie_in_the_folder_of_the_database(void **state)
{
    (void)state;
    char directory[] = "/tmp/fengqiao-owned-XXXXXX", file[64], folder[256];
    struct store *store;
    struct err err = {0};
    assert_non_null(mkdtemp(directory));
    assert_int_equal(owned_node_store(&store, directory, true, &err), STATUS_OK);

    assert_int_equal(
        sqlite3_exec(store->db,
                     "PRAGMA temp_store = FILE; CREATE TEMP TABLE t (a); BEGIN;"
                     "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                     "WHERE i < 4000) INSERT INTO t SELECT randomblob(4000) FROM n;",
                     NULL, NULL, NULL),
        SQLITE_OK);
    assert_true(find_temporary(folder, sizeof(folder)));
    assert_string_equal(folder, directory);

    assert_int_equal(sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    store_close(store);
    static const char *const names[] = {STORE_NAME, STORE_NAME "-wal",
                                        STORE_NAME "-mark"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        (void)snprintf(file, sizeof(file), "%s/%s", directory, names[i]);
        (void)unlink(file); /* those that are there */
    }
    assert_int_equal(rmdir(directory), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(temporary_files_lie_in_the_folder_of_the_database),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
