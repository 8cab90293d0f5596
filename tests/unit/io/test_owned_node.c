/* What the owner of a node's directory sees to before the store is opened. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <sysexits.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "node/io/node_key.h"
#include "node/io/owned_node.h"
#include "storage/statement.h"
#include "tests/support/fail_call.h"
#include "tests/support/fail_memory.h"
#include "tests/unit/io/modes_house.h"

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

/* ---- keys ---- */

static bool is_renewed; /* the store has committed other keys than the file has */

void __real_core_machine_keys(const struct core *core, uint8_t seed[static 32],
                              uint8_t noise_secret[static 32]);
void __wrap_core_machine_keys(const struct core *core, uint8_t seed[static 32],
                              uint8_t noise_secret[static 32]);
void __wrap_core_machine_keys(const struct core *core, uint8_t seed[static 32],
                              uint8_t noise_secret[static 32])
{
    __real_core_machine_keys(core, seed, noise_secret);
    noise_secret[0] ^= is_renewed;
}

static void read_key(struct node_key *key)
{
    int fd = owned_node_dir(house.dir, NULL);
    assert_true(fd >= 0);
    assert_int_equal(node_key_read(key, fd, NULL), STATUS_OK);
    (void)close(fd);
}

/* The power went between the commit and the file. */
static void D4_keys_that_the_store_has_committed_come_into_the_file(void **state)
{
    struct node_key before, after;
    struct owned_node node;
    struct err err = {0};
    (void)state;
    make_node();
    read_key(&before);
    is_renewed = true;
    fail_call_after("renameat", 0, EIO);
    assert_int_equal(owned_node_open(&node, house.dir, false, &err), EX_IOERR);
    assert_string_equal(fail_call_stop(), "renameat");
    read_key(&after);
    assert_memory_equal(&after, &before, sizeof(before));

    assert_int_equal(owned_node_open(&node, house.dir, false, &err), EX_OK);
    read_key(&after);
    assert_int_equal(after.noise_secret[0], before.noise_secret[0] ^ 1);
    assert_memory_equal(after.seed, before.seed, sizeof(before.seed));
    assert_memory_equal(node.key, &after, sizeof(after));

    for (uint64_t at = 0; at < 2; at++) {
        fail_memory_after(at, false);
        fail_memory_in();
        enum status status = owned_node_keep_keys(node.core, node.dir_fd, &err);
        bool has_failed = fail_memory_stop();
        assert_int_equal(status, has_failed ? STATUS_NO_MEMORY : STATUS_OK);
        assert_int_equal(has_failed, at == 0);
    }
    is_renewed = false;
    owned_node_close(&node);
}

static void D4_a_key_that_is_there_is_not_written_over(void **state)
{
    struct node_key key, now;
    struct rng rng = rng_system();
    struct err err = {0};
    (void)state;
    make_node();
    read_key(&key);
    int fd = owned_node_dir(house.dir, NULL);
    assert_int_equal(node_key_create(&now, fd, &rng, &err), STATUS_EXISTS);
    assert_int_equal(node_key_keep(&key, fd, &err), STATUS_EXISTS);
    assert_non_null(strstr(err.text, "there is a node.key already"));
    /* What could be neither written nor closed is said once. */
    fail_call_for_good("fsync", 0, EIO);
    fail_call_beside("close");
    assert_int_equal(node_key_replace(&key, fd, &err), STATUS_IO);
    assert_non_null(fail_call_stop());
    read_key(&now);
    assert_memory_equal(&now, &key, sizeof(key));
    (void)close(fd);
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(temporary_files_lie_in_the_folder_of_the_database),
        A_TEST(D4_keys_that_the_store_has_committed_come_into_the_file),
        A_TEST(D4_a_key_that_is_there_is_not_written_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
